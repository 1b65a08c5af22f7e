//! The audit trail of a workspace and that of the instance: filtered, a page at a time, with what was before and after
//! each entry, and checked from the first entry to the last.

use domain::audit::{ChainReport, Difference, TrailEntry, TrailFilter};
use domain::backend::AuditLine;
use domain::id::WorkspaceId;
use domain::problem::Problem;
use leptos::prelude::*;

use super::frame::{Screen, Section};
use super::history::{action, object};
use super::request::{Place, Request};
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::link::with_query;
use crate::ui::notice::{Tone, empty_state, notice};
use crate::ui::table::{cell, small};

/// How many entries a page shows.
const MOST: u32 = 100;

const LEDE: &str =
    "Who did what and when, with what was before and after. Each entry holds the hash of the one before.";

const OUTSIDE: &str = "That nothing was cut off the end only a checkpoint kept outside shows: plumbline audit verify --checkpoint \
                       FILE.";

/// The trail of a workspace.
pub(super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let at = At { page: place.paths.page("settings/audit"), file: Some(place.paths.page("export/audit")) };
    let head = Header::new("Audit trail").below(place.paths.page("history"), "History");
    let body = content(&request, &at, head, Some((&place, &place.estate.workspace.id))).await?;
    Ok(Screen::inside(&place, Section::History, "Audit trail", body))
}

/// The trail of the instance, for whoever administers it.
pub(super) async fn instance(request: Request) -> Result<Screen, Problem> {
    let account = request.backend()?.account().await?;
    let at = At { page: "/admin/audit".to_owned(), file: Some("/admin/audit/file".to_owned()) };
    let head = Header::new("Audit trail of the instance").below("/admin".to_owned(), "Administration");
    let body = content(&request, &at, head, None).await?;
    Ok(Screen::of_account(account, "Audit trail of the instance", body))
}

/// The addresses of a page and of its file.
struct At {
    page: String,
    file: Option<String>,
}

impl At {
    fn with(path: &str, pairs: &[(&'static str, String)]) -> String {
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        with_query(path, &pairs)
    }
}

async fn content(
    request: &Request,
    at: &At,
    head: Header,
    of: Option<(&Place, &WorkspaceId)>,
) -> Result<AnyView, Problem> {
    let backend = request.backend()?;
    let workspace = of.map(|(_, workspace)| workspace);
    let filter = TrailFilter::of(|name| request.query(name));
    let found = backend.trail(workspace, &filter, MOST).await?;
    let report = match request.query("verify") {
        Some(_) => Some(backend.verify_trail(workspace).await?),
        None => None,
    };
    let verify = header::action(with_query(&at.page, &[("verify", "now")]), "check", "Verify the chain", true);
    let file = at
        .file
        .as_ref()
        .map(|file| header::action(At::with(file, &filter.pairs()), "download", "Download as CSV", false));
    let place = of.map(|(place, _)| place);
    let table = if found.entries.is_empty() {
        empty_state("history", "No entries", "Nothing in the trail is as the filter asks.", ())
    } else {
        let rows = found.entries.iter().map(|it| row(place, it)).collect();
        let heads = ["Number", "When (UTC)", "Who", "What", "Object", "Before and after", "Hash"];
        let words = match found.entries.len() {
            1 => "1 entry".to_owned(),
            many => format!("{many} entries, newest first"),
        };
        small("audit", words, &heads, rows)
    };
    let older = found.entries.last().filter(|_| found.has_older).map(|last| {
        let older = TrailFilter { before: Some(last.sequence), ..filter.clone() };
        view! { <p><a class="button" href=At::with(&at.page, &older.pairs())>"Older entries"</a></p> }
    });
    Ok(view! {
        {head.lede(LEDE).actions(view! { {file}{verify} }).view()}
        {report.as_ref().map(verdict)}
        {form(at, &filter, place.is_some())}
        {table}
        {older}
    }
    .into_any())
}

fn form(at: &At, filter: &TrailFilter, of_workspace: bool) -> AnyView {
    let text = |name: &'static str, label: &'static str, value: &str, kind: &'static str| {
        view! {
            <div class="field">
                <label for=format!("t-{name}")>{label}</label>
                <input class="input" id=format!("t-{name}") type=kind name=name value=value.to_owned() maxlength="254"/>
            </div>
        }
    };
    let day = |day: Option<domain::time::Day>| day.map(|it| it.to_string()).unwrap_or_default();
    let denied = if of_workspace { "Denied in this workspace only" } else { "Denied only" };
    view! {
        <form class="filter-bar no-print" method="get" action=at.page.clone() aria-label="Which entries">
            {text("who", "Who (name)", &filter.who, "text")}
            {text("action", "Action, such as system or risk.edit", &filter.action, "text")}
            {text("kind", "Kind of object", &filter.kind, "text")}
            {text("key", "Key of object", &filter.key, "text")}
            {text("from", "From", &day(filter.from), "date")}
            {text("to", "To", &day(filter.to), "date")}
            <label class="choice">
                <input type="checkbox" name="denied" value="yes" checked=filter.denied/>
                <span>{denied}</span>
            </label>
            <button class="button">{icon("filter")}"Filter"</button>
        </form>
    }
    .into_any()
}

fn row(place: Option<&Place>, it: &TrailEntry) -> AnyView {
    let at = it.at.to_string();
    let short: String = it.hash.chars().take(12).collect();
    let named = it.kind.as_ref().map(|kind| match &it.key {
        Some(key) => format!("{kind} {key}"),
        None => kind.clone(),
    });
    let about = match (place, &named) {
        (Some(place), Some(_)) => {
            let line = AuditLine {
                sequence: it.sequence,
                at: it.at,
                actor: it.actor.clone(),
                action: it.action.clone(),
                revision: None,
                object: named,
                hash: it.hash.clone(),
            };
            object(place, &line)
        }
        _ => view! { <span class="key">{named.unwrap_or_default()}</span> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row">{it.sequence.to_string()}</th>
            {cell("When (UTC)", view! { <time datetime=at.clone()>{at.clone()}</time> })}
            {cell("Who", it.actor.clone())}
            {cell("What", view! { {action(&it.action)}" "<span class="key">{it.action.clone()}</span> })}
            {cell("Object", about)}
            {cell("Before and after", details(&it.details))}
            {cell("Hash", view! { <code class="hash" title=it.hash.clone()>{short}</code> })}
        </tr>
    }
    .into_any()
}

fn details(all: &[Difference]) -> Option<AnyView> {
    if all.is_empty() {
        return None;
    }
    let rows: Vec<_> = all
        .iter()
        .map(|it| {
            let before = (!it.before.is_empty()).then(|| view! { <del>{it.before.clone()}</del>" " });
            let after = (!it.after.is_empty()).then(|| view! { <ins>{it.after.clone()}</ins> });
            view! { <li>{it.what.clone()}": "{before}{after}</li> }
        })
        .collect();
    let list = view! { <ul>{rows}</ul> };
    Some(if all.len() > 3 {
        view! { <details><summary>{format!("{} values", all.len())}</summary>{list}</details> }.into_any()
    } else {
        list.into_any()
    })
}

/// What the check of the chain found.
fn verdict(report: &ChainReport) -> AnyView {
    let tone = if report.is_whole { Tone::Ok } else { Tone::Error };
    let words = format!("The chain: {}.", report.words);
    let at = format!("It has {} entries. The hash of the last one: ", report.entries);
    view! {
        {notice(tone, words)}
        <section class="card" aria-labelledby="verified">
            <h2 id="verified">"Verified now"</h2>
            <p>{at}<code class="hash">{report.head.clone()}</code></p>
            <p>{OUTSIDE}</p>
        </section>
    }
    .into_any()
}
