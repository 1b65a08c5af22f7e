//! How many open risks of each level there were, as a picture and as a table; and which systems and vendors have most.

use domain::backend::risks::RiskRegister;
use domain::risk::view::top::{AtRisk, top_systems, top_vendors};
use domain::risk::view::trend::{Span, Trend};
use domain::risk::{Level, Scheme};
use leptos::prelude::*;

use super::super::request::Place;
use super::list::As;
use super::{level_chip, level_number};
use crate::ui::table::{cell, classed, count, number, small};

/// How many systems and vendors are listed.
const MOST: usize = 10;

/// The levels that are counted for each of them.
const SHOWN: [Level; 3] = [Level::VeryHigh, Level::High, Level::Moderate];

/// The measures of the picture, in its own units.
const WIDTH: usize = 720;
const HEIGHT: usize = 240;
const LEFT: usize = 48;
const BOTTOM: usize = 28;
const TOP: usize = 12;

/// The trend of a span, and what is at risk most now.
pub(super) fn view(place: &Place, register: &RiskRegister, trend: &Trend, span: Span, of: As) -> AnyView {
    let scheme = register.register.scheme;
    let model = &place.estate.model;
    let risks = || register.risks.values().map(|risk| &**risk);
    let systems = top_systems(risks(), model, scheme, MOST);
    let vendors = top_vendors(risks(), model, scheme, MOST);
    let systems = systems
        .iter()
        .map(|it| {
            let name = model.systems.get(&it.id).map_or_else(|| it.id.to_string(), |system| system.name.clone());
            let link = view! { <a href=place.paths.system(&it.id)>{name}</a> }.into_any();
            top_row(place, scheme, link, it, "System")
        })
        .collect();
    let vendors = vendors
        .iter()
        .map(|it| {
            let name = model.vendors.get(&it.id).map_or_else(|| it.id.to_string(), |vendor| vendor.name.clone());
            top_row(place, scheme, name.into_any(), it, "Vendor")
        })
        .collect();
    view! {
        {choice(place, span, of)}
        <section class="section" aria-labelledby="trend-heading">
            <header class="section-header"><h2 id="trend-heading">"Open risks by level"</h2></header>
            {picture(trend, scheme)}
            {legend(scheme)}
            {table(trend, scheme)}
        </section>
        <div class="cards">
            {most("top-systems", "Systems with the worst risks", "System", scheme, systems)}
            {most("top-vendors", "Vendors with the worst risks", "Vendor", scheme, vendors)}
        </div>
    }
    .into_any()
}

fn choice(place: &Place, now: Span, of: As) -> AnyView {
    let links: Vec<_> = Span::ALL
        .iter()
        .map(|span| {
            let href = of.query(place, &[("view", "trend"), ("span", span.as_str())]);
            let current = (*span == now).then_some("page");
            view! { <a href=href aria-current=current>{span.label()}</a> }
        })
        .collect();
    view! { <nav class="tabs" aria-label="How far back">{links}</nav> }.into_any()
}

/// A column for each day, the worst level at its foot. Whoever does not see it has the table below.
fn picture(trend: &Trend, scheme: Scheme) -> AnyView {
    let highest = trend.days.iter().map(|(_, counts)| counts.total()).max().unwrap_or_default().max(1);
    let (days, inside) = (trend.days.len().max(1), HEIGHT - BOTTOM - TOP);
    let slot = (WIDTH - LEFT) / days;
    let column = slot * 7 / 10;
    let foot = HEIGHT - BOTTOM;
    let columns: Vec<_> = trend
        .days
        .iter()
        .enumerate()
        .map(|(place, (day, counts))| {
            let x = LEFT + place * slot + (slot - column) / 2;
            let mut below = 0;
            let parts: Vec<_> = Level::ALL
                .iter()
                .rev()
                .filter(|level| counts.of(**level) > 0)
                .map(|level| {
                    // Both edges are rounded, not the height: parts touch without gaps.
                    let (from, to) = (below * inside / highest, (below + counts.of(*level)) * inside / highest);
                    below += counts.of(*level);
                    let said = format!("{day}: {} {}", counts.of(*level), scheme.level_label(*level));
                    view! {
                        <rect
                            class="trend-part"
                            data-level=level_number(*level)
                            x=x.to_string()
                            y=(foot - to).to_string()
                            width=column.to_string()
                            height=(to - from).to_string()
                        >
                            <title>{said}</title>
                        </rect>
                    }
                })
                .collect();
            // Every other day has its name, so that none runs into the next.
            let name = (place % 2 == (days - 1) % 2).then(|| {
                let text = day.to_string();
                let text = text.get(5..).unwrap_or_default().to_owned();
                view! {
                    <text class="trend-text" x=(x + column / 2).to_string() y=(foot + 18).to_string() text-anchor="middle">
                        {text}
                    </text>
                }
            });
            view! { {parts}{name} }
        })
        .collect();
    let lines: Vec<_> = [highest, highest / 2]
        .into_iter()
        .filter(|number| *number > 0)
        .map(|number| {
            let y = (foot - number * inside / highest).to_string();
            view! {
                <line class="trend-line" x1=LEFT.to_string() x2=WIDTH.to_string() y1=y.clone() y2=y.clone()></line>
                <text class="trend-text" x=(LEFT - 8).to_string() y=y text-anchor="end" dominant-baseline="middle">
                    {number.to_string()}
                </text>
            }
        })
        .collect();
    let last = trend.days.last().map(|(day, counts)| format!("{} on {day}", count(counts.total(), "open risk")));
    let label =
        format!("Open risks by level over time, {}. The table below has the numbers.", last.unwrap_or_default());
    let axis = foot.to_string();
    view! {
        <svg class="trend" role="img" aria-label=label viewBox=format!("0 0 {WIDTH} {HEIGHT}")>
            {lines}
            <line class="trend-axis" x1=LEFT.to_string() x2=WIDTH.to_string() y1=axis.clone() y2=axis></line>
            {columns}
        </svg>
    }
    .into_any()
}

fn legend(scheme: Scheme) -> AnyView {
    let chips: Vec<_> = Level::ALL.iter().rev().map(|level| view! { <li>{level_chip(scheme, *level)}</li> }).collect();
    view! { <ul class="cluster" aria-label="Levels, from the foot of each column up">{chips}</ul> }.into_any()
}

fn table(trend: &Trend, scheme: Scheme) -> AnyView {
    let rows: Vec<_> = trend
        .days
        .iter()
        .rev()
        .map(|(day, counts)| {
            let cells: Vec<_> =
                Level::ALL.iter().rev().map(|level| number(scheme.level_label(*level), counts.of(*level))).collect();
            view! {
                <tr>
                    <th scope="row" data-label="Day">{day.to_string()}</th>
                    {cells}
                    {number("All", counts.total())}
                </tr>
            }
            .into_any()
        })
        .collect();
    let levels = Level::ALL.iter().rev().map(|level| scheme.level_label(*level));
    let columns: Vec<&'static str> = std::iter::once("Day").chain(levels).chain(["All"]).collect();
    classed("trend-table", "Open risks at the end of each day".to_owned(), "table", &columns, rows)
}

fn most(
    id: &'static str,
    heading: &'static str,
    what: &'static str,
    scheme: Scheme,
    rows: Vec<AnyView>,
) -> Option<AnyView> {
    let labels = SHOWN.map(|level| scheme.level_label(level));
    let columns = [what, labels[0], labels[1], labels[2], "All"];
    (!rows.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby=format!("{id}-heading")>
                <h2 id=format!("{id}-heading")>{heading}</h2>
                {small(id, format!("The first {}", rows.len()), &columns, rows)}
            </section>
        }
        .into_any()
    })
}

fn top_row<I>(place: &Place, scheme: Scheme, name: AnyView, at: &AtRisk<I>, what: &'static str) -> AnyView {
    // One risk is named, of several there are many pages.
    let all = match &at.risks[..] {
        [only] => view! { <a href=place.paths.risk(*only)>{only.to_string()}</a> }.into_any(),
        risks => risks.len().to_string().into_any(),
    };
    view! {
        <tr>
            <th scope="row" data-label=what>{name}</th>
            {SHOWN.map(|level| number(scheme.level_label(level), at.counts.of(level)))}
            {cell("All", all)}
        </tr>
    }
    .into_any()
}
