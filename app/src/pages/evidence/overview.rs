//! What evidence there is, at first sight.

use domain::backend::library::LibraryBook;
use domain::backend::packs::PackRecord;
use domain::backend::requests::RequestBook;
use domain::backend::reviews::ReviewBook;
use domain::evidence::item::State;
use domain::evidence::policy::State as PolicyState;
use domain::evidence::request::Side;
use domain::evidence::requirement_list::{Progress, lines, progress};
use domain::findings::{Finding, Identity};
use domain::library::Framework;
use domain::library::controls::{Presence, matrix};
use domain::library::reference::Standard;
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use crate::ui::header::{self, Header};
use crate::ui::notice::empty_state;
use crate::ui::table::count;

/// What was signed last, and where it can be looked at, for whoever sees nothing else.
fn signed(place: &Place) -> Option<AnyView> {
    if place.works() {
        return None;
    }
    let Some(snapshot) = place.estate.moment.snapshot() else {
        let sentence = "You see what was signed and sealed. As soon as the first review is, its model, its scope and its \
                        findings stand here. You can ask for evidence before that.";
        let ask = header::action(place.paths.page("evidence/requests/new"), "plus", "Ask for something", true);
        return Some(empty_state("evidence", "Nothing was signed yet", sentence, ask));
    };
    let links = [
        ("reports/scope-statement", "Scope statement, in the order of requirement 12.5.2"),
        ("requirements", "Requirements, with what speaks to each"),
        ("reviews", "Reviews that were signed and sealed, with their seals"),
        ("map", "Map"),
        ("snapshots", "Earlier states that were signed"),
    ];
    let links: Vec<_> = links
        .into_iter()
        .map(|(page, words)| view! { <li><a class="grow" href=place.paths.page(page)>{words}</a></li> })
        .collect();
    let seal = snapshot.signed.map(|it| {
        let (href, label) = (place.paths.seal(it.seal), it.seal.to_string());
        view! { <a href=href>{label}</a> }
    });
    Some(
        view! {
            <section class="card" aria-labelledby="signed">
                <header class="card-header">
                    <h2 id="signed">{format!("What was signed and sealed on {}", snapshot.day())}</h2>
                    {seal}
                </header>
                <p class="meta">"Model "<code class="hash">{snapshot.hash.clone()}</code></p>
                <ul class="list-rows">{links}</ul>
            </section>
        }
        .into_any(),
    )
}

/// How many seals are listed.
const SEALS: usize = 5;

/// Where each kind of evidence is, and what needs somebody.
pub(in crate::pages) async fn overview(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let backend = request.backend()?;
    let workspace = &place.estate.workspace.id;
    let book = backend.library(workspace).await?;
    let inbox = backend.requests(workspace).await?;
    let found = backend.findings(&place.estate).await?;
    let decided = backend.decided_findings(&place.estate).await?;
    let reviews = backend.reviews(workspace).await?;
    let packs = match place.may(Capability::ExportModel) {
        true => Some(backend.packs(workspace).await?),
        false => None,
    };
    let stand = book.entries(&Framework::Standard(Standard::Pci)).map(|entries| {
        let is_open = |it: &Finding| !decided.contains::<Identity>(&it.identity());
        progress(&lines(entries, &book.said().with(&found, &is_open)))
    });
    let card = |page: &str, id: &'static str, heading: &'static str, words: AnyView| {
        view! {
            <section class="card stack" aria-labelledby=id>
                <h2 id=id><a href=place.paths.page(page)>{heading}</a></h2>
                {words}
            </section>
        }
    };
    let muted = |words: String| view! { <p class="muted">{words}</p> }.into_any();
    let signed_or_works = place.works() || place.estate.moment.snapshot().is_some();
    let body = view! {
        {Header::new("Evidence")
            .lede("What shows an assessor that things are as they are said to be.")
            .actions(view! { {super::super::packs::offer(&place)} })
            .view()}
        {super::tabs(&place, "evidence")}
        {signed(&place)}
        <div class="split even">
            {signed_or_works.then(|| view! {
                {card("evidence/items", "items-title", "Items", items(&place, &book, found.questions.len()))}
                {card("requirements", "requirements-title", "Requirements", stand.map(|it| requirements(&place, &it)).into_any())}
            })}
            {card("evidence/requests", "requests-title", "Requests", requests(&place, &inbox))}
            {signed_or_works.then(|| card("evidence/controls", "controls-title", "Controls on integrations", controls(&place, &book)))}
            {packs.map(|it| card("evidence/packs", "packs-title", "Packs", muted(last_pack(&it))))}
            {card("reviews", "seals-title", "Sealed reviews", seals(&place, &reviews))}
            {card("evidence/samples", "samples-title", "Samples", muted(match inbox.samples.len() {
                0 => "Objects of what was signed, picked so that anybody can draw the same ones again.".to_owned(),
                many => format!("{}, each frozen and asked about object by object.", count(many, "sample")),
            }))}
            {card("reports", "reports-title", "Reports", muted(
                "Made from what is entered, each time you look. They print, and every table is a file.".to_owned(),
            ))}
            {place.works().then(|| card("evidence/policies", "policies-title", "Policies", muted(policies(&book))))}
            {place.works().then(|| card("evidence/training", "training-title", "Training", muted(count(
                book.trainings.len(),
                "training",
            ))))}
        </div>
    };
    Ok(Screen::inside(&place, Section::Evidence, "Evidence", body))
}

/// Numbers, each with the list of what it counts.
fn figures(lines: impl IntoIterator<Item = (&'static str, String, String)>) -> AnyView {
    let lines: Vec<_> = lines
        .into_iter()
        .map(|(label, number, href)| {
            let name = format!("{label}: {number}");
            view! { <div><dt>{label}</dt><dd><a href=href aria-label=name>{number}</a></dd></div> }
        })
        .collect();
    view! { <dl class="key-value">{lines}</dl> }.into_any()
}

/// How many items stand how.
fn items(place: &Place, book: &LibraryBook, asked: usize) -> AnyView {
    let state = |it: State| book.items.values().filter(|kept| kept.value.freshness(book.today).state == it).count();
    let held = book.items.values().filter(|it| it.value.hold.is_some()).count();
    let line = |label: &'static str, number: usize, query: (&str, &str)| {
        (label, number.to_string(), place.paths.query("evidence/items", &[query]))
    };
    figures([
        line("Current", state(State::Fresh), ("state", "fresh")),
        line("Ageing", state(State::Soon) + state(State::Old), ("state", "ageing")),
        line("Expired", state(State::Expired), ("state", "expired")),
        line("On legal hold", held, ("held", "yes")),
        line("Asked for by the rules", asked, ("wanted", "yes")),
    ])
}

/// How far PCI DSS is, and what of it needs somebody.
fn requirements(place: &Place, done: &Progress) -> AnyView {
    let line =
        |label: &'static str, number: String, q: &str| (label, number, place.paths.query("requirements", &[("q", q)]));
    figures([
        line("In place or not applicable", format!("{} of {}", done.settled(), done.total), ""),
        line("Beside an open finding", done.contradicted.to_string(), "is:contradicted"),
        line("Without evidence", done.without_evidence.to_string(), "is:unproven"),
        line("Waiting for approval or review", done.waiting.to_string(), "is:waiting"),
    ])
}

/// Who has to say something, and what is late.
fn requests(place: &Place, inbox: &RequestBook) -> AnyView {
    let all = || inbox.requests.values().map(|it| &it.value);
    let turn = |side: Side| all().filter(|it| it.state().turn() == Some(side)).count();
    let late = all().filter(|it| it.is_late(inbox.today)).count();
    let line = |label: &'static str, number: usize, show: &str| {
        (label, number.to_string(), place.paths.query("evidence/requests", &[("show", show)]))
    };
    figures([
        line("The team's turn", turn(Side::Team), "team"),
        line("Of these late", late, "team"),
        line("The auditor's turn", turn(Side::Auditor), "auditor"),
    ])
}

/// How many cells of the matrix stand how.
fn controls(place: &Place, book: &LibraryBook) -> AnyView {
    let matrix = matrix(&place.estate.model, &book.stated());
    let cells = || matrix.rows.values().flat_map(|row| row.values());
    let of = |presence: Presence| cells().filter(|it| it.presence() == presence).count();
    let line = |label: &'static str, number: usize, q: &str| {
        (label, number.to_string(), place.paths.query("evidence/controls", &[("q", q)]))
    };
    figures([
        line("In place", of(Presence::InPlace), "in_place:any"),
        line("Absent", of(Presence::Absent), "absent:any"),
        line("Unknown", of(Presence::Unknown), "unknown:any"),
        line("Said otherwise than the facts", matrix.contradicted(), "is:contradicted"),
    ])
}

fn last_pack(packs: &[PackRecord]) -> String {
    packs.first().map_or_else(
        || "Everything an assessor needs in one signed ZIP, which they verify and compute again offline.".to_owned(),
        |it| format!("{}. The last is {}, asked for at {}.", count(packs.len(), "pack"), it.number, it.asked_at),
    )
}

fn seals(place: &Place, reviews: &ReviewBook) -> AnyView {
    let seals: Vec<_> = reviews
        .seals
        .iter()
        .rev()
        .take(SEALS)
        .map(|(key, seal, _)| {
            let words = seal.as_ref().map_or_else(String::new, |it| format!(" {}, {}", it.name, it.sealed_at));
            view! { <li><a href=place.paths.seal(*key)>{key.to_string()}</a>{words}</li> }
        })
        .collect();
    match seals.is_empty() {
        true => view! { <p class="muted">"Nothing was sealed yet. A review that everybody signed is."</p> }.into_any(),
        false => view! { <ul>{seals}</ul> }.into_any(),
    }
}

fn policies(book: &LibraryBook) -> String {
    let open = book.policies.values().filter(|it| it.value.state(book.today) != PolicyState::InForce).count();
    match (book.policies.len(), open) {
        (0, _) => "None yet.".to_owned(),
        (_, 0) => "All are approved and were looked at in time.".to_owned(),
        (all, open) => format!("{open} of {all} need an approval or a look."),
    }
}
