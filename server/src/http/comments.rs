//! Comments about objects: writing, changing and deleting them, and all of them as a file.

use app::ui::link::{Paths, with_query};
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::backend::Estate;
use domain::backend::comments::{About, Comment, Topic};
use domain::id::{CommentId, WorkspaceId};
use domain::inventory::{Kind, find, object_of, title};
use domain::problem::Problem;
use domain::role::Capability;
use http::request::Parts;

use super::act::Act;
use super::download::{File, safe};
use super::model::in_workspace;
use super::refusal::Refusal;
use super::session::Caller;

/// Writes a comment about the object that the form names.
pub async fn add(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let subject = async {
        act.posted.only(&["kind", "key", "text"])?;
        let estate = act.caller.backend.estate(&workspace).await?;
        named(&estate, act.posted.value("kind"), act.posted.value("key"))
    };
    let about = match subject.await {
        Ok(about) => about,
        Err(problem) => return act.again(&paths.home(), problem).await,
    };
    let page = page_of(&paths, &about);
    match act.caller.backend.add_comment(&workspace, &about, act.posted.value("text")).await {
        Ok(_) => see(&page, "comment-added"),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Says something else in a comment of one's own.
pub async fn edit(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = match own_page(&act, &workspace, &paths, &key).await {
        Ok(page) => page,
        Err(problem) => return act.again(&paths.home(), problem).await,
    };
    let edited = async {
        act.posted.only(&["text"])?;
        act.caller.backend.edit_comment(&workspace, &CommentId::new(key), act.posted.value("text")).await
    };
    match edited.await {
        Ok(()) => see(&page, "comment-saved"),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Deletes a comment of one's own. The form in which it stands may come along.
pub async fn delete(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = match own_page(&act, &workspace, &paths, &key).await {
        Ok(page) => page,
        Err(problem) => return act.again(&paths.home(), problem).await,
    };
    let deleted = async {
        act.posted.only(&["text"])?;
        act.caller.backend.delete_comment(&workspace, &CommentId::new(key)).await
    };
    match deleted.await {
        Ok(()) => see(&page, "comment-deleted"),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// All comments as CSV, the oldest first.
pub async fn file(Path(workspace): Path<String>, parts: Parts) -> Result<File, Refusal> {
    let id = WorkspaceId::new(workspace.as_str());
    let backend = &Caller::of(&parts).backend;
    let estate = backend.estate(&id).await?;
    if !estate.workspace.role.may(Capability::ExportModel) {
        return Err(Problem::Forbidden.into());
    }
    let comments = backend.comments(&id).await?;
    let heads = ["Kind", "Key", "Object", "Author", "Written (UTC)", "Changed (UTC)", "Comment"].map(str::to_owned);
    let rows = comments.iter().map(|it| line(&estate, it));
    let content = domain::export::csv::table_of(std::iter::once(heads).chain(rows));
    Ok(File::csv(format!("{}-comments.csv", safe(&workspace)), content))
}

fn line(estate: &Estate, it: &Comment) -> [String; 7] {
    let object = match it.topic {
        Topic::Object(kind) => object_of(kind, &it.key, &estate.model),
        Topic::Risk => None,
    };
    let name = object.map(|object| title(&object, &estate.model)).unwrap_or_default();
    let changed = it.edited_at.map(|at| at.to_string()).unwrap_or_default();
    let (kind, written) = (it.topic.label().to_owned(), it.written_at.to_string());
    [kind, it.key.clone(), name, it.author.clone(), written, changed, it.text.clone()]
}

/// What a kind and a key of a form name.
fn named(estate: &Estate, kind: &str, key: &str) -> Result<About, Problem> {
    let kind = match kind.parse().map_err(|_| Problem::NotFound)? {
        Topic::Object(kind) => kind,
        Topic::Risk => return key.parse().map(About::Risk).map_err(|_| Problem::NotFound),
    };
    let found = match Kind::of(kind) {
        Some(kind) => find(kind, key, &estate.model).map(|it| it.reference()),
        None => object_of(kind, key, &estate.model).map(|it| it.reference()),
    };
    found.map(About::Object).ok_or(Problem::NotFound)
}

/// The page of the object that a comment of one's own is about.
async fn own_page(act: &Act, workspace: &WorkspaceId, paths: &Paths, key: &str) -> Result<String, Problem> {
    let backend = &act.caller.backend;
    let comments = backend.comments(workspace).await?;
    let comment = comments.into_iter().find(|it| it.own && it.id.as_str() == key).ok_or(Problem::NotFound)?;
    let kind = match comment.topic {
        Topic::Risk => return Ok(paths.risk_at(&comment.key)),
        Topic::Object(kind) => kind,
    };
    let estate = backend.estate(workspace).await?;
    let object = object_of(kind, &comment.key, &estate.model);
    Ok(object.map_or_else(|| paths.home(), |object| page_of(paths, &About::Object(object.reference()))))
}

/// The page on which the comments about something stand.
fn page_of(paths: &Paths, about: &About) -> String {
    let object = match about {
        About::Risk(key) => return paths.risk(*key),
        About::Object(object) => object,
    };
    paths.object(object).map_or_else(|| paths.home(), |page| format!("{page}/comments"))
}

fn see(page: &str, done: &str) -> Response {
    Redirect::to(&with_query(page, &[("done", done)])).into_response()
}
