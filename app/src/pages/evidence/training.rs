//! Trainings: what was held, and who has which one that holds.

use domain::backend::incidents::Kept;
use domain::backend::library::LibraryBook;
use domain::evidence::training::{Training, TrainingKey, TrainingKind, trained, training_to_form};
use domain::id::PersonId;
use domain::model::draft::{NAME_MAX, options};
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::{buttons, conflict, one_of, several};
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::risks::{pairs, person};
use super::{DAY, editable, item_options, label, tabs};
use crate::ui::field::{Input, field, hidden};
use crate::ui::header::{self, Header};
use crate::ui::notice::empty_state;
use crate::ui::table::{cell, count, small};

const LEDE: &str = "Who was taught what on which day, and until when that holds.";

/// The most people that are listed; the number of all is told.
const PEOPLE: usize = 200;

/// All of them, and for each person what they have.
pub(in super::super) async fn list(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.library(&place.estate.workspace.id).await?;
    let edits = place.may(Capability::EditModel);
    let add = || header::action(place.paths.page("evidence/training/new"), "plus", "Add a training", true);
    let content = if book.trainings.is_empty() {
        let sentence = "Write down who was trained, in what and when. What has to be held again is told.";
        empty_state("users", "No trainings yet", sentence, edits.then(add))
    } else {
        let mut all: Vec<&Kept<Training>> = book.trainings.values().collect();
        all.sort_by_key(|it| (std::cmp::Reverse(it.value.held), it.value.key));
        view! { {people(&place, &book)}{table(&place, &all)} }.into_any()
    };
    let body = view! {
        {Header::new("Training")
            .below(place.paths.page("evidence"), "Evidence")
            .lede(LEDE)
            .actions(edits.then(add))
            .view()}
        {tabs(&place, "evidence/training")}
        {content}
    };
    Ok(Screen::inside(&place, Section::Evidence, "Training", body))
}

/// For each person and each kind that was ever held, until when they have it.
fn people(place: &Place, book: &LibraryBook) -> AnyView {
    let trainings: Vec<Training> = book.trainings.values().map(|it| it.value.clone()).collect();
    let held = |kind: &TrainingKind| trainings.iter().any(|it| it.kind == *kind);
    let kinds: Vec<TrainingKind> = TrainingKind::ALL.iter().copied().filter(held).collect();
    let all: Vec<&PersonId> = place.estate.model.people.keys().collect();
    let columns: Vec<&'static str> = std::iter::once("Person").chain(kinds.iter().map(|it| it.label())).collect();
    let have: Vec<_> =
        kinds.iter().map(|kind| (*kind, trained(all.iter().copied(), &trainings, *kind, book.today))).collect();
    let rows = all
        .iter()
        .take(PEOPLE)
        .map(|who| {
            let cells: Vec<_> =
                have.iter().map(|(kind, of)| cell(kind.label(), due(of.get(*who).copied().flatten(), book))).collect();
            view! { <tr><th scope="row" data-label="Person">{person(place, who)}</th>{cells}</tr> }.into_any()
        })
        .collect();
    let caption = match all.len() > PEOPLE {
        true => format!("{PEOPLE} of {}", count(all.len(), "person").replace("persons", "people")),
        false => count(all.len(), "person").replace("persons", "people"),
    };
    small("trained", caption, &columns, rows)
}

fn due(training: Option<&Training>, book: &LibraryBook) -> AnyView {
    match training.map(Training::holds_until) {
        None => view! { <span class="badge" data-tone="warn">"Due"</span> }.into_any(),
        Some(None) => "Holds".into_any(),
        Some(Some(until)) => {
            let tone = if until <= book.today.plus_days(30) { "warn" } else { "ok" };
            view! { <span class="badge" data-tone=tone>{format!("until {until}")}</span> }.into_any()
        }
    }
}

fn table(place: &Place, all: &[&Kept<Training>]) -> AnyView {
    let rows = all
        .iter()
        .map(|it| {
            let it = &it.value;
            let shown = it.evidence.map(|key| {
                let key = key.to_string();
                view! { <a class="key" href=place.paths.evidence("items", &key)>{key.clone()}</a> }
            });
            view! {
                <tr>
                    <th scope="row" data-label="Training">
                        <a href=place.paths.evidence("training", &it.key.to_string())>{it.kind.label()}</a>
                        " "
                        <span class="key">{it.key.to_string()}</span>
                    </th>
                    {cell("About", it.content.clone())}
                    {cell("Held", it.held.to_string())}
                    {cell("Holds until", it.holds_until().map(|it| it.to_string()))}
                    {cell("People", it.people.len().to_string())}
                    {cell("What shows it", shown)}
                </tr>
            }
            .into_any()
        })
        .collect();
    let columns = ["Training", "About", "Held", "Holds until", "People", "What shows it"];
    small("trainings", count(all.len(), "training"), &columns, rows)
}

/// A new one.
pub(in super::super) async fn new(request: Request) -> Result<Screen, Problem> {
    let (place, book) = editable(&request).await?;
    let title = "Add a training";
    let stored = training_to_form(&Training::new(book.today));
    let body = view! {
        {head(&place, title.to_owned())}
        {form(&request, &place, &book, (place.paths.page("evidence/training/new"), 0, stored))}
    };
    Ok(Screen::inside(&place, Section::Evidence, title, body))
}

/// One of them; for whoever may, with its form.
pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.library(&place.estate.workspace.id).await?;
    let key: TrainingKey = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let kept = book.trainings.get(&key).ok_or(Problem::NotFound)?;
    let title = format!("{} {key}", kept.value.kind.label());
    let own = place.paths.evidence("training", &key.to_string());
    let who: Vec<_> = kept.value.people.iter().map(|it| view! { <li>{person(&place, it)}</li> }).collect();
    let body = view! {
        {head(&place, title.clone())}
        {table(&place, &[kept])}
        <section class="section" aria-labelledby="who">
            <h2 id="who">"Who was there"</h2>
            <ul>{who}</ul>
        </section>
        {place.may(Capability::EditModel).then(|| {
            form(&request, &place, &book, (own, kept.revision, training_to_form(&kept.value)))
        })}
    };
    Ok(Screen::inside(&place, Section::Evidence, title, body))
}

fn head(place: &Place, title: String) -> AnyView {
    Header::new(title)
        .below(place.paths.page("evidence"), "Evidence")
        .below(place.paths.page("evidence/training"), "Training")
        .view()
}

fn form(
    request: &Request,
    place: &Place,
    book: &LibraryBook,
    (action, revision, stored): (String, i64, Vec<(String, String)>),
) -> AnyView {
    let form = request.form(|| stored.clone());
    let people = options::people(&place.estate.model);
    let line = Input { most: u32::try_from(NAME_MAX).unwrap_or(u32::MAX), ..Input::default() };
    view! {
        {conflict(request, &stored)}
        {request.general_problem()}
        {form.summary(label)}
        <form class="form" method="post" action=action>
            {hidden("rev", revision.to_string())}
            {field(&form, "kind", "What is taught").select(None, &pairs(TrainingKind::ALL, |it| (it.as_str(), it.label())))}
            {field(&form, "content", "What it was about").optional().input(line)}
            <div class="field-row">
                {field(&form, "held", "Held on").input(DAY)}
                {field(&form, "until", "Holds until")
                    .hint("Without a day, as long as the requirement says.")
                    .optional()
                    .input(DAY)}
            </div>
            {several(field(&form, "person", "Who was there"), &form, "person", &people)}
            {one_of(field(&form, "evidence", "What shows it").hint("The evidence item.").optional(), "None", &item_options(book))}
            {buttons("Save", place.paths.page("evidence/training"))}
        </form>
    }
    .into_any()
}
