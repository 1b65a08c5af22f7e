//! PCI DSS 10.2.1, 10.2.1.1, 10.2.2, 10.3.3: systems in scope write audit logs, and send them to a central place.

use super::shape::nobody_manages;
use crate::findings::fix::FixOption;
use crate::findings::hit::Hits;
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::model::relations::How;

/// No audit log in a central place.
pub const RULE: Rule = Rule {
    id: "F-LOGGING",
    aliases: &[],
    version: 1,
    title: "No audit log in a central place",
    sentence: "Without a log, nobody will know what happened.",
    condition: "No system collects the logs of a system of ours in scope.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("10.2.1"), Pci("10.2.1.1"), Pci("10.2.2"), Pci("10.3.3")],
    service_providers_only: false,
    reads: &["system.manages", "system.category"],
    shows: &["manages", "category"],
    false_positives: "A managed service may keep its logs at the provider; enter the provider as the \
                log system.",
    question: "Do log samples show user, type, time, result, origin and object?",
    fixes: &[FixOption::fill("Send its logs to the central log store", 3, &["system.manages"])],
    fires: &[Example::new(
        "nothing does it for a system in scope",
        r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}]"#,
    )],
    silent: &[
        Example::new(
            "a system does it",
            r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]},{"id":"helper",
               "manages":[{"target":"vault","how":"log"}]}]"#,
        ),
        Example::new("the system is out of scope", r#""systems":[{"id":"wiki"}]"#),
    ],
    checks: &[Check::System(check)],
};

fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    nobody_manages(survey, node, How::Log, "no system collects its logs", hits);
}
