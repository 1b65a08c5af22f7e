//! Verdicts in sentences, with the objects they name as links.
//!
//! The first sentence states the verdict and its rule. Then comes the proof: for verdicts that rest on data the way
//! of the data, one sentence per hop; for the others the path from the seed, one sentence per step; out of scope
//! what keeps the system out. Flags and the number of other reasons close it.

mod data;
mod exclusion;
mod path;
mod words;

use super::effect::Custody;
use super::graph::Graph;
use super::holdings::Holdings;
use super::overrides;
use super::separation::Estate;
use super::verdict::{Category, Flag, Reason, Rule, Scope, Sub, Verdict};
use crate::id::{FlowId, SystemId};
use crate::model::Model;
use crate::model::relations::View;

/// A sentence in parts, so that a page can link what it names and a report can print it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sentence(pub Vec<Part>);

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Words.
    Text(String),
    /// A system, with its name.
    System(SystemId, String),
    /// A flow, with its name or its key.
    Flow(FlowId, String),
}

impl std::fmt::Display for Sentence {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for part in &self.0 {
            match part {
                Part::Text(text) | Part::System(_, text) | Part::Flow(_, text) => out.write_str(text)?,
            }
        }
        Ok(())
    }
}

/// Why a system has its verdict, as sentences in the order of the proof. Empty where the scope has no such system.
///
/// The model must be the one that the scope was computed from.
#[must_use]
pub fn explain(model: &Model, scope: &Scope, system: &SystemId) -> Vec<Sentence> {
    Explainer::new(model, scope).explain(system)
}

/// Explains several systems of one model; what the sentences need is looked up once.
pub(super) struct Explainer<'a> {
    scope: &'a Scope,
    graph: Graph<'a>,
    holdings: Holdings<'a>,
    custody: Custody,
    estate: Estate<'a>,
}

impl<'a> Explainer<'a> {
    pub(super) fn new(model: &'a Model, scope: &'a Scope) -> Self {
        let graph = Graph::of(model);
        let holdings = Holdings::of(&graph);
        let custody = Custody::of(&graph, &holdings);
        let category = |id: &SystemId| scope.systems.get(id).map_or(Category::NotLive, |verdict| verdict.category);
        let estate = Estate::new(&graph, graph.systems.iter().map(|it| category(&it.id)).collect());
        Self { scope, graph, holdings, custody, estate }
    }

    pub(super) fn explain(&self, id: &SystemId) -> Vec<Sentence> {
        let (Some(verdict), Some(system)) = (self.scope.systems.get(id), self.graph.number_of(id)) else {
            return Vec::new();
        };
        let mut sentences = vec![self.verdict_sentence(system, verdict)];
        sentences.extend(self.decision_sentences(system, verdict));
        if !verdict.provenance.is_empty() {
            sentences.extend(self.way_of_the_data(system, verdict));
        } else if verdict.witness.len() > 1 {
            sentences.extend(self.path_sentences(verdict));
        } else if verdict.category == Category::OutOfScope && verdict.rule != Some(Rule::ODown) {
            sentences.extend(self.exclusion_sentences(system));
        } else if let Some(step) = verdict.steps.last().filter(|step| step.rule != Rule::OUp) {
            sentences.push(self.seed_sentence(system, step.rule));
        }
        sentences.extend(verdict.flags.iter().filter_map(|flag| self.flag_sentence(system, *flag)));
        sentences.extend(other_reasons(verdict));
        sentences
    }

    /// The verdict, and the rule in words.
    fn verdict_sentence(&self, system: u32, verdict: &Verdict) -> Sentence {
        let it = self.name(Sentence::default(), system);
        match (verdict.category, verdict.rule) {
            (Category::External, _) => it.text(" is external: it is never part of our assessment."),
            (Category::NotLive, _) => match self.graph.model.settings.view {
                View::Current => it.text(" is not live, so it does not count in the current view."),
                View::Target => it.text(" does not exist in the target view, so it does not count there."),
            },
            (Category::OutOfScope, Some(Rule::ODown)) => it.text(" is out of scope, because a person decided so."),
            (Category::OutOfScope, Some(Rule::NSegmented)) => {
                it.text(" is out of scope, but only because something keeps it apart from what is in scope.")
            }
            (Category::OutOfScope, _) => {
                it.text(" is out of scope: the model has no relation between it and anything in scope.")
            }
            (Category::ThirdParty, _) => it.text(third_party_words(verdict.sub)),
            (category, Some(Rule::OUp | Rule::ODown)) => {
                it.text(category_words(category)).text(", because a person decided so.")
            }
            (category, _) => {
                let because = verdict.steps.last().map(|step| Reason { label: step.label, rule: step.rule });
                let because = because.map(|reason| words::reason_words(&reason)).unwrap_or_default();
                it.text(category_words(category)).text(": it ").text(because).text(".")
            }
        }
    }

    /// The decision that applies, with who made it and why.
    fn decision_sentences(&self, system: u32, verdict: &Verdict) -> Vec<Sentence> {
        let computed = verdict.computed_category.filter(|_| verdict.flags.contains(&Flag::OverrideApplied));
        let decision = computed.and_then(|computed| overrides::applied(&self.graph, system, computed));
        let Some(decision) = decision else { return Vec::new() };
        let person = |key: &Option<String>| {
            key.as_ref().map(|key| {
                let record = self.graph.model.people.get(key.as_str());
                record.map_or_else(|| key.clone(), |it| it.name.clone())
            })
        };
        let asked = person(&decision.author).map_or("Somebody".to_owned(), |name| name);
        let approved =
            person(&decision.approver).map_or("nobody approved it".to_owned(), |it| format!("{it} approved it"));
        let valid = decision.expires.map(|day| format!("; it is valid until {day}")).unwrap_or_default();
        let mut sentences = vec![Sentence::of(format!("{asked} asked for the decision; {approved}{valid}."))];
        if !decision.justification.trim().is_empty() {
            sentences.push(Sentence::of("Its justification: ").text(words::quoted(decision.justification.trim())));
        }
        sentences
    }

    fn flag_sentence(&self, system: u32, flag: Flag) -> Option<Sentence> {
        let text = match flag {
            Flag::OverrideApplied => return Some(self.without_the_decision(system)),
            Flag::SegmentationUnverified => return Some(self.unverified_blocks(system)),
            Flag::EncNoKey => {
                "It holds ciphertext that brings nothing into scope on the condition that nobody in the organisation \
                 can decrypt it."
            }
            Flag::OverrideExpired => "A decision on its category has expired or has no last day, and does not count.",
            Flag::OverrideForbidden => {
                "A decision on its category does not count: card data that it handles in clear, or in a form that nobody \
                 knows, cannot be decided away. The model has to change instead."
            }
            Flag::OverrideRejected => {
                "A decision on its category does not count, because it lacks what it needs: a justification, evidence and \
                 an approver who is not the author, on a system of ours that is live."
            }
            Flag::OverrideStale => {
                "A decision on its category does not count, because the facts changed since; it has to be made again."
            }
            Flag::PivotRisk => {
                "It shares a network zone with a system in scope, so whoever takes over that system stands next to it."
            }
            Flag::RetiredWithData => "It is retired, but its stores are not disposed of, so its data still counts.",
        };
        Some(Sentence::of(text))
    }

    fn without_the_decision(&self, system: u32) -> Sentence {
        let id = &self.graph.systems[system as usize].id;
        let computed = self.scope.systems.get(id).and_then(|verdict| verdict.computed_category);
        let computed = computed.map_or("unknown", Category::label);
        Sentence::of(format!("Without the decision its category would be: {computed}."))
    }

    fn unverified_blocks(&self, system: u32) -> Sentence {
        let blocked = self.graph.neighbours(system).filter(|it| it.connection.counts && it.connection.blocked);
        let mut flows: Vec<u32> = blocked.map(|it| it.connection.flow).collect();
        flows.sort_unstable();
        let sentence = Sentence::of("A connection that should be blocked counts, because no test verified the block: ");
        self.list_flows(sentence, &flows).text(".")
    }
}

fn category_words(category: Category) -> &'static str {
    match category {
        Category::Cde => " is part of the cardholder data environment (CDE)",
        Category::SecurityImpacting => " is in scope as security-impacting",
        Category::ConnectedTo => " is in scope as connected to the CDE",
        Category::OutOfScope => " is out of scope",
        Category::ThirdParty => " is a third party",
        Category::External => " is external",
        Category::NotLive => " is not live",
    }
}

fn third_party_words(sub: Option<Sub>) -> &'static str {
    match sub {
        Some(Sub::AccountData) => {
            " is a third party that receives account data, so it belongs on the list of service providers \
             (PCI DSS 12.8.1)."
        }
        Some(Sub::Security) => {
            " is a third party that can affect the security of account data, so it belongs on the list of service \
             providers (PCI DSS 12.8.1)."
        }
        Some(Sub::Access) => {
            " is a third party with access towards the CDE, so it belongs on the list of service providers \
             (PCI DSS 12.8.1)."
        }
        Some(Sub::EncryptedOnly) => {
            " is a third party that holds ciphertext without its key, so it belongs on the list of service providers \
             (PCI DSS 12.8.1)."
        }
        _ => " is a third party without account data and without influence on its security.",
    }
}

/// How many other reasons there are: without them people remove one and wonder that nothing changes.
fn other_reasons(verdict: &Verdict) -> Option<Sentence> {
    let others = verdict.reasons.saturating_sub(1);
    let are = match others {
        0 => return None,
        1 => "There is 1 other reason".to_owned(),
        more => format!("There are {more} other reasons"),
    };
    let listed: Vec<String> = verdict.other_reasons.iter().map(words::reason_words).collect();
    let more = if others > listed.len() { "; and more" } else { "" };
    let listed = listed.join("; ");
    Some(Sentence::of(format!("{are} ({listed}{more}), so removing the one shown may change nothing.")))
}
