//! The form of a schedule, new or existing.

use domain::backend::schedules::ScheduleBook;
use domain::model::draft::{NAME_MAX, options};
use domain::problem::Problem;
use domain::schedule::draft::schedule_to_form;
use domain::schedule::trigger::TriggerKind;
use domain::schedule::{Cadence, Schedule, ScheduleKey};
use leptos::prelude::*;

use super::super::editor::{buttons, conflict, one_of, several};
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::risks::pairs;
use super::{CADENCE_HINT, DAY, cadences, editable, limit, subjects};
use crate::ui::field::{Input, field, hidden};
use crate::ui::form::FormState;
use crate::ui::header::Header;

/// A new schedule. What it is about may stand in the address.
pub(in super::super) async fn new(request: Request) -> Result<Screen, Problem> {
    let (place, book) = editable(&request).await?;
    let today = book.zone.day_of(book.now);
    let cadence = request.query("cadence").and_then(|text| text.parse::<Cadence>().ok()).unwrap_or(Cadence::Months(3));
    let mut blank = Schedule::new(ScheduleKey(0), cadence.next(today, today));
    (blank.cadence, blank.owner) = (cadence, book.me.clone());
    let mut stored = schedule_to_form(&blank);
    for name in ["subject", "name"] {
        if let Some(value) = request.query(name) {
            stored.iter_mut().filter(|(field, _)| field == name).for_each(|(_, it)| it.clone_from(&value));
        }
    }
    let form = request.form(|| stored);
    let title = "Add a schedule";
    let body = view! {
        {Header::new(title).below(place.paths.page("schedules"), "Schedules").view()}
        {request.general_problem()}
        {form.summary(label)}
        <form class="form" method="post" action=place.paths.page("schedules/new")>
            {hidden("rev", "0".to_owned())}
            {fields(&form, &place, &book)}
            {buttons("Add", place.paths.page("schedules"))}
        </form>
    };
    Ok(Screen::inside(&place, Section::Schedules, title, body))
}

/// An existing one.
pub(in super::super) async fn existing(request: Request) -> Result<Screen, Problem> {
    let (place, book) = editable(&request).await?;
    let key: ScheduleKey = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let kept = book.schedules.get(&key).ok_or(Problem::NotFound)?;
    let stored = schedule_to_form(&kept.value.schedule);
    let form = request.form(|| stored.clone());
    let own = place.paths.schedule(key);
    let title = format!("Edit {key}");
    let ended =
        [("no", "It goes on"), ("yes", "It has ended")].map(|(value, label)| (value.to_owned(), label.to_owned()));
    let head = Header::new(title.clone())
        .below(place.paths.page("schedules"), "Schedules")
        .below(own.clone(), kept.value.schedule.name.clone())
        .view();
    let body = view! {
        {head}
        {conflict(&request, &stored)}
        {request.general_problem()}
        {form.summary(label)}
        <form class="form" method="post" action=format!("{own}/edit")>
            {hidden("rev", kept.revision.to_string())}
            {fields(&form, &place, &book)}
            {field(&form, "ended", "Whether it goes on")
                .hint("What was done stays in the history of one that has ended.")
                .select(None, &ended)}
            {buttons("Save", own.clone())}
        </form>
    };
    Ok(Screen::inside(&place, Section::Schedules, title, body))
}

fn fields(form: &FormState, place: &Place, book: &ScheduleBook) -> AnyView {
    let people = options::people(&place.estate.model);
    let mut analyses: Vec<(String, String)> = book
        .analyses
        .values()
        .filter(|it| it.value.frequency.is_some())
        .map(|it| (it.value.key.to_string(), format!("{} for {}", it.value.key, it.value.requirement)))
        .collect();
    // An analysis that became a process meanwhile is still the one that was chosen.
    let chosen = form.value("analysis");
    if !chosen.is_empty() && !analyses.iter().any(|(key, _)| key == chosen) {
        analyses.push((chosen.to_owned(), chosen.to_owned()));
    }
    let mut subjects = subjects(&place.estate.model);
    let about = form.value("subject");
    if !about.is_empty() && !subjects.iter().any(|(text, _)| text == about) {
        subjects.push((about.to_owned(), about.to_owned()));
    }
    let line = Input { most: limit(NAME_MAX), ..Input::default() };
    let short = Input { class: "short", most: 60, ..Input::default() };
    view! {
        {field(form, "name", "Name").required().input(line)}
        {one_of(field(form, "subject", "What it is about"), "Choose one", &subjects)}
        <div class="field-row">
            {field(form, "cadence", "How often").hint(CADENCE_HINT).with_proposals(&cadences())}
            {field(form, "first_due", "First due").hint("Counts until it is done for the first time.").input(DAY)}
        </div>
        {field(form, "analysis", "Set by a targeted risk analysis")
            .hint("Once it is approved, its frequency counts instead of the one above.")
            .select(Some("None"), &analyses)}
        {one_of(field(form, "owner", "Who sees to it"), "Nobody yet", &people)}
        {several(field(form, "reviewer", "Who looks"), form, "reviewer", &people)}
        {field(form, "warnings", "Announced, days before").hint("Divided by commas, such as 30, 14, 7.").optional().input(short)}
        {field(form, "trigger", "What asks for it beside the calendar")
            .hint("Where it is about one object, what is about that one.")
            .choices(&pairs(TriggerKind::ALL, |it| (it.as_str(), it.label())), Vec::new())}
    }
    .into_any()
}

fn label(name: &str) -> Option<String> {
    let label = match name {
        "name" => "Name",
        "subject" => "What it is about",
        "cadence" => "How often",
        "first_due" => "First due",
        "analysis" => "Set by a targeted risk analysis",
        "owner" => "Who sees to it",
        "reviewer" => "Who looks",
        "warnings" => "Announced, days before",
        "trigger" => "What asks for it beside the calendar",
        "ended" => "Whether it goes on",
        _ => return None,
    };
    Some(label.to_owned())
}
