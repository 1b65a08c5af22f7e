//! Reviews: a posted form opens one, does something in it, or signs it.

use std::collections::BTreeSet;

use axum::extract::{Path, Query};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::backend::Backend;
use domain::backend::reviews::Signing;
use domain::id::WorkspaceId;
use domain::model::draft::Form;
use domain::problem::{FieldCode, Problem};
use domain::proposal::{ProposalKey, TITLE_MAX, Wish};
use domain::review::ReviewKey;
use domain::review::draft::{OPENING_FIELDS, SIGNER_FIELDS, STEP_FIELDS, opening_from_form, step_from_form};
use domain::review::seal::{Content, SealKey};
use domain::review::session::{Command, LeadsTo};
use domain::role::Capability;
use domain::schedule::late::LateCause;
use http::request::Parts;

use app::ui::link::with_query;

use super::act::Act;
use super::download::{File, safe};
use super::model::in_workspace;
use super::refusal::Refusal;
use super::session::Caller;

/// Opens a review.
pub async fn open(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.page("reviews/new");
    if act.posted.value("action") == "more" {
        return act.look_again(&page).await;
    }
    let attempt = async {
        let backend = may_review(&act, &workspace).await?;
        once(&act.posted.0, &["owner"], |name| OPENING_FIELDS.contains(&name) || is_signer(name))?;
        let (estate, book) = (backend.estate(&workspace).await?, backend.reviews(&workspace).await?);
        let who =
            |key: &str| estate.model.people.contains_key(key) || book.me.as_ref().is_some_and(|it| it.as_str() == key);
        let opening = opening_from_form(&act.posted.0, &estate.model, &who).map_err(Problem::Invalid)?;
        backend.open_review(&workspace, opening).await
    };
    match attempt.await {
        Ok(key) => saved(&paths.review(key), "review-opened"),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Does something in a review: attests, confirms, asks, answers, decides again, refuses to sign.
pub async fn step(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let own = paths.review_at(&key);
    // In a meeting the next item comes up.
    let page = match act.posted.value("at_item").parse::<usize>() {
        Ok(item) => with_query(&own, &[("item", &item.to_string())]),
        Err(_) => own.clone(),
    };
    let attempt = async {
        let backend = may_review(&act, &workspace).await?;
        let key = key_of(&key)?;
        once(&act.posted.0, &["seen", "item"], |name| STEP_FIELDS.contains(&name))?;
        let review = backend.review(&workspace, key).await?;
        let estate = backend.estate(&workspace).await?;
        let command = step_from_form(&act.posted.0, (&review.session, &review.difference), &estate.model)?;
        let (command, begun) = proposed(backend, &workspace, key, command).await?;
        let done = backend.step_review(&workspace, key, command).await;
        // Where the step is refused, no proposal is left behind.
        if let (Err(_), Some(proposal)) = (&done, begun) {
            backend.step_proposal(&workspace, proposal, domain::proposal::Step::Withdraw).await?;
        }
        done
    };
    match attempt.await {
        Ok(()) => saved(&page, "review-saved"),
        Err(problem) => {
            let on_sign = matches!(act.posted.value("step"), "refuse" | "supersede");
            let page = if on_sign { format!("{own}/sign") } else { page };
            act.again(&page, problem).await
        }
    }
}

/// Begins the proposal in which a change that is needed is followed, where none was named; the one that it began.
async fn proposed(
    backend: &dyn Backend,
    workspace: &WorkspaceId,
    key: ReviewKey,
    command: Command,
) -> Result<(Command, Option<ProposalKey>), Problem> {
    let Command::NeedsChange { item, seen, words, leads_to: LeadsTo::Proposal(named) } = command else {
        return Ok((command, None));
    };
    let mut begun = None;
    let named = if named.is_empty() {
        let title: String = words.lines().next().unwrap_or_default().chars().take(TITLE_MAX).collect();
        let wish = Wish { title, reason: format!("{key}: {words}") };
        begun.insert(backend.begin_proposal(workspace, wish).await?).to_string()
    } else {
        // Somebody may see it who names it.
        let proposal = named.parse().map_err(|_| Problem::field("proposal", FieldCode::NoSuchObject))?;
        backend.proposal(workspace, proposal).await.map_err(|problem| match problem {
            Problem::NotFound => Problem::field("proposal", FieldCode::NoSuchObject),
            other => other,
        })?;
        named
    };
    Ok((Command::NeedsChange { item, seen, words, leads_to: LeadsTo::Proposal(named) }, begun))
}

/// Signs a review. Whoever signs proves shortly before who they are, with every factor that they have.
pub async fn sign(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let own = paths.review_at(&key);
    let attempt = async {
        let backend = may_review(&act, &workspace).await?;
        let key = key_of(&key)?;
        act.posted.only(&["shown", "comment", "cause", "told", "caught_up", "action"])?;
        let value = |name: &str| act.posted.value(name).trim().replace("\r\n", "\n");
        let late = LateCause { cause: value("cause"), told: value("told"), caught_up: value("caught_up") };
        let said = [&late.cause, &late.told, &late.caught_up].into_iter().any(|it| !it.is_empty());
        let signing = Signing { shown: value("shown"), comment: value("comment"), late: said.then_some(late) };
        backend.sign_review(&workspace, key, signing).await
    };
    match attempt.await {
        Ok(Some(seal)) => saved(&paths.seal(seal), "review-sealed"),
        Ok(None) => saved(&own, "review-signed"),
        Err(problem) => act.again(&format!("{own}/sign"), problem).await,
    }
}

/// The bytes of a seal, or those of something that it fixes.
pub async fn seal_file(
    Path((workspace, key)): Path<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
    parts: Parts,
) -> Result<File, Refusal> {
    let seal: SealKey = key.parse().map_err(|_| Problem::NotFound)?;
    let part = query.iter().find(|(name, value)| name == "part" && !value.is_empty());
    let content: Option<Content> = part.map(|(_, value)| value.parse()).transpose().map_err(|_| Problem::NotFound)?;
    let backend = Caller::of(&parts).backend;
    let bytes = backend.sealed_bytes(&WorkspaceId::new(workspace.as_str()), seal, content).await?;
    let what = content.map_or("seal", Content::as_str);
    Ok(File::json(format!("{}-{seal}-{what}.json", safe(&workspace)), bytes))
}

/// The backend, for somebody who takes part in reviews. The gate asks again.
async fn may_review<'a>(act: &'a Act, workspace: &WorkspaceId) -> Result<&'a dyn Backend, Problem> {
    let backend = act.caller.backend.as_ref();
    if !backend.estate(workspace).await?.workspace.allows(Capability::Review) {
        return Err(Problem::Forbidden);
    }
    Ok(backend)
}

/// Refuses what a form does not have, and anything twice that does not repeat.
fn once(form: &Form, repeated: &[&str], known: impl Fn(&str) -> bool) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    let mut fits = |name: &str| repeated.contains(&name) || (known(name) && seen.insert(name.to_owned()));
    let mut names = form.iter().map(|(name, _)| name.as_str());
    if names.all(&mut fits) { Ok(()) } else { Err(Problem::field("form", FieldCode::UnknownField)) }
}

/// Whether a name is that of a field in the row of somebody who signs.
fn is_signer(name: &str) -> bool {
    let row = name.strip_prefix("signer.").and_then(|rest| rest.split_once('.'));
    row.is_some_and(|(number, field)| number.parse::<u32>().is_ok() && SIGNER_FIELDS.contains(&field))
}

fn key_of(text: &str) -> Result<ReviewKey, Problem> {
    text.parse().map_err(|_| Problem::NotFound)
}

fn saved(page: &str, code: &str) -> Response {
    Redirect::to(&with_query(page, &[("done", code)])).into_response()
}
