//! Is there a second proof of a verdict that shares no fact with the first, and if not, which fact do all share?
//!
//! Every rule has one premise, so proofs are paths in a graph of states (`states`). A path that avoids the facts of the
//! witness is found by a search that counts them first (`search`). One fact is a flow, a management relation, a copy
//! or a shared zone. What the beginning of a proof rests on (a declared element, a key, a page) may be shared: a second
//! way from the same database is a second path. It is told, because removing that fact removes both.

mod fact;
mod search;
mod states;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::Serialize;

pub use fact::Fact;
pub use search::Proof;

use super::explain::{Explainer, Sentence};
use super::verdict::{Label, Scope, Verdict};
use crate::id::SystemId;
use crate::model::Model;
use states::States;

/// How many facts are tried one by one for being part of every proof.
const TRIED: usize = 256;

/// What a search for a second proof gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Second {
    /// There is no proof at all: nothing brings the system into scope, or a person decided.
    Unproven,
    /// Another proof that shares no flow, management relation, copy or zone with the witness.
    Found {
        /// That proof, the shortest of its kind.
        proof: Proof,
        /// What the beginning of both rests on; empty where they share nothing at all.
        shared_start: BTreeSet<Fact>,
    },
    /// Every other proof shares something with the witness.
    None {
        /// The facts that every proof rests on: without any one of them nothing of this verdict is left. Empty where
        /// the proofs overlap without having one fact in common. Of a very long witness the first 256 are tried.
        in_every_proof: BTreeSet<Fact>,
        /// What the proof that shares least shares with the witness.
        least_shared: BTreeSet<Fact>,
    },
}

/// Looks for a second proof of the verdict on a system, for the label that it shows.
///
/// The model must be the one that the scope was computed from.
#[must_use]
pub fn second(model: &Model, scope: &Scope, system: &SystemId) -> Second {
    let Some(verdict) = scope.systems.get(system) else { return Second::Unproven };
    let states = States::of(model, scope);
    let Some(target) = states.shown(system, verdict) else { return Second::Unproven };
    let witness = states.facts_of(system, verdict);
    let Some(best) = search::best(&states, target, &witness) else { return Second::Unproven };
    let used: BTreeSet<u32> = best.facts.iter().copied().collect();
    let on_the_way: BTreeSet<u32> = used.intersection(&witness.path).copied().collect();
    if on_the_way.is_empty() {
        let shared_start = states.facts(used.intersection(&witness.start));
        return Second::Found { proof: search::proof(&states, &best), shared_start };
    }
    let shared: BTreeSet<u32> =
        witness.path.union(&witness.start).filter(|fact| used.contains(fact)).copied().collect();
    let in_all = shared.iter().take(TRIED).filter(|fact| !search::reaches_without(&states, target, **fact));
    Second::None { in_every_proof: states.facts(in_all), least_shared: states.facts(&shared) }
}

/// The facts that the witness of a verdict uses, those that its beginning rests on included.
#[must_use]
pub fn witness_facts(model: &Model, scope: &Scope, system: &SystemId) -> BTreeSet<Fact> {
    let Some(verdict) = scope.systems.get(system) else { return BTreeSet::new() };
    let states = States::of(model, scope);
    let facts = states.facts_of(system, verdict);
    states.facts(facts.path.union(&facts.start))
}

impl Second {
    /// The answer in sentences.
    #[must_use]
    pub fn sentences(&self, model: &Model, scope: &Scope, system: &SystemId) -> Vec<Sentence> {
        match self {
            Self::Unproven => vec![fact::plain("There is no proof that could have a second one.")],
            Self::Found { proof, shared_start } => {
                let mut sentences = Explainer::new(model, scope, []).another_proof(system, proof);
                sentences.push(if shared_start.is_empty() {
                    fact::plain("This proof shares no fact with the first one.")
                } else {
                    fact::listed("Both ways begin with the same fact: ", shared_start, model)
                });
                sentences
            }
            Self::None { in_every_proof, least_shared } => {
                let none = fact::plain("There is no second path that shares no fact with the first one.");
                let why = if in_every_proof.is_empty() {
                    fact::listed("Other paths exist, but the one that shares least still uses: ", least_shared, model)
                } else {
                    fact::listed(
                        "Every proof rests on this, and without it nothing of the verdict is left: ",
                        in_every_proof,
                        model,
                    )
                };
                vec![none, why]
            }
        }
    }
}

impl Explainer<'_> {
    /// Tells another proof of the verdict on a system like the first one.
    fn another_proof(&self, id: &SystemId, proof: &Proof) -> Vec<Sentence> {
        let Some(verdict) = self.verdict(id) else { return Vec::new() };
        let verdict = Verdict {
            witness: proof.systems.clone().into(),
            steps: proof.steps.clone().into(),
            rule: proof.steps.last().map(|step| step.rule),
            ..verdict.clone()
        };
        match (proof.systems.len(), proof.steps.last().map(|step| step.label)) {
            (1, Some(Label::Data)) => self.data_sentences(id, &verdict, &proof.arrival),
            _ => self.path_sentences(&verdict),
        }
    }
}
