//! Reads a model file: the shapes become a [`Model`], and what does not fit becomes a list of gaps.
//!
//! The file is read in one pass: each object is turned into its value as soon as it has been parsed, with its
//! texts borrowed from the file until then. Gaps never stop the engine. An import asks for a file without gaps of
//! the kinds that lose something; [`Gap::refuses_import`] says which.

mod conversion;
mod decisions;
mod flows;
mod gap;
mod gathered;
mod holdings;
mod network;
mod parties;
mod references;
mod secrets;
mod stream;
mod systems;
#[cfg(test)]
mod tests;
pub(crate) mod yaml;

pub use gap::{Gap, GapKind};
pub use stream::OBJECTS_MAX;

use serde::de::DeserializeSeed;

use super::Model;
use super::file::{DEPTH_MAX, ModelFile};
use conversion::Conversion;
use stream::WholeFile;

/// The largest file, in bytes.
pub const BYTES_MAX: usize = 1 << 30;

/// Why a text is no model file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct ReadError {
    /// The line, from 1; 0 where unknown.
    pub line: usize,
    /// The column, from 1; 0 where unknown.
    pub column: usize,
    /// What is wrong and what was expected.
    pub message: String,
}

/// Reads a model in JSON.
///
/// # Errors
/// The text is no JSON of the schema: bad syntax, a wrong type, a value outside a closed list, a member that
/// stands twice, or more than the bounds allow ([`BYTES_MAX`], [`OBJECTS_MAX`], [`DEPTH_MAX`], and for one text
/// [`TEXT_BYTES_MAX`](super::file::TEXT_BYTES_MAX)).
pub fn read_json(text: &[u8]) -> Result<(Model, Vec<Gap>), ReadError> {
    check_size(text.len())?;
    let text = std::str::from_utf8(text).map_err(|error| no_utf8(text, error.valid_up_to()))?;
    let mut conversion = Conversion::default();
    let mut parser = serde_json::Deserializer::from_str(text);
    let read = WholeFile(&mut conversion).deserialize(&mut parser).and_then(|()| parser.end());
    read.map_err(|error| ReadError {
        line: error.line(),
        column: error.column(),
        message: message_without_place(&error.to_string()),
    })?;
    Ok(conversion.finish())
}

/// Reads a model in YAML.
///
/// # Errors
/// As [`read_json`], and an anchor or an alias, which can describe more than any memory holds.
pub fn read_yaml(text: &str) -> Result<(Model, Vec<Gap>), ReadError> {
    check_size(text.len())?;
    yaml::check(text).map_err(|refused| match refused {
        yaml::Refused::Alias(line) => {
            ReadError { line, column: 0, message: "the file uses an anchor or alias (& or *)".to_owned() }
        }
        yaml::Refused::Depth(line) => {
            ReadError { line, column: 0, message: format!("brackets are nested more than {DEPTH_MAX} deep") }
        }
    })?;
    let mut conversion = Conversion::default();
    let parser = serde_norway::Deserializer::from_str(text);
    WholeFile(&mut conversion).deserialize(parser).map_err(|error| {
        let place = error.location();
        ReadError {
            line: place.as_ref().map_or(0, |it| it.line()),
            column: place.as_ref().map_or(0, |it| it.column()),
            message: message_without_place(&error.to_string()),
        }
    })?;
    Ok(conversion.finish())
}

/// Turns the shapes of a file into a model.
#[must_use]
pub fn from_file(file: ModelFile) -> (Model, Vec<Gap>) {
    let mut conversion = Conversion::default();
    stream::take_apart(file, &mut conversion);
    conversion.finish()
}

fn check_size(bytes: usize) -> Result<(), ReadError> {
    if bytes > BYTES_MAX {
        return Err(ReadError { line: 0, column: 0, message: "the file is larger than 1 GiB".to_owned() });
    }
    Ok(())
}

/// The place of the first byte that belongs to no character.
fn no_utf8(text: &[u8], at: usize) -> ReadError {
    let before = &text[..at];
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    ReadError {
        line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
        column: at - line_start + 1,
        message: "this is not UTF-8".to_owned(),
    }
}

/// The parsers append " at line 3 column 7"; the place is reported on its own.
fn message_without_place(message: &str) -> String {
    message.split(" at line ").next().unwrap_or(message).to_owned()
}
