//! Health of the model: every element has a known form.

use crate::findings::data;
use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Edge, Node, Survey};
use crate::model::element::Form;

/// Form of an element unknown.
pub const RULE: Rule = Rule {
    id: "H1",
    aliases: &[],
    version: 1,
    title: "Form of an element unknown",
    sentence: "Whether a number is in clear or encrypted decides everything else.",
    condition: "A system or flow has an element in a form that nobody knows.",
    kind: Kind::Health,
    severity: Severity::Info,
    severity_moves: "",
    maps_to: &[],
    service_providers_only: false,
    reads: &["holding.form", "flow_field.form"],
    shows: &["element", "form"],
    false_positives: "None: somebody knows.",
    question: "In which form is the element there?",
    fixes: &[FixOption::fill("Find out the form", 1, &["holding.form"])],
    fires: &[Example::new(
        "the form is unknown",
        r#""systems":[{"id":"a","holdings":[{"element":"pan","form":"unknown"}]}]"#,
    )],
    silent: &[Example::new(
        "it is known",
        r#""systems":[{"id":"a","holdings":[{"element":"pan","form":"encrypted"}]}]"#,
    )],
    checks: &[Check::System(system), Check::Flow(flow)],
};

fn system(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if let Some(holding) = node.system.holdings.iter().find(|it| node.active && it.form == Form::Unknown) {
        let element = data::element_words(&holding.element);
        let sentence = format!("Nobody said in which form {} has the {element}.", node.name());
        let hit = Hit::on(node.subject(), sentence).about_element(&holding.element);
        hits.add(hit.shows("element", holding.element.as_str()).shows("form", "unknown"));
    }
}

fn flow(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    if let Some(field) = edge.flow.fields.iter().find(|it| edge.active && it.form == Form::Unknown) {
        let element = data::element_words(&field.element);
        let sentence = format!("Nobody said in which form {} carries the {element}.", survey.flow_words(edge));
        let hit = Hit::on(edge.subject(), sentence).about_element(&field.element);
        hits.add(hit.shows("element", field.element.as_str()).shows("form", "unknown"));
    }
}
