//! What evidence there is, at first sight.

use domain::problem::Problem;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use crate::ui::header::{self, Header};
use crate::ui::notice::empty_state;

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

/// Where each kind of evidence is.
pub(in crate::pages) async fn overview(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let body = view! {
        {Header::new("Evidence").lede("What shows an assessor that things are as they are said to be.").view()}
        {super::tabs(&place, "evidence")}
        {signed(&place)}
        <section class="card stack" aria-labelledby="requests-title">
            <h2 id="requests-title"><a href=place.paths.page("evidence/requests")>"Requests"</a></h2>
            <p class="muted">"What an assessor asks for, and how it is answered. Nothing goes by mail."</p>
        </section>
        <section class="card stack" aria-labelledby="samples-title">
            <h2 id="samples-title"><a href=place.paths.page("evidence/samples")>"Samples"</a></h2>
            <p class="muted">"Objects of what was signed, picked so that anybody can draw the same ones again."</p>
        </section>
        <section class="card stack" aria-labelledby="reports-title">
            <h2 id="reports-title"><a href=place.paths.page("reports")>"Reports"</a></h2>
            <p class="muted">"Made from what is entered, each time you look. They print, and every table is a file."</p>
        </section>
    };
    Ok(Screen::inside(&place, Section::Evidence, "Evidence", body))
}
