//! From a proposal to one change of the model, unless somebody else changed the same meanwhile.

use crate::command::Change;
use crate::model::Model;
use crate::model::object::{Object, ObjectRef};
use crate::problem::{FieldCode, Problem};
use crate::text::text_enum;

use super::{Edit, Proposal, ProposalKey};

/// An object that somebody changed after the proposal began to edit it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The object.
    pub object: ObjectRef,
    /// As it was when the edit began.
    pub base: Option<Object>,
    /// As the proposal has it.
    pub yours: Option<Object>,
    /// As it is by now.
    pub theirs: Option<Object>,
}

text_enum! {
    /// What holds where two changed the same.
    Choice {
        Yours = "yours": "As the proposal has it",
        Theirs = "theirs": "As it is by now",
    }
}

/// The edits of a proposal as a command carries them out: all or nothing, and on what they were made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// The proposal.
    pub key: ProposalKey,
    /// What it does, in the order in which nothing is left dangling.
    pub edits: Vec<(ObjectRef, Edit)>,
}

impl Merge {
    /// The change that it is on the model as it is now.
    ///
    /// # Errors
    /// `Conflict` where an object is neither as the edit found it nor as it would leave it, `Invalid` with the field
    /// `proposal` where something would refer to what goes.
    pub fn change(&self, live: &Model) -> Result<Change, Problem> {
        let mut change = Change::default();
        let mut after = live.clone();
        for (reference, edit) in &self.edits {
            let now = live.get(reference);
            if now == edit.draft {
                continue;
            }
            if now != edit.base {
                return Err(Problem::Conflict);
            }
            match &edit.draft {
                Some(object) => {
                    after.put(object.clone());
                    change.puts.push(object.clone());
                }
                None => {
                    after.remove(reference);
                    change.removals.push(reference.clone());
                }
            }
        }
        let still_used = |gone: &ObjectRef| after.referrers(gone).iter().any(|it| !it.by_name_only);
        if change.removals.iter().any(still_used) {
            return Err(Problem::field("proposal", FieldCode::StillUsed));
        }
        Ok(change)
    }
}

impl Proposal {
    /// What somebody else changed meanwhile in another way, in the order of the objects.
    #[must_use]
    pub fn clashes(&self, live: &Model) -> Vec<Clash> {
        let clash = |(object, edit): (&ObjectRef, &Edit)| {
            let theirs = live.get(object);
            (theirs != edit.base && theirs != edit.draft).then(|| Clash {
                object: object.clone(),
                base: edit.base.clone(),
                yours: edit.draft.clone(),
                theirs,
            })
        };
        self.edits.iter().filter_map(clash).collect()
    }

    /// The edits as a command.
    #[must_use]
    pub fn as_merge(&self) -> Merge {
        let edits = self.in_order().into_iter().map(|(object, edit)| (object.clone(), edit.clone()));
        Merge { key: self.key, edits: edits.collect() }
    }

    /// Decides what holds of an object: from now on the edit is one of the object as it is.
    pub(super) fn settle(&mut self, live: &Model, object: &ObjectRef, choice: Choice) -> Result<(), Problem> {
        let edit = self.edits.get_mut(object).ok_or(Problem::NotFound)?;
        edit.base = live.get(object);
        if choice == Choice::Theirs || edit.base == edit.draft {
            self.edits.remove(object);
        }
        Ok(())
    }
}
