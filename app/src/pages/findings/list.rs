//! Triage: what is wrong, the most urgent first, and where each stands; what is asked, and what the model lacks.

use std::collections::BTreeSet;

use domain::filter::Filter;
use domain::findings::life::Record;
use domain::findings::requirement::Mapping;
use domain::findings::standing::{Desk, FILTER_KEYS, Standing, standings};
use domain::findings::{Finding, Findings, Identity, Severity};
use domain::problem::Problem;
use domain::review::board::is_explained;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::systems::list::filter_bar;
use super::{answering, badge, name, named, owner, questions, severity, triage};
use crate::islands::triage::TriageKeys;
use crate::ui::header::{self, Header};
use crate::ui::link::encoded;
use crate::ui::notice::empty_state;
use crate::ui::table::{Column, Listing, cell, count};

/// The lists, with their words in addresses, on tabs and in the head.
const LISTS: [(&str, &str, &str); 6] = [
    ("", "To do", "What facts of the model show to be wrong, and nobody has set aside."),
    (
        "decided",
        "Decided",
        "What was set aside for a time, by whom the history of each tells. Other facts open it again.",
    ),
    ("fixed", "Fixed", "What the model no longer shows."),
    ("all", "All", "Every finding there was, wherever it stands."),
    ("questions", "Open questions", "What no fact answers: a person who knows is asked for evidence."),
    ("health", "Health of the model", "Gaps of the model itself. No risk by themselves, but they hide some."),
];

const COLUMNS: [Column; 7] = [
    Column::sorted("severity", "Severity"),
    Column::plain("What"),
    Column::sorted("on", "On"),
    Column::sorted("owner", "Owner"),
    Column::sorted("due", "Due"),
    Column::sorted("since", "Since"),
    Column::plain("State"),
];

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let backend = request.backend()?;
    let findings = backend.findings(&place.estate).await?;
    let records = backend.records(&place.estate).await?;
    let word = request.query("list").unwrap_or_default();
    let (word, label, lede) = LISTS.into_iter().find(|(known, ..)| *known == word).unwrap_or(LISTS[0]);
    let listing = Listing::of(place.paths.query("findings", &[("list", word)]), |name| request.query(name));
    let all = standings(&records, &findings);
    // A stage of a channel that has its reason is no gap.
    let reasons = backend.entity(&place.estate.workspace.id).await?.entity.explanations;
    let health: Vec<Finding> = findings.health.iter().filter(|it| !is_explained(it, &reasons)).cloned().collect();
    let content = match word {
        "questions" => {
            let list = questions::list(&place, &findings.questions, &listing, "questions");
            view! { {list}{answering::given(&place)} }.into_any()
        }
        "health" => questions::list(&place, &health, &listing, "health"),
        _ => desk(&place, &all, word, &listing),
    };
    let body = view! {
        {Header::new("Findings").lede(lede).actions(actions(&place, &listing)).view()}
        {tabs(&place, (findings.questions.len(), health.len()), &all, word)}
        {content}
    };
    Ok(Screen::inside(&place, Section::Findings, label, body).with_islands())
}

fn actions(place: &Place, listing: &Listing) -> AnyView {
    let concern = place
        .may(Capability::RaiseConcern)
        .then(|| header::action(place.paths.page("concerns/new"), "circle-alert", "Raise a concern", false));
    let csv = place.may(Capability::ExportModel).then(|| {
        let file = place.paths.query("export/findings", &[("q", &listing.q)]);
        header::action(file, "download", "CSV", false)
    });
    view! {
        {concern}
        {csv}
        {header::action(place.paths.page("rules"), "checklist", "Rules and coverage", false)}
        {header::action(place.paths.page("requirements"), "shield", "Requirements", false)}
    }
    .into_any()
}

/// The list of findings by what is to be done; none of the lists of questions and gaps.
fn desk_of(word: &str) -> Desk {
    if word.is_empty() { Desk::ToDo } else { word.parse().unwrap_or(Desk::All) }
}

/// The lists, each with how many there are in it.
fn tabs(place: &Place, (questions, health): (usize, usize), all: &[Standing<'_>], current: &str) -> AnyView {
    let tabs: Vec<_> = LISTS
        .into_iter()
        .map(|(word, label, _)| {
            let href = place.paths.query("findings", &[("list", word)]);
            let current = (word == current).then_some("page");
            let count = match word {
                "questions" => questions,
                "health" => health,
                _ => all.iter().filter(|it| desk_of(word).holds(it.record.state)).count(),
            };
            view! { <a href=href aria-current=current>{label}" "<span class="count">{count.to_string()}</span></a> }
        })
        .collect();
    view! { <nav class="tabs" aria-label="Findings">{tabs}</nav> }.into_any()
}

fn desk(place: &Place, all: &[Standing<'_>], word: &'static str, listing: &Listing) -> AnyView {
    let on_desk: Vec<Standing<'_>> = all.iter().copied().filter(|it| desk_of(word).holds(it.record.state)).collect();
    if on_desk.is_empty() {
        return nothing(place, word);
    }
    let filter = Filter::parse(&listing.q);
    let (model, today) = (&place.estate.model, place.estate.today);
    let mut rows: Vec<Standing<'_>> = on_desk.iter().copied().filter(|it| it.passes(&filter, model, today)).collect();
    match listing.sort.as_str() {
        "on" => rows.sort_by_cached_key(|it| name(place, &it.record.identity.subject).to_lowercase()),
        "owner" => rows.sort_by_cached_key(|it| (it.record.owner.is_none(), it.record.owner.clone())),
        "due" => rows.sort_by_key(|it| (it.record.due.is_none(), it.record.due)),
        "since" => rows.sort_by_key(|it| it.record.first_seen),
        // They come with the most urgent first.
        _ => {}
    }
    if listing.descending {
        rows.reverse();
    }
    let total = rows.len();
    let table = if total == 0 {
        let all = view! { <a class="button" href=listing.path.clone()>"Show all of them"</a> };
        empty_state("filter", "Nothing matches", "Remove a part of the filter, or check its spelling.", all)
    } else {
        let caption =
            if total == on_desk.len() { format!("All {total}") } else { format!("{total} of {}", on_desk.len()) };
        let shown = listing.slice(&rows);
        let chooses = place.may(Capability::TriageFindings) || place.may(Capability::ApproveFindings);
        let lines = shown.iter().map(|it| row(place, it, chooses)).collect();
        if chooses {
            let columns: Vec<Column> = std::iter::once(Column::plain("Select")).chain(COLUMNS).collect();
            let table = listing.table("findings", caption, &columns, lines);
            let (action, bar) = (place.paths.page("triage"), triage::bar(place));
            view! {
                <TriageKeys>
                    <form class="stack" method="get" action=action>{table}{bar}</form>
                </TriageKeys>
            }
            .into_any()
        } else {
            listing.table("findings", caption, &COLUMNS, lines)
        }
    };
    let example = "severity:>=high owner:none is:overdue requirement:3.5.1";
    view! {
        {word.is_empty().then(|| summary(place, &on_desk))}
        {filter_bar(listing, &filter, &FILTER_KEYS, example)}
        {table}
        {(total > 0).then(|| listing.pagination(total))}
    }
    .into_any()
}

/// How many of each severity; each number opens its part of the list.
fn summary(place: &Place, all: &[Standing<'_>]) -> AnyView {
    let tiles: Vec<_> = Severity::ALL
        .iter()
        .filter_map(|level| {
            let count = all.iter().filter(|it| it.record.severity == *level).count();
            let href = place.paths.query("findings", &[("q", &format!("severity:{level}"))]);
            (count > 0).then(|| {
                view! {
                    <li>
                        <a class="stat" href=href>
                            <span class="stat-label">{severity(*level)}</span>
                            <span class="stat-value">{count.to_string()}</span>
                        </a>
                    </li>
                }
            })
        })
        .collect();
    view! { <ul class="stats">{tiles}</ul> }.into_any()
}

fn row(place: &Place, it: &Standing<'_>, chooses: bool) -> AnyView {
    let Record { identity, first_seen, due, .. } = it.record;
    let href = place.paths.finding(identity);
    let since = first_seen.day().to_string();
    let overdue = it.record.is_overdue(place.estate.today);
    let key = identity.to_string();
    let select = chooses.then(|| {
        let label = format!("Select: {}", it.sentence());
        cell("Select", view! { <input type="checkbox" name="finding" value=key aria-label=label/> })
    });
    let due = due.map(|day| {
        let late = overdue.then(|| view! { " "<span class="badge" data-tone="error">"overdue"</span> });
        view! { <time datetime=day.to_string()>{day.to_string()}</time>{late} }
    });
    view! {
        <tr>
            {select}
            {cell("Severity", severity(it.record.severity))}
            <th scope="row" data-label="What">
                <a href=href>{it.sentence().to_owned()}</a>
                " "
                {rule_of(place, identity)}
            </th>
            {cell("On", named(place, &identity.subject))}
            {cell("Owner", owner(place, it.record))}
            {cell("Due", due)}
            {cell("Since", view! { <time datetime=since.clone()>{since.clone()}</time> })}
            {cell("State", badge(it.record))}
        </tr>
    }
    .into_any()
}

/// The rule's id, linked; "reported" where a person raised it.
fn rule_of(place: &Place, identity: &Identity) -> AnyView {
    match domain::findings::registry::rule(&identity.rule) {
        Some(rule) => view! { <a class="key" href=place.paths.rule(rule.id)>{rule.id}</a> }.into_any(),
        None => view! { <span class="key">{identity.rule.clone()}</span> }.into_any(),
    }
}

fn nothing(place: &Place, word: &str) -> AnyView {
    let (heading, sentence) = match word {
        "decided" => ("Nothing is set aside", "Everything that was found is to be dealt with, or is gone."),
        "fixed" => ("Nothing was fixed yet", "What the model no longer shows is kept here with its history."),
        _ => (
            "Nothing found",
            "No fact of the model shows anything wrong. The rules and what they looked at are listed.",
        ),
    };
    let rules = place.paths.page("rules");
    empty_state("findings", heading, sentence, header::action(rules, "checklist", "Rules and coverage", false))
}

/// Whether the rule speaks to the requirements on stored and transmitted account data.
fn is_about_account_data(finding: &Finding) -> bool {
    let about = |it: &Mapping| matches!(it, Mapping::Pci(id) if id.starts_with("3.") || id.starts_with("4."));
    finding.rule().maps_to.iter().any(about)
}

/// The most urgent findings that are to be dealt with, for Home; nothing where none is critical or high.
pub(in super::super) fn most_urgent(
    place: &Place,
    findings: &Findings,
    decided: &BTreeSet<Identity>,
    most: usize,
) -> Option<AnyView> {
    let urgent =
        |it: &&Finding| matches!(it.severity, Severity::Critical | Severity::High) && !decided.contains(&it.identity());
    let mut urgent: Vec<&Finding> = findings.findings.iter().filter(urgent).collect();
    // What is wrong with account data itself comes before what is wrong around it.
    urgent.sort_by_key(|it| (it.severity, !is_about_account_data(it)));
    // What one rule finds many times is one line, so that it does not hide what others found.
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for it in urgent {
        match groups.iter_mut().find(|group| group[0].rule == it.rule) {
            Some(group) => group.push(it),
            None => groups.push(vec![it]),
        }
    }
    let first: Vec<_> = groups
        .iter()
        .take(most)
        .map(|group| {
            let it = group[0];
            let href = place.paths.finding(&it.identity());
            let others = group.len() - 1;
            let alike = format!("{}?q=rule%3A{}", place.paths.page("findings"), encoded(it.rule));
            let more = (others > 0).then(|| {
                view! { <a class="meta" href=alike>{format!("and {others} more of this kind")}</a> }
            });
            view! {
                <li>
                    {severity(it.severity)}
                    <span class="grow"><a href=href>{it.sentence.clone()}</a>" "{more}</span>
                </li>
            }
        })
        .collect();
    let left = groups.iter().skip(most).map(Vec::len).sum::<usize>();
    (!first.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="urgent">
                <header class="card-header">
                    <h2 id="urgent">"Look at this first"</h2>
                    <a href=place.paths.page("findings")>"All findings"</a>
                </header>
                <ul class="list-rows">{first}</ul>
                {(left > 0).then(|| view! { <p class="meta">{count(left, "further finding")}" as urgent"</p> })}
            </section>
        }
        .into_any()
    })
}
