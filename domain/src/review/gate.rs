//! What blocks a signature, and what to do about it.

use std::collections::BTreeSet;

use super::difference::Difference;
use super::elements::Element;
use super::kind::ReviewKind;
use super::session::{Session, TickState};
use crate::findings::{Finding, Findings};
use crate::model::object::ObjectRef;
use crate::text::text_enum;

text_enum! {
    /// The kinds of gates.
    GateKind {
        OpenItem = "open_item": "Nobody has looked at it",
        FellOff = "fell_off": "It changed after somebody had looked at it",
        Question = "question": "A question is open",
        Carried = "carried": "A decision is to be made again",
        Element = "element": "An answer is missing",
        Refusal = "refusal": "Somebody refused to sign",
        Health = "health": "Something is missing in the model",
        Nothing = "nothing": "There is nothing to sign",
    }
}

/// One thing that blocks a signature.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gate {
    /// Which kind.
    pub kind: GateKind,
    /// The object that it is about.
    pub object: Option<ObjectRef>,
    /// What tells it from others about the object: the key of a carried decision, an element, a rule.
    pub about: String,
    /// What is open, as one sentence.
    pub sentence: String,
    /// What to do, as one sentence.
    pub remedy: String,
}

/// Everything that blocks a signature now, by kind and object. `health` are the gaps of the objects inside the review:
/// see [`health_inside`].
#[must_use]
pub fn gates(session: &Session, difference: &Difference, health: &[&Finding]) -> Vec<Gate> {
    let mut gates = Vec::new();
    if difference.items.is_empty() {
        gates.push(gate(
            GateKind::Nothing,
            None,
            "",
            "No object belongs to this review.",
            "Choose other owners, or end the review.",
        ));
    }
    for item in difference.items.values() {
        let object = Some(item.object.clone());
        match session.tick_state(item) {
            TickState::Holds(_) => {}
            TickState::FellOff => {
                let sentence = format!("{} changed after it was ticked.", item.name);
                gates.push(gate(GateKind::FellOff, object, "", &sentence, "Look at it again."));
            }
            TickState::Open => {
                let (sentence, remedy) = if item.is_unchanged() {
                    (format!("{} is not attested.", item.name), "Attest that it is still correct.")
                } else {
                    (
                        format!("{} changed, and nobody said whether that is right.", item.name),
                        "Confirm it, or say what is to change.",
                    )
                };
                gates.push(gate(GateKind::OpenItem, object, "", &sentence, remedy));
            }
        }
    }
    for it in session.open_questions() {
        let sentence = format!("{} was asked: {}", it.whom, it.question);
        gates.push(gate(
            GateKind::Question,
            Some(it.item.clone()),
            &it.number.to_string(),
            &sentence,
            "Answer it, or take the question back.",
        ));
    }
    for it in difference.carried.iter().filter(|it| !session.is_settled(it)) {
        gates.push(gate(GateKind::Carried, None, &it.key(), &it.sentence(), "Decide again, or say why it stands."));
    }
    if session.opening().cover.kind == ReviewKind::Scope {
        for element in Element::ALL.iter().filter(|it| !session.is_answered(**it, difference)) {
            let sentence = if session.elements().contains_key(element) {
                format!("The model says something else since this was answered: {}", element.question())
            } else {
                format!("Nobody answered: {}", element.question())
            };
            gates.push(gate(
                GateKind::Element,
                None,
                element.as_str(),
                &sentence,
                "Read what the model says, and answer it.",
            ));
        }
    }
    if let Some(refusal) = session.open_refusal() {
        let sentence = format!("{} refused to sign: {}", refusal.by, refusal.reason);
        gates.push(gate(GateKind::Refusal, None, "", &sentence, "Do what was asked for, and say so."));
    }
    for it in health {
        let remedy =
            it.rule().fixes.first().map_or("Enter what is missing.".to_owned(), |fix| format!("{}.", fix.title));
        gates.push(gate(GateKind::Health, Some(it.subject.clone()), it.rule, &it.sentence, &remedy));
    }
    gates.sort();
    gates
}

/// The gaps of the model that block a signature over these objects. Those of the whole workspace block the confirmation
/// of the scope only; what `explained` names (`H4` with its channel and stage) has its reason beside it.
#[must_use]
pub fn health_inside<'f>(
    findings: &'f Findings,
    kind: ReviewKind,
    covers: &BTreeSet<ObjectRef>,
    explained: &dyn Fn(&Finding) -> bool,
) -> Vec<&'f Finding> {
    let inside = |it: &Finding| match &it.subject {
        ObjectRef::Settings => kind == ReviewKind::Scope,
        object => covers.contains(object),
    };
    findings.health.iter().filter(|it| inside(it) && !explained(it)).collect()
}

fn gate(kind: GateKind, object: Option<ObjectRef>, about: &str, sentence: &str, remedy: &str) -> Gate {
    Gate { kind, object, about: about.to_owned(), sentence: sentence.to_owned(), remedy: remedy.to_owned() }
}
