//! What shows that something is as people say: evidence items, what assessors ask for, policies and trainings.
//!
//! An item keeps every version with the hash of its file, so that what was handed out once can always be told from what
//! there is now. Who audits asks in [`request`]s and is answered with items; an [`engagement`] says from when until when.

pub mod draft;
pub mod engagement;
pub mod file;
pub mod inbox;
pub mod index;
pub mod item;
pub mod media;
pub mod picture;
pub mod policy;
pub mod request;
pub mod requirement_list;
pub mod requirement_view;
pub mod training;

pub use crate::library::reference::EvidenceKey;
pub use index::Index;
pub use item::{Freshness, Item, Proves, Source, Version};
pub use request::{Request, RequestKey};
