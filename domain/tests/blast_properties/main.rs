//! What holds for every model: the engine agrees with a plain reading of the rules, and with every combination tried.
#![expect(clippy::unwrap_used, reason = "tests")]

mod cuts;
mod models;
mod oracle;
mod replay;
mod trials;

use std::collections::{BTreeMap, BTreeSet};

use domain::blast::{self, ArcCosts, Blast, Goal, OptionSet, Start, options, report};
use domain::id::SystemId;
use domain::model::Model;
use domain::model::reader::read_json;
use domain::scope;
use proptest::prelude::*;
use serde_json::{Value, json};

fn read(model: &Value) -> Model {
    read_json(model.to_string().as_bytes()).unwrap().0
}

fn radius(model: &Model, start: &str) -> Option<Blast> {
    let start: Start = start.parse().unwrap();
    blast::radius(model, &scope::compute(model), &start).ok()
}

/// The result in the words of the plain reading.
fn as_plain(blast: &Blast) -> oracle::Result {
    let texts = |ids: Vec<String>| ids.into_iter().collect::<BTreeSet<_>>();
    let control = blast
        .control
        .iter()
        .map(|(id, it)| (id.to_string(), (it.levels.iter().map(ToString::to_string).collect(), it.hops)));
    oracle::Result {
        control: control.collect(),
        credentials: texts(blast.credentials.keys().map(ToString::to_string).collect()),
        keys: texts(blast.keys.keys().map(ToString::to_string).collect()),
        data: blast.data.iter().map(|it| (it.element.to_string(), it.form.to_string(), it.at.to_string())).collect(),
        integrity: texts(blast.integrity.keys().map(ToString::to_string).collect()),
        exposed: texts(blast.exposed.keys().map(ToString::to_string).collect()),
        records_pan: blast.records_pan,
        records_unknown: blast.records_unknown,
        data_score: blast.score.data,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_agrees_with_a_plain_reading_of_the_rules(model in models::model(), start in models::start()) {
        let model = read(&model);
        let Some(blast) = radius(&model, &start) else { return Ok(()) };
        prop_assert_eq!(as_plain(&blast), oracle::radius(&model, &blast.start));
    }

    #[test]
    fn the_order_of_the_file_does_not_matter(model in models::model(), start in models::start(), seed in 0..1000_u64) {
        let (one, other) = (read(&model), read(&models::reordered(&model, seed)));
        let text = |model: &Model| radius(model, &start).map(|blast| report::blast_json(&blast));
        prop_assert_eq!(text(&one), text(&other));
    }

    #[test]
    fn another_grant_never_shrinks_control(
        model in models::model(), start in models::start(), credential in 0..3_usize, on in 0..5_usize,
        privilege in prop::sample::select(vec!["read", "act", "admin", "detokenise", "decrypt"]),
    ) {
        let mut more = model.clone();
        let grant = json!({ "on": models::SYSTEMS[on], "priv": privilege });
        more["credentials"][credential]["grants"].as_array_mut().unwrap().push(grant);
        let (Some(before), Some(after)) = (radius(&read(&model), &start), radius(&read(&more), &start)) else {
            return Ok(());
        };
        for (system, control) in &before.control {
            prop_assert!(after.control.get(system).is_some_and(|it| it.hops <= control.hops), "{}", system);
        }
    }

    #[test]
    fn every_proof_replays(model in models::model(), start in models::start()) {
        let model = read(&model);
        let Some(blast) = radius(&model, &start) else { return Ok(()) };
        prop_assert_eq!(replay::faults(&model, &blast), Vec::<String>::new());
    }

    #[test]
    fn choke_points_are_those_that_trying_finds(
        model in models::model(), sources in prop::sample::subsequence(vec!["a", "b", "c", "e"], 0..3),
        targets in prop::sample::subsequence(vec!["b", "c", "d\"\n", "e"], 1..3),
        costs in prop::collection::btree_map(prop::sample::select(vec!["cred:k", "cred:l", "manage:admin", "unauth:f0"]), 0..4_u64, 0..4),
    ) {
        let model = read(&model);
        let set = |them: &[&str]| them.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<String>>();
        let ids = |them: &[&str]| them.iter().map(|id| SystemId::new(*id)).collect::<BTreeSet<SystemId>>();
        let costs: ArcCosts = costs.into_iter().map(|(label, cost)| (label.to_owned(), cost)).collect();
        let choke = blast::choke(&model, &ids(&sources), &ids(&targets), &costs).unwrap();
        let texts = |them: &[SystemId]| them.iter().map(ToString::to_string).collect::<Vec<_>>();
        let (sources, targets) = (set(&sources), set(&targets));
        let moves = cuts::moves(&model);
        let reached = cuts::reached(&moves, &sources, &targets, |_| true);
        prop_assert_eq!(texts(&choke.reachable_targets), reached.iter().map(|it| (*it).clone()).collect::<Vec<_>>());
        let dominates = |id: &str| {
            let left = |step: &(String, String, String)| step.0 != id && step.1 != id;
            !sources.contains(id) && !targets.contains(id) && cuts::reached(&moves, &sources, &targets, left).is_empty()
        };
        let dominators = model.systems.keys().filter(|id| !reached.is_empty() && dominates(id.as_str()));
        prop_assert_eq!(texts(&choke.dominators), dominators.map(ToString::to_string).collect::<Vec<_>>());
        let cheapest = if sources.is_disjoint(&targets) { cuts::cheapest(&moves, &sources, &targets, &costs) } else { None };
        if let Some((cost, _, labels)) = cheapest {
            prop_assert_eq!((choke.min_cut, choke.min_cut_cost, choke.optimal), (Some(labels), Some(cost), true));
        }
        let whole = cuts::parts(&model, None, None);
        let splits = model.systems.keys().filter(|id| cuts::parts(&model, Some(id), None) > whole);
        prop_assert_eq!(texts(&choke.articulation_points), splits.map(ToString::to_string).collect::<Vec<_>>());
        let bridges = model.flows.keys().filter(|id| cuts::parts(&model, None, Some(id.as_str())) > whole);
        prop_assert_eq!(choke.bridges, bridges.cloned().collect::<Vec<_>>());
    }

    #[test]
    fn what_is_proposed_can_be_carried_out(model in models::model()) {
        let model = read(&model);
        let proposed = options::generate(&model, &scope::compute(&model));
        for option in proposed.into_iter().chain(options::generate_for_blast(&model)) {
            prop_assert!(blast::edit::apply(&model, &option.effects).is_ok(), "{}", option.id);
        }
    }
}

fn goal() -> impl Strategy<Value = Goal> {
    let systems = || prop::sample::subsequence(vec!["a", "b", "c", "e"], 1..3);
    let ids = |them: Vec<&str>| them.into_iter().map(SystemId::from).collect::<BTreeSet<_>>();
    prop_oneof![
        (0..12_u64).prop_map(|budget| Goal::Budget { budget, weights: BTreeMap::new() }),
        systems().prop_map(move |them| Goal::MustLeave { systems: ids(them) }),
        (prop::sample::select(vec!["system:a", "credential:k", "system:b"]), systems())
            .prop_map(move |(start, them)| Goal::OutOfReach { start: start.parse().unwrap(), systems: ids(them) }),
    ]
}

/// The answer against every combination tried.
fn check_against_all_combinations(model: &Value, options: Vec<OptionSet>, goal: &Goal) -> Result<(), TestCaseError> {
    let model = read(model);
    let fits = |option: &OptionSet| blast::edit::apply(&model, &option.effects).is_ok();
    let options: Vec<OptionSet> = options.into_iter().filter(fits).collect();
    let answer = blast::reduce(&model, &options, goal).unwrap();
    let tried = trials::all(&model, &options, goal);
    let best = trials::best(&tried, goal);
    prop_assert!(answer.optimal);
    prop_assert_eq!(answer.chosen, best.as_ref().map(|it| it.ids.clone()));
    prop_assert_eq!(answer.cost, best.as_ref().map(|it| it.cost));
    let plans: Vec<_> = answer.plans.into_iter().map(|it| (it.chosen, it.cost, it.value)).collect();
    prop_assert_eq!(plans, trials::front(&tried));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn the_cheapest_change_is_the_best_of_all_combinations(
        model in models::model(), options in trials::options(6), goal in goal(),
    ) {
        check_against_all_combinations(&model, options, &goal)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(8) })]

    #[test]
    fn so_it_is_with_ten_options(model in models::model(), options in trials::options(10), goal in goal()) {
        check_against_all_combinations(&model, options, &goal)?;
    }
}
