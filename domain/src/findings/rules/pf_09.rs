//! Common practice: a receiver gets only the fields that it needs.

use crate::blast::edit::Edit;
use crate::findings::fix::{FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::{Asvs, OwaspApi};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Edge, Node, Survey};
use crate::findings::{Finding, data, said};
use crate::id::ElementId;
use crate::model::element::ElementClass;
use crate::model::object::ObjectRef;

/// More data travels than is needed.
pub const RULE: Rule = Rule {
    id: "PF-09",
    aliases: &[],
    version: 1,
    title: "More data travels than is needed",
    sentence: "Every copy of a field that nobody needs is one more place to lose it.",
    condition: "A flow takes a field to a system of ours that says what it holds, but neither \
                holds this one nor passes it on, or the field is said not to be needed.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "High for account data, low for references and tokens.",
    maps_to: &[OwaspApi("API3"), Asvs("15.3.1"), Asvs("14.2.6")],
    service_providers_only: false,
    reads: &["flow.fields", "flow_field.needed", "system.holdings", "holding.purpose"],
    shows: &["element", "form", "needed", "class"],
    false_positives: "The receiver may use the field and not say so; enter what it needs it for.",
    question: "What does the receiver need this field for?",
    fixes: &[
        FixOption::change("Leave the field out", 2, drop),
        FixOption::fill("Say what the receiver needs it for", 1, &["holding.purpose"]),
    ],
    fires: &[
        Example::new(
            "the receiver neither holds nor passes on the card number",
            r#""systems":[{"id":"shop"},{"id":"crm","holdings":[{"element":"email","purpose":"contact",
               "ops":["store"]}]}],"flows":[{"id":"f","from":"shop","to":"crm","data":[{"element":"pan"},
               {"element":"email"}]}]"#,
        ),
        Example::new(
            "the field is said not to be needed",
            r#""systems":[{"id":"shop"},{"id":"crm"}],"flows":[{"id":"f","from":"shop","to":"crm",
               "data":[{"element":"email","needed":"no"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "the receiver says what it needs it for",
            r#""systems":[{"id":"shop"},{"id":"crm","holdings":[{"element":"email","purpose":"contact",
               "ops":["store"]}]}],"flows":[{"id":"f","from":"shop","to":"crm",
               "data":[{"element":"email"}]}]"#,
        ),
        Example::new(
            "nothing is known of the receiver",
            r#""systems":[{"id":"shop"},{"id":"crm"}],"flows":[{"id":"f","from":"shop","to":"crm",
               "data":[{"element":"email"}]}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

/// Looks at a receiver, because whether it passes a field on is seen on its other flows; the flows are the subjects.
fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if node.is_own() && node.active {
        survey.inbound(node).filter(|it| it.arrives()).for_each(|edge| flow(survey, node, edge, hits));
    }
}

fn flow(survey: &Survey<'_>, to: &Node<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    let described = !to.system.holdings.is_empty() && !to.stores_what_arrives();
    let mut told: Vec<&ElementId> = Vec::new();
    for field in &edge.flow.fields {
        let needed = said::text(&field.facts, "needed");
        let held = || to.system.holdings.iter().any(|it| it.element == field.element);
        let idle = || described && needed != Some("yes") && !held() && !survey.sends(to, &field.element);
        if !(needed == Some("no") || idle()) || told.contains(&&field.element) {
            continue;
        }
        told.push(&field.element);
        let class = data::class(&field.element);
        let severity = match class {
            _ if data::is_account_data(field) => Severity::High,
            Some(ElementClass::PaymentMeta | ElementClass::Token) | None => Severity::Low,
            _ => Severity::Medium,
        };
        let sentence =
            format!("{} sends {}, and {} does not need it.", survey.flow_title(edge), data::words(field), to.name());
        let hit = Hit::on(edge.subject(), sentence).about_element(&field.element).severity(severity);
        let hit = hit.shows("element", field.element.as_str()).shows("form", field.form.as_str());
        hits.add(hit.shows("needed", needed).shows("class", class.map(ElementClass::as_str)));
    }
}

fn drop(_: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let (Some(element), ObjectRef::Flow(flow)) = (finding.element(), &finding.subject) else { return Vec::new() };
    vec![Step::Edit(Edit::DropField { flow: flow.clone(), element })]
}
