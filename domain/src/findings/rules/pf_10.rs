//! Common practice: a new payment field on a flow is noticed and approved.

use super::shape::ask_once_anything_is_in_scope;
use crate::findings::fix::FixOption;
use crate::findings::hit::Hits;
use crate::findings::requirement::Mapping::{OwaspApi, Pci};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;

/// Field that crept in.
pub const RULE: Rule = Rule {
    id: "PF-10",
    aliases: &[],
    version: 1,
    title: "Field that crept in",
    sentence: "A field that was added for one ticket stays for years.",
    condition: "There are systems in scope; whether each payment field that was added since the \
                last signed review was approved is asked.",
    kind: Kind::Asks,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("1.2.4"), Pci("6.5.1"), OwaspApi("API9")],
    service_providers_only: false,
    reads: &["system.category"],
    shows: &["systems_in_scope"],
    false_positives: "A field may have been there before it was entered.",
    question: "Which fields were added since the last signed review, and who approved each of them?",
    fixes: &[FixOption::fill(
        "Compare with the last signed review, and have new fields approved",
        1,
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
    let question = "Was every payment field that was added since the last signed review approved?";
    ask_once_anything_is_in_scope(survey, hits, question);
}
