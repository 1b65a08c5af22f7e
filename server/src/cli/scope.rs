//! `plumbline scope`: the scope of a model file, without a database.

use std::io::{BufWriter, Write as _};

use domain::scope::{compute, report};

use super::files::{print, read_model};
use super::{Failure, Streams};
use crate::config::engine::{ReportFormat, ScopeOptions};

/// So much is collected before it is written, in bytes. A large scope is never held as one text.
const BUFFER: usize = 256 * 1024;

/// Prints the scope of a model file.
pub(super) fn scope(options: &ScopeOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let file = read_model(&options.model, streams.input)?;
    let scope = compute(&file.model);
    match options.format {
        ReportFormat::Json => {
            let mut output = BufWriter::with_capacity(BUFFER, &mut *streams.output);
            report::write_json(&mut output, &file.model, &scope, &file.gaps)?;
            output.flush()?;
        }
        ReportFormat::Table => print(streams.output, &report::table(&file.model, &scope, &file.gaps))?,
    }
    // The process ends here, which frees a large model at once; piece by piece it takes longer than the printing.
    std::mem::forget((file, scope));
    Ok(())
}
