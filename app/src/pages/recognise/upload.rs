//! The page on which a specification or a sample is chosen or pasted.

use domain::problem::Problem;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::import::importing;
use super::super::request::Request;
use crate::ui::form::{FormState, problem_box};
use crate::ui::header::Header;
use crate::ui::icon::icon;

/// The page on which a specification or a sample is chosen or pasted.
pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = importing(&request).await?;
    let form = request.form(Vec::new);
    let heading = "Read a specification or sample";
    let lede = "Its fields are recognised, and you confirm what becomes part of a flow.";
    let error = form.error("file").map(|_| {
        view! {
            <p class="error" id="f-file-error">
                <span class="visually-hidden">"Error: "</span>
                "Choose a file, or paste a text below."
            </p>
        }
    });
    let described = if error.is_some() { "f-file-error f-file-hint" } else { "f-file-hint" };
    let body = view! {
        {Header::new(heading).below(place.paths.page("import"), "Import").lede(lede).view()}
        {rejected(&form)}
        {request.general_problem().filter(|_| form.values("rejection").next().is_none())}
        {form.summary(|name| (name == "file").then(|| "File".to_owned()))}
        <form class="form" method="post" action=place.paths.page("recognise") enctype="multipart/form-data">
            <div class="field">
                <label for="f-file">"File"</label>
                <p class="hint" id="f-file-hint">
                    "OpenAPI 3.0 or 3.1, Swagger 2, JSON Schema, a JSON payload, or a CSV table with a header. At most 16 MiB."
                </p>
                {error}
                <input class="input" id="f-file" type="file" name="file" aria-describedby=described
                    accept=".json,.yaml,.yml,.csv,.tsv,text/csv,application/json"/>
            </div>
            <div class="field">
                <label for="f-text">"Or paste it"</label>
                <p class="hint" id="f-text-hint">
                    "Values are looked at in memory and forgotten. Only the paths of fields, and what they seem to be, are kept."
                </p>
                <textarea class="input mono" id="f-text" name="text" rows="8" spellcheck="false" autocomplete="off"
                    aria-describedby="f-text-hint"></textarea>
            </div>
            <div class="button-row"><button class="button primary">{icon("upload")}"Recognise the fields"</button></div>
        </form>
    };
    Ok(Screen::inside(&place, Section::Import, heading, body))
}

/// What was wrong with a file that could not be read.
fn rejected(form: &FormState) -> Option<AnyView> {
    let sentences: Vec<_> = form.values("rejection").map(|it| view! { <li>{it.to_owned()}</li> }).collect();
    (!sentences.is_empty())
        .then(|| problem_box(view! { <p>"It was not read. Correct it and send it again."</p><ul>{sentences}</ul> }))
}
