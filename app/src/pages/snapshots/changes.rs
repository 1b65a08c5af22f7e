//! The list of what differs: systems, flows and every other kind, categories that moved and why, blast radii.

use domain::blast::Start;
use domain::delta::{BlastChange, Change, Delta, FieldChange, ObjectChange, PartChange, Reach};
use domain::model::object::ObjectKind;
use leptos::prelude::*;

use super::super::request::Place;
use super::Compared;
use crate::ui::impact::moved;
use crate::ui::link::{Paths, with_query};
use crate::ui::table::{cell, count, small};

/// How many rows a table has at most.
const MOST: usize = 300;

/// Everything that differs; `then` is the state before.
pub(in super::super) fn changes(place: &Place, compared: &Compared) -> AnyView {
    let delta = &*compared.delta;
    if delta.is_empty() {
        return view! { <p>"Nothing differs: no object, no category, no blast radius."</p> }.into_any();
    }
    let before = compared.before.moment.key().map(|key| key.to_string()).unwrap_or_default();
    let kinds: Vec<_> = delta
        .objects
        .chunk_by(|one, other| one.object.kind() == other.object.kind())
        .map(|group| of_kind(place, group, &before))
        .collect();
    view! {
        {summary(delta)}
        {scope(place, delta)}
        {kinds}
        {blast(place, delta)}
    }
    .into_any()
}

/// What differs, in numbers.
fn summary(delta: &Delta) -> AnyView {
    let number = |is: fn(&Change) -> bool| delta.objects.iter().filter(|it| is(&it.change)).count();
    let words = format!(
        "{} added, {} removed, {} changed; {} changed category.",
        number(|it| matches!(it, Change::Added)),
        number(|it| matches!(it, Change::Removed)),
        number(|it| matches!(it, Change::Changed { .. })),
        count(delta.categories.len(), "system"),
    );
    let hint = delta.saq_hint.map(|(before, after)| {
        let words = format!("The plausible questionnaire: {} before, {} now.", before.label(), after.label());
        view! { <p>{words}</p> }
    });
    view! { <p class="diff-summary">{words}</p>{hint} }.into_any()
}

/// The systems whose category differs, each with its reason.
fn scope(place: &Place, delta: &Delta) -> Option<AnyView> {
    (!delta.categories.is_empty()).then(|| {
        view! {
            <section class="section" aria-labelledby="moved">
                <h2 id="moved">{format!("Categories that moved: {}", delta.categories.len())}</h2>
                {moved(&place.paths, &delta.categories, MOST)}
            </section>
        }
        .into_any()
    })
}

fn of_kind(place: &Place, group: &[ObjectChange], before: &str) -> AnyView {
    let kind = group.first().map_or(ObjectKind::System, |it| it.object.kind());
    let rows = group.iter().take(MOST).map(|it| row(place, it, before)).collect();
    let id = ids(kind);
    let caption = match group.len() {
        more if more > MOST => format!("{}: the first {MOST} of {more}", kind.label()),
        some => format!("{}: {}", kind.label(), count(some, "difference")),
    };
    view! {
        <section class="section" aria-label=format!("{}, what differs", kind.label())>
            {small(id, caption, &["Name", "What happened", "What differs"], rows)}
        </section>
    }
    .into_any()
}

/// The name of a table on the page.
const fn ids(kind: ObjectKind) -> &'static str {
    kind.as_str()
}

fn row(place: &Place, it: &ObjectChange, before: &str) -> AnyView {
    let href = match it.change {
        // What is gone is still there in the state before.
        Change::Removed => {
            let href = Paths::of(&place.estate.workspace.id).object(&it.object);
            href.map(|href| with_query(&href, &[("at", before)]))
        }
        _ => place.paths.object(&it.object),
    };
    let name = match href {
        Some(href) => view! { <a href=href>{it.name.clone()}</a> }.into_any(),
        None => it.name.clone().into_any(),
    };
    view! {
        <tr>
            <th scope="row">{name}</th>
            {cell("What happened", fate(&it.change))}
            {cell("What differs", differs(&it.change))}
        </tr>
    }
    .into_any()
}

/// What differs of one object, attribute by attribute and part by part; nothing where it came or went.
pub(in super::super) fn differs(change: &Change) -> AnyView {
    match change {
        Change::Changed { attributes, parts } => {
            let all: Vec<_> = attributes.iter().map(attribute).chain(parts.iter().map(part)).collect();
            view! { <ul class="plain">{all}</ul> }.into_any()
        }
        Change::Added | Change::Removed => ().into_any(),
    }
}

/// What happened, as a sign and a word.
pub(in super::super) fn fate(change: &Change) -> AnyView {
    let (fate, sign, word) = match change {
        Change::Added => ("added", "+", "added"),
        Change::Removed => ("removed", "\u{d7}", "removed"),
        Change::Changed { .. } => ("changed", "~", "changed"),
    };
    view! { <span class="fate" data-fate=fate><span aria-hidden="true">{sign}</span>" "{word}</span> }.into_any()
}

fn attribute(it: &FieldChange) -> AnyView {
    let name = it.name.trim_start_matches("fact_details.").replace('_', " ");
    view! { <li>{name}": "{was_is(&it.before, &it.after)}</li> }.into_any()
}

fn part(it: &PartChange) -> AnyView {
    let list = it.list.replace('_', " ");
    let details = match &it.change {
        Change::Changed { attributes, .. } => {
            let all: Vec<_> = attributes
                .iter()
                .map(|it| view! { ", "{it.name.replace('_', " ")}" "{was_is(&it.before, &it.after)} })
                .collect();
            all.into_any()
        }
        Change::Added | Change::Removed => ().into_any(),
    };
    view! { <li>{list}": "{it.name.clone()}" "{fate(&it.change)}{details}</li> }.into_any()
}

fn was_is(before: &str, after: &str) -> AnyView {
    let side = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
    view! { <del>{side(before)}</del>" "<ins>{side(after)}</ins> }.into_any()
}

fn blast(place: &Place, delta: &Delta) -> Option<AnyView> {
    let all = &delta.blast.changes;
    if all.is_empty() {
        return None;
    }
    let rows = all.iter().take(MOST).map(|it| radius(place, it)).collect();
    let caption = match all.len() {
        more if more > MOST => format!("The first {MOST} of {more} starts whose blast radius differs"),
        some => format!("{} whose blast radius differs", count(some, "start")),
    };
    let left_out = (delta.blast.left_out > 0).then(|| {
        let words = format!(
            "The model is large: {} were compared, {} were not.",
            count(delta.blast.compared, "start"),
            delta.blast.left_out
        );
        view! { <p class="meta">{words}</p> }
    });
    Some(
        view! {
            <section class="section" aria-label="Blast radii, what differs">
                {small("radii", caption, &["If this is hostile", "Before", "After"], rows)}
                {left_out}
            </section>
        }
        .into_any(),
    )
}

fn radius(place: &Place, it: &BlastChange) -> AnyView {
    let start = match &it.start {
        Start::System { id } => {
            let name = place.estate.model.systems.get(id).map_or_else(|| id.to_string(), |it| it.name.clone());
            let there = place.estate.model.systems.contains_key(id);
            match there {
                true => view! { <a href=place.paths.system(id)>{name}</a> }.into_any(),
                false => name.into_any(),
            }
        }
        other => other.to_string().into_any(),
    };
    let side = |reach: Option<&Reach>, absent: &'static str| {
        reach.map_or_else(
            || absent.to_owned(),
            |it| format!("{}, score {}, {} under control", it.band.label(), it.score, count(it.controlled, "system")),
        )
    };
    view! {
        <tr>
            <th scope="row">{start}</th>
            {cell("Before", side(it.before.as_ref(), "was not there"))}
            {cell("After", side(it.after.as_ref(), "is gone"))}
        </tr>
    }
    .into_any()
}
