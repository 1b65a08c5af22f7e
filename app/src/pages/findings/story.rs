//! What happened to a finding: when, who, what and why.

use domain::findings::life::{FactChange, Happening, HistoryLine, Record, Reopening, Source};
use domain::role::Capability;
use leptos::prelude::*;

use super::super::request::Place;
use super::detail::title_of;
use super::name;
use crate::ui::table::{cell, count, small};

/// The history of a finding, the newest first.
pub(super) fn section(place: &Place, record: &Record, history: &[HistoryLine]) -> AnyView {
    let first = HistoryLine::first(record);
    let found = (record.source == Source::Rule).then_some(&first);
    let rows: Vec<_> = history.iter().chain(found).map(|line| row(place, line)).collect();
    let caption = count(rows.len(), "entry").replace("entrys", "entries");
    view! {
        <section class="section" aria-labelledby="history">
            <header class="section-header"><h2 id="history">"History"</h2></header>
            {small("finding-history", caption, &["When (UTC)", "Who", "What", "Why"], rows)}
        </section>
    }
    .into_any()
}

fn row(place: &Place, line: &HistoryLine) -> AnyView {
    let at = line.at.to_string();
    let (what, why) = words(place, &line.what);
    let change = line.revision.filter(|_| place.may(Capability::ReadAudit)).map(|revision| {
        view! { " "<a href=place.paths.page("history")>{format!("change {}", revision.0)}</a> }
    });
    let who = line.actor.clone().unwrap_or_else(|| "the rules".to_owned());
    view! {
        <tr>
            <th scope="row"><time datetime=at.clone()>{at.clone()}</time></th>
            {cell("Who", who)}
            {cell("What", view! { {what}{change} })}
            {cell("Why", why)}
        </tr>
    }
    .into_any()
}

/// What happened, and why, in words.
fn words(place: &Place, what: &Happening) -> (String, String) {
    let nothing = String::new;
    let person = |key: &domain::id::PersonId| {
        place.estate.model.people.get(key).map_or_else(|| key.to_string(), |it| it.name.clone())
    };
    let until = |it: &domain::findings::life::Decision| format!("{} until {}", it.outcome().label(), it.until());
    match what {
        Happening::Appeared => ("Found for the first time".to_owned(), nothing()),
        Happening::Reported => ("Reported".to_owned(), nothing()),
        Happening::Looked => ("Looked at".to_owned(), nothing()),
        Happening::Assigned { to: Some(to) } => (format!("{} answers for it", person(to)), nothing()),
        Happening::Assigned { to: None } => ("Nobody answers for it".to_owned(), nothing()),
        Happening::Due { on: Some(day) } => (format!("Due {day}"), nothing()),
        Happening::Due { on: None } => ("Due day taken away".to_owned(), nothing()),
        Happening::Requested { decision } => {
            (format!("Asked for approval: {}", until(decision)), decision.reason().to_owned())
        }
        Happening::Decided { decision } => (until(decision), decision.reason().to_owned()),
        Happening::Approved { decision, .. } => {
            (format!("Approved: {}", until(decision)), decision.reason().to_owned())
        }
        Happening::TurnedDown { reason } => ("Not approved".to_owned(), reason.clone()),
        Happening::Reopened { was, because } => {
            (format!("Open again; it was: {}", was.label().to_lowercase()), reopening(place, because))
        }
        Happening::Changed { facts, voided } => {
            let what = if *voided { "Facts changed; what waited for approval is void" } else { "Facts changed" };
            (what.to_owned(), differing(place, facts))
        }
        Happening::Fixed => ("No longer found".to_owned(), nothing()),
        Happening::Closed { reason } => ("Done".to_owned(), reason.clone()),
    }
}

fn reopening(place: &Place, because: &Reopening) -> String {
    match because {
        Reopening::Back => "The model shows it again.".to_owned(),
        Reopening::Ended(day) => format!("The decision held until {day}."),
        Reopening::Facts(facts) => differing(place, facts),
        Reopening::Worse { was, is } => format!("It was {was} and is {is}."),
        Reopening::ByHand(reason) => reason.clone(),
    }
}

/// The facts that differ, as one sentence each.
fn differing(place: &Place, facts: &[FactChange]) -> String {
    let sentences = facts.iter().filter_map(|it| {
        let fact = it.is.as_ref().or(it.was.as_ref())?;
        let value = |fact: &Option<domain::findings::finding::ShownFact>| {
            fact.as_ref().map_or_else(|| "nothing".to_owned(), |it| it.value.to_string())
        };
        let title = title_of(fact.of.kind(), &fact.name);
        Some(format!("{title} of {}: {}, was {}.", name(place, &fact.of), value(&it.is), value(&it.was)))
    });
    sentences.collect::<Vec<_>>().join(" ")
}
