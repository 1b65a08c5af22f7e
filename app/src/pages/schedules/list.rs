//! The schedules: what is late first, then what is due, then the rest.

use domain::backend::incidents::Kept;
use domain::backend::schedules::ScheduleBook;
use domain::problem::Problem;
use domain::role::Capability;
use domain::schedule::{Planned, Standing, State, Zone};
use leptos::prelude::*;

use super::super::findings::named;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::risks::person;
use super::{due, state, suggestions, tabs};
use crate::ui::header::{self, Header};
use crate::ui::notice::{Tone, empty_state, notice};
use crate::ui::table::{cell, count, small};

const LEDE: &str = "What is looked at again and again, by whom, and whether it was on time.";

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.schedules(&place.estate.workspace.id).await?;
    let edits = place.may(Capability::EditModel);
    let suggestions = if edits {
        let entity = request.backend()?.entity(&place.estate.workspace.id).await?.entity;
        Some(suggestions::table(&place, &book, entity.transactions()))
    } else {
        None
    };
    let add = || header::action(place.paths.page("schedules/new"), "plus", "Add a schedule", true);
    let content = if book.schedules.is_empty() {
        let sentence = "Say what somebody looks at, how often and who. Below is what is usual.";
        empty_state("clock", "No schedules", sentence, edits.then(add))
    } else {
        tables(&place, &book)
    };
    let body = view! {
        {Header::new("Schedules").lede(LEDE).actions(edits.then(add)).view()}
        {tabs(&place, "schedules")}
        {zone(&place, &book)}
        {content}
        {suggestions}
    };
    Ok(Screen::inside(&place, Section::Schedules, "Schedules", body))
}

/// In which zone the days lie. A name that nobody knows is said, because UTC stands for it.
fn zone(place: &Place, book: &ScheduleBook) -> AnyView {
    let said = Zone::said(&place.estate.model.settings).trim().to_owned();
    let is_utc = book.zone.name() == "UTC";
    if is_utc && !said.is_empty() && !["utc", "etc/utc", "z"].contains(&said.to_ascii_lowercase().as_str()) {
        let words = format!("There is no time zone {said}, so days are those of UTC. Write one such as Europe/Berlin.");
        return notice(Tone::Warn, words);
    }
    let change = place.may(Capability::ManageWorkspace).then(|| {
        view! { " "<a href=place.paths.page("settings")>"Change"</a> }
    });
    view! { <p class="meta">{format!("Days are those of {}.", book.zone.name())}{change}</p> }.into_any()
}

/// A schedule with where it stands.
type Stood<'a> = (&'a Kept<Planned>, Option<Standing>);

fn tables(place: &Place, book: &ScheduleBook) -> AnyView {
    let all = book.schedules.values().map(|it| (it, it.value.standing(&book.zone, book.now)));
    let (mut running, ended): (Vec<Stood<'_>>, Vec<Stood<'_>>) = all.partition(|(_, standing)| standing.is_some());
    running.sort_by_key(|(it, standing)| (standing.as_ref().map(|it| (it.state, it.due)), it.value.schedule.key));
    let columns = ["State", "Schedule", "About", "How often", "Due", "Owner", "Last done"];
    let table = |id: &'static str, what: &str, of: &[Stood<'_>]| {
        let rows = of.iter().map(|it| row(place, book, it)).collect();
        small(id, format!("{}{what}", count(of.len(), "schedule")), &columns, rows)
    };
    let late = running.iter().filter(|(_, it)| it.as_ref().is_some_and(|it| it.state == State::Late)).count();
    let late = if late > 0 { format!(", {late} late") } else { String::new() };
    view! {
        {(!running.is_empty()).then(|| table("running-schedules", &late, &running))}
        {(!ended.is_empty()).then(|| table("ended-schedules", ", ended", &ended))}
    }
    .into_any()
}

fn row(place: &Place, book: &ScheduleBook, (kept, standing): &Stood<'_>) -> AnyView {
    let planned = &kept.value;
    let schedule = &planned.schedule;
    let called = (!planned.calls.is_empty()).then(|| {
        let words = count(planned.calls.len(), "call");
        view! { " "<span class="badge" data-tone="warn">{words}</span> }
    });
    let last = planned.last().map(|run| {
        let late = run.was_late(&book.zone).then(|| view! { " "<span class="badge" data-tone="warn">"late"</span> });
        view! { <span>{book.zone.day_of(run.done_at).to_string()}{late}</span> }
    });
    let badge =
        standing.as_ref().map_or_else(|| view! { <span class="badge">"Ended"</span> }.into_any(), |it| state(it.state));
    view! {
        <tr>
            {cell("State", badge)}
            <th scope="row" data-label="Schedule">
                <a href=place.paths.schedule(schedule.key)>{schedule.name.clone()}</a>
                " "
                <span class="key">{schedule.key.to_string()}</span>
                {called}
            </th>
            {cell("About", about(place, planned))}
            {cell("How often", schedule.cadence.words())}
            {cell("Due", standing.as_ref().map(due))}
            {cell("Owner", schedule.owner.as_ref().map(|it| person(place, it)))}
            {cell("Last done", last)}
        </tr>
    }
    .into_any()
}

/// What a schedule is about, linked where it is one object.
pub(super) fn about(place: &Place, planned: &Planned) -> AnyView {
    match &planned.schedule.subject {
        domain::schedule::Subject::Object(object) => named(place, object),
        other => other.label().into_any(),
    }
}
