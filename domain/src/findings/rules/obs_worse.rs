//! PCI DSS 12.5.2: a source saw something in a worse form than it is declared.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;
use crate::observation::{DriftKind, drifts};

/// Seen in a worse form than declared.
pub const RULE: Rule = Rule {
    id: "OBS-WORSE",
    aliases: &[],
    version: 1,
    title: "Seen in a worse form than declared",
    sentence: "A protection that is on paper only protects nothing.",
    condition: "A source saw an element in a form that tells more than the declared one, a webhook without its declared \
                signature or after its retirement, a secret in a place that is easier to reach, a disabled secret in use, \
                or a configuration that did not pass.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "Critical where a card number or authentication data was found that somebody could use.",
    maps_to: &[Pci("12.5.2")],
    service_providers_only: false,
    reads: &[
        "observation.seen",
        "observation.format",
        "system.holdings",
        "credential.location",
        "credential.enabled",
        "flow.signature",
        "flow.stage",
    ],
    shows: &["declared", "seen", "at", "source"],
    false_positives: "A scanner takes some numbers for card numbers; look at the place before the value is deleted.",
    question: "Which of the two is true, and since when?",
    fixes: &[FixOption::fill("Repair what was seen, or correct what is declared", 2, &["observation.note"])],
    fires: &[
        Example::new(
            "a number that is declared truncated is found in clear",
            r#""systems":[{"id":"web","holdings":[{"element":"pan","form":"truncated","ops":["store"]}]}],
               "observations":[{"id":"scan","format":"log_scanner","seen_at":"2025-12-31T00:00:00Z","seen":[
               {"system":"web","element":"pan","form":"clear","at":"2025-12-30T10:00:00Z"}]}]"#,
        ),
        Example::new(
            "a signed webhook is not signed",
            r#""systems":[{"id":"psp"},{"id":"shop"}],"flows":[{"id":"paid","from":"psp","to":"shop","kind":"webhook",
               "signature":"hmac"}],"observations":[{"id":"hooks","format":"webhooks","seen_at":"2025-12-31T00:00:00Z",
               "seen":[{"endpoint":"paid","signed":false}]}]"#,
        ),
    ],
    silent: &[Example::new(
        "the number is found in the declared form",
        r#""systems":[{"id":"web","holdings":[{"element":"pan","form":"truncated","ops":["store"]}]}],
           "observations":[{"id":"scan","format":"log_scanner","seen_at":"2025-12-31T00:00:00Z","seen":[
           {"system":"web","element":"pan","form":"truncated","at":"2025-12-30T10:00:00Z"}]}]"#,
    )],
    checks: &[Check::Workspace(check)],
};

fn check(survey: &Survey<'_>, hits: &mut Hits) {
    for drift in drifts(survey.model).into_iter().filter(|it| it.kind == DriftKind::Worse) {
        let severity = if drift.account_data { Severity::Critical } else { Severity::High };
        let hit = Hit::on(drift.subject, drift.sentence).about_aspect(&drift.about).severity(severity);
        let hit = hit.shows("declared", drift.declared.as_deref()).shows("seen", drift.seen.as_deref());
        hits.add(hit.shows("at", drift.at).shows("source", drift.source));
    }
}
