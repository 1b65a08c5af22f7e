//! The path from a seed to the label that is shown, one sentence per step.

use super::{Explainer, Sentence, words};
use crate::model::relations::{CapabilityType, How, PaymentPage};
use crate::model::system::ManageTarget;
use crate::scope::graph::Neighbour;
use crate::scope::verdict::{Label, Rule, Step, Verdict};

impl Explainer<'_> {
    pub(in crate::scope) fn path_sentences(&self, verdict: &Verdict) -> Vec<Sentence> {
        let systems: Vec<u32> = verdict.witness.iter().filter_map(|id| self.graph.number_of(id)).collect();
        let steps = verdict.steps.to_vec();
        if systems.len() != steps.len() || systems.is_empty() {
            // The scope belongs to another model.
            return Vec::new();
        }
        let mut sentences = vec![self.seed_sentence(systems[0], steps[0].rule)];
        let hops = systems.windows(2).zip(&steps[1..]);
        sentences.extend(hops.map(|(pair, step)| self.step_sentence(pair[0], pair[1], step)));
        sentences
    }

    /// What the proof starts from.
    pub(super) fn seed_sentence(&self, system: u32, rule: Rule) -> Sentence {
        let it = self.name(Sentence::default(), system);
        match rule {
            Rule::OUp => {
                let id = &self.graph.systems[system as usize].id;
                let category = self.scope.systems.get(id).map_or("in scope", |verdict| verdict.category.label());
                it.text(format!(" has the category {} because a person decided so.", words::quoted(category)))
            }
            Rule::IPage => it.text(match self.graph.systems[system as usize].payment_page {
                PaymentPage::Redirect => " sends the customer to the provider's payment page.",
                PaymentPage::Iframe => " serves the page into which the provider's card form is embedded.",
                PaymentPage::DirectPost => " serves the card form that posts directly to the provider.",
                _ => " serves the script of the card form.",
            }),
            Rule::IKeys => {
                let holds = |key: &u32| self.custody.holders_of(*key).binary_search(&system).is_ok();
                let keys: Vec<String> =
                    (0..self.holdings.keys.count()).filter(holds).map(|key| self.key_words(key)).collect();
                it.text(format!(" holds the key {}.", words::enumerate(&keys)))
            }
            Rule::CVault => {
                let mut domains: Vec<String> = self.graph.systems[system as usize]
                    .capabilities
                    .iter()
                    .filter(|it| it.kind == CapabilityType::Detokenise)
                    .filter_map(|it| it.domain.as_ref().map(|id| words::quoted(id.as_str())))
                    .collect();
                domains.sort();
                let of = if domains.is_empty() { String::new() } else { format!(" of {}", words::enumerate(&domains)) };
                it.text(format!(" may turn tokens{of} back into card numbers, but holds none itself."))
            }
            rule => it.text(" ").text(words::lower_first(rule.label())).text("."),
        }
    }

    /// How the label of the second system follows from the one of the first.
    fn step_sentence(&self, premise: u32, system: u32, step: &Step) -> Sentence {
        let it = self.name(Sentence::default(), system);
        let flow = self.graph.place_of(&step.edge);
        match (step.rule, flow) {
            (Rule::AZone | Rule::CZone, _) => self.zone_sentence(premise, system),
            (Rule::AUnrestricted, Some(flow)) => {
                let it = self.name(it.text(" has an unrestricted connection with "), premise);
                self.by_flow(it, flow).text(", so nothing limits what passes between them.")
            }
            (Rule::CDirect, Some(flow)) => self.connection_sentence(premise, system, flow, step.label),
            (Rule::CVia, Some(flow)) => {
                let it = self.name(it.text(" lies on a connection of "), premise);
                self.by_flow(it, flow).text(".")
            }
            (Rule::CRelay, Some(flow)) => {
                let it = self.opens(it, premise, flow).text(", and ");
                let relays = self.graph.nodes[premise as usize].relay;
                let why = if relays { " passes access on to what it reaches itself." } else { " leads into the CDE." };
                self.name(it, premise).text(why)
            }
            (Rule::IManages | Rule::IManagesIndirect, _) => self.management_sentence(premise, system, step),
            (rule, _) => it.text(" ").text(words::lower_first(rule.label())).text("."),
        }
    }

    fn zone_sentence(&self, premise: u32, system: u32) -> Sentence {
        let both = self.name(Sentence::default(), system).text(" and ");
        let both = self.name(both, premise);
        let segment = |system: u32| {
            let segment = self.graph.systems[system as usize].segment.as_ref()?;
            let record = self.graph.model.segments.get(segment);
            Some(words::quoted(record.map_or(segment.as_str(), |it| &it.name)))
        };
        both.text(match (segment(system), segment(premise)) {
            (Some(one), Some(other)) if one == other => {
                format!(" are both in the segment {one}, and nothing separates them there.")
            }
            (Some(one), Some(other)) => {
                format!(" are in the segments {one} and {other}, between which everything may pass.")
            }
            _ => " have no segment, and undeclared segmentation counts as none.".to_owned(),
        })
    }

    fn connection_sentence(&self, premise: u32, system: u32, flow: u32, label: Label) -> Sentence {
        let sentence = if label == Label::In {
            self.opens(self.name(Sentence::default(), system), premise, flow)
        } else {
            let sentence = self.opens(self.name(Sentence::default(), premise), system, flow).text("; ");
            self.name(sentence, system).text(" only receives")
        };
        let connection = self.graph.neighbours(premise).find(|it| it.connection.flow == flow);
        match connection {
            Some(Neighbour { connection, .. }) if connection.blocked => {
                sentence.text(". The connection should be blocked, but no test verified the block.")
            }
            _ => sentence.text("."),
        }
    }

    /// "… can open SSH to … (flow x)".
    fn opens(&self, sentence: Sentence, to: u32, flow: u32) -> Sentence {
        let connection = Self::connection_words(self.graph.flows[flow as usize]);
        self.by_flow(self.name(sentence.text(format!(" can open {connection} to ")), to), flow)
    }

    fn management_sentence(&self, premise: u32, system: u32, step: &Step) -> Sentence {
        let how = How::ALL.iter().find(|how| how.as_str() == step.edge);
        let manages = how.map_or("manages", |how| how.label());
        let target = &self.graph.systems[premise as usize];
        let by_name = self.graph.managers(premise).any(|(manager, by)| manager == system && Some(&by) == how);
        let segment = target.segment.as_ref().filter(|segment| {
            let relations = &self.graph.systems[system as usize].manages;
            !by_name && relations.iter().any(|it| it.target == ManageTarget::Segment((*segment).clone()))
        });
        let it = self.name(Sentence::default(), system).text(format!(" {manages} "));
        let it = match segment {
            Some(segment) => {
                let record = self.graph.model.segments.get(segment);
                let name = record.map_or(segment.as_str(), |it| &it.name);
                let it = it.text(format!("everything in the segment {}, also ", words::quoted(name)));
                self.name(it, premise)
            }
            None => self.name(it, premise),
        };
        match step.rule {
            Rule::IManagesIndirect => {
                let it = it.text(", so control over ");
                let it = self.name(it, system).text(" is control over ");
                self.name(it, premise).text(".")
            }
            _ => it.text("."),
        }
    }
}
