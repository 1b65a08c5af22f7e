//! PCI DSS 7.2.4: user accounts and their rights, those of third parties included, are reviewed every six months.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Node, Survey};

/// Review of user access overdue.
pub const RULE: Rule = Rule {
    id: "F-USER-REVIEW",
    aliases: &[],
    version: 1,
    title: "Review of user access overdue",
    sentence: "People change their work and keep their rights, unless somebody looks.",
    condition: "The last review of access to a system of ours in scope is older than 184 days.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("7.2.4")],
    service_providers_only: false,
    reads: &["system.access_review", "system.category"],
    shows: &["access_review", "category"],
    false_positives: "A review of all accounts at once may cover it; enter its day.",
    question: "When was access last reviewed, and did management acknowledge the outcome?",
    fixes: &[FixOption::fill("Review who has access, and record the day", 1, &["system.access_review"])],
    fires: &[Example::new(
        "the last review is seven months old",
        r#""systems":[{"id":"vault","access_review":"2025-05-20","holdings":[{"element":"pan"}]}]"#,
    )],
    silent: &[
        Example::new(
            "the last review is recent",
            r#""systems":[{"id":"vault","access_review":"2025-12-20","holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new("it is out of scope", r#""systems":[{"id":"wiki","access_review":"2025-05-20"}]"#),
    ],
    checks: &[Check::System(check)],
};

/// Six months in days.
const PERIOD: u64 = 184;

fn check(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !node.in_scope() {
        return;
    }
    let hit = match said::day(&node.system.facts, "access_review") {
        None => {
            let question = format!("When was access to {} last reviewed?", node.name());
            Hit::ask(node.subject(), question).shows("access_review", false)
        }
        Some(day) if hits.overdue(day, PERIOD) => {
            let sentence = format!("Access to {} was last reviewed on {day}, more than six months ago.", node.name());
            Hit::on(node.subject(), sentence).shows("access_review", day)
        }
        Some(_) => return,
    };
    hits.add(hit.shows("category", node.category().as_str()));
}
