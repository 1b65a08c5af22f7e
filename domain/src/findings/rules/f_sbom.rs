//! PCI DSS 6.3.2: own software and the components in it are inventoried.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Node, Survey};

/// Component inventory of own software missing.
pub const RULE: Rule = Rule {
    id: "F-SBOM",
    aliases: &[],
    version: 1,
    title: "Component inventory of own software missing",
    sentence: "When a component turns out to be broken, only an inventory says where it is.",
    condition: "Our own software runs on a system in scope and no inventory of its components is \
                on record.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("6.3.2")],
    service_providers_only: false,
    reads: &["system.bespoke", "system.sbom_ref", "system.category"],
    shows: &["bespoke", "sbom_ref"],
    false_positives: "An inventory for the whole company may cover it; enter its reference.",
    question: "Which component inventory holds for the release in use?",
    fixes: &[FixOption::fill(
        "Have the inventory made with each build, and enter its reference",
        3,
        &["system.sbom_ref"],
    )],
    fires: &[Example::new(
        "own software has no inventory",
        r#""systems":[{"id":"app","bespoke":true,"holdings":[{"element":"pan"}]}]"#,
    )],
    silent: &[
        Example::new(
            "an inventory is on record",
            r#""systems":[{"id":"app","bespoke":true,"sbom_ref":"EV-0001","holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new("nobody said whether it is our own", r#""systems":[{"id":"app","holdings":[{"element":"pan"}]}]"#),
    ],
    checks: &[Check::System(check)],
};

fn check(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    let facts = &node.system.facts;
    if node.in_scope() && said::yes(facts, "bespoke") == Some(true) && !said::anything(facts, "sbom_ref") {
        let sentence = format!("{} is our own software in scope, and no inventory lists its components.", node.name());
        hits.add(Hit::on(node.subject(), sentence).shows("bespoke", true).shows("sbom_ref", false));
    }
}
