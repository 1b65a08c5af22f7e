//! Blast radius, choke points and cheapest change against worked examples: what a case names is exactly what comes out.
//!
//! The examples lie beside the project and are read where they are; without them there is nothing to compare.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use domain::blast::{self, ArcCosts, Goal, Start, options, report};
use domain::model::reader::read_json;
use domain::scope;
use serde_json::Value;

fn shared(path: &str) -> Option<Value> {
    let root = std::env::var_os("PLUMBLINE_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let Ok(text) = std::fs::read(root.join(path)) else {
        println!("skipped: {} is absent", root.join(path).display());
        return None;
    };
    Some(serde_json::from_slice(&text).unwrap())
}

/// Every member that a case expects and that is not exactly so.
fn differences(name: &str, expect: &Value, got: &Value) -> Vec<String> {
    let differs = |(key, wanted): (&String, &Value)| {
        (got[key] != *wanted).then(|| format!("{name}: {key} should be {wanted} and is {}", got[key]))
    };
    expect.as_object().unwrap().iter().filter_map(differs).collect()
}

fn blast(model: &Value, start: &Value) -> Value {
    let (model, _) = read_json(model.to_string().as_bytes()).unwrap();
    let start: Start = serde_json::from_value(start.clone()).unwrap();
    let blast = blast::radius(&model, &scope::compute(&model), &start).unwrap();
    serde_json::from_str(&report::blast_json(&blast)).unwrap()
}

fn ids<T: Ord + for<'a> From<&'a str>>(list: &Value) -> BTreeSet<T> {
    list.as_array().unwrap().iter().map(|id| id.as_str().unwrap().into()).collect()
}

fn choke(case: &Value) -> Value {
    let (model, _) = read_json(case["model"].to_string().as_bytes()).unwrap();
    let costs = match &case["arc_cost"] {
        Value::Null => ArcCosts::default(),
        costs => ArcCosts::from_json(costs.to_string().as_bytes()).unwrap(),
    };
    let choke = blast::choke(&model, &ids(&case["sources"]), &ids(&case["targets"]), &costs).unwrap();
    serde_json::from_str(&report::choke_json(&choke)).unwrap()
}

fn reduce(case: &Value) -> Value {
    let (model, _) = read_json(case["model"].to_string().as_bytes()).unwrap();
    let options = options::read(case["options"].to_string().as_bytes()).unwrap();
    let goal = match case["budget"].as_u64() {
        Some(budget) => Goal::Budget { budget, weights: BTreeMap::new() },
        None => Goal::MustLeave { systems: ids(&case["must_leave"]) },
    };
    let reduction = blast::reduce(&model, &options, &goal).unwrap();
    serde_json::from_str(&report::reduction_json(&options, &reduction)).unwrap()
}

fn answer(case: &Value) -> Value {
    match case["type"].as_str().unwrap() {
        "blast" => blast(&case["model"], &case["start"]),
        "choke" => choke(case),
        "reduce" => reduce(case),
        other => panic!("{other} is no type of case"),
    }
}

fn failures_of(kind: &str) -> (usize, Vec<String>) {
    let Some(file) = shared("cases/blast-cases.json") else { return (usize::MAX, Vec::new()) };
    let cases: Vec<&Value> = file["cases"].as_array().unwrap().iter().filter(|case| case["type"] == kind).collect();
    let failures = cases
        .iter()
        .flat_map(|case| differences(case["id"].as_str().unwrap(), &case["expect"], &answer(case)))
        .collect();
    (cases.len(), failures)
}

#[test]
fn every_blast_radius_is_as_expected() {
    let (cases, failures) = failures_of("blast");
    assert!(cases >= 11, "{cases} cases");
    assert!(failures.is_empty(), "{} differences:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_choke_point_is_as_expected() {
    let (cases, failures) = failures_of("choke");
    assert!(cases >= 1, "{cases} cases");
    assert!(failures.is_empty(), "{} differences:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_cheapest_change_is_as_expected() {
    let (cases, failures) = failures_of("reduce");
    assert!(cases >= 2, "{cases} cases");
    assert!(failures.is_empty(), "{} differences:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn the_sample_estate_has_the_expected_blast_radii() {
    let Some(file) = shared("design/sample-shop.json") else { return };
    let mut failures = Vec::new();
    for case in file["expect"]["blast"].as_array().unwrap() {
        let got = blast(&file["model"], &case["start"]);
        failures.extend(differences(&case["start"].to_string(), &case["expect"], &got));
    }
    assert!(failures.is_empty(), "{} differences:\n{}", failures.len(), failures.join("\n"));
}
