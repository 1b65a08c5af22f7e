//! PCI DSS 12.10.1 to 12.10.3: there is an incident plan, it is tested every year, and somebody can always be
//! reached.

use super::shape::ask_once_anything_is_in_scope;
use crate::findings::fix::FixOption;
use crate::findings::hit::Hits;
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;

/// Incident plan and its test.
pub const RULE: Rule = Rule {
    id: "F-IR-PLAN",
    aliases: &[],
    version: 1,
    title: "Incident plan and its test",
    sentence: "In the night of the incident nobody has time to write a plan.",
    condition: "There are systems in scope; whether a plan covers them, was tested in the last \
                twelve months, and who is reached at night, is asked.",
    kind: Kind::Asks,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("12.10.1"), Pci("12.10.2"), Pci("12.10.3")],
    service_providers_only: false,
    reads: &["system.category"],
    shows: &["systems_in_scope"],
    false_positives: "The plan of the whole company may cover these systems.",
    question: "Which plan, which test, and who is on call?",
    fixes: &[FixOption::fill("Write the plan, and test it", 5, &["settings.note"])],
    fires: &[Example::new(
        "there is a system in scope",
        r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}]"#,
    )],
    silent: &[Example::new("nothing is in scope", r#""systems":[{"id":"wiki"}]"#)],
    checks: &[Check::Workspace(check)],
};

fn check(survey: &Survey<'_>, hits: &mut Hits) {
    let question = "Is there an incident plan for these systems that was tested in the last twelve months?";
    ask_once_anything_is_in_scope(survey, hits, question);
}
