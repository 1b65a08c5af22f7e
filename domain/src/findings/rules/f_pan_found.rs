//! PCI DSS 12.10.7: there is a procedure for card numbers that turn up where they should not be.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Node, Survey};

/// Card data where nobody expects it.
pub const RULE: Rule = Rule {
    id: "F-PAN-FOUND",
    aliases: &[],
    version: 1,
    title: "Card data where nobody expects it",
    sentence: "Card data in a place that nobody knows of is the data that gets lost.",
    condition: "The model shows account data on a system of ours that people believe to be \
                outside of the CDE; what becomes of it is asked.",
    kind: Kind::Asks,
    severity: Severity::Critical,
    severity_moves: "",
    maps_to: &[Pci("12.10.7")],
    service_providers_only: false,
    reads: &["system.declared_category", "system.holdings", "flow.fields", "system.category"],
    shows: &["declared_category", "category"],
    false_positives: "The declared category may be out of date.",
    question: "What was retrieved or deleted, did authentication data come with it, and where \
                did it come from?",
    fixes: &[FixOption::fill(
        "Follow the procedure: delete or move it, look for authentication data, and find the source",
        3,
        &["system.declared_category"],
    )],
    fires: &[Example::new(
        "a system that is declared out of scope has card numbers",
        r#""systems":[{"id":"wiki","declared_category":"out_of_scope","holdings":[{"element":"pan",
               "ops":["store"]}]}]"#,
    )],
    silent: &[
        Example::new(
            "it is declared to be in the CDE",
            r#""systems":[{"id":"vault","declared_category":"cde","holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new("it has none", r#""systems":[{"id":"wiki","declared_category":"out_of_scope"}]"#),
    ],
    checks: &[Check::System(check)],
};

fn check(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    let declared = said::text(&node.system.facts, "declared_category").filter(|it| *it != "cde");
    let (Some(declared), true) = (declared, node.is_cde() && node.handles_account_data()) else { return };
    let question = format!("What was done about the account data on {}, where nobody expects any?", node.name());
    let hit = Hit::ask(node.subject(), question).shows("declared_category", declared);
    hits.add(hit.shows("category", node.category().as_str()));
}
