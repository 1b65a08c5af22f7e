//! Health of the model: the inventory of ciphers and protocols is reviewed every year.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Edge, Survey};
use crate::model::object::ObjectRef;
use crate::model::relations::Encryption;

/// Review of the cipher inventory.
pub const RULE: Rule = Rule {
    id: "H9",
    aliases: &[],
    version: 1,
    title: "Review of the cipher inventory",
    sentence: "What was strong last year may be broken this year.",
    condition: "A flow of a system in scope is encrypted; whether the inventory was reviewed in \
                the last twelve months is asked.",
    kind: Kind::Health,
    severity: Severity::Info,
    severity_moves: "",
    maps_to: &[Pci("12.3.3")],
    service_providers_only: false,
    reads: &["flow.encryption", "system.category"],
    shows: &["encryption"],
    false_positives: "The inventory is made from the flows of this model; its review is what is asked.",
    question: "When was the inventory of ciphers and protocols last reviewed?",
    fixes: &[FixOption::fill("Review the inventory", 1, &["flow.in_cipher_inventory"])],
    fires: &[Example::new(
        "a flow in scope is encrypted",
        r#""systems":[{"id":"app"},{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}],
               "flows":[{"id":"f","from":"app","to":"vault"}]"#,
    )],
    silent: &[Example::new(
        "nothing is in scope",
        r#""systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b"}]"#,
    )],
    checks: &[Check::Workspace(check)],
};

fn check(survey: &Survey<'_>, hits: &mut Hits) {
    let encrypted = |it: &Edge<'_>| matches!(it.flow.encryption, Encryption::Transport | Encryption::Both);
    let in_scope = |it: &Edge<'_>| survey.ends(it).iter().any(|end| end.in_scope());
    let used = survey.edges().iter().any(|it| it.active && encrypted(it) && in_scope(it));
    if used {
        let question = "Was the inventory of ciphers and protocols reviewed in the last twelve months?";
        hits.add(Hit::ask(ObjectRef::Settings, question).shows("encryption", true));
    }
}
