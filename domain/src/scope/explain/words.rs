//! The words that sentences are made of.

use super::{Explainer, Part, Sentence};
use crate::id::KeyId;
use crate::model::catalogue;
use crate::model::element::Form;
use crate::model::flow::Flow;
use crate::model::relations::Protocol;
use crate::scope::holdings::Item;
use crate::scope::verdict::{Label, Reason, Rule};

/// How many objects one sentence lists by name.
pub(super) const LISTED: usize = 5;

impl Sentence {
    pub(super) fn of(text: impl Into<String>) -> Self {
        Self(vec![Part::Text(text.into())])
    }

    pub(super) fn text(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        match self.0.last_mut() {
            Some(Part::Text(last)) => last.push_str(&text),
            _ => self.0.push(Part::Text(text)),
        }
        self
    }
}

impl Explainer<'_> {
    /// Appends a system by name.
    pub(super) fn name(&self, mut sentence: Sentence, system: u32) -> Sentence {
        let it = self.graph.systems[system as usize];
        sentence.0.push(Part::System(it.id.clone(), it.name.clone()));
        sentence
    }

    /// Appends a flow by name, or by key where it has none.
    pub(super) fn flow(&self, mut sentence: Sentence, flow: u32) -> Sentence {
        let it = self.graph.flows[flow as usize];
        let name = if it.name.is_empty() { it.id.to_string() } else { it.name.clone() };
        sentence.0.push(Part::Flow(it.id.clone(), name));
        sentence
    }

    /// Appends " (flow x)".
    pub(super) fn by_flow(&self, sentence: Sentence, flow: u32) -> Sentence {
        self.flow(sentence.text(" (flow "), flow).text(")")
    }

    pub(super) fn list_flows(&self, sentence: Sentence, flows: &[u32]) -> Sentence {
        list(sentence, flows, |sentence, flow| self.flow(sentence, *flow))
    }

    pub(super) fn list_systems(&self, sentence: Sentence, systems: &[u32]) -> Sentence {
        list(sentence, systems, |sentence, system| self.name(sentence, *system))
    }

    /// "the card number in clear" for an item.
    pub(super) fn item_words(&self, item: &Item) -> String {
        data_words(self.holdings.elements.name(item.element), item.form)
    }

    /// The name of a key, in quotes.
    pub(super) fn key_words(&self, key: u32) -> String {
        let id = self.holdings.keys.key(key);
        let record = self.graph.model.keys.get(&KeyId::new(id));
        quoted(record.map_or(id, |it| &it.name))
    }

    /// What the other end of a flow is opened with: "an SSH connection", or "a connection" where nobody said.
    pub(super) fn connection_words(flow: &Flow) -> String {
        match flow.protocol {
            Protocol::Unknown | Protocol::Other => "a connection".to_owned(),
            protocol => protocol.label().to_owned(),
        }
    }
}

fn list<T>(mut sentence: Sentence, items: &[T], append: impl Fn(Sentence, &T) -> Sentence) -> Sentence {
    for (place, item) in items.iter().take(LISTED).enumerate() {
        let is_last = place + 1 == items.len();
        sentence = match place {
            0 => sentence,
            _ if is_last => sentence.text(" and "),
            _ => sentence.text(", "),
        };
        sentence = append(sentence, item);
    }
    if items.len() > LISTED { sentence.text(format!(" and {} more", items.len() - LISTED)) } else { sentence }
}

/// Texts as one enumeration: "a, b and c".
pub(super) fn enumerate(texts: &[String]) -> String {
    list(Sentence::default(), texts, |sentence, text| sentence.text(text.clone())).to_string()
}

/// An element in a form, in words: "the card number in clear".
pub(in crate::scope) fn data_words(element: &str, form: Form) -> String {
    let name = match element {
        "pan" => "card number".to_owned(),
        "card_verification_code" => "card verification code".to_owned(),
        "full_track" => "full track data".to_owned(),
        other => match catalogue::element(other) {
            Some(row) => row.name.clone(),
            None => quoted(other),
        },
    };
    form.of_data(&name)
}

/// A reason in words; an own connection and a received one are told apart.
pub(super) fn reason_words(reason: &Reason) -> String {
    match (reason.rule, reason.label) {
        (Rule::CDirect, Label::In) => "can open a connection to a CDE system".to_owned(),
        (Rule::CDirect, _) => "receives connections from a CDE system".to_owned(),
        (Rule::TData | Rule::TEnc, _) => "holds account data or its ciphertext".to_owned(),
        (rule, _) => lower_first(rule.label()),
    }
}

pub(super) fn quoted(text: &str) -> String {
    format!("“{text}”")
}

/// The first letter small, for the middle of a sentence; abbreviations keep theirs.
pub(super) fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}
