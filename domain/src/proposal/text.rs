//! A proposal as the text that is kept of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::command::undo::{kept_object, object_of};
use crate::id::AccountId;
use crate::model::object::{Object, ObjectKind, ObjectRef};
use crate::time::Timestamp;

use super::{Approval, Edit, Gate, Need, Passed, Proposal, ProposalKey, State};

/// An object as a field of a form names it.
#[must_use]
pub fn object_text(object: &ObjectRef) -> String {
    serde_json::to_string(object).unwrap_or_default()
}

/// The object that such a field names; `None` where it names none.
#[must_use]
pub fn object_of_text(text: &str) -> Option<ObjectRef> {
    serde_json::from_str(text).ok()
}

impl Proposal {
    /// The text that is kept.
    ///
    /// # Errors
    /// Never in practice: every object has a form in JSON.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        let edits = self.edits.iter().map(|(reference, edit)| {
            Ok(KeptEdit {
                object: reference.clone(),
                base: side(edit.base.as_ref())?,
                draft: side(edit.draft.as_ref())?,
            })
        });
        serde_json::to_string(&Kept {
            key: self.key,
            title: self.title.clone(),
            reason: self.reason.clone(),
            requester: self.requester.clone(),
            made_at: self.made_at,
            edits: edits.collect::<Result<_, serde_json::Error>>()?,
            gates: self.gates.clone(),
            approvals: self.approvals.iter().map(|(need, it)| (need.clone(), it.clone())).collect(),
            state: self.state.clone(),
        })
    }

    /// The proposal in a text that was kept.
    ///
    /// # Errors
    /// The text is not one that [`Self::to_text`] wrote.
    pub fn from_text(text: &str) -> Result<Self, serde_json::Error> {
        let kept: Kept = serde_json::from_str(text)?;
        let edit = |it: KeptEdit| {
            let side = |side: Option<(ObjectKind, Value)>| side.map(|(kind, value)| object_of(kind, value)).transpose();
            Ok((it.object, Edit { base: side(it.base)?, draft: side(it.draft)? }))
        };
        Ok(Self {
            key: kept.key,
            title: kept.title,
            reason: kept.reason,
            requester: kept.requester,
            made_at: kept.made_at,
            edits: kept.edits.into_iter().map(edit).collect::<Result<_, serde_json::Error>>()?,
            gates: kept.gates,
            approvals: kept.approvals.into_iter().collect(),
            state: kept.state,
        })
    }
}

fn side(object: Option<&Object>) -> Result<Option<(ObjectKind, Value)>, serde_json::Error> {
    object.map(kept_object).transpose()
}

#[derive(Serialize, Deserialize)]
struct Kept {
    key: ProposalKey,
    title: String,
    reason: String,
    requester: AccountId,
    made_at: Timestamp,
    edits: Vec<KeptEdit>,
    gates: BTreeMap<Gate, Passed>,
    approvals: Vec<(Need, Approval)>,
    state: State,
}

#[derive(Serialize, Deserialize)]
struct KeptEdit {
    object: ObjectRef,
    base: Option<(ObjectKind, Value)>,
    draft: Option<(ObjectKind, Value)>,
}
