//! What is the smallest change that would flip a verdict?
//!
//! For a system in scope: the fewest changes that can be carried out, then the least cost, that take it to a lower
//! category, and those that take it out of scope. Whatever flips a verdict has to break its proof, so only changes that
//! touch the current witness are tried, one level deeper each time; what is answered is a full run of the engine.
//! [`into_scope`] asks the opposite of a system that is out of scope.

pub mod into_scope;
#[cfg(test)]
mod tests;
mod touching;
pub mod words;

use std::collections::BTreeSet;

use serde::Serialize;

use super::edit;
use super::reduce::OptionSet;
use crate::id::SystemId;
use crate::model::Model;
use crate::scope::verdict::{Category, Sub, Verdict};
use crate::scope::{self, Scope};

/// The most options that are combined exactly.
const DEPTH: usize = 3;
/// The most options that the search for any answer combines.
const GREEDY: usize = 24;

/// The changes that flip a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flip {
    /// What the system is now.
    pub before: (Category, Option<Sub>),
    /// The fewest changes that lower its category; `None` where no change that can be proposed does.
    pub lower: Option<Way>,
    /// The fewest changes that take it out of scope.
    pub out: Option<Way>,
}

/// Changes that reach a lower category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Way {
    /// What to do, by key. Each can be carried out by itself.
    pub options: Vec<OptionSet>,
    /// What it costs, in days of one person.
    pub cost: u64,
    /// What the system is then.
    pub after: (Category, Option<Sub>),
    /// No fewer changes do it. False where more than three are needed or the search had to stop: then it is the best
    /// found.
    pub smallest: bool,
}

/// Finds the smallest change that flips the verdict on a system of ours that is in scope; `None` for any other system.
///
/// The model must be the one that the scope was computed from. Costs at most a few hundred runs of the engine, fewer
/// for large models, so that it stays a matter of seconds.
#[must_use]
pub fn flip(model: &Model, scope: &Scope, system: &SystemId) -> Option<Flip> {
    let verdict = scope.systems.get(system).filter(|it| it.category.in_scope())?;
    let mut search = Search::new(model, system, verdict);
    let exact = search.deepen(scope);
    let (mut lower, mut out) = (search.lower.take(), search.out.take());
    if lower.is_none() || out.is_none() {
        let found = search.greedy(scope);
        lower = lower.or_else(|| found.lower.map(|taken| (taken, false)));
        out = out.or_else(|| found.out.map(|taken| (taken, false)));
    }
    let way = |found: Option<(Vec<OptionSet>, bool)>| {
        let (options, smallest) = found?;
        let after = search.verdict_after(&options)?;
        let cost = options.iter().map(|it| it.cost).fold(0, u64::saturating_add);
        Some(Way { options, cost, after: (after.category, after.sub), smallest: smallest && exact })
    };
    Some(Flip { before: (verdict.category, verdict.sub), lower: way(lower), out: way(out) })
}

/// A combination of options, by key.
type Taken = Vec<OptionSet>;

struct Search<'a> {
    model: &'a Model,
    system: &'a SystemId,
    before: Category,
    /// How many more runs of the engine may be made.
    runs: usize,
    lower: Option<(Taken, bool)>,
    out: Option<(Taken, bool)>,
}

/// What a search for any answer found.
#[derive(Default)]
struct Found {
    lower: Option<Taken>,
    out: Option<Taken>,
}

impl<'a> Search<'a> {
    fn new(model: &'a Model, system: &'a SystemId, verdict: &Verdict) -> Self {
        let size = model.systems.len() + model.flows.len() + 1;
        let runs = (400_000 / size).clamp(40, 400);
        Self { model, system, before: verdict.category, runs, lower: None, out: None }
    }

    /// Tries every combination of few options that keeps breaking the proof. Returns whether all of them were tried.
    fn deepen(&mut self, scope: &Scope) -> bool {
        let mut tried: BTreeSet<Vec<String>> = BTreeSet::new();
        let mut level: Vec<(Taken, Scope)> = vec![(Vec::new(), scope.clone())];
        for _ in 0..DEPTH {
            let mut next: Vec<(Taken, Scope)> = Vec::new();
            let mut lowering: Vec<Taken> = Vec::new();
            let mut leaving: Vec<Taken> = Vec::new();
            for (taken, now) in &level {
                let Some(changed) = self.changed(taken) else { continue };
                for option in touching::options(&changed, now, self.system) {
                    let with = joined(taken, option);
                    if !tried.insert(ids(&with)) {
                        continue;
                    }
                    if self.runs == 0 {
                        self.keep(lowering, leaving);
                        return false;
                    }
                    self.runs -= 1;
                    let Some(after) = self.changed(&with).map(|model| scope::compute(&model)) else { continue };
                    let Some(category) = after.systems.get(self.system).map(|it| it.category) else { continue };
                    if category > self.before {
                        lowering.push(with.clone());
                    }
                    if category == Category::OutOfScope {
                        leaving.push(with);
                    } else {
                        next.push((with, after));
                    }
                }
            }
            self.keep(lowering, leaving);
            if self.out.is_some() {
                return true;
            }
            level = next;
        }
        true
    }

    /// Keeps the cheapest of a level where no earlier level had any.
    fn keep(&mut self, lowering: Vec<Taken>, leaving: Vec<Taken>) {
        let cheapest = |found: Vec<Taken>| {
            found.into_iter().min_by_key(|taken| (changes(taken), cost(taken), ids(taken))).map(|taken| (taken, true))
        };
        self.lower = self.lower.take().or_else(|| cheapest(lowering));
        self.out = self.out.take().or_else(|| cheapest(leaving));
    }

    /// Takes the cheapest option that touches the proof until it is gone, then drops what was not needed.
    fn greedy(&self, scope: &Scope) -> Found {
        let mut found = Found::default();
        let (mut taken, mut now): (Taken, Scope) = (Vec::new(), scope.clone());
        while taken.len() < GREEDY {
            let Some(changed) = self.changed(&taken) else { break };
            let known: BTreeSet<String> = taken.iter().map(|it| it.id.clone()).collect();
            let options = touching::options(&changed, &now, self.system);
            let Some(option) = options.into_iter().filter(|it| !known.contains(&it.id)).min_by_key(|it| it.cost) else {
                break;
            };
            taken = joined(&taken, option);
            let Some(after) = self.changed(&taken).map(|model| scope::compute(&model)) else { break };
            let category = after.systems.get(self.system).map_or(self.before, |it| it.category);
            if category > self.before && found.lower.is_none() {
                found.lower = Some(self.pruned(&taken, |category, before| category > before));
            }
            if category == Category::OutOfScope {
                found.out = Some(self.pruned(&taken, |category, _| category == Category::OutOfScope));
                break;
            }
            now = after;
        }
        found
    }

    fn pruned(&self, taken: &Taken, reached: impl Fn(Category, Category) -> bool) -> Taken {
        let mut kept = taken.clone();
        for option in taken {
            let fewer: Taken = kept.iter().filter(|it| it.id != option.id).cloned().collect();
            if self.verdict_after(&fewer).is_some_and(|it| reached(it.category, self.before)) {
                kept = fewer;
            }
        }
        kept
    }

    fn changed(&self, taken: &Taken) -> Option<Model> {
        let effects: Vec<_> = taken.iter().flat_map(|it| it.effects.iter().cloned()).collect();
        edit::apply(self.model, &effects).ok()
    }

    fn verdict_after(&self, taken: &Taken) -> Option<Verdict> {
        scope::compute(&self.changed(taken)?).systems.remove(self.system)
    }
}

fn joined(taken: &Taken, option: OptionSet) -> Taken {
    let mut with = taken.clone();
    if !with.iter().any(|it| it.id == option.id) {
        with.push(option);
    }
    with.sort_by(|one, other| one.id.cmp(&other.id));
    with
}

fn ids(taken: &Taken) -> Vec<String> {
    taken.iter().map(|it| it.id.clone()).collect()
}

fn changes(taken: &Taken) -> usize {
    taken.iter().map(|it| it.effects.len()).sum()
}

fn cost(taken: &Taken) -> u64 {
    taken.iter().map(|it| it.cost).fold(0, u64::saturating_add)
}
