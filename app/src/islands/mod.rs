//! The parts that run in the browser. Each adds to markup that works without it, and holds no data of its own.

pub mod map;
pub mod meeting;
pub mod rows;
pub mod setup_token;
pub mod triage;
