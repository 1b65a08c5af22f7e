//! A table from a spreadsheet, pasted: it goes the way of an imported file, with the same preview.

use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::frame::{Screen, Section};
use super::request::Request;
use crate::ui::field::field;
use crate::ui::form::{FormState, problem_box};
use crate::ui::header::Header;
use crate::ui::icon::icon;

/// Most characters that fit into a form; what is larger is a file.
const MOST: u32 = 20_000;

const LEDE: &str =
    "Copy cells with their heads from a spreadsheet. Nothing is stored before you have seen what would change.";

pub(super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    if !place.may(Capability::ImportModel) {
        return Err(Problem::Forbidden);
    }
    let form = request.form(Vec::new);
    let body = view! {
        {Header::new("Paste a table").lede(LEDE).below(place.paths.page("import"), "Import").view()}
        {rejected(&form)}
        {request.general_problem().filter(|_| form.values("rejection").next().is_none())}
        {form.summary(|name| (name == "text").then(|| "Table".to_owned()))}
        <form class="form" method="post" action=place.paths.page("paste")>
            {field(&form, "text", "Table")
                .hint("One line of column names, then one line per system or per flow. Cells are divided by tabs, commas or semicolons. A table that is larger than 20,000 characters is imported as a file.")
                .focused()
                .area_of(MOST)}
            <div class="button-row"><button class="button primary">{icon("check")}"Look at what it would change"</button></div>
        </form>
        <section class="section" aria-labelledby="examples">
            <h2 id="examples">"Two examples"</h2>
            <pre>"name\tkind\tsegment\towner\nGift cards\tservice\tshop\tPayments lead"</pre>
            <pre>"source\ttarget\tprotocol\tfields\ncheckout\tgift-cards\thttps\tcard.number; order.id"</pre>
        </section>
    };
    Ok(Screen::inside(&place, Section::Import, "Paste a table", body))
}

/// What was wrong with a table that could not be read, one sentence each.
fn rejected(form: &FormState) -> Option<AnyView> {
    let sentences: Vec<_> = form.values("rejection").map(|it| view! { <li>{it.to_owned()}</li> }).collect();
    (!sentences.is_empty()).then(|| {
        problem_box(view! { <p>"The table was not read. Correct it and send it again."</p><ul>{sentences}</ul> })
    })
}
