//! What is usually looked at and is not scheduled yet, each with how often.

use std::collections::BTreeSet;

use domain::backend::schedules::ScheduleBook;
use domain::schedule::assurance::ActivityKind;
use domain::schedule::suggest::suggested;
use domain::schedule::{Cadence, Subject, Topic};
use leptos::prelude::*;

use super::super::request::Place;
use crate::ui::table::{cell, count, small};

/// The most systems that are suggested at once.
const SYSTEMS: usize = 20;

/// One of them: what, how often, and why so often.
struct Suggestion {
    subject: Subject,
    name: String,
    cadence: Cadence,
    why: String,
}

/// What is not scheduled yet, as a table. `transactions` are those of the entity in a year, where they are known.
pub(super) fn table(place: &Place, book: &ScheduleBook, transactions: Option<u64>) -> AnyView {
    let all = suggestions(place, book, transactions);
    if all.is_empty() {
        return ().into_any();
    }
    let rows: Vec<AnyView> = all.iter().map(|it| row(place, it)).collect();
    let table = small(
        "suggested",
        format!("{}, suggested", count(all.len(), "schedule")),
        &["What", "How often", "Why", "Add"],
        rows,
    );
    // Where nothing is scheduled yet this is where one begins.
    let open = book.schedules.is_empty();
    view! { <details open=open><summary>"What is not scheduled yet"</summary>{table}</details> }.into_any()
}

fn row(place: &Place, it: &Suggestion) -> AnyView {
    let (subject, cadence) = (it.subject.text(), it.cadence.to_string());
    let add = place.paths.query("schedules/new", &[("subject", &subject), ("cadence", &cadence), ("name", &it.name)]);
    view! {
        <tr>
            <th scope="row" data-label="What">{it.name.clone()}</th>
            {cell("How often", it.cadence.words())}
            {cell("Why", it.why.clone())}
            {cell("Add", view! { <a href=add>"Add"<span class="visually-hidden">{format!(" {}", it.name)}</span></a> })}
        </tr>
    }
    .into_any()
}

fn suggestions(place: &Place, book: &ScheduleBook, transactions: Option<u64>) -> Vec<Suggestion> {
    let provider = place.estate.model.settings.service_provider;
    let planned: BTreeSet<&Subject> =
        book.schedules.values().filter(|it| !it.value.schedule.ended).map(|it| &it.value.schedule.subject).collect();
    let kinds = ActivityKind::ALL.iter().map(|it| Subject::Activity(*it));
    let mut all: Vec<Suggestion> = Topic::ALL
        .iter()
        .map(|it| Subject::Topic(*it))
        .chain(kinds)
        .filter(|it| !planned.contains(it))
        .map(|subject| {
            let why = match subject.requirement(provider) {
                Some(requirement) => format!("PCI DSS {requirement} asks for it."),
                None => "Our own rule.".to_owned(),
            };
            Suggestion { name: subject.label(), cadence: subject.usual(provider), why, subject }
        })
        .collect();
    let mut systems: Vec<Suggestion> = place
        .estate
        .scope
        .systems
        .iter()
        .filter(|(_, verdict)| verdict.category.in_scope())
        .filter_map(|(id, verdict)| {
            let subject = Subject::Object(domain::model::object::ObjectRef::System(id.clone()));
            let system = place.estate.model.systems.get(id).filter(|_| !planned.contains(&subject))?;
            let found = suggested(transactions, Some(verdict.category));
            Some(Suggestion { subject, name: system.name.clone(), cadence: found.cadence, why: found.sentence })
        })
        .collect();
    systems.sort_by(|one, other| (one.cadence.about_days(), &one.name).cmp(&(other.cadence.about_days(), &other.name)));
    all.extend(systems.into_iter().take(SYSTEMS));
    all
}
