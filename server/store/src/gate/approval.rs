//! Approving a decision: what no program does, and a person only shortly after proving who they are.

use domain::command::Command;
use domain::problem::Problem;

use super::{Gate, Permit};
use crate::account::standing::require_recent;
use crate::actor::Actor;
use crate::db::Tx;
use crate::error::Failure;

impl Gate {
    /// Refuses a command that approves something for an actor who may not. A file in which somebody approved a decision
    /// counts like the approval itself, or else whoever writes the file would decide who approved.
    pub(super) async fn may_approve(&self, tx: &mut Tx, permit: &Permit, command: &Command) -> Result<(), Failure> {
        let approvals = command.approvals();
        if approvals.is_empty() {
            return Ok(());
        }
        let model = self.store.copies().current(tx, permit).await?.model;
        let stands = |decision| model.overrides.get(decision).and_then(|it| it.approver.as_deref());
        if approvals.iter().all(|(decision, approver)| stands(decision) == Some(approver)) {
            return Ok(());
        }
        match self.actor {
            Actor::Token(_) | Actor::Reader(_) => Err(Failure::Denied(Problem::Forbidden)),
            Actor::Operator | Actor::Nobody | Actor::Account { .. } => {
                require_recent(tx, &self.actor, self.store.now()).await
            }
        }
    }
}
