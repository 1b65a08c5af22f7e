//! The engine against worked examples: every system of every case has the verdict that the case expects.
//!
//! The examples lie beside the project and are read where they are; without them there is nothing to compare.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use std::path::PathBuf;

use domain::model::reader::read_json;
use domain::scope::{compute, report};
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

/// Every difference between what a model is expected to give and what it gives.
fn differences(name: &str, model: &Value, expect: &Value) -> Vec<String> {
    let (model, gaps) = read_json(model.to_string().as_bytes()).unwrap();
    let got: Value = serde_json::from_str(&report::json(&model, &compute(&model), &gaps)).unwrap();
    let mut differences = Vec::new();
    let mut differ = |what: &str, expected: &Value, found: &Value| {
        differences.push(format!("{name}: {what} should be {expected} and is {found}"));
    };
    if got["saq_hint"] != expect["saq_hint"] {
        differ("saq_hint", &expect["saq_hint"], &got["saq_hint"]);
    }
    let expected = expect["systems"].as_object().unwrap();
    if got["systems"].as_object().unwrap().len() != expected.len() {
        differ("number of systems", &expected.len().into(), &got["systems"].as_object().unwrap().len().into());
    }
    for (id, wanted) in expected {
        let found = &got["systems"][id];
        for (key, value) in wanted.as_object().unwrap() {
            if key == "flags_include" {
                let flags = found["flags"].as_array().unwrap();
                if !value.as_array().unwrap().iter().all(|flag| flags.contains(flag)) {
                    differ(&format!("{id} flags"), value, &found["flags"]);
                }
            } else if found[key] != *value {
                differ(&format!("{id} {key}"), value, &found[key]);
            }
        }
    }
    differences
}

#[test]
fn every_case_has_the_expected_verdicts() {
    let Some(file) = shared("cases/scope-cases.json") else { return };
    let cases = file["cases"].as_array().unwrap();
    let failures: Vec<String> = cases
        .iter()
        .flat_map(|case| differences(case["id"].as_str().unwrap(), &case["model"], &case["expect"]))
        .collect();
    assert!(cases.len() >= 34, "{} cases", cases.len());
    assert!(failures.is_empty(), "{} differences:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn the_sample_estate_has_the_expected_verdicts() {
    let Some(file) = shared("design/sample-shop.json") else { return };
    let failures = differences("sample", &file["model"], &file["expect"]);
    assert!(failures.is_empty(), "{} differences:\n{}", failures.len(), failures.join("\n"));
}
