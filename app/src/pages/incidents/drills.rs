//! Exercises: planned, done, what came out and what is open.

use domain::backend::incidents::{IncidentBook, Kept};
use domain::incident::draft::TEXT_MAX;
use domain::incident::playbook::{Drill, DrillResult};
use domain::incident::rehearsal::drill_to_form;
use domain::model::draft::options;
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::{conflict, several};
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::risks::{pairs, person};
use super::{editable, limit, tabs};
use crate::ui::field::{Input, field, hidden};
use crate::ui::header::{self, Header};
use crate::ui::notice::empty_state;
use crate::ui::table::{cell, count, small};

const LEDE: &str = "Playbooks are tried at least once a year. What is found becomes work.";

/// All of them, what is planned first.
pub(in super::super) async fn list(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.incidents(&place.estate.workspace.id).await?;
    let edits = place.may(Capability::EditModel) && !book.playbooks.is_empty();
    let add = || header::action(place.paths.page("incidents/drills/new"), "plus", "Plan a drill", true);
    let content = if book.drills.is_empty() {
        let sentence = if book.playbooks.is_empty() {
            "A drill tries a playbook. Add a playbook first."
        } else {
            "Plan when a playbook is tried, and write down what came out."
        };
        empty_state("clock", "No drills yet", sentence, edits.then(add))
    } else {
        let mut all: Vec<&Kept<Drill>> = book.drills.values().collect();
        all.sort_by_key(|it| {
            (it.value.done.is_some(), it.value.done.map(std::cmp::Reverse), it.value.planned, it.value.number)
        });
        table(&place, &book, &all)
    };
    let body = view! {
        {Header::new("Drills")
            .below(place.paths.page("incidents"), "Incidents")
            .lede(LEDE)
            .actions(edits.then(add))
            .view()}
        {tabs(&place, "incidents/drills")}
        {content}
    };
    Ok(Screen::inside(&place, Section::Incidents, "Drills", body))
}

/// Exercises as a table.
pub(super) fn table(place: &Place, book: &IncidentBook, drills: &[&Kept<Drill>]) -> AnyView {
    let rows = drills
        .iter()
        .map(|it| {
            let drill = &it.value;
            let late = (drill.done.is_none() && drill.planned < place.estate.today)
                .then(|| view! { " "<span class="badge" data-tone="warn">"late"</span> });
            let found: Vec<_> = drill.found.iter().map(|it| view! { <li>{it.clone()}</li> }).collect();
            let found = (!found.is_empty()).then(|| view! { <ul>{found}</ul> });
            view! {
                <tr>
                    <th scope="row" data-label="Drill">
                        <a href=place.paths.drill_at(&drill.number.to_string())>{name(book, drill)}</a>
                    </th>
                    {cell("Planned", view! { <span>{drill.planned.to_string()}{late}</span> })}
                    {cell("Done", drill.done.map(|it| it.to_string()))}
                    {cell("Result", drill.result.map(result))}
                    {cell("Open points", found)}
                </tr>
            }
            .into_any()
        })
        .collect();
    small("drills", count(drills.len(), "drill"), &["Drill", "Planned", "Done", "Result", "Open points"], rows)
}

fn name(book: &IncidentBook, drill: &Drill) -> String {
    let playbook = book.playbooks.get(&drill.playbook).map_or("a playbook", |it| it.value.title.as_str());
    format!("Drill {}: {playbook}", drill.number)
}

fn result(result: DrillResult) -> AnyView {
    let tone = match result {
        DrillResult::Passed => "ok",
        DrillResult::Partly => "warn",
        DrillResult::Failed => "error",
    };
    view! { <span class="badge" data-tone=tone>{result.label()}</span> }.into_any()
}

/// A new one.
pub(in super::super) async fn new(request: Request) -> Result<Screen, Problem> {
    let (place, book) = editable(&request).await?;
    // A drill of the only playbook there is needs no choice.
    let only = if book.playbooks.len() == 1 { book.playbooks.keys().next().copied().unwrap_or(0) } else { 0 };
    let stored = drill_to_form(&Drill::new(only, place.estate.today));
    let action = place.paths.page("incidents/drills/new");
    let form = form(&request, &place, &book, action, (0, stored));
    let title = "Plan a drill";
    let body = view! { {head(&place, title.to_owned())}{form} };
    Ok(Screen::inside(&place, Section::Incidents, title, body))
}

/// One of them; for whoever may, with its form.
pub(in super::super) async fn detail(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.incidents(&place.estate.workspace.id).await?;
    let number: u32 = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let kept = book.drills.get(&number).ok_or(Problem::NotFound)?;
    let title = name(&book, &kept.value);
    let content = if place.may(Capability::EditModel) {
        let action = place.paths.drill_at(&number.to_string());
        form(&request, &place, &book, action, (kept.revision, drill_to_form(&kept.value)))
    } else {
        let people: Vec<_> = kept.value.took_part.iter().map(|it| view! { <li>{person(&place, it)}</li> }).collect();
        let took_part = (!people.is_empty()).then(|| view! { <h2>"Who took part"</h2><ul>{people}</ul> });
        view! { {table(&place, &book, &[kept])}{took_part} }.into_any()
    };
    let body = view! { {head(&place, title.clone())}{content} };
    Ok(Screen::inside(&place, Section::Incidents, title, body))
}

fn head(place: &Place, title: String) -> AnyView {
    Header::new(title)
        .below(place.paths.page("incidents"), "Incidents")
        .below(place.paths.page("incidents/drills"), "Drills")
        .view()
}

fn form(
    request: &Request,
    place: &Place,
    book: &IncidentBook,
    action: String,
    (revision, stored): (i64, Vec<(String, String)>),
) -> AnyView {
    let form = request.form(|| stored.clone());
    let playbooks: Vec<(String, String)> =
        book.playbooks.iter().map(|(number, it)| (number.to_string(), it.value.title.clone())).collect();
    let day = Input { kind: "date", class: "short", ..Input::default() };
    let people = options::people(&place.estate.model);
    view! {
        {conflict(request, &stored)}
        {request.general_problem()}
        {form.summary(label)}
        <form class="form" method="post" action=action>
            {hidden("rev", revision.to_string())}
            {field(&form, "playbook", "Which playbook").select(Some("Choose one"), &playbooks)}
            <div class="field-row">
                {field(&form, "planned", "Planned for").input(day)}
                {field(&form, "done", "Done on").optional().input(day)}
                {field(&form, "result", "Result")
                    .select(Some("Not done yet"), &pairs(DrillResult::ALL, |it| (it.as_str(), it.label())))}
            </div>
            {several(field(&form, "took_part", "Who took part"), &form, "took_part", &people)}
            {field(&form, "found", "Open points").hint("One a line.").optional().area_of(limit(TEXT_MAX))}
            <div class="button-row">
                <button class="button primary" name="action" value="save">"Save"</button>
                <a class="button quiet" href=place.paths.page("incidents/drills")>"Cancel"</a>
            </div>
        </form>
    }
    .into_any()
}

fn label(name: &str) -> Option<String> {
    let label = match name {
        "playbook" => "Which playbook",
        "planned" => "Planned for",
        "done" => "Done on",
        "took_part" => "Who took part",
        "result" => "Result",
        "found" => "Open points",
        _ => return None,
    };
    Some(label.to_owned())
}
