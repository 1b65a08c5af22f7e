//! The sample estate: a shop with ten planted problems, to look at before there is a model of one's own.

use serde_json::Value;

use super::file::ModelFile;
use super::object::Object;
use super::reader::from_file;
use crate::time::Day;

const SAMPLE: &str = include_str!("../../data/sample.json");

/// The sample estate as of a day, in the order in which references resolve.
///
/// Every day in it lies as far from today as it lies from the sample's own `as_of`, so that nothing in it
/// expires or becomes overdue by the passing of time.
#[must_use]
pub fn sample(today: Day) -> Vec<Object> {
    let mut file: Value = serde_json::from_str(SAMPLE).expect("the sample is part of the program and tested");
    let as_of = file["settings"]["as_of"].as_str().and_then(|day| day.parse::<Day>().ok());
    let as_of = as_of.expect("the settings of the sample have a day");
    move_days(&mut file, today.0 - as_of.0);
    let file: ModelFile = serde_json::from_value(file).expect("the sample is a model file");
    let (model, _) = from_file(file);
    model.objects().collect()
}

/// Moves every text that is a day, wherever it stands.
fn move_days(value: &mut Value, days: i32) {
    match value {
        Value::String(text) => {
            if let Ok(day) = text.parse::<Day>() {
                *text = day.plus_days(days).to_string();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| move_days(item, days)),
        Value::Object(members) => members.values_mut().for_each(|member| move_days(member, days)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::path::PathBuf;
    use std::sync::Arc;

    use super::*;
    use crate::command::Command;
    use crate::model::Model;
    use crate::model::card_number::looks_like_card_number;
    use crate::model::fact::{Facts, attribute, fits, resolves};
    use crate::model::object::ObjectKind;
    use crate::model::reader::{Gap, read_json};

    fn as_read() -> (Model, Vec<Gap>) {
        read_json(SAMPLE.as_bytes()).unwrap()
    }

    fn model(today: Day) -> Model {
        let mut model = Model::default();
        for object in sample(today) {
            model.put(object);
        }
        model
    }

    /// The facts of every object and part of one, with its kind.
    fn facts(model: &Model) -> Vec<(ObjectKind, &Facts)> {
        let mut all: Vec<(ObjectKind, &Facts)> = vec![(ObjectKind::Settings, &model.settings.facts)];
        all.extend(model.people.values().map(|it| (ObjectKind::Person, &it.facts)));
        all.extend(model.vendors.values().map(|it| (ObjectKind::Vendor, &it.facts)));
        all.extend(model.segments.values().map(|it| (ObjectKind::Segment, &it.facts)));
        all.extend(model.controls.values().map(|it| (ObjectKind::Control, &it.facts)));
        all.extend(model.links.values().map(|it| (ObjectKind::Link, &it.facts)));
        all.extend(model.keys.values().map(|it| (ObjectKind::Key, &it.facts)));
        all.extend(model.records.values().map(|it| (it.key.kind, &it.facts)));
        for system in model.systems.values() {
            all.push((ObjectKind::System, &system.facts));
            all.extend(system.holdings.iter().map(|it| (ObjectKind::Holding, &it.facts)));
        }
        for flow in model.flows.values() {
            all.push((ObjectKind::Flow, &flow.facts));
            all.extend(flow.fields.iter().map(|it| (ObjectKind::FlowField, &it.facts)));
        }
        for credential in model.credentials.values() {
            all.push((ObjectKind::Credential, &credential.facts));
            all.extend(credential.grants.iter().map(|it| (ObjectKind::Grant, &it.facts)));
        }
        all
    }

    #[test]
    fn the_sample_reads_without_gaps() {
        let (model, gaps) = as_read();
        assert_eq!(gaps, []);
        assert_eq!((model.systems.len(), model.flows.len(), model.segments.len()), (28, 39, 7));
    }

    #[test]
    fn every_fact_is_registered_fits_its_type_and_refers_to_something() {
        let (model, _) = as_read();
        for (kind, facts) in facts(&model) {
            for (name, fact) in facts {
                let attribute = attribute(kind, name).unwrap();
                assert!(fits(attribute, &fact.value), "{kind} {name}: {}", fact.value);
                assert!(resolves(attribute, &fact.value, &model), "{kind} {name}: {}", fact.value);
            }
        }
    }

    #[test]
    fn the_sample_loads_into_an_empty_workspace() {
        let today = Day::from_ymd(2031, 2, 28).unwrap();
        let load = Command::LoadSample(sample(today));
        let (loaded, _) = Model::default().apply(&load, |_| None).unwrap();
        assert_eq!(loaded, model(today));
    }

    #[test]
    fn on_its_own_day_the_sample_is_what_its_file_says() {
        let (read, _) = as_read();
        assert_eq!(model(read.settings.as_of), read);
    }

    #[test]
    fn every_day_moves_with_today() {
        let (read, _) = as_read();
        let moved = model(read.settings.as_of.plus_days(100));
        assert_eq!(moved.settings.as_of, read.settings.as_of.plus_days(100));
        for (before, after) in read.controls.values().zip(moved.controls.values()) {
            assert_eq!(before.last_tested.map(|day| day.plus_days(100)), after.last_tested, "{}", before.id);
        }
        for (before, after) in read.overrides.values().zip(moved.overrides.values()) {
            let days = |it: &crate::model::settings::Override| [it.decided_at, it.expires];
            assert_eq!(days(before).map(|day| day.map(|day| day.plus_days(100))), days(after));
        }
        let mut days = 0;
        for ((kind, before), (_, after)) in facts(&read).into_iter().zip(facts(&moved)) {
            for (name, fact) in before {
                let Some(day) = fact.text().and_then(|text| text.parse::<Day>().ok()) else { continue };
                assert_eq!(after[name].text(), Some(day.plus_days(100).to_string().as_str()), "{kind} {name}");
                days += 1;
            }
        }
        assert!(days > 100, "{days}");
    }

    #[test]
    fn no_day_hides_within_a_longer_text() {
        let days = regex::Regex::new(r"\d{4}-\d{2}-\d{2}").unwrap();
        for found in days.find_iter(SAMPLE) {
            let around = (SAMPLE.as_bytes()[found.start() - 1], SAMPLE.as_bytes()[found.end()]);
            assert_eq!(around, (b'"', b'"'), "{}", found.as_str());
        }
    }

    #[test]
    fn there_is_no_card_number_in_the_sample() {
        assert!(!looks_like_card_number(SAMPLE));
    }

    #[test]
    fn the_sample_is_the_shared_one() {
        let folder = std::env::var("PLUMBLINE_SHARED")
            .map_or_else(|_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
        let Ok(text) = std::fs::read_to_string(folder.join("design/sample-shop.json")) else {
            return eprintln!("skipped: there is no shared sample here");
        };
        let shared: Value = serde_json::from_str(&text).unwrap();
        let (shared, _) = read_json(shared["model"].to_string().as_bytes()).unwrap();
        let (mut ours, _) = as_read();
        // The shared one names these by their keys only.
        for (key, it) in &mut ours.controls {
            Arc::make_mut(it).name = key.to_string();
        }
        for (key, it) in &mut ours.keys {
            Arc::make_mut(it).name = key.to_string();
        }
        for (key, it) in &mut ours.credentials {
            Arc::make_mut(it).name = key.to_string();
        }
        assert_eq!(ours.systems, shared.systems);
        assert_eq!(ours.flows, shared.flows);
        assert_eq!(ours.segments, shared.segments);
        assert_eq!(ours.links, shared.links);
        assert_eq!(ours.controls, shared.controls);
        assert_eq!(ours.keys, shared.keys);
        assert_eq!(ours.credentials, shared.credentials);
        assert_eq!(ours.overrides, shared.overrides);
    }
}
