//! The fields of a record's own properties, each by the kind of its values.

use domain::inventory::{Input as Values, Kind, Property, When};
use domain::model::object::ObjectKind;
use leptos::prelude::*;

use super::super::editor::{Editor, folded, one_of, several};
use super::super::request::{Place, Request};
use super::grants;
use crate::ui::field::{Input, field};
use crate::ui::form::FormState;

/// The form of a record: about three fields, and folded what else can be said of it.
pub(super) fn all(request: &Request, place: &Place, kind: &'static Kind, form: &FormState, is_new: bool) -> AnyView {
    let editor = Editor { form, model: &place.estate.model };
    let at =
        |when: When| kind.at(when).filter(|it| it.name != "grants").map(|it| property(&editor, it)).collect::<Vec<_>>();
    let later = at(When::Later);
    let has_grants = kind.property("grants").is_some();
    let wrong_later = kind.at(When::Later).any(|it| form.has_errors_in(it.name)) || form.has_errors_in("id");
    let wrong_facts = form.has_errors_in("fact.");
    let has_key = is_new && kind.property("name").is_some();
    let key = has_key.then(|| {
        field(form, "id", "Key")
            .hint("Part of its address, fixed for good. Made from the name where empty.")
            .input(Input { most: 120, class: "mono", ..Input::default() })
    });
    let has_more = !later.is_empty() || has_key;
    let more = view! { <div class="field-row">{later}</div>{key} };
    let has_facts = kind.object != ObjectKind::Override;
    // What records of facts consist of stands at once; who answers and what else is to be known is folded.
    let answers = ["owner", "note"];
    let shown = editor.facts(kind.object, true, &answers);
    let folded_facts = ["deputy", "tags", "reviewed_at", "reviewed_by", "confirmed", "last_changed"];
    let who = view! {
        <div class="field-row">
            {editor.only_facts(kind.object, &answers)}
            {editor.only_facts(kind.object, &folded_facts)}
        </div>
    };
    let rest: Vec<_> = editor.facts(kind.object, false, &folded_facts);
    let has_rest = !rest.is_empty();
    let open = form.any("fact.") && !is_new;
    view! {
        {is_new.then(|| at(When::Once))}
        {at(When::First)}
        {shown}
        {has_grants.then(|| grants::rows(request, &editor, is_new))}
        {has_more.then(|| folded("More about it", wrong_later, more))}
        {(has_facts && has_rest).then(|| folded("Everything else", wrong_facts, view! { <div class="field-row">{rest}</div> }))}
        {has_facts.then(|| folded("Who answers, and notes", wrong_facts || open, who))}
    }
    .into_any()
}

fn property(editor: &Editor<'_>, it: &Property) -> AnyView {
    let limit = |most: usize| u32::try_from(most).unwrap_or(u32::MAX);
    let hint = match it.input {
        Values::Count(unit) => format!("{} In {unit}.", it.hint).trim_start().to_owned(),
        _ => it.hint.to_owned(),
    };
    let it_is = field(editor.form, it.name, it.label).hint(hint);
    let must = matches!(it.name, "name" | "a" | "b" | "system" | "justification" | "expires");
    let it_is = if must { it_is.required() } else { it_is };
    let options = it.input.options(editor.model);
    match it.input {
        Values::Line(most) => it_is.input(Input { most: limit(most), ..Input::default() }),
        Values::Lines(most) => it_is.area_of(limit(most)),
        Values::Texts => it_is.text(),
        Values::Choice(_) | Values::YesNo => it_is.select(None, &options),
        Values::Day => it_is.input(Input { kind: "date", class: "short", ..Input::default() }),
        Values::Count(_) => it_is.input(Input { class: "short number", most: 15, ..Input::default() }),
        Values::One(_) => one_of(it_is, if must { "Choose one" } else { "None" }, &options),
        Values::Several(_) => several(it_is, editor.form, it.name, &options),
        Values::Grants => ().into_any(),
    }
}

/// The values of the form of a new record, with those that the address names.
pub(super) fn beginning_values(request: &Request, kind: &'static Kind) -> Vec<(String, String)> {
    let asked = kind.properties.iter().map(|it| it.name.to_owned());
    let facts = domain::model::fact::attributes_of(kind.object).map(|it| format!("fact.{}", it.name));
    let mut values: Vec<(String, String)> = asked
        .chain(facts)
        .flat_map(|name| request.query_all(&name).into_iter().map(move |value| (name.clone(), value)))
        .collect();
    // Most decisions take a system out of scope.
    let has_category = values.iter().any(|(name, _)| name == "category");
    if kind.object == ObjectKind::Override && !has_category {
        values.push(("category".to_owned(), "out_of_scope".to_owned()));
    }
    values
}
