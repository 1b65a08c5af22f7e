//! One rule: when it fires, what it reads, which requirements it speaks to, and what it found.

use domain::findings::registry;
use domain::findings::requirement::{Mapping, Requirement};
use domain::problem::Problem;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::{named, severity};
use crate::ui::header::Header;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, count, small};

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let rule = registry::rule(&request.path("key")).ok_or(Problem::NotFound)?;
    let findings = request.backend()?.findings(&place.estate).await?;
    let found: Vec<_> = findings.all().filter(|it| it.rule == rule.id || it.also.contains(&rule.id)).collect();
    let rows: Vec<_> = found
        .iter()
        .map(|it| {
            let href = place.paths.finding(&it.identity());
            view! {
                <tr>
                    {cell("Severity", severity(it.severity))}
                    <th scope="row" data-label="What"><a href=href>{it.sentence.clone()}</a></th>
                    {cell("On", named(&place, &it.subject))}
                </tr>
            }
            .into_any()
        })
        .collect();
    let table = if rows.is_empty() {
        notice(Tone::Ok, "It ran on the model as it is now, and found nothing.")
    } else {
        small("found", count(rows.len(), "time"), &["Severity", "What", "On"], rows)
    };
    let requirements: Vec<_> = rule.maps_to.iter().map(|it| requirement(&place, *it)).collect();
    let examples =
        |list: &[domain::findings::rule::Example]| list.iter().map(|it| view! { <li>{it.when}</li> }).collect_view();
    let meta = view! { {severity(rule.severity)}<span class="key">{rule.id}</span><span>{rule.kind.label()}</span> };
    let body = view! {
        {Header::new(rule.title).below(place.paths.page("rules"), "Rules").lede(rule.sentence).meta(meta).view()}
        <section class="section" aria-labelledby="when">
            <header class="section-header"><h2 id="when">"When it fires"</h2></header>
            <p>{rule.condition}</p>
            {(!rule.severity_moves.is_empty()).then(|| view! { <p class="meta">"Severity: "{rule.severity_moves}</p> })}
            {(!rule.false_positives.is_empty())
                .then(|| view! { <p class="meta">"It may be fine: "{rule.false_positives}</p> })}
            <div class="split">
                <div><h3>"It fires when"</h3><ul>{examples(rule.fires)}</ul></div>
                <div><h3>"It is silent when"</h3><ul>{examples(rule.silent)}</ul></div>
            </div>
        </section>
        <section class="section" aria-labelledby="found-heading"><header class="section-header"><h2 id="found-heading">"What it found"</h2></header>{table}</section>
        {(!requirements.is_empty()).then(|| view! {
            <section class="section" aria-labelledby="requirements">
                <header class="section-header"><h2 id="requirements">"Requirements that it speaks to"</h2></header>
                <ul class="list-rows">{requirements}</ul>
            </section>
        })}
    };
    Ok(Screen::inside(&place, Section::Findings, rule.title, body))
}

/// A requirement with our short title, and the way to all findings that speak to it.
pub(super) fn requirement(place: &Place, mapping: Mapping) -> AnyView {
    let title = match mapping {
        Mapping::Pci(id) => id.parse().map(Requirement::title).unwrap_or_default(),
        _ => "",
    };
    let href = match mapping {
        Mapping::Pci(id) => place.paths.requirement(id),
        _ => place.paths.query("findings", &[("list", "all"), ("q", &format!("requirement:{}", mapping.id()))]),
    };
    view! { <li><a href=href>{mapping.to_string()}</a><span class="grow">{title}</span></li> }.into_any()
}
