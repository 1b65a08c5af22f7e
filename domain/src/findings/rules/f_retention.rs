//! PCI DSS 3.2.1: account data is kept only as long and as much as it is needed, and its deletion is checked every
//! three months.

use crate::blast::edit::Edit;
use crate::findings::fix::{FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::{Asvs, Pci};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::findings::{Finding, data, said};
use crate::id::ElementId;
use crate::model::object::ObjectRef;
use crate::model::relations::Lifecycle;

/// Stored account data without a period, a reason or a check of the purge.
pub const RULE: Rule = Rule {
    id: "F-RETENTION",
    aliases: &["PF-06"],
    version: 1,
    title: "Stored account data without a period, a reason or a check of the purge",
    sentence: "Card data that is kept without need can only be lost.",
    condition: "A system of ours stores cardholder or authentication data without a period of \
                retention or a reason, the last check of its deletion is older than 92 days, or \
                it is retired and still has the data.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("3.2.1"), Asvs("14.2.7")],
    service_providers_only: false,
    reads: &[
        "holding.retention_days",
        "holding.justification",
        "holding.purpose",
        "holding.last_purge_check",
        "system.lifecycle",
        "system.disposed",
    ],
    shows: &["element", "form", "retention_days", "justification", "last_purge_check", "lifecycle", "witness"],
    false_positives: "Data that is gone within seconds may need no check of its deletion; say how long \
                it stays.",
    question: "Which policy sets the period, and which check shows that older data is gone?",
    fixes: &[
        FixOption::fill(
            "Say why and how long it is kept, and check that the rest is gone",
            2,
            &["holding.retention_days", "holding.justification", "holding.last_purge_check"],
        ),
        FixOption::change("Stop keeping it", 5, stop),
    ],
    fires: &[
        Example::new(
            "nobody said how long card numbers are kept",
            r#""systems":[{"id":"db","holdings":[{"element":"pan","form":"encrypted","ops":["store"],
               "justification":"refunds"}]}]"#,
        ),
        Example::new(
            "the last check of the deletion is too old",
            r#""systems":[{"id":"db","holdings":[{"element":"pan","form":"encrypted","ops":["store"],
               "justification":"refunds","retention_days":90,"last_purge_check":"2025-09-01"}]}]"#,
        ),
        Example::new(
            "a retired system still has its data",
            r#""systems":[{"id":"db","lifecycle":"retired","holdings":[{"element":"pan","form":"encrypted",
               "ops":["store"],"justification":"refunds","retention_days":90,
               "last_purge_check":"2025-12-01"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "period, reason and a recent check are there",
            r#""systems":[{"id":"db","holdings":[{"element":"pan","form":"encrypted","ops":["store"],
               "justification":"refunds","retention_days":90,"last_purge_check":"2025-12-01"}]}]"#,
        ),
        Example::new(
            "only tokens are kept",
            r#""systems":[{"id":"db","holdings":[{"element":"pan","form":"tokenised","ops":["store"]}]}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

/// Three months in days.
const PERIOD: u64 = 92;

fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    let retired = node.system.lifecycle == Lifecycle::Retired && !node.system.disposed;
    if !(node.is_own() && (node.active || retired)) {
        return;
    }
    let mut told: Vec<&ElementId> = Vec::new();
    for kept in survey.kept(node).iter().filter(|it| data::is_card_data(it.holding)) {
        let holding = kept.holding;
        if told.contains(&&holding.element) {
            continue;
        }
        let days = said::number(&holding.facts, "retention_days");
        let reason = said::anything(&holding.facts, "justification") || said::anything(&holding.facts, "purpose");
        let checked = said::day(&holding.facts, "last_purge_check");
        let overdue = checked.is_some_and(|day| hits.overdue(day, PERIOD));
        let what = match (retired, days, reason) {
            (true, ..) => "is retired and still has".to_owned(),
            (_, None, false) => "keeps, without a period and without a reason,".to_owned(),
            (_, None, true) => "keeps, without a period,".to_owned(),
            (_, Some(_), false) => "keeps, without a reason,".to_owned(),
            (_, Some(days), true) if overdue => {
                format!("keeps for {days} days, without a check of the deletion in the last three months,")
            }
            _ => continue,
        };
        told.push(&holding.element);
        let sentence = format!("{} {what} {}.", node.name(), data::words(holding));
        let hit = Hit::on(node.subject(), sentence).about_element(&holding.element);
        let hit = hit.shows("element", holding.element.as_str()).shows("form", holding.form.as_str());
        let hit = hit.shows("retention_days", days).shows("justification", reason).shows("last_purge_check", checked);
        let by = kept.by.map(|flow| ObjectRef::Flow(flow.id.clone()));
        hits.add(hit.shows("lifecycle", node.system.lifecycle.as_str()).shows("witness", by));
    }
}

fn stop(_: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let (Some(element), ObjectRef::System(system)) = (finding.element(), &finding.subject) else { return Vec::new() };
    let mut steps: Vec<Step> =
        finding.flows().map(|flow| Step::Edit(Edit::DropField { flow, element: element.clone() })).collect();
    steps.push(Step::Edit(Edit::RemoveHolding { system: system.clone(), element }));
    steps
}
