//! `plumbline blast`: what is reached if something is hostile.

use domain::blast::{radius, report, table};
use domain::scope::compute;

use super::files::{print, read_model_noting_gaps};
use super::{Failure, Streams, near};
use crate::config::engine::{BlastOptions, ReportFormat};

/// Prints the blast radius of a start.
pub(super) fn blast(options: &BlastOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let file = read_model_noting_gaps(&options.model, streams)?;
    let blast = radius(&file.model, &compute(&file.model), &options.start)
        .map_err(|error| near::unknown(&file.name, &file.model, &error))?;
    print(
        streams.output,
        &match options.format {
            ReportFormat::Json => report::blast_json(&blast),
            ReportFormat::Table => table::blast_table(&file.model, &blast),
        },
    )
}
