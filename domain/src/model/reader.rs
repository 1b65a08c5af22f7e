//! Reads a model file: the shapes become a [`Model`], and what does not fit becomes a list of gaps.
//!
//! Gaps never stop the engine. An import asks for a file without gaps of the kinds that lose something;
//! [`Gap::refuses_import`] says which.

mod convert;
mod gap;

pub use gap::{Gap, GapKind};

use super::Model;
use super::file::ModelFile;

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
/// The text is no JSON of the schema: bad syntax, a wrong type, or a value outside a closed list.
pub fn read_json(text: &[u8]) -> Result<(Model, Vec<Gap>), ReadError> {
    let file: ModelFile = serde_json::from_slice(text).map_err(|error| ReadError {
        line: error.line(),
        column: error.column(),
        message: message_without_place(&error.to_string()),
    })?;
    Ok(from_file(file))
}

/// Reads a model in YAML.
///
/// # Errors
/// As [`read_json`].
pub fn read_yaml(text: &str) -> Result<(Model, Vec<Gap>), ReadError> {
    let file: ModelFile = serde_norway::from_str(text).map_err(|error| {
        let place = error.location();
        ReadError {
            line: place.as_ref().map_or(0, |it| it.line()),
            column: place.as_ref().map_or(0, |it| it.column()),
            message: message_without_place(&error.to_string()),
        }
    })?;
    Ok(from_file(file))
}

/// Turns the shapes of a file into a model.
#[must_use]
pub fn from_file(file: ModelFile) -> (Model, Vec<Gap>) {
    convert::Conversion::default().run(file)
}

/// The parsers append " at line 3 column 7"; the place is reported on its own.
fn message_without_place(message: &str) -> String {
    message.split(" at line ").next().unwrap_or(message).to_owned()
}
