//! `plumbline diff`: what differs between two model files.

use domain::delta::{Delta, State, report};
use domain::scope::compute;

use super::files::{one_standard_input, print, read_model_noting_gaps};
use super::{Exit, Failure, Streams};
use crate::config::engine::{DiffOptions, ReportFormat};

/// Prints what differs.
pub(super) fn diff(options: &DiffOptions, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    one_standard_input(&[&options.before, &options.after])?;
    let before = read_model_noting_gaps(&options.before, streams)?;
    let after = read_model_noting_gaps(&options.after, streams)?;
    let scopes = (compute(&before.model), compute(&after.model));
    let delta = Delta::between(
        State { model: &before.model, scope: &scopes.0 },
        State { model: &after.model, scope: &scopes.1 },
    );
    let exit = if options.exit_code && !delta.is_empty() { Exit::Findings } else { Exit::Done };
    let text = match options.format {
        ReportFormat::Json => report::json(&delta),
        ReportFormat::Table => report::text(&delta),
    };
    match print(streams.output, &text) {
        // A reader that went away (`| head`) does not change what was found.
        Err(failure) if failure.exit != Exit::Done => Err(failure),
        _ => Ok(exit),
    }
}
