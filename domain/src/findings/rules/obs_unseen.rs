//! PCI DSS 12.5.2: what is declared is there, where somebody looks at all of it.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;
use crate::observation::{DriftKind, drifts};

/// Declared, and never seen.
pub const RULE: Rule = Rule {
    id: "OBS-UNSEEN",
    aliases: &[],
    version: 1,
    title: "Declared, and never seen",
    sentence: "A map that shows what is gone hides what is there.",
    condition: "A source has covered something completely for thirty days, and does not list a credential, webhook or \
                system that is declared there.",
    kind: Kind::Decides,
    severity: Severity::Low,
    severity_moves: "",
    maps_to: &[Pci("12.5.2")],
    service_providers_only: false,
    reads: &[
        "observation.seen",
        "observation.complete_for",
        "observation.complete_since",
        "credential.location",
        "credential.enabled",
        "flow.kind",
        "flow.stage",
        "system.lifecycle",
    ],
    shows: &["source"],
    false_positives: "The source may know it under another name, or may not cover all that it says.",
    question: "Is it still there, and where does the source list it?",
    fixes: &[FixOption::fill(
        "Retire what is gone, or correct what the source covers",
        1,
        &["observation.complete_for"],
    )],
    fires: &[Example::new(
        "the store covers all of the vault and does not list the credential",
        r#""credentials":[{"id":"key","kind":"api_key","location":"vault"}],"observations":[{"id":"vault",
           "format":"secret_store","seen_at":"2025-12-31T00:00:00Z","complete_for":["vault"],
           "complete_since":"2025-11-01","seen":[]}]"#,
    )],
    silent: &[
        Example::new(
            "the source covers it for less than thirty days",
            r#""credentials":[{"id":"key","kind":"api_key","location":"vault"}],"observations":[{"id":"vault",
               "format":"secret_store","seen_at":"2025-12-31T00:00:00Z","complete_for":["vault"],
               "complete_since":"2025-12-20","seen":[]}]"#,
        ),
        Example::new(
            "the source does not cover that place",
            r#""credentials":[{"id":"key","kind":"api_key","location":"ci"}],"observations":[{"id":"vault",
               "format":"secret_store","seen_at":"2025-12-31T00:00:00Z","complete_for":["vault"],
               "complete_since":"2025-11-01","seen":[]}]"#,
        ),
    ],
    checks: &[Check::Workspace(check)],
};

fn check(survey: &Survey<'_>, hits: &mut Hits) {
    for drift in drifts(survey.model).into_iter().filter(|it| it.kind == DriftKind::Unseen) {
        if hits.over_at(drift.at) {
            let hit = Hit::on(drift.subject, drift.sentence).about_aspect(&drift.about);
            hits.add(hit.shows("source", drift.source));
        }
    }
}
