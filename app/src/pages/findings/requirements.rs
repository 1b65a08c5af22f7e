//! Every requirement, with what the rules that speak to it found.

use std::collections::BTreeMap;

use domain::filter::Filter;
use domain::findings::requirement::{Mapping, Requirement};
use domain::findings::{Finding, Identity};
use domain::problem::Problem;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::Request;
use super::super::systems::list::filter_bar;
use super::requirement::speaking;
use crate::ui::header::Header;
use crate::ui::notice::empty_state;
use crate::ui::table::{Column, Listing, cell, number};

const KEYS: [&str; 2] = ["is", "chapter"];

const COLUMNS: [Column; 5] = [
    Column::plain("Requirement"),
    Column::plain("What it is about"),
    Column::number("rules", "Rules"),
    Column::number("found", "Findings"),
    Column::number("asked", "Questions"),
];

/// A requirement, how many rules speak to it, what they found, and what they ask.
type Row = (Requirement, usize, usize, usize);

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let backend = request.backend()?;
    let findings = backend.findings(&place.estate).await?;
    let decided = backend.decided_findings(&place.estate).await?;
    let is_open = |it: &&Finding| !decided.contains::<Identity>(&it.identity());
    let found = counted(findings.findings.iter().filter(is_open));
    let asked = counted(findings.questions.iter());
    let of = |counts: &BTreeMap<&str, usize>, it: Requirement| counts.get(it.id()).copied().unwrap_or_default();
    let listing = Listing::of(place.paths.page("requirements"), |name| request.query(name));
    let filter = Filter::parse(&listing.q);
    let mut rows: Vec<Row> = Requirement::all()
        .map(|it| (it, speaking(it).len(), of(&found, it), of(&asked, it)))
        .filter(|row| passes(&filter, row))
        .collect();
    match listing.sort.as_str() {
        "rules" => rows.sort_by_key(|row| row.1),
        "found" => rows.sort_by_key(|row| row.2),
        "asked" => rows.sort_by_key(|row| row.3),
        _ => {}
    }
    if listing.descending {
        rows.reverse();
    }
    let total = rows.len();
    let table = if total == 0 {
        let all = view! { <a class="button" href=listing.path.clone()>"Show all requirements"</a> };
        empty_state("filter", "No requirement matches", "Remove a part of the filter, or check its spelling.", all)
    } else {
        let lines = listing
            .slice(&rows)
            .iter()
            .map(|(it, rules, found, asked)| {
                view! {
                    <tr>
                        <th scope="row" data-label="Requirement">
                            <a class="key" href=place.paths.requirement(it.id())>{it.id()}</a>
                        </th>
                        {cell("What it is about", it.title())}
                        {number("Rules", *rules)}
                        {number("Findings", *found)}
                        {number("Questions", *asked)}
                    </tr>
                }
                .into_any()
            })
            .collect();
        listing.table("requirements", format!("{total} of {}", Requirement::all().count()), &COLUMNS, lines)
    };
    let lede = "PCI DSS v4.0.1 by number, with short titles of our own. What the map says about each is one step away.";
    let body = view! {
        {Header::new("Requirements").below(place.paths.page("findings"), "Findings").lede(lede).view()}
        {filter_bar(&listing, &filter, &KEYS, "is:finding is:question chapter:3")}
        {table}
        {(total > 0).then(|| listing.pagination(total))}
    };
    Ok(Screen::inside(&place, Section::Findings, "Requirements", body))
}

/// How many findings speak to each requirement, through their first or a further rule.
fn counted<'f>(findings: impl Iterator<Item = &'f Finding>) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        let further = finding.also.iter().filter_map(|id| domain::findings::registry::rule(id));
        let ids: std::collections::BTreeSet<&'static str> = std::iter::once(finding.rule())
            .chain(further)
            .flat_map(|rule| rule.maps_to)
            .filter_map(|it| match it {
                Mapping::Pci(id) => Some(*id),
                _ => None,
            })
            .collect();
        for id in ids {
            *counts.entry(id).or_insert(0) += 1;
        }
    }
    counts
}

fn passes(filter: &Filter, (it, rules, found, asked): &Row) -> bool {
    let text = format!("{} {}", it.id(), it.title());
    filter.lets_through(&text, |key, value| match key {
        "chapter" => it.id().split('.').next() == Some(value),
        "is" => match value {
            "finding" => *found > 0,
            "question" => *asked > 0,
            "silent" => *rules > 0 && found + asked == 0,
            "unread" => *rules == 0,
            _ => false,
        },
        _ => false,
    })
}
