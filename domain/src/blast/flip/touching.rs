//! Which changes touch the proof of a verdict: only such can flip it.

use std::collections::{BTreeMap, BTreeSet};

use crate::blast::edit::Edit;
use crate::blast::options;
use crate::blast::reduce::OptionSet;
use crate::id::{FlowId, SystemId};
use crate::model::Model;
use crate::model::relations::{Access, Channel};
use crate::model::system::ManageTarget;
use crate::scope::Scope;
use crate::scope::second::{Fact, witness_facts};

/// The options that touch the witness of the verdict on a system, by key.
pub(super) fn options(model: &Model, scope: &Scope, system: &SystemId) -> Vec<OptionSet> {
    let proof = Proof::of(model, scope, system);
    let proposed = options::generate(model, scope).into_iter().filter(|it| it.effects.iter().any(|it| proof.uses(it)));
    let mut found: BTreeMap<String, OptionSet> = proposed.map(|option| (option.id.clone(), option)).collect();
    for option in proof.own_options(model) {
        found.entry(option.id.clone()).or_insert(option);
    }
    found.into_values().collect()
}

/// What a proof names.
#[derive(Default)]
struct Proof {
    flows: BTreeSet<FlowId>,
    /// The systems on the way.
    systems: BTreeSet<SystemId>,
    /// The systems whose own record or copied stores bring the data.
    holders: BTreeSet<SystemId>,
    manages: BTreeSet<(SystemId, String)>,
    zone: bool,
}

impl Proof {
    fn of(model: &Model, scope: &Scope, system: &SystemId) -> Self {
        let mut proof = Self::default();
        proof.systems.extend(scope.systems.get(system).into_iter().flat_map(|it| it.witness.to_vec()));
        for fact in witness_facts(model, scope, system) {
            match fact {
                Fact::Flow(id) => {
                    proof.flows.insert(id);
                }
                Fact::Manages { manager, target, .. } => {
                    let target = match target {
                        ManageTarget::System(id) => id.to_string(),
                        ManageTarget::Segment(id) => format!("segment:{id}"),
                    };
                    proof.manages.insert((manager, target));
                }
                Fact::Copy { from, into } => proof.holders.extend([from, into]),
                Fact::Holding { system, .. } => {
                    proof.holders.insert(system);
                }
                Fact::Zone(_) => proof.zone = true,
                Fact::Key { .. } | Fact::Capability(_) | Fact::Page(_) | Fact::Decision(_) => {}
            }
        }
        proof
    }

    fn uses(&self, edit: &Edit) -> bool {
        match edit {
            Edit::DropField { flow, .. } | Edit::TokeniseFlow { flow, .. } | Edit::Block { flow } => {
                self.flows.contains(flow)
            }
            Edit::RemoveHolding { system, .. } => self.holders.contains(system),
            Edit::Segment { .. } => self.zone,
            Edit::Move { system, .. } => self.zone && self.systems.contains(system),
            Edit::RemoveManage { system, target } => self.manages.contains(&(system.clone(), target.clone())),
            Edit::AddControl { system, .. } => self.systems.contains(system),
            Edit::RevokeGrant { .. } | Edit::BindCredential { .. } | Edit::SplitCredential { .. } => false,
        }
    }

    /// Blocks and ends of management that a plan for the whole estate does not propose, such as towards a third party.
    fn own_options(&self, model: &Model) -> Vec<OptionSet> {
        let connects = |id: &&FlowId| {
            model.flows.get(*id).is_some_and(|flow| flow.access != Access::Blocked && flow.channel == Channel::Network)
        };
        let blocks = self.flows.iter().filter(connects).map(|flow| {
            let edit = Edit::Block { flow: flow.clone() };
            OptionSet { id: format!("block {flow}"), cost: edit.default_cost(), effects: vec![edit] }
        });
        let ends = self.manages.iter().map(|(system, target)| {
            let edit = Edit::RemoveManage { system: system.clone(), target: target.clone() };
            OptionSet { id: format!("stop {system} managing {target}"), cost: edit.default_cost(), effects: vec![edit] }
        });
        blocks.chain(ends).collect()
    }
}
