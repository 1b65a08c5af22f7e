//! PCI DSS 12.5.3: service providers review the scope after a reorganisation, and tell their executives.

use super::shape::ask_once_anything_is_in_scope;
use crate::findings::fix::FixOption;
use crate::findings::hit::Hits;
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;

/// Reorganisation without a look at the scope.
pub const RULE: Rule = Rule {
    id: "F-ORG-CHANGE",
    aliases: &[],
    version: 1,
    title: "Reorganisation without a look at the scope",
    sentence: "When people move, controls are left behind.",
    condition: "A service provider has systems in scope; whether a reorganisation was followed \
                by a review of the scope that executives know of is asked.",
    kind: Kind::Asks,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("12.5.3")],
    service_providers_only: true,
    reads: &["system.category", "settings.service_provider"],
    shows: &["systems_in_scope"],
    false_positives: "There may have been none; then say so.",
    question: "Which reorganisation was there, and which minutes show that executives know the \
                outcome of the review?",
    fixes: &[FixOption::fill("Review the scope after the reorganisation, and report it", 3, &["settings.note"])],
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
    let question = "Was each reorganisation followed by a review of the scope that executives know of?";
    ask_once_anything_is_in_scope(survey, hits, question);
}
