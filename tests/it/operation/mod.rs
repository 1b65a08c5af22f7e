//! The real program as a process of its own.

mod health;
mod process;
mod writers;
