//! The calendar feed: reading it with its secret, making it, which shows that secret this once, and ending it.

use std::sync::Arc;

use app::context::ShownOnce;
use app::ui::link::{Paths, with_query};
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::backend::Backend;
use domain::problem::Problem;
use domain::schedule::calendar::{Entry, of_person};
use domain::schedule::ical::{Feed, icalendar};
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::request::Parts;

use super::act::Act;
use super::download::safe;
use super::headers::FILE_POLICY;
use super::model::in_workspace;
use super::refusal::Refusal;
use super::{Site, fault};

/// So many days ahead the feed goes.
const DAYS_AHEAD: i32 = 550;

/// The calendar of whoever made the feed: what is theirs and what is nobody's, or everything with `of=all`. Whatever is
/// wrong with the address, there is nothing at it.
pub async fn feed(State(site): State<Site>, Path(token): Path<String>, parts: Parts) -> Result<Response, Refusal> {
    let secret = token.strip_suffix(".ics").ok_or(Refusal::NotFound)?;
    let found = site.store.feed_reader(secret).await.map_err(|error| fault("a feed could not be read", &error))?;
    let (actor, workspace) = found.ok_or(Refusal::NotFound)?;
    let backend: Arc<dyn Backend> = Arc::new(site.store.gate(actor));
    let (agenda, estate) = (backend.agenda(&workspace).await?, backend.estate(&workspace).await?);
    let query = parts.uri.query().unwrap_or_default();
    let all = form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == "of" && value == "all");
    let theirs: Vec<&Entry> = match &agenda.me {
        Some(me) if !all => of_person(&agenda.entries, me, &estate.model),
        _ => agenda.entries.iter().collect(),
    };
    let until = agenda.today.plus_days(DAYS_AHEAD);
    let entries: Vec<Entry> = theirs.into_iter().filter(|it| it.day <= until).cloned().collect();
    let paths = Paths::of(&workspace);
    let link = |it: &Entry| Some(format!("{}{}", site.address, paths.entry(it)));
    // What is overdue changes with the day, so that a feed is as of the beginning of one.
    let as_of = agenda.zone.start_of(agenda.today);
    let feed = Feed { name: &estate.workspace.name, workspace: workspace.as_str(), as_of, link: &link };
    let disposition = format!("inline; filename=\"{}.ics\"", safe(workspace.as_str()));
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8")),
        (CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).expect("a safe name is a header value")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(FILE_POLICY)),
    ];
    Ok((headers, icalendar(&feed, &entries)).into_response())
}

/// Makes the feed. The answer is the page itself and no redirect, because the secret must not stand in an address.
pub async fn make(State(site): State<Site>, Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.page("calendar/feed");
    let made = match act.posted.only(&[]) {
        Ok(()) => act.caller.backend.make_feed(&workspace).await,
        Err(problem) => Err(problem),
    };
    match made {
        Ok(secret) => {
            let address = format!("{}/calendar/{secret}.ics", site.address);
            act.setting.at(&page).render_with(ShownOnce(address)).await
        }
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Ends the feed.
pub async fn end(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.page("calendar/feed");
    let ended: Result<(), Problem> = match act.posted.only(&[]) {
        Ok(()) => act.caller.backend.end_feed(&workspace).await,
        Err(problem) => Err(problem),
    };
    match ended {
        Ok(()) => Redirect::to(&with_query(&page, &[("done", "feed-ended")])).into_response(),
        Err(problem) => act.again(&page, problem).await,
    }
}
