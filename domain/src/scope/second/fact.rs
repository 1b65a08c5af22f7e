//! What a proof can rest on.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use crate::id::{ElementId, FlowId, KeyId, SystemId};
use crate::model::Model;
use crate::model::element::Form;
use crate::model::relations::{How, PaymentPage};
use crate::model::system::{ManageTarget, System};
use crate::scope::explain::{Part, Sentence, data_words};

/// One fact of a model that a proof uses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// A flow: its connection, or what it carries.
    Flow(FlowId),
    /// One system manages another, or a segment.
    Manages {
        /// Who.
        manager: SystemId,
        /// Whom.
        target: ManageTarget,
        /// In which way.
        how: How,
    },
    /// A system copies the stores of another one.
    Copy {
        /// The source.
        from: SystemId,
        /// Who copies.
        into: SystemId,
    },
    /// The systems of a network zone reach each other. The zone is known by its first segment; `?` takes the systems
    /// without a segment in strict mode.
    Zone(String),
    /// A system declares an element in a form.
    Holding {
        /// The system.
        system: SystemId,
        /// The element.
        element: ElementId,
        /// The form.
        form: Form,
    },
    /// A system holds a key.
    Key {
        /// The key.
        key: KeyId,
        /// The holder.
        holder: SystemId,
    },
    /// A system may turn tokens back into cards.
    Capability(SystemId),
    /// A system serves a payment page.
    Page(SystemId),
    /// A person decided on a system's category.
    Decision(SystemId),
}

pub(super) fn plain(text: &str) -> Sentence {
    Sentence(vec![Part::Text(text.to_owned())])
}

/// The facts one after the other, with the objects as links.
pub(super) fn listed(beginning: &str, facts: &BTreeSet<Fact>, model: &Model) -> Sentence {
    let mut parts = vec![Part::Text(beginning.to_owned())];
    for (place, fact) in facts.iter().enumerate() {
        if place > 0 {
            parts.push(Part::Text("; ".to_owned()));
        }
        fact.tell(model, &mut parts);
    }
    parts.push(Part::Text(".".to_owned()));
    Sentence(parts)
}

impl Fact {
    /// The model without the fact; `None` for a zone, which is no single object of the model.
    #[must_use]
    pub fn without(&self, model: &Model) -> Option<Model> {
        let mut less = model.clone();
        let mut change = |id: &SystemId, change: &dyn Fn(&mut System)| {
            if let Some(system) = less.systems.get_mut(id) {
                change(Arc::make_mut(system));
            }
        };
        match self {
            Self::Zone(_) => return None,
            Self::Flow(id) => {
                less.flows.remove(id);
            }
            Self::Manages { manager, target, how } => {
                change(manager, &|it| it.manages.retain(|by| by.target != *target || by.how != *how));
            }
            Self::Copy { from, into } => change(into, &|it| it.copies.retain(|copy| copy.from != *from)),
            Self::Holding { system, element, form } => {
                change(system, &|it| it.holdings.retain(|held| held.element != *element || held.form != *form));
            }
            Self::Capability(system) => change(system, &|it| it.capabilities.clear()),
            Self::Page(system) => change(system, &|it| it.payment_page = PaymentPage::None),
            Self::Key { key, holder } => {
                if let Some(key) = less.keys.get_mut(key) {
                    Arc::make_mut(key).holders.remove(holder);
                }
            }
            Self::Decision(system) => less.overrides.retain(|key, _| key.system != *system),
        }
        Some(less)
    }

    /// Appends the fact in words.
    fn tell(&self, model: &Model, parts: &mut Vec<Part>) {
        let system = |id: &SystemId| {
            Part::System(id.clone(), model.systems.get(id).map_or_else(|| id.to_string(), |it| it.name.clone()))
        };
        let text = |words: &str| Part::Text(words.to_owned());
        match self {
            Self::Flow(id) => {
                let name = model.flows.get(id).map(|flow| flow.name.clone()).filter(|name| !name.is_empty());
                parts.extend([text("the flow "), Part::Flow(id.clone(), name.unwrap_or_else(|| id.to_string()))]);
            }
            Self::Manages { manager, target, how } => {
                parts.extend([system(manager), text(&format!(" {} ", how.label()))]);
                parts.push(match target {
                    ManageTarget::System(id) => system(id),
                    ManageTarget::Segment(id) => {
                        text(&format!("the segment “{}”", model.segments.get(id).map_or(id.as_str(), |it| &it.name)))
                    }
                });
            }
            Self::Copy { from, into } => {
                parts.extend([system(into), text(" copies the stores of "), system(from)]);
            }
            Self::Zone(zone) => parts.push(text(&match model.segments.get(zone.as_str()) {
                Some(segment) => format!("the network zone of the segment “{}”", segment.name),
                None => format!("the network zone “{zone}”"),
            })),
            Self::Holding { system: id, element, form } => {
                parts.extend([system(id), text(&format!(" declares {}", data_words(element.as_str(), *form)))]);
            }
            Self::Key { key, holder } => {
                let name = model.keys.get(key).map_or(key.as_str(), |it| &it.name);
                parts.extend([system(holder), text(&format!(" holds the key “{name}”"))]);
            }
            Self::Capability(id) => parts.extend([system(id), text(" may turn tokens back into cards")]),
            Self::Page(id) => parts.extend([system(id), text(" serves a payment page")]),
            Self::Decision(id) => parts.extend([text("a person's decision on "), system(id)]),
        }
    }
}
