//! What evidence there is, at first sight.

use domain::problem::Problem;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::Request;
use crate::ui::header::Header;

/// Where each kind of evidence is.
pub(in crate::pages) async fn overview(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let body = view! {
        {Header::new("Evidence").lede("What shows an assessor that things are as they are said to be.").view()}
        {super::tabs(&place, "evidence")}
        <section class="card stack" aria-labelledby="requirements-title">
            <h2 id="requirements-title"><a href=place.paths.page("requirements")>"Requirements"</a></h2>
            <p class="muted">"Where each stands, what shows it, and what the map says beside it."</p>
        </section>
        <section class="card stack" aria-labelledby="controls-title">
            <h2 id="controls-title"><a href=place.paths.page("evidence/controls")>"Controls on integrations"</a></h2>
            <p class="muted">"Eight controls on every integration: in place, partly, absent, or unknown."</p>
        </section>
        <section class="card stack" aria-labelledby="reports-title">
            <h2 id="reports-title"><a href=place.paths.page("reports")>"Reports"</a></h2>
            <p class="muted">"Made from what is entered, each time you look. They print, and every table is a file."</p>
        </section>
    };
    Ok(Screen::inside(&place, Section::Evidence, "Evidence", body))
}
