//! The form of a system, new or existing.

use std::sync::Arc;

use domain::id::SystemId;
use domain::model::draft::{NAME_MAX, options, system_to_form};
use domain::model::object::ObjectKind;
use domain::model::system::System;
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::{
    Editor, HOLDINGS, beginning, conflict, empty_rows, fact_label, folded, one_of, owned, save_or_propose,
};
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::rows::Rows;
use crate::ui::field::{Input, field, hidden};
use crate::ui::form::FormState;
use crate::ui::header::Header;

/// A new system: three fields and a button; the rest is folded.
pub(in super::super) async fn new(request: Request) -> Result<Screen, Problem> {
    let place = editable(&request).await?;
    let form = request.form(|| {
        let copied = request.query("copy").and_then(|key| place.estate.model.systems.get(key.as_str()).cloned());
        if let Some(system) = copied {
            return copy(&system);
        }
        let segment = request.query("segment").unwrap_or_default();
        let fresh = System::new(SystemId::new(""), "");
        let mut values = system_to_form(&fresh);
        values.retain(|(name, _)| name != "segment");
        values.push(("segment".to_owned(), segment));
        values
    });
    let head = Header::new("Add a system").below(place.paths.page("systems"), "Systems").view();
    let action = place.paths.page("systems/new");
    let body = view! {
        {head}
        {request.general_problem()}
        {form.summary(|name| label(&form, &place, name))}
        <form class="form" method="post" action=action>
            {beginning(&place)}
            {first(&form, &place)}
            {folded_parts(&request, &form, &place, None)}
            {save_or_propose(&request, "Add the system", place.paths.page("systems"))}
        </form>
    };
    Ok(Screen::inside(&place, Section::Inventory, "Add a system", body).with_islands())
}

/// Everything that another system is, under a name of its own. Where it stands on the map is its own affair.
fn copy(system: &System) -> Vec<(String, String)> {
    let mut values = system_to_form(system);
    values.retain(|(name, _)| name != "fact.position");
    for (_, value) in values.iter_mut().filter(|(name, _)| name == "name") {
        value.push_str(" (copy)");
    }
    values
}

/// An existing system.
pub(in super::super) async fn edit(request: Request) -> Result<Screen, Problem> {
    let place = editable(&request).await?;
    let system = existing(&place, &request)?;
    let stored = system_to_form(&system);
    let form = request.form(|| stored.clone());
    let own = place.paths.system(&system.id);
    let head = Header::new(format!("Edit {}", system.name))
        .below(place.paths.page("systems"), "Systems")
        .below(own.clone(), system.name.clone())
        .view();
    let body = view! {
        {head}
        {conflict(&request, &stored)}
        {request.general_problem()}
        {form.summary(|name| label(&form, &place, name))}
        {fields(&request, &place, &system, &form, own)}
    };
    Ok(Screen::inside(&place, Section::Inventory, format!("Edit {}", system.name), body).with_islands())
}

/// The same form beside the map. Saving and cancelling lead back there.
pub(in super::super) fn beside_the_map(request: &Request, place: &Place, system: &System, back: String) -> AnyView {
    let mut values = system_to_form(system);
    values.push((BACK.to_owned(), back.clone()));
    fields(request, place, system, &FormState::new(values), back)
}

/// The field with the view of the map to which saving leads back.
pub const BACK: &str = "back";

fn fields(request: &Request, place: &Place, system: &System, form: &FormState, cancelled: String) -> AnyView {
    let back = form.value(BACK);
    let back = (!back.is_empty()).then(|| hidden(BACK, back.to_owned()));
    view! {
        <form class="form" method="post" action=format!("{}/edit", place.paths.system(&system.id))>
            {beginning(place)}
            {back}
            {first(form, place)}
            {folded_parts(request, form, place, Some(system))}
            {save_or_propose(request, "Save", cancelled)}
        </form>
    }
    .into_any()
}

async fn editable(request: &Request) -> Result<Place, Problem> {
    let place = request.place().await?;
    if place.may(Capability::EditModel) { Ok(place) } else { Err(Problem::Forbidden) }
}

fn existing(place: &Place, request: &Request) -> Result<Arc<System>, Problem> {
    place.estate.model.systems.get(request.path("key").as_str()).cloned().ok_or(Problem::NotFound)
}

/// The three fields that are always there.
fn first(form: &FormState, place: &Place) -> AnyView {
    let model = &place.estate.model;
    let name = Input { most: u32::try_from(NAME_MAX).unwrap_or(u32::MAX), ..Input::default() };
    let people = options::people(model);
    let nobody = if people.is_empty() {
        "Nobody is in this workspace yet. Add people and teams under People."
    } else {
        "Who answers for it."
    };
    view! {
        {field(form, "name", "Name").hint("As people call it.").required().focused().input(name)}
        {field(form, "segment", "Segment")
            .hint("The network segment in which it stands.")
            .select(Some("None"), &options::segments(model))}
        {field(form, "owner", "Owner").hint(nobody).select(Some("Nobody yet"), &people)}
    }
    .into_any()
}

fn folded_parts(request: &Request, form: &FormState, place: &Place, existing: Option<&System>) -> AnyView {
    let model = &place.estate.model;
    let editor = Editor { form, model };
    let known = existing.is_some();
    let what = view! {
        <div class="field-row">
            {editor.choice("kind", "Kind", &options::system_kinds())}
            {editor.choice("function", "Function", &options::functions())}
            {editor.choice("boundary", "Whose it is", &options::boundaries())}
            {field(form, "vendor", "Vendor").select(Some("None"), &options::vendors(model))}
            {editor.choice("environment", "Environment", &options::environments())}
            {editor.choice("lifecycle", "Stage of life", &options::lifecycles())}
            {editor.choice("payment_page", "Payment page", &options::payment_pages())}
            {editor.optional_choice("exposure", "Reachable from", "As whose it is says", &options::exposures())}
            {field(form, "operated_by", "Operated by")
                .hint("The vendor that runs a system of ours.")
                .select(Some("Ourselves"), &options::vendors(model))}
        </div>
        {(!known).then(|| {
            let hint = "Part of its address, fixed for good. Made from the name where empty.";
            field(form, "id", "Key").hint(hint).input(Input { most: 120, class: "mono", ..Input::default() })
        })}
    };
    let holds = view! {
        <p class="hint">
            "What it stores, processes or transmits by declaration. A row without an element is left out."
        </p>
        {editor.rows(&HOLDINGS, empty_rows(request, 1), &[])}
    };
    let does = relations(request, &editor, known);
    let common = view! { <div class="field-row">{editor.facts(ObjectKind::System, true, &["owner"])}</div> };
    let rest = view! { <div class="field-row">{editor.facts(ObjectKind::System, false, &["position"])}</div> };
    let wrong = |names: &[&str]| names.iter().any(|name| form.has_errors_in(name));
    let asked_for_a_row = request.submitted.as_ref().is_some_and(|it| it.problem.is_none());
    let wrong_what = wrong(&[
        "kind",
        "function",
        "boundary",
        "vendor",
        "environment",
        "lifecycle",
        "payment_page",
        "exposure",
        "operated_by",
        "id",
    ]);
    let wrong_facts = wrong(&["fact."]);
    view! {
        {folded("What it is", known || wrong_what, what)}
        {folded("What it holds", form.any("holding.") || asked_for_a_row || wrong(&["holding."]), holds)}
        {folded("What it manages, copies and is protected by", wrong(&RELATIONS), does)}
        {folded("Notes and purpose", wrong_facts, common)}
        {folded("Everything else", wrong_facts, rest)}
    }
    .into_any()
}

/// The names of the fields of [`relations`].
const RELATIONS: [&str; 8] =
    ["manages", "copies", "capabilities", "controls", "relay", "sealed_scd", "disposed", "detect_minutes"];

const MANAGES: Rows = Rows {
    group: "manages",
    marker: "manages",
    legend: "What it manages",
    hint: "Who controls the manager controls the managed. A row without a target is left out.",
    word: "relation",
};

const COPIES: Rows = Rows {
    group: "copies",
    marker: "copies",
    legend: "What it copies",
    hint: "Backups, replicas and extracts hold what their source stores. A row without a source is left out.",
    word: "copy",
};

const CAPABILITIES: Rows = Rows {
    group: "capabilities",
    marker: "capabilities",
    legend: "What it can do with tokens",
    hint: "A row without a right is left out.",
    word: "right",
};

/// What a system does to others, and what protects it.
fn relations(request: &Request, editor: &Editor<'_>, known: bool) -> AnyView {
    let (form, model) = (editor.form, editor.model);
    let (targets, systems, keys) = (options::manageable(model), options::systems(model), options::keys(model));
    let domains: Vec<(String, String)> = options::domains(model).into_iter().map(|it| (it, String::new())).collect();
    let yes_or_no = owned(&[("no", "No"), ("yes", "Yes")]);
    let empty = u32::from(!known);
    view! {
        {MANAGES.view(request, editor, empty, |editor, prefix| view! {
            <div class="field-row">
                {one_of(field(editor.form, format!("{prefix}target"), "Manages"), "Nothing", &targets)}
                {field(editor.form, format!("{prefix}how"), "How").select(None, &owned(&options::hows()))}
            </div>
        }.into_any())}
        {COPIES.view(request, editor, empty, |editor, prefix| view! {
            <div class="field-row">
                {one_of(field(editor.form, format!("{prefix}from"), "Copies"), "Nothing", &systems)}
                {field(editor.form, format!("{prefix}encrypt_key"), "Encrypted with").select(Some("No key"), &keys)}
            </div>
        }.into_any())}
        {CAPABILITIES.view(request, editor, empty, |editor, prefix| view! {
            <div class="field-row">
                {field(editor.form, format!("{prefix}type"), "Right")
                    .select(Some("None"), &owned(&options::capability_types()))}
                {field(editor.form, format!("{prefix}domain"), "Token domain").with_proposals(&domains)}
            </div>
        }.into_any())}
        <div class="field-row">
            {field(form, "controls", "Protected by")
                .hint("Keys of controls, or their types such as change_approval, divided by semicolons.")
                .text()}
            {field(form, "relay", "Passes people and programs through")
                .hint("Who reaches it then reaches what it reaches.")
                .select(Some("As its kind says"), &yes_or_no)}
            {field(form, "sealed_scd", "Clear data never leaves its secure device").select(None, &yes_or_no)}
            {field(form, "disposed", "Retired, and its data is gone").select(None, &yes_or_no)}
            {field(form, "detect_minutes", "Hostile use is noticed within")
                .hint("In minutes.")
                .input(Input { class: "short number", most: 15, ..Input::default() })}
        </div>
    }
    .into_any()
}

fn label(form: &FormState, place: &Place, name: &str) -> Option<String> {
    let label = match name {
        "name" => "Name",
        "id" => "Key",
        "kind" => "Kind",
        "function" => "Function",
        "boundary" => "Whose it is",
        "environment" => "Environment",
        "segment" => "Segment",
        "lifecycle" => "Stage of life",
        "vendor" => "Vendor",
        "payment_page" => "Payment page",
        "exposure" => "Reachable from",
        "owner" => "Owner",
        "operated_by" => "Operated by",
        "controls" => "Protected by",
        "relay" => "Passes people and programs through",
        "sealed_scd" => "Clear data never leaves its secure device",
        "disposed" => "Retired, and its data is gone",
        "detect_minutes" => "Hostile use is noticed within",
        other => {
            let editor = Editor { form, model: &place.estate.model };
            return editor.label_in_row(other).or_else(|| fact_label(ObjectKind::System, other));
        }
    };
    Some(label.to_owned())
}
