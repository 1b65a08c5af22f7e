//! PCI DSS 12.5.2: the scope is documented and confirmed every twelve months and after significant changes.

use super::shape::ask_once_anything_is_in_scope;
use crate::findings::fix::FixOption;
use crate::findings::hit::Hits;
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;

/// Scope confirmation.
pub const RULE: Rule = Rule {
    id: "F-SCOPE-CONFIRM",
    aliases: &[],
    version: 1,
    title: "Scope confirmation",
    sentence: "A scope that nobody confirmed is an opinion.",
    condition: "There are systems in scope; whether the scope was confirmed, with all its seven \
                elements, in the last 365 days and after the last significant change, is asked.",
    kind: Kind::Asks,
    severity: Severity::Critical,
    severity_moves: "",
    maps_to: &[Pci("12.5.2")],
    service_providers_only: false,
    reads: &["system.category"],
    shows: &["systems_in_scope"],
    false_positives: "A confirmation outside of this tool counts, too.",
    question: "Which signed review confirms the scope, and which of the seven elements does it \
                cover?",
    fixes: &[FixOption::fill("Review the scope, and sign it", 3, &["settings.note"])],
    fires: &[Example::new(
        "there is a system in scope",
        r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}]"#,
    )],
    silent: &[Example::new("nothing is in scope", r#""systems":[{"id":"wiki"}]"#)],
    checks: &[Check::Workspace(check)],
};

fn check(survey: &Survey<'_>, hits: &mut Hits) {
    let question = "Was the scope confirmed and signed in the last 365 days and after the last significant change?";
    ask_once_anything_is_in_scope(survey, hits, question);
}
