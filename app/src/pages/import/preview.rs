//! The page on which a staged file is looked at and decided on.

use domain::id::ImportId;
use domain::import::{Choices, Preview, Reading, preview as compare};
use domain::model::object::ObjectRef;
use domain::problem::Problem;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::Request;
use super::entries::entries;
use super::importing;
use super::names::names;
use crate::ui::field::hidden;
use crate::ui::form::problem_box;
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, notice};

/// The page on which a staged file is looked at and decided on.
pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = importing(&request).await?;
    let id = ImportId::new(request.path("job"));
    let staged = request.backend()?.staged_import(&place.estate.workspace.id, &id).await?;
    // A file staged by another version of this program may not be readable by this one.
    let reading = Reading::from_json(&staged.content).map_err(|_| Problem::NotFound)?;
    let choices = match &request.submitted {
        Some(submitted) => Choices::from_form(&submitted.form, &reading),
        None => Choices::proposed(&reading),
    };
    let preview = compare(&reading, &place.estate.stored, &choices);
    let conflict = (request.problem() == Some(&Problem::Conflict)).then(|| {
        problem_box(view! {
            <p>
                "Someone changed the model since this preview was made. Look at the new one, then confirm again."
            </p>
        })
    });
    let heading = format!("Import {}", staged.file_name);
    let head = Header::new(heading.clone())
        .below(place.paths.page("import"), "Import")
        .meta(view! { <span>{reading.format().label()}</span> })
        .view();
    let body = view! {
        {head}
        {conflict}
        {request.general_problem()}
        {counts(&preview)}
        {stopped(&preview)}
        <form class="form wide" method="post" action=place.paths.import(&id)>
            {hidden("rev", place.estate.revision.0.to_string())}
            <button class="visually-hidden" name="action" value="preview" tabindex="-1" aria-hidden="true">
                "Update the preview"
            </button>
            {names(&preview)}
            {open_ends(&preview, &choices)}
            {buttons(&preview)}
            {entries(&place, &preview)}
        </form>
    };
    Ok(Screen::inside(&place, Section::Import, heading, body))
}

fn counts(preview: &Preview) -> AnyView {
    let tile = |label: &'static str, count: usize| {
        view! {
            <li>
                <div class="stat">
                    <span class="stat-label">{label}</span>
                    <span class="stat-value">{count.to_string()}</span>
                </div>
            </li>
        }
    };
    view! {
        <ul class="stats" aria-label="What would change">
            {tile("New", preview.new)}
            {tile("Changed", preview.changed)}
            {tile("Unchanged", preview.unchanged)}
            {tile("Rejected", preview.rejected)}
        </ul>
    }
    .into_any()
}

/// Rejections stop the import; columns that are left out do not.
fn stopped(preview: &Preview) -> AnyView {
    let rejected = (preview.rejected > 0).then(|| {
        notice(Tone::Error, "Rejected lines stop the whole import. Correct them in the file and import it again.")
    });
    let ignored = (!preview.ignored_columns.is_empty()).then(|| {
        notice(
            Tone::Warn,
            format!("These columns mean nothing here and are left out: {}.", preview.ignored_columns.join(", ")),
        )
    });
    view! { {rejected}{ignored} }.into_any()
}

/// Systems that flows of the file name and nobody declared.
fn open_ends(preview: &Preview, choices: &Choices) -> Option<AnyView> {
    // A confirmed one is no longer undeclared in the preview, but its box must stay to be unticked.
    let mut systems: Vec<_> = preview.undeclared.iter().chain(&choices.confirmed).cloned().collect();
    systems.sort();
    systems.dedup();
    if systems.is_empty() {
        return None;
    }
    let boxes: Vec<_> = systems
        .into_iter()
        .map(|id| {
            let checked = choices.confirmed.contains(&id);
            let named = preview
                .entries
                .iter()
                .find(|it| it.object == Some(ObjectRef::System(id.clone())))
                .map(|it| it.title.clone());
            view! {
                <label class="choice">
                    <input type="checkbox" name="confirm" value=id.to_string() checked=checked/>
                    <span>{named.unwrap_or_else(|| id.to_string())}</span>
                </label>
            }
        })
        .collect();
    Some(
        view! {
            <fieldset class="field">
                <legend>"Systems that nobody declared"</legend>
                <p class="hint">
                    "Flows of this file name them. Tick those that exist; the others stay open ends on the map."
                </p>
                <div class="choices inline">{boxes}</div>
            </fieldset>
        }
        .into_any(),
    )
}

fn buttons(preview: &Preview) -> AnyView {
    let nothing = preview.new + preview.changed == 0;
    view! {
        {(nothing && preview.rejected == 0).then(|| view! { <p>"Nothing would change."</p> })}
        <div class="button-row">
            {(preview.rejected == 0).then(|| {
                view! {
                    <button class="button primary" name="action" value="confirm">{icon("check")}"Confirm the import"</button>
                    <button class="button" name="action" value="preview">"Update the preview"</button>
                }
            })}
            <button class="button quiet" name="action" value="cancel" formnovalidate=true>"Cancel"</button>
        </div>
    }
    .into_any()
}
