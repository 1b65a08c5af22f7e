//! Reliances in sentences.

use super::{Pillar, Reliance};
use crate::id::{FlowId, SegmentId, SystemId};
use crate::model::Model;
use crate::scope::explain::{Part, Sentence};

impl Reliance {
    /// What is relied on and until when, with the objects as links.
    #[must_use]
    pub fn proof_sentence(&self, model: &Model) -> Sentence {
        let mut parts = self.on.parts(model);
        parts.push(Part::Text(self.proof_words()));
        Sentence(parts)
    }

    /// What is relied on, until when, and what would follow, with the objects as links. Only for one that was tried.
    #[must_use]
    pub fn sentence(&self, model: &Model) -> Sentence {
        let mut parts = self.on.parts(model);
        parts.push(Part::Text(format!("{}{}", self.proof_words(), self.otherwise_words())));
        Sentence(parts)
    }

    fn proof_words(&self) -> String {
        match (self.proven, self.until) {
            (true, Some(day)) => format!(": proven until {day}."),
            (true, None) => ".".to_owned(),
            (false, _) => ": nothing on file proves it.".to_owned(),
        }
    }

    fn otherwise_words(&self) -> String {
        match self.otherwise {
            Some((category, _)) => format!(" If this failed, its category would be: {}.", category.label()),
            None => " If only this failed, it would stay out.".to_owned(),
        }
    }
}

impl Pillar {
    /// What has to hold, in words without its full stop.
    pub(crate) fn words(&self, model: &Model) -> String {
        Sentence(self.parts(model)).to_string()
    }

    fn parts(&self, model: &Model) -> Vec<Part> {
        let mut parts = Vec::new();
        let text = |parts: &mut Vec<Part>, words: String| parts.push(Part::Text(words));
        match self {
            Self::Block(flow) => {
                parts.push(flow_part(model, flow));
                text(&mut parts, format!(" has to stay blocked{}", self.by(model)));
            }
            Self::Link(link) => {
                let (a, b) = (segment(model, link.a()), segment(model, link.b()));
                text(&mut parts, format!("What passes between {a} and {b} has to stay filtered{}", self.by(model)));
            }
            Self::Microsegmentation(id) => {
                let segment = segment(model, id);
                text(&mut parts, format!("Systems in {segment} have to stay apart from each other{}", self.by(model)));
            }
            Self::KeyCustody(key) => {
                let name = model.keys.get(key).map_or(key.as_str(), |it| &it.name);
                text(&mut parts, format!("Nobody in the organisation may decrypt what is under the key “{name}”"));
            }
            Self::Decision(_) => text(&mut parts, "A person's decision has to stay valid".to_owned()),
            Self::ChangeApproval(system) => {
                text(&mut parts, "Changes on ".to_owned());
                parts.push(system_part(model, system));
                text(&mut parts, format!(" have to stay subject to approval{}", self.by(model)));
            }
            Self::PlannedFlow(flow) => {
                parts.push(flow_part(model, flow));
                text(&mut parts, " is planned and must not go live as it is".to_owned());
            }
            Self::Planned(system) => {
                parts.push(system_part(model, system));
                text(&mut parts, " is planned and not live yet".to_owned());
            }
            Self::Disposal(system) => {
                text(&mut parts, "The stores of ".to_owned());
                parts.push(system_part(model, system));
                text(&mut parts, " have to be disposed of, as its record says".to_owned());
            }
        }
        parts
    }

    fn by(&self, model: &Model) -> String {
        let name =
            self.control(model).map(|id| model.controls.get(&id).map_or_else(|| id.to_string(), |it| it.name.clone()));
        name.map(|name| format!(" by “{name}”")).unwrap_or_default()
    }
}

fn segment(model: &Model, id: &SegmentId) -> String {
    format!("“{}”", model.segments.get(id).map_or(id.as_str(), |it| &it.name))
}

fn system_part(model: &Model, id: &SystemId) -> Part {
    Part::System(id.clone(), model.systems.get(id).map_or_else(|| id.to_string(), |it| it.name.clone()))
}

fn flow_part(model: &Model, id: &FlowId) -> Part {
    let name = model.flows.get(id).map(|it| it.name.clone()).filter(|name| !name.is_empty());
    Part::Flow(id.clone(), format!("The flow {}", name.unwrap_or_else(|| id.to_string())))
}
