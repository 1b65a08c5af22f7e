//! What is asked of the entity, and what people say about each of it: requirements of standards and of frameworks of one's
//! own, their status, who is responsible, and eight controls on every integration.
//!
//! Titles are short and in our own words: the texts of standards belong to their publishers. A [`position`] is set by
//! people only, never by a rule; what speaks against it stands beside it. The [`controls`] matrix is derived from facts
//! of the model where it holds them, and unknown elsewhere.

pub mod approach;
pub mod catalogue;
pub mod controls;
pub mod framework;
pub mod position;
pub mod position_draft;
pub mod reference;
pub mod responsibility;

pub use catalogue::{Entry, entries, entry};
pub use framework::OwnFramework;
pub use position::{Position, Status};
pub use reference::{EvidenceKey, Framework, FrameworkKey, RequirementKey};
