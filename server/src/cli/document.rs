//! `plumbline compile-document`: data of a document on standard input, PDF on standard output. The server starts it as a
//! process of its own; nobody calls it by hand.

use std::io::Read as _;

use super::{Failure, Streams};
use crate::compiler::limit_this_process;

/// Makes a document within limits that hold for the rest of this process.
pub(super) fn compile(streams: &mut Streams<'_>) -> Result<(), Failure> {
    limit_this_process().map_err(|error| Failure::fault(format!("The limits could not be set: {error}.")))?;
    let mut data = Vec::new();
    let most = document::DATA_MAX as u64 + 1;
    let read = (&mut *streams.input).take(most).read_to_end(&mut data);
    read.map_err(|error| Failure::fault(format!("The data could not be read: {error}.")))?;
    let pdf = document::pdf(&data).map_err(|refused| Failure::fault(refused.to_string()))?;
    streams.output.write_all(&pdf)?;
    Ok(streams.output.flush()?)
}
