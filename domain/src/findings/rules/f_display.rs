//! PCI DSS 3.4.1: a card number is masked when it is shown; more than the BIN and the last four digits only to
//! roles that need them.

use crate::blast::edit::Edit;
use crate::findings::fix::{FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::{Asvs, Pci};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Edge, Node, Survey};
use crate::findings::{Finding, data, said};
use crate::model::element::{Form, Holding};
use crate::model::kinds::{SystemFunction, SystemKind};
use crate::model::object::ObjectRef;

/// Card number shown beyond need.
pub const RULE: Rule = Rule {
    id: "F-DISPLAY",
    aliases: &["PF-07"],
    version: 1,
    title: "Card number shown beyond need",
    sentence: "What a screen shows, anybody who stands behind it can write down.",
    condition: "A flow takes the card number, in clear or with more than the BIN and the last \
                four digits, to a screen or report, or a system displays it so, and no role with \
                a need is on record there.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("3.4.1"), Asvs("14.2.6")],
    service_providers_only: false,
    reads: &[
        "flow.fields",
        "system.kind",
        "system.function",
        "holding.verbs",
        "holding.display_roles",
        "holding.display_mask",
        "flow_field.mask",
    ],
    shows: &["element", "form", "mask", "display_roles", "kind", "function"],
    false_positives: "A tool may receive the number and never show it; say what happens to it on the \
                system.",
    question: "Which roles see the full number, why, and what do the screens show?",
    fixes: &[
        FixOption::change("Do not send the card number", 2, drop),
        FixOption::fill("Name the roles that need it, with their reason", 1, &["holding.display_roles"]),
    ],
    fires: &[
        Example::new(
            "a support desk receives the number in clear",
            r#""systems":[{"id":"shop"},{"id":"desk","kind":"workstation","function":"support"}],
               "flows":[{"id":"f","from":"shop","to":"desk","data":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "a system displays all of it",
            r#""systems":[{"id":"crm","function":"crm","holdings":[{"element":"pan","verbs":["display"]}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "only the last four are sent",
            r#""systems":[{"id":"shop"},{"id":"desk","kind":"workstation"}],"flows":[{"id":"f",
               "from":"shop","to":"desk","data":[{"element":"pan","form":"truncated",
               "mask":"************dddd"}]}]"#,
        ),
        Example::new(
            "a role needs it",
            r#""systems":[{"id":"shop"},{"id":"desk","kind":"workstation","holdings":[{"element":"pan",
               "ops":["process"],"display_roles":[{"role":"fraud analyst","reason":"disputes"}]}]}],
               "flows":[{"id":"f","from":"shop","to":"desk","data":[{"element":"pan"}]}]"#,
        ),
    ],
    checks: &[Check::System(system), Check::Flow(flow)],
};

fn system(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !(node.is_own() && node.active) {
        return;
    }
    for holding in node.system.holdings.iter().filter(|it| data::is_pan(it) && it.live) {
        let displayed = said::list(&holding.facts, "verbs").contains(&"display");
        let mask = said::text(&holding.facts, "display_mask").or(holding.mask.as_deref());
        let too_much = mask.map_or(data::is_readable(holding), data::shows_too_much);
        if displayed && too_much && !said::anything(&holding.facts, "display_roles") {
            let sentence = format!("{} shows more of card numbers than anybody is said to need.", node.name());
            let hit = Hit::on(node.subject(), sentence).about_element(&holding.element);
            let hit = hit.shows("form", holding.form.as_str()).shows("mask", mask);
            hits.add(hit.shows("display_roles", false));
        }
    }
}

fn flow(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    let to = survey.to(edge);
    if !(edge.arrives() && to.is_own() && is_screen(to)) {
        return;
    }
    let too_much = |it: &&Holding| {
        let shown = it.mask.as_deref().map_or(data::is_readable(it), data::shows_too_much);
        data::is_pan(it) && it.live && shown && !matches!(it.form, Form::Encrypted | Form::Tokenised | Form::Hashed)
    };
    let Some(field) = edge.flow.fields.iter().find(too_much) else { return };
    let mut declared = to.system.holdings.iter().filter(|it| it.element == field.element);
    if declared.any(|it| said::anything(&it.facts, "display_roles")) {
        return;
    }
    let sentence = format!("{} takes {} to people at {}.", survey.flow_title(edge), data::words(field), to.name());
    let hit = Hit::on(edge.subject(), sentence).about_element(&field.element);
    let hit = hit.shows("element", field.element.as_str()).shows("form", field.form.as_str());
    let hit = hit.shows("mask", field.mask.as_deref()).shows_of(to.subject(), "display_roles", false);
    let hit = hit.shows_of(to.subject(), "kind", to.system.kind.as_str());
    hits.add(hit.shows_of(to.subject(), "function", to.system.function.as_str()));
}

/// Whether what arrives is there to be looked at: a device that people sit at, or a tool for reports and support.
const fn is_screen(node: &Node<'_>) -> bool {
    use SystemKind::{Laptop, Mobile, Printer, Tablet, Ticketing, Vdi, Workstation};
    matches!(node.system.kind, Workstation | Laptop | Mobile | Tablet | Vdi | Printer | Ticketing)
        || matches!(node.system.function, SystemFunction::Support | SystemFunction::Bi)
}

fn drop(_: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let (Some(element), ObjectRef::Flow(flow)) = (finding.element(), &finding.subject) else { return Vec::new() };
    vec![Step::Edit(Edit::DropField { flow: flow.clone(), element })]
}
