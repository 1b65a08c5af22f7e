//! The sample estate.
