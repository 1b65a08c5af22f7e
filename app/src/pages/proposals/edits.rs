//! What a proposal holds: its edits, each of which can be taken out, and those that somebody else overtook.

use domain::export::difference::{FieldChange, differences};
use domain::model::object::{Object, ObjectRef};
use domain::proposal::text::object_text;
use domain::proposal::{Choice, Clash, Proposal};
use leptos::prelude::*;

use super::super::request::Place;
use crate::ui::field::hidden;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, count, small};

/// The name of an object on either side of an edit.
fn name(sides: [&Option<Object>; 2], reference: &ObjectRef) -> String {
    let known = sides.into_iter().flatten().next();
    known.map_or_else(|| reference.key(), Object::name)
}

/// A form of one button that does a step with an object.
fn step(place: &Place, it: &Proposal, step: &str, object: &ObjectRef, choice: &str, label: String) -> AnyView {
    view! {
        <form method="post" action=place.paths.proposal(it.key)>
            {hidden("step", step.to_owned())}
            {hidden("object", object_text(object))}
            {(!choice.is_empty()).then(|| hidden("choice", choice.to_owned()))}
            <button class="button small">{label}</button>
        </form>
    }
    .into_any()
}

/// The edits, with what takes each out again.
pub(super) fn edits(place: &Place, it: &Proposal, own: bool) -> AnyView {
    if it.edits.is_empty() {
        return view! {
            <p class="muted">
                "Nothing yet. Work on it: while you do, every form of a system, a flow or a record saves here."
            </p>
        }
        .into_any();
    }
    let rows = it
        .edits
        .iter()
        .map(|(reference, edit)| {
            let what = match (&edit.base, &edit.draft) {
                (None, _) => "+ added",
                (_, None) => "\u{d7} removed",
                _ => "~ changed",
            };
            let named = name([&edit.draft, &edit.base], reference);
            let out = (own && it.state.is_open())
                .then(|| step(place, it, "drop", reference, "", format!("Take out {named}")));
            view! {
                <tr>
                    <th scope="row">{named}" "<span class="key">{reference.key()}</span></th>
                    {cell("Kind", reference.kind().label())}
                    {cell("What happens", view! { <span class="fate">{what}</span> })}
                    {cell("Take out", out)}
                </tr>
            }
            .into_any()
        })
        .collect();
    small("edits", count(it.edits.len(), "object"), &["Object", "Kind", "What happens", "Take out"], rows)
}

/// What somebody else changed meanwhile: both sides, and the decision which one holds.
pub(super) fn clashes(place: &Place, it: &Proposal, clashes: &[Clash], own: bool) -> Option<AnyView> {
    if clashes.is_empty() {
        return None;
    }
    let all: Vec<_> = clashes.iter().map(|clash| one(place, it, clash, own)).collect();
    let words = "Somebody changed meanwhile what this proposal edits. It is not merged until each is decided.";
    Some(
        view! {
            <section class="section" aria-labelledby="clashes">
                <h2 id="clashes">{format!("Changed meanwhile: {}", clashes.len())}</h2>
                {notice(Tone::Warn, words)}
                {all}
            </section>
        }
        .into_any(),
    )
}

fn one(place: &Place, it: &Proposal, clash: &Clash, own: bool) -> AnyView {
    let named = name([&clash.yours, &clash.theirs], &clash.object);
    let changes = |side: &Option<Object>| -> Result<Vec<FieldChange>, &'static str> {
        match (&clash.base, side) {
            (Some(base), Some(side)) => Ok(differences(base, side)),
            (None, Some(_)) => Err("added it"),
            (_, None) => Err("removed it"),
        }
    };
    let rows = match (changes(&clash.yours), changes(&clash.theirs)) {
        (Ok(yours), Ok(theirs)) => table(&yours, &theirs),
        (yours, theirs) => {
            let said = |side: Result<Vec<FieldChange>, &'static str>| side.map_or_else(|it| it, |_| "changed it");
            let words = format!("The proposal {}; somebody else {}.", said(yours), said(theirs));
            view! { <p>{words}</p> }.into_any()
        }
    };
    let decide = (own && it.state.is_open()).then(|| {
        let button = |choice: Choice, words: &str| {
            step(place, it, "resolve", &clash.object, choice.as_str(), format!("{words}: {named}"))
        };
        view! {
            <div class="button-row">
                {button(Choice::Yours, "Keep the proposal\u{2019}s")}
                {button(Choice::Theirs, "Take theirs")}
            </div>
        }
    });
    view! {
        <article class="card">
            <h3>{format!("{} {named}", clash.object.kind().label())}</h3>
            {rows}
            {decide}
        </article>
    }
    .into_any()
}

/// Every attribute that either side changed: as it was, as the proposal has it, as it is by now.
fn table(yours: &[FieldChange], theirs: &[FieldChange]) -> AnyView {
    let mut names: Vec<&str> = yours.iter().chain(theirs).map(|it| it.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let rows = names
        .into_iter()
        .map(|name| {
            let of = |side: &[FieldChange]| side.iter().find(|it| it.name == name).cloned();
            let (yours, theirs) = (of(yours), of(theirs));
            let base = yours.as_ref().or(theirs.as_ref()).map(|it| it.before.clone()).unwrap_or_default();
            let value = |side: Option<FieldChange>| side.map_or_else(|| base.clone(), |it| it.after);
            let (yours, theirs) = (value(yours), value(theirs));
            view! {
                <tr>
                    <th scope="row">{name.replace('_', " ")}</th>
                    {cell("Before", base.clone())}
                    {cell("The proposal", yours)}
                    {cell("By now", theirs)}
                </tr>
            }
            .into_any()
        })
        .collect();
    small("clash", "What each side changed".to_owned(), &["Attribute", "Before", "The proposal", "By now"], rows)
}
