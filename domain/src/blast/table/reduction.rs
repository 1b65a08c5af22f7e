//! The cheapest change as tables.

use super::{listed, name, section, text};
use crate::blast::flip::words::sentence;
use crate::blast::reduce::{Goal, OptionSet, Reduction};
use crate::model::Model;
use crate::scope::verdict::{Category, Sub};
use crate::table::{columns, counted, one_line};

/// So many changes of an option are told.
const TOLD: usize = 6;

/// The answer to a goal as tables of text: what to do, what changes, and the plans of which none is better than another.
#[must_use]
pub fn reduction_table(model: &Model, options: &[OptionSet], goal: &Goal, reduction: &Reduction) -> String {
    let asked = match goal {
        Goal::Budget { budget, .. } => format!("The most systems out of scope for at most {budget}"),
        Goal::MustLeave { systems } => format!("Out of scope for the least cost: {}", listed(model, systems)),
        Goal::OutOfReach { start, systems } => {
            format!("Out of reach of {start} for the least cost: {}", listed(model, systems))
        }
    };
    let mut lines = vec![
        one_line(&asked),
        format!(
            "In scope now: {} of {}. Options: {}.",
            reduction.before_in_scope,
            counted(model.systems.len(), "system"),
            options.len()
        ),
        String::new(),
    ];
    lines.extend(answer(model, options, goal, reduction));
    let change = |side: (Category, Option<Sub>)| match side {
        (category, Some(sub)) => format!("{category}/{sub}"),
        (category, None) => category.to_string(),
    };
    let rows = reduction
        .changes
        .iter()
        .map(|it| [it.system.to_string(), name(model, &it.system), change(it.before), change(it.after)]);
    section(&mut lines, "Systems that change category", columns(["KEY", "NAME", "NOW", "THEN"], rows));
    lines.push(String::new());
    lines.push(format!("Out of scope then: {}", counted(reduction.out_of_scope.len(), "system")));
    lines.push(format!("SAQ hint then: {}", reduction.saq_hint.label()));
    let rows = reduction.plans.iter().map(|plan| {
        let chosen = if plan.chosen.is_empty() { "nothing".to_owned() } else { plan.chosen.join(", ") };
        [plan.cost.to_string(), plan.value.to_string(), chosen]
    });
    let table = columns(["COST", "VALUE", "OPTIONS"], rows);
    section(&mut lines, "Plans of which none is better in both cost and value than another", table);
    lines.push(String::new());
    lines.push("This is what the model gives after the change. It is no confirmation of compliance.".to_owned());
    text(lines)
}

fn answer(model: &Model, options: &[OptionSet], goal: &Goal, reduction: &Reduction) -> Vec<String> {
    let (Some(chosen), Some(cost)) = (&reduction.chosen, reduction.cost) else {
        return vec!["No combination of the options reaches the goal.".to_owned()];
    };
    let sure = match (reduction.optimal, reduction.bound, goal) {
        (true, _, _) => "nothing better exists".to_owned(),
        (false, Some(bound), Goal::Budget { .. }) => format!("the best found; no choice is worth more than {bound}"),
        (false, Some(bound), _) => format!("the best found; no choice costs less than {bound}"),
        (false, None, _) => "the best found".to_owned(),
    };
    if chosen.is_empty() {
        return vec![format!("Do nothing: {sure}.")];
    }
    let mut lines = vec![format!("Do {}: cost {cost}, {sure}", counted(chosen.len(), "thing"))];
    let rows = options.iter().filter(|option| chosen.contains(&option.id)).map(|option| {
        let first = option.effects.iter().take(TOLD).map(|edit| sentence(edit, model).to_string());
        let mut told: Vec<String> = first.collect();
        if option.effects.len() > TOLD {
            told.push(format!("And {} more.", option.effects.len() - TOLD));
        }
        [option.id.clone(), option.cost.to_string(), told.join(" ")]
    });
    lines.extend(columns(["OPTION", "COST", "WHAT IT DOES"], rows));
    lines
}
