//! The form of a person or a team, new or existing.

use domain::id::PersonId;
use domain::model::draft::{FUNCTION_MAX, MAIL_MAX, NAME_MAX, person_to_form};
use domain::model::object::ObjectKind;
use domain::model::party::PartyKind;
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::{Editor, beginning, buttons, conflict, fact_label, folded};
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use crate::ui::field::{Input, field};
use crate::ui::form::FormState;
use crate::ui::header::Header;

/// A new person or team.
pub(in super::super) async fn new(request: Request) -> Result<Screen, Problem> {
    let place = editable(&request).await?;
    let form = request.form(Vec::new);
    let head = Header::new("Add a person or team").below(place.paths.page("people"), "People and teams").view();
    let body = view! {
        {head}
        {request.general_problem()}
        {form.summary(label)}
        <form class="form" method="post" action=place.paths.page("people/new")>
            {beginning(&place)}
            {first(&form)}
            {folded("More about them", form.has_errors_in("fact.") || form.has_errors_in("id"), view! {
                {field(&form, "id", "Key")
                    .hint("Part of the address, fixed for good. Made from the name where empty.")
                    .input(Input { most: 120, class: "mono", ..Input::default() })}
                {facts(&form, &place)}
            })}
            {buttons("Add", place.paths.page("people"))}
        </form>
    };
    Ok(Screen::inside(&place, Section::People, "Add a person or team", body))
}

/// An existing one.
pub(in super::super) async fn edit(request: Request) -> Result<Screen, Problem> {
    let place = editable(&request).await?;
    let id = PersonId::new(request.path("key"));
    let person = place.estate.model.people.get(&id).cloned().ok_or(Problem::NotFound)?;
    let stored = person_to_form(&person);
    let form = request.form(|| stored.clone());
    let own = place.paths.person(&id);
    let title = format!("Edit {}", person.name);
    let head = Header::new(title.clone())
        .below(place.paths.page("people"), "People and teams")
        .below(own.clone(), person.name.clone())
        .view();
    let body = view! {
        {head}
        {conflict(&request, &stored)}
        {request.general_problem()}
        {form.summary(label)}
        <form class="form" method="post" action=format!("{own}/edit")>
            {beginning(&place)}
            {first(&form)}
            {folded("More about them", form.any("fact.") || form.has_errors_in("fact."), facts(&form, &place))}
            {buttons("Save", own.clone())}
        </form>
    };
    Ok(Screen::inside(&place, Section::People, title, body))
}

async fn editable(request: &Request) -> Result<Place, Problem> {
    let place = request.place().await?;
    if place.may(Capability::ManagePeople) { Ok(place) } else { Err(Problem::Forbidden) }
}

fn first(form: &FormState) -> AnyView {
    let limit = |characters: usize| u32::try_from(characters).unwrap_or(u32::MAX);
    let kinds: Vec<_> = PartyKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), kind.label().to_owned())).collect();
    let line = |most: usize| Input { most: limit(most), ..Input::default() };
    view! {
        {field(form, "name", "Name").required().input(line(NAME_MAX))}
        {field(form, "kind", "Kind").select(None, &kinds)}
        {field(form, "mail", "E-mail address").optional().input(Input { kind: "email", ..line(MAIL_MAX) })}
        {field(form, "function", "What they do").optional().input(line(FUNCTION_MAX))}
    }
    .into_any()
}

fn facts(form: &FormState, place: &Place) -> AnyView {
    let editor = Editor { form, model: &place.estate.model };
    view! {
        <div class="field-row">
            {editor.facts(ObjectKind::Person, true, &[])}
            {editor.facts(ObjectKind::Person, false, &[])}
        </div>
    }
    .into_any()
}

fn label(name: &str) -> Option<String> {
    let label = match name {
        "name" => "Name",
        "id" => "Key",
        "kind" => "Kind",
        "mail" => "E-mail address",
        "function" => "What they do",
        other => return fact_label(ObjectKind::Person, other),
    };
    Some(label.to_owned())
}
