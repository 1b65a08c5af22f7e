//! Common practice: what one broken system reaches is limited by a budget for its function.

use std::collections::BTreeSet;

use crate::blast::budget::budgets;
use crate::blast::{Ground, Start};
use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Nist;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::model::kinds::SystemFunction;

/// Compromise reaches more than its budget.
pub const RULE: Rule = Rule {
    id: "PF-39",
    aliases: &[],
    version: 1,
    title: "Compromise reaches more than its budget",
    sentence: "A budget for the damage is kept by design, or it is not kept.",
    condition: "Control over one system reaches more records of card numbers, more actions that \
                move money or more sensitive elements than the settings allow for its function.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "High where it reaches more records of card numbers than allowed.",
    maps_to: &[Nist("SP 800-53 SC-7"), Nist("SP 800-53 AC-6")],
    service_providers_only: false,
    reads: &["settings.budgets", "system.function"],
    shows: &["records_pan", "actions", "elements", "function"],
    false_positives: "A budget may have been set before the system got its present task.",
    question: "Why may this function reach so much, or what can be taken from it?",
    fixes: &[FixOption::fill("Take from it what it does not need, or change the budget", 5, &["settings.budgets"])],
    fires: &[Example::new(
        "the support desk reaches stored card numbers",
        r#""settings":{"budgets":[{"function":"support","max_records_pan":0}]},"systems":[{"id":"desk",
               "function":"support","holdings":[{"element":"pan","ops":["store"],"records":500}]}]"#,
    )],
    silent: &[
        Example::new(
            "it reaches none",
            r#""settings":{"budgets":[{"function":"support","max_records_pan":0}]},"systems":[{"id":"desk",
               "function":"support"}]"#,
        ),
        Example::new(
            "there is no budget",
            r#""systems":[{"id":"desk","function":"support","holdings":[{"element":"pan","ops":["store"],
               "records":500}]}]"#,
        ),
    ],
    checks: &[Check::Workspace(check)],
};

/// Looks at the whole model, because a compromise can spread through all of it. Without budgets nothing is computed.
fn check(survey: &Survey<'_>, hits: &mut Hits) {
    let functions: BTreeSet<SystemFunction> = budgets(survey.model).iter().map(|it| it.function).collect();
    let meant = |it: &&Node<'_>| it.is_own() && it.active && functions.contains(&it.system.function);
    let mut nodes = survey.nodes().iter().filter(meant).peekable();
    if nodes.peek().is_none() {
        return;
    }
    let ground = Ground::of(survey.model, survey.scope);
    for node in nodes {
        let Ok(blast) = ground.radius(&Start::System { id: node.system.id.clone() }) else { continue };
        let Some(over) = blast.budgets.iter().find(|it| it.exceeded) else { continue };
        let severity = if over.records_pan > over.budget.max_records_pan.unwrap_or(u64::MAX) {
            Severity::High
        } else {
            Severity::Medium
        };
        let sentence = format!(
            "Who controls {} reaches more than the budget for {} allows.",
            node.name(),
            node.system.function.label().to_lowercase()
        );
        let hit = Hit::on(node.subject(), sentence).severity(severity);
        let hit = hit.shows("function", node.system.function.as_str()).shows("records_pan", over.records_pan);
        hits.add(hit.shows("actions", over.actions).shows("elements", over.elements));
    }
}
