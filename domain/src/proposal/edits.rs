//! What a proposal makes of the model, and how a change finds its way into it.

use crate::command::Change;
use crate::model::Model;
use crate::model::object::{Object, ObjectRef};
use crate::problem::{FieldCode, Problem};

use super::{EDITS_MAX, Edit, Proposal};

impl Proposal {
    /// The model as it would be. What somebody else changed meanwhile is as the proposal has it.
    #[must_use]
    pub fn drafted(&self, live: &Model) -> Model {
        let mut model = live.clone();
        for (reference, edit) in self.in_order() {
            match &edit.draft {
                Some(object) => model.put(object.clone()),
                None => model.remove(reference),
            }
        }
        model
    }

    /// Takes a change of the drafted model in. What comes back to where it began is no edit any more.
    ///
    /// # Errors
    /// `Invalid` where the proposal would touch too many objects.
    pub(super) fn take_in(&mut self, live: &Model, change: &Change) -> Result<(), Problem> {
        let mut edits = self.edits.clone();
        let puts = change.puts.iter().map(|object| (object.reference(), Some(object.clone())));
        for (reference, draft) in puts.chain(change.removals.iter().map(|it| (it.clone(), None))) {
            let base = edits.get(&reference).map_or_else(|| live.get(&reference), |edit| edit.base.clone());
            if base == draft {
                edits.remove(&reference);
            } else {
                edits.insert(reference, Edit { base, draft });
            }
        }
        if edits.len() > EDITS_MAX {
            return Err(Problem::field("proposal", FieldCode::TooMuch));
        }
        self.edits = edits;
        Ok(())
    }

    /// The edits in the order in which nothing is left dangling: what is put with what it refers to first, then what goes,
    /// with what refers to it first.
    pub(super) fn in_order(&self) -> Vec<(&ObjectRef, &Edit)> {
        let mut puts: Vec<_> = self.edits.iter().filter(|(_, edit)| edit.draft.is_some()).collect();
        let mut removals: Vec<_> = self.edits.iter().filter(|(_, edit)| edit.draft.is_none()).collect();
        puts.sort_by_key(|(reference, _)| reference.kind());
        removals.sort_by_key(|(reference, _)| std::cmp::Reverse(reference.kind()));
        puts.extend(removals);
        puts
    }

    /// The objects of an edit, both sides.
    pub(super) fn sides(edit: &Edit) -> impl Iterator<Item = &Object> {
        edit.base.iter().chain(&edit.draft)
    }
}
