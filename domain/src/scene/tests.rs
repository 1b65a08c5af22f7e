//! What a drawing promises, and the golden pictures.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;

mod fixtures;
mod golden;
mod promises;
mod stable;
