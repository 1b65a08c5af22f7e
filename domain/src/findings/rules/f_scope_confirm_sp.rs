//! PCI DSS 12.5.2.1: service providers confirm their scope every six months.

use super::shape::ask_once_anything_is_in_scope;
use crate::findings::fix::FixOption;
use crate::findings::hit::Hits;
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;

/// Scope confirmation of a service provider.
pub const RULE: Rule = Rule {
    id: "F-SCOPE-CONFIRM-SP",
    aliases: &[],
    version: 1,
    title: "Scope confirmation of a service provider",
    sentence: "Many depend on a provider, so it looks twice as often.",
    condition: "A service provider has systems in scope; whether the scope was confirmed in the \
                last 184 days is asked.",
    kind: Kind::Asks,
    severity: Severity::Critical,
    severity_moves: "",
    maps_to: &[Pci("12.5.2.1")],
    service_providers_only: true,
    reads: &["system.category", "settings.service_provider"],
    shows: &["systems_in_scope"],
    false_positives: "A confirmation outside of this tool counts, too.",
    question: "Which signed review of the last six months confirms the scope?",
    fixes: &[FixOption::fill("Review the scope, and sign it", 3, &["settings.note"])],
    fires: &[Example::new(
        "there is a system in scope",
        r#""settings":{"service_provider":true},"systems":[{"id":"vault","holdings":[{"element":"pan",
               "ops":["store"]}]}]"#,
    )],
    silent: &[
        Example::new("nothing is in scope", r#""settings":{"service_provider":true},"systems":[{"id":"wiki"}]"#),
        Example::new(
            "we are no service provider",
            r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}]"#,
        ),
    ],
    checks: &[Check::Workspace(check)],
};

fn check(survey: &Survey<'_>, hits: &mut Hits) {
    ask_once_anything_is_in_scope(survey, hits, "Was the scope confirmed and signed in the last 184 days?");
}
