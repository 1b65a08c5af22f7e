//! One change to every system that a filter lets through: chosen, looked at, then saved. All of it works without a
//! script, and a preview is an address.

use std::collections::BTreeSet;

use domain::bulk::{FIELDS, MOST, changed, value_of, values};
use domain::command::Command;
use domain::id::SystemId;
use domain::model::object::{Object, ObjectRef};
use domain::problem::Problem;
use domain::role::Capability;
use domain::scope::compute;
use domain::scope::delta::delta;
use leptos::prelude::*;

use super::super::editor::not_done;
use super::super::filter::Filter;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::list::matching;
use super::system_name;
use crate::ui::field::{hidden, options_of};
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::impact;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, count, small};

/// How many rows the preview shows; the number of all is told.
const SHOWN: usize = 100;

/// What is asked for.
struct Asked {
    q: String,
    set: String,
    to: String,
}

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    if !place.may(Capability::EditModel) {
        return Err(Problem::Forbidden);
    }
    let query = |name: &str| request.query(name).unwrap_or_default();
    let asked = Asked { q: query("q"), set: query("set"), to: query("to") };
    let chosen = matching(&place, &Filter::parse(&asked.q));
    let preview = (!asked.set.is_empty() && !asked.to.is_empty()).then(|| preview(&place, &asked, &chosen));
    let body = view! {
        {Header::new("Change several systems").below(place.paths.page("systems"), "Systems").view()}
        {not_done(&request)}
        {choice(&place, &asked, chosen.len())}
        {preview}
    };
    Ok(Screen::inside(&place, Section::Inventory, "Change several systems", body))
}

/// Which systems, which field, which value. The values appear once the field is chosen.
fn choice(place: &Place, asked: &Asked, chosen: usize) -> AnyView {
    let fields: Vec<(String, String)> =
        FIELDS.iter().map(|(name, label)| ((*name).to_owned(), (*label).to_owned())).collect();
    let offered = values(&place.estate.model, &asked.set);
    let to = (!offered.is_empty()).then(|| {
        view! {
            <div class="field">
                <label for="to">"Becomes"</label>
                <select class="input" id="to" name="to">{options_of(None, &offered, &asked.to)}</select>
            </div>
        }
    });
    let button = if offered.is_empty() { "Choose the value" } else { "Show what would change" };
    view! {
        <form class="filter-bar" method="get" action=place.paths.page("change-systems")>
            <div class="field grow">
                <label for="q">{format!("Systems: {chosen} match")}</label>
                <input class="input mono" id="q" type="search" name="q" value=asked.q.clone() autocomplete="off"/>
            </div>
            <div class="field">
                <label for="set">"Change"</label>
                <select class="input" id="set" name="set">{options_of(None, &fields, &asked.set)}</select>
            </div>
            {to}
            <button class="button">{button}</button>
        </form>
    }
    .into_any()
}

fn preview(place: &Place, asked: &Asked, chosen: &BTreeSet<SystemId>) -> AnyView {
    let stored = &place.estate.stored;
    let objects = match changed(stored, chosen, &asked.set, &asked.to) {
        Ok(objects) if objects.is_empty() => {
            return notice(Tone::Ok, "All of these systems have this value already. Nothing would change.");
        }
        Ok(objects) => objects,
        Err(_) => {
            let words = format!("Choose from 1 to {MOST} systems and a value of the list. Narrow the filter.");
            return notice(Tone::Warn, words);
        }
    };
    let offered = values(stored, &asked.set);
    let words = |value: &str| {
        let known = offered.iter().find(|(it, _)| it == value).map(|(_, words)| words.clone());
        known.unwrap_or_else(|| if value.is_empty() { "not stated".to_owned() } else { value.to_owned() })
    };
    let ids: Vec<SystemId> = objects
        .iter()
        .filter_map(|object| match object.reference() {
            ObjectRef::System(id) => Some(id),
            _ => None,
        })
        .collect();
    let rows = ids
        .iter()
        .take(SHOWN)
        .map(|id| {
            view! {
                <tr>
                    <th scope="row"><a href=place.paths.system(id)>{system_name(stored, id)}</a></th>
                    {cell("Now", words(&value_of(stored, id, &asked.set)))}
                    {cell("Then", words(&asked.to))}
                </tr>
            }
            .into_any()
        })
        .collect();
    let caption = if ids.len() > SHOWN {
        format!("The first {SHOWN} of {} that would change", count(ids.len(), "system"))
    } else {
        format!("{} would change", count(ids.len(), "system"))
    };
    let hidden_ids: Vec<_> = ids.iter().map(|id| hidden("system", id.to_string())).collect();
    view! {
        <section class="section" aria-labelledby="preview">
            <h2 id="preview">"What would change"</h2>
            {effect(place, objects)}
            {small("bulk", caption, &["System", "Now", "Then"], rows)}
            <form class="button-row" method="post" action=place.paths.page("change-systems")>
                {hidden("set", asked.set.clone())}
                {hidden("to", asked.to.clone())}
                {hidden("rev", place.estate.revision.0.to_string())}
                {hidden_ids}
                <button class="button primary">{icon("check")}{format!("Change {}", count(ids.len(), "system"))}</button>
                <a class="button" href=place.paths.systems(&asked.q)>"Cancel"</a>
            </form>
        </section>
    }
    .into_any()
}

/// What the change would do to the scope.
fn effect(place: &Place, objects: Vec<Object>) -> AnyView {
    let estate = &place.estate;
    let command = Command::EditAll(objects, estate.revision);
    let Ok((after, _)) = estate.stored.apply(&command, |object| estate.changed.get(object).copied()) else {
        return notice(Tone::Warn, "This cannot be saved as it stands.");
    };
    let after = after.as_of(estate.today);
    let scope = compute(&after);
    let changes = delta((&estate.model, &estate.scope), (&after, &scope));
    impact::foreseen(&place.paths, &changes)
}
