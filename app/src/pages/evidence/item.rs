//! One item: what it proves, its versions, the hold, and what happened to it.

use domain::backend::library::ItemHistory;
use domain::evidence::draft::REASON_MAX;
use domain::evidence::item::{Source, Version};
use domain::evidence::media::Preview;
use domain::evidence::{EvidenceKey, Item};
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::{folded, not_done};
use super::super::findings::named;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::risks::person;
use super::{edit, freshness, requirements, size, tabs};
use crate::ui::field::{field, hidden};
use crate::ui::form::FormState;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, count, small};

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let backend = request.backend()?;
    let key: EvidenceKey = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let history = backend.item(&place.estate.workspace.id, key).await?;
    let item = &history.item.value;
    let (edits, takes) = (place.may(Capability::EditModel), place.estate.workspace.role.may(Capability::ExportModel));
    let own = place.paths.evidence("items", &key.to_string());
    let meta = view! {
        <span class="key">{key.to_string()}</span>
        {freshness(item.freshness(history.today))}
        {item.hold.is_some().then(|| view! { <span class="badge" data-tone="info">"On hold"</span> })}
    };
    let asked = request.query("preview").and_then(|it| it.parse::<u32>().ok()).filter(|_| takes);
    let looked = item.versions.iter().find(|it| Some(it.number) == asked);
    let preview = match looked {
        Some(version) => Some(preview(&request, &place, key, version).await?),
        None => None,
    };
    let change =
        (edits && item.withdrawn.is_none()).then(|| header::action(format!("{own}/edit"), "edit", "Edit", false));
    let body = view! {
        {Header::new(item.title.clone())
            .below(place.paths.page("evidence"), "Evidence")
            .below(place.paths.page("evidence/items"), "Items")
            .meta(meta)
            .actions(change)
            .view()}
        {tabs(&place, "evidence/items")}
        {not_done(&request)}
        {standing(&place, item)}
        {facts(&place, item)}
        {versions(&place, &history, takes)}
        {preview}
        {edits.then(|| forms(&request, &place, &history))}
        {saves(&history)}
    };
    Ok(Screen::inside(&place, Section::Evidence, item.title.clone(), body))
}

/// Why it stays as it is, or is shown no more.
fn standing(place: &Place, item: &Item) -> AnyView {
    let held = item.hold.as_ref().map(|it| {
        let words = format!("Legal hold since {}: {} ", it.since, it.reason);
        notice(Tone::Info, view! { {words}"Said by "{person(place, &it.by)}"." })
    });
    let gone = item.withdrawn.as_ref().map(|it| {
        let words = format!("Withdrawn at {}: {} ", it.at, it.reason);
        notice(Tone::Warn, view! { {words}"Said by "{person(place, &it.by)}"." })
    });
    view! { {held}{gone} }.into_any()
}

fn facts(place: &Place, item: &Item) -> AnyView {
    let line = |label: &'static str, value: AnyView| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    let objects: Vec<_> = item.proves.objects.iter().map(|it| view! { <li>{named(place, it)}</li> }).collect();
    let objects = match objects.is_empty() {
        true => "Nothing named".into_any(),
        false => view! { <ul>{objects}</ul> }.into_any(),
    };
    let proves = match item.proves.requirements.is_empty() {
        true => "No requirement named".into_any(),
        false => requirements(place, &item.proves.requirements),
    };
    let review = item
        .proves
        .review
        .map(|key| line("Review", view! { <a href=place.paths.review(key)>{key.to_string()}</a> }.into_any()));
    let note = (!item.note.is_empty())
        .then(|| line("Note", view! { <p class="evidence-text">{item.note.clone()}</p> }.into_any()));
    view! {
        <section class="card" aria-labelledby="proves">
            <h2 id="proves">"What it proves"</h2>
            <dl class="key-value">{line("Requirements", proves)}{line("About", objects)}{review}{note}</dl>
        </section>
    }
    .into_any()
}

fn versions(place: &Place, history: &ItemHistory, takes: bool) -> AnyView {
    let item = &history.item.value;
    let own = place.paths.evidence("items", &item.key.to_string());
    let rows: Vec<AnyView> = item.versions.iter().rev().map(|it| row(place, history, (it, &own), takes)).collect();
    let columns = ["Version", "File or address", "Collected", "Covers", "Expires", "Added", "Take"];
    small("versions", count(rows.len(), "version"), &columns, rows)
}

fn row(place: &Place, history: &ItemHistory, (it, own): (&Version, &str), takes: bool) -> AnyView {
    let place_of = match &it.source {
        Source::File(file) => view! {
            {file.name.as_str().to_owned()}
            <div class="meta">{format!("{}, {}", file.media.label(), size(file.bytes))}</div>
            <code class="hash folded" title="SHA-256">{file.sha256.to_string()}</code>
        }
        .into_any(),
        Source::Link(link) => {
            let href = link.as_str().to_owned();
            view! { <a href=href.clone() rel="noopener noreferrer nofollow">{href.clone()}</a> }.into_any()
        }
    };
    let covers = match (it.covers_from, it.covers_until) {
        (None, None) => None,
        (from, until) => {
            let day = |day: Option<domain::time::Day>| day.map_or_else(|| "..".to_owned(), |it| it.to_string());
            Some(format!("{} to {}", day(from), day(until)))
        }
    };
    let collected = view! { <time>{it.collected.to_string()}</time>{it.collector.as_ref().map(|who| view! { " by "{person(place, who)} })} };
    let by = history.added_by(it.number).map(|name| format!(" by {name}"));
    let take = it.file().filter(|_| takes).map(|file| {
        let number = it.number;
        let look = file.media.preview().map(|_| {
            let href = format!("{own}?preview={number}#preview");
            view! { <a class="button small" href=href aria-label=format!("Look at version {number}")>"Look"</a> }
        });
        let href = format!("{own}/versions/{number}/file");
        view! {
            <div class="button-row">
                <a class="button small" href=href aria-label=format!("Download version {number}") download="">"Download"</a>
                {look}
            </div>
        }
    });
    view! {
        <tr>
            <th scope="row" data-label="Version">{it.number.to_string()}</th>
            {cell("File or address", place_of)}
            {cell("Collected", collected)}
            {cell("Covers", covers)}
            {cell("Expires", it.expires.map(|it| view! { <time>{it.to_string()}</time> }))}
            {cell("Added", view! { <time>{it.added.to_string()}</time>{by} })}
            {cell("Take", take)}
        </tr>
    }
    .into_any()
}

/// A version that somebody looks at: a text without markup, or a picture. Nothing else is shown.
async fn preview(request: &Request, place: &Place, key: EvidenceKey, version: &Version) -> Result<AnyView, Problem> {
    let Some(file) = version.file() else { return Ok(().into_any()) };
    let number = version.number;
    let name = format!("Version {number}, {}", file.name.as_str());
    let content = match file.media.preview() {
        Some(Preview::Text) => match request.backend()?.shown_text(&place.estate.workspace.id, (key, number)).await {
            Ok(text) => view! { <pre class="evidence-text" tabindex="0">{text}</pre> }.into_any(),
            Err(Problem::Invalid(errors)) => {
                let words = errors.iter().map(|it| it.code.advice()).collect::<Vec<_>>().join(" ");
                notice(Tone::Error, words)
            }
            Err(problem) => return Err(problem),
        },
        Some(Preview::Picture) => {
            let src = format!("{}/versions/{number}/picture", place.paths.evidence("items", &key.to_string()));
            view! { <img class="evidence-picture" src=src alt=name.clone()/> }.into_any()
        }
        None => return Ok(().into_any()),
    };
    Ok(view! {
        <section class="card stack" id="preview" aria-labelledby="preview-title">
            <h2 id="preview-title">{name.clone()}</h2>
            {content}
            <p class="meta">"Of a text the first 64 kB are shown. That you looked at it is in the audit trail."</p>
        </section>
    }
    .into_any())
}

fn forms(request: &Request, place: &Place, history: &ItemHistory) -> AnyView {
    let item = &history.item.value;
    let own = place.paths.evidence("items", &item.key.to_string());
    let rev = || hidden("rev", history.item.revision.to_string());
    let form = request.form(|| vec![("collected".to_owned(), history.today.to_string())]);
    let none = FormState::new(Vec::new());
    let of = |name: &str| request.submitted.as_ref().is_some_and(|it| it.form.iter().any(|(known, _)| known == name));
    let (brings, steps) = (of("collected"), of("step"));
    let most = u32::try_from(REASON_MAX).unwrap_or(u32::MAX);
    let add = item.withdrawn.is_none().then(|| {
        let content = view! {
            <form class="form" method="post" action=format!("{own}/versions") enctype="multipart/form-data">
                {rev()}
                {edit::version(place, if steps { &none } else { &form }, brings)}
                <button class="button primary">{icon("upload")}"Add the version"</button>
            </form>
        };
        folded("Add a version", brings, content)
    });
    // While it is on hold nothing can be taken back, so that there is only one thing to do.
    let rest = if item.hold.is_some() {
        let lift = view! {
            <form class="stack tight" method="post" action=format!("{own}/step")>
                {rev()}
                <button class="button" name="step" value="lift">"Lift the legal hold"</button>
            </form>
        };
        Some(lift.into_any())
    } else {
        item.withdrawn.is_none().then(|| {
            let content = view! {
                <form class="form" method="post" action=format!("{own}/step")>
                    {rev()}
                    {field(if steps { &form } else { &none }, "reason", "Reason")
                        .hint("For a hold, such as the court that asks for it. For a withdrawal, why it shows nothing any more.")
                        .area_of(most)}
                    <div class="button-row">
                        <button class="button" name="step" value="hold">"Put a legal hold on it"</button>
                        <button class="button danger" name="step" value="withdraw">"Withdraw it"</button>
                    </div>
                </form>
            };
            folded("Legal hold, or withdrawal", steps, content)
        })
    };
    view! { <section class="section stack no-print" aria-label="Changes">{add}{rest}</section> }.into_any()
}

/// Everything that happened, folded.
fn saves(history: &ItemHistory) -> AnyView {
    let rows: Vec<AnyView> = history
        .saves
        .iter()
        .enumerate()
        .map(|(place, it)| {
            view! {
                <tr>
                    <th scope="row" data-label="Saved">{it.at.to_string()}</th>
                    {cell("By", it.by.clone())}
                    {cell("What", history.did(place).join(" "))}
                </tr>
            }
            .into_any()
        })
        .collect();
    let table = small("saves", count(rows.len(), "save"), &["Saved", "By", "What"], rows);
    view! { <details><summary>"History"</summary>{table}</details> }.into_any()
}
