//! Parsers that read what strangers send, fed with inputs that nobody wrote by hand. `make fuzz` runs each for longer.

pub mod files;
mod members;
mod requests;
mod texts;
mod trail;
