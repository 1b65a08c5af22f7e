//! What differs between two states of a model: the objects, the scope that follows, and the blast radii that follow.
//!
//! A delta is a value that can be kept: beside a save, a proposal, a review or a finding. [`report`] puts it into
//! words and files.

mod blast;
mod objects;
pub mod report;
pub mod rise;

use serde::{Deserialize, Serialize};

pub use blast::{BlastChange, BlastDelta, Few, Reach};
pub use objects::ObjectChange;

pub use crate::export::difference::{Change, FieldChange, PartChange};
pub use crate::scope::delta::CategoryChange;

use crate::model::Model;
use crate::scope::Scope;
use crate::scope::delta::delta as category_changes;
use crate::scope::verdict::SaqHint;

/// A model with the scope that was computed from it.
#[derive(Debug, Clone, Copy)]
pub struct State<'a> {
    /// The model.
    pub model: &'a Model,
    /// Its scope.
    pub scope: &'a Scope,
}

/// What differs between two states of a model. Equal models have an empty one; the same two models give the same one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delta {
    /// The objects that come, go or change, systems and flows first, then by key.
    pub objects: Vec<ObjectChange>,
    /// The systems whose category or finer category differs, by key, each with the reason.
    pub categories: Vec<CategoryChange>,
    /// The plausible questionnaire before and after, where it differs.
    pub saq_hint: Option<(SaqHint, SaqHint)>,
    /// The blast radii that differ.
    pub blast: BlastDelta,
}

impl Delta {
    /// What differs between the state before and the state after.
    #[must_use]
    pub fn between(before: State<'_>, after: State<'_>) -> Self {
        let objects = objects::changes(before.model, after.model);
        let categories = category_changes((before.model, before.scope), (after.model, after.scope));
        let hints = (before.scope.saq_hint, after.scope.saq_hint);
        let blast = BlastDelta::between(before, after, &objects, &categories, blast::WORK);
        Self { objects, categories, saq_hint: (hints.0 != hints.1).then_some(hints), blast }
    }

    /// Nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
            && self.categories.is_empty()
            && self.saq_hint.is_none()
            && self.blast.changes.is_empty()
    }
}

#[cfg(test)]
mod tests;
