//! Common practice: a system that rises in scope is noticed when it happens.

use super::shape::ask_once_anything_is_in_scope;
use crate::findings::fix::FixOption;
use crate::findings::hit::Hits;
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;

/// Scope that rose.
pub const RULE: Rule = Rule {
    id: "PF-36",
    aliases: &[],
    version: 1,
    title: "Scope that rose",
    sentence: "A scope that grows unnoticed is found by the assessor.",
    condition: "There are systems in scope; whether each system that rose since the last signed \
                review was looked at is asked.",
    kind: Kind::Asks,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("12.5.2"), Pci("6.5.2")],
    service_providers_only: false,
    reads: &["system.category"],
    shows: &["systems_in_scope"],
    false_positives: "A system may have been in scope before it was entered.",
    question: "Which systems rose since the last signed review, and which change made them rise?",
    fixes: &[FixOption::fill(
        "Compare with the last signed review, and undo what was not meant",
        2,
        &["settings.note"],
    )],
    fires: &[Example::new(
        "there is a system in scope",
        r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}]"#,
    )],
    silent: &[Example::new("nothing is in scope", r#""systems":[{"id":"wiki"}]"#)],
    checks: &[Check::Workspace(check)],
};

fn check(survey: &Survey<'_>, hits: &mut Hits) {
    let question = "Was every system that rose in scope since the last signed review looked at?";
    ask_once_anything_is_in_scope(survey, hits, question);
}
