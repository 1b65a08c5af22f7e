//! Why a system is out of scope, and what that relies on.

use super::{Explainer, Sentence, words};
use crate::id::ControlId;
use crate::model::flow::FlowControl;
use crate::model::relations::{ControlStatus, LinkPolicy};
use crate::scope::graph::Neighbour;
use crate::scope::separation::Ground;
use crate::scope::verdict::Category;

/// How many relations are told one by one.
const TOLD: usize = 12;

impl Explainer<'_> {
    pub(super) fn exclusion_sentences(&self, system: u32) -> Vec<Sentence> {
        let mut grounds: Vec<Ground<'_>> = self.estate.grounds(&self.graph, system).collect();
        grounds.sort_by(|one, other| one.order().cmp(&other.order()));
        let mut sentences: Vec<Sentence> =
            grounds.iter().take(TOLD).map(|ground| self.ground_sentence(system, ground)).collect();
        if grounds.len() > TOLD {
            sentences.push(Sentence::of(format!("There are {} more relations of this kind.", grounds.len() - TOLD)));
        }
        if !grounds.is_empty() {
            sentences.push(Sentence::of(
                "The exclusion holds as long as this is tested (PCI DSS 11.4.5) and justified (PCI DSS 12.5.2).",
            ));
        }
        sentences
    }

    fn ground_sentence(&self, system: u32, ground: &Ground<'_>) -> Sentence {
        let it = self.name(Sentence::default(), system);
        match ground {
            Ground::Flow { flow, other } => self.flow_ground(system, *flow, *other),
            Ground::Manages { how, target } => {
                let it = self.name(it.text(format!(" {} ", how.label())), *target);
                let it = self.in_its_category(it, *target);
                it.text(if how.bears_control() {
                    ", but that system only receives connections, so control over it gives no way into the CDE."
                } else {
                    ", but a service of this kind gives no control over that system."
                })
            }
            Ground::Link { link, cde_segment } => {
                let name = self.segment_words(*cde_segment);
                let does = match link.policy {
                    LinkPolicy::Denied => "denied",
                    LinkPolicy::Filtered | LinkPolicy::Open => "filtered",
                };
                let it = Sentence::of("What passes between the segment of ");
                let it = self.name(it, system).text(format!(" and the CDE segment {name} is {does}"));
                match &link.control {
                    Some(control) => it.text(format!(" by {}.", self.control_words(control))),
                    None => it.text(", but no control is named that does it."),
                }
            }
            Ground::Microsegmentation { segment } => it.text(format!(
                " is in the segment {} together with CDE systems, but the segment is microsegmented: being in it \
                 connects nothing.",
                self.segment_words(*segment)
            )),
        }
    }

    fn flow_ground(&self, system: u32, flow: u32, other: u32) -> Sentence {
        let neighbour = self.graph.neighbours(system).find(|it| it.connection.flow == flow);
        let it = self.name(Sentence::of("A connection joins "), system).text(" with ");
        let it = self.by_flow(self.name(it, other), flow);
        let it = self.in_its_category(it, other);
        match neighbour {
            Some(it_is) if it_is.connection.blocked && !it_is.connection.counts => {
                let control = match &self.graph.flows[flow as usize].control {
                    Some(FlowControl::Record(id)) => self.control_words(id),
                    Some(FlowControl::Inline { kind, .. }) => {
                        format!("a control of the type {} (verified)", words::quoted(kind))
                    }
                    None => "an unnamed control".to_owned(),
                };
                it.text(format!(", but it is blocked by {control}."))
            }
            _ if self.graph.nodes[other as usize].sealed => {
                it.text(", but account data never leaves that sealed device.")
            }
            Some(Neighbour { is_called: false, .. }) if self.graph.nodes[other as usize].relay => {
                it.text(", but only that end opens the connection, so it gives no access through it.")
            }
            _ if self.graph.nodes[other as usize].relay => it.text(
                ", but that system only receives connections itself, so there is no way through it into the CDE.",
            ),
            _ => it.text(", but that system passes no access on, so the connection gives no way into the CDE."),
        }
    }

    fn in_its_category(&self, sentence: Sentence, system: u32) -> Sentence {
        let category = match self.estate.category(system) {
            Category::Cde => ", which is part of the CDE",
            Category::SecurityImpacting => ", which is security-impacting",
            _ => ", which is connected to the CDE",
        };
        sentence.text(category)
    }

    fn segment_words(&self, segment: u32) -> String {
        let id = self.graph.segments.key(segment);
        words::quoted(self.graph.model.segments.get(id).map_or(id, |it| &it.name))
    }

    /// A control with how well it is known to work.
    fn control_words(&self, id: &ControlId) -> String {
        let Some(control) = self.graph.model.controls.get(id) else {
            return format!("{}, a control without a record", words::quoted(id.as_str()));
        };
        let status = match control.status {
            ControlStatus::Verified => "verified",
            ControlStatus::Unverified => "not verified",
            ControlStatus::Failed => "failed its last test",
        };
        let tested = control.last_tested.map(|day| format!(", last tested {day}")).unwrap_or_default();
        format!("{} ({status}{tested})", words::quoted(&control.name))
    }
}
