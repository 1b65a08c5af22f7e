//! The store on both databases.

mod statements;
mod write_path;
