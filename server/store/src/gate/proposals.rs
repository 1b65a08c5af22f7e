//! Proposals, behind the gate: who edits, who answers, and how they become live.

use std::sync::Arc;

use async_trait::async_trait;
use domain::backend::Estate;
use domain::backend::proposals::Proposals;
use domain::command::changed::Changed;
use domain::command::{Command, Receipt, Revision};
use domain::id::{AccountId, WorkspaceId};
use domain::model::Model;
use domain::model::object::ObjectRef;
use domain::moment::{Draft, Moment};
use domain::problem::Problem;
use domain::proposal::{Acting, Circle, Merge, Proposal, ProposalKey, Step, Wish};
use domain::role::Capability;
use domain::scope::delta::delta;
use serde_json::json;
use uuid::Uuid;

use super::{Gate, permit};
use crate::account::member;
use crate::account::standing::require_recent;
use crate::actor::Actor;
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, transact};
use crate::error::{Failure, StoreError};
use crate::execute::{self, Act, Written};
use crate::gate::Permit;
use crate::live;
use crate::model::party::people_of_accounts;
use crate::proposal::{self, Kept};

#[async_trait]
impl Proposals for Gate {
    async fn proposals(&self, workspace: &WorkspaceId) -> Result<Vec<Proposal>, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = self.reads(&mut tx, workspace).await?;
            let all = proposal::list(&mut tx, &permit).await?;
            tx.rollback().await?;
            Ok(all)
        };
        self.told(outcome.await, "proposal.list", workspace).await
    }

    async fn proposal(&self, workspace: &WorkspaceId, key: ProposalKey) -> Result<Proposal, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = self.reads(&mut tx, workspace).await?;
            let kept = found(proposal::one(&mut tx, &permit, key).await?)?;
            tx.rollback().await?;
            Ok(kept.proposal)
        };
        self.told(outcome.await, "proposal", workspace).await
    }

    async fn circle(&self, workspace: &WorkspaceId) -> Result<Circle, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = self.reads(&mut tx, workspace).await?;
            let circle = circle(&mut tx, &permit).await?;
            tx.rollback().await?;
            Ok(circle)
        };
        self.told(outcome.await, "proposal.circle", workspace).await
    }

    async fn estate_with(&self, workspace: &WorkspaceId, key: ProposalKey) -> Result<Arc<Estate>, Problem> {
        let outcome = self.read_drafted(workspace, key).await;
        self.told(outcome, "proposal.estate", workspace).await
    }

    async fn begin_proposal(&self, workspace: &WorkspaceId, wish: Wish) -> Result<ProposalKey, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_begin(tx, workspace, &wish));
        drop(turn);
        self.told(outcome, "proposal.begin", workspace).await
    }

    async fn save_to_proposal(
        &self,
        workspace: &WorkspaceId,
        key: ProposalKey,
        command: Command,
    ) -> Result<Receipt, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_save(tx, workspace, key, &command));
        drop(turn);
        self.told(outcome, "proposal.edit", workspace).await
    }

    async fn step_proposal(
        &self,
        workspace: &WorkspaceId,
        key: ProposalKey,
        step: Step,
    ) -> Result<Option<Receipt>, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_step(tx, workspace, key, &step));
        let outcome = outcome.map(|(id, written): (Uuid, Option<Written>)| {
            written.map(|written| {
                if let Some(live) = written.live {
                    self.store.copies().keep(id, live);
                }
                written.receipt
            })
        });
        drop(turn);
        self.told(outcome, step.name(), workspace).await
    }

    async fn protects_scope(&self, workspace: &WorkspaceId) -> Result<bool, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadWorking).await?;
            let protects = proposal::protects(&mut tx, &permit).await?;
            tx.rollback().await?;
            Ok(protects)
        };
        self.told(outcome.await, "workspace.protects_scope", workspace).await
    }

    async fn set_protects_scope(&self, workspace: &WorkspaceId, protects: bool) -> Result<(), Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_protect(tx, workspace, protects));
        drop(turn);
        self.told(outcome, "workspace.protect_scope", workspace).await
    }
}

impl Gate {
    async fn reads(&self, tx: &mut Tx, workspace: &WorkspaceId) -> Result<Permit, Failure> {
        permit(tx, &self.actor, workspace, self.today(), Capability::ReadProposals).await
    }

    async fn try_begin(&self, tx: &mut Tx, workspace: &WorkspaceId, wish: &Wish) -> Result<ProposalKey, Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::EditModel).await?;
        let begun = proposal::begin(tx, &permit, &self.actor, self.store.now(), wish.clone()).await?;
        let begun = begun.ok_or(Failure::Denied(Problem::Forbidden))?;
        let payload = Payload::with_personal(&json!({}), &[("title", &wish.title)])?;
        self.note_proposal(tx, &permit, "proposal.begin", begun.key, &payload).await?;
        Ok(begun.key)
    }

    async fn try_save(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        key: ProposalKey,
        command: &Command,
    ) -> Result<Receipt, Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), command.needs()).await?;
        let mut kept = found(proposal::one(tx, &permit, key).await?)?;
        let live = self.store.copies().current(tx, &permit).await?;
        let drafted = kept.proposal.drafted(&live.model);
        // Only the requester edits the draft, so nobody else can have changed what it holds already. Of everything else the
        // person saw the live object, which may be another one by now.
        let revision_of = |object: &ObjectRef| match kept.proposal.edits.get(object) {
            Some(edit) => edit.draft.as_ref().map(|_| Revision(0)),
            None => live.changed.get(object).copied(),
        };
        let (after, change) = drafted.apply(command, revision_of)?;
        let receipt = |scope_changes, objects| Receipt { revision: live.revision, scope_changes, objects };
        if change.is_empty() {
            return Ok(receipt(Vec::new(), 0));
        }
        execute::refuse_nul(&change)?;
        let (who, circle) = (self.person()?, circle(tx, &permit).await?);
        let acting = Acting { who, at: self.store.now(), live: &live.model, circle: &circle };
        kept.proposal.edit(&acting, &change)?;
        proposal::keep(tx, &permit, self.store.now(), &kept).await?;
        let payload = Payload::of_change(&drafted, &change, None)?;
        self.note_proposal(tx, &permit, "proposal.edit", key, &payload).await?;
        let earlier = live::judge(Arc::new(drafted), self.today()).await?;
        let later = live::judge(Arc::new(after), self.today()).await?;
        let moved = delta((&earlier.model, &earlier.scope), (&later.model, &later.scope));
        Ok(receipt(moved, change.puts.len() + change.removals.len()))
    }

    async fn try_step(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        key: ProposalKey,
        step: &Step,
    ) -> Result<(Uuid, Option<Written>), Failure> {
        let needs = match step {
            Step::Approve(_) => Capability::ReviewProposals,
            _ => Capability::EditModel,
        };
        let permit = permit(tx, &self.actor, workspace, self.today(), needs).await?;
        if matches!(step, Step::Approve(_) | Step::Merge) {
            require_recent(tx, &self.actor, self.store.now()).await?;
        }
        let mut kept = found(proposal::one(tx, &permit, key).await?)?;
        let live = self.store.copies().current(tx, &permit).await?;
        let (who, circle) = (self.person()?, circle(tx, &permit).await?);
        let acting = Acting { who, at: self.store.now(), live: &live.model, circle: &circle };
        let written = match step {
            Step::Merge => {
                let merge = kept.proposal.merge(&acting)?;
                Some(self.try_merge(tx, &permit, merge, &mut kept, &acting).await?)
            }
            step => {
                kept.proposal.step(&acting, step.clone())?;
                None
            }
        };
        proposal::keep(tx, &permit, self.store.now(), &kept).await?;
        let payload = said(step, &kept.proposal)?;
        self.note_proposal(tx, &permit, step.name(), key, &payload).await?;
        Ok((permit.workspace(), written))
    }

    /// Carries the edits out through the one write path, in the transaction that decided about them.
    async fn try_merge(
        &self,
        tx: &mut Tx,
        permit: &Permit,
        merge: Merge,
        kept: &mut Kept,
        acting: &Acting<'_>,
    ) -> Result<Written, Failure> {
        let act = Act { permit, actor: &self.actor, now: acting.at };
        let written = execute::execute(tx, &act, self.store.copies(), &Command::Merge(Box::new(merge))).await?;
        kept.proposal.merged(acting, written.receipt.revision);
        Ok(written)
    }

    async fn try_protect(&self, tx: &mut Tx, workspace: &WorkspaceId, protects: bool) -> Result<(), Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::ManageWorkspace).await?;
        if proposal::protects(tx, &permit).await? == protects {
            return Ok(());
        }
        proposal::protect(tx, &permit, protects).await?;
        let subject = Subject { kind: "workspace", key: permit.key().as_str(), revision: None };
        let (chain, payload) = (Chain::Workspace(&permit), Payload::plain(&json!({ "protects": protects })));
        let now = self.store.now();
        Ok(audit::append(tx, &chain, now, &self.actor, "workspace.protect_scope", Some(&subject), &payload).await?)
    }

    /// The person who acts: neither a program nor the operator asks, answers or merges.
    fn person(&self) -> Result<&AccountId, Failure> {
        match &self.actor {
            Actor::Account { id, .. } => Ok(id),
            Actor::Nobody | Actor::Token(_) | Actor::Reader(_) | Actor::Operator => {
                Err(Failure::Denied(Problem::Forbidden))
            }
        }
    }

    async fn note_proposal(
        &self,
        tx: &mut Tx,
        permit: &Permit,
        action: &str,
        key: ProposalKey,
        payload: &Payload,
    ) -> Result<(), StoreError> {
        let key = key.to_string();
        let subject = Subject { kind: "proposal", key: &key, revision: None };
        let chain = Chain::Workspace(permit);
        audit::append(tx, &chain, self.store.now(), &self.actor, action, Some(&subject), payload).await
    }

    async fn read_drafted(&self, workspace: &WorkspaceId, key: ProposalKey) -> Result<Arc<Estate>, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = self.reads(&mut tx, workspace).await?;
        let kept = found(proposal::one(&mut tx, &permit, key).await?)?;
        if !kept.proposal.state.is_open() {
            return Err(Problem::NotFound.into());
        }
        let live = self.store.copies().current(&mut tx, &permit).await?;
        tx.rollback().await?;
        let stored = Arc::new(kept.proposal.drafted(&live.model));
        let today = self.today();
        let judged = live::judge(Arc::clone(&stored), today).await?;
        let drafted = kept.proposal.edits.keys().map(|it| (it, live.revision));
        let known = live.changed.iter().map(|(object, revision)| (object, *revision)).chain(drafted);
        let changed: Changed = known
            .filter(|(object, _)| stored.get(object).is_some())
            .map(|(object, revision)| (object.clone(), revision))
            .collect();
        let draft = Draft {
            key,
            title: kept.proposal.title.clone(),
            edits: kept.proposal.edits.len(),
            own: self.person().is_ok_and(|it| *it == kept.proposal.requester),
        };
        let shown = |model: &Arc<Model>| match permit.entry().role.may(Capability::ReadAddresses) {
            true => Arc::clone(model),
            false => Arc::new(model.without_addresses()),
        };
        Ok(Arc::new(Estate {
            workspace: permit.entry().clone(),
            revision: live.revision,
            model: shown(&judged.model),
            stored: shown(&stored),
            scope: Arc::clone(&judged.scope),
            changed: Arc::new(changed),
            today,
            found: Arc::clone(&judged.found),
            moment: Moment::Drafted(draft),
        }))
    }
}

fn found(kept: Option<Kept>) -> Result<Kept, Failure> {
    kept.ok_or(Failure::Problem(Problem::NotFound))
}

/// Who works in the workspace.
pub(super) async fn circle(tx: &mut Tx, permit: &Permit) -> Result<Circle, StoreError> {
    let members = member::list(tx, permit).await?.into_iter().filter(|it| !it.disabled);
    let members = members.map(|it| (it.account, it.standing.role)).collect();
    Ok(Circle { members, accounts: people_of_accounts(tx, permit).await? })
}

/// What the trail keeps of a step.
fn said(step: &Step, proposal: &Proposal) -> Result<Payload, StoreError> {
    let state = proposal.state.label();
    match step {
        Step::Pass(gate, result) => Payload::with_personal(&json!({ "gate": gate }), &[("result", result)]),
        Step::Reopen(gate) => Ok(Payload::plain(&json!({ "gate": gate }))),
        Step::Approve(need) => Ok(Payload::plain(&json!({ "need": need.to_string() }))),
        Step::Resolve(object, choice) => {
            Ok(Payload::plain(&json!({ "kind": object.kind(), "key": object.key(), "choice": choice })))
        }
        Step::Drop(object) => Ok(Payload::plain(&json!({ "kind": object.kind(), "key": object.key() }))),
        Step::Submit | Step::Withdraw => Ok(Payload::plain(&json!({ "state": state }))),
        Step::Merge => {
            let four_eyes = matches!(&proposal.state, domain::proposal::State::Merged(it) if it.four_eyes);
            Ok(Payload::plain(&json!({ "state": state, "four_eyes": four_eyes })))
        }
    }
}
