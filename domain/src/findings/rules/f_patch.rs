//! PCI DSS 6.3.1, 6.3.3: vulnerabilities are ranked, and critical patches are installed within one month.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Node, Survey};

/// Critical patches within a month.
pub const RULE: Rule = Rule {
    id: "F-PATCH",
    aliases: &[],
    version: 1,
    title: "Critical patches within a month",
    sentence: "Most break-ins use a hole for which there was a patch.",
    condition: "A system of ours is in scope and names its product; whether a critical \
                vulnerability has been open for more than 31 days is asked.",
    kind: Kind::Asks,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("6.3.1"), Pci("6.3.3")],
    service_providers_only: false,
    reads: &["system.product", "system.product_version", "system.category"],
    shows: &["product", "product_version", "category"],
    false_positives: "A vulnerability may not be reachable in this configuration; the ranking should \
                say so.",
    question: "Which vulnerabilities are open, how are they ranked, and since when does the \
                vendor have a patch?",
    fixes: &[FixOption::fill("Patch, and enter the version", 2, &["system.product_version"])],
    fires: &[Example::new(
        "a system in scope names its product",
        r#""systems":[{"id":"db","product":"PostgreSQL","holdings":[{"element":"pan"}]}]"#,
    )],
    silent: &[
        Example::new("it is out of scope", r#""systems":[{"id":"wiki","product":"Wiki"}]"#),
        Example::new(
            "it is a provider",
            r#""systems":[{"id":"psp","boundary":"third_party","product":"Gateway",
               "holdings":[{"element":"pan"}]}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

fn check(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    let facts = &node.system.facts;
    if node.in_scope() && said::anything(facts, "product") {
        let question = format!("Is every critical patch for {} installed within a month?", node.name());
        let hit = Hit::ask(node.subject(), question).shows("product", true);
        let hit = hit.shows("product_version", said::text(facts, "product_version"));
        hits.add(hit.shows("category", node.category().as_str()));
    }
}
