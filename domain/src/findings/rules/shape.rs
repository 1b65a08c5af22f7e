//! Shapes that several rules share, each with its own words.

use crate::blast::edit::Edit;
use crate::findings::Finding;
use crate::findings::fix::Step;
use crate::findings::hit::{Hit, Hits};
use crate::findings::survey::{Node, Survey};
use crate::model::object::ObjectRef;
use crate::model::relations::How;

/// Asks about the whole workspace, once anything is in scope.
pub(super) fn ask_once_anything_is_in_scope(survey: &Survey<'_>, hits: &mut Hits, question: &str) {
    if survey.nodes().iter().any(Node::in_scope) {
        hits.add(Hit::ask(ObjectRef::Settings, question).shows("systems_in_scope", true));
    }
}

/// Finds a system in scope for which no other does something, and which does not do it itself. `missing` completes the
/// sentence "it is in scope, and ..".
pub(super) fn nobody_manages(survey: &Survey<'_>, node: &Node<'_>, how: How, missing: &str, hits: &mut Hits) {
    let done = survey.managers(node).any(|(_, it)| it == how);
    let does_it = node.system.manages.iter().any(|it| it.how == how);
    if !node.in_scope() || done || does_it {
        return;
    }
    let sentence = format!("{} is in scope, and {missing}.", node.name());
    hits.add(Hit::on(node.subject(), sentence).shows("manages", false).shows("category", node.category().as_str()));
}

/// What ends a finding about an element on a flow: the flow no longer carries it.
pub(super) fn drop_field(_: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let (Some(element), ObjectRef::Flow(flow)) = (finding.element(), &finding.subject) else { return Vec::new() };
    vec![Step::Edit(Edit::DropField { flow: flow.clone(), element })]
}
