//! Evidence: files come in as streams and go out as attachments, what they prove is a form.

mod given;
mod taken;

use std::collections::BTreeSet;
use std::sync::Arc;

use app::ui::link::with_query;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::backend::Backend;
use domain::backend::Estate;
use domain::backend::library::LibraryBook;
use domain::evidence::EvidenceKey;
use domain::evidence::draft::{About, Around, ITEM_FIELDS, REASON_MAX, VERSION_FIELDS, about_from_form};
use domain::evidence::item::ItemChange;
use domain::id::WorkspaceId;
use domain::model::draft::Form;
use domain::problem::{FieldCode, Problem};
use domain::review::ReviewKey;
use domain::role::Capability;

use super::Site;
use super::act::Act;
use super::form::Posted;
use super::model::{in_workspace, seen};
use super::page::Setting;
use super::session::Caller;
use taken::{Sent, place, receive};

pub use given::{file, picture};

/// How many files come in at once.
pub const UPLOADS: usize = 8;

/// What a form is read against.
pub(super) struct Known {
    pub(super) estate: Arc<Estate>,
    pub(super) book: LibraryBook,
    reviews: BTreeSet<ReviewKey>,
}

impl Known {
    /// For somebody who may change what the workspace holds. The gate asks again.
    pub(super) async fn of(backend: &dyn Backend, workspace: &WorkspaceId) -> Result<Self, Problem> {
        let estate = backend.estate(workspace).await?;
        if !estate.workspace.allows(Capability::EditModel) {
            return Err(Problem::Forbidden);
        }
        let book = backend.library(workspace).await?;
        let reviews = backend.reviews(workspace).await?.reviews.iter().map(|it| it.key).collect();
        Ok(Self { estate, book, reviews })
    }

    /// Reads a form.
    pub(super) fn read<T>(&self, read: impl FnOnce(Around<'_>) -> T) -> T {
        read(Around {
            model: &self.estate.model,
            is_requirement: &|key| self.book.lists(key),
            is_review: &|key| self.reviews.contains(&key),
            today: self.book.today,
            now: self.book.now,
        })
    }
}

/// Adds an item with its first file or address.
pub async fn add(State(site): State<Site>, Path(workspace): Path<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let (caller, setting) = (Caller::of(&parts), Setting::of(&parts));
    let (workspace, paths) = in_workspace(&workspace);
    let page = setting.at(&paths.page("evidence/items/new"));
    // Before the file is read: who may not add anything need not send it.
    let known = match Known::of(&*caller.backend, &workspace).await {
        Ok(known) => known,
        Err(problem) => return page.render_again(Posted(Vec::new()), problem).await,
    };
    let sent = match receive(&site, Request::from_parts(parts, body)).await {
        Ok(sent) => sent,
        Err(refusal) => return refusal.into_response(),
    };
    if sent.asks_again() {
        return page.render_draft(Posted(sent.form)).await;
    }
    let version = sent.version(&known);
    let Sent { form, file, .. } = sent;
    let attempt = async {
        only(&form, &["requirement", "link"], &[&ITEM_FIELDS, &VERSION_FIELDS])?;
        let about = known.read(|around| about_from_form(&form, &About::default(), around));
        let (about, version) = match (about, version) {
            (Ok(about), Ok(version)) => (about, version),
            (about, version) => {
                let errors = [about.err(), version.err()].into_iter().flatten().flatten().collect();
                return Err(Problem::Invalid(errors));
            }
        };
        place(file).await?;
        caller.backend.add_item(&workspace, about, version).await
    };
    match attempt.await {
        Ok(key) => saved(&paths.evidence("items", &key.to_string()), "item-added"),
        Err(problem) => page.render_again(Posted(form), problem).await,
    }
}

/// Adds a version to an item. The earlier ones stay.
pub async fn add_version(
    State(site): State<Site>,
    Path((workspace, key)): Path<(String, String)>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let (caller, setting) = (Caller::of(&parts), Setting::of(&parts));
    let (workspace, paths) = in_workspace(&workspace);
    let own = paths.evidence("items", &key);
    let page = setting.at(&own);
    let ready = async {
        let known = Known::of(&*caller.backend, &workspace).await?;
        let key: EvidenceKey = key.parse().map_err(|_| Problem::NotFound)?;
        if known.book.items.contains_key(&key) { Ok((known, key)) } else { Err(Problem::NotFound) }
    };
    let (known, key) = match ready.await {
        Ok(ready) => ready,
        Err(problem) => return page.render_again(Posted(Vec::new()), problem).await,
    };
    let sent = match receive(&site, Request::from_parts(parts, body)).await {
        Ok(sent) => sent,
        Err(refusal) => return refusal.into_response(),
    };
    let version = sent.version(&known);
    let Sent { form, file, .. } = sent;
    let attempt = async {
        only(&form, &[], &[&VERSION_FIELDS])?;
        let version = version.map_err(Problem::Invalid)?;
        let revision = seen(&form)?.0;
        place(file).await?;
        caller.backend.change_item(&workspace, key, ItemChange::Add(version), revision).await
    };
    match attempt.await {
        Ok(_) => saved(&own, "version-added"),
        Err(problem) => page.render_again(Posted(form), problem).await,
    }
}

/// Saves what an item is about.
pub async fn edit(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let own = paths.evidence("items", &key);
    let page = format!("{own}/edit");
    if act.posted.value("action") == "find" {
        return act.look_again(&page).await;
    }
    let attempt = async {
        let backend = &*act.caller.backend;
        let known = Known::of(backend, &workspace).await?;
        let key: EvidenceKey = key.parse().map_err(|_| Problem::NotFound)?;
        let item = &known.book.items.get(&key).ok_or(Problem::NotFound)?.value;
        let form = &act.posted.0;
        only(form, &["requirement", "link"], &[&ITEM_FIELDS])?;
        let about = known.read(|around| about_from_form(form, &About::of(item), around)).map_err(Problem::Invalid)?;
        backend.change_item(&workspace, key, ItemChange::About(about), seen(form)?.0).await
    };
    match attempt.await {
        Ok(changed) => saved(&own, if changed { "item-saved" } else { "unchanged" }),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Puts a legal hold on an item, lifts it, or withdraws the item.
pub async fn step(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let own = paths.evidence("items", &key);
    let attempt = async {
        let backend = &*act.caller.backend;
        if !backend.estate(&workspace).await?.workspace.allows(Capability::EditModel) {
            return Err(Problem::Forbidden);
        }
        let key: EvidenceKey = key.parse().map_err(|_| Problem::NotFound)?;
        let form = &act.posted.0;
        only(form, &[], &[&["step", "reason"]])?;
        let reason = act.posted.value("reason").to_owned();
        if reason.chars().count() > REASON_MAX {
            return Err(Problem::field("reason", FieldCode::TooLong(1_000)));
        }
        let (change, code) = match act.posted.value("step") {
            "hold" => (ItemChange::Hold(reason), "item-held"),
            "lift" => (ItemChange::Lift, "item-lifted"),
            "withdraw" => (ItemChange::Withdraw(reason), "item-withdrawn"),
            _ => return Err(Problem::field("step", FieldCode::NotInList)),
        };
        backend.change_item(&workspace, key, change, seen(form)?.0).await.map(|_| code)
    };
    match attempt.await {
        Ok(code) => saved(&own, code),
        Err(problem) => act.again(&own, problem).await,
    }
}

/// Refuses what a form does not have, and anything twice that does not repeat.
pub(super) fn only(form: &Form, repeated: &[&str], known: &[&[&str]]) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    let fits = |name: &str| matches!(name, "rev" | "action") || known.iter().any(|it| it.contains(&name));
    if form.iter().all(|(name, _)| fits(name) && (repeated.contains(&name.as_str()) || seen.insert(name.as_str()))) {
        Ok(())
    } else {
        Err(Problem::field("form", FieldCode::UnknownField))
    }
}

pub(super) fn saved(page: &str, code: &str) -> Response {
    Redirect::to(&with_query(page, &[("done", code)])).into_response()
}
