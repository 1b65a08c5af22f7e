//! Which decisions about risks wait for somebody.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::table::Standings;
use crate::id::PersonId;
use crate::risk::acceptance::{AcceptanceKey, Current, State};
use crate::risk::record::{Risk, RiskKey, Stage};
use crate::risk::scheme::Level;
use crate::text::text_enum;

/// A decision about a risk that waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The risk.
    pub risk: RiskKey,
    /// The acceptance that it is about.
    pub acceptance: AcceptanceKey,
    /// What is to be done.
    pub kind: TaskKind,
    /// Where the acceptance stands.
    pub state: State,
    /// The level that is or was to be accepted; absent until it was put into review.
    pub level: Option<Level>,
    /// Who has it in hand, as far as it is somebody in particular: whoever answers for the risk, and whoever asked.
    pub who: Vec<PersonId>,
}

text_enum! {
    /// What is to be done about an acceptance.
    TaskKind {
        DecideAgain = "decide_again": "Decide again, or treat the risk",
        AskAgain = "ask_again": "Look at the facts and ask again, or withdraw",
        Approve = "approve": "Waits for approval",
        Renew = "renew": "Ends soon: renew it, or treat the risk",
    }
}

/// Where the acceptance of each risk stands that says most: one that is in force, or else the newest.
#[must_use]
pub fn standings(acceptances: &[Current]) -> Standings {
    let mut newest: BTreeMap<RiskKey, (bool, AcceptanceKey, State)> = BTreeMap::new();
    for Current { acceptance, standing } in acceptances {
        let Some(risk) = acceptance.content.risk else { continue };
        let says = (standing.state.is_in_force(), acceptance.key, standing.state);
        let held = newest.entry(risk).or_insert(says);
        if (held.0, held.1) < (says.0, says.1) {
            *held = says;
        }
    }
    newest.into_iter().map(|(risk, (.., state))| (risk, state)).collect()
}

/// What waits: for each open risk what its newest acceptance asks for, what nobody accepts any more first.
#[must_use]
pub fn tasks(risks: &BTreeMap<RiskKey, Arc<Risk>>, acceptances: &[Current]) -> Vec<Task> {
    let mut newest: BTreeMap<RiskKey, &Current> = BTreeMap::new();
    let mut in_force: BTreeMap<RiskKey, bool> = BTreeMap::new();
    for current in acceptances {
        let Some(risk) = current.acceptance.content.risk else { continue };
        let held = newest.entry(risk).or_insert(current);
        if held.acceptance.key < current.acceptance.key {
            *held = current;
        }
        *in_force.entry(risk).or_default() |= current.standing.state.is_in_force();
    }
    let open = |key: &RiskKey| risks.get(key).filter(|risk| risk.stage != Stage::Closed);
    let mut tasks: Vec<Task> = newest
        .into_iter()
        .filter_map(|(key, current)| {
            let risk = open(&key)?;
            let holds = in_force.get(&key).copied().unwrap_or_default();
            let kind = match current.standing.state {
                State::Lapsed | State::Expired | State::Revoked | State::Rejected if !holds => TaskKind::DecideAgain,
                State::Proposed => TaskKind::AskAgain,
                State::InReview => TaskKind::Approve,
                State::Expiring => TaskKind::Renew,
                _ => return None,
            };
            let who = risk.owner.iter().chain([&current.acceptance.requester]).cloned().collect();
            let (acceptance, state) = (current.acceptance.key, current.standing.state);
            Some(Task { risk: key, acceptance, kind, state, level: current.acceptance.level(), who })
        })
        .collect();
    tasks.sort_by_key(|task| (task.kind, task.risk));
    tasks
}
