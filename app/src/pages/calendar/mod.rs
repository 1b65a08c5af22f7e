//! Everything with a date: what is late first, then a month as a grid, or week by week where there is little room.

pub(super) mod feed;
mod grid;
mod weeks;

use domain::backend::calendar::Agenda;
use domain::problem::Problem;
use domain::schedule::calendar::{Entry, EntryKind, names};
use domain::schedule::month::Month;
use domain::time::Day;
use leptos::prelude::*;

use super::frame::{Screen, Section};
use super::request::{Place, Request};
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, empty_state, notice};

const LEDE: &str = "What ends, is due or has to be told, by day. Days are those of the workspace's time zone.";

/// The most late entries that are listed; how many more there are is told.
const LATE: usize = 100;

/// What of the calendar is asked for. All of it is in the address, so that a month can be shared.
struct Asked {
    month: Month,
    kind: Option<EntryKind>,
    mine: bool,
    list: bool,
}

impl Asked {
    fn of(request: &Request, today: Day) -> Self {
        let word = |name: &str| request.query(name).unwrap_or_default();
        Self {
            month: word("month").parse().unwrap_or_else(|_| Month::of(today)),
            kind: word("kind").parse().ok(),
            mine: word("who") == "mine",
            list: word("view") == "list",
        }
    }

    /// The address of another month, or of another view, with everything else as it is.
    fn address(&self, place: &Place, month: Month, list: bool) -> String {
        let kind = self.kind.map(EntryKind::as_str).unwrap_or_default();
        let (who, view) = (if self.mine { "mine" } else { "" }, if list { "list" } else { "" });
        place.paths.query("calendar", &[("month", &month.to_string()), ("kind", kind), ("who", who), ("view", view)])
    }

    fn shows(&self, it: &Entry, place: &Place, agenda: &Agenda) -> bool {
        let theirs = || agenda.me.as_ref().is_some_and(|me| names(it, me, &place.estate.model));
        self.kind.is_none_or(|kind| kind == it.kind) && (!self.mine || theirs())
    }
}

pub(super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let agenda = request.backend()?.agenda(&place.estate.workspace.id).await?;
    let asked = Asked::of(&request, agenda.today);
    let shown: Vec<&Entry> = agenda.entries.iter().filter(|it| asked.shows(it, &place, &agenda)).collect();
    let unlinked = (asked.mine && agenda.me.is_none()).then(|| {
        notice(
            Tone::Info,
            "Your account is linked to no person of this workspace, so nothing can be yours. Whoever manages members links it \
             on the page of the person.",
        )
    });
    let subscribe = header::action(place.paths.page("calendar/feed"), "link", "Subscribe", false);
    let content = if agenda.entries.is_empty() {
        let sentence = "Credentials, certificates, controls, attestations, acceptances, risks, incidents and open reviews show \
                        here as soon as they have a date.";
        empty_state("calendar", "Nothing has a date yet", sentence, ())
    } else {
        view! {
            {filters(&place, &asked)}
            {unlinked}
            {late(&place, &agenda, &shown)}
            {month(&place, &agenda, &asked, &shown)}
        }
        .into_any()
    };
    let body = view! {
        {Header::new("Calendar").lede(LEDE).actions(subscribe).view()}
        {content}
    };
    Ok(Screen::inside(&place, Section::Calendar, "Calendar", body))
}

fn filters(place: &Place, asked: &Asked) -> AnyView {
    let kinds: Vec<_> = EntryKind::ALL
        .iter()
        .map(|kind| {
            let selected = asked.kind == Some(*kind);
            view! { <option value=kind.as_str() selected=selected>{kind.label()}</option> }
        })
        .collect();
    view! {
        <form class="filter-bar no-print" method="get" action=place.paths.page("calendar") aria-label="What is shown">
            <input type="hidden" name="month" value=asked.month.to_string()/>
            {asked.list.then(|| view! { <input type="hidden" name="view" value="list"/> })}
            <div class="field">
                <label for="kind">"Kind"</label>
                <select class="input" id="kind" name="kind">
                    <option value="" selected=asked.kind.is_none()>"All kinds"</option>
                    {kinds}
                </select>
            </div>
            <div class="field">
                <label for="who">"Whose"</label>
                <select class="input" id="who" name="who">
                    <option value="" selected=!asked.mine>"Everybody's"</option>
                    <option value="mine" selected=asked.mine>"Mine and my teams'"</option>
                </select>
            </div>
            <button class="button">{icon("filter")}"Show"</button>
        </form>
    }
    .into_any()
}

/// What is late, whichever month is shown.
fn late(place: &Place, agenda: &Agenda, shown: &[&Entry]) -> Option<AnyView> {
    let late: Vec<&Entry> = shown.iter().copied().filter(|it| it.overdue).collect();
    let rows: Vec<_> = late.iter().take(LATE).map(|it| row(place, agenda, it)).collect();
    let more = late.len().saturating_sub(LATE);
    (!rows.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="late">
                <header class="card-header">
                    <h2 id="late">"Late"</h2>
                    <span class="count" data-tone="error">{late.len().to_string()}</span>
                </header>
                <ul class="list-rows">{rows}</ul>
                {(more > 0).then(|| view! { <p class="meta">{format!("And {more} more. Choose a kind to see them.")}</p> })}
            </section>
        }
        .into_any()
    })
}

fn month(place: &Place, agenda: &Agenda, asked: &Asked, shown: &[&Entry]) -> AnyView {
    let of_month: Vec<&Entry> = shown.iter().copied().filter(|it| asked.month.holds(it.day)).collect();
    let label = asked.month.label();
    let step = |month: Month, picture: &'static str, words: &'static str| {
        let href = asked.address(place, month, asked.list);
        let named = format!("{words}: {}", month.label());
        view! { <a class="button small" href=href aria-label=named>{icon(picture)}{words}</a> }
    };
    let this = Month::of(agenda.today);
    let today = (asked.month != this)
        .then(|| view! { <a class="button small" href=asked.address(place, this, asked.list)>"This month"</a> });
    let other = if asked.list { "As a month" } else { "As a list" };
    let none = of_month
        .is_empty()
        .then(|| view! { <p class="muted">{format!("Nothing is due in {label} among what is shown.")}</p> });
    let grid = (!asked.list).then(|| grid::view(place, asked, agenda, shown));
    let list = (!of_month.is_empty()).then(|| weeks::view(place, agenda, asked.month, &of_month));
    let class = if asked.list { "calendar-weeks" } else { "calendar-weeks narrow-only" };
    view! {
        <section class="section" aria-labelledby="month">
            <header class="section-header">
                <h2 id="month">{label}</h2>
                <nav class="button-row no-print" aria-label="Months">
                    {step(asked.month.previous(), "chevron-left", "Previous month")}
                    {today}
                    {step(asked.month.next(), "chevron-right", "Next month")}
                    <a class="button small" href=asked.address(place, asked.month, !asked.list)>{other}</a>
                </nav>
            </header>
            {none}
            {grid}
            <div class=class>{list}</div>
        </section>
    }
    .into_any()
}

/// One entry on a line of its own.
fn row(place: &Place, agenda: &Agenda, it: &Entry) -> AnyView {
    let days = agenda.today.0.saturating_sub(it.day.0);
    let late = it.overdue.then(|| {
        let words = match days {
            ..=0 => "Late".to_owned(),
            1 => "1 day late".to_owned(),
            days => format!("{days} days late"),
        };
        view! { <span class="badge" data-tone="error">{words}</span> }
    });
    let when = it.at.map_or_else(|| it.day.to_string(), |at| at.to_string());
    view! {
        <li>
            <time class="meta" datetime=when.clone()>{when.clone()}</time>
            <a class="grow" href=place.paths.entry(it)>{it.title.clone()}</a>
            {late}
            <span class="meta">{it.kind.label()}</span>
        </li>
    }
    .into_any()
}
