//! `plumbline scope` on worked examples that lie beside the project; without them there is nothing to compare.

use std::path::PathBuf;

use serde_json::Value;
use server::cli::Exit;

use super::plumbline;

/// What of a verdict is not as expected.
fn differences(expected: &Value, found: &Value) -> Vec<String> {
    let mut differences = Vec::new();
    for (id, wanted) in expected["systems"].as_object().unwrap() {
        for (key, value) in wanted.as_object().unwrap() {
            let is = &found["systems"][id];
            let same = match key.as_str() {
                "flags_include" => {
                    let flags = is["flags"].as_array().unwrap();
                    value.as_array().unwrap().iter().all(|flag| flags.contains(flag))
                }
                key => is[key] == *value,
            };
            if !same {
                differences.push(format!("{id} {key}: {value} expected, {}", is[key]));
            }
        }
    }
    if expected["saq_hint"] != found["saq_hint"] {
        differences.push(format!("saq_hint: {} expected, {}", expected["saq_hint"], found["saq_hint"]));
    }
    differences
}

#[test]
fn each_example_gives_the_verdicts_that_it_expects() {
    let root = std::env::var_os("PLUMBLINE_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let path = root.join("cases/scope-cases.json");
    let Ok(text) = std::fs::read(&path) else {
        eprintln!("skipped: {} is absent", path.display());
        return;
    };
    let file: Value = serde_json::from_slice(&text).unwrap();
    for case in file["cases"].as_array().unwrap() {
        let ended = plumbline(&["scope", "-", "--format", "json"], case["model"].to_string().as_bytes());
        assert_eq!(ended.exit, Exit::Done, "{}: {}", case["id"], ended.errors);
        let found = serde_json::from_str(&ended.output).unwrap();
        assert_eq!(differences(&case["expect"], &found), Vec::<String>::new(), "{}", case["id"]);
    }
}
