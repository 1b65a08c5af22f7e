//! One risk: what may happen, how bad it is, what is done about it, and what it was before.

use std::cmp::Reverse;

use domain::backend::comments::{About, Comment};
use domain::backend::incidents::IncidentBook;
use domain::backend::risks::{RiskHistory, RiskVersion};
use domain::problem::Problem;
use domain::risk::action::{Action, Waiting, waiting};
use domain::risk::appetite::Verdict;
use domain::risk::change::changes;
use domain::risk::record::{Risk, Stage, Stand, Status};
use domain::risk::suggestion::{Suggestion, is_outdated};
use domain::risk::{Scheme, Step};
use domain::role::Capability;
use leptos::prelude::*;

use super::super::aspects;
use super::super::editor::not_done;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::from_findings::{said, suggestion};
use super::list::owner;
use super::{acceptance, level_chip, link_view, rating_view};
use crate::ui::field::hidden;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, count, small};

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let key = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let history = request.backend()?.risk(&place.estate.workspace.id, key).await?;
    let findings = request.backend()?.findings(&place.estate).await?;
    let incidents = request.backend()?.incidents(&place.estate.workspace.id).await?;
    let suggested = suggestion(&place, &findings, &history.risk);
    let accepted = accepted(&history);
    let (risk, scheme) = (&history.risk, history.register.scheme);
    let own = place.paths.risk(risk.key);
    let edits = place.may(Capability::EditModel);
    let comments = if place.estate.workspace.role.may(Capability::Comment) {
        let said = request.backend()?.comments_of(&place.estate.workspace.id, &About::Risk(risk.key)).await?;
        Some(comments_section(&request, &place, &said, &risk.key.to_string()))
    } else {
        None
    };
    let meta = view! {
        {risk.level(scheme).map(|level| level_chip(scheme, level))}
        <span>{Status::of(risk.stage, accepted).label()}</span>
        {risk.category.map(|it| view! { <span>{it.label()}</span> })}
        {owner(&place, risk).map(|owner| view! { <span>"owner "{owner}</span> })}
        <span class="key">{risk.key.to_string()}</span>
    };
    let head = Header::new(risk.title.clone())
        .below(place.paths.page("risks"), "Risks")
        .meta(meta)
        .actions(edits.then(|| header::action(format!("{own}/edit"), "edit", "Edit", true)));
    let body = view! {
        {head.view()}
        {not_done(&request)}
        {appetite(&history)}
        {outdated(&place, &history, suggested.as_ref())}
        <div class="cards">
            {story(risk)}
            {ratings(risk, scheme, suggested.as_ref())}
            {links(&place, risk)}
            {shown_by(&place, &incidents, risk)}
            {controls(risk)}
        </div>
        {acceptance::section(&request, &place, &history)}
        {actions(&place, risk)}
        {comments}
        {versions(&history)}
    };
    Ok(Screen::inside(&place, Section::Risks, risk.title.clone(), body))
}

/// Whether an acceptance is in force.
fn accepted(history: &RiskHistory) -> bool {
    history.acceptances.iter().any(|it| it.standing.state.is_in_force())
}

/// What is to be done where the risk lies above what is tolerated.
fn appetite(history: &RiskHistory) -> Option<AnyView> {
    let register = &history.register;
    let tolerated = register.appetite.of(history.risk.category);
    let above = format!("This lies above what is tolerated ({}).", register.scheme.level_label(tolerated));
    match register.appetite.verdict(&history.risk, register.scheme, accepted(history)) {
        Verdict::NeedsTreatment => {
            Some(notice(Tone::Warn, format!("{above} Nobody has said yet what is to be done with it.")))
        }
        Verdict::NeedsAcceptance => {
            Some(notice(Tone::Warn, format!("{above} It is to be retained, and nobody has accepted it.")))
        }
        Verdict::Unrated => Some(notice(Tone::Info, "Nobody has rated this risk yet.")),
        Verdict::Within | Verdict::Treated => None,
    }
}

/// What the map says now, where that is something else than what was kept with the ratings: findings and links change.
fn outdated(place: &Place, history: &RiskHistory, now: Option<&Suggestion>) -> Option<AnyView> {
    let kept = history.risk.suggestion.as_ref();
    if !is_outdated(kept, now) || history.risk.stage == Stage::Closed {
        return None;
    }
    let scheme = history.register.scheme;
    let said = |suggestion: Option<&Suggestion>| match suggestion.and_then(|it| it.on(scheme)) {
        Some(rating) => rating_view(scheme, Some(rating)),
        None => view! { <span>"nothing"</span> }.into_any(),
    };
    let refresh = place.may(Capability::EditModel).then(|| {
        view! {
            <form method="post" action=format!("{}/suggestion", place.paths.risk(history.risk.key))>
                {hidden("rev", history.revision.to_string())}
                <button class="button">{icon("check")}"Take over what the map says now"</button>
            </form>
        }
    });
    let words = view! {
        "The map says something else than when this was rated: it was "{said(kept)}", it is "{said(now)}". Your ratings stay as \
         they are; look whether they still hold."
    };
    Some(view! { {notice(Tone::Info, words)}{refresh} }.into_any())
}

/// What people say about the risk.
fn comments_section(request: &Request, place: &Place, said: &[Comment], key: &str) -> AnyView {
    view! {
        <header class="section-header"><h2>"Comments"</h2></header>
        {aspects::comments(request, place, said, "risk", key)}
    }
    .into_any()
}

fn story(risk: &Risk) -> AnyView {
    let parts: Vec<_> =
        [("Because", &risk.cause), ("What may happen", &risk.event), ("What would follow", &risk.consequence)]
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(label, text)| view! { <div><dt>{label}</dt><dd>{text.clone()}</dd></div> })
            .collect();
    let empty = parts.is_empty().then(|| view! { <p class="muted">"Nobody has described it yet."</p> });
    let treatment = risk.treatment.map(|it| view! { <div><dt>"Treatment"</dt><dd>{it.label()}</dd></div> });
    let review = risk.next_review.map(|it| view! { <div><dt>"Next review"</dt><dd>{it.to_string()}</dd></div> });
    let reference = risk.reference.clone().map(|it| view! { <div><dt>"Called elsewhere"</dt><dd>{it}</dd></div> });
    let closed = (!risk.closing_evidence.is_empty())
        .then(|| view! { <div><dt>"What shows that it is over"</dt><dd>{risk.closing_evidence.join("; ")}</dd></div> });
    view! {
        <section class="card" aria-labelledby="story">
            <h2 id="story">"What it is"</h2>
            {empty}
            <dl class="key-value">{parts}{treatment}{review}{closed}{reference}</dl>
        </section>
    }
    .into_any()
}

fn ratings(risk: &Risk, scheme: Scheme, suggested: Option<&Suggestion>) -> AnyView {
    let rows: Vec<_> = Stand::ALL
        .iter()
        .map(|stand| view! { <div><dt>{stand.label()}</dt><dd>{rating_view(scheme, *risk.rating(*stand))}</dd></div> })
        .collect();
    let meaning = |rating: Option<domain::risk::Rating>, of: fn(Scheme, Step) -> &'static str, side: bool| {
        let step = rating.map(|it| if side { it.likelihood() } else { it.impact() });
        step.map(|step| of(scheme, step)).filter(|words| !words.is_empty())
    };
    let likelihood = meaning(risk.current(), Scheme::likelihood_meaning, true);
    let impact = meaning(risk.current(), Scheme::impact_meaning, false);
    let reason = risk.order_reason.clone().map(|it| view! { <p>{it}</p> });
    view! {
        <section class="card" aria-labelledby="ratings">
            <h2 id="ratings">"How bad it is"</h2>
            <dl class="key-value">{rows}</dl>
            {likelihood.map(|it| view! { <p class="meta">{format!("Likelihood: {it}.")}</p> })}
            {impact.map(|it| view! { <p class="meta">{format!("Impact: {it}.")}</p> })}
            {reason}
            {suggested.map(|it| said(it, scheme))}
        </section>
    }
    .into_any()
}

fn links(place: &Place, risk: &Risk) -> Option<AnyView> {
    let links: Vec<_> = risk.links.iter().map(|link| view! { <li>{link_view(place, link)}</li> }).collect();
    (!links.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="about">
                <h2 id="about">"What it is about"</h2>
                <ul class="list-rows">{links}</ul>
            </section>
        }
        .into_any()
    })
}

/// The incidents that made the risk real, or showed it, the newest first.
fn shown_by(place: &Place, book: &IncidentBook, risk: &Risk) -> Option<AnyView> {
    let mut incidents: Vec<_> = book.incidents.values().filter(|it| it.risks.contains(&risk.key)).collect();
    incidents.sort_by_key(|it| (Reverse(it.detected_at), it.key));
    let rows: Vec<_> = incidents
        .into_iter()
        .map(|it| {
            let when = format!(" {}, {}", it.detected_at.day(), it.phase.label().to_lowercase());
            view! { <li><a href=place.paths.incident(it.key)>{it.title.clone()}</a><span class="meta">{when}</span></li> }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="incidents">
                <h2 id="incidents">"Incidents that showed it"</h2>
                <ul class="list-rows">{rows}</ul>
            </section>
        }
        .into_any()
    })
}

fn controls(risk: &Risk) -> Option<AnyView> {
    let rows: Vec<_> = risk
        .controls
        .iter()
        .map(|it| {
            view! {
                <tr>
                    <th scope="row">{it.what.clone()}</th>
                    {cell("Works", it.effectiveness.label())}
                    {cell("Evidence", it.evidence.clone())}
                </tr>
            }
            .into_any()
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="controls-heading">
                <h2 id="controls-heading">"In place against it"</h2>
                {small("controls", count(risk.controls.len(), "control"), &["Control", "Works", "Evidence"], rows)}
            </section>
        }
        .into_any()
    })
}

fn actions(place: &Place, risk: &Risk) -> Option<AnyView> {
    let rows: Vec<_> = risk.actions.iter().map(|action| action_row(place, risk, action)).collect();
    let columns = ["What", "Who", "Due", "Cost", "State", "Waits for", "Ticket"];
    (!rows.is_empty()).then(|| {
        view! {
            <section class="section" aria-labelledby="actions-heading">
                <header class="section-header"><h2 id="actions-heading">"What is done about it"</h2></header>
                {small("actions", count(risk.actions.len(), "action"), &columns, rows)}
            </section>
        }
        .into_any()
    })
}

fn action_row(place: &Place, risk: &Risk, action: &Action) -> AnyView {
    let who = action.who.as_ref().map(|id| {
        let name = place.estate.model.people.get(id).map_or_else(|| id.to_string(), |it| it.name.clone());
        view! { <a href=place.paths.person(id)>{name}</a> }
    });
    let late = action.is_late(place.estate.today).then(|| view! { " "<strong>"late"</strong> });
    let due = action.due.map(|day| view! { <span>{day.to_string()}{late}</span> });
    let cost: Vec<String> = action
        .effort
        .map(|it| format!("{it} person-days"))
        .into_iter()
        .chain(action.money.map(|it| it.to_string()))
        .collect();
    let list = |numbers: std::collections::BTreeSet<u32>| {
        numbers.into_iter().map(|it| it.to_string()).collect::<Vec<_>>().join(", ")
    };
    let waits = match waiting(&risk.actions, action.number) {
        Waiting::No => String::new(),
        Waiting::For(numbers) => list(numbers),
        Waiting::Forever(numbers) => format!("{}, which wait for each other", list(numbers)),
    };
    let ticket = action.ticket.as_ref().map(|ticket| match ticket.href() {
        Some(href) => {
            view! { <a href=href.to_owned() rel="noreferrer noopener">{ticket.as_str().to_owned()}</a> }.into_any()
        }
        None => ticket.as_str().to_owned().into_any(),
    });
    view! {
        <tr>
            <th scope="row" data-label="What">{format!("{}. {}", action.number, action.what)}</th>
            {cell("Who", who)}
            {cell("Due", due)}
            {cell("Cost", cost.join(", "))}
            {cell("State", action.state.label())}
            {cell("Waits for", waits)}
            {cell("Ticket", ticket)}
        </tr>
    }
    .into_any()
}

/// What each save changed, field by field, the newest first.
fn versions(history: &RiskHistory) -> AnyView {
    let items: Vec<_> = history
        .versions
        .iter()
        .enumerate()
        .map(|(place, version)| version_view(version, history.versions.get(place + 1)))
        .collect();
    view! {
        <details>
            <summary>{format!("History, {}", count(history.versions.len(), "version"))}</summary>
            <ol class="stack">{items}</ol>
        </details>
    }
    .into_any()
}

fn version_view(version: &RiskVersion, before: Option<&RiskVersion>) -> AnyView {
    let by = version.by.clone().unwrap_or_else(|| "the command line".to_owned());
    let head = format!("{}, {by}", version.at);
    let changed: Vec<_> = before
        .map(|before| changes(&before.risk, &version.risk))
        .unwrap_or_default()
        .into_iter()
        .map(|change| {
            let field = change.field.replace(['_', '.'], " ");
            let said = |values: &[String]| if values.is_empty() { "nothing".to_owned() } else { values.join(", ") };
            view! { <li><strong>{field}</strong>{format!(": {} became {}", said(&change.was), said(&change.is))}</li> }
        })
        .collect();
    let first = before.is_none().then(|| view! { <p class="meta">"The first version that is kept here."</p> });
    view! { <li><p>{head}</p>{first}<ul>{changed}</ul></li> }.into_any()
}
