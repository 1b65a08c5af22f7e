//! PCI DSS 12.5.1: systems in scope are inventoried with what they are for.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Node, Survey};

/// Inventory of systems in scope incomplete.
pub const RULE: Rule = Rule {
    id: "F-INVENTORY",
    aliases: &[],
    version: 1,
    title: "Inventory of systems in scope incomplete",
    sentence: "What nobody owns or can explain, nobody looks after.",
    condition: "A system of ours in scope has no description of what it does, or no owner.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("12.5.1")],
    service_providers_only: false,
    reads: &[
        "system.name",
        "system.function_use",
        "system.function",
        "system.owner",
        "system.environment",
        "system.category",
    ],
    shows: &["function_use", "owner", "environment"],
    false_positives: "A system that was named in an import may still wait to be described.",
    question: "Which inventory has the system, and who keeps it current?",
    fixes: &[FixOption::fill("Say what it does, and who answers for it", 1, &["system.function_use", "system.owner"])],
    fires: &[
        Example::new(
            "nobody owns a system in scope",
            r#""systems":[{"id":"vault","function_use":"Keeps cards","holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "nobody said what it does",
            r#""people":[{"id":"lead"}],"systems":[{"id":"vault","owner":"lead",
               "holdings":[{"element":"pan"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "use and owner are there",
            r#""people":[{"id":"lead"}],"systems":[{"id":"vault","owner":"lead",
               "function_use":"Keeps cards","holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new("it is out of scope", r#""systems":[{"id":"wiki"}]"#),
    ],
    checks: &[Check::System(check)],
};

fn check(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !node.in_scope() {
        return;
    }
    let described = said::anything(&node.system.facts, "function_use");
    let owned = said::anything(&node.system.facts, "owner");
    let why = match (described, owned) {
        (true, true) => return,
        (false, true) => "nobody said what it does",
        (true, false) => "nobody answers for it",
        (false, false) => "nobody said what it does or who answers for it",
    };
    let sentence = format!("{} is in scope, and {why}.", node.name());
    let hit = Hit::on(node.subject(), sentence).shows("function_use", described).shows("owner", owned);
    hits.add(hit.shows("environment", node.system.environment.as_str()));
}
