//! PCI DSS 10.4.1, 10.4.1.1, 10.4.2, 10.4.2.1: logs of card systems and security systems are reviewed every day by
//! a tool, others as often as a risk analysis says.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Node, Survey};
use crate::scope::verdict::Category;

/// Logs not reviewed.
pub const RULE: Rule = Rule {
    id: "F-LOG-REVIEW",
    aliases: &[],
    version: 1,
    title: "Logs not reviewed",
    sentence: "A log that nobody reads only tells how long the intruder was there.",
    condition: "The logs of a CDE or security-impacting system are not reviewed automatically \
                every day, or those of another system in scope are reviewed periodically without \
                a risk analysis, or not at all.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("10.4.1"), Pci("10.4.1.1"), Pci("10.4.2"), Pci("10.4.2.1")],
    service_providers_only: false,
    reads: &["system.log_review", "system.log_review_tra_ref", "system.category"],
    shows: &["log_review", "log_review_tra_ref", "category"],
    false_positives: "A central tool may review all logs; say so on each system.",
    question: "Which rules review these logs, and what do the records show?",
    fixes: &[FixOption::fill(
        "Review them by a tool every day, or by a risk analysis",
        2,
        &["system.log_review", "system.log_review_tra_ref"],
    )],
    fires: &[
        Example::new(
            "a card system is reviewed now and then",
            r#""systems":[{"id":"vault","log_review":"periodic","holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "a system in scope is not reviewed",
            r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]},{"id":"app",
               "log_review":"none"}],"flows":[{"id":"f","from":"app","to":"vault"}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "it is reviewed every day",
            r#""systems":[{"id":"vault","log_review":"automated_daily","holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "a connected one is reviewed by risk analysis",
            r#""systems":[{"id":"vault","log_review":"automated_daily","holdings":[{"element":"pan"}]},
               {"id":"app","log_review":"periodic","log_review_tra_ref":"TRA-1"}],"flows":[{"id":"f",
               "from":"app","to":"vault"}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

fn check(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !node.in_scope() {
        return;
    }
    let facts = &node.system.facts;
    let analysis = said::anything(facts, "log_review_tra_ref");
    let daily = matches!(node.category(), Category::Cde | Category::SecurityImpacting);
    let review = said::text(facts, "log_review");
    let hit = match review {
        Some("automated_daily") => return,
        Some("periodic") if !daily && analysis => return,
        None => Hit::ask(node.subject(), format!("Who or what reviews the logs of {}, and how often?", node.name())),
        Some("periodic") if daily => {
            let sentence = format!("The logs of {} are not reviewed by a tool every day.", node.name());
            Hit::on(node.subject(), sentence)
        }
        Some("periodic") => {
            let sentence = format!("No risk analysis says how often the logs of {} are reviewed.", node.name());
            Hit::on(node.subject(), sentence)
        }
        Some(_) => Hit::on(node.subject(), format!("Nobody reviews the logs of {}.", node.name())),
    };
    let hit = hit.shows("log_review", review).shows("log_review_tra_ref", analysis);
    hits.add(hit.shows("category", node.category().as_str()));
}
