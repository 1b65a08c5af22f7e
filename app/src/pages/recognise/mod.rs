//! Specifications and samples: choosing one, looking at what was recognised, and deciding.

mod groups;
pub(super) mod preview;
pub(super) mod upload;
