//! One change to every risk that a filter lets through: chosen, looked at, then saved. All of it works without a script,
//! and a preview is an address.

use std::collections::BTreeMap;

use domain::backend::risks::RiskRegister;
use domain::filter::Filter;
use domain::model::draft::options;
use domain::problem::Problem;
use domain::risk::bulk::{BulkField, MOST, Several, several};
use domain::risk::draft::Around;
use domain::risk::{Risk, RiskKey};
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::not_done;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::{categories, treatments};
use crate::ui::field::{hidden, options_of};
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, count, small};

/// How many rows the preview shows; the number of all is told.
const SHOWN: usize = 100;

/// What is asked for.
struct Asked {
    q: String,
    set: Option<BulkField>,
    /// Absent before a value was chosen; empty takes the value away.
    to: Option<String>,
}

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    if !place.may(Capability::EditModel) {
        return Err(Problem::Forbidden);
    }
    let backend = request.backend()?;
    let workspace = &place.estate.workspace.id;
    // The numbers first: what changes in between is then refused.
    let revisions = backend.risk_revisions(workspace).await?;
    let register = backend.risks(workspace).await?;
    let asked = Asked {
        q: request.query("q").unwrap_or_default(),
        set: request.query("set").and_then(|it| it.parse().ok()),
        to: request.query("to"),
    };
    let chosen = register.listed(&Filter::parse(&asked.q), "key", place.estate.today);
    let chosen: Vec<&Risk> = chosen.into_iter().map(|row| row.risk).collect();
    let preview = match (asked.set, asked.to.as_deref()) {
        (Some(set), Some(to)) => Some(preview(&place, (&register, &revisions), &chosen, (set, to))),
        _ => None,
    };
    let body = view! {
        {Header::new("Change several risks").below(place.paths.page("risks"), "Risks").view()}
        {not_done(&request)}
        {choice(&place, &asked, chosen.len())}
        {preview}
    };
    Ok(Screen::inside(&place, Section::Risks, "Change several risks", body))
}

/// Which risks, which field, which value. The values appear once the field is chosen.
fn choice(place: &Place, asked: &Asked, chosen: usize) -> AnyView {
    let fields: Vec<(String, String)> =
        BulkField::ALL.iter().map(|it| (it.as_str().to_owned(), it.label().to_owned())).collect();
    let now = asked.to.clone().unwrap_or_default();
    let to = asked.set.map(|set| {
        let control = match values(place, set) {
            Some(values) => {
                view! { <select class="input" id="to" name="to">{options_of(None, &values, &now)}</select> }.into_any()
            }
            None => view! { <input class="input short" id="to" name="to" type="date" value=now/> }.into_any(),
        };
        view! { <div class="field"><label for="to">"Becomes"</label>{control}</div> }
    });
    let button = if asked.set.is_none() { "Choose the value" } else { "Show what would change" };
    view! {
        <form class="filter-bar" method="get" action=place.paths.page("risks/change")>
            <div class="field grow">
                <label for="q">{format!("Risks: {chosen} match")}</label>
                <input class="input mono" id="q" type="search" name="q" value=asked.q.clone() autocomplete="off"/>
            </div>
            <div class="field">
                <label for="set">"Change"</label>
                <select class="input" id="set" name="set">
                    {options_of(None, &fields, asked.set.map_or("", BulkField::as_str))}
                </select>
            </div>
            {to}
            <button class="button">{button}</button>
        </form>
    }
    .into_any()
}

/// The values of a field; `None` for a day.
fn values(place: &Place, set: BulkField) -> Option<Vec<(String, String)>> {
    match set {
        BulkField::Owner => Some(options::people(&place.estate.model)),
        BulkField::Category => Some(categories()),
        BulkField::Treatment => Some(treatments()),
        BulkField::NextReview => None,
    }
}

/// The value of a field in words.
fn words(place: &Place, risk: &Risk, set: BulkField) -> String {
    let said = match set {
        BulkField::Owner => risk
            .owner
            .as_ref()
            .map(|id| place.estate.model.people.get(id).map_or_else(|| id.to_string(), |person| person.name.clone())),
        BulkField::NextReview => risk.next_review.map(|it| it.to_string()),
        BulkField::Category => risk.category.map(|it| it.label().to_owned()),
        BulkField::Treatment => risk.treatment.map(|it| it.label().to_owned()),
    };
    said.unwrap_or_else(|| "not stated".to_owned())
}

fn preview(
    place: &Place,
    (register, revisions): (&RiskRegister, &BTreeMap<RiskKey, i64>),
    chosen: &[&Risk],
    (set, to): (BulkField, &str),
) -> AnyView {
    let around = Around { model: &place.estate.model, register: &register.register, is_finding: &|_| false };
    let Ok(Several { changed, refused, .. }) = several(chosen.iter().copied(), set, to, around) else {
        return notice(Tone::Warn, format!("Choose from 1 to {MOST} risks. Narrow the filter."));
    };
    let not: Vec<_> = refused
        .iter()
        .take(SHOWN)
        .map(|(risk, errors)| {
            let advice = errors.first().map(|it| it.code.advice()).unwrap_or_default();
            let field = errors.first().map(|it| it.field.replace('_', " ")).unwrap_or_default();
            view! { <li><a href=place.paths.risk(risk.key)>{risk.title.clone()}</a>{format!(": {field}: {advice}")}</li> }
        })
        .collect();
    let not = (!not.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="refused">
                <h2 id="refused">{format!("{} stay as they are", count(refused.len(), "risk"))}</h2>
                <ul>{not}</ul>
            </section>
        }
    });
    if changed.is_empty() {
        return view! { {notice(Tone::Ok, "Nothing would change.")}{not} }.into_any();
    }
    let rows = changed
        .iter()
        .take(SHOWN)
        .map(|after| {
            let before = register.risks.get(&after.key).map(|it| words(place, it, set)).unwrap_or_default();
            view! {
                <tr>
                    <th scope="row"><a href=place.paths.risk(after.key)>{after.title.clone()}</a></th>
                    {cell("Now", before)}
                    {cell("Then", words(place, after, set))}
                </tr>
            }
            .into_any()
        })
        .collect();
    let counted = count(changed.len(), "risk");
    let caption = match changed.len() > SHOWN {
        true => format!("The first {SHOWN} of {counted} that would change"),
        false => format!("{counted} would change"),
    };
    let keys: Vec<_> = changed
        .iter()
        .map(|it| hidden("key", format!("{}:{}", it.key, revisions.get(&it.key).copied().unwrap_or(0))))
        .collect();
    view! {
        {small("several", caption, &["Risk", "Now", "Then"], rows)}
        {not}
        <form method="post" action=place.paths.page("risks/change")>
            {hidden("set", set.as_str().to_owned())}
            {hidden("to", to.to_owned())}
            {keys}
            <div class="button-row">
                <button class="button primary">{icon("check")}{format!("Change {counted}")}</button>
                <a class="button quiet" href=place.paths.page("risks")>"Cancel"</a>
            </div>
        </form>
    }
    .into_any()
}
