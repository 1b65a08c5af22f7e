//! Tests that cross crates.
#![expect(clippy::unwrap_used, reason = "tests")]

mod asvs;
mod authz;
mod canary;
mod cli;
mod failure;
mod fuzz;
mod http;
mod operation;
mod store;
