//! `plumbline findings` and `rules`.

use serde_json::Value;
use server::cli::Exit;

use super::plumbline;

const MODEL: &str = r#"{"systems":[{"id":"app"},{"id":"log","name":"Central logging","kind":"log_sink"}],
    "flows":[{"id":"debug","from":"app","to":"log","kind":"log","data":[{"element":"pan"}]}]}"#;

#[test]
fn card_numbers_in_a_log_are_found_with_a_fix() {
    let ended = plumbline(&["findings", "-", "--format", "json"], MODEL.as_bytes());
    assert_eq!(ended.exit, Exit::Done, "{}", ended.errors);
    let found: Value = serde_json::from_str(&ended.output).unwrap();
    let findings = found["findings"].as_array().unwrap();
    let leak = findings.iter().find(|it| it["rule"] == "F-PAN-READABLE").unwrap();
    assert_eq!(leak["severity"], "critical");
    assert_eq!(leak["subject"], serde_json::json!({ "kind": "system", "key": "log" }));
    assert!(leak["sentence"].as_str().unwrap().starts_with("Central logging keeps the card number in clear"));
    assert_eq!(leak["fixes"][0]["steps"][0]["op"], "drop_field");
}

#[test]
fn a_pipeline_fails_only_on_what_it_asked_for() {
    let exit =
        |limit: &[&str], model: &str| plumbline(&[&["findings", "-"][..], limit].concat(), model.as_bytes()).exit;
    assert_eq!(exit(&[], MODEL), Exit::Done);
    assert_eq!(exit(&["--fail-on", "critical"], MODEL), Exit::Findings);
    assert_eq!(exit(&["--fail-on", "high"], MODEL), Exit::Findings);
    assert_eq!(exit(&["--fail-on", "high"], r#"{"systems":[{"id":"wiki"}]}"#), Exit::Done);
}

#[test]
fn the_table_counts_findings_questions_and_gaps() {
    let ended = plumbline(&["findings", "-"], MODEL.as_bytes());
    assert!(ended.output.starts_with("SEVERITY"), "{}", ended.output);
    assert!(ended.output.contains("open question") && ended.output.contains("of the model itself"), "{}", ended.output);
}

#[test]
fn every_rule_is_listed_with_its_record() {
    let ended = plumbline(&["rules", "--format", "json"], b"");
    let list: Value = serde_json::from_str(&ended.output).unwrap();
    let rules = list["rules"].as_array().unwrap();
    let decide = rules.iter().filter(|it| it["kind"] == "decides").count();
    assert!(decide >= 88, "{decide} rules decide from facts");
    for rule in rules {
        for member in ["id", "title", "sentence", "condition", "severity", "reads", "fixes", "fires", "silent"] {
            assert!(!rule[member].is_null(), "{member} of {rule}");
        }
    }
    let table = plumbline(&["rules"], b"").output;
    assert!(table.contains("PCI DSS 3.5.1") && table.contains("decide from facts"), "{table}");
}
