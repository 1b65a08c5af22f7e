//! PCI DSS 12.5.2: a source and the model disagree.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;
use crate::observation::{DriftKind, drifts};

/// Seen otherwise than declared.
pub const RULE: Rule = Rule {
    id: "OBS-DIFFERS",
    aliases: &[],
    version: 1,
    title: "Seen otherwise than declared",
    sentence: "A date that nobody checks is a date that somebody made up.",
    condition: "A store of secrets says another day of rotation or of last use, or another place, than the credential; or a \
                webhook is signed that is declared unsigned.",
    kind: Kind::Decides,
    severity: Severity::Low,
    severity_moves: "Medium where the rotation disagrees.",
    maps_to: &[Pci("12.5.2")],
    service_providers_only: false,
    reads: &[
        "observation.seen",
        "observation.format",
        "credential.location",
        "credential.last_rotated",
        "grant.last_used",
        "flow.signature",
    ],
    shows: &["declared", "seen", "source"],
    false_positives: "A store may count a new version of a secret as a rotation.",
    question: "Which of the two is true?",
    fixes: &[FixOption::fill(
        "Correct what is declared, or what the source says",
        1,
        &["credential.last_rotated", "grant.last_used"],
    )],
    fires: &[Example::new(
        "the store says another day of rotation",
        r#""credentials":[{"id":"key","kind":"api_key","last_rotated":"2025-11-01"}],"observations":[{"id":"vault",
           "format":"secret_store","seen_at":"2025-12-31T00:00:00Z","seen":[{"id":"key","rotated":"2024-02-01"}]}]"#,
    )],
    silent: &[
        Example::new(
            "they agree",
            r#""credentials":[{"id":"key","kind":"api_key","last_rotated":"2025-11-01"}],"observations":[{"id":"vault",
               "format":"secret_store","seen_at":"2025-12-31T00:00:00Z","seen":[{"id":"key","rotated":"2025-11-01"}]}]"#,
        ),
        Example::new(
            "nothing is declared about it",
            r#""credentials":[{"id":"key","kind":"api_key"}],"observations":[{"id":"vault","format":"secret_store",
               "seen_at":"2025-12-31T00:00:00Z","seen":[{"id":"key","rotated":"2025-11-01"}]}]"#,
        ),
    ],
    checks: &[Check::Workspace(check)],
};

fn check(survey: &Survey<'_>, hits: &mut Hits) {
    for drift in drifts(survey.model).into_iter().filter(|it| it.kind == DriftKind::Differs) {
        let severity = if drift.about.ends_with(":rotated") { Severity::Medium } else { Severity::Low };
        let hit = Hit::on(drift.subject, drift.sentence).about_aspect(&drift.about).severity(severity);
        let hit = hit.shows("declared", drift.declared.as_deref()).shows("seen", drift.seen.as_deref());
        hits.add(hit.shows("source", drift.source));
    }
}
