//! What differs between a snapshot and now, or between two snapshots: the list, which is its primary form.

use domain::problem::Problem;
use domain::snapshot::{Snapshot, SnapshotKey};
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::changes::changes;
use super::{Against, Compared, named, tabs};
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, empty_state, notice};

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let backend = request.backend()?;
    let all = backend.snapshots(&place.estate.workspace.id).await?;
    let from = match request.query("from") {
        Some(text) => Some(text.parse::<SnapshotKey>().map_err(|_| Problem::NotFound)?),
        None => newest_before(&place, &all),
    };
    let Some(from) = from else { return Ok(nothing(&place, &all)) };
    let compared = Compared::with(backend, &place.estate, Against::Snapshot(from)).await?;
    let key = from.to_string();
    let on_map = place.paths.query("map", &[("mode", "diff"), ("from", &key)]);
    let head = Header::new("What differs")
        .lede(format!("From {} to {}.", then_of(&all, from), now_of(&place)))
        .actions(header::action(on_map, "map", "Show on the map", true));
    let title = format!("What differs from {key}");
    let body = view! {
        {head.view()}
        {tabs(&place, "diff")}
        {chooser(&place, &all, from)}
        {(place.estate.moment.key() == Some(from)).then(|| notice(Tone::Info, "Both sides are the same snapshot."))}
        {changes(&place, &compared)}
    };
    Ok(Screen::inside(&place, Section::Map, title, body))
}

/// The newest snapshot other than the one that is looked at, and before it.
fn newest_before(place: &Place, all: &[Snapshot]) -> Option<SnapshotKey> {
    let looked_at = place.estate.moment.key();
    all.iter().map(|it| it.key).find(|key| looked_at.is_none_or(|own| *key < own))
}

fn nothing(place: &Place, all: &[Snapshot]) -> Screen {
    let (heading, sentence) = if all.is_empty() {
        ("Nothing to compare with yet", "Take a snapshot; from then on this page tells what differs from it.")
    } else {
        ("Nothing before this one", "This is the first snapshot. Go back to now to compare with it.")
    };
    let go = header::action(place.paths.page("snapshots"), "history", "Snapshots", true);
    let body = view! {
        {Header::new("What differs").view()}
        {tabs(place, "diff")}
        {empty_state("compare", heading, sentence, go)}
    };
    Screen::inside(place, Section::Map, "What differs", body)
}

fn then_of(all: &[Snapshot], key: SnapshotKey) -> String {
    all.iter().find(|it| it.key == key).map_or_else(|| key.to_string(), |it| format!("{}, {}", named(it), it.day()))
}

fn now_of(place: &Place) -> String {
    match place.estate.moment.snapshot() {
        Some(snapshot) => format!("{}, {}", named(snapshot), snapshot.day()),
        None => format!("now, revision {}", place.estate.revision.0),
    }
}

/// Both sides, to choose others. Leaves the state of the address, because it says one itself.
fn chooser(place: &Place, all: &[Snapshot], from: SnapshotKey) -> AnyView {
    let options = |chosen: Option<SnapshotKey>| -> Vec<AnyView> {
        let option = |it: &Snapshot| {
            let (value, words) = (it.key.to_string(), format!("{}, {}", named(it), it.day()));
            view! { <option value=value selected=chosen == Some(it.key)>{words}</option> }.into_any()
        };
        all.iter().map(option).collect()
    };
    let at = place.estate.moment.key();
    view! {
        <form class="filter-bar" data-now="" method="get" action=place.paths.page("diff") aria-label="What to compare">
            <div class="field">
                <label for="from">"From"</label>
                <select class="input" id="from" name="from">{options(Some(from))}</select>
            </div>
            <div class="field">
                <label for="at">"To"</label>
                <select class="input" id="at" name="at">
                    <option value="" selected=at.is_none()>"Now"</option>
                    {options(at)}
                </select>
            </div>
            <button class="button">{icon("compare")}"Compare"</button>
        </form>
    }
    .into_any()
}
