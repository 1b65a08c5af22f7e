//! What a combination of options comes to, each tried once.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use super::monotone::Monotone;
use super::{Goal, OptionSet, ReduceError};
use crate::blast::edit;
use crate::blast::radius::Ground;
use crate::id::SystemId;
use crate::model::Model;
use crate::scope;
use crate::scope::verdict::Category;

/// A combination: for each option, in the order of the file, whether it is taken.
pub(super) type Taken = Vec<bool>;

/// What a combination comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Outcome {
    /// The more, the better.
    pub(super) value: u64,
    /// Whether it reaches the goal; a budget is no part of that.
    pub(super) meets: bool,
}

/// A combination with what it costs and what it comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) taken: Taken,
    pub(super) cost: u64,
    pub(super) value: u64,
}

/// What a search found.
pub(super) struct Answer {
    pub(super) chosen: Option<Taken>,
    pub(super) optimal: bool,
    pub(super) bound: Option<u64>,
    pub(super) plans: Vec<Found>,
}

/// Options that can be tried on a model.
pub(super) struct Trial<'a> {
    model: &'a Model,
    pub(super) options: &'a [OptionSet],
    pub(super) goal: &'a Goal,
    /// Which options only ever take away.
    pub(super) monotone: Vec<bool>,
    /// The places of the options in the order of their keys.
    by_id: Vec<usize>,
    known: RefCell<HashMap<Taken, Outcome>>,
}

impl<'a> Trial<'a> {
    /// Checks that every option can be carried out and that the goal makes sense.
    pub(super) fn new(model: &'a Model, options: &'a [OptionSet], goal: &'a Goal) -> Result<Self, ReduceError> {
        let mut ids = BTreeSet::new();
        for option in options {
            if !ids.insert(&option.id) {
                return Err(ReduceError::DuplicateOption(option.id.clone()));
            }
            edit::apply(model, &option.effects)
                .map_err(|error| ReduceError::Edit { option: option.id.clone(), error })?;
        }
        let systems: Vec<&SystemId> = match goal {
            Goal::Budget { weights, .. } => weights.keys().collect(),
            Goal::MustLeave { systems } | Goal::OutOfReach { systems, .. } => systems.iter().collect(),
        };
        if let Some(unknown) = systems.into_iter().find(|id| !model.systems.contains_key(*id)) {
            return Err(ReduceError::UnknownSystem(unknown.clone()));
        }
        if let Goal::OutOfReach { start, .. } = goal {
            Ground::of(model, &scope::compute(model)).controlled(start)?;
        }
        let mut by_id: Vec<usize> = (0..options.len()).collect();
        by_id.sort_by_key(|place| &options[*place].id);
        let monotone = Monotone::of(model, options);
        Ok(Self {
            model,
            options,
            goal,
            monotone: options
                .iter()
                .map(|option| option.effects.iter().all(|edit| monotone.only_takes_away(edit)))
                .collect(),
            by_id,
            known: RefCell::new(HashMap::new()),
        })
    }

    /// The model with the options taken, in the order of the file.
    pub(super) fn changed(&self, taken: &Taken) -> Model {
        let effects = self.options.iter().zip(taken).filter(|(_, taken)| **taken).flat_map(|(it, _)| &it.effects);
        let effects: Vec<edit::Edit> = effects.cloned().collect();
        edit::apply(self.model, &effects).expect("every option was tried, and no change removes an object")
    }

    /// What the combination costs. The cost of an option counts once.
    pub(super) fn cost(&self, taken: &Taken) -> u64 {
        let costs = self.options.iter().zip(taken).filter(|(_, taken)| **taken).map(|(option, _)| option.cost);
        costs.fold(0, u64::saturating_add)
    }

    /// The keys of the combination, sorted.
    pub(super) fn ids(&self, taken: &Taken) -> Vec<String> {
        self.by_id.iter().filter(|place| taken[**place]).map(|place| self.options[*place].id.clone()).collect()
    }

    /// Whether the sorted keys of one combination come before those of another one.
    pub(super) fn is_before(&self, one: &Taken, other: &Taken) -> bool {
        let keys = |taken: &'_ Taken| -> Vec<usize> {
            (0..self.by_id.len()).filter(|rank| taken[self.by_id[*rank]]).collect()
        };
        keys(one) < keys(other)
    }

    pub(super) fn found(&self, taken: &Taken) -> Found {
        Found { taken: taken.clone(), cost: self.cost(taken), value: self.outcome(taken).value }
    }

    /// What the combination comes to.
    pub(super) fn outcome(&self, taken: &Taken) -> Outcome {
        if let Some(known) = self.known.borrow().get(taken) {
            return *known;
        }
        let outcome = self.evaluate(&self.changed(taken));
        self.known.borrow_mut().insert(taken.clone(), outcome);
        outcome
    }

    fn evaluate(&self, model: &Model) -> Outcome {
        let scope = scope::compute(model);
        let is_out = |id: &SystemId| scope.systems.get(id).is_some_and(|it| it.category == Category::OutOfScope);
        match self.goal {
            Goal::Budget { weights, .. } => {
                let out = scope.systems.keys().filter(|id| is_out(id));
                let value = out.map(|id| weights.get(id).copied().unwrap_or(1)).fold(0, u64::saturating_add);
                Outcome { value, meets: true }
            }
            Goal::MustLeave { systems } => {
                let value = u64::try_from(scope.systems.keys().filter(|id| is_out(id)).count()).unwrap_or(u64::MAX);
                Outcome { value, meets: systems.iter().all(is_out) }
            }
            Goal::OutOfReach { start, systems } => {
                let ground = Ground::of(model, &scope);
                let controlled = ground.controlled(start).expect("the start was tried, and no change removes one");
                let free = model.systems.len().saturating_sub(controlled.len());
                Outcome { value: u64::try_from(free).unwrap_or(u64::MAX), meets: systems.is_disjoint(&controlled) }
            }
        }
    }
}
