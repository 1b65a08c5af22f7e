//! People and teams of the model, with or without an account.

pub(super) mod detail;
pub(super) mod duties;
pub(super) mod edit;
pub(super) mod list;
