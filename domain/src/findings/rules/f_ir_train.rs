//! PCI DSS 12.10.4, 12.10.4.1: who responds to incidents is trained, as often as a risk analysis says.

use super::shape::ask_once_anything_is_in_scope;
use crate::findings::fix::FixOption;
use crate::findings::hit::Hits;
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;

/// Training of responders.
pub const RULE: Rule = Rule {
    id: "F-IR-TRAIN",
    aliases: &[],
    version: 1,
    title: "Training of responders",
    sentence: "Who does it for the first time in an emergency makes mistakes.",
    condition: "There are systems in scope; whether responders were trained within the period of \
                the risk analysis is asked.",
    kind: Kind::Asks,
    severity: Severity::Low,
    severity_moves: "",
    maps_to: &[Pci("12.10.4"), Pci("12.10.4.1")],
    service_providers_only: false,
    reads: &["system.category"],
    shows: &["systems_in_scope"],
    false_positives: "Responders may be trained by their provider.",
    question: "Which training record and which risk analysis are there?",
    fixes: &[FixOption::fill("Train responders, and record it", 2, &["settings.note"])],
    fires: &[Example::new(
        "there is a system in scope",
        r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}]"#,
    )],
    silent: &[Example::new("nothing is in scope", r#""systems":[{"id":"wiki"}]"#)],
    checks: &[Check::Workspace(check)],
};

fn check(survey: &Survey<'_>, hits: &mut Hits) {
    let question = "Were those who respond to incidents trained in the period of the risk analysis?";
    ask_once_anything_is_in_scope(survey, hits, question);
}
