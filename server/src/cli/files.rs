//! The files that commands are given: read with a limit, and with sentences that say where and what to correct.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use domain::model::Model;
use domain::model::reader::{Gap, read_json, read_yaml};

use super::{Failure, Streams};

/// The largest file that the command line takes, in bytes.
pub(super) const FILE_BYTES: u64 = 256 * 1024 * 1024;

/// What some editors put before a text in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A model file that was read.
pub(super) struct ModelFile {
    /// Its name, as sentences say it.
    pub(super) name: String,
    /// Its text.
    pub(super) bytes: Vec<u8>,
    pub(super) model: Model,
    /// What of it does not fit together.
    pub(super) gaps: Vec<Gap>,
}

/// Reads a model file.
pub(super) fn read_model(path: &Path, input: &mut dyn Read) -> Result<ModelFile, Failure> {
    let (name, bytes) = contents(path, input)?;
    let (model, gaps) = model(&name, &bytes)?;
    Ok(ModelFile { name, bytes, model, gaps })
}

/// Reads a model file for a command that does not list its gaps: where there are any, it says so.
pub(super) fn read_model_noting_gaps(path: &Path, streams: &mut Streams<'_>) -> Result<ModelFile, Failure> {
    let file = read_model(path, streams.input)?;
    if !file.gaps.is_empty() {
        let gaps = if file.gaps.len() == 1 { "one gap".to_owned() } else { format!("{} gaps", file.gaps.len()) };
        // What cannot be said here is still in the result of `plumbline scope`.
        let _ = writeln!(
            streams.errors,
            "{} has {gaps}, so the result may be incomplete. `plumbline scope` lists what does not fit together.",
            file.name
        );
    }
    Ok(file)
}

/// Refuses to read standard input for two files: the second would be empty.
pub(super) fn one_standard_input(paths: &[&Path]) -> Result<(), Failure> {
    if paths.iter().filter(|path| **path == Path::new("-")).count() > 1 {
        return Err(Failure::usage("Standard input can be read for one file only. Give the path of the others."));
    }
    Ok(())
}

/// Prints a result, with a line end at its end.
pub(super) fn print(output: &mut dyn Write, text: &str) -> Result<(), Failure> {
    output.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        output.write_all(b"\n")?;
    }
    Ok(output.flush()?)
}

/// The name and the bytes of a file; `-` is standard input.
pub(super) fn contents(path: &Path, input: &mut dyn Read) -> Result<(String, Vec<u8>), Failure> {
    let mut bytes = Vec::new();
    let (name, read) = if path == Path::new("-") {
        ("standard input".to_owned(), input.take(FILE_BYTES + 1).read_to_end(&mut bytes))
    } else {
        let name = path.display().to_string();
        let read = File::open(path).and_then(|file| file.take(FILE_BYTES + 1).read_to_end(&mut bytes));
        (name, read)
    };
    read.map_err(|error| Failure::usage(format!("{name} cannot be read: {}. {}", cause(&error), remedy(&error))))?;
    if bytes.len() as u64 > FILE_BYTES {
        return Err(Failure::usage(format!("{name} is larger than 256 MiB. Split it into smaller files.")));
    }
    Ok((name, bytes))
}

/// The name and the bytes of a file in JSON, without a byte order mark.
pub(super) fn json_contents(path: &Path, input: &mut dyn Read) -> Result<(String, Vec<u8>), Failure> {
    let (name, mut bytes) = contents(path, input)?;
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..BYTE_ORDER_MARK.len());
    }
    Ok((name, bytes))
}

/// A model in JSON or YAML, by its content: JSON of this schema always begins with a brace.
fn model(name: &str, bytes: &[u8]) -> Result<(Model, Vec<Gap>), Failure> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        Failure::usage(format!("{name}, line {line}: this is not UTF-8. Save the file as UTF-8 and try again."))
    })?;
    if text.trim().is_empty() {
        return Err(Failure::usage(format!("{name} is empty. Give a model file in JSON or YAML.")));
    }
    let read = if text.trim_start().starts_with('{') { read_json(bytes) } else { read_yaml(text) };
    read.map_err(|error| {
        let place = match (error.line, error.column) {
            (0, _) => String::new(),
            (line, 0) => format!(", line {line}"),
            (line, column) => format!(", line {line}, column {column}"),
        };
        Failure::usage(format!("{name}{place}: {}. Correct the file there and try again.", error.message))
    })
}

fn cause(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "this user may not read it".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "Check the path.",
        io::ErrorKind::PermissionDenied => "Give it to this user, or run the command as another.",
        io::ErrorKind::IsADirectory => "Give the path of a file in it.",
        _ => "Check the file and the disk.",
    }
}

/// The line, from 1, on which a member with this text as its value stands, counting from the first one: the place of an
/// object in a JSON file by its key. `None` where the text is written in another way.
pub(super) fn line_of_value(text: &[u8], member: &str, value: &str, occurrence: usize) -> Option<usize> {
    let (member, value) = (quoted(member), quoted(value));
    let places = find(text, &value).filter(|place| {
        let before = text[..*place].trim_ascii_end();
        before.strip_suffix(b":").is_some_and(|it| it.trim_ascii_end().ends_with(member.as_bytes()))
    });
    places.map(|place| line_at(text, place)).nth(occurrence)
}

/// The line, from 1, on which a member of this name stands. `None` where the name is written in another way.
pub(super) fn line_of_member(text: &[u8], member: &str) -> Option<usize> {
    let member = quoted(member);
    let is_name = |place: &usize| text[place + member.len()..].trim_ascii_start().starts_with(b":");
    find(text, &member).find(is_name).map(|place| line_at(text, place))
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text always has a form in JSON")
}

fn find<'a>(text: &'a [u8], wanted: &'a str) -> impl Iterator<Item = usize> + 'a {
    let wanted = wanted.as_bytes();
    text.windows(wanted.len()).enumerate().filter(move |(_, it)| *it == wanted).map(|(place, _)| place)
}

fn line_at(text: &[u8], place: usize) -> usize {
    text[..place].iter().filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] = b"[\n {\"name\": \"a\",\n  \"id\" :\n \"a\"},\n {\"id\":\"a\", \"cred:x\": 1}]";

    #[test]
    fn an_object_is_found_by_its_key_and_not_by_its_name() {
        assert_eq!(line_of_value(TEXT, "id", "a", 0), Some(4));
        assert_eq!(line_of_value(TEXT, "id", "a", 1), Some(5));
        assert_eq!(line_of_value(TEXT, "id", "b", 0), None);
    }

    #[test]
    fn a_member_is_found_by_its_name_and_not_by_a_value() {
        assert_eq!(line_of_member(TEXT, "cred:x"), Some(5));
        assert_eq!(line_of_member(TEXT, "a"), None);
    }
}
