//! Flows: the list, one flow, its form.

pub(super) mod detail;
pub(super) mod edit;
pub(super) mod list;
