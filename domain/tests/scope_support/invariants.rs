//! What holds for every model whatever its keys, its order in a file and the forms that nobody stated.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::export::model_file::to_json;
use domain::id::{FlowId, SystemId};
use domain::model::Model;
use domain::model::element::Form;
use domain::model::reader::read_json;
use domain::model::system::{Capability, CopyOf, ManageTarget, System};
use domain::scope::delta::delta;
use domain::scope::verdict::Scope;
use domain::scope::ways::Ways;
use domain::scope::{compute, report};
use domain::time::Day;
use proptest::prelude::*;
use serde_json::Value;

use super::models;
use crate::{change_some_system, never_lower, path};

/// The same model with other keys for its systems and flows: the n-th key becomes the n-th name.
struct Renaming {
    systems: BTreeMap<SystemId, SystemId>,
    flows: BTreeMap<FlowId, FlowId>,
}

impl Renaming {
    fn new(model: &Model, name: impl Fn(usize) -> String) -> Self {
        let systems = model.systems.keys().enumerate().map(|(at, id)| (id.clone(), name(at).as_str().into()));
        let flows = model.flows.keys().enumerate().map(|(at, id)| (id.clone(), name(at).as_str().into()));
        Self { systems: systems.collect(), flows: flows.collect() }
    }

    /// What the model does not have keeps its key.
    fn system(&self, id: &SystemId) -> SystemId {
        self.systems.get(id).unwrap_or(id).clone()
    }

    fn apply(&self, model: &Model) -> Model {
        let mut renamed = model.clone();
        renamed.systems = model.systems.values().map(|it| self.of_system(it)).map(|it| (it.id.clone(), it)).collect();
        renamed.flows.clear();
        for flow in model.flows.values() {
            let mut flow = (**flow).clone();
            flow.id = self.flows[&flow.id].clone();
            (flow.from, flow.to) = (self.system(&flow.from), self.system(&flow.to));
            for via in &mut flow.via {
                via.node = self.system(&via.node);
            }
            renamed.flows.insert(flow.id.clone(), Arc::new(flow));
        }
        for key in renamed.keys.values_mut() {
            let key = Arc::make_mut(key);
            key.holders = key.holders.iter().map(|id| self.system(id)).collect();
        }
        renamed
    }

    fn of_system(&self, system: &System) -> Arc<System> {
        let mut system = system.clone();
        system.id = self.system(&system.id);
        for copy in &mut system.copies {
            copy.from = self.system(&copy.from);
        }
        for relation in &mut system.manages {
            if let ManageTarget::System(target) = &mut relation.target {
                *target = self.system(target);
            }
        }
        Arc::new(system)
    }
}

/// The lists of a file in another order. Decisions stay as they are: the order of those on one system counts.
fn reordered(text: &str, order: &[usize]) -> String {
    let mut file: Value = serde_json::from_str(text).unwrap();
    for (list, objects) in file.as_object_mut().unwrap() {
        if let (Some(objects), true) = (objects.as_array_mut(), list != "overrides") {
            let mut keyed: Vec<(usize, Value)> =
                objects.drain(..).enumerate().map(|(at, object)| (order[at % order.len()], object)).collect();
            keyed.sort_by_key(|(key, _)| *key);
            objects.extend(keyed.into_iter().map(|(_, object)| object));
        }
    }
    file.to_string()
}

fn same_but_for_ties(renaming: &Renaming, model: &Model, before: &Scope, after: &Scope) -> Result<(), TestCaseError> {
    let (ways, ways_now) = (Ways::of(model, before), Ways::of(&renaming.apply(model), after));
    prop_assert_eq!(before.saq_hint, after.saq_hint);
    for (id, verdict) in &before.systems {
        let now = &after.systems[&renaming.system(id)];
        prop_assert_eq!(verdict.category, now.category, "{:?}", id);
        prop_assert_eq!((verdict.sub, verdict.opst, verdict.rule), (now.sub, now.opst, now.rule), "{:?}", id);
        prop_assert_eq!(&verdict.flags, &now.flags, "{:?}", id);
        prop_assert_eq!((verdict.reasons, &verdict.other_reasons), (now.reasons, &now.other_reasons), "{:?}", id);
        prop_assert_eq!(verdict.witness.len(), now.witness.len(), "{:?}", id);
        let (way, way_now) = (ways.way(id), ways_now.way(&renaming.system(id)));
        prop_assert_eq!(way.len(), way_now.len(), "{:?}", id);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_the_objects_in_a_file_never_matters(
        mut model in models::model_with_decisions(),
        order in Just((0..14).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        // A flow without a key is known by its place in the file.
        model.flows.remove("");
        let file = to_json(&model);
        let (one, _) = read_json(file.as_bytes()).unwrap();
        let (other, _) = read_json(reordered(&file, &order).as_bytes()).unwrap();
        prop_assert_eq!(&one, &other);
        let text = |model: &Model| report::json(model, &compute(model), &[]);
        prop_assert_eq!(text(&one), text(&other));
    }

    /// Where several proofs are equally short, the one with the smaller keys is shown, so a new key may show another
    /// one of the same length; nothing else depends on keys.
    #[test]
    fn other_keys_give_the_same_verdicts(
        model in models::model(),
        order in Just((0..14).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        let renaming = Renaming::new(&model, |at| format!("k{:02}", order[at]));
        same_but_for_ties(&renaming, &model, &compute(&model), &compute(&renaming.apply(&model)))?;
    }

    #[test]
    fn other_keys_in_the_same_order_give_the_same_proofs(model in models::model()) {
        let renaming = Renaming::new(&model, |at| format!("k{at:02}"));
        let (before, after) = (compute(&model), compute(&renaming.apply(&model)));
        same_but_for_ties(&renaming, &model, &before, &after)?;
        for (id, verdict) in &before.systems {
            let renamed = verdict.witness.iter().map(|id| renaming.system(id)).collect::<Vec<_>>();
            prop_assert_eq!(renamed, after.systems[&renaming.system(id)].witness.to_vec());
        }
    }

    #[test]
    fn computing_again_changes_nothing(model in models::model_with_decisions(), day in 20_400..20_600) {
        let judged = model.as_of(Day(day));
        prop_assert_eq!(&judged.as_of(Day(day)), &judged);
        let (scope, again) = (compute(&judged), compute(&judged));
        prop_assert_eq!(&scope, &again);
        prop_assert_eq!(delta((&judged, &scope), (&judged, &again)), []);
    }

    #[test]
    fn a_form_that_nobody_knows_gives_no_smaller_scope_than_any_other(
        model in models::model(), place in 0_usize..9, mut holding in models::holding(),
    ) {
        let stated = change_some_system(&model, place, |system| system.holdings.push(holding.clone()));
        holding.form = Form::Unknown;
        let unknown = change_some_system(&model, place, |system| system.holdings.push(holding));
        never_lower(&compute(&stated), &compute(&unknown))?;
    }

    #[test]
    fn a_form_on_a_flow_that_nobody_knows_gives_no_smaller_scope_than_any_other(
        model in models::model(), mut flow in models::flow(), mut holding in models::holding(),
    ) {
        let with = |flow: &domain::model::flow::Flow| {
            let mut model = model.clone();
            model.flows.insert(flow.id.clone(), Arc::new(flow.clone()));
            compute(&model)
        };
        flow.id = "one more".into();
        flow.fields.push(holding.clone());
        let stated = with(&flow);
        flow.fields.pop();
        holding.form = Form::Unknown;
        flow.fields.push(holding);
        never_lower(&stated, &with(&flow))?;
    }

    #[test]
    fn adding_a_system_never_lowers_a_category(model in models::model(), system in models::system()) {
        let mut more = model.clone();
        for id in ["one more", "Z", "é"] {
            let mut system = system.clone();
            system.id = id.into();
            more.systems.entry(system.id.clone()).or_insert_with(|| Arc::new(system));
        }
        never_lower(&compute(&model), &compute(&more))?;
    }

    #[test]
    fn adding_a_copy_or_a_capability_never_lowers_a_category(
        model in models::model(), place in 0_usize..9, from in 0_usize..9, other in models::system(),
    ) {
        let before = compute(&model);
        let from = model.systems.keys().nth(from % model.systems.len()).unwrap().clone();
        let copying = CopyOf { from, encrypt_key: None };
        let more = change_some_system(&model, place, |system| system.copies.push(copying));
        never_lower(&before, &compute(&more))?;
        let capabilities: Vec<Capability> = other.capabilities;
        let more = change_some_system(&model, place, |system| system.capabilities.extend(capabilities));
        never_lower(&before, &compute(&more))?;
    }
}

proptest! {
    // Each case computes the scope once for every flow.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn removing_any_flow_of_a_witness_changes_it_or_the_category(model in models::model_with_decisions()) {
        let scope = compute(&model);
        for flow in model.flows.keys() {
            let mut less = model.clone();
            less.flows.remove(flow);
            let now = compute(&less);
            for (id, verdict) in &scope.systems {
                let by_flow = |step: &domain::scope::verdict::Step| {
                    use domain::scope::verdict::Rule::{AUnrestricted, CDirect, CRelay, CVia};
                    matches!(step.rule, AUnrestricted | CDirect | CVia | CRelay) && step.edge == flow.as_str()
                };
                if verdict.steps.iter().any(by_flow) {
                    let after = &now.systems[id];
                    prop_assert!(after.category != verdict.category || path(after) != path(verdict), "{:?}", id);
                }
            }
        }
    }
}
