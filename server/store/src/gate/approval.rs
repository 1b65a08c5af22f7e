//! Approving a decision, or confirming a flow in somebody's name: what no program does, and a person only shortly after
//! proving who they are.

use domain::command::Command;
use domain::confirmation::confirmations;
use domain::model::Model;
use domain::model::flow::Flow;
use domain::model::object::Object;
use domain::problem::Problem;

use super::{Gate, Permit};
use crate::account::standing::require_recent;
use crate::actor::Actor;
use crate::db::Tx;
use crate::error::Failure;

impl Gate {
    /// Refuses a command that approves something for an actor who may not. A file in which somebody approved a decision
    /// counts like the approval itself, or else whoever writes the file would decide who approved; so does one in which
    /// somebody confirmed a flow.
    pub(super) async fn may_approve(&self, tx: &mut Tx, permit: &Permit, command: &Command) -> Result<(), Failure> {
        let approvals = command.approvals();
        let confirmed: Vec<&Flow> = brought(command).into_iter().filter(|it| !confirmations(it).is_empty()).collect();
        if approvals.is_empty() && confirmed.is_empty() {
            return Ok(());
        }
        let model = self.store.copies().current(tx, permit).await?.model;
        let stands = |decision| model.overrides.get(decision).and_then(|it| it.approver.as_deref());
        let approved = approvals.iter().all(|(decision, approver)| stands(decision) == Some(approver));
        if approved && confirmed.iter().all(|flow| is_known(flow, &model)) {
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

/// The flows that a command brings as they should be from now on. What takes a change back brings nothing new.
fn brought(command: &Command) -> Vec<&Flow> {
    let objects: &[Object] = match command {
        Command::AddFlow(flow) | Command::EditFlow(flow, _) => return vec![flow],
        Command::Add(object) | Command::Edit(object, _) => std::slice::from_ref(object),
        Command::EditAll(objects, _) | Command::Import { objects, .. } => objects,
        _ => &[],
    };
    let mut flows = Vec::new();
    for object in objects {
        if let Object::Flow(flow) = object {
            flows.push(&**flow);
        }
    }
    flows
}

/// Whether everything that a flow says both ends said is kept already.
fn is_known(flow: &Flow, model: &Model) -> bool {
    let kept = model.flows.get(&flow.id).map(|it| confirmations(it)).unwrap_or_default();
    confirmations(flow).iter().all(|it| kept.contains(it))
}
