//! PCI DSS 6.2.1 to 6.2.4: own software is developed securely, by trained people, and reviewed before release.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Node, Survey};

/// Evidence of secure development.
pub const RULE: Rule = Rule {
    id: "F-SDLC",
    aliases: &[],
    version: 1,
    title: "Evidence of secure development",
    sentence: "A mistake in our own software is found either by a colleague or by an attacker.",
    condition: "Our own software runs on a system in scope; whether its releases were reviewed \
                by somebody else, and its developers trained, is asked.",
    kind: Kind::Asks,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("6.2.1"), Pci("6.2.2"), Pci("6.2.3"), Pci("6.2.3.1"), Pci("6.2.4")],
    service_providers_only: false,
    reads: &["system.bespoke", "system.category"],
    shows: &["bespoke", "category"],
    false_positives: "Software that was bought is not our own, even where it was set up for us.",
    question: "Which procedure holds for this release, who reviewed it, and when were its \
                developers last trained?",
    fixes: &[FixOption::fill(
        "Have releases reviewed by somebody else, and train developers every year",
        5,
        &["system.build_record"],
    )],
    fires: &[Example::new(
        "own software runs in scope",
        r#""systems":[{"id":"app","bespoke":true,"holdings":[{"element":"pan"}]}]"#,
    )],
    silent: &[
        Example::new("it was bought", r#""systems":[{"id":"app","bespoke":false,"holdings":[{"element":"pan"}]}]"#),
        Example::new("it is out of scope", r#""systems":[{"id":"app","bespoke":true}]"#),
    ],
    checks: &[Check::System(check)],
};

fn check(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if node.in_scope() && said::yes(&node.system.facts, "bespoke") == Some(true) {
        let question = format!(
            "Was the last release of {} reviewed by somebody else than its author, and are its developers trained?",
            node.name()
        );
        let hit = Hit::ask(node.subject(), question).shows("bespoke", true);
        hits.add(hit.shows("category", node.category().as_str()));
    }
}
