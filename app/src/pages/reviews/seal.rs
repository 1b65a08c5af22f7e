//! What was sealed: statement, signatures, hashes, whether the bytes that are kept are still those, and what follows from
//! the sealed model today.

use domain::backend::reviews::SealReport;
use domain::problem::Problem;
use domain::review::content::Reviewed;
use domain::review::outcome::{Cause, Recomputed};
use domain::review::seal::{Content, Seal, SealKey};
use domain::role::Capability;
use leptos::prelude::*;

use super::super::findings::named;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::snapshots::changes::{differs, fate};
use super::decided::signature;
use super::item::said;
use crate::ui::header::{self, Header};
use crate::ui::link::with_query;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, count, small};

/// The most rows of a table.
const MOST: usize = 300;

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let key: SealKey = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let again = request.query("verify").is_some();
    let report = request.backend()?.seal(&place.estate.workspace.id, key, again).await?;
    let own = place.paths.seal(key);
    let name = report.seal.as_ref().map(|it| it.name.clone()).unwrap_or_default();
    let verify = header::action(with_query(&own, &[("verify", "now")]), "check", "Verify now", true);
    let file = place
        .may(Capability::ExportModel)
        .then(|| header::action(format!("{own}/file"), "download", "Sealed bytes", false));
    let head = Header::new(format!("{key} {name}").trim().to_owned())
        .below(place.paths.page("reviews"), "Reviews")
        .lede("Sealed by the last signature. It stays as it is, and so does everything that it fixes.")
        .actions(view! { {file}{verify} });
    let body = view! {
        {head.view()}
        {verdict(&report, again)}
        {replaced(&place, &report)}
        {report.recomputed.as_ref().map(computed)}
        {report.seal.as_ref().map(|seal| facts(&place, &report, seal))}
        {report.seal.as_ref().map(|seal| signed(&place, seal))}
        {report.reviewed.as_ref().map(|it| items(&place, it))}
        {report.seal.as_ref().map(|seal| contents(&place, &report, seal))}
        {report.seal.as_ref().map(|seal| wrong_signature(&place, seal))}
    };
    Ok(Screen::inside(&place, Section::Reviews, key.to_string(), body))
}

/// Whether the bytes that are kept are those that were sealed. Looked at with every visit.
fn verdict(report: &SealReport, again: bool) -> AnyView {
    if report.faults.is_empty() {
        let words = "The seal, the chain from the first to the last, everything that it fixes and the audit trail fit together.";
        let more = (!again).then_some(" Verify now to compute what follows from the sealed model once more.");
        return notice(Tone::Ok, view! { {words}{more} });
    }
    let other = report.seal.is_some() && report.sealed.signed_with != report.key_now;
    let faults: Vec<_> = report.faults.iter().map(|it| view! { <li>{it.sentence()}</li> }).collect();
    let other = other.then(|| {
        view! { <p>"It was signed with another key than this instance has now, so that its signature cannot be checked here."</p> }
    });
    view! {
        <section class="error-summary" role="alert" aria-labelledby="faults">
            <h2 id="faults">"This is not what was sealed"</h2>
            <ul>{faults}</ul>
            {other}
        </section>
    }
    .into_any()
}

fn replaced(place: &Place, report: &SealReport) -> Option<AnyView> {
    let link = |key: SealKey| view! { <a href=place.paths.seal(key)>{key.to_string()}</a> };
    let by = report.replaced_by.map(|key| {
        notice(Tone::Warn, view! { "A signature of it was wrong. "{link(key)}" replaces it; this one stays readable." })
    });
    let of = report
        .seal
        .as_ref()
        .and_then(|it| it.supersedes)
        .map(|key| notice(Tone::Info, view! { "It replaces "{link(key)}", of which a signature was wrong." }));
    (by.is_some() || of.is_some()).then(|| view! { {by}{of} }.into_any())
}

/// What follows from the sealed model today.
fn computed(it: &Recomputed) -> AnyView {
    let words = match (it.same_engine, it.deviations.is_empty()) {
        (true, true) => "Computed again by the same version: identical, to the last finding.",
        (false, true) => "Computed again by a newer version: no rule that changed makes a difference.",
        (_, false) if it.is_faithful() => {
            "Computed again by a newer version. Each difference is caused by a rule that changed."
        }
        _ => "Computed again, and something differs that no change of a rule explains.",
    };
    let tone = match (it.is_faithful(), it.deviations.is_empty()) {
        (true, true) => Tone::Ok,
        (true, false) => Tone::Info,
        (false, _) => Tone::Error,
    };
    let rows = it
        .deviations
        .iter()
        .take(MOST)
        .map(|it| {
            view! { <tr><th scope="row" data-label="What">{it.sentence.clone()}</th>{cell("Because", cause(&it.cause))}</tr> }
                .into_any()
        })
        .collect();
    let table = (!it.deviations.is_empty())
        .then(|| small("deviations", count(it.deviations.len(), "difference"), &["What", "Because"], rows));
    view! {
        <section class="section" aria-labelledby="computed">
            <h2 id="computed">"Computed again"</h2>
            {notice(tone, words)}
            {table}
        </section>
    }
    .into_any()
}

fn cause(cause: &Cause) -> String {
    match cause {
        Cause::NewRule(rule) => format!("The rule {rule} is new."),
        Cause::ChangedRule(rule, was, is) => format!("The rule {rule} changed from version {was} to {is}."),
        Cause::GoneRule(rule) => format!("The rule {rule} is gone."),
        Cause::ChangedScope(was, is) => format!("The rules of scope changed from version {was} to {is}."),
        Cause::Unexplained => "Nothing explains it.".to_owned(),
    }
}

fn facts(place: &Place, report: &SealReport, seal: &Seal) -> AnyView {
    let line = |label: &'static str, value: AnyView| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    let mono = |text: &str| view! { <span class="key break">{text.to_owned()}</span> }.into_any();
    let review = match place.works() {
        true => view! { <a href=place.paths.review(seal.review)>{seal.review.to_string()}</a> }.into_any(),
        false => seal.review.to_string().into_any(),
    };
    let snapshot = report
        .snapshot
        .map(|key| line("Model", view! { <a href=place.paths.snapshot(key)>{key.to_string()}</a> }.into_any()));
    view! {
        <section class="card" aria-labelledby="facts">
            <h2 id="facts">"The seal"</h2>
            <dl class="key-value">
                {line("About", seal.kind.label().into_any())}
                {line("Review", review)}
                {line("Sealed", seal.sealed_at.to_string().into_any())}
                {line("Dates judged as of", seal.as_of.to_string().into_any())}
                {snapshot}
                {line("Objects that it covers", seal.covers.len().to_string().into_any())}
                {line("Hash", mono(&report.sealed.hash))}
                {line("Hash of the seal before", mono(&seal.previous))}
                {line("Audit trail before it", mono(&seal.audit_head))}
                {line("Signature of the instance", mono(&report.sealed.signature))}
                {line("Public key (Ed25519)", mono(&report.sealed.signed_with))}
                {line("Engine", mono(&seal.engine.version()))}
            </dl>
        </section>
    }
    .into_any()
}

fn signed(place: &Place, seal: &Seal) -> AnyView {
    let statement = seal.signatures.first().map(|it| it.statement.clone()).unwrap_or_default();
    let all: Vec<_> = seal.signatures.iter().map(|it| view! { <li>{signature(place, it)}</li> }).collect();
    view! {
        <section class="section" aria-labelledby="signed">
            <h2 id="signed">"What was signed"</h2>
            <blockquote>{statement}</blockquote>
            <ul class="list-rows">{all}</ul>
        </section>
    }
    .into_any()
}

/// The items as they were signed.
fn items(place: &Place, reviewed: &Reviewed) -> AnyView {
    let rows = reviewed
        .items
        .iter()
        .take(MOST)
        .map(|it| {
            let lines: Vec<_> = it
                .lines
                .iter()
                .map(|line| {
                    let of = (line.object != it.object).then(|| view! { {line.name.clone()}": " });
                    view! { <li>{of}{fate(&line.change)}{differs(&line.change)}</li> }
                })
                .collect();
            view! {
                <tr>
                    <th scope="row" data-label="What">{named(place, &it.object)}</th>
                    {cell("What differed", view! { <ul class="plain">{lines}</ul> })}
                    {cell("What was said", it.tick.as_ref().map(|tick| said(place, tick)))}
                </tr>
            }
            .into_any()
        })
        .collect();
    let carried: Vec<_> = reviewed.carried.iter().map(|(_, sentence)| view! { <li>{sentence.clone()}</li> }).collect();
    let carried = (!carried.is_empty()).then(|| view! { <h3>"Decisions carried over"</h3><ul>{carried}</ul> });
    let caption = match reviewed.items.len() {
        more if more > MOST => format!("The first {MOST} of {more} items"),
        some => count(some, "item"),
    };
    view! {
        <details>
            <summary>{format!("What was looked at, {}", count(reviewed.items.len(), "item"))}</summary>
            {small("sealed-items", caption, &["What", "What differed", "What was said"], rows)}
            {carried}
        </details>
    }
    .into_any()
}

/// What the seal fixes, each with its hash.
fn contents(place: &Place, report: &SealReport, seal: &Seal) -> AnyView {
    let own = place.paths.seal(report.key);
    let may = place.may(Capability::ExportModel);
    let rows = seal
        .contents
        .iter()
        .map(|(content, fixed)| {
            let file = match (content, report.snapshot) {
                (Content::Snapshot, Some(key)) => {
                    view! { <a href=place.paths.snapshot(key)>"With its snapshot"</a> }.into_any()
                }
                _ if may => {
                    let href = with_query(&format!("{own}/file"), &[("part", content.as_str())]);
                    view! { <a href=href>{format!("{}, as JSON", content.label())}</a> }.into_any()
                }
                _ => ().into_any(),
            };
            view! {
                <tr>
                    <th scope="row" data-label="What">{content.label()}</th>
                    {cell("SHA-256", view! { <span class="key break">{fixed.sha256.clone()}</span> })}
                    {cell("Bytes", fixed.bytes.to_string())}
                    {cell("File", file)}
                </tr>
            }
            .into_any()
        })
        .collect();
    view! {
        <section class="section" aria-labelledby="contents-heading">
            <h2 id="contents-heading">"What it fixes"</h2>
            {small("contents", count(seal.contents.len(), "content"), &["What", "SHA-256", "Bytes", "File"], rows)}
            <p class="meta">
                "The hash of the seal is SHA-256 over the line plumbline-seal-v1 and the sealed bytes; the instance signs the same line and the hash, each ended by a line break."
            </p>
        </section>
    }
    .into_any()
}

/// The way to say that a signature was wrong.
fn wrong_signature(place: &Place, seal: &Seal) -> Option<AnyView> {
    place.may(Capability::Review).then(|| {
        let href = format!("{}/sign", place.paths.review(seal.review));
        view! { <p><a href=href>"A signature was wrong"</a></p> }.into_any()
    })
}
