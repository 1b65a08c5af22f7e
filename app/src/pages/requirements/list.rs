//! Every requirement of a framework, with where it stands and what the map says beside it.

use domain::evidence::requirement_list::{Chapter, KEYS, Line, Progress, chapters, lines, progress};
use domain::filter::Filter;
use domain::findings::{Finding, Identity};
use domain::library::position::Gap;
use domain::library::reference::Standard;
use domain::library::{Framework, Status};
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::evidence;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::systems::list::filter_bar;
use super::{badge, framework_of, framework_tabs, party, words};
use crate::ui::header::{self, Header};
use crate::ui::notice::empty_state;
use crate::ui::table::{Column, Listing, cell, count, number, small};

const COLUMNS: [Column; 7] = [
    Column::plain("Requirement"),
    Column::plain("What it is about"),
    Column::sorted("status", "Where it stands"),
    Column::number("evidence", "Evidence"),
    Column::number("found", "Findings"),
    Column::number("asked", "Questions"),
    Column::plain("Who does it"),
];

/// How many vendors a row names.
const NAMED: usize = 2;

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let backend = request.backend()?;
    let book = backend.library(&place.estate.workspace.id).await?;
    let (framework, entries) = framework_of(&request, &book)?;
    let findings = backend.findings(&place.estate).await?;
    let decided = backend.decided_findings(&place.estate).await?;
    let is_open = |it: &Finding| !decided.contains::<Identity>(&it.identity());
    let said = book.said();
    let all = lines(entries, &said.with(&findings, &is_open));
    let address = |it: &str| match it {
        "pci" => place.paths.page("requirements"),
        other => place.paths.query("requirements", &[("framework", other)]),
    };
    let listing = Listing::of(address(framework.as_str()), |name| request.query(name));
    let filter = Filter::parse(&listing.q);
    let mut rows: Vec<&Line<'_>> = all.iter().filter(|it| it.passes(&filter)).collect();
    match listing.sort.as_str() {
        "status" => rows.sort_by_key(|it| it.status()),
        "evidence" => rows.sort_by_key(|it| it.evidence.len()),
        "found" => rows.sort_by_key(|it| it.findings),
        "asked" => rows.sort_by_key(|it| it.questions),
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
        let rows = listing.slice(&rows).iter().map(|it| row(&place, it)).collect();
        listing.table("requirements", format!("{total} of {}", all.len()), &COLUMNS, rows)
    };
    let lede = match &framework {
        Framework::Standard(Standard::Pci) => {
            "PCI DSS v4.0.1 by number, with short titles of our own. People say where each stands; what the map says is beside it."
        }
        Framework::Standard(_) => "By number, with short titles of our own. People say where each stands.",
        Framework::Own(_) => "A framework of your own. People say where each requirement stands.",
    };
    let csv = [("framework", framework.as_str()), ("q", listing.q.as_str())];
    let csv = place.may(Capability::ExportModel).then(|| {
        let href = place.paths.query("export/requirements", &csv);
        header::action(href, "download", "Download CSV", false)
    });
    let own = header::action(place.paths.page("frameworks"), "checklist", "Own frameworks", false);
    let done = progress(&all);
    let body = view! {
        {Header::new("Requirements")
            .below(place.paths.page("evidence"), "Evidence")
            .lede(lede)
            .actions(view! { {csv}{own} })
            .view()}
        {evidence::tabs(&place, "requirements")}
        {framework_tabs(&book, &framework, address)}
        {how_far(&listing, &done)}
        {by_chapter(&listing, &chapters(&all))}
        {filter_bar(&listing, &filter, &KEYS, "status:in_place is:contradicted chapter:3")}
        {table}
        {(total > 0).then(|| listing.pagination(total))}
    };
    Ok(Screen::inside(&place, Section::Evidence, "Requirements", body))
}

/// How far all of them are, with the way to those that need somebody.
fn how_far(listing: &Listing, done: &Progress) -> AnyView {
    let link = |q: &str, words: String| {
        let href = crate::ui::link::with_query(&listing.path, &[("q", q)]);
        view! { <li><a href=href>{words}</a></li> }
    };
    let statuses = Status::ALL.iter().map(|it| Some(*it)).chain([None]);
    let stand: Vec<_> = statuses
        .filter_map(|it| Some((it, *done.by_status.get(&it)?)))
        .map(|(it, many)| {
            link(
                &format!("status:{}", it.map_or("none", Status::as_str)),
                format!("{many} {}", words(it).to_lowercase()),
            )
        })
        .collect();
    let look = [
        ("is:contradicted", done.contradicted, "beside an open finding"),
        ("is:unproven", done.without_evidence, "without evidence"),
        ("is:waiting", done.waiting, "waiting for approval or review"),
    ];
    let look: Vec<_> =
        look.into_iter().filter(|it| it.1 > 0).map(|(q, many, words)| link(q, format!("{many} {words}"))).collect();
    let (settled, total) = (done.settled(), done.total);
    view! {
        <section class="card stack tight requirement-progress" aria-labelledby="how-far">
            <h2 id="how-far">{format!("{settled} of {total} in place or not applicable")}</h2>
            <progress max=total.max(1).to_string() value=settled.to_string() aria-labelledby="how-far"></progress>
            <ul class="cluster plain-list">{stand}</ul>
            {(!look.is_empty()).then(|| view! {
                <p class="visually-hidden">"To look after"</p>
                <ul class="cluster plain-list attention">{look}</ul>
            })}
        </section>
    }
    .into_any()
}

/// How far each chapter is, folded.
fn by_chapter(listing: &Listing, chapters: &[Chapter]) -> Option<AnyView> {
    let rows: Vec<AnyView> = chapters
        .iter()
        .map(|it| {
            let quoted = domain::filter::quoted(&it.group);
            let href = crate::ui::link::with_query(&listing.path, &[("q", &format!("chapter:{quoted}"))]);
            let (settled, total) = (it.progress.settled(), it.progress.total);
            let name = if it.title.is_empty() { it.group.clone() } else { format!("{} {}", it.group, it.title) };
            let bar = view! {
                <progress max=total.to_string() value=settled.to_string() aria-label=name.clone()></progress>
            };
            view! {
                <tr>
                    <th scope="row" data-label="Chapter"><a href=href>{name.clone()}</a></th>
                    {cell("Settled", format!("{settled} of {total}"))}
                    {cell("How far", bar)}
                    {number("Beside a finding", it.progress.contradicted)}
                    {number("Without evidence", it.progress.without_evidence)}
                </tr>
            }
            .into_any()
        })
        .collect();
    (!rows.is_empty()).then(|| {
        let columns = ["Chapter", "Settled", "How far", "Beside a finding", "Without evidence"];
        let table = small("chapters", count(chapters.len(), "chapter"), &columns, rows);
        view! { <details><summary>"By chapter"</summary>{table}</details> }.into_any()
    })
}

fn row(place: &Place, line: &Line<'_>) -> AnyView {
    let against =
        line.is_contradicted().then(|| view! { " "<span class="badge" data-tone="error">"Beside a finding"</span> });
    let waits = line.gaps.iter().find_map(|gap| match gap {
        Gap::NotApproved => Some("Not approved"),
        Gap::ReviewDue(_) => Some("Review due"),
        Gap::NoEvidence => None,
    });
    let waits = waits.map(|words| view! { " "<span class="badge" data-tone="warn">{words}</span> });
    let level = line.entry.level.map(|it| view! { " "<span class="meta">{format!("level {it}")}</span> });
    view! {
        <tr>
            <th scope="row" data-label="Requirement">
                <a class="key" href=place.paths.requirement_of(&line.entry.key)>{line.entry.key.id().to_owned()}</a>
            </th>
            {cell("What it is about", view! { {line.entry.title.clone()}{level} })}
            {cell("Where it stands", view! { {badge(line.status())}{against}{waits} })}
            {number("Evidence", line.evidence.len())}
            {number("Findings", line.findings)}
            {number("Questions", line.questions)}
            {cell("Who does it", who(place, line))}
        </tr>
    }
    .into_any()
}

/// The first vendors with who does it, and how many more there are.
fn who(place: &Place, line: &Line<'_>) -> Option<AnyView> {
    let vendors = &place.estate.model.vendors;
    let named: Vec<String> = line
        .duties
        .iter()
        .take(NAMED)
        .map(|(id, duty)| {
            let name = vendors.get(*id).map_or_else(|| id.to_string(), |it| it.name.clone());
            format!("{name}: {}", party(duty.party).to_lowercase())
        })
        .collect();
    let more = line.duties.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!(", {more} more") };
    (!named.is_empty()).then(|| format!("{}{more}", named.join(", ")).into_any())
}
