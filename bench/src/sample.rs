//! What is measured on one estate.

use std::sync::Arc;
use std::time::Duration;

use bench::bare;
use bench::estate::Estate;
use bench::timing::Timing;
use domain::blast::{Ground, Start, radius};
use domain::export::model_file::to_json;
use domain::findings::answers::Answers;
use domain::findings::survey::{Survey, Wiring};
use domain::findings::{Course, evaluate};
use domain::id::SystemId;
use domain::model::Model;
use domain::model::reader::read_json;
use domain::model::relations::Encryption;
use domain::scene::estate::{ViewOptions, drawing};
use domain::scene::layout_of;
use domain::scope::explain::explain;
use domain::scope::ways::Ways;
use domain::scope::{Scope, compute};
use serde::{Deserialize, Serialize};

use crate::machine;

/// Estates up to this size are also read from a file.
const READ_UP_TO: u32 = 100_000;

/// The measurements of one estate. Times are in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    pub systems: u64,
    pub flows: u64,
    /// How many systems are in scope.
    pub in_scope: u64,
    /// The bare search over the graph.
    pub search: u64,
    /// Making that bare graph out of the model, and searching it.
    pub graph_and_search: u64,
    /// The scope of everything: categories, witnesses, reasons.
    pub scope: u64,
    /// The fastest of those runs.
    pub scope_fastest: u64,
    /// The same on the model as it is read from its own file, where that is measured.
    pub scope_of_file: Option<u64>,
    /// The ways of the data to all systems whose verdict rests on data.
    pub ways: u64,
    /// Preparation and blast radius of the start that controls most of some.
    pub blast: u64,
    /// The blast radius on prepared ground.
    pub blast_prepared: u64,
    /// How many systems that start controls.
    pub controlled: u64,
    /// The proof of one verdict in sentences.
    pub explain: u64,
    /// Every rule on every subject, where that is measured.
    pub rules: Option<u64>,
    /// What one edit of a flow touches, and the list of findings made anew, where that is measured.
    pub rules_after_edit: Option<u64>,
    /// How many findings, questions and gaps there are, where that is measured.
    pub findings: Option<u64>,
    /// The largest memory that the process used while it computed scopes, in KiB, the model itself included,
    /// where the system tells.
    pub memory: Option<u64>,
}

impl Sample {
    /// Measures an estate.
    pub fn of(estate: &Estate) -> Self {
        let model = estate.model();
        let runs = (6_000_000 / estate.flows.max(1)).clamp(5, 200) as usize;
        let graph = bare::graph(&model);
        // On both sides of the engine's runs, so that a machine that slows down slows both.
        let search_before = Timing::of(runs, || bare::search(&graph));
        machine::forget_peak_memory();
        let timing = Timing::of(runs, || compute(&model));
        let memory = machine::peak_memory();
        let search_after = Timing::of(runs, || bare::search(&graph));
        drop(graph);
        let graph_and_search = Timing::of(runs.min(20), || bare::search(&bare::graph(&model)));
        let scope = compute(&model);
        let ways = Timing::of(runs.min(20), || Ways::of(&model, &scope));
        let start = busiest(estate, &model, &scope);
        let few = runs.min(20);
        let blast = Timing::of(few, || radius(&model, &scope, &start));
        let ground = Ground::of(&model, &scope);
        let blast_prepared = Timing::of(few, || ground.radius(&start));
        let asked = Estate::system_id(estate.systems - 1);
        let explained = Timing::of(few, || explain(&model, &scope, &asked));
        let scope_of_file = (estate.flows <= READ_UP_TO).then(|| {
            let (read, _) = read_json(to_json(&model).as_bytes()).expect("what was just written can be read");
            Timing::of(runs, || compute(&read)).median
        });
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let ruled = (estate.flows <= READ_UP_TO).then(|| Ruled::of(few, &model, &scope));
        Self {
            systems: estate.systems.into(),
            flows: estate.flows.into(),
            in_scope: count(scope.systems.values().filter(|verdict| verdict.category.in_scope()).count()),
            search: nanoseconds(search_before.median + search_after.median) / 2,
            graph_and_search: nanoseconds(graph_and_search.median),
            scope: nanoseconds(timing.median),
            scope_fastest: nanoseconds(timing.fastest),
            scope_of_file: scope_of_file.map(nanoseconds),
            ways: nanoseconds(ways.median),
            blast: nanoseconds(blast.median),
            blast_prepared: nanoseconds(blast_prepared.median),
            controlled: count(ground.controlled(&start).map_or(0, |systems| systems.len())),
            explain: nanoseconds(explained.median),
            rules: ruled.as_ref().map(|it| nanoseconds(it.all.median)),
            rules_after_edit: ruled.as_ref().map(|it| nanoseconds(it.after_edit.median)),
            findings: ruled.as_ref().map(|it| count(it.findings)),
            memory,
        }
    }
}

/// The layout of a map of which everything is drawn. Times are in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapSample {
    pub systems: u64,
    pub flows: u64,
    /// Layout and routing.
    pub layout: u64,
    /// The fastest of those runs.
    pub layout_fastest: u64,
}

impl MapSample {
    /// Measures the map of an estate.
    pub fn of(estate: &Estate) -> Self {
        let model = estate.model();
        let options = ViewOptions { all: true, ..ViewOptions::default() };
        let drawn = drawing(&model, &compute(&model), &options);
        let timing = Timing::of(21, || layout_of(&drawn));
        Self {
            systems: estate.systems.into(),
            flows: estate.flows.into(),
            layout: nanoseconds(timing.median),
            layout_fastest: nanoseconds(timing.fastest),
        }
    }
}

/// What is measured of the rules.
struct Ruled {
    all: Timing,
    after_edit: Timing,
    findings: usize,
}

impl Ruled {
    fn of(runs: usize, model: &Model, scope: &Scope) -> Self {
        let (now, nobody) = (model.settings.as_of.start(), Answers::new());
        let all = Timing::of(runs, || evaluate(model, scope, &nobody, now));
        let mut changed = model.clone();
        if let Some(mut flow) = changed.flows.first_entry() {
            Arc::make_mut(flow.get_mut()).encryption = Encryption::None;
        }
        let changed_scope = compute(&changed);
        let mut course = Some(Course::of(&Survey::of(model, scope, now)));
        // To and fro, as what was found is taken along from edit to edit.
        let mut sides = [(model, scope, Wiring::of(model)), (&changed, &changed_scope, Wiring::of(&changed))];
        let after_edit = Timing::of(runs, || {
            let [(before, before_scope, wiring), (after, after_scope, _)] = &sides;
            let later = wiring.after(before, after);
            let was = Survey::wired(before, before_scope, now, wiring);
            let is = Survey::wired(after, after_scope, now, &later);
            course = course.take().map(|it| it.onward(&was, &is));
            sides.swap(0, 1);
        });
        let findings = course.map_or(0, |it| it.findings().all().count());
        Self { all, after_edit, findings }
    }
}

/// Of thirty systems the one that controls most: an estate has many from which an attacker gets nowhere.
fn busiest(estate: &Estate, model: &Model, scope: &Scope) -> Start {
    let ground = Ground::of(model, scope);
    let start = |id: &SystemId| Start::System { id: id.clone() };
    let candidates = (0..30).map(|number| Estate::system_id(number * (estate.systems / 30)));
    let id = candidates.max_by_key(|id| ground.controlled(&start(id)).map_or(0, |systems| systems.len()));
    start(&id.unwrap_or_else(|| Estate::system_id(0)))
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_sample_has_every_time_and_goes_from_one_process_to_the_other_as_it_is() {
        let sample = Sample::of(&Estate::new(100, 300));
        assert_eq!((sample.systems, sample.flows), (100, 300));
        assert!(sample.search > 0 && sample.scope >= sample.scope_fastest && sample.scope_fastest > 0);
        assert!(sample.blast > 0 && sample.explain > 0 && sample.scope_of_file > Some(0));
        let text = serde_json::to_string(&sample).unwrap();
        assert_eq!(serde_json::from_str::<Sample>(&text).unwrap(), sample);
    }
}
