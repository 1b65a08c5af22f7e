//! Evidence: what shows that things are as they are said to be.

pub(super) mod edit;
pub(super) mod item;
pub(super) mod items;
mod overview;
pub(super) mod policies;
pub(super) mod request;
pub(super) mod requests;
pub(super) mod samples;
pub(super) mod training;

use domain::backend::library::LibraryBook;
use domain::evidence::item::{Freshness, State};
use domain::library::RequirementKey;
use domain::library::reference::{Framework, Standard};
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::request::{Place, Request};
use crate::ui::field::Input;
use crate::ui::form::{FormState, id_of};

pub(super) use overview::overview;

/// The pages about evidence, each with its address below the workspace and its label.
const PAGES: [(&str, &str); 10] = [
    ("evidence", "Overview"),
    ("evidence/packs", "Packs"),
    ("evidence/items", "Items"),
    ("evidence/requests", "Requests"),
    ("evidence/samples", "Samples"),
    ("requirements", "Requirements"),
    ("evidence/controls", "Controls"),
    ("evidence/policies", "Policies"),
    ("evidence/training", "Training"),
    ("reports", "Reports"),
];

/// A field for a day.
const DAY: Input = Input { kind: "date", most: 0, complete: "off", class: "short" };

/// The pages about evidence beside each other; `now` is the address of the one that is shown.
pub(super) fn tabs(place: &Place, now: &str) -> AnyView {
    let tab = |(page, label): &(&str, &'static str)| {
        let current = (*page == now).then_some("page");
        view! { <a href=place.paths.page(page) aria-current=current>{*label}</a> }
    };
    // Packs are for whoever may take them away, and who audits sees what was signed.
    let shown = |(page, _): &&(&str, &str)| match *page {
        "evidence/packs" => place.may(Capability::ExportModel),
        "evidence/policies" | "evidence/training" => place.works(),
        _ => true,
    };
    view! { <nav class="tabs" aria-label="Evidence">{PAGES.iter().filter(shown).map(tab).collect::<Vec<_>>()}</nav> }
        .into_any()
}

/// The page of somebody who may change what it shows.
async fn editable(request: &Request) -> Result<(Place, LibraryBook), Problem> {
    let place = request.place().await?;
    if !place.may(Capability::EditModel) {
        return Err(Problem::Forbidden);
    }
    let book = request.backend()?.library(&place.estate.workspace.id).await?;
    Ok((place, book))
}

/// How fresh an item is, as a badge, and until when.
fn freshness(it: Freshness) -> AnyView {
    let tone = match it.state {
        State::Fresh => "ok",
        State::Soon | State::Old => "warn",
        State::Expired => "error",
        State::Withdrawn => "info",
    };
    let until =
        (it.state != State::Withdrawn).then(|| view! { " "<span class="meta">{format!("until {}", it.until)}</span> });
    view! { <span><span class="badge" data-tone=tone>{it.state.label()}</span>{until}</span> }.into_any()
}

/// A requirement, linked where it has a page.
fn requirement(place: &Place, key: &RequirementKey) -> AnyView {
    match key.framework() {
        Framework::Standard(Standard::Pci) => {
            view! { <a href=place.paths.requirement(key.id())>{key.words()}</a> }.into_any()
        }
        _ => key.words().into_any(),
    }
}

/// Requirements, divided by commas.
fn requirements<'k>(place: &Place, keys: impl IntoIterator<Item = &'k RequirementKey>) -> AnyView {
    let each = keys.into_iter().enumerate().map(|(number, key)| {
        let divider = if number > 0 { ", " } else { "" };
        view! { {divider}{requirement(place, key)} }
    });
    each.collect::<Vec<_>>().into_any()
}

/// A number of bytes in words.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} bytes"),
        1_024..1_048_576 => format!("{} KiB", bytes.div_ceil(1_024)),
        _ => format!("{}.{} MiB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

/// The field in which a file is chosen.
fn file_field(form: &FormState, again: bool) -> AnyView {
    let error = form.error("file").map(|code| {
        view! { <p class="error" id="f-file-error"><span class="visually-hidden">"Error: "</span>{code.advice()}</p> }
    });
    let described = if error.is_some() { "f-file-error f-file-hint" } else { "f-file-hint" };
    let invalid = error.is_some().then_some("true");
    let again = again.then_some(" Choose it again: nothing of it was kept.");
    view! {
        <div class="field">
            <label for=id_of("file")>"File"<span class="optional">" (optional)"</span></label>
            <p class="hint" id="f-file-hint">
                "PDF, picture (PNG, JPEG, GIF, WebP), text, CSV, JSON, Word or Excel. It is kept with its hash, and only ever \
                 downloaded."
                {again}
            </p>
            {error}
            <input class="input" id=id_of("file") type="file" name="file" aria-describedby=described aria-invalid=invalid
                accept=".pdf,.png,.jpg,.jpeg,.gif,.webp,.txt,.log,.md,.csv,.json,.docx,.xlsx"/>
        </div>
    }
    .into_any()
}

/// The items as options of a field.
fn item_options(book: &LibraryBook) -> Vec<(String, String)> {
    let shown = book.items.values().filter(|it| it.value.withdrawn.is_none());
    shown.map(|it| (it.value.key.to_string(), format!("{} {}", it.value.key, it.value.title))).collect()
}

/// The words of a field, for the summary of errors.
fn label(name: &str) -> Option<String> {
    let label = match name {
        "title" => "Title",
        "note" => "Note",
        "requirement" => "Requirements",
        "link" | "find" => "What it is about",
        "review" => "Review",
        "file" => "File",
        "address" => "Address",
        "collected" => "Collected on",
        "covers_from" => "Covers from",
        "covers_until" => "Covers until",
        "expires" => "Expires on",
        "collector" => "Collected by",
        "reason" => "Reason",
        "version" => "Version",
        "owner" => "Owner",
        "document" => "Document",
        "next_review" => "Next review",
        "kind" => "What is taught",
        "content" => "What it was about",
        "held" => "Held on",
        "until" => "Holds until",
        "person" => "Who was there",
        "evidence" => "What shows it",
        _ => return None,
    };
    Some(label.to_owned())
}
