//! Common practice: an answer or event gives back only what its receiver needs, and not what somebody else sent.

use crate::blast::edit::Edit;
use crate::findings::fix::{FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::{Asvs, OwaspApi};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;
use crate::findings::{Finding, data, said};
use crate::model::element::{ElementClass, Form, Holding};
use crate::model::kinds::FlowKind;
use crate::model::object::ObjectRef;

/// Payment fields given back to somebody else.
pub const RULE: Rule = Rule {
    id: "PF-11",
    aliases: &[],
    version: 1,
    title: "Payment fields given back to somebody else",
    sentence: "An echo spreads card data one hop further than anybody planned.",
    condition: "A webhook echo or answer carries account data, bank data or tokens that another \
                system sent.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[OwaspApi("API3"), Asvs("15.3.1")],
    service_providers_only: false,
    reads: &["flow.kind", "flow.echo_of", "flow.fields"],
    shows: &["element", "echo_of", "kind"],
    false_positives: "The receiver may have sent the field itself through another way.",
    question: "Why does the receiver get this field back?",
    fixes: &[FixOption::change("Leave the field out of the answer", 2, drop)],
    fires: &[Example::new(
        "an event repeats the card number to a third system",
        r#""systems":[{"id":"a"},{"id":"b"},{"id":"c"}],"flows":[{"id":"in","from":"a","to":"b",
               "data":[{"element":"pan"}]},{"id":"out","from":"b","to":"c","kind":"webhook","echo_of":"in",
               "data":[{"element":"pan"}]}]"#,
    )],
    silent: &[
        Example::new(
            "it goes back to who sent it",
            r#""systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"in","from":"a","to":"b",
               "data":[{"element":"pan"}]},{"id":"out","from":"b","to":"a","kind":"webhook","echo_of":"in",
               "data":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "the event has a reference only",
            r#""systems":[{"id":"a"},{"id":"b"},{"id":"c"}],"flows":[{"id":"in","from":"a","to":"b",
               "data":[{"element":"pan"}]},{"id":"out","from":"b","to":"c","kind":"webhook","echo_of":"in",
               "data":[{"element":"order_id"}]}]"#,
        ),
    ],
    checks: &[Check::Workspace(check)],
};

/// Looks at the whole model, because an echo names a flow that it does not touch.
fn check(survey: &Survey<'_>, hits: &mut Hits) {
    for edge in survey.edges().iter().filter(|it| it.arrives()) {
        let named = said::text(&edge.flow.facts, "echo_of");
        let echoed = named.and_then(|id| survey.model.flows.get(id));
        if echoed.is_none() && edge.flow.kind != FlowKind::WebhookEcho {
            continue;
        }
        if echoed.is_some_and(|it| it.from == edge.flow.to) {
            continue;
        }
        let sensitive = |it: &&Holding| {
            let class = data::class(&it.element);
            let token = data::is_pan(it) && matches!(it.form, Form::Tokenised | Form::NetworkToken);
            data::is_account_data(it) || token || class == Some(ElementClass::Bank)
        };
        let sent = |it: &&Holding| echoed.is_none_or(|flow| flow.fields.iter().any(|sent| sent.element == it.element));
        let Some(field) = edge.flow.fields.iter().filter(sensitive).find(sent) else { continue };
        let sentence = format!(
            "{} repeats {} to {}, which did not send it.",
            survey.flow_title(edge),
            data::words(field),
            survey.to(edge).name()
        );
        let hit = Hit::on(edge.subject(), sentence).about_element(&field.element);
        let hit = hit.shows("element", field.element.as_str()).shows("kind", edge.flow.kind.as_str());
        hits.add(hit.shows("echo_of", echoed.map(|it| ObjectRef::Flow(it.id.clone()))));
    }
}

fn drop(_: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let (Some(element), ObjectRef::Flow(flow)) = (finding.element(), &finding.subject) else { return Vec::new() };
    vec![Step::Edit(Edit::DropField { flow: flow.clone(), element })]
}
