//! PCI DSS 10.6.1 to 10.6.3: clocks are in step with designated servers.

use super::shape::nobody_manages;
use crate::findings::fix::FixOption;
use crate::findings::hit::Hits;
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::model::relations::How;

/// No time source.
pub const RULE: Rule = Rule {
    id: "F-TIME",
    aliases: &[],
    version: 1,
    title: "No time source",
    sentence: "Logs of clocks that differ cannot be put together.",
    condition: "No designated server sets the time of a system of ours in scope.",
    kind: Kind::Decides,
    severity: Severity::Low,
    severity_moves: "",
    maps_to: &[Pci("10.6.1"), Pci("10.6.2"), Pci("10.6.3")],
    service_providers_only: false,
    reads: &["system.manages", "system.category"],
    shows: &["manages", "category"],
    false_positives: "A cloud platform may set the time of all its machines; enter it as the time source.",
    question: "Which setting names the time source?",
    fixes: &[FixOption::fill("Take the time from a designated server", 3, &["system.manages"])],
    fires: &[Example::new(
        "nothing does it for a system in scope",
        r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}]"#,
    )],
    silent: &[
        Example::new(
            "a system does it",
            r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]},{"id":"helper",
               "manages":[{"target":"vault","how":"ntp"}]}]"#,
        ),
        Example::new("the system is out of scope", r#""systems":[{"id":"wiki"}]"#),
    ],
    checks: &[Check::System(check)],
};

fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    nobody_manages(survey, node, How::Ntp, "no designated server sets its time", hits);
}
