//! The cheapest change: which options, taken together, reach a goal for the least cost.
//!
//! What is answered is always what the engine says of the changed model. Taken alone two options may help nothing and
//! together much, so nothing short of trying combinations is exact; [`monotone`] says which of them need no try.

mod evaluate;
mod exact;
mod heuristic;
mod monotone;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::edit::{Edit, EditError};
use super::start::{Start, StartError};
use crate::id::SystemId;
use crate::model::Model;
use crate::scope::verdict::{Category, SaqHint, Sub};
use crate::scope::{self, Scope};
use evaluate::Trial;

/// The most options for which the answer is exact.
pub const EXACT_OPTIONS: usize = 18;

/// Something that can be done for a price: one change, or several that only make sense together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionSet {
    /// Its key.
    pub id: String,
    /// What it costs, in the unit of the team; days of one person by default.
    pub cost: u64,
    /// The changes, carried out in this order.
    pub effects: Vec<Edit>,
}

/// What is to be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// The most systems out of scope for at most this cost.
    Budget {
        /// The most that may be spent.
        budget: u64,
        /// What a system is worth when it is out of scope; one where nobody says otherwise.
        weights: BTreeMap<SystemId, u64>,
    },
    /// All of these systems out of scope for the least cost.
    MustLeave {
        /// The systems.
        systems: BTreeSet<SystemId>,
    },
    /// None of these systems under control when the start is hostile, for the least cost.
    OutOfReach {
        /// What is assumed to be hostile.
        start: Start,
        /// The systems to be protected.
        systems: BTreeSet<SystemId>,
    },
}

/// Why nothing can be calculated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReduceError {
    /// A change cannot be carried out.
    #[error("option {option:?}: {error}")]
    Edit {
        /// The option.
        option: String,
        /// Why.
        error: EditError,
    },
    /// Two options have one key.
    #[error("two options have the key {0:?}")]
    DuplicateOption(String),
    /// The goal names a system that the model does not have.
    #[error("the model has no system {0:?}")]
    UnknownSystem(SystemId),
    /// The goal starts where nothing is.
    #[error(transparent)]
    Start(#[from] StartError),
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reduction {
    /// How many systems are in scope in the unchanged model.
    pub before_in_scope: usize,
    /// The options to take, sorted; `None` where no combination reaches the goal.
    pub chosen: Option<Vec<String>>,
    /// What they cost together.
    pub cost: Option<u64>,
    /// The systems that are out of scope then; without an answer, those that are now.
    pub out_of_scope: Vec<SystemId>,
    /// Which questionnaire looks plausible then.
    pub saq_hint: SaqHint,
    /// Nothing better exists. False above [`EXACT_OPTIONS`] options, where this is the best found.
    pub optimal: bool,
    /// With a budget: no choice has more value than this. Else: no choice that reaches the goal costs less than this.
    /// `None` where nothing is known.
    pub bound: Option<u64>,
    /// Plans of which none is better in cost and value than another, cheapest first. Above [`EXACT_OPTIONS`] options
    /// those that were found.
    pub plans: Vec<Plan>,
    /// The systems whose category changes.
    pub changes: Vec<Change>,
}

/// A combination of options.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The options, sorted.
    pub chosen: Vec<String>,
    /// What they cost together.
    pub cost: u64,
    /// What it is worth: the number of systems out of scope, or their weight; for a goal of the blast radius the
    /// number of systems that are not under control.
    pub value: u64,
}

/// A system that changes category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The system.
    pub system: SystemId,
    /// The category now.
    pub before: (Category, Option<Sub>),
    /// The category then.
    pub after: (Category, Option<Sub>),
}

/// Finds the cheapest way to a goal.
///
/// With a budget: the most value, then the least cost, then the first list of keys. Else: the least cost, then the most
/// value, then the first list of keys.
///
/// # Errors
/// See [`ReduceError`].
pub fn reduce(model: &Model, options: &[OptionSet], goal: &Goal) -> Result<Reduction, ReduceError> {
    let trial = Trial::new(model, options, goal)?;
    let found = if options.len() <= EXACT_OPTIONS { exact::search(&trial) } else { heuristic::search(&trial) };
    let before = scope::compute(model);
    let chosen = found.chosen.as_ref();
    let after = chosen.map_or_else(|| before.clone(), |taken| scope::compute(&trial.changed(taken)));
    Ok(Reduction {
        before_in_scope: before.systems.values().filter(|verdict| verdict.category.in_scope()).count(),
        cost: chosen.map(|taken| trial.cost(taken)),
        chosen: chosen.map(|taken| trial.ids(taken)),
        out_of_scope: out_of_scope(&after),
        saq_hint: after.saq_hint,
        optimal: found.optimal,
        bound: found.bound,
        plans: found
            .plans
            .iter()
            .map(|plan| Plan { chosen: trial.ids(&plan.taken), cost: plan.cost, value: plan.value })
            .collect(),
        changes: changes(&before, &after),
    })
}

fn out_of_scope(scope: &Scope) -> Vec<SystemId> {
    let out = scope.systems.iter().filter(|(_, verdict)| verdict.category == Category::OutOfScope);
    out.map(|(system, _)| system.clone()).collect()
}

fn changes(before: &Scope, after: &Scope) -> Vec<Change> {
    let pairs = before.systems.iter().filter_map(|(system, before)| Some((system, before, after.systems.get(system)?)));
    pairs
        .map(|(system, before, after)| Change {
            system: system.clone(),
            before: (before.category, before.sub),
            after: (after.category, after.sub),
        })
        .filter(|change| change.before != change.after)
        .collect()
}
