//! `plumbline scope`: the scope of a model file, without a database.

use domain::scope::{compute, report};

use super::files::{print, read_model};
use super::{Failure, Streams};
use crate::config::engine::{ReportFormat, ScopeOptions};

/// Prints the scope of a model file.
pub(super) fn scope(options: &ScopeOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let file = read_model(&options.model, streams.input)?;
    let scope = compute(&file.model);
    print(
        streams.output,
        &match options.format {
            ReportFormat::Json => report::json(&file.model, &scope, &file.gaps),
            ReportFormat::Table => report::table(&file.model, &scope, &file.gaps),
        },
    )
}
