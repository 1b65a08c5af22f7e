//! What was agreed for a case: the playbooks, one of them, its form, and those that fit an incident or a start.

use domain::backend::incidents::{IncidentBook, Kept};
use domain::blast::Start;
use domain::incident::Incident;
use domain::incident::draft::TEXT_MAX;
use domain::incident::duty::Role;
use domain::incident::playbook::{Playbook, Trigger, last_tested, next_exercise};
use domain::incident::rehearsal::playbook_to_form;
use domain::model::draft::NAME_MAX;
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::{buttons, conflict, empty_rows};
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::risks::{pairs, person};
use super::{drills, editable, limit, sheet_address, tabs};
use crate::ui::field::{Input, field, hidden};
use crate::ui::form::FormState;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::notice::empty_state;
use crate::ui::table::{cell, count, small};

const LEDE: &str = "What to do in a case, agreed before it happens, and when that was tried last.";

/// All of them.
pub(in super::super) async fn list(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.incidents(&place.estate.workspace.id).await?;
    let edits = place.may(Capability::EditModel);
    let add = || header::action(place.paths.page("incidents/playbooks/new"), "plus", "Add a playbook", true);
    let content = if book.playbooks.is_empty() {
        let sentence = "Write down what is done in a case, step by step, and for which starts of a blast radius it is.";
        empty_state("checklist", "No playbooks yet", sentence, edits.then(add))
    } else {
        let rows = book.playbooks.values().map(|it| row(&place, &book, &it.value)).collect();
        let columns = ["Playbook", "For", "Steps", "Last tested", "Next test"];
        small("playbooks", count(book.playbooks.len(), "playbook"), &columns, rows)
    };
    let body = view! {
        {Header::new("Playbooks")
            .below(place.paths.page("incidents"), "Incidents")
            .lede(LEDE)
            .actions(edits.then(add))
            .view()}
        {tabs(&place, "incidents/playbooks")}
        {content}
    };
    Ok(Screen::inside(&place, Section::Incidents, "Playbooks", body))
}

fn row(place: &Place, book: &IncidentBook, playbook: &Playbook) -> AnyView {
    let (last, next) = tested(place, book, playbook);
    view! {
        <tr>
            <th scope="row" data-label="Playbook">
                <a href=place.paths.playbook(playbook.number)>{playbook.title.clone()}</a>
            </th>
            {cell("For", triggers(playbook))}
            {cell("Steps", playbook.steps.len().to_string())}
            {cell("Last tested", last)}
            {cell("Next test", next)}
        </tr>
    }
    .into_any()
}

fn triggers(playbook: &Playbook) -> String {
    playbook.applies_to.iter().map(|it| it.label()).collect::<Vec<_>>().join(", ")
}

/// When it was tried last, and when it is to be tried next.
fn tested(place: &Place, book: &IncidentBook, playbook: &Playbook) -> (AnyView, AnyView) {
    let drills = book.exercises();
    let last = last_tested(&drills, playbook.number);
    let next = next_exercise(&drills, playbook.number, place.estate.today);
    let overdue = (next <= place.estate.today).then(|| view! { " "<span class="badge" data-tone="warn">"due"</span> });
    let last = match last {
        Some(day) => day.to_string().into_any(),
        None => view! { <span class="muted">"Never"</span> }.into_any(),
    };
    (last, view! { <span>{next.to_string()}{overdue}</span> }.into_any())
}

/// One of them.
pub(in super::super) async fn detail(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.incidents(&place.estate.workspace.id).await?;
    let playbook = &find(&request, &book)?.value;
    let own = place.paths.playbook(playbook.number);
    let edits = place.may(Capability::EditModel);
    let (last, next) = tested(&place, &book, playbook);
    let drills: Vec<_> = book.drills.values().filter(|it| it.value.playbook == playbook.number).collect();
    let drills = (!drills.is_empty()).then(|| {
        view! { <section class="section" aria-label="Drills">{drills::table(&place, &book, &drills)}</section> }
    });
    let body = view! {
        {Header::new(playbook.title.clone())
            .below(place.paths.page("incidents"), "Incidents")
            .below(place.paths.page("incidents/playbooks"), "Playbooks")
            .meta(view! { <span>{triggers(playbook)}</span> })
            .actions(edits.then(|| header::action(format!("{own}/edit"), "edit", "Edit", true)))
            .view()}
        <dl class="key-value">
            <div><dt>"Last tested"</dt><dd>{last}</dd></div>
            <div><dt>"Next test"</dt><dd>{next}</dd></div>
        </dl>
        <section class="section" aria-labelledby="what">
            <h2 id="what">"What to do"</h2>
            {content(&place, &book, playbook)}
        </section>
        {drills}
    };
    Ok(Screen::inside(&place, Section::Incidents, playbook.title.clone(), body))
}

fn find<'a>(request: &Request, book: &'a IncidentBook) -> Result<&'a Kept<Playbook>, Problem> {
    let number: u32 = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    book.playbooks.get(&number).ok_or(Problem::NotFound)
}

/// Steps and contacts.
fn content(place: &Place, book: &IncidentBook, playbook: &Playbook) -> AnyView {
    let steps: Vec<_> = playbook
        .steps
        .iter()
        .map(|step| {
            let who = step.who.map(|role| {
                let holder = book.preparation.value.roles.of(role).and_then(|it| it.person.clone());
                let name = holder.map(|id| view! { " "{person(place, &id)} });
                view! { <span class="meta">{role.label()}{name}</span> }
            });
            let within = step.minutes.map(|it| {
                let words = format!("within {}", count(usize::try_from(it).unwrap_or(usize::MAX), "minute"));
                view! { <span class="meta">{words}</span> }
            });
            view! { <li>{step.what.clone()}" "{who}" "{within}</li> }
        })
        .collect();
    let steps = if steps.is_empty() {
        view! { <p class="muted">"No step is written down."</p> }.into_any()
    } else {
        view! { <ol class="stack tight">{steps}</ol> }.into_any()
    };
    let contacts: Vec<_> = playbook.contacts.iter().map(|it| view! { <li>{it.clone()}</li> }).collect();
    let contacts = (!contacts.is_empty()).then(|| view! { <h3>"Contacts"</h3><ul>{contacts}</ul> });
    view! { <h3>"Steps"</h3>{steps}{contacts} }.into_any()
}

/// The playbooks for the start of an incident and for its card case.
pub(super) fn of_incident(place: &Place, book: &IncidentBook, incident: &Incident) -> Option<AnyView> {
    let start = incident.start.as_ref().map(Trigger::of);
    let card = incident.card_case.as_ref().map(|_| Trigger::UnexpectedCard);
    let wanted: Vec<Trigger> = start.into_iter().chain(card).collect();
    section(place, book, &wanted)
}

/// The playbooks for a case.
pub(super) fn for_trigger(place: &Place, book: &IncidentBook, trigger: Trigger) -> Option<AnyView> {
    section(place, book, &[trigger])
}

/// What stands beside a blast radius: the sheet of its start, and what was agreed for such a case.
pub(in super::super) fn for_start(place: &Place, book: &IncidentBook, start: &Start) -> AnyView {
    let sheet = sheet_address(place, "containment", start, None);
    let sheet = header::action(sheet, "checklist", "Containment sheet", false);
    let open = place.may(Capability::EditModel).then(|| {
        let form = place.paths.query("incidents/new", &[("start", &start.to_string())]);
        header::action(form, "plus", "Open an incident", false)
    });
    let found = for_trigger(place, book, Trigger::of(start));
    let none = found.is_none().then(|| view! { <p class="meta">"No playbook is written for such a start."</p> });
    view! { <div class="button-row">{sheet}{open}</div>{none}{found} }.into_any()
}

fn section(place: &Place, book: &IncidentBook, wanted: &[Trigger]) -> Option<AnyView> {
    let fits = |it: &&Playbook| wanted.iter().any(|trigger| it.applies_to.contains(trigger));
    let found: Vec<_> = book
        .playbooks
        .values()
        .map(|it| &it.value)
        .filter(fits)
        .map(|it| {
            let (last, _) = tested(place, book, it);
            view! {
                <details class="card">
                    <summary>{it.title.clone()}</summary>
                    <p class="meta">"Last tested: "{last}". "<a href=place.paths.playbook(it.number)>"The playbook"</a></p>
                    {content(place, book, it)}
                </details>
            }
        })
        .collect();
    (!found.is_empty()).then(|| {
        view! {
            <section class="section" aria-labelledby="playbooks-heading">
                <header class="section-header"><h2 id="playbooks-heading">"Playbooks"</h2></header>
                {found}
            </section>
        }
        .into_any()
    })
}

/// A new one.
pub(in super::super) async fn new(request: Request) -> Result<Screen, Problem> {
    let (place, _) = editable(&request).await?;
    let stored = playbook_to_form(&Playbook::new());
    let action = place.paths.page("incidents/playbooks/new");
    Ok(form_page(&request, &place, "Add a playbook".to_owned(), action, (0, stored)))
}

/// An existing one.
pub(in super::super) async fn edit(request: Request) -> Result<Screen, Problem> {
    let (place, book) = editable(&request).await?;
    let Kept { revision, value } = find(&request, &book)?;
    let action = format!("{}/edit", place.paths.playbook(value.number));
    let title = format!("Edit {}", value.title);
    Ok(form_page(&request, &place, title, action, (*revision, playbook_to_form(value))))
}

fn form_page(
    request: &Request,
    place: &Place,
    title: String,
    action: String,
    (revision, stored): (i64, Vec<(String, String)>),
) -> Screen {
    let form = request.form(|| stored.clone());
    let back = place.paths.page("incidents/playbooks");
    let line = Input { most: limit(NAME_MAX), ..Input::default() };
    let body = view! {
        {Header::new(title.clone()).below(place.paths.page("incidents"), "Incidents").below(back.clone(), "Playbooks").view()}
        {conflict(request, &stored)}
        {request.general_problem()}
        {form.summary(label)}
        <form class="form" method="post" action=action>
            {hidden("rev", revision.to_string())}
            <button class="visually-hidden" name="action" value="save" tabindex="-1" aria-hidden="true">"Save"</button>
            {field(&form, "title", "Title").required().input(line)}
            {field(&form, "applies_to", "What it is for").choices(&pairs(Trigger::ALL, |it| (it.as_str(), it.label())), Vec::new())}
            {steps(&form, request)}
            {field(&form, "contacts", "Contacts").hint("One a line: whom to call, and how.").optional().area_of(limit(TEXT_MAX))}
            {buttons("Save", back)}
        </form>
    };
    Screen::inside(place, Section::Incidents, title, body)
}

fn steps(form: &FormState, request: &Request) -> AnyView {
    let roles = pairs(Role::ALL, |it| (it.as_str(), it.label()));
    let mut numbers: Vec<u32> = form.rows("step").into_iter().collect();
    let next = numbers.last().map_or(0, |number| number.saturating_add(1));
    numbers.extend((0..empty_rows(request, 3)).map(|number| next.saturating_add(number)));
    let rows: Vec<_> = numbers
        .into_iter()
        .map(|number| {
            let name = |part: &str| format!("step.{number}.{part}");
            let line = Input { most: limit(TEXT_MAX), ..Input::default() };
            let minutes = Input { class: "short number", most: 6, ..Input::default() };
            view! {
                <div class="field-row" role="group" aria-label=format!("Step {}", number.saturating_add(1))>
                    {field(form, name("what"), "Step").input(line)}
                    {field(form, name("who"), "Who").select(Some("Nobody in particular"), &roles)}
                    {field(form, name("minutes"), "Within minutes").optional().input(minutes)}
                </div>
            }
        })
        .collect();
    view! {
        <fieldset class="form-part">
            <legend>"Steps, in order"</legend>
            <div class="stack">{rows}</div>
            <div class="button-row">
                <button class="button" name="action" value="more" formnovalidate=true>{icon("plus")}"Add another step"</button>
            </div>
        </fieldset>
    }
    .into_any()
}

fn label(name: &str) -> Option<String> {
    if let Some((number, part)) = name.strip_prefix("step.").and_then(|rest| rest.split_once('.')) {
        let number = number.parse::<u32>().ok()?.saturating_add(1);
        return Some(format!("Step {number}, {part}"));
    }
    let label = match name {
        "title" => "Title",
        "applies_to" => "What it is for",
        "contacts" => "Contacts",
        _ => return None,
    };
    Some(label.to_owned())
}
