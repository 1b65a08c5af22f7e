//! Common practice and PCI DSS 3.2.1, 3.5.1: queues, retries and dead letters are stores, and protected like
//! stores.

use crate::findings::fix::{self, FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Edge, Node, Survey};
use crate::findings::{Finding, data, said};
use crate::model::element::{Form, Holding};
use crate::model::kinds::FlowKind;
use crate::model::object::ObjectRef;

/// Card data waits in a queue without protection.
pub const RULE: Rule = Rule {
    id: "PF-13",
    aliases: &[],
    version: 1,
    title: "Card data waits in a queue without protection",
    sentence: "A retry queue is made in an afternoon, and keeps card data for years.",
    condition: "A queue, retry or dead-letter flow takes account data to a queue of ours that \
                has no period of retention for it, no owner, or keeps it readable.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("3.2.1"), Pci("3.5.1")],
    service_providers_only: false,
    reads: &["flow.kind", "flow.fields", "holding.retention_days", "holding.enc_level", "system.owner", "system.kind"],
    shows: &["retention_days", "owner", "form", "element", "witness"],
    false_positives: "A queue in memory loses its content; say so by a short period.",
    question: "How long does a message wait, who sees it, and what becomes of the ones that fail?",
    fixes: &[
        FixOption::change("Park a token in place of the card data", 5, park_token),
        FixOption::fill("Encrypt it, name an owner and a period", 2, &["holding.retention_days", "system.owner"]),
    ],
    fires: &[
        Example::new(
            "a retry queue keeps card numbers for nobody knows how long",
            r#""systems":[{"id":"psp"},{"id":"q","kind":"queue"}],"flows":[{"id":"f","from":"psp","to":"q",
               "kind":"retry","data":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "nobody set how long encrypted card numbers wait",
            r#""systems":[{"id":"psp"},{"id":"q","kind":"queue"}],"flows":[{"id":"f","from":"psp","to":"q",
               "kind":"retry","data":[{"element":"pan","form":"encrypted"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "the queue gets tokens",
            r#""systems":[{"id":"psp"},{"id":"q","kind":"queue"}],"flows":[{"id":"f","from":"psp","to":"q",
               "kind":"retry","data":[{"element":"pan","form":"tokenised"}]}]"#,
        ),
        Example::new(
            "it is encrypted, owned and short",
            r#""people":[{"id":"lead"}],"systems":[{"id":"psp"},{"id":"q","kind":"queue","owner":"lead",
               "holdings":[{"element":"pan","form":"encrypted","ops":["store"],"retention_days":1}]}],
               "flows":[{"id":"f","from":"psp","to":"q","kind":"retry","data":[{"element":"pan",
               "form":"encrypted"}]}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !(node.is_own() && node.active && node.stores_what_arrives()) {
        return;
    }
    let queued = |it: &&Edge<'_>| matches!(it.flow.kind, FlowKind::Queue | FlowKind::Retry | FlowKind::Dlq);
    let mut arriving = survey.inbound(node).filter(|it| it.arrives() && it.cargo.account_data).filter(queued);
    let Some(edge) = arriving.next() else { return };
    let Some(field) = edge.flow.fields.iter().find(|it| data::is_account_data(it)) else { return };
    let kept = node.system.holdings.iter().find(|it| it.element == field.element).unwrap_or(field);
    let days = said::number(&kept.facts, "retention_days");
    let owned = said::anything(&node.system.facts, "owner");
    let readable = data::is_readable(kept);
    let lacks = [(readable, "in a readable form"), (days.is_none(), "without a period"), (!owned, "without an owner")];
    let lacks: Vec<&str> = lacks.iter().filter(|(bad, _)| *bad).map(|(_, words)| *words).collect();
    if lacks.is_empty() {
        return;
    }
    let element = data::element_words(&field.element);
    let sentence = format!("The {element} waits in {} {}.", node.name(), lacks.join(", "));
    let hit = Hit::on(node.subject(), sentence).about_element(&field.element);
    let hit = if readable && data::is_pan(field) { hit.cause("readable:pan") } else { hit };
    let hit = hit.shows("retention_days", days).shows("owner", owned).shows("form", kept.form.as_str());
    hits.add(hit.shows("element", field.element.as_str()).shows("witness", edge.subject()));
}

fn park_token(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let ObjectRef::System(id) = &finding.subject else { return Vec::new() };
    let Some(node) = survey.node(id) else { return Vec::new() };
    let tokenise = |holdings: &mut Vec<Holding>| {
        let cards = holdings.iter_mut().filter(|it| data::is_account_data(it) && data::is_pan(it));
        cards.for_each(|it| it.form = Form::Tokenised);
        holdings.retain(|it| !data::is_account_data(it));
    };
    let mut steps = fix::system(survey, finding, |system| tokenise(&mut system.holdings));
    for edge in survey.inbound(node).filter(|it| it.arrives() && it.cargo.account_data) {
        let of_flow = finding.clone().on(edge.subject());
        steps.extend(fix::flow(survey, &of_flow, |flow| tokenise(&mut flow.fields)));
    }
    steps
}
