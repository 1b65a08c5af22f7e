//! Tests that cross crates.
#![expect(clippy::unwrap_used, reason = "tests")]

mod authz;
mod cli;
mod failure;
mod http;
mod operation;
mod store;
