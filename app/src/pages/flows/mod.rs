//! Flows: the list, one flow, its form.

mod confirming;
pub(super) mod detail;
pub(super) mod edit;
