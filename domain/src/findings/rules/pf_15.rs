//! Common practice: tools for customers, accounting, support, marketing and reports work with tokens and
//! references.

use crate::blast::edit::Edit;
use crate::findings::fix::{FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::findings::{Finding, data};
use crate::id::ElementId;
use crate::model::element::Holding;
use crate::model::kinds::SystemFunction;
use crate::model::object::ObjectRef;

/// Card number in a business tool.
pub const RULE: Rule = Rule {
    id: "PF-15",
    aliases: &[],
    version: 1,
    title: "Card number in a business tool",
    sentence: "A business tool is open to half the company; a reference is all it needs.",
    condition: "A system of ours for customer relations, resource planning, support, marketing \
                or reports holds or receives the card number.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("3.2.1")],
    service_providers_only: false,
    reads: &["system.function", "system.holdings", "flow.fields"],
    shows: &["function", "element", "form", "witness"],
    false_positives: "A tool for disputes may need the number; name the roles that do.",
    question: "Why does this tool need the card number, and not a token or reference?",
    fixes: &[FixOption::change("Use a token or a reference", 5, replace)],
    fires: &[
        Example::new(
            "the CRM holds card numbers",
            r#""systems":[{"id":"crm","function":"crm","holdings":[{"element":"pan","form":"encrypted",
               "ops":["store"]}]}]"#,
        ),
        Example::new(
            "reports receive them",
            r#""systems":[{"id":"oms"},{"id":"bi","function":"bi"}],"flows":[{"id":"f","from":"oms",
               "to":"bi","data":[{"element":"pan"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "the CRM has tokens",
            r#""systems":[{"id":"crm","function":"crm","holdings":[{"element":"pan","form":"tokenised",
               "ops":["store"]}]}]"#,
        ),
        Example::new(
            "it is the payment service",
            r#""systems":[{"id":"pay","function":"payment","holdings":[{"element":"pan"}]}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    use SystemFunction::{Bi, Crm, Erp, Marketing, Support};
    if !(node.is_own() && node.active && matches!(node.system.function, Crm | Erp | Support | Marketing | Bi)) {
        return;
    }
    let card = |it: &&Holding| data::is_pan(it) && data::is_account_data(it);
    let own = node.system.holdings.iter().find(card).map(|it| (it, None));
    let arriving = || {
        let inbound = survey.inbound(node).filter(|it| it.arrives());
        inbound.flat_map(|it| it.flow.fields.iter().map(move |field| (field, Some(it)))).find(|(field, _)| card(field))
    };
    let Some((holding, by)) = own.or_else(arriving) else { return };
    let function = node.system.function.label().to_lowercase();
    let sentence = format!("{} is a tool for {function} and has {}.", node.name(), data::words(holding));
    let hit = Hit::on(node.subject(), sentence).about_element(&holding.element);
    let hit = hit.shows("function", node.system.function.as_str()).shows("element", holding.element.as_str());
    hits.add(hit.shows("form", holding.form.as_str()).shows("witness", by.map(|it| it.subject())));
}

fn replace(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let ObjectRef::System(id) = &finding.subject else { return Vec::new() };
    let Some(node) = survey.node(id) else { return Vec::new() };
    let element = ElementId::new("pan");
    let mut steps = vec![Step::Edit(Edit::RemoveHolding { system: id.clone(), element: element.clone() })];
    let arriving = survey.inbound(node).filter(|it| it.arrives() && it.cargo.account_data);
    steps.extend(arriving.map(|it| Step::Edit(Edit::DropField { flow: it.flow.id.clone(), element: element.clone() })));
    steps
}
