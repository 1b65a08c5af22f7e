//! `plumbline diff` and `plumbline check`.

use serde_json::Value;
use server::cli::Exit;
use tempfile::TempDir;

use super::{Ended, plumbline};

const BEFORE: &str = "fixtures/estate-before.json";
const AFTER: &str = "fixtures/estate-after.json";

fn check(base: &str, model: &str, rest: &[&str]) -> Ended {
    plumbline(&[&["check", "--fail-on", "scope-rise", "--base", base, model], rest].concat(), b"")
}

/// The names and attributes of the tags of a document in XML, with its texts left out. Panics where a tag is not closed,
/// an attribute is not quoted, or a character stands bare that must not.
fn tags(xml: &str) -> Vec<(String, String)> {
    let body = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").expect("the declaration comes first");
    let (mut open, mut tags) = (Vec::new(), Vec::new());
    let mut rest = body;
    while let Some(start) = rest.find('<') {
        assert!(!rest[..start].contains('>'), "{rest}");
        for reference in rest[..start].split('&').skip(1) {
            assert!(reference.split_once(';').is_some_and(|(name, _)| name.len() <= 4), "&{reference}");
        }
        let end = start + rest[start..].find('>').expect("every tag ends");
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name.to_owned()));
            continue;
        }
        let alone = tag.ends_with('/');
        let tag = tag.trim_end_matches('/');
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert_eq!(attributes.matches('"').count() % 2, 0, "{attributes}");
        assert!(!attributes.contains('<'), "{attributes}");
        tags.push((name.to_owned(), attributes.to_owned()));
        if !alone {
            open.push(name.to_owned());
        }
    }
    assert_eq!(open, Vec::<String>::new());
    tags
}

#[test]
fn a_model_does_not_differ_from_itself() {
    let same = plumbline(&["diff", AFTER, AFTER, "--exit-code"], b"");
    assert_eq!((same.exit, same.output.as_str()), (Exit::Done, "The two models do not differ.\n"));
    let same = plumbline(&["diff", AFTER, AFTER, "--format", "json"], b"");
    let found: Value = serde_json::from_str(&same.output).unwrap();
    assert_eq!(found["differs"], false);
    assert_eq!((&found["objects"], &found["categories"]), (&Value::Array(vec![]), &Value::Array(vec![])));
    assert_eq!(found["blast"]["changes"], Value::Array(vec![]));
}

#[test]
fn what_differs_is_told_to_people() {
    insta::assert_snapshot!(plumbline(&["diff", BEFORE, AFTER], b"").output);
}

#[test]
fn what_differs_is_told_to_programs() {
    let found: Value =
        serde_json::from_str(&plumbline(&["diff", BEFORE, AFTER, "--format", "json"], b"").output).unwrap();
    let object = |kind: &str, key: &str| {
        found["objects"].as_array().unwrap().iter().find(|it| it["kind"] == kind && it["key"] == key).unwrap().clone()
    };
    assert_eq!(object("system", "kiosk")["change"], "added");
    let crm = object("system", "crm");
    let rename = serde_json::json!({"name": "name", "before": "Customer records", "after": "Customer file"});
    assert_eq!(crm["attributes"], serde_json::json!([rename]));
    let order = object("flow", "order");
    let changes: Vec<(&str, &str)> = order["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["name"].as_str().unwrap(), it["change"].as_str().unwrap()))
        .collect();
    assert_eq!(changes, [("pan clear", "changed"), ("cardholder_name clear", "added")]);
    let rose = found["categories"].as_array().unwrap().iter().find(|it| it["system"] == "orders").unwrap();
    assert_eq!((&rose["before"]["category"], &rose["after"]["category"]), (&"out_of_scope".into(), &"cde".into()));
    assert_eq!(found["saq_hint"], serde_json::json!({"before": "none", "after": "D"}));
    let radius = found["blast"]["changes"].as_array().unwrap().iter().find(|it| it["start"]["id"] == "crm").unwrap();
    assert_eq!((&radius["before"]["records_pan"], &radius["after"]["records_pan"]), (&0.into(), &52_000.into()));
}

#[test]
fn a_difference_ends_with_1_only_where_somebody_asked() {
    assert_eq!(plumbline(&["diff", BEFORE, AFTER], b"").exit, Exit::Done);
    assert_eq!(plumbline(&["diff", BEFORE, AFTER, "--exit-code"], b"").exit, Exit::Findings);
    let broken = plumbline(&["diff", BEFORE, "-", "--exit-code"], b"{\"systems\": 7}");
    assert_eq!(broken.exit, Exit::Usage);
    assert!(broken.errors.contains("standard input, line 1"), "{}", broken.errors);
    let twice = plumbline(&["diff", "-", "-"], b"{}");
    assert_eq!(twice.exit, Exit::Usage);
    assert!(twice.errors.contains("one file only"), "{}", twice.errors);
}

#[test]
fn a_rise_fails_the_check_and_a_fall_passes_it() {
    let rose = check(BEFORE, AFTER, &[]);
    assert_eq!(rose.exit, Exit::Findings, "{}", rose.errors);
    insta::assert_snapshot!(rose.output);
    let fell = check(AFTER, BEFORE, &[]);
    assert_eq!(fell.exit, Exit::Done, "{}", fell.errors);
    assert!(fell.output.contains("passed") && fell.output.lines().count() == 1, "{}", fell.output);
    assert_eq!(check(AFTER, AFTER, &[]).exit, Exit::Done);
}

#[test]
fn a_new_system_fails_the_check_only_where_it_is_in_scope() {
    let base = r#"{"systems":[{"id":"till","holdings":[{"element":"pan"}]}]}"#;
    let with = |rest: &str| base.replace("]}]}", &format!("]}},{{\"id\":\"new\"{rest}}}]}}"));
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("base.json");
    std::fs::write(&file, base).unwrap();
    let arguments = ["check", "-", "--fail-on", "scope-rise", "--base", file.to_str().unwrap()];
    assert_eq!(plumbline(&arguments, with("").as_bytes()).exit, Exit::Done);
    let rose = plumbline(&arguments, with(r#","manages":[{"target":"till","how":"admin"}]"#).as_bytes());
    assert_eq!(rose.exit, Exit::Findings);
    assert!(rose.output.contains("new is new and in scope: Security-impacting."), "{}", rose.output);
}

#[test]
fn sarif_has_a_result_for_each_system_that_rose() {
    let ended = check(BEFORE, AFTER, &["--format", "sarif"]);
    assert_eq!(ended.exit, Exit::Findings);
    let log: Value = serde_json::from_str(&ended.output).unwrap();
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().unwrap().ends_with("sarif-schema-2.1.0.json"));
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(run["tool"]["driver"]["name"].is_string());
    let model = std::fs::read_to_string(AFTER).unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 5);
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!((&rule["id"], &result["ruleId"]), (&result["ruleId"], &"scope-rise".into()));
        assert!(["none", "note", "warning", "error"].contains(&result["level"].as_str().unwrap()));
        assert!(result["message"]["text"].as_str().unwrap().ends_with('.'));
        let location = &result["locations"][0];
        let place = &location["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], AFTER);
        let line = usize::try_from(place["region"]["startLine"].as_u64().unwrap()).unwrap();
        let key = location["logicalLocations"][0]["name"].as_str().unwrap();
        assert!(model.lines().nth(line - 1).unwrap().contains(&format!("{{\"id\": \"{key}\"")), "{key} in line {line}");
    }
    let none = check(AFTER, BEFORE, &["--format", "sarif"]);
    assert_eq!(none.exit, Exit::Done);
    let log: Value = serde_json::from_str(&none.output).unwrap();
    assert_eq!(log["runs"][0]["results"], Value::Array(vec![]));
}

#[test]
fn junit_has_a_test_case_for_each_system_and_a_failure_for_each_that_rose() {
    let ended = check(BEFORE, AFTER, &["--format", "junit"]);
    assert_eq!(ended.exit, Exit::Findings);
    let tags = tags(&ended.output);
    let count = |name: &str| tags.iter().filter(|(tag, _)| tag == name).count();
    assert_eq!([count("testsuites"), count("testsuite"), count("testcase"), count("failure")], [1, 1, 7, 5]);
    for (name, attributes) in tags.iter().filter(|(name, _)| name.starts_with("testsuite")) {
        assert!(attributes.contains("tests=\"7\" failures=\"5\" errors=\"0\""), "{name} {attributes}");
    }
    assert!(ended.output.contains("Kiosk &lt;new&gt; &amp; &quot;shiny&quot;"), "{}", ended.output);
}

#[test]
fn a_critical_finding_that_is_new_fails_the_check_and_one_that_was_there_does_not() {
    let model = |ops: &str| {
        let file = tempfile::NamedTempFile::new().unwrap();
        let text = format!(
            r#"{{"systems":[{{"id":"queue","name":"Retry queue","holdings":[{{"element":"pan","ops":["{ops}"]}}]}}]}}"#
        );
        std::fs::write(file.path(), text).unwrap();
        file
    };
    let (passing, keeping) = (model("process"), model("store"));
    let check = |base: &tempfile::NamedTempFile, model: &tempfile::NamedTempFile, rest: &[&str]| {
        let (base, model) = (base.path().to_str().unwrap(), model.path().to_str().unwrap());
        plumbline(&[&["check", "--fail-on", "scope-rise,new-critical", "--base", base, model], rest].concat(), b"")
    };
    let new = check(&passing, &keeping, &[]);
    assert_eq!(new.exit, Exit::Findings);
    for part in
        ["scope-rise: passed", "new-critical: failed", "1 new critical finding.", "Retry queue", "F-PAN-READABLE"]
    {
        assert!(new.output.contains(part), "{part} in {}", new.output);
    }
    let log: Value = serde_json::from_str(&check(&passing, &keeping, &["--format", "sarif"]).output).unwrap();
    let (rules, results) = (&log["runs"][0]["tool"]["driver"]["rules"], &log["runs"][0]["results"]);
    assert_eq!((rules.as_array().unwrap().len(), results.as_array().unwrap().len()), (2, 1));
    assert_eq!((&results[0]["ruleId"], &rules[1]["id"]), (&"new-critical".into(), &"new-critical".into()));
    assert_eq!(results[0]["ruleIndex"], 1);
    let suites = check(&passing, &keeping, &["--format", "junit"]);
    let tags = tags(&suites.output);
    let count = |name: &str| tags.iter().filter(|(tag, _)| tag == name).count();
    assert_eq!([count("testsuite"), count("testcase"), count("failure")], [2, 2, 1]);

    let known = check(&keeping, &keeping, &[]);
    assert_eq!(known.exit, Exit::Done, "{}", known.output);
    assert!(known.output.contains("new-critical: passed"), "{}", known.output);
}

#[test]
fn the_result_goes_into_a_file_and_the_sentences_to_the_log_of_the_pipeline() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("rise.sarif");
    let ended = check(BEFORE, AFTER, &["--format", "sarif", "--out", file.to_str().unwrap()]);
    assert_eq!(ended.exit, Exit::Findings);
    assert_eq!(ended.output, check(BEFORE, AFTER, &[]).output);
    assert_eq!(
        std::fs::read_to_string(&file).unwrap().trim_end(),
        check(BEFORE, AFTER, &["--format", "sarif"]).output.trim_end()
    );
    let nowhere = check(BEFORE, AFTER, &["--out", "/nowhere/rise.txt"]);
    assert_eq!(nowhere.exit, Exit::Usage);
    assert!(nowhere.errors.contains("--out"), "{}", nowhere.errors);
}

#[test]
fn what_cannot_be_checked_ends_with_2() {
    let refused = |arguments: &[&str], part: &str| {
        let ended = plumbline(arguments, b"");
        assert_eq!(ended.exit, Exit::Usage, "{arguments:?}");
        assert!(ended.errors.contains(part), "{part}: {}", ended.errors);
    };
    refused(&["check", AFTER, "--base", BEFORE], "--fail-on");
    refused(&["check", AFTER, "--base", BEFORE, "--fail-on", "everything"], "scope-rise");
    refused(&["check", AFTER, "--fail-on", "scope-rise"], "--base");
    refused(&["check", AFTER, "--base", "/nowhere", "--fail-on", "scope-rise"], "/nowhere cannot be read");
}
