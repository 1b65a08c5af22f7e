//! Flows: the list, one flow, its form.

pub(super) mod detail;
pub(super) mod edit;
