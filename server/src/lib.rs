//! The binary `plumbline`: configuration, command line, pages over HTTP, and the files that pages need.

pub mod archive;
pub mod assets;
pub mod cli;
pub mod clock;
pub mod compiler;
pub mod config;
pub mod digest;
pub mod drawn;
pub mod http;
pub mod mail;
pub mod metrics;
pub mod pack;
pub mod telemetry;
