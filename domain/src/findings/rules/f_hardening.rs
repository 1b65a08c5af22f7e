//! PCI DSS 2.2.1: every component is configured by a standard.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Node, Survey};

/// No configuration standard assigned.
pub const RULE: Rule = Rule {
    id: "F-HARDENING",
    aliases: &[],
    version: 1,
    title: "No configuration standard assigned",
    sentence: "A system that was set up by hand keeps whatever was left open.",
    condition: "A system of ours in scope names no configuration standard.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("2.2.1")],
    service_providers_only: false,
    reads: &["system.config_standard", "system.category"],
    shows: &["config_standard", "category"],
    false_positives: "A standard that applies to a whole platform may not be entered on each system.",
    question: "Was the standard applied to this build, and which record shows it?",
    fixes: &[FixOption::fill("Name the configuration standard that applies", 1, &["system.config_standard"])],
    fires: &[Example::new(
        "a system in scope names none",
        r#""systems":[{"id":"vault","holdings":[{"element":"pan"}]}]"#,
    )],
    silent: &[
        Example::new(
            "it names one",
            r#""systems":[{"id":"vault","config_standard":"Linux 7","holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new("it is out of scope", r#""systems":[{"id":"wiki"}]"#),
    ],
    checks: &[Check::System(check)],
};

fn check(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if node.in_scope() && !said::anything(&node.system.facts, "config_standard") {
        let sentence = format!("{} is in scope, and nobody said by which standard it is configured.", node.name());
        let hit = Hit::on(node.subject(), sentence).shows("config_standard", false);
        hits.add(hit.shows("category", node.category().as_str()));
    }
}
