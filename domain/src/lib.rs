//! The core.

pub mod layout;
pub mod scene;
