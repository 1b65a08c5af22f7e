//! PCI DSS 3.5.1: card numbers are unreadable wherever they are stored, logs and backups included.

use crate::blast::edit::Edit;
use crate::findings::fix::{self, FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::findings::{Finding, data};
use crate::id::FlowId;
use crate::model::element::Form;
use crate::model::object::ObjectRef;
use crate::scope::verdict::Rule as ScopeRule;

/// Card number readable where it is stored.
pub const RULE: Rule = Rule {
    id: "F-PAN-READABLE",
    aliases: &["PF-02"],
    version: 1,
    title: "Card number readable where it is stored",
    sentence: "Who gets a copy of this store, or one look at this log, has the card numbers.",
    condition: "A system of ours stores the card number in clear or in a form that nobody knows, \
                or truncated forms that together keep too many digits. What arrives at a log, \
                queue, backup, warehouse or recorder counts as stored.",
    kind: Kind::Decides,
    severity: Severity::Critical,
    severity_moves: "",
    maps_to: &[Pci("3.5.1")],
    service_providers_only: false,
    reads: &[
        "holding.element",
        "holding.form",
        "holding.ops",
        "holding.verbs",
        "holding.enc_level",
        "system.kind",
        "system.copies",
        "flow.fields",
    ],
    shows: &["element", "form", "kind", "witness"],
    false_positives: "What the system itself makes unreadable before it stores it; declare the form in \
                which it is kept.",
    question: "What did a sample of stores, logs, traces and dumps show?",
    fixes: &[
        FixOption::change("Do not keep it: drop it from what arrives, and purge what is there", 3, stop),
        FixOption::change("Keep a token in its place", 8, tokenise),
    ],
    fires: &[
        Example::new(
            "a database keeps card numbers in clear",
            r#""systems":[{"id":"db","holdings":[{"element":"pan","ops":["store"]}]}]"#,
        ),
        Example::new(
            "card numbers arrive at a log",
            r#""systems":[{"id":"app"},{"id":"log","kind":"log_sink"}],"flows":[{"id":"f","from":"app",
               "to":"log","data":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "a copy is taken of a readable store",
            r#""systems":[{"id":"db","holdings":[{"element":"pan","ops":["store"]}]},{"id":"copy",
               "copies":[{"from":"db"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "they are encrypted",
            r#""systems":[{"id":"db","holdings":[{"element":"pan","form":"encrypted","ops":["store"]}]}]"#,
        ),
        Example::new(
            "they are processed only",
            r#""systems":[{"id":"app","holdings":[{"element":"pan","ops":["process"]}]}]"#,
        ),
        Example::new(
            "the log declares that it keeps the masked number",
            r#""systems":[{"id":"app"},{"id":"log","kind":"log_sink","holdings":[{"element":"pan",
               "form":"masked","ops":["store"]}]}],"flows":[{"id":"f","from":"app","to":"log",
               "data":[{"element":"pan"}]}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !node.is_own() || node.system.disposed {
        return;
    }
    let kept = survey.kept(node);
    let readable = kept.iter().find(|it| data::is_pan(it.holding) && it.holding.live && data::is_readable(it.holding));
    let truncated = || kept.iter().find(|it| data::is_pan(it.holding) && it.holding.form == Form::Truncated);
    let (found, sentence) = if let Some(found) = readable {
        let words = data::words(found.holding);
        let by = found.by.and_then(|flow| survey.edge(&flow.id));
        let sentence = match by {
            Some(edge) => {
                let flow = survey.flow_words(edge);
                format!("{} keeps {words}: what arrives there by {flow} is stored.", node.name())
            }
            None => format!("{} stores {words}.", node.name()),
        };
        (found, sentence)
    } else if let (true, Some(found)) = (node.scope_rests_on(ScopeRule::DTruncExcess), truncated()) {
        let sentence = format!("{} keeps truncated card numbers that together show too many digits.", node.name());
        (found, sentence)
    } else {
        return;
    };
    let hit = Hit::on(node.subject(), sentence).about_element(&found.holding.element).cause("readable:pan");
    let hit = hit.shows("element", found.holding.element.as_str()).shows("form", found.holding.form.as_str());
    let by = found.by.map(|flow| ObjectRef::Flow(flow.id.clone()));
    hits.add(hit.shows("kind", node.system.kind.as_str()).shows("witness", by));
}

fn stop(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let (Some(element), ObjectRef::System(system)) = (finding.element(), &finding.subject) else { return Vec::new() };
    let Some(node) = survey.node(system) else { return Vec::new() };
    let mut steps = Vec::new();
    if node.stores_what_arrives() {
        let arriving = survey.inbound(node).filter(|it| it.arrives() && it.cargo.readable_pan);
        let drop = |flow: FlowId| Step::Edit(Edit::DropField { flow, element: element.clone() });
        steps.extend(arriving.map(|it| drop(it.flow.id.clone())));
    }
    steps.push(Step::Edit(Edit::RemoveHolding { system: system.clone(), element }));
    if !node.system.copies.is_empty() {
        return Vec::new();
    }
    steps
}

fn tokenise(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let own = |node: &Node<'_>| node.system.holdings.iter().any(data::is_pan);
    let declared = match &finding.subject {
        ObjectRef::System(id) => survey.node(id).is_some_and(own),
        _ => false,
    };
    if !declared {
        return Vec::new();
    }
    fix::system(survey, finding, |system| {
        for holding in system.holdings.iter_mut().filter(|it| data::is_pan(it) && it.form != Form::Encrypted) {
            holding.form = Form::Tokenised;
        }
    })
}
