//! What holds for the proofs of every model: each witness replays on its own facts, a second proof shares nothing with
//! the first, what every proof rests on carries the verdict, and dates change nothing before they say so.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "scope_support/models.rs"]
#[expect(dead_code, reason = "shared with the other properties of the scope")]
mod models;

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::id::{FlowId, SystemId};
use domain::model::Model;
use domain::model::system::{ManageTarget, Manages};
use domain::scope::compute;
use domain::scope::explain::{Part, explain};
use domain::scope::next_change::next_change;
use domain::scope::reliance::{reliance, reliances};
use domain::scope::second::{Fact, Second, second, witness_facts};
use domain::scope::verdict::{Category, Label, Rule, Scope, Verdict};
use domain::time::Day;
use proptest::prelude::*;

/// What a witness and the sentences about its first system name.
#[derive(Default)]
struct Named {
    systems: BTreeSet<SystemId>,
    flows: BTreeSet<FlowId>,
    manages: BTreeSet<(SystemId, Manages)>,
}

/// What the proof of a verdict names: the steps of the witness, and how the data of its first system arrives there.
fn named(model: &Model, scope: &Scope, verdict: &Verdict) -> Named {
    let mut named = Named::default();
    let (systems, steps) = (verdict.witness.to_vec(), verdict.steps.to_vec());
    named.systems.extend(systems.iter().cloned());
    for (pair, step) in systems.windows(2).zip(steps.iter().skip(1)) {
        match step.rule {
            Rule::AZone | Rule::CZone => {}
            Rule::IManages | Rule::IManagesIndirect => {
                let segment = &model.systems[&pair[0]].segment;
                let relations = model.systems[&pair[1]].manages.iter().filter(|it| it.how.as_str() == step.edge);
                let hits = relations.filter(|it| match &it.target {
                    ManageTarget::System(target) => *target == pair[0],
                    ManageTarget::Segment(target) => segment.as_ref() == Some(target),
                });
                named.manages.extend(hits.map(|it| (pair[1].clone(), it.clone())));
            }
            _ => {
                let flow = &model.flows[step.edge.as_str()];
                named.flows.insert(flow.id.clone());
                named.systems.extend([flow.from.clone(), flow.to.clone()]);
            }
        }
    }
    if let Some(seed) = systems.first() {
        for part in explain(model, scope, seed).into_iter().flat_map(|sentence| sentence.0) {
            match part {
                Part::System(id, _) => drop(named.systems.insert(id)),
                Part::Flow(id, _) => drop(named.flows.insert(id)),
                Part::Text(_) => {}
            }
        }
    }
    named
}

/// The model with nothing but what the proof names, and with the keys and segments, which connect nobody by themselves.
fn cut_down(model: &Model, named: &Named) -> Model {
    let mut cut = model.clone();
    cut.flows.retain(|id, _| named.flows.contains(id));
    let ends: BTreeSet<SystemId> = cut.flows.values().flat_map(|it| [it.from.clone(), it.to.clone()]).collect();
    let holders: BTreeSet<SystemId> = model.keys.values().flat_map(|key| key.holders.iter().cloned()).collect();
    cut.systems.retain(|id, _| named.systems.contains(id) || ends.contains(id) || holders.contains(id));
    for (id, system) in &mut cut.systems {
        let system = Arc::make_mut(system);
        system.manages.retain(|it| named.manages.contains(&(id.clone(), it.clone())));
        system.copies.retain(|it| named.systems.contains(&it.from) && named.systems.contains(id));
        if !named.systems.contains(id) {
            system.holdings.clear();
        }
    }
    cut.overrides.retain(|key, _| named.systems.contains(&key.system));
    cut
}

fn label(verdict: &Verdict) -> Option<Label> {
    verdict.steps.last().map(|step| step.label)
}

/// As strong as this label or stronger.
fn reaches(verdict: Option<&Verdict>, least: Label) -> bool {
    let stronger = |shown: Label| match least {
        Label::In | Label::Conn => true,
        least => shown <= least,
    };
    verdict.and_then(label).is_some_and(stronger)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_witness_replays_on_a_model_of_its_own_facts(model in models::model()) {
        let scope = compute(&model);
        for (id, verdict) in scope.systems.iter().filter(|(_, it)| !it.steps.is_empty()) {
            let now = compute(&cut_down(&model, &named(&model, &scope, verdict))).systems.get(id).cloned();
            let holds = |now: Option<&Verdict>| match verdict.category {
                Category::ThirdParty => now.is_some_and(|now| now.sub == verdict.sub),
                _ => reaches(now, label(verdict).unwrap()),
            };
            prop_assert!(holds(now.as_ref()), "{:?}: {:?} {:?}", id, verdict, now);
        }
    }

    #[test]
    fn taking_proof_after_proof_away_ends_out_of_scope(model in models::model()) {
        let scope = compute(&model);
        let most = 40 + model.flows.len() + model.systems.len() * 8;
        for id in scope.systems.iter().filter(|(_, it)| it.category.in_scope()).map(|(id, _)| id) {
            let mut less = model.clone();
            less.links.clear();
            less.settings.strict_flat = false;
            less.segments.values_mut().for_each(|it| Arc::make_mut(it).microsegmented = true);
            for taken in 0.. {
                prop_assert!(taken < most, "{:?} never leaves", id);
                let now = compute(&less);
                if !now.systems[id].category.in_scope() {
                    break;
                }
                let facts = witness_facts(&less, &now, id);
                prop_assert!(!facts.is_empty(), "{:?} is in scope without a fact: {:?}", id, now.systems[id]);
                for fact in &facts {
                    less = fact.without(&less).unwrap();
                }
            }
        }
    }

    #[test]
    fn a_second_proof_holds_without_every_fact_of_the_first(model in models::model()) {
        let scope = compute(&model);
        for (id, verdict) in &scope.systems {
            let Second::Found { proof, shared_start } = second(&model, &scope, id) else { continue };
            prop_assert_eq!(proof.systems.len(), proof.steps.len());
            prop_assert_eq!(proof.systems.last(), Some(id));
            prop_assert_eq!(proof.steps.last().map(|step| step.label), label(verdict));
            let told = second(&model, &scope, id).sentences(&model, &scope, id);
            prop_assert!(told.len() > proof.systems.len(), "{:?}", told);
            let mut less = model.clone();
            let facts = witness_facts(&model, &scope, id);
            if facts.iter().any(|fact| matches!(fact, Fact::Zone(_) | Fact::Key { .. })) {
                continue;
            }
            for fact in facts.difference(&shared_start) {
                less = fact.without(&less).unwrap();
            }
            let now = compute(&less);
            prop_assert!(reaches(now.systems.get(id), label(verdict).unwrap()), "{:?}: {:?} {:?}", id, facts, proof);
        }
    }

    #[test]
    fn without_a_fact_that_every_proof_rests_on_the_label_is_gone(model in models::model()) {
        let scope = compute(&model);
        for (id, verdict) in &scope.systems {
            let found = second(&model, &scope, id);
            prop_assert_eq!(found == Second::Unproven, verdict.steps.is_empty(), "{:?} {:?}", id, verdict);
            let Second::None { in_every_proof, least_shared } = found else { continue };
            prop_assert!(!least_shared.is_empty() && in_every_proof.is_subset(&least_shared));
            for fact in in_every_proof.iter().filter(|fact| !matches!(fact, Fact::Zone(_))) {
                let now = compute(&fact.without(&model).unwrap());
                let gone = match label(verdict).unwrap() {
                    _ if verdict.category == Category::ThirdParty => now.systems[id].sub != verdict.sub,
                    // Data that goes makes room for a rule that gives the next label.
                    Label::Data => now.systems[id].steps.last().is_none_or(|step| step.label != Label::Data),
                    shown => now.systems[id].steps.last().is_none_or(|step| step.label != shown)
                        || now.systems[id].rule == Some(Rule::CVault),
                };
                // A system that holds no data any more can get a label by a rule that passes over systems with data: the
                // proofs of the model as it was did not have that step.
                let label_of = |id: &SystemId| scope.systems.get(id).and_then(label);
                let verdict = &now.systems[id];
                let new_step = verdict.witness.iter().zip(verdict.steps.to_vec()).any(|(system, step)| {
                    step.label != Label::Data && label_of(system) == Some(Label::Data)
                });
                prop_assert!(gone || new_step, "{:?} without {:?}: {:?}", id, fact, verdict);
            }
        }
    }

    #[test]
    fn dates_change_nothing_before_the_day_that_they_name(
        model in models::model_with_decisions(),
        tests in prop::collection::vec((prop::option::of(20_000_i32..20_600), prop::option::of(20_000_i32..20_600)), 2),
        today in 20_300_i32..20_520,
    ) {
        let mut model = model;
        for (control, (tested, change)) in model.controls.values_mut().zip(tests) {
            let control = Arc::make_mut(control);
            (control.last_tested, control.last_change) = (tested.map(Day), change.map(Day));
        }
        let judged = model.as_of(Day(today));
        let scope = compute(&judged);
        let next = next_change(&judged);
        prop_assert!(next.as_ref().is_none_or(|it| it.on > Day(today) && !it.causes.is_empty()));
        let last = next.map_or(today + 1_000, |it| it.on.0 - 1);
        for day in [today + 1, i32::midpoint(today, last), last].into_iter().filter(|day| (today..=last).contains(day)) {
            prop_assert_eq!(&compute(&model.as_of(Day(day))), &scope, "on day {}", day);
        }
    }

    #[test]
    fn what_an_exclusion_rests_on_brings_it_in_when_it_fails(model in models::model_with_decisions()) {
        let scope = compute(&model);
        let all = reliances(&model, &scope);
        for (id, verdict) in &scope.systems {
            let own = reliance(&model, &scope, id);
            prop_assert!(own.is_empty() || matches!(verdict.category, Category::OutOfScope | Category::NotLive));
            let listed = all.get(id).map(Vec::as_slice).unwrap_or_default();
            prop_assert!(own.iter().all(|it| listed.contains(it)), "{:?} {:?}", own, listed);
            for it in listed {
                prop_assert!(it.otherwise.is_none_or(|(category, _)| category.in_scope()));
                prop_assert!(!it.sentence(&model).to_string().is_empty());
                prop_assert!(it.proven || it.until.is_none());
            }
        }
    }
}
