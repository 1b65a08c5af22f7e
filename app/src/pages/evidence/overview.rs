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
        <section class="card stack" aria-labelledby="reports-title">
            <h2 id="reports-title"><a href=place.paths.page("reports")>"Reports"</a></h2>
            <p class="muted">"Made from what is entered, each time you look. They print, and every table is a file."</p>
        </section>
    };
    Ok(Screen::inside(&place, Section::Evidence, "Evidence", body))
}
