//! `plumbline scope`: the scope of a model file, without a database.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use domain::model::Model;
use domain::model::reader::{Gap, read_json, read_yaml};
use domain::scope::{compute, report};

use super::{Failure, Streams};
use crate::config::{ScopeFormat, ScopeOptions};

/// The largest file that the command line takes, in bytes.
pub(super) const FILE_BYTES: u64 = 256 * 1024 * 1024;

/// Prints the scope of a model file.
pub(super) fn scope(options: &ScopeOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let (name, bytes) = contents(&options.model, streams.input)?;
    let (model, gaps) = model(&name, &bytes)?;
    let scope = compute(&model);
    let text = match options.format {
        ScopeFormat::Json => report::json(&model, &scope, &gaps),
        ScopeFormat::Table => report::table(&model, &scope, &gaps),
    };
    streams.output.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        streams.output.write_all(b"\n")?;
    }
    Ok(streams.output.flush()?)
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

/// A model in JSON or YAML, by its content: JSON of this schema always begins with a brace.
fn model(name: &str, bytes: &[u8]) -> Result<(Model, Vec<Gap>), Failure> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
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
