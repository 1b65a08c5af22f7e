//! PCI DSS 12.9.1, 12.9.2: providers acknowledge their responsibility to customers, and tell them status and duties
//! when asked.

use super::shape::ask_once_anything_is_in_scope;
use crate::findings::fix::FixOption;
use crate::findings::hit::Hits;
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;

/// Duties towards customers.
pub const RULE: Rule = Rule {
    id: "F-TPSP-CUSTOMER",
    aliases: &[],
    version: 1,
    title: "Duties towards customers",
    sentence: "What our providers owe us, we owe our customers.",
    condition: "A service provider has systems in scope; whether it has an agreement, an \
                attestation and a matrix to hand to customers is asked.",
    kind: Kind::Asks,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("12.9.1"), Pci("12.9.2")],
    service_providers_only: true,
    reads: &["system.category", "settings.service_provider"],
    shows: &["systems_in_scope"],
    false_positives: "A provider without customers of its own in this scope has nothing to hand out.",
    question: "Which agreement, attestation and matrix do customers get?",
    fixes: &[FixOption::fill("Prepare what customers may ask for", 3, &["settings.note"])],
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
    let question = "Do customers get an agreement, an attestation and a matrix of who does what?";
    ask_once_anything_is_in_scope(survey, hits, question);
}
