//! What holds for the scope of every model.
#![expect(clippy::unwrap_used, reason = "tests")]

mod scope_support;

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::model::Model;
use domain::model::relations::Boundary;
use domain::scope::delta::delta;
use domain::scope::explain::explain;
use domain::scope::verdict::{Category, Flag, Label, Opst, Rule, Scope, Verdict};
use domain::scope::ways::Ways;
use domain::scope::{compute, report};
use proptest::prelude::*;
use scope_support::{models, naive};

/// The category that the labels of the second implementation give, with the label that shows it.
fn naive_category(model: &Model, outcome: &naive::Outcome, id: &str) -> (Category, Option<Label>) {
    let layer = |label: Label| outcome.labels.get(&(id.to_owned(), label)).map(|(round, _)| *round);
    let system = &model.systems[id];
    let strongest = [Label::Data, Label::Adj, Label::Imp].into_iter().find(|label| layer(*label).is_some());
    let shown = strongest.or(match (layer(Label::In), layer(Label::Conn)) {
        (Some(one), Some(other)) if other < one => Some(Label::Conn),
        (Some(_), _) => Some(Label::In),
        (None, other) => other.map(|_| Label::Conn),
    });
    let category = match (system.boundary, shown) {
        (Boundary::External, _) => Category::External,
        (_, None) if !naive::active(model, system) => Category::NotLive,
        (Boundary::ThirdParty, _) => Category::ThirdParty,
        (_, Some(Label::Data | Label::Adj)) => Category::Cde,
        (_, Some(Label::Imp)) => Category::SecurityImpacting,
        (_, Some(_)) => Category::ConnectedTo,
        (_, None) => Category::OutOfScope,
    };
    (category, shown)
}

/// The path of preferred derivations from the seed.
fn naive_path(outcome: &naive::Outcome, id: &str, label: Label) -> Vec<(String, Label, Rule, String)> {
    let (mut at, mut path) = ((id.to_owned(), label), Vec::new());
    loop {
        let (_, (rule, premise, premise_label, edge)) = &outcome.labels[&at];
        path.push((at.0.clone(), at.1, *rule, edge.clone()));
        let before = (premise.clone(), *premise_label);
        if before == at {
            path.reverse();
            return path;
        }
        at = before;
    }
}

fn path(verdict: &Verdict) -> Vec<(String, Label, Rule, String)> {
    let nodes = verdict.witness.iter();
    nodes.zip(&verdict.steps).map(|(id, step)| (id.to_string(), step.label, step.rule, step.edge.clone())).collect()
}

fn opst(reasons: &BTreeSet<(Label, Rule)>) -> Opst {
    let any = |fits: &dyn Fn(Label, Rule) -> bool| reasons.iter().any(|(label, rule)| fits(*label, *rule));
    if any(&|label, _| label == Label::Data) {
        return Opst::Cat1a;
    }
    if any(&|label, _| label == Label::Adj) {
        return Opst::Cat1b;
    }
    if any(&|_, rule| [Rule::IManages, Rule::IPage, Rule::IKeys].contains(&rule)) {
        return Opst::Cat2a;
    }
    let direct = [Rule::CDirect, Rule::CVia, Rule::CVault, Rule::CZone];
    if any(&|label, rule| label == Label::In && direct.contains(&rule)) {
        return Opst::Cat2b;
    }
    if any(&|label, rule| label == Label::Conn && rule == Rule::CDirect) { Opst::Cat2c } else { Opst::Cat2x }
}

/// Strongest last; what is not ours to classify cannot fall.
fn strength(category: Category) -> u8 {
    match category {
        Category::NotLive => 0,
        Category::OutOfScope => 1,
        Category::ConnectedTo => 2,
        Category::SecurityImpacting => 3,
        Category::Cde => 4,
        Category::ThirdParty | Category::External => 5,
    }
}

/// Every system of the smaller model is at least as strong in the larger one.
fn never_lower(before: &Scope, after: &Scope) -> Result<(), TestCaseError> {
    for (id, verdict) in &before.systems {
        let now = after.systems[id].category;
        prop_assert!(strength(now) >= strength(verdict.category), "{id:?}: {} -> {now}", verdict.category);
    }
    Ok(())
}

fn change_some_system(model: &Model, place: usize, change: impl FnOnce(&mut domain::model::system::System)) -> Model {
    let mut model = model.clone();
    let id = model.systems.keys().nth(place % model.systems.len()).unwrap().clone();
    change(Arc::make_mut(model.systems.get_mut(&id).unwrap()));
    model
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_agrees_with_the_rules_written_a_second_time(model in models::model()) {
        let scope = compute(&model);
        let outcome = naive::run(&model);
        for (id, verdict) in &scope.systems {
            let (category, shown) = naive_category(&model, &outcome, id.as_str());
            prop_assert_eq!(verdict.category, category, "{:?}", id);
            let unverified = outcome.unverified.contains(id.as_str());
            let counts = !matches!(category, Category::External | Category::NotLive);
            prop_assert_eq!(verdict.flags.contains(&Flag::SegmentationUnverified), unverified && counts, "{:?}", id);
            if category.in_scope() {
                let reasons = &outcome.reasons[id.as_str()];
                prop_assert_eq!(path(verdict), naive_path(&outcome, id.as_str(), shown.unwrap()));
                prop_assert_eq!(verdict.reasons, reasons.len(), "{:?} {:?}", id, reasons);
                prop_assert_eq!(verdict.opst, Some(opst(reasons)), "{:?}", id);
                prop_assert_eq!(verdict.rule, verdict.steps.last().map(|step| step.rule));
            }
        }
    }

    #[test]
    fn the_order_in_which_attributes_are_listed_never_matters(model in models::model_with_decisions()) {
        let mut reversed = model.clone();
        for system in reversed.systems.values_mut() {
            let system = Arc::make_mut(system);
            system.holdings.reverse();
            system.capabilities.reverse();
            system.copies.reverse();
            system.manages.reverse();
        }
        for flow in reversed.flows.values_mut() {
            let flow = Arc::make_mut(flow);
            flow.fields.reverse();
            flow.via.reverse();
        }
        let (scope, other) = (compute(&model), compute(&reversed));
        prop_assert_eq!(report::json(&model, &scope, &[]), report::json(&reversed, &other, &[]));
        for id in model.systems.keys() {
            prop_assert_eq!(explain(&model, &scope, id), explain(&reversed, &other, id));
        }
    }

    #[test]
    fn adding_a_flow_never_lowers_a_category(model in models::model(), flow in models::flow()) {
        let mut more = model.clone();
        let mut flow = flow;
        flow.id = "one more".into();
        more.flows.insert(flow.id.clone(), Arc::new(flow));
        never_lower(&compute(&model), &compute(&more))?;
    }

    #[test]
    fn adding_a_holding_never_lowers_a_category(
        model in models::model(),
        place in 0_usize..9,
        holding in models::holding(),
    ) {
        let more = change_some_system(&model, place, |system| system.holdings.push(holding));
        never_lower(&compute(&model), &compute(&more))?;
    }

    #[test]
    fn adding_management_or_a_relay_never_lowers_a_category(
        model in models::model(),
        place in 0_usize..9,
        manages in models::manages(),
    ) {
        let before = compute(&model);
        let more = change_some_system(&model, place, |system| system.manages.push(manages));
        never_lower(&before, &compute(&more))?;
        let relaying = change_some_system(&model, place, |system| system.relay = Some(true));
        never_lower(&before, &compute(&relaying))?;
    }

    #[test]
    fn adding_an_open_link_never_lowers_a_category(model in models::model(), link in models::some_open_link()) {
        let mut more = model.clone();
        more.links.insert(link.key.clone(), Arc::new(link));
        never_lower(&compute(&model), &compute(&more))?;
    }

    #[test]
    fn decisions_are_judged_by_what_holds_without_them(model in models::model_with_decisions()) {
        let scope = compute(&model);
        let mut undecided = model.clone();
        undecided.overrides.clear();
        let computed = compute(&undecided);
        prop_assert!(computed.systems.values().all(|verdict| verdict.computed_category.is_none()));
        let any_applies = scope.systems.values().any(|verdict| verdict.flags.contains(&Flag::OverrideApplied));
        for (id, verdict) in &scope.systems {
            let without = &computed.systems[id];
            if let Some(category) = verdict.computed_category {
                prop_assert_eq!(category, without.category);
                prop_assert!(!matches!(without.rule, Some(Rule::DPanClear | Rule::DSad | Rule::DPanUnknown)));
            }
            if !any_applies {
                prop_assert_eq!(verdict.category, without.category);
                prop_assert_eq!(&verdict.witness, &without.witness);
            }
        }
    }

    #[test]
    fn removing_the_last_flow_of_a_witness_changes_it_or_the_category(model in models::model_with_decisions()) {
        let scope = compute(&model);
        for (id, verdict) in &scope.systems {
            let Some(step) = verdict.steps.last() else { continue };
            if !matches!(step.rule, Rule::AUnrestricted | Rule::CDirect | Rule::CVia | Rule::CRelay) {
                continue;
            }
            let mut less = model.clone();
            prop_assert!(less.flows.remove(step.edge.as_str()).is_some());
            let now = &compute(&less).systems[id];
            prop_assert!(now.category != verdict.category || path(now) != path(verdict), "{:?}", id);
        }
    }

    #[test]
    fn the_data_arrives_by_hops_that_the_model_has(model in models::model_with_decisions()) {
        use domain::scope::verdict::By;
        let scope = compute(&model);
        let ways = Ways::of(&model, &scope);
        for (id, verdict) in scope.systems {
            let way = ways.way(&id).to_vec();
            prop_assert_eq!(&way, &Ways::to(&model, &compute(&model), [&id]).way(&id).to_vec());
            let by_data = verdict.rule.is_some_and(|rule| {
                (Rule::DPanClear..=Rule::DTruncExcess).contains(&rule) || [Rule::TData, Rule::TEnc].contains(&rule)
            });
            prop_assert_eq!(by_data, !way.is_empty());
            prop_assert!(way.last().is_none_or(|stop| stop.node == id));
            prop_assert!(way.first().is_none_or(|stop| stop.by.is_none()));
            for hop in way.windows(2) {
                let fits = match hop[1].by.as_ref().unwrap() {
                    By::Flow(flow) => {
                        let flow = &model.flows[flow];
                        flow.from == hop[0].node && flow.to == hop[1].node && !flow.fields.is_empty()
                    }
                    By::Via(flow) => {
                        let flow = &model.flows[flow];
                        flow.from == hop[0].node && flow.via.iter().any(|via| via.node == hop[1].node)
                    }
                    By::Copy => model.systems[&hop[1].node].copies.iter().any(|copy| copy.from == hop[0].node),
                };
                prop_assert!(fits, "{:?}", hop);
            }
        }
    }

    #[test]
    fn every_verdict_can_be_told(model in models::model_with_decisions(), other in models::model_with_decisions()) {
        let (scope, before) = (compute(&model), compute(&other));
        let ways = Ways::of(&model, &scope);
        for (id, verdict) in &scope.systems {
            let sentences = explain(&model, &scope, id);
            prop_assert!(!sentences.is_empty());
            prop_assert!(sentences.iter().all(|it| !it.to_string().contains("non-compliant")));
            if ways.way(id).is_empty() && verdict.witness.len() > 1 {
                prop_assert!(sentences.len() > verdict.witness.len());
            }
        }
        prop_assert_eq!(report::table(&model, &scope, &[]).lines().take_while(|line| !line.is_empty()).count(),
            scope.systems.len() + 1);
        let changes = delta((&other, &before), (&model, &scope));
        prop_assert!(changes.is_sorted_by(|one, next| one.system < next.system));
        prop_assert!(changes.iter().all(|change| change.before != change.after && !change.because.is_empty()));
        prop_assert_eq!(delta((&model, &scope), (&model, &scope)), []);
    }
}

#[test]
fn an_empty_model_has_an_empty_scope() {
    let model = Model::default();
    let scope = compute(&model);
    assert!(scope.systems.is_empty());
    assert_eq!(
        report::json(&model, &scope, &[]),
        "{\n  \"systems\": {},\n  \"saq_hint\": \"none\",\n  \"gaps\": []\n}\n"
    );
}
