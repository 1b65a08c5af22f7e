//! The board of what is done about risks: what is late first, then what can begin, then what waits for something else.

use std::collections::BTreeMap;

use domain::backend::risks::RiskRegister;
use domain::risk::action::PersonDays;
use domain::risk::view::next::{NextStep, next_steps};
use leptos::prelude::*;

use super::super::request::Place;
use super::{level_chip, person};
use crate::ui::notice::empty_state;
use crate::ui::table::{cell, count, small};

/// Every open action of the open risks, with what all of them cost.
pub(super) fn board(place: &Place, register: &RiskRegister) -> AnyView {
    let (model, scope) = (&place.estate.model, &place.estate.scope);
    let scheme = register.register.scheme;
    let risks = register.risks.values().map(|risk| &**risk);
    let steps = next_steps(risks, &[], model, scope, scheme, place.estate.today);
    if steps.is_empty() {
        let sentence = "Actions stand on the pages of risks: what, who, until when, and what it costs.";
        return empty_state("checklist", "Nothing is to be done", sentence, ());
    }
    let rows = steps.iter().map(|step| row(place, register, step)).collect();
    let columns = ["What", "Risk", "Level", "Who", "Due", "Cost", "Waits for"];
    view! {
        <p class="meta">{costs(&steps)}</p>
        {small("actions-board", count(steps.len(), "action"), &columns, rows)}
    }
    .into_any()
}

/// What all of them cost: person-days, and money by currency.
fn costs(steps: &[NextStep]) -> String {
    let days = steps.iter().filter_map(|it| it.effort).fold(PersonDays::whole(0), PersonDays::plus);
    let mut money: BTreeMap<String, u64> = BTreeMap::new();
    for it in steps.iter().filter_map(|it| it.money) {
        let sum = money.entry(it.currency().to_owned()).or_default();
        *sum = sum.saturating_add(it.hundredths);
    }
    let money: Vec<String> =
        money.into_iter().map(|(currency, sum)| format!("{currency} {}.{:02}", sum / 100, sum % 100)).collect();
    let unknown = steps.iter().filter(|it| it.effort.is_none() && it.money.is_none()).count();
    let open = if unknown > 0 { format!(" Of {unknown} nobody stated a cost.") } else { String::new() };
    let beside = if money.is_empty() { String::new() } else { format!(" and {}", money.join(", ")) };
    format!("In all {days} person-days{beside}.{open}")
}

fn row(place: &Place, register: &RiskRegister, step: &NextStep) -> AnyView {
    let of = step.action.and_then(|(key, _)| register.risks.get(&key));
    let risk = of.map(|risk| view! { <a href=place.paths.risk(risk.key)>{risk.title.clone()}</a> });
    let late = step.late.then(|| view! { " "<span class="badge" data-tone="error">"late"</span> });
    let due = step.due.map(|day| view! { <span>{day.to_string()}{late}</span> });
    let cost: Vec<String> = step
        .effort
        .map(|it| format!("{it} person-days"))
        .into_iter()
        .chain(step.money.map(|it| it.to_string()))
        .collect();
    let mut waits = step.waits_for.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if step.stuck {
        waits.push_str(", which wait for each other");
    }
    view! {
        <tr>
            <th scope="row" data-label="What">{step.what.clone()}</th>
            {cell("Risk", risk)}
            {cell("Level", step.level.map(|level| level_chip(register.register.scheme, level)))}
            {cell("Who", step.who.as_ref().map(|who| person(place, who)))}
            {cell("Due", due)}
            {cell("Cost", cost.join(", "))}
            {cell("Waits for", waits)}
        </tr>
    }
    .into_any()
}
