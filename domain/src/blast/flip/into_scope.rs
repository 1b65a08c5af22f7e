//! Which single fact would bring a system into scope that is out of it?

use std::sync::Arc;

use serde::Serialize;

use crate::id::{FlowId, SystemId};
use crate::model::Model;
use crate::model::element::{Form, Holding, Op};
use crate::model::flow::Flow;
use crate::model::relations::{Access, Boundary, Initiator};
use crate::scope::explain::{Part, Sentence};
use crate::scope::reliance::{Pillar, reliance};
use crate::scope::verdict::{Category, Sub};
use crate::scope::{self, Scope};

/// How many connections of a system are tried.
const TRIED: usize = 24;

/// One fact that is not so today.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SingleFact {
    /// Something fails that keeps it out.
    Fails(Pillar),
    /// The sender of a flow, which handles card numbers, sends them along.
    CopiedField(FlowId),
    /// A system that it opens connections to passes access on.
    Relays(SystemId),
    /// It opens a connection to a CDE system to which it has none.
    Connection(SystemId),
}

/// A single fact that would bring a system into scope, and what it would be then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Intrusion {
    /// The fact.
    pub fact: SingleFact,
    /// What the system would be, by a full run of the engine.
    pub after: (Category, Option<Sub>),
}

/// The single facts that would bring a system of ours into scope, nearest first: what keeps it out and fails, what its
/// present connections could carry or lead to, and last a new connection. Empty where the system is not out of scope.
///
/// The model must be the one that the scope was computed from.
#[must_use]
pub fn into_scope(model: &Model, scope: &Scope, system: &SystemId) -> Vec<Intrusion> {
    let out = scope.systems.get(system).is_some_and(|it| it.category == Category::OutOfScope);
    if !out {
        return Vec::new();
    }
    let failing = reliance(model, scope, system)
        .into_iter()
        .filter_map(|it| Some(Intrusion { fact: SingleFact::Fails(it.on), after: it.otherwise? }));
    let mut found: Vec<Intrusion> = failing.collect();
    let mut tried = candidates(model, scope, system);
    tried.truncate(TRIED);
    found.extend(tried.into_iter().filter_map(|fact| confirmed(model, system, fact)));
    if found.is_empty() {
        let cde = scope.systems.iter().filter(|(_, it)| it.category == Category::Cde).map(|(id, _)| id);
        found.extend(cde.take(TRIED).find_map(|id| confirmed(model, system, SingleFact::Connection(id.clone()))));
    }
    found
}

fn confirmed(model: &Model, system: &SystemId, fact: SingleFact) -> Option<Intrusion> {
    let after = scope::compute(&fact.come_true(model, system)).systems.remove(system)?;
    after.category.in_scope().then_some(Intrusion { fact, after: (after.category, after.sub) })
}

/// What the present connections of a system could carry or lead to.
fn candidates(model: &Model, scope: &Scope, system: &SystemId) -> Vec<SingleFact> {
    let mut found = Vec::new();
    for flow in model.flows.values().filter(|flow| flow.access != Access::Blocked) {
        let other = match (flow.from == *system, flow.to == *system) {
            (true, false) => &flow.to,
            (false, true) => &flow.from,
            _ => continue,
        };
        let Some(verdict) = scope.systems.get(other) else { continue };
        let has_cards = matches!(verdict.sub, Some(Sub::Data | Sub::AccountData));
        if flow.from == *other && has_cards {
            found.push(SingleFact::CopiedField(flow.id.clone()));
        }
        let opens = flow.initiator == Initiator::Both || (flow.initiator == Initiator::From) == (flow.from == *system);
        let leads = matches!(verdict.category, Category::SecurityImpacting | Category::ConnectedTo);
        if opens && leads && model.systems.get(other).is_some_and(|it| it.boundary == Boundary::Own && !it.is_relay()) {
            found.push(SingleFact::Relays(other.clone()));
        }
    }
    found.sort();
    found.dedup();
    found
}

impl SingleFact {
    /// The model in which the fact is true.
    fn come_true(&self, model: &Model, system: &SystemId) -> Model {
        let mut changed = model.clone();
        match self {
            Self::Fails(pillar) => return pillar.knocked_out(model),
            Self::CopiedField(flow) => {
                if let Some(flow) = changed.flows.get_mut(flow) {
                    let field = Holding::new("pan".into(), Form::Clear, &[Op::Transmit]);
                    Arc::make_mut(flow).fields.push(field);
                }
            }
            Self::Relays(other) => {
                if let Some(other) = changed.systems.get_mut(other) {
                    Arc::make_mut(other).relay = Some(true);
                }
            }
            Self::Connection(with) => {
                let mut id = format!("{system} to {with}");
                while changed.flows.contains_key(id.as_str()) {
                    id.push('+');
                }
                let flow = Flow::new(FlowId::new(id), system.clone(), with.clone());
                changed.flows.insert(flow.id.clone(), Arc::new(flow));
            }
        }
        changed
    }
}

impl Intrusion {
    /// The fact and what follows, with the objects as links.
    #[must_use]
    pub fn sentence(&self, model: &Model, system: &SystemId) -> Sentence {
        let part = |id: &SystemId| {
            Part::System(id.clone(), model.systems.get(id).map_or_else(|| id.to_string(), |it| it.name.clone()))
        };
        let text = |words: &str| Part::Text(words.to_owned());
        let mut parts = match &self.fact {
            SingleFact::Fails(pillar) => vec![text("This would have to fail: "), text(&pillar.words(model))],
            SingleFact::CopiedField(id) => {
                let flow = model.flows.get(id).map(|it| it.name.clone()).filter(|name| !name.is_empty());
                let name = flow.unwrap_or_else(|| id.to_string());
                vec![text("The card number in clear would have to be on the flow "), Part::Flow(id.clone(), name)]
            }
            SingleFact::Relays(other) => vec![part(other), text(" would have to pass access on to what it reaches")],
            SingleFact::Connection(with) => {
                vec![part(system), text(" would have to open a connection to "), part(with)]
            }
        };
        parts.push(text(&format!(". Its category would then be: {}.", self.after.0.label())));
        Sentence(parts)
    }
}
