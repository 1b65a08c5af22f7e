//! Common practice: bank data and biometrics are protected like cards, and kept no longer than the law allows.

use std::sync::Arc;

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Asvs;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Kept, Node, Survey};
use crate::findings::{data, said};
use crate::id::ElementId;
use crate::model::element::{ElementClass, Holding};
use crate::model::object::{ObjectKind, Record};

/// Bank or biometric data without a policy.
pub const RULE: Rule = Rule {
    id: "PF-16",
    aliases: &[],
    version: 1,
    title: "Bank or biometric data without a policy",
    sentence: "A bank account cannot be blocked like a card, and a face not at all.",
    condition: "A system of ours stores bank data or special personal data, and no policy gives \
                the element a protection level and a lawful basis, or nobody set how long it is \
                kept.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Asvs("14.1.1"), Asvs("14.1.2")],
    service_providers_only: false,
    reads: &[
        "holding.element",
        "holding.ops",
        "holding.retention_days",
        "element_policy.element",
        "element_policy.protection_level",
        "element_policy.lawful_basis",
        "element_policy.retention_days_max",
    ],
    shows: &["element", "protection_level", "lawful_basis", "retention_days"],
    false_positives: "A policy for a whole class of data; enter it for each element.",
    question: "Which policy and which lawful basis apply?",
    fixes: &[FixOption::fill(
        "Write a policy for the element, and set how long it is kept",
        2,
        &["element_policy.protection_level", "element_policy.lawful_basis", "holding.retention_days"],
    )],
    fires: &[Example::new(
        "bank accounts are kept without a policy",
        r#""systems":[{"id":"erp","holdings":[{"element":"bank_account","ops":["store"]}]}]"#,
    )],
    silent: &[
        Example::new(
            "a policy and a period are there",
            r#""element_policies":[{"id":"p","element":"bank_account","protection_level":"restricted",
               "lawful_basis":"contract"}],"systems":[{"id":"erp","holdings":[{"element":"bank_account",
               "ops":["store"],"retention_days":30}]}]"#,
        ),
        Example::new(
            "it passes through",
            r#""systems":[{"id":"erp","holdings":[{"element":"bank_account","ops":["transmit"]}]}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !(node.is_own() && node.active) {
        return;
    }
    let mut told: Vec<&ElementId> = Vec::new();
    for Kept { holding, .. } in survey.kept(node) {
        let meant = matches!(data::class(&holding.element), Some(ElementClass::Bank | ElementClass::PiiSpecial));
        if !(meant && holding.live) || told.contains(&&holding.element) {
            continue;
        }
        let policy = policy(survey, holding);
        let stated = |name| policy.and_then(|it| said::text(&it.facts, name));
        let (level, basis) = (stated("protection_level"), stated("lawful_basis"));
        let longest = policy.and_then(|it| said::number(&it.facts, "retention_days_max"));
        let days = said::number(&holding.facts, "retention_days").or(longest);
        let lacks = [
            (level.is_none(), "a protection level"),
            (basis.is_none(), "a lawful basis"),
            (days.is_none(), "a period"),
        ];
        let lacks: Vec<&str> = lacks.iter().filter(|(bad, _)| *bad).map(|(_, words)| *words).collect();
        if lacks.is_empty() {
            continue;
        }
        told.push(&holding.element);
        let sentence = format!("{} keeps {} without {}.", node.name(), data::words(holding), lacks.join(" or "));
        let hit = Hit::on(node.subject(), sentence).about_element(&holding.element);
        let hit = hit.shows("element", holding.element.as_str()).shows("protection_level", level);
        hits.add(hit.shows("lawful_basis", basis).shows("retention_days", days));
    }
}

fn policy<'m>(survey: &Survey<'m>, holding: &Holding) -> Option<&'m Record> {
    let mut policies = survey.model.records.values().filter(|it| it.key.kind == ObjectKind::ElementPolicy);
    let of_it = |it: &&Arc<Record>| said::text(&it.facts, "element") == Some(holding.element.as_str());
    policies.find(of_it).map(|it| &**it)
}
