//! One requirement: where it stands and what shows that, who does it, and what the map says beside it.

use domain::backend::incidents::Kept;
use domain::backend::library::LibraryBook;
use domain::evidence::requirement_view::{View, view as looked_at};
use domain::findings::{Finding, Identity};
use domain::id::PersonId;
use domain::library::controls::{IntegrationControl, Presence, matrix};
use domain::library::position::{Gap, Worksheet};
use domain::library::{Entry, Position, RequirementKey, Status};
use domain::moment::Moment;
use domain::problem::Problem;
use domain::role::Capability;
use domain::time::Day;
use leptos::prelude::*;

use super::super::editor::not_done;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::risks::person;
use super::{badge, head, named, party, speaks, words};
use crate::ui::field::hidden;
use crate::ui::header;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, count, small};

/// How many versions of what was said are shown.
const VERSIONS: usize = 50;

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let backend = request.backend()?;
    let book = backend.library(&place.estate.workspace.id).await?;
    let entry = named(&request, &book)?;
    let key = &entry.key;
    let findings = backend.findings(&place.estate).await?;
    let records = backend.records(&place.estate).await?;
    let versions = backend.position_versions(&place.estate.workspace.id, key).await?;
    let is_open = |it: &Finding| records.get::<Identity>(&it.identity()).is_none_or(|record| record.state.is_open());
    let said = book.said();
    let sources = said.with(&findings, &is_open);
    let looked = looked_at(key, &sources);
    let spoken = speaks::spoken(&place, key, &findings, &records);
    let own = place.paths.requirement_of(key);
    let edits = place.may(Capability::EditModel) && place.estate.moment == Moment::Now;
    let say = edits.then(|| header::action(format!("{own}/status"), "edit", "Say where it stands", true));
    let level = entry.level.map(|it| view! { <span>{format!("Level {it}")}</span> });
    let meta = view! {
        <span class="key">{key.words()}</span>
        {badge(looked.position.map(|it| it.status))}
        {level}
        <span>{count(spoken.rules, "rule")}</span>
        <span>{count(spoken.open, "open finding")}</span>
        <span>{count(spoken.asked, "open question")}</span>
    };
    let against = looked.contradicted.then(|| {
        let words = looked.position.map(|it| words(Some(it.status))).unwrap_or_default();
        let words = format!(
            "It is said to be \u{201c}{}\u{201d}, and {} about it. Neither changes the other: look at both.",
            words.to_lowercase(),
            match looked.findings.len() {
                1 => "1 finding is open".to_owned(),
                many => format!("{many} findings are open"),
            }
        );
        notice(Tone::Warn, words)
    });
    let body = view! {
        {head(&place, format!("{} {}", key.id(), entry.title))
            .lede("People say where it stands, the map says what it sees. Whether it is met, an assessor decides.")
            .meta(meta)
            .actions(say)
            .view()}
        {against}
        {stands(&request, &place, &book, (&entry, &looked), edits)}
        {shown_by(&place, key, &looked)}
        {who_does_it(&place, &looked)}
        {controls(&place, &book, &entry)}
        {spoken.sections}
        {history(&place, &versions)}
    };
    Ok(Screen::inside(&place, Section::Evidence, key.id().to_owned(), body))
}

/// What people say, with what is missing before it counts.
fn stands(
    request: &Request,
    place: &Place,
    book: &LibraryBook,
    (entry, looked): (&Entry, &View<'_>),
    edits: bool,
) -> AnyView {
    let line = |label: &'static str, value: AnyView| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    let prose = |text: &str| view! { <p class="prose">{text.to_owned()}</p> }.into_any();
    let content = match looked.position {
        None => view! { <p class="muted">"Nobody has said where it stands."</p> }.into_any(),
        Some(it) => {
            let reason = (!it.reason.is_empty()).then(|| line("Why", prose(&it.reason)));
            let by = it.decided.as_ref().map(|it| line("Said by", dated(place, it)));
            let approved = it.approved.as_ref().map(|it| line("Approved by", dated(place, it)));
            let until = it.approved_until().map(|it| line("Look at it again by", it.to_string().into_any()));
            let gaps: Vec<_> = looked.gaps.iter().map(|it| view! { <li>{it.sentence()}</li> }).collect();
            let gaps = (!gaps.is_empty()).then(|| {
                view! { <div class="notice" data-tone="warn"><ul class="plain-list">{gaps}</ul></div> }
            });
            let sheet = it.worksheet.as_ref().map(|sheet| {
                let parts: Vec<_> =
                    Worksheet::PARTS.into_iter().map(|(name, label)| line(label, prose(sheet.part(name)))).collect();
                view! {
                    <h3>"Compensating control worksheet"</h3>
                    <dl class="key-value">{parts}</dl>
                }
            });
            view! {
                {gaps}
                <dl class="key-value">
                    {line("Status", badge(Some(it.status)))}
                    {line("How it is met", it.approach.label().into_any())}
                    {reason}
                    {by}
                    {approved}
                    {until}
                </dl>
                {sheet}
            }
            .into_any()
        }
    };
    let kept = book.positions.get(&entry.key).filter(|_| edits);
    view! {
        <section class="card" aria-labelledby="stands">
            <h2 id="stands">"Where it stands"</h2>
            {content}
            {kept.and_then(|it| approval(request, place, book, it))}
        </section>
    }
    .into_any()
}

fn dated(place: &Place, (by, on): &(PersonId, Day)) -> AnyView {
    view! { {person(place, by)}" on "{on.to_string()} }.into_any()
}

/// The approval of a compensating control, or its yearly renewal, by somebody who did not write it.
fn approval(request: &Request, place: &Place, book: &LibraryBook, kept: &Kept<Position>) -> Option<AnyView> {
    let it = &kept.value;
    if it.status != Status::InPlaceCompensated {
        return None;
    }
    let waits = it.gaps(book.today).iter().any(|gap| *gap != Gap::NoEvidence);
    let label = if it.approved.is_some() { "Approve it for another year" } else { "Approve it" };
    let is_own = it.decided.as_ref().zip(book.me.as_ref()).is_some_and(|((by, _), me)| by == me);
    let words = if is_own {
        "You wrote it, so somebody else approves it."
    } else if waits {
        "Somebody other than the author approves it, and looks at it again within a year."
    } else {
        "It is approved. Looking at it again renews it from today on."
    };
    let button = (!is_own).then(|| {
        view! {
            <form method="post" action=place.paths.requirement_of(&it.requirement)>
                {hidden("rev", kept.revision.to_string())}
                {hidden("step", "approve".to_owned())}
                <div class="button-row"><button class="button">{label}</button></div>
            </form>
        }
    });
    Some(view! { <div class="stack tight">{not_done(request)}<p>{words}</p>{button}</div> }.into_any())
}

/// The evidence items and policies that show it.
fn shown_by(place: &Place, key: &RequirementKey, looked: &View<'_>) -> AnyView {
    let mut rows: Vec<AnyView> = looked
        .evidence
        .iter()
        .map(|(item, freshness)| {
            let tone = if freshness.is_current() { "ok" } else { "warn" };
            view! {
                <tr>
                    <th scope="row" data-label="Evidence">
                        <a href=place.paths.evidence("items", &item.key.to_string())>{item.title.clone()}</a>
                        " "
                        <span class="key">{item.key.to_string()}</span>
                    </th>
                    {cell("How fresh", view! { <span class="badge" data-tone=tone>{freshness.state.label()}</span> })}
                    {cell("Until", freshness.until.to_string())}
                </tr>
            }
            .into_any()
        })
        .collect();
    rows.extend(looked.policies.iter().map(|it| {
        let (tone, words) = if it.approved.is_some() { ("ok", "Approved") } else { ("warn", "Not approved") };
        view! {
            <tr>
                <th scope="row" data-label="Evidence">{it.title.clone()}</th>
                {cell("How fresh", view! { <span class="badge" data-tone=tone>{words}</span> })}
                {cell("Until", "")}
            </tr>
        }
        .into_any()
    }));
    let content = if rows.is_empty() {
        view! { <p class="muted">"No evidence item and no policy names it."</p> }.into_any()
    } else {
        small("evidence-table", count(rows.len(), "piece"), &["Evidence", "How fresh", "Until"], rows)
    };
    let (href, words) = (
        place.paths.query("evidence/items", &[("requirement", &key.to_string())]),
        format!("Evidence ({})", looked.evidence.len()),
    );
    let all = view! { <a href=href>{words}</a> };
    view! {
        <section class="section" aria-labelledby="shown-by">
            <header class="section-header"><h2 id="shown-by">"What shows it"</h2>{all}</header>
            {content}
        </section>
    }
    .into_any()
}

/// Who does what it asks for, vendor by vendor.
fn who_does_it(place: &Place, looked: &View<'_>) -> Option<AnyView> {
    let vendors = &place.estate.model.vendors;
    let rows: Vec<AnyView> = vendors
        .values()
        .map(|vendor| {
            let duty = looked.duties.get(&vendor.id);
            let who = match duty {
                Some(duty) => party(duty.party).into_any(),
                None => view! { <span class="muted">"Nobody has said"</span> }.into_any(),
            };
            view! {
                <tr>
                    <th scope="row" data-label="Vendor">
                        <a href=place.paths.responsibility_at(vendor.id.as_str())>{vendor.name.clone()}</a>
                    </th>
                    {cell("Who does it", who)}
                    {cell("What each does", duty.map(|it| it.note.clone()))}
                </tr>
            }
            .into_any()
        })
        .collect();
    (!rows.is_empty()).then(|| {
        let said = format!("Said of {} of {}", looked.duties.len(), count(rows.len(), "vendor"));
        let table = small("duties", said, &["Vendor", "Who does it", "What each does"], rows);
        view! {
            <section class="section" aria-labelledby="who">
                <header class="section-header"><h2 id="who">"Who does it"</h2></header>
                {table}
            </section>
        }
        .into_any()
    })
}

/// The controls on integrations that help to meet it, with how far each is.
fn controls(place: &Place, book: &LibraryBook, entry: &Entry) -> Option<AnyView> {
    let helping: Vec<IntegrationControl> =
        IntegrationControl::ALL.iter().copied().filter(|it| it.requirements().contains(&entry.key)).collect();
    if helping.is_empty() {
        return None;
    }
    let matrix = matrix(&place.estate.model, &book.stated());
    let items: Vec<_> = helping
        .into_iter()
        .map(|control| {
            let counts = matrix.counts(control);
            let in_place = counts.get(&Presence::InPlace).copied().unwrap_or_default();
            let href = place.paths.query("evidence/controls", &[("q", &format!("-in_place:{control}"))]);
            let told = format!("in place on {in_place} of {}", count(matrix.rows.len(), "integration"));
            view! { <li><a class="grow" href=href>{control.label()}</a><span class="meta">{told}</span></li> }
        })
        .collect();
    Some(
        view! {
            <section class="section" aria-labelledby="helping">
                <header class="section-header"><h2 id="helping">"Controls on integrations that help to meet it"</h2></header>
                <ul class="list-rows">{items}</ul>
            </section>
        }
        .into_any(),
    )
}

/// What was said before, the newest first.
fn history(place: &Place, versions: &[Position]) -> Option<AnyView> {
    let rows: Vec<AnyView> = versions
        .iter()
        .rev()
        .take(VERSIONS)
        .map(|it| {
            let evidence: Vec<String> = it.evidence.iter().map(ToString::to_string).collect();
            view! {
                <tr>
                    <th scope="row" data-label="Status">{words(Some(it.status))}</th>
                    {cell("Said by", it.decided.as_ref().map(|it| dated(place, it)))}
                    {cell("Why", it.reason.clone())}
                    {cell("Evidence", evidence.join(", "))}
                    {cell("Approved by", it.approved.as_ref().map(|it| dated(place, it)))}
                </tr>
            }
            .into_any()
        })
        .collect();
    (!rows.is_empty()).then(|| {
        let columns = ["Status", "Said by", "Why", "Evidence", "Approved by"];
        let table = small("history-table", count(versions.len(), "version"), &columns, rows);
        view! { <details><summary>"History"</summary>{table}</details> }.into_any()
    })
}
