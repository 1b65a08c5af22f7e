//! What is done again and again: schedules, tests and exercises, recovery objectives, targeted risk analyses.

pub(super) mod activities;
pub(super) mod analyses;
pub(super) mod analysis;
pub(super) mod detail;
pub(super) mod edit;
pub(super) mod list;
pub(super) mod recovery;
mod suggestions;

use domain::backend::schedules::ScheduleBook;
use domain::model::Model;
use domain::model::draft::options;
use domain::problem::Problem;
use domain::role::Capability;
use domain::schedule::{Standing, State};
use leptos::prelude::*;

use super::request::{Place, Request};
use crate::ui::field::Input;
use crate::ui::table::count;

/// A field for a day.
const DAY: Input = Input { kind: "date", most: 0, complete: "off", class: "short" };

/// The pages beside each other.
fn tabs(place: &Place, now: &str) -> AnyView {
    let tab = |page: &str, label: &'static str| {
        let current = (page == now).then_some("page");
        view! { <a href=place.paths.page(page) aria-current=current>{label}</a> }
    };
    view! {
        <nav class="tabs" aria-label="Schedules">
            {tab("schedules", "Schedules")}
            {tab("activities", "Tests and exercises")}
            {tab("recovery", "Recovery")}
            {tab("analyses", "Risk analyses")}
        </nav>
    }
    .into_any()
}

/// Where something stands, as a badge.
fn state(state: State) -> AnyView {
    let tone = match state {
        State::Late => "error",
        State::Due | State::Warning => "warn",
        State::Planned => "info",
        State::Done => "ok",
    };
    view! { <span class="badge" data-tone=tone>{state.label()}</span> }.into_any()
}

/// The day on which something is due, and how far that is away.
fn due(standing: &Standing) -> AnyView {
    let days = |number: i32| count(usize::try_from(number.unsigned_abs()).unwrap_or_default(), "day");
    let words = match standing.days_left {
        0 => "today".to_owned(),
        left @ 1.. => format!("in {}", days(left)),
        late => format!("{} late", days(late)),
    };
    view! { <span>{standing.due.to_string()}" "<span class="meta">{words}</span></span> }.into_any()
}

/// The page of somebody who may change what it shows.
async fn editable(request: &Request) -> Result<(Place, ScheduleBook), Problem> {
    let place = request.place().await?;
    if !place.may(Capability::EditModel) {
        return Err(Problem::Forbidden);
    }
    let book = request.backend()?.schedules(&place.estate.workspace.id).await?;
    Ok((place, book))
}

/// How often something can be done, as the browser proposes it.
fn cadences() -> Vec<(String, String)> {
    let usual = [
        ("7d", "every 7 days"),
        ("30d", "every 30 days"),
        ("1m", "every month"),
        ("3m", "every 3 months"),
        ("6m", "every 6 months"),
        ("12m", "every year"),
        ("monthly 1", "each month on day 1"),
        ("quarterly 3 15", "each quarter on day 15 of month 3"),
        ("yearly 12 31", "each year on 31 December"),
    ];
    usual.map(|(value, label)| (value.to_owned(), label.to_owned())).into()
}

/// The words beside a field that takes how often something is done.
const CADENCE_HINT: &str = "90d is every 90 days, 3m every 3 months after it was done. monthly 15, quarterly 3 15 and yearly 12 31 are fixed days.";

/// Whatever a schedule can be about.
fn subjects(model: &Model) -> Vec<(String, String)> {
    use domain::schedule::assurance::ActivityKind;
    use domain::schedule::{Subject, Topic};
    let topics = Topic::ALL.iter().map(|it| (Subject::Topic(*it).text(), format!("All: {}", it.label())));
    let kinds = ActivityKind::ALL.iter().map(|it| (Subject::Activity(*it).text(), format!("Test: {}", it.label())));
    let of = |kind: &'static str, label: &'static str, all: Vec<(String, String)>| {
        all.into_iter().map(move |(key, name)| (format!("{kind}:{key}"), format!("{label}: {name}")))
    };
    let vendors = of("vendor", "Vendor", options::vendors(model));
    let systems = of("system", "System", options::systems(model));
    topics.chain(kinds).chain(systems).chain(vendors).collect()
}

fn limit(characters: usize) -> u32 {
    u32::try_from(characters).unwrap_or(u32::MAX)
}
