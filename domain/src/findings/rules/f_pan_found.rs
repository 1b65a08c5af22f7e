//! PCI DSS 12.10.7: there is a procedure for card numbers that turn up where they should not be.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Node, Survey};
use crate::observation::{DriftKind, drifts};

/// Card data where nobody expects it.
pub const RULE: Rule = Rule {
    id: "F-PAN-FOUND",
    aliases: &[],
    version: 2,
    title: "Card data where nobody expects it",
    sentence: "Card data in a place that nobody knows of is the data that gets lost.",
    condition: "The model shows account data on a system of ours that people believe to be \
                outside of the CDE, or a scanner of logs found some where none is declared; what \
                becomes of it is asked.",
    kind: Kind::Asks,
    severity: Severity::Critical,
    severity_moves: "",
    maps_to: &[Pci("12.10.7")],
    service_providers_only: false,
    reads: &["system.declared_category", "system.holdings", "flow.fields", "system.category", "observation.seen"],
    shows: &["declared_category", "category", "seen", "source"],
    false_positives: "The declared category may be out of date.",
    question: "What was retrieved or deleted, did authentication data come with it, and where \
                did it come from?",
    fixes: &[FixOption::fill(
        "Follow the procedure: delete or move it, look for authentication data, and find the source",
        3,
        &["system.declared_category"],
    )],
    fires: &[
        Example::new(
            "a system that is declared out of scope has card numbers",
            r#""systems":[{"id":"wiki","declared_category":"out_of_scope","holdings":[{"element":"pan",
               "ops":["store"]}]}]"#,
        ),
        Example::new(
            "a scanner finds one where none is declared",
            r#""systems":[{"id":"web"}],"observations":[{"id":"scan","format":"log_scanner",
               "seen_at":"2025-12-31T00:00:00Z","seen":[{"system":"web","element":"pan","form":"clear",
               "at":"2025-12-30T10:00:00Z"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "it is declared to be in the CDE",
            r#""systems":[{"id":"vault","declared_category":"cde","holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new("it has none", r#""systems":[{"id":"wiki","declared_category":"out_of_scope"}]"#),
    ],
    checks: &[Check::System(check), Check::Workspace(found)],
};

fn check(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    let declared = said::text(&node.system.facts, "declared_category").filter(|it| *it != "cde");
    let (Some(declared), true) = (declared, node.is_cde() && node.handles_account_data()) else { return };
    let question = format!("What was done about the account data on {}, where nobody expects any?", node.name());
    let hit = Hit::ask(node.subject(), question).shows("declared_category", declared);
    hits.add(hit.shows("category", node.category().as_str()));
}

/// What scanners of logs found. The finding itself is that of the rule on what is seen and not declared.
fn found(survey: &Survey<'_>, hits: &mut Hits) {
    let is_it = |kind: DriftKind| matches!(kind, DriftKind::Undeclared | DriftKind::Worse);
    for drift in drifts(survey.model).into_iter().filter(|it| it.account_data && is_it(it.kind)) {
        let seen = drift.seen.unwrap_or_default();
        let question = format!("{}: what was done about it?", drift.sentence.trim_end_matches('.'));
        let hit = Hit::ask(drift.subject, question).about_aspect(&drift.about);
        hits.add(hit.shows("seen", seen.as_str()).shows("source", drift.source));
    }
}
