//! One change to everything of a kind that a filter lets through: chosen, looked at, then saved. All of it works without a
//! script, and a preview is an address.

use std::collections::BTreeSet;

use domain::bulk::{MOST, Typed, changed, fields, is_for, value_of, values};
use domain::command::{Command, to_write};
use domain::filter::Filter;
use domain::inventory::{Kind, Order, Table, title};
use domain::model::object::{Object, ObjectRef};
use domain::problem::Problem;
use domain::scope::compute;
use domain::scope::delta::delta;
use leptos::prelude::*;

use super::super::editor::not_done;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use crate::ui::field::{hidden, options_of};
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::impact;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, small};

/// How many rows the preview shows; the number of all is told.
const SHOWN: usize = 100;

/// What is asked for.
struct Asked {
    kind: &'static Kind,
    q: String,
    set: String,
    to: String,
}

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let kind = Kind::listed(&request.path("kind")).filter(|kind| is_for(kind)).ok_or(Problem::NotFound)?;
    if !place.may(to_write(kind.object)) {
        return Err(Problem::Forbidden);
    }
    let query = |name: &str| request.query(name).unwrap_or_default();
    let asked = Asked { kind, q: query("q"), set: query("set"), to: query("to") };
    let chosen = matching(&place, &asked);
    let preview = (!asked.set.is_empty() && !asked.to.is_empty()).then(|| preview(&place, &asked, &chosen));
    let heading = format!("Change several {}", kind.several.to_lowercase());
    let body = view! {
        {Header::new(heading.clone()).below(place.paths.list(kind), kind.several).view()}
        {not_done(&request)}
        {choice(&place, &asked, chosen.len())}
        {preview}
    };
    Ok(Screen::inside(&place, Section::Inventory, heading, body))
}

/// What the filter lets through, as the list of the kind shows it.
fn matching(place: &Place, asked: &Asked) -> BTreeSet<ObjectRef> {
    let table = Table::with_scope(asked.kind, &place.estate.model, &place.estate.scope);
    let rows = table.rows(&Filter::parse(&asked.q), Order { column: "", descending: false });
    rows.iter().map(|row| row.object.reference()).collect()
}

/// Which objects, which field, which value. The values appear once the field is chosen.
fn choice(place: &Place, asked: &Asked, chosen: usize) -> AnyView {
    let all = fields(asked.kind);
    let offered: Vec<(String, String)> = all.iter().map(|it| (it.name.clone(), it.label.to_owned())).collect();
    let known = all.iter().find(|it| it.name == asked.set);
    let to = known.map(|field| {
        let control = match field.typed {
            None => {
                let values = values(asked.kind, &place.estate.model, &asked.set);
                view! { <select class="input" id="to" name="to">{options_of(None, &values, &asked.to)}</select> }
                    .into_any()
            }
            Some(typed) => {
                let kind = if typed == Typed::Day { "date" } else { "text" };
                view! {
                    <input class="input short" id="to" name="to" r#type=kind value=asked.to.clone() autocomplete="off"/>
                }
                .into_any()
            }
        };
        view! { <div class="field"><label for="to">"Becomes"</label>{control}</div> }
    });
    let button = if known.is_none() { "Choose the value" } else { "Show what would change" };
    view! {
        <form class="filter-bar" method="get" action=place.paths.page(&format!("change/{}", asked.kind.word))>
            <div class="field grow">
                <label for="q">{format!("{}: {chosen} match", asked.kind.several)}</label>
                <input class="input mono" id="q" type="search" name="q" value=asked.q.clone() autocomplete="off"/>
            </div>
            <div class="field">
                <label for="set">"Change"</label>
                <select class="input" id="set" name="set">{options_of(None, &offered, &asked.set)}</select>
            </div>
            {to}
            <button class="button">{button}</button>
        </form>
    }
    .into_any()
}

fn preview(place: &Place, asked: &Asked, chosen: &BTreeSet<ObjectRef>) -> AnyView {
    let (stored, model) = (&place.estate.stored, &place.estate.model);
    let kind = asked.kind;
    let objects = match changed(kind, (stored, model), chosen, &asked.set, &asked.to) {
        Ok(objects) if objects.is_empty() => {
            return notice(Tone::Ok, "All of these have this value already. Nothing would change.");
        }
        Ok(objects) => objects,
        Err(Problem::Invalid(errors)) if errors.iter().any(|error| error.field == "to") => {
            return notice(Tone::Warn, errors.first().map(|error| error.code.advice()).unwrap_or_default());
        }
        Err(_) => {
            let several = kind.several.to_lowercase();
            let words = format!("Choose from 1 to {MOST} {several} and a value of the list. Narrow the filter.");
            return notice(Tone::Warn, words);
        }
    };
    let offered = values(kind, model, &asked.set);
    let words = |value: &str| {
        let known = offered.iter().find(|(it, _)| it == value).map(|(_, words)| words.clone());
        known.unwrap_or_else(|| if value.is_empty() { "not stated".to_owned() } else { value.to_owned() })
    };
    let references: Vec<ObjectRef> = objects.iter().map(Object::reference).collect();
    let rows = references
        .iter()
        .take(SHOWN)
        .filter_map(|reference| Some((reference, stored.get(reference)?)))
        .map(|(reference, before)| {
            let href = place.paths.object(reference).unwrap_or_default();
            view! {
                <tr>
                    <th scope="row"><a href=href>{title(&before, model)}</a></th>
                    {cell("Now", words(&value_of(&before, &asked.set)))}
                    {cell("Then", words(&asked.to))}
                </tr>
            }
            .into_any()
        })
        .collect();
    let counted = match references.len() {
        1 => format!("1 {}", kind.one),
        more => format!("{more} {}", kind.several.to_lowercase()),
    };
    let caption = if references.len() > SHOWN {
        format!("The first {SHOWN} of {counted} that would change")
    } else {
        format!("{counted} would change")
    };
    let keys: Vec<_> = references.iter().map(|it| hidden("key", domain::inventory::address(it))).collect();
    let back = crate::ui::link::with_query(&place.paths.list(kind), &[("q", &asked.q)]);
    view! {
        <section class="section" aria-labelledby="preview">
            <h2 id="preview">"What would change"</h2>
            {effect(place, objects)}
            {small("bulk", caption, &["Which", "Now", "Then"], rows)}
            <form class="button-row" method="post" action=place.paths.page(&format!("change/{}", kind.word))>
                {hidden("set", asked.set.clone())}
                {hidden("to", asked.to.clone())}
                {hidden("rev", place.estate.revision.0.to_string())}
                {keys}
                <button class="button primary">{icon("check")}{format!("Change {counted}")}</button>
                <a class="button" href=back>"Cancel"</a>
            </form>
        </section>
    }
    .into_any()
}

/// What the change would do to the scope.
pub(in super::super) fn effect(place: &Place, objects: Vec<Object>) -> AnyView {
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
