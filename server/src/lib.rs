//! Server.

pub mod assets;
