//! The form of an item: what it proves, and with a new one the file or the address.

use domain::backend::library::LibraryBook;
use domain::evidence::EvidenceKey;
use domain::evidence::draft::{About, NOTE_MAX, about_to_form};
use domain::evidence::file::LINK_MAX;
use domain::model::draft::{NAME_MAX, options};
use domain::problem::Problem;
use leptos::prelude::*;

use super::super::editor::{buttons, conflict, one_of};
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::risks::edit::links;
use super::{DAY, editable, file_field, label};
use crate::ui::field::{Input, field, hidden};
use crate::ui::form::FormState;
use crate::ui::header::Header;

/// A new item; the address says what it is about, where somebody came from a question.
pub(in super::super) async fn new(request: Request) -> Result<Screen, Problem> {
    let (place, book) = editable(&request).await?;
    let mut stored: Vec<(String, String)> = Vec::new();
    for name in ["requirement", "link", "title", "review"] {
        stored.extend(request.query(name).map(|value| (name.to_owned(), value)));
    }
    stored.push(("collected".to_owned(), book.today.to_string()));
    let form = request.form(|| stored);
    let title = "Add evidence";
    let body = view! {
        {Header::new(title)
            .below(place.paths.page("evidence"), "Evidence")
            .below(place.paths.page("evidence/items"), "Items")
            .view()}
        {request.general_problem()}
        {form.summary(label)}
        <form class="form" method="post" action=place.paths.page("evidence/items") enctype="multipart/form-data">
            <button class="visually-hidden" name="action" value="save" tabindex="-1" aria-hidden="true">"Save"</button>
            {about(&request, &place, &form).await}
            {version(&place, &form, request.submitted.is_some())}
            {buttons("Save", place.paths.page("evidence/items"))}
        </form>
    };
    Ok(Screen::inside(&place, Section::Evidence, title, body))
}

/// What an item is about.
pub(in super::super) async fn edit(request: Request) -> Result<Screen, Problem> {
    let (place, book) = editable(&request).await?;
    let (key, revision, stored) = stored(&request, &book)?;
    let form = request.form(|| stored.clone());
    let own = place.paths.evidence("items", &key.to_string());
    let title = format!("Edit {key}");
    let body = view! {
        {Header::new(title.clone())
            .below(place.paths.page("evidence"), "Evidence")
            .below(place.paths.page("evidence/items"), "Items")
            .below(own.clone(), key.to_string())
            .view()}
        {conflict(&request, &stored)}
        {request.general_problem()}
        {form.summary(label)}
        <form class="form" method="post" action=format!("{own}/edit")>
            {hidden("rev", revision.to_string())}
            <button class="visually-hidden" name="action" value="save" tabindex="-1" aria-hidden="true">"Save"</button>
            {about(&request, &place, &form).await}
            {buttons("Save", own.clone())}
        </form>
    };
    Ok(Screen::inside(&place, Section::Evidence, title, body))
}

type Stored = (EvidenceKey, i64, Vec<(String, String)>);

fn stored(request: &Request, book: &LibraryBook) -> Result<Stored, Problem> {
    let key: EvidenceKey = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let kept = book.items.get(&key).ok_or(Problem::NotFound)?;
    Ok((key, kept.revision, about_to_form(&About::of(&kept.value))))
}

/// The fields that say what an item is about.
async fn about(request: &Request, place: &Place, form: &FormState) -> AnyView {
    let reviews = match request.backend() {
        Ok(backend) => backend.reviews(&place.estate.workspace.id).await.ok(),
        Err(_) => None,
    };
    let named = |it: &domain::review::Session| (it.key.to_string(), format!("{} {}", it.key, it.opening().name));
    let reviews: Vec<(String, String)> = reviews.iter().flat_map(|book| book.reviews.iter().map(named)).collect();
    let proves = form.values("requirement").filter(|it| !it.is_empty()).collect::<Vec<_>>().join("; ");
    let line = Input { most: limit(NAME_MAX), ..Input::default() };
    view! {
        {field(form, "title", "Title").hint("Such as: external scan of the third quarter.").input(line)}
        {field(form, "requirement", "Requirements that it proves")
            .hint("Their ids, divided by semicolons: 11.3.2 of PCI DSS, asvs:6.2.1, or one of your own frameworks.")
            .optional()
            .showing(proves)
            .text()}
        {links(form, place, "What it is about")}
        {one_of(field(form, "review", "Review that it belongs to").optional(), "None", &reviews)}
        {field(form, "note", "What an assessor should know").optional().area_of(limit(NOTE_MAX))}
    }
    .into_any()
}

/// The fields of a version: the file or the address, and the days.
pub(super) fn version(place: &Place, form: &FormState, again: bool) -> AnyView {
    let people = options::people(&place.estate.model);
    view! {
        <fieldset class="form-part">
            <legend>"The file, or an address"</legend>
            {file_field(form, again)}
            {field(form, "address", "Address")
                .hint("Where it lies, in place of a file. Nothing is fetched from it, so it proves less.")
                .optional()
                .input(Input { kind: "url", most: limit(LINK_MAX), ..Input::default() })}
            <div class="field-row">
                {field(form, "collected", "Collected on").input(DAY)}
                {field(form, "covers_from", "Covers from").optional().input(DAY)}
                {field(form, "covers_until", "Covers until").optional().input(DAY)}
                {field(form, "expires", "Expires on").hint("Without one, a year after it was collected.").optional().input(DAY)}
            </div>
            {one_of(field(form, "collector", "Collected by").optional(), "Nobody named", &people)}
        </fieldset>
    }
    .into_any()
}

fn limit(characters: usize) -> u32 {
    u32::try_from(characters).unwrap_or(u32::MAX)
}
