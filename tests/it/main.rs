//! Tests that cross crates.
#![expect(clippy::unwrap_used, reason = "tests")]

mod store;
