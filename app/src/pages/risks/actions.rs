//! The board of what is done about risks: what is late first, then what can begin, then what waits for something else.

use std::collections::BTreeMap;

use domain::backend::risks::RiskRegister;
use domain::risk::RiskKey;
use domain::risk::action::PersonDays;
use domain::risk::view::next::{Due, NextStep, next_steps};
use domain::time::Day;
use leptos::prelude::*;

use super::super::request::{Place, Request};
use super::list::As;
use super::{level_chip, person};
use crate::ui::notice::empty_state;
use crate::ui::table::{Column, Listing, cell, count};

const COLUMNS: [Column; 7] = [
    Column::plain("What"),
    Column::plain("Risk"),
    Column::plain("Level"),
    Column::plain("Who"),
    Column::plain("Due"),
    Column::plain("Cost"),
    Column::plain("Waits for"),
];

/// Every open action of the open risks, with what all of them cost.
pub(super) fn board(place: &Place, request: &Request, register: &RiskRegister, of: As) -> AnyView {
    let (model, scope) = (&place.estate.model, &place.estate.scope);
    let (scheme, today) = (register.register.scheme, place.estate.today);
    let risks = register.risks.values().map(|risk| &**risk);
    let all = next_steps(risks, &[], model, scope, scheme, today);
    if all.is_empty() {
        let sentence = "Actions stand on the pages of risks: what, who, until when, and what it costs.";
        return empty_state("checklist", "Nothing is to be done", sentence, ());
    }
    let wanted: Option<Due> = request.query("due").and_then(|word| word.parse().ok());
    let shown: Vec<&NextStep> = all.iter().filter(|step| wanted.is_none_or(|due| step.falls(today) == due)).collect();
    let path = of.query(place, &[("view", "actions"), ("due", wanted.map_or("", Due::as_str))]);
    let listing = Listing::of(path, |name| request.query(name).filter(|_| name != "q"));
    let rows = listing.slice(&shown).iter().map(|step| row(place, register, step)).collect();
    let caption = if shown.len() == all.len() {
        count(all.len(), "action")
    } else {
        format!("{} of {}", shown.len(), count(all.len(), "action"))
    };
    view! {
        {tiles(place, &all, wanted, of)}
        <p class="meta">{costs(&shown)}</p>
        {listing.table("actions-board", caption, &COLUMNS, rows)}
        {listing.pagination(shown.len())}
    }
    .into_any()
}

/// How many are due when; each tile shows those.
fn tiles(place: &Place, all: &[NextStep], wanted: Option<Due>, of: As) -> AnyView {
    let mut counts: BTreeMap<Due, usize> = BTreeMap::new();
    for step in all {
        *counts.entry(step.falls(place.estate.today)).or_default() += 1;
    }
    let tile = |label: &'static str, word: &str, number: usize, is_now: bool| {
        let href = of.query(place, &[("view", "actions"), ("due", word)]);
        let current = is_now.then_some("true");
        view! {
            <li>
                <a class="stat" href=href aria-current=current>
                    <span class="stat-label">{label}</span>
                    <span class="stat-value">{number.to_string()}</span>
                </a>
            </li>
        }
    };
    let tiles: Vec<_> = Due::ALL
        .iter()
        .map(|due| tile(due.label(), due.as_str(), counts.get(due).copied().unwrap_or_default(), wanted == Some(*due)))
        .collect();
    view! { <ul class="stats">{tile("All", "", all.len(), wanted.is_none())}{tiles}</ul> }.into_any()
}

/// What all of them cost: person-days, and money by currency.
pub(super) fn costs(steps: &[&NextStep]) -> String {
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

/// The risk of a step, by title.
pub(super) fn risk_of(place: &Place, register: &RiskRegister, action: Option<(RiskKey, u32)>) -> Option<AnyView> {
    let risk = register.risks.get(&action?.0)?;
    Some(view! { <a href=place.paths.risk(risk.key)>{risk.title.clone()}</a> }.into_any())
}

/// The day until which something is to be done.
pub(super) fn due_view(due: Option<Day>, is_late: bool) -> Option<AnyView> {
    let late = is_late.then(|| view! { " "<span class="badge" data-tone="error">"late"</span> });
    due.map(|day| view! { <span>{day.to_string()}{late}</span> }.into_any())
}

fn row(place: &Place, register: &RiskRegister, step: &NextStep) -> AnyView {
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
            {cell("Risk", risk_of(place, register, step.action))}
            {cell("Level", step.level.map(|level| level_chip(register.register.scheme, level)))}
            {cell("Who", step.who.as_ref().map(|who| person(place, who)))}
            {cell("Due", due_view(step.due, step.late))}
            {cell("Cost", cost.join(", "))}
            {cell("Waits for", waits)}
        </tr>
    }
    .into_any()
}
