//! The form of an incident, new or existing.

use domain::backend::incidents::IncidentBook;
use domain::incident::draft::{JURISDICTION_MAX, TEXT_MAX, incident_to_form};
use domain::incident::duty::DataClass;
use domain::incident::record::Phase;
use domain::incident::step::proposed;
use domain::incident::{Incident, IncidentKey};
use domain::model::draft::{NAME_MAX, options};
use domain::problem::Problem;
use domain::risk::Level;
use domain::risk::action::ActionState;
use domain::risk::draft::SENTENCE_MAX;
use leptos::prelude::*;

use super::super::editor::{buttons, conflict, empty_rows, one_of, several};
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::risks::{edit, pairs};
use super::detail::INSTANT;
use super::{editable, limit, starts};
use crate::ui::field::{Input, field, hidden};
use crate::ui::form::FormState;
use crate::ui::header::Header;
use crate::ui::icon::icon;

/// A new incident. The start may stand in the address.
pub(in super::super) async fn new(request: Request) -> Result<Screen, Problem> {
    let (place, book) = editable(&request).await?;
    let mut stored = incident_to_form(&Incident::new(IncidentKey(0), String::new(), book.now));
    // A browser shows the minute; seconds would only be in the way.
    let given = [("detected_at", proposed(book.now)), ("start", request.query("start").unwrap_or_default())];
    for (name, value) in given {
        stored.iter_mut().filter(|(field, _)| field == name).for_each(|(_, it)| it.clone_from(&value));
    }
    let form = request.form(|| stored);
    let content = fields(&form, &request, &place, &book).await?;
    let title = "Open an incident";
    let body = view! {
        {Header::new(title).below(place.paths.page("incidents"), "Incidents").view()}
        {request.general_problem()}
        {form.summary(label)}
        <form class="form" method="post" action=place.paths.page("incidents/new")>
            {beginning(0)}
            {content}
            {buttons("Open it", place.paths.page("incidents"))}
        </form>
    };
    Ok(Screen::inside(&place, Section::Incidents, title, body))
}

/// An existing one.
pub(in super::super) async fn existing(request: Request) -> Result<Screen, Problem> {
    let (place, book) = editable(&request).await?;
    let key: IncidentKey = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let history = request.backend()?.incident(&place.estate.workspace.id, key).await?;
    let stored = incident_to_form(&history.incident);
    let form = request.form(|| stored.clone());
    let content = fields(&form, &request, &place, &book).await?;
    let own = place.paths.incident(key);
    let title = format!("Edit {key}");
    let head = Header::new(title.clone())
        .below(place.paths.page("incidents"), "Incidents")
        .below(own.clone(), history.incident.title.clone())
        .view();
    let body = view! {
        {head}
        {conflict(&request, &stored)}
        {request.general_problem()}
        {form.summary(label)}
        <form class="form" method="post" action=format!("{own}/edit")>
            {beginning(history.revision)}
            {content}
            {buttons("Save", own.clone())}
        </form>
    };
    Ok(Screen::inside(&place, Section::Incidents, title, body))
}

/// The revision of the incident at which it was seen, and the button that Enter presses.
fn beginning(revision: i64) -> AnyView {
    view! {
        {hidden("rev", revision.to_string())}
        <button class="visually-hidden" name="action" value="save" tabindex="-1" aria-hidden="true">"Save"</button>
    }
    .into_any()
}

async fn fields(form: &FormState, request: &Request, place: &Place, book: &IncidentBook) -> Result<AnyView, Problem> {
    let risks = request.backend()?.risks(&place.estate.workspace.id).await?.risks;
    let risks: Vec<(String, String)> =
        risks.values().map(|it| (it.key.to_string(), format!("{} {}", it.key, it.title))).collect();
    let line = |most: usize| Input { most: limit(most), ..Input::default() };
    let people = options::people(&place.estate.model);
    let levels = pairs(Level::ALL, |it| (it.as_str(), it.label()));
    // Closing is a button of the page, because something may stand in its way.
    let open: Vec<Phase> = Phase::ALL.iter().copied().filter(|it| *it != Phase::Closed).collect();
    let drill =
        [("no", "It is real"), ("yes", "It is a drill")].map(|(value, label)| (value.to_owned(), label.to_owned()));
    let data = pairs(DataClass::ALL, |it| (it.as_str(), it.label()));
    let mut places: Vec<&str> = book.preparation.value.table.iter().map(|it| it.jurisdiction.as_str()).collect();
    places.retain(|it| !it.is_empty());
    places.sort_unstable();
    places.dedup();
    let places = format!(
        "Divided by semicolons. The table of duties names {}.",
        if places.is_empty() { "none".to_owned() } else { places.join(", ") }
    );
    let content = view! {
        {field(form, "title", "Title").required().input(line(NAME_MAX))}
        <div class="field-row">
            {field(form, "detected_at", "Detected").hint("In UTC. Every deadline counts from here.").input(INSTANT)}
            {field(form, "began_at", "Began").hint("In UTC, as far as is known.").optional().input(INSTANT)}
            {field(form, "level", "Severity").select(Some("Not rated"), &levels)}
            {field(form, "phase", "Phase").select(None, &pairs(&open, |it| (it.as_str(), it.label())))}
            {field(form, "drill", "Real or drill").select(None, &drill)}
            {one_of(field(form, "lead", "Who leads"), "Nobody yet", &people)}
        </div>
        {one_of(
            field(form, "start", "What is assumed to be hostile").hint("The containment sheet starts here."),
            "Not known yet",
            &starts(&place.estate.model),
        )}
        {field(form, "data", "Which data is affected").hint("None ticked is not known yet.").choices(&data, Vec::new())}
        {field(form, "jurisdictions", "Where people or cards are affected")
            .hint(places)
            .optional()
            .input(line(JURISDICTION_MAX * 8))}
        {field(form, "root_cause", "Root cause").hint("Why it could happen. Needed for closing.").optional().area_of(limit(TEXT_MAX))}
        {edit::links(form, place, "What is affected")}
        {several(field(form, "risk", "Risks that it made real or showed"), form, "risk", &risks)}
        {actions(form, request, &people)}
    };
    Ok(content.into_any())
}

fn actions(form: &FormState, request: &Request, people: &[(String, String)]) -> AnyView {
    let states = pairs(ActionState::ALL, |it| (it.as_str(), it.label()));
    let mut numbers: Vec<u32> = form.rows("action").into_iter().collect();
    let next = numbers.last().map_or(0, |number| number.saturating_add(1));
    numbers.extend((0..empty_rows(request, 1)).map(|number| next.saturating_add(number)));
    let rows: Vec<_> = numbers
        .into_iter()
        .map(|number| {
            let name = |part: &str| format!("action.{number}.{part}");
            let line = Input { most: limit(SENTENCE_MAX), ..Input::default() };
            let day = Input { kind: "date", class: "short", ..Input::default() };
            let own = form.value(&name("number")).to_owned();
            let kept = (!own.is_empty()).then(|| view! { <input type="hidden" name=name("number") value=own/> });
            view! {
                <div class="card" role="group" aria-label=format!("Action {}", number.saturating_add(1))>
                    {kept}
                    {field(form, name("what"), "What").hint("Empty takes the action away.").input(line)}
                    <div class="field-row">
                        {one_of(field(form, name("who"), "Who"), "Nobody", people)}
                        {field(form, name("due"), "Due").optional().input(day)}
                        {field(form, name("state"), "State").select(None, &states)}
                    </div>
                </div>
            }
        })
        .collect();
    view! {
        <fieldset class="form-part">
            <legend>"What is done about it"</legend>
            <div class="stack">{rows}</div>
            <div class="button-row">
                <button class="button" name="action" value="more" formnovalidate=true>{icon("plus")}"Add another action"</button>
            </div>
        </fieldset>
    }
    .into_any()
}

fn label(name: &str) -> Option<String> {
    if let Some((number, part)) = name.strip_prefix("action.").and_then(|rest| rest.split_once('.')) {
        let number = number.parse::<u32>().ok()?.saturating_add(1);
        return Some(format!("Action {number}, {part}"));
    }
    let label = match name {
        "title" => "Title",
        "detected_at" => "Detected",
        "began_at" => "Began",
        "level" => "Severity",
        "phase" => "Phase",
        "drill" => "Real or drill",
        "lead" => "Who leads",
        "start" => "What is assumed to be hostile",
        "data" => "Which data is affected",
        "jurisdictions" => "Where people or cards are affected",
        "root_cause" => "Root cause",
        "link" => "What is affected",
        "find" => "Find what it is about",
        "risk" => "Risks that it made real or showed",
        _ => return None,
    };
    Some(label.to_owned())
}
