//! Tests and exercises: the list, and the form in which one is planned or written down.

use domain::backend::incidents::Kept;
use domain::backend::schedules::ScheduleBook;
use domain::model::draft::{NAME_MAX, options};
use domain::problem::Problem;
use domain::risk::action::ActionState;
use domain::risk::draft::SENTENCE_MAX;
use domain::role::Capability;
use domain::schedule::activity_draft::activity_to_form;
use domain::schedule::assurance::{Activity, ActivityKey, ActivityKind, Outcome};
use leptos::prelude::*;

use super::super::editor::{buttons, conflict, empty_rows, one_of};
use super::super::findings::named;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::risks::{edit, pairs, person};
use super::{DAY, editable, limit, tabs};
use crate::ui::field::{Input, field, hidden};
use crate::ui::form::FormState;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::notice::empty_state;
use crate::ui::table::{cell, count, small};

const LEDE: &str = "Scans, tests and exercises: what was tested, by whom, what came out, and what is still open.";

/// All of them, what is planned first.
pub(in super::super) async fn list(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.schedules(&place.estate.workspace.id).await?;
    let edits = place.may(Capability::EditModel);
    let add = || header::action(place.paths.page("activities/new"), "plus", "Add a test", true);
    let content = if book.activities.is_empty() {
        let sentence = "Plan a scan, a test or an exercise, or write down one that was done.";
        empty_state("checklist", "No tests or exercises", sentence, edits.then(add))
    } else {
        let mut all: Vec<&Kept<Activity>> = book.activities.values().collect();
        all.sort_by_key(|it| {
            let it = &it.value;
            (it.done.is_some(), it.done.map(std::cmp::Reverse), it.planned, it.key)
        });
        table(&place, &book, &all)
    };
    let body = view! {
        {Header::new("Tests and exercises")
            .below(place.paths.page("schedules"), "Schedules")
            .lede(LEDE)
            .actions(edits.then(add))
            .view()}
        {tabs(&place, "activities")}
        {content}
    };
    Ok(Screen::inside(&place, Section::Schedules, "Tests and exercises", body))
}

fn table(place: &Place, book: &ScheduleBook, all: &[&Kept<Activity>]) -> AnyView {
    let today = book.zone.day_of(book.now);
    let done = book.done();
    let rows = all
        .iter()
        .map(|it| {
            let it = &it.value;
            let late = (it.done.is_none() && it.planned < today)
                .then(|| view! { " "<span class="badge" data-tone="warn">"late"</span> });
            let scope: Vec<_> = it.scope.iter().take(5).map(|it| view! { <li>{named(place, it)}</li> }).collect();
            let more = it.scope.len().saturating_sub(5);
            let more = (more > 0).then(|| view! { <li>{format!("and {more} more")}</li> });
            let missing: Vec<_> = it.missing(&done).into_iter().map(|it| view! { <li>{it.sentence()}</li> }).collect();
            let counts = match (it.done.is_some(), missing.is_empty()) {
                (false, _) => None,
                (true, true) => Some(view! { <span class="badge" data-tone="ok">"Counts"</span> }.into_any()),
                (true, false) => Some(view! { <ul>{missing}</ul> }.into_any()),
            };
            let retest = it.retest_of.map(|key| {
                view! { " "<a class="meta" href=place.paths.activity(key)>{format!("tests {key} again")}</a> }
            });
            view! {
                <tr>
                    <th scope="row" data-label="Test">
                        <a href=place.paths.activity(it.key)>{it.kind.label()}</a>
                        " "
                        <span class="key">{it.key.to_string()}</span>
                        {retest}
                    </th>
                    {cell("Tested", (!it.scope.is_empty()).then(|| view! { <ul>{scope}{more}</ul> }))}
                    {cell("Tester", it.tester.clone())}
                    {cell("Independent", it.independent.map(|yes| if yes { "Yes" } else { "No" }))}
                    {cell("Planned", view! { <span>{it.planned.to_string()}{late}</span> })}
                    {cell("Done", it.done.map(|it| it.to_string()))}
                    {cell("Result", it.outcome.map(outcome))}
                    {cell("Before it counts", counts)}
                </tr>
            }
            .into_any()
        })
        .collect();
    let columns = ["Test", "Tested", "Tester", "Independent", "Planned", "Done", "Result", "Before it counts"];
    small("activities", count(all.len(), "test"), &columns, rows)
}

fn outcome(outcome: Outcome) -> AnyView {
    let tone = match outcome {
        Outcome::Passed => "ok",
        Outcome::Partial => "warn",
        Outcome::Failed => "error",
    };
    view! { <span class="badge" data-tone=tone>{outcome.label()}</span> }.into_any()
}

/// A new one.
pub(in super::super) async fn new(request: Request) -> Result<Screen, Problem> {
    let (place, book) = editable(&request).await?;
    let stored = activity_to_form(&Activity::new(book.zone.day_of(book.now)));
    let form = form(&request, &place, &book, place.paths.page("activities/new"), (None, 0, stored));
    let title = "Add a test";
    let body = view! { {head(&place, title.to_owned())}{form} };
    Ok(Screen::inside(&place, Section::Schedules, title, body))
}

/// One of them; for whoever may, with its form.
pub(in super::super) async fn detail(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.schedules(&place.estate.workspace.id).await?;
    let key: ActivityKey = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let kept = book.activities.get(&key).ok_or(Problem::NotFound)?;
    let title = format!("{} {key}", kept.value.kind.label());
    let content = if place.may(Capability::EditModel) {
        let stored = (Some(key), kept.revision, activity_to_form(&kept.value));
        form(&request, &place, &book, place.paths.activity(key), stored)
    } else {
        ().into_any()
    };
    let body = view! {
        {head(&place, title.clone())}
        {table(&place, &book, &[kept])}
        {points(&place, &kept.value)}
        {content}
    };
    Ok(Screen::inside(&place, Section::Schedules, title, body))
}

fn head(place: &Place, title: String) -> AnyView {
    Header::new(title)
        .below(place.paths.page("schedules"), "Schedules")
        .below(place.paths.page("activities"), "Tests and exercises")
        .view()
}

/// What is still to be done about what was found.
fn points(place: &Place, activity: &Activity) -> Option<AnyView> {
    let rows: Vec<AnyView> = activity
        .open_points
        .iter()
        .map(|it| {
            view! {
                <tr>
                    <th scope="row" data-label="What">{it.what.clone()}</th>
                    {cell("Who", it.who.as_ref().map(|it| person(place, it)))}
                    {cell("Due", it.due.map(|it| it.to_string()))}
                    {cell("State", it.state.label())}
                </tr>
            }
            .into_any()
        })
        .collect();
    (!rows.is_empty()).then(|| small("points", count(rows.len(), "point"), &["What", "Who", "Due", "State"], rows))
}

fn form(
    request: &Request,
    place: &Place,
    book: &ScheduleBook,
    action: String,
    (own, revision, stored): (Option<ActivityKey>, i64, Vec<(String, String)>),
) -> AnyView {
    let form = request.form(|| stored.clone());
    let line = || Input { most: limit(NAME_MAX), ..Input::default() };
    let number = || Input { class: "short number", most: 7, ..Input::default() };
    let yes_or_no = [("yes", "Yes"), ("no", "No")].map(|(value, label)| (value.to_owned(), label.to_owned()));
    let others: Vec<(String, String)> = book
        .activities
        .values()
        .filter(|it| Some(it.value.key) != own)
        .map(|it| (it.value.key.to_string(), format!("{} {}", it.value.key, it.value.kind.label())))
        .collect();
    view! {
        {conflict(request, &stored)}
        {request.general_problem()}
        {form.summary(label)}
        <form class="form" method="post" action=action>
            {hidden("rev", revision.to_string())}
            <button class="visually-hidden" name="action" value="save" tabindex="-1" aria-hidden="true">"Save"</button>
            {field(&form, "kind", "What it is").select(None, &pairs(ActivityKind::ALL, |it| (it.as_str(), it.label())))}
            {edit::links(&form, place, "What is tested")}
            <div class="field-row">
                {field(&form, "perimeter", "From where").hint("Such as from inside, or from outside.").optional().input(line())}
                {field(&form, "tester", "Who tests").hint("A person, a team or a company.").input(line())}
                {field(&form, "independent", "Independent of who runs it").select(Some("Not known"), &yes_or_no)}
            </div>
            <div class="field-row">
                {field(&form, "planned", "Planned for").input(DAY)}
                {field(&form, "done", "Done on").optional().input(DAY)}
                {field(&form, "outcome", "Result")
                    .select(Some("Not done yet"), &pairs(Outcome::ALL, |it| (it.as_str(), it.label())))}
                {field(&form, "report", "Report").hint("The evidence item.").optional().input(line())}
            </div>
            <div class="field-row">
                {field(&form, "recovery_minutes", "Minutes until payments worked again").optional().input(number())}
                {field(&form, "lost_minutes", "Minutes of data that were lost").optional().input(number())}
                {one_of(field(&form, "retest_of", "Tests again"), "Nothing", &others)}
            </div>
            {open_points(&form, request, place)}
            {buttons("Save", place.paths.page("activities"))}
        </form>
    }
    .into_any()
}

fn open_points(form: &FormState, request: &Request, place: &Place) -> AnyView {
    let people = options::people(&place.estate.model);
    let states = pairs(ActionState::ALL, |it| (it.as_str(), it.label()));
    let mut numbers: Vec<u32> = form.rows("action").into_iter().collect();
    let next = numbers.last().map_or(0, |number| number.saturating_add(1));
    numbers.extend((0..empty_rows(request, 1)).map(|number| next.saturating_add(number)));
    let rows: Vec<_> = numbers
        .into_iter()
        .map(|number| {
            let name = |part: &str| format!("action.{number}.{part}");
            let line = Input { most: limit(SENTENCE_MAX), ..Input::default() };
            let own = form.value(&name("number")).to_owned();
            let kept = (!own.is_empty()).then(|| view! { <input type="hidden" name=name("number") value=own/> });
            view! {
                <div class="card" role="group" aria-label=format!("Open point {}", number.saturating_add(1))>
                    {kept}
                    {field(form, name("what"), "What").hint("Empty takes the point away.").input(line)}
                    <div class="field-row">
                        {one_of(field(form, name("who"), "Who"), "Nobody", &people)}
                        {field(form, name("due"), "Due").optional().input(DAY)}
                        {field(form, name("state"), "State").select(None, &states)}
                    </div>
                </div>
            }
        })
        .collect();
    view! {
        <fieldset class="form-part">
            <legend>"Open points"</legend>
            <div class="stack">{rows}</div>
            <div class="button-row">
                <button class="button" name="action" value="more" formnovalidate=true>{icon("plus")}"Add another point"</button>
            </div>
        </fieldset>
    }
    .into_any()
}

fn label(name: &str) -> Option<String> {
    if let Some((number, part)) = name.strip_prefix("action.").and_then(|rest| rest.split_once('.')) {
        let number = number.parse::<u32>().ok()?.saturating_add(1);
        return Some(format!("Open point {number}, {part}"));
    }
    let label = match name {
        "kind" => "What it is",
        "link" => "What is tested",
        "find" => "Find what it is about",
        "perimeter" => "From where",
        "tester" => "Who tests",
        "independent" => "Independent of who runs it",
        "planned" => "Planned for",
        "done" => "Done on",
        "outcome" => "Result",
        "report" => "Report",
        "retest_of" => "Tests again",
        "recovery_minutes" => "Minutes until payments worked again",
        "lost_minutes" => "Minutes of data that were lost",
        _ => return None,
    };
    Some(label.to_owned())
}
