//! What the rules find in the sample estate.

use std::collections::BTreeMap;

use super::found;
use crate::findings::finding::{Finding, Findings};
use crate::findings::rule::Severity;
use crate::model::Model;
use crate::model::reader::read_json;
use crate::model::relations::View;

/// The sample estate as of its own day.
#[expect(clippy::unwrap_used, reason = "tests")]
fn sample() -> Model {
    let (model, _) = read_json(include_bytes!("../../../data/sample.json")).unwrap();
    model.as_of(model.settings.as_of)
}

fn grave(found: &Findings) -> Vec<&Finding> {
    let grave = |it: &&Finding| matches!(it.severity, Severity::Critical | Severity::High);
    found.findings.iter().filter(grave).collect()
}

#[test]
fn the_ten_planted_problems_are_found_on_their_objects() {
    let found = found(&sample());
    for (rule, subject, severity) in [
        ("F-SAD-STORED", "retry", Severity::Critical),
        ("F-PAN-READABLE", "log", Severity::Critical),
        ("F-CDE-OUTBOUND", "checkout-fraud", Severity::High),
        ("F-UNTRUSTED-BOUNDARY", "gateway-webhook", Severity::High),
        ("F-SHARED-CRED", "erp-sync", Severity::High),
        ("F-SCRIPTS", "analytics.js", Severity::High),
        ("F-TPSP-STATUS", "cdn-provider", Severity::High),
        ("F-MFA-CDE", "ssh-jump", Severity::Critical),
        ("F-SEG-TEST", "fw-corp", Severity::Critical),
        ("F-CORRELATE", "bi", Severity::High),
    ] {
        let on = |it: &&Finding| it.rule == rule && it.subject.key() == subject;
        let severities: Vec<Severity> = found.findings.iter().filter(on).map(|it| it.severity).collect();
        assert_eq!(severities, [severity], "{rule} on {subject}");
    }
}

#[test]
fn the_log_is_found_by_the_flow_that_fills_it() {
    let found = found(&sample());
    let leak = found.findings.iter().find(|it| it.rule == "F-PAN-READABLE" && it.subject.key() == "log");
    let flows: Vec<String> = leak.into_iter().flat_map(Finding::flows).map(|it| it.to_string()).collect();
    assert_eq!(flows, ["psp-log"]);
}

#[test]
fn two_truncation_formats_meet_no_longer_in_the_target() {
    let mut target = sample();
    target.settings.view = View::Target;
    assert!(!found(&target).findings.iter().any(|it| it.rule == "F-CORRELATE" && it.subject.key() == "bi"));
}

#[test]
fn these_are_all_critical_and_high_findings() {
    let found = found(&sample());
    let lines: Vec<String> = grave(&found)
        .into_iter()
        .map(|it| {
            let rules: Vec<&str> = std::iter::once(it.rule).chain(it.also.iter().copied()).collect();
            format!("{} {} on {}: {}", it.severity, rules.join(" and "), it.subject.key(), it.sentence)
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn no_finding_shows_a_digit_of_a_card_or_a_secret() {
    let found = found(&sample());
    for finding in found.findings.iter().chain(&found.questions).chain(&found.health) {
        let text = serde_json::to_string(finding).unwrap_or_default();
        assert!(!crate::model::card_number::looks_like_card_number(&text), "{text}");
    }
}

#[test]
fn every_finding_of_the_sample_is_one_of_its_kind() {
    let found = found(&sample());
    let mut seen: BTreeMap<_, usize> = BTreeMap::new();
    for finding in found.findings.iter().chain(&found.questions).chain(&found.health) {
        *seen.entry(finding.identity()).or_default() += 1;
    }
    let twice: Vec<_> = seen.into_iter().filter(|(_, times)| *times > 1).map(|(identity, _)| identity).collect();
    assert!(twice.is_empty(), "{twice:#?}");
}
