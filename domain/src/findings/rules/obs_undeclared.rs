//! PCI DSS 12.5.2: what a source saw is part of the documented estate, or it is no estate that anybody knows.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::{OwaspApi, Pci};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;
use crate::observation::{DriftKind, drifts};

/// Seen, and declared nowhere.
pub const RULE: Rule = Rule {
    id: "OBS-UNDECLARED",
    aliases: &[],
    version: 1,
    title: "Seen, and declared nowhere",
    sentence: "What nobody declared is in no scope, in no review and on no list of keys to rotate.",
    condition: "A source saw a secret, a webhook, a system or an element on a system that the model does not declare.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "Critical where a card number or authentication data was found that somebody could use.",
    maps_to: &[Pci("12.5.2"), OwaspApi("API9")],
    service_providers_only: false,
    reads: &["observation.seen", "observation.format", "system.holdings", "credential.name", "flow.kind"],
    shows: &["seen", "at", "source"],
    false_positives: "The model may know it under another name; give the object the key or name that the source uses.",
    question: "What is it, who owns it, and why was it not declared?",
    fixes: &[FixOption::fill("Declare it, or remove it where it was seen", 2, &["observation.note"])],
    fires: &[
        Example::new(
            "a scanner finds card numbers on a system that is not declared to have any",
            r#""systems":[{"id":"web"}],"observations":[{"id":"scan","format":"log_scanner",
               "seen_at":"2025-12-31T00:00:00Z","seen":[{"system":"web","element":"pan","form":"clear",
               "at":"2025-12-30T10:00:00Z"}]}]"#,
        ),
        Example::new(
            "a store has a secret that no credential is",
            r#""observations":[{"id":"vault","format":"secret_store","seen_at":"2025-12-31T00:00:00Z",
               "seen":[{"id":"psp-api-key"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "the system is declared to have it",
            r#""systems":[{"id":"web","holdings":[{"element":"pan","ops":["store"]}]}],"observations":[{"id":"scan",
               "format":"log_scanner","seen_at":"2025-12-31T00:00:00Z","seen":[{"system":"web","element":"pan",
               "form":"clear","at":"2025-12-30T10:00:00Z"}]}]"#,
        ),
        Example::new(
            "the secret is a credential",
            r#""credentials":[{"id":"psp-api-key","kind":"api_key"}],"observations":[{"id":"vault",
               "format":"secret_store","seen_at":"2025-12-31T00:00:00Z","seen":[{"id":"psp-api-key"}]}]"#,
        ),
    ],
    checks: &[Check::Workspace(check)],
};

fn check(survey: &Survey<'_>, hits: &mut Hits) {
    for drift in drifts(survey.model).into_iter().filter(|it| it.kind == DriftKind::Undeclared) {
        let severity = if drift.account_data { Severity::Critical } else { Severity::Medium };
        let hit = Hit::on(drift.subject, drift.sentence).about_aspect(&drift.about).severity(severity);
        hits.add(hit.shows("seen", drift.seen.as_deref()).shows("at", drift.at).shows("source", drift.source));
    }
}
