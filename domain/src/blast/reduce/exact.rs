//! Every combination of options, but for those that cannot be better.
//!
//! Options that might also add something are decided first, each way. Of the others more is never worse, so what all of
//! those that are still open come to, together with those that are taken, bounds what any choice among them does.

use std::cmp::Reverse;

use super::Goal;
use super::evaluate::{Answer, Found, Taken, Trial};

pub(super) fn search(trial: &Trial<'_>) -> Answer {
    let plans = Front::of(trial);
    let (chosen, bound) = match trial.goal {
        Goal::Budget { budget, .. } => {
            let best = plans.iter().rev().find(|plan| plan.cost <= *budget);
            (best.map(|plan| plan.taken.clone()), best.map(|plan| plan.value))
        }
        Goal::MustLeave { .. } | Goal::OutOfReach { .. } => {
            let best = Cheapest::of(trial);
            let cost = best.as_ref().map(|plan| plan.cost);
            (best.map(|plan| plan.taken), cost)
        }
    };
    Answer { chosen, optimal: true, bound, plans }
}

/// The options in the order in which they are decided: those that are not monotone, then the dear ones.
fn order(trial: &Trial<'_>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..trial.options.len()).collect();
    order.sort_by_key(|place| (trial.monotone[*place], Reverse(trial.options[*place].cost), *place));
    order
}

/// What is taken so far, and what is still open.
struct Branching<'a, 't> {
    trial: &'t Trial<'a>,
    order: Vec<usize>,
    taken: Taken,
}

impl<'a, 't> Branching<'a, 't> {
    fn new(trial: &'t Trial<'a>) -> Self {
        Self { trial, order: order(trial), taken: vec![false; trial.options.len()] }
    }

    /// Whether everything from the depth on is monotone.
    fn is_bounded(&self, depth: usize) -> bool {
        self.order.get(depth).is_none_or(|place| self.trial.monotone[*place])
    }

    /// Whether anything from the depth on costs nothing.
    fn has_free_options(&self, depth: usize) -> bool {
        self.order[depth..].iter().any(|place| self.trial.options[*place].cost == 0)
    }

    /// What is taken, and everything from the depth on.
    fn with_all_open(&self, depth: usize) -> Taken {
        let mut all = self.taken.clone();
        for place in &self.order[depth..] {
            all[*place] = true;
        }
        all
    }
}

/// The plans of which none is better than another in cost and value.
struct Front<'a, 't> {
    branching: Branching<'a, 't>,
    /// By rising cost, and so by rising value.
    plans: Vec<Found>,
}

impl<'a, 't> Front<'a, 't> {
    fn of(trial: &'t Trial<'a>) -> Vec<Found> {
        let mut front = Self { branching: Branching::new(trial), plans: Vec::new() };
        front.branch(0);
        front.plans
    }

    /// Decides the options from the depth on.
    fn branch(&mut self, depth: usize) {
        let trial = self.branching.trial;
        if self.branching.is_bounded(depth) {
            let cost = trial.cost(&self.branching.taken);
            let most = trial.outcome(&self.branching.with_all_open(depth)).value;
            self.consider(&trial.found(&self.branching.taken));
            let free = self.branching.has_free_options(depth);
            let as_good = |plan: &Found| plan.cost <= cost && plan.value >= most;
            let better = |plan: &Found| as_good(plan) && (plan.cost < cost || plan.value > most);
            if self.plans.iter().any(|plan| if free { better(plan) } else { as_good(plan) }) {
                return;
            }
        }
        let Some(place) = self.branching.order.get(depth).copied() else { return };
        self.branch(depth + 1);
        self.branching.taken[place] = true;
        self.branch(depth + 1);
        self.branching.taken[place] = false;
    }

    /// Keeps the plan unless another one is as good; of equal ones the first by keys.
    fn consider(&mut self, found: &Found) {
        let trial = self.branching.trial;
        let beats = |one: &Found, other: &Found| {
            one.cost <= other.cost
                && one.value >= other.value
                && ((one.cost, one.value) != (other.cost, other.value) || !trial.is_before(&other.taken, &one.taken))
        };
        if self.plans.iter().any(|plan| beats(plan, found)) {
            return;
        }
        self.plans.retain(|plan| !beats(found, plan));
        let place = self.plans.partition_point(|plan| plan.cost < found.cost);
        self.plans.insert(place, found.clone());
    }
}

/// The cheapest plan that reaches the goal.
struct Cheapest<'a, 't> {
    branching: Branching<'a, 't>,
    best: Option<Found>,
}

impl<'a, 't> Cheapest<'a, 't> {
    fn of(trial: &'t Trial<'a>) -> Option<Found> {
        let mut cheapest = Self { branching: Branching::new(trial), best: None };
        cheapest.branch(0);
        cheapest.best
    }

    fn branch(&mut self, depth: usize) {
        let trial = self.branching.trial;
        let cost = trial.cost(&self.branching.taken);
        if self.best.as_ref().is_some_and(|best| cost > best.cost) {
            return;
        }
        if self.branching.is_bounded(depth) {
            if !trial.outcome(&self.branching.with_all_open(depth)).meets {
                return;
            }
            if trial.outcome(&self.branching.taken).meets {
                self.consider();
                if !self.branching.has_free_options(depth) {
                    return;
                }
            }
        }
        let Some(place) = self.branching.order.get(depth).copied() else { return };
        self.branch(depth + 1);
        self.branching.taken[place] = true;
        self.branch(depth + 1);
        self.branching.taken[place] = false;
    }

    fn consider(&mut self) {
        let trial = self.branching.trial;
        let found = trial.found(&self.branching.taken);
        let better = self.best.as_ref().is_none_or(|best| {
            (found.cost, best.value) < (best.cost, found.value)
                || ((found.cost, found.value) == (best.cost, best.value) && trial.is_before(&found.taken, &best.taken))
        });
        if better {
            self.best = Some(found);
        }
    }
}
