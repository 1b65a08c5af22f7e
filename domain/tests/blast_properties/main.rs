//! What holds for every model: the engine agrees with a plain reading of the rules, and with every combination tried.
#![expect(clippy::unwrap_used, reason = "tests")]

mod models;
mod oracle;

use std::collections::BTreeSet;

use domain::blast::{self, Blast, Start, report};
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
}
