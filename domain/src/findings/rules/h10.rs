//! Health of the model: somebody owns the drill for card numbers that turn up anywhere.

use super::shape::ask_once_anything_is_in_scope;
use crate::findings::fix::FixOption;
use crate::findings::hit::Hits;
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;

/// Drill for unexpected card numbers.
pub const RULE: Rule = Rule {
    id: "H10",
    aliases: &[],
    version: 1,
    title: "Drill for unexpected card numbers",
    sentence: "In the hour in which card numbers turn up, somebody must know what to do.",
    condition: "There are systems in scope; who owns the drill is asked.",
    kind: Kind::Health,
    severity: Severity::Info,
    severity_moves: "",
    maps_to: &[Pci("12.10.7")],
    service_providers_only: false,
    reads: &["system.category"],
    shows: &["systems_in_scope"],
    false_positives: "The incident plan may name the owner.",
    question: "Who owns the drill for card numbers that turn up anywhere, and when was it last \
                held?",
    fixes: &[FixOption::fill("Name the owner of the drill", 1, &["settings.note"])],
    fires: &[Example::new(
        "there is a system in scope",
        r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}]"#,
    )],
    silent: &[Example::new("nothing is in scope", r#""systems":[{"id":"wiki"}]"#)],
    checks: &[Check::Workspace(check)],
};

fn check(survey: &Survey<'_>, hits: &mut Hits) {
    ask_once_anything_is_in_scope(survey, hits, "Who owns the drill for card numbers that turn up anywhere?");
}
