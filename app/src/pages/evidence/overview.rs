//! What evidence there is, at first sight.

use domain::backend::library::LibraryBook;
use domain::evidence::item::State;
use domain::evidence::policy::State as PolicyState;
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
    let book = backend.library(&place.estate.workspace.id).await?;
    let asked = backend.findings(&place.estate).await?.questions.len();
    let reviews = backend.reviews(&place.estate.workspace.id).await?;
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
    let seals = match seals.is_empty() {
        true => view! { <p class="muted">"Nothing was sealed yet. A review that everybody signed is."</p> }.into_any(),
        false => view! { <ul>{seals}</ul> }.into_any(),
    };
    let policies = book.policies.values().filter(|it| it.value.state(book.today) != PolicyState::InForce).count();
    let policies = match (book.policies.len(), policies) {
        (0, _) => "None yet.".to_owned(),
        (_, 0) => "All are approved and were looked at in time.".to_owned(),
        (all, open) => format!("{open} of {all} need an approval or a look."),
    };
    let card = |page: &str, id: &'static str, heading: &'static str, words: AnyView| {
        view! {
            <section class="card stack" aria-labelledby=id>
                <h2 id=id><a href=place.paths.page(page)>{heading}</a></h2>
                {words}
            </section>
        }
    };
    let muted = |words: String| view! { <p class="muted">{words}</p> }.into_any();
    let body = view! {
        {Header::new("Evidence")
            .lede("What shows an assessor that things are as they are said to be.")
            .actions(view! { {super::super::packs::offer(&place)} })
            .view()}
        {super::tabs(&place, "evidence")}
        {signed(&place)}
        <div class="split even">
            {place.may(Capability::ExportModel).then(|| card("evidence/packs", "packs-title", "Packs", muted(
                "Everything an assessor needs in one signed ZIP, which they verify and compute again offline.".to_owned(),
            )))}
            {card("evidence/items", "items-title", "Items", counts(&place, &book, asked))}
            {card("reviews", "seals-title", "Sealed reviews", seals)}
            {card("requirements", "requirements-title", "Requirements", muted(
                "Where each stands, what shows it, and what the map says beside it.".to_owned(),
            ))}
            {card("evidence/controls", "controls-title", "Controls on integrations", muted(
                "Eight controls on every integration: in place, partly, absent, or unknown.".to_owned(),
            ))}
            {card("evidence/requests", "requests-title", "Requests", muted(
                "What an assessor asks for, and how it is answered. Nothing goes by mail.".to_owned(),
            ))}
            {card("evidence/samples", "samples-title", "Samples", muted(
                "Objects of what was signed, picked so that anybody can draw the same ones again.".to_owned(),
            ))}
            {place.works().then(|| card("evidence/policies", "policies-title", "Policies", muted(policies)))}
            {place.works().then(|| card("evidence/training", "training-title", "Training", muted(count(
                book.trainings.len(),
                "training",
            ))))}
            {card("reports", "reports-title", "Reports", muted(
                "Made from what is entered, each time you look. They print, and every table is a file.".to_owned(),
            ))}
        </div>
    };
    Ok(Screen::inside(&place, Section::Evidence, "Evidence", body))
}

/// How many items stand how, each with the list of them.
fn counts(place: &Place, book: &LibraryBook, asked: usize) -> AnyView {
    let state = |it: State| book.items.values().filter(|kept| kept.value.freshness(book.today).state == it).count();
    let held = book.items.values().filter(|it| it.value.hold.is_some()).count();
    let line = |label: &'static str, number: usize, query: (&str, &str)| {
        let href = place.paths.query("evidence/items", &[query]);
        view! { <div><dt>{label}</dt><dd><a href=href aria-label=format!("{label}: {number}")>{number.to_string()}</a></dd></div> }
    };
    view! {
        <dl class="key-value">
            {line("Current", state(State::Fresh), ("state", "fresh"))}
            {line("Ageing", state(State::Soon) + state(State::Old), ("state", "ageing"))}
            {line("Expired", state(State::Expired), ("state", "expired"))}
            {line("On legal hold", held, ("held", "yes"))}
            {line("Asked for by the rules", asked, ("wanted", "yes"))}
        </dl>
    }
    .into_any()
}
