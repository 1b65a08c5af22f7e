//! PCI DSS 6.5.1, 6.5.2: changes are documented with their effect on security, and significant ones are followed by
//! a confirmation of the requirements.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::model::object::ObjectRef;

/// Changes without their effect on security.
pub const RULE: Rule = Rule {
    id: "F-CHANGE",
    aliases: &[],
    version: 1,
    title: "Changes without their effect on security",
    sentence: "A change that nobody looked at can undo years of care in a day.",
    condition: "The workspace has systems in scope; whether each change of them has a record, \
                and each significant one a confirmation and a review of the scope, is asked.",
    kind: Kind::Asks,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("6.5.1"), Pci("6.5.2")],
    service_providers_only: false,
    reads: &["system.category"],
    shows: &["systems_in_scope"],
    false_positives: "Changes may be recorded in another tool; its list is the evidence.",
    question: "Which record belongs to each change since the last review, and what was \
                confirmed after the significant ones?",
    fixes: &[FixOption::fill(
        "Record each change with its effect, and confirm the requirements after significant ones",
        3,
        &["system.last_changed"],
    )],
    fires: &[Example::new("there is a system in scope", r#""systems":[{"id":"db","holdings":[{"element":"pan"}]}]"#)],
    silent: &[Example::new("nothing is in scope", r#""systems":[{"id":"wiki"}]"#)],
    checks: &[Check::Workspace(check)],
};

fn check(survey: &Survey<'_>, hits: &mut Hits) {
    if survey.nodes().iter().any(Node::in_scope) {
        let question = "Does every change of a system in scope have a record of its effect on security?";
        hits.add(Hit::ask(ObjectRef::Settings, question).shows("systems_in_scope", true));
    }
}
