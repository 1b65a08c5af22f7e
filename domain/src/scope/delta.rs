//! What a change does to the scope: which systems changed category, and why.

use super::explain::Sentence;
use super::verdict::{Category, Sub};
use crate::id::SystemId;

/// A system whose category is no longer what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryChange {
    /// The system.
    pub system: SystemId,
    /// Its name.
    pub name: String,
    /// The category before; `None` for a new system.
    pub before: Option<(Category, Option<Sub>)>,
    /// The category now; `None` for a system that is gone.
    pub after: Option<(Category, Option<Sub>)>,
    /// Why it is what it is now.
    pub because: Vec<Sentence>,
}
