//! The best that is found where there are too many options to try all combinations: one option at a time, pairs where no
//! single one helps, and then without what turned out to be needless.

use super::Goal;
use super::evaluate::{Answer, Found, Taken, Trial};

/// The most pairs that are tried at once.
const PAIRS: usize = 2_000;

pub(super) fn search(trial: &Trial<'_>) -> Answer {
    let mut plans = Vec::new();
    let chosen = match trial.goal {
        Goal::Budget { budget, .. } => Some(climb(trial, *budget, &mut plans)),
        Goal::MustLeave { .. } | Goal::OutOfReach { .. } => descend(trial),
    };
    if !matches!(trial.goal, Goal::Budget { .. }) {
        climb(trial, u64::MAX, &mut plans);
    }
    plans.extend(chosen.as_ref().map(|taken| trial.found(taken)));
    Answer { chosen, optimal: false, bound: bound(trial), plans: front(trial, plans) }
}

/// What no combination can beat, where more is never worse.
fn bound(trial: &Trial<'_>) -> Option<u64> {
    if trial.monotone.contains(&false) {
        return None;
    }
    let all: Taken = vec![true; trial.options.len()];
    match trial.goal {
        // With nothing to pay, everything.
        Goal::Budget { .. } => Some(trial.outcome(&all).value),
        // What the goal cannot do without has to be paid.
        Goal::MustLeave { .. } | Goal::OutOfReach { .. } => {
            let needed = (0..all.len()).filter(|place| {
                let mut without = all.clone();
                without[*place] = false;
                !trial.outcome(&without).meets
            });
            Some(needed.map(|place| trial.options[place].cost).fold(0, u64::saturating_add))
        }
    }
}

/// Takes what gains most for its cost, as long as it can be paid for.
fn climb(trial: &Trial<'_>, budget: u64, plans: &mut Vec<Found>) -> Taken {
    let mut taken: Taken = vec![false; trial.options.len()];
    plans.push(trial.found(&taken));
    loop {
        let left = budget - trial.cost(&taken);
        let before = trial.outcome(&taken).value;
        let open: Vec<usize> =
            (0..taken.len()).filter(|place| !taken[*place] && trial.options[*place].cost <= left).collect();
        let singles = open.iter().map(|place| vec![*place]).collect();
        let step = best_step(trial, &taken, before, singles).or_else(|| {
            let pairs = pairs(trial, &open, left);
            best_step(trial, &taken, before, pairs)
        });
        let Some(step) = step else { break };
        for place in step {
            taken[place] = true;
        }
        plans.push(trial.found(&taken));
    }
    without_needless(trial, taken, |trial, before, after| trial.outcome(after).value >= trial.outcome(before).value)
}

/// The cheapest pairs that can be paid for.
fn pairs(trial: &Trial<'_>, open: &[usize], left: u64) -> Vec<Vec<usize>> {
    let mut pairs: Vec<(u64, Vec<usize>)> = Vec::new();
    for (number, one) in open.iter().enumerate() {
        for other in &open[number + 1..] {
            let cost = trial.options[*one].cost.saturating_add(trial.options[*other].cost);
            if cost <= left {
                pairs.push((cost, vec![*one, *other]));
            }
        }
    }
    pairs.sort();
    pairs.truncate(PAIRS);
    pairs.into_iter().map(|(_, pair)| pair).collect()
}

/// The step that gains most for its cost, if any gains anything.
fn best_step(trial: &Trial<'_>, taken: &Taken, before: u64, steps: Vec<Vec<usize>>) -> Option<Vec<usize>> {
    let mut best: Option<(u128, u128, Vec<usize>)> = None;
    for step in steps {
        let mut with = taken.clone();
        for place in &step {
            with[*place] = true;
        }
        let gain = u128::from(trial.outcome(&with).value.saturating_sub(before));
        let cost = u128::from(step.iter().map(|place| trial.options[*place].cost).fold(0, u64::saturating_add));
        if gain > 0 && best.as_ref().is_none_or(|(most, least, _)| gain * least > most * cost) {
            best = Some((gain, cost, step));
        }
    }
    best.map(|(_, _, step)| step)
}

/// Takes everything, or everything that only takes away, and gives back what the goal can do without, the dearest first.
fn descend(trial: &Trial<'_>) -> Option<Taken> {
    let meets = |taken: &Taken| trial.outcome(taken).meets;
    let nothing: Taken = vec![false; trial.options.len()];
    let all: Taken = vec![true; trial.options.len()];
    let start = [nothing, trial.monotone.clone(), all].into_iter().find(meets)?;
    Some(without_needless(trial, start, |trial, _, after| trial.outcome(after).meets))
}

/// Gives back options, the dearest first, as long as it is as good as before.
fn without_needless(
    trial: &Trial<'_>,
    mut taken: Taken,
    is_as_good: impl Fn(&Trial<'_>, &Taken, &Taken) -> bool,
) -> Taken {
    let mut places: Vec<usize> = (0..taken.len()).filter(|place| taken[*place]).collect();
    places.sort_by_key(|place| (std::cmp::Reverse(trial.options[*place].cost), *place));
    for place in places {
        let mut without = taken.clone();
        without[place] = false;
        if is_as_good(trial, &taken, &without) {
            taken = without;
        }
    }
    taken
}

/// Of the plans that were found those that no other one beats.
fn front(trial: &Trial<'_>, mut plans: Vec<Found>) -> Vec<Found> {
    plans.sort_by_cached_key(|plan| (plan.cost, std::cmp::Reverse(plan.value), trial.ids(&plan.taken)));
    let mut front: Vec<Found> = Vec::new();
    for plan in plans {
        if front.last().is_none_or(|best| plan.value > best.value) {
            front.push(plan);
        }
    }
    front
}
