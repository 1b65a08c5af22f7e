//! `plumbline recognise`: which fields of a document carry payment data.

use domain::import::Limits;
use domain::import::names::Confidence;
use domain::import::recogniser::{self, report};

use super::files::{contents, print};
use super::{Failure, Streams};
use crate::config::Accept;
use crate::config::engine::{RecogniseOptions, ReportFormat};

/// Prints the fields of a file that seem to be payment data. Nothing is stored.
pub(super) fn recognise(options: &RecogniseOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let (name, bytes) = contents(&options.file, streams.input)?;
    let recognition = recogniser::recognise(&name, &bytes, &Limits::command_line())
        .map_err(|rejection| Failure::usage(rejection.to_string()))?;
    drop(bytes);
    let accept = options.accept.map(|Accept::High| Confidence::High);
    print(
        streams.output,
        &match options.format {
            ReportFormat::Json => report::json(&recognition, accept),
            ReportFormat::Table => report::table(&recognition, accept),
        },
    )
}
