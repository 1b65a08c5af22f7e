//! The life of a proposal: draft, review, merged or withdrawn, and what moves it.

use std::collections::BTreeMap;

use crate::command::{Change, Revision};
use crate::id::AccountId;
use crate::model::Model;
use crate::model::object::ObjectKind;
use crate::problem::{FieldCode, Problem};
use crate::role::{Capability, Role};
use crate::time::Timestamp;

use super::{Approval, Circle, Gate, Merge, Merged, Passed, Proposal, ProposalKey, State, Step, Wish};

/// Who acts on a proposal, when, and on what.
#[derive(Debug, Clone, Copy)]
pub struct Acting<'a> {
    /// Who.
    pub who: &'a AccountId,
    /// When.
    pub at: Timestamp,
    /// The model as it is.
    pub live: &'a Model,
    /// Who works in the workspace.
    pub circle: &'a Circle,
}

impl Acting<'_> {
    fn role(&self) -> Option<Role> {
        self.circle.members.get(self.who).copied()
    }
}

impl Proposal {
    /// A new one, with nothing in it.
    #[must_use]
    pub fn new(key: ProposalKey, wish: Wish, requester: AccountId, made_at: Timestamp) -> Self {
        Self {
            key,
            title: wish.title,
            reason: wish.reason,
            requester,
            made_at,
            edits: BTreeMap::new(),
            gates: BTreeMap::new(),
            approvals: BTreeMap::new(),
            state: State::Draft,
        }
    }

    /// The gates that nobody passed yet.
    pub fn open_gates(&self) -> impl Iterator<Item = Gate> {
        Gate::ALL.iter().copied().filter(|gate| !self.gates.contains_key(gate))
    }

    /// Takes in a change of the model as it would be. What was approved was something else, so every approval falls, and
    /// it is a draft again.
    ///
    /// # Errors
    /// `Forbidden` for everybody but the requester, `Invalid` with the field `proposal` where it is closed, would hold too
    /// much, or what the change touches is not for proposals.
    pub fn edit(&mut self, acting: &Acting<'_>, change: &Change) -> Result<(), Problem> {
        self.requested_by(acting.who)?;
        self.must_be_open()?;
        let puts = change.puts.iter().map(|object| object.reference().kind());
        let mut kinds = puts.chain(change.removals.iter().map(|object| object.kind()));
        if kinds.any(|kind| matches!(kind, ObjectKind::Person | ObjectKind::Settings | ObjectKind::Override)) {
            return Err(Problem::field("proposal", FieldCode::NotForProposals));
        }
        if change.is_empty() {
            return Ok(());
        }
        self.take_in(acting.live, change)?;
        self.begin_again();
        Ok(())
    }

    /// Does one step. `Merge` is done by [`Self::merge`] and [`Self::merged`], between which the model changes.
    ///
    /// # Errors
    /// `Forbidden` where it is not theirs to do; `Invalid` with the field `proposal`, `gate`, `need` or `result`.
    pub fn step(&mut self, acting: &Acting<'_>, step: Step) -> Result<(), Problem> {
        self.must_be_open()?;
        match step {
            Step::Submit => {
                self.requested_by(acting.who)?;
                if self.edits.is_empty() {
                    return Err(Problem::field("proposal", FieldCode::NothingInIt));
                }
                self.state = State::Review;
            }
            Step::Pass(gate, result) => {
                self.may_edit(acting)?;
                // A peer is somebody else, as long as there is anybody else.
                if gate == Gate::PeerReview && *acting.who == self.requester && !acting.circle.is_alone() {
                    return Err(Problem::field("gate", FieldCode::OwnProposal));
                }
                self.gates.insert(gate, Passed { by: acting.who.clone(), at: acting.at, result });
            }
            Step::Reopen(gate) => {
                self.may_edit(acting)?;
                self.gates.remove(&gate).ok_or(Problem::NotFound)?;
            }
            Step::Approve(need) => {
                if self.state != State::Review {
                    return Err(Problem::field("need", FieldCode::NotInReview));
                }
                if *acting.who == self.requester {
                    return Err(Problem::field("need", FieldCode::OwnProposal));
                }
                if !self.needs(acting.circle).contains(&need) {
                    return Err(Problem::field("need", FieldCode::NotInList));
                }
                if !self.who_may(&need, acting.live, acting.circle).contains(acting.who) {
                    return Err(Problem::Forbidden);
                }
                self.approvals.insert(need, Approval { by: acting.who.clone(), at: acting.at });
            }
            Step::Resolve(object, choice) => {
                self.requested_by(acting.who)?;
                self.settle(acting.live, &object, choice)?;
                self.begin_again();
            }
            Step::Drop(object) => {
                self.requested_by(acting.who)?;
                self.edits.remove(&object).ok_or(Problem::NotFound)?;
                self.begin_again();
            }
            Step::Withdraw => {
                let in_charge = matches!(acting.role(), Some(Role::Owner | Role::Admin));
                if !in_charge {
                    self.requested_by(acting.who)?;
                }
                self.state = State::Withdrawn;
            }
            Step::Merge => {
                self.merge(acting)?;
            }
        }
        Ok(())
    }

    /// The command that makes it live.
    ///
    /// # Errors
    /// `Forbidden` where they may not change the model; `Invalid` with the field `proposal` where it is not in review, a
    /// gate is open or an approval is missing; `Conflict` where somebody changed meanwhile what it edits.
    pub fn merge(&self, acting: &Acting<'_>) -> Result<Merge, Problem> {
        self.may_edit(acting)?;
        if self.state != State::Review {
            return Err(Problem::field("proposal", FieldCode::NotInReview));
        }
        if self.open_gates().next().is_some() {
            return Err(Problem::field("proposal", FieldCode::GateOpen));
        }
        if !self.open_needs(acting.circle).is_empty() {
            return Err(Problem::field("proposal", FieldCode::ApprovalMissing));
        }
        if !self.clashes(acting.live).is_empty() {
            return Err(Problem::Conflict);
        }
        let merge = self.as_merge();
        merge.change(acting.live)?;
        Ok(merge)
    }

    /// Notes that its edits are live.
    pub fn merged(&mut self, acting: &Acting<'_>, revision: Revision) {
        let four_eyes = self.approvals.values().any(|it| it.by != self.requester);
        self.state = State::Merged(Merged { by: acting.who.clone(), at: acting.at, revision, four_eyes });
    }

    /// What it holds is another thing now: approvals and the peer review were of what it held before.
    fn begin_again(&mut self) {
        self.approvals.clear();
        self.gates.remove(&Gate::PeerReview);
        self.state = State::Draft;
    }

    fn requested_by(&self, who: &AccountId) -> Result<(), Problem> {
        if *who == self.requester { Ok(()) } else { Err(Problem::Forbidden) }
    }

    fn may_edit(&self, acting: &Acting<'_>) -> Result<(), Problem> {
        if acting.role().is_some_and(|role| role.may(Capability::EditModel)) { Ok(()) } else { Err(Problem::Forbidden) }
    }

    fn must_be_open(&self) -> Result<(), Problem> {
        if self.state.is_open() { Ok(()) } else { Err(Problem::field("proposal", FieldCode::Closed)) }
    }
}
