//! The model as files that other tools and the import read.

pub mod csv;
pub mod difference;
pub mod model_file;
pub mod xlsx;
