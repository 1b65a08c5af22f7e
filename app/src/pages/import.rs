//! Importing a file: choosing it, looking at what it would change, and deciding.

use std::sync::OnceLock;

use domain::id::ImportId;
use domain::import::columns::{Columns, FlowColumn, SystemColumn};
use domain::import::names::Confidence;
use domain::import::{
    Choices, Entry, FieldChange, Outcome, Preview, Reading, Rejection, WireProposal, preview as compare,
};
use domain::model::draft::options;
use domain::model::element::Form;
use domain::model::object::ObjectRef;
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::frame::{Screen, Section};
use super::request::{Place, Request};
use crate::ui::field::{hidden, options_of};
use crate::ui::form::{FormState, problem_box};
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::link::encoded;
use crate::ui::table::{cell, classed, count, number};

/// How many objects a preview lists; what lies beyond is counted.
const LISTED: usize = 500;

/// The page on which a file is chosen.
pub(super) async fn upload(request: Request) -> Result<Screen, Problem> {
    let place = importing(&request).await?;
    let form = request.form(Vec::new);
    let lede = "Nothing is stored before you have seen what would change.";
    let body = view! {
        {Header::new("Import").lede(lede).view()}
        {rejected(&form)}
        {request.general_problem().filter(|_| form.values("rejection").next().is_none())}
        {form.summary(|name| (name == "file").then(|| "File".to_owned()))}
        <form class="form" method="post" action=place.paths.page("import") enctype="multipart/form-data">
            <div class="field">
                <label for="f-file">"File"</label>
                <p class="hint" id="f-file-hint">"CSV of systems or of flows, or a model file (JSON or YAML). At most 32 MiB and 200,000 rows."</p>
                <input class="input" id="f-file" type="file" name="file" required=true aria-describedby="f-file-hint"
                    accept=".csv,.tsv,.json,.yaml,.yml,text/csv,application/json"/>
            </div>
            <div class="button-row"><button class="button primary">{icon("upload")}"Read the file"</button></div>
        </form>
        {formats()}
    };
    Ok(Screen::inside(&place, Section::Import, "Import", body))
}

/// The page on which a staged file is looked at and decided on.
pub(super) async fn preview(request: Request) -> Result<Screen, Problem> {
    let place = importing(&request).await?;
    let id = ImportId::new(request.path("job"));
    let staged = request.backend()?.staged_import(&place.estate.workspace.id, &id).await?;
    // A file staged by another version of this program may not be readable by this one.
    let reading = Reading::from_json(&staged.content).map_err(|_| Problem::NotFound)?;
    let choices = match &request.submitted {
        Some(submitted) => Choices::from_form(&submitted.form, &reading),
        None => Choices::proposed(&reading),
    };
    let preview = compare(&reading, &place.estate.model, &choices);
    let conflict = (request.problem() == Some(&Problem::Conflict)).then(|| {
        problem_box(view! { <p>"Someone changed the model since this preview was made. It is fresh now: look at it, then confirm again."</p> })
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
            <button class="visually-hidden" name="action" value="preview" tabindex="-1" aria-hidden="true">"Update the preview"</button>
            {names(&preview)}
            {open_ends(&preview, &choices)}
            {buttons(&preview)}
            {entries(&place, &preview)}
        </form>
    };
    Ok(Screen::inside(&place, Section::Import, heading, body))
}

async fn importing(request: &Request) -> Result<Place, Problem> {
    let place = request.place().await?;
    if place.may(Capability::ImportModel) { Ok(place) } else { Err(Problem::Forbidden) }
}

/// What was wrong with a file that could not be read, one sentence each.
fn rejected(form: &FormState) -> Option<AnyView> {
    let sentences: Vec<_> = form.values("rejection").map(|it| view! { <li>{it.to_owned()}</li> }).collect();
    (!sentences.is_empty()).then(|| {
        problem_box(view! { <p>"The file was not read. Correct it and choose it again."</p><ul>{sentences}</ul> })
    })
}

/// An example of a file of systems.
const SYSTEMS: &str =
    "id,name,kind,segment,boundary\ncheckout,Checkout service,service,,own\npsp,Payment provider,psp,,third_party\n";
/// An example of a file of flows, whose ends are the systems of the other example.
const FLOWS: &str = "source,target,protocol,fields\ncheckout,psp,https,card.number;card.cvc;order.id\n";

/// What files may hold.
fn formats() -> AnyView {
    view! {
        <section class="section" aria-labelledby="formats">
            <h2 id="formats">"What files may hold"</h2>
            <p>
                "A model file, as \u{201c}Export the model\u{201d} writes it. Or a table with one line of column names. Only the ends of \
                 a flow are needed; names of fields on the wire are recognised, and you confirm each. A file never erases what it \
                 leaves out, and the same file a second time changes nothing."
            </p>
            {example("Systems", "systems.csv", SYSTEMS, columns::<SystemColumn>())}
            {example("Flows", "flows.csv", FLOWS, columns::<FlowColumn>())}
        </section>
    }
    .into_any()
}

fn example(label: &'static str, file: &'static str, content: &'static str, columns: String) -> AnyView {
    let href = format!("data:text/csv;charset=utf-8,{}", encoded(content));
    view! {
        <details>
            <summary>{format!("A table of {}", label.to_lowercase())}</summary>
            <p>"Columns: "<code>{columns}</code>", owner, and every other registered fact by its name. Several values in one cell are divided by semicolons."</p>
            <pre>{content}</pre>
            <p><a class="button" href=href download=file>{icon("download")}{format!("Download {file}")}</a></p>
        </details>
    }
    .into_any()
}

/// The names of the columns.
fn columns<C: Columns>() -> String {
    C::COLUMNS.iter().map(|column| column.name()).collect::<Vec<_>>().join(", ")
}

fn counts(preview: &Preview) -> AnyView {
    let tile = |label: &'static str, count: usize| {
        view! { <li><div class="stat"><span class="stat-label">{label}</span><span class="stat-value">{count.to_string()}</span></div></li> }
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
    use crate::ui::notice::{Tone, notice};
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

/// The names on the wire with what they were taken for.
fn names(preview: &Preview) -> Option<AnyView> {
    if preview.wire_names.is_empty() {
        return None;
    }
    let typed = preview.wire_names.len() > TYPED;
    // What a person must look at most comes first: card data, then other elements, then what nobody recognised.
    let place_of = |it: &WireProposal| {
        let catalogue = &domain::model::catalogue::catalogue().elements;
        it.proposed.as_ref().and_then(|found| catalogue.iter().position(|row| row.id == found.element.as_str()))
    };
    let mut ordered: Vec<&WireProposal> = preview.wire_names.iter().collect();
    ordered.sort_by_key(|it| (it.open == 0, place_of(it).unwrap_or(usize::MAX), it.index));
    let rows = ordered.into_iter().map(|it| wire_name(it, typed)).collect();
    let list = typed.then(|| {
        let answers: Vec<_> = elements_in_forms()
            .iter()
            .map(|(value, label)| view! { <option value=value.clone()>{label.clone()}</option> })
            .collect();
        view! { <datalist id="answers">{answers}</datalist> }
    });
    let open = preview.wire_names.iter().filter(|it| it.open > 0).count();
    let caption = format!("{} on the wire, {open} to answer", count(preview.wire_names.len(), "name"));
    let columns = ["Name", "Flows", "Recognised", "What it is"];
    Some(
        view! {
            <section class="section" aria-labelledby="names">
                <h2 id="names">"Names on the wire"</h2>
                <p class="hint">
                    "A name that stays unrecognised is kept as work on its flow. Only you can say that a name is no payment data."
                </p>
                {list}
                {classed("name-table", caption, "table import-table", &columns, rows)}
            </section>
        }
        .into_any(),
    )
}

/// With more names than this the answers are typed, with proposals: as many lists to choose from make a page too heavy.
const TYPED: usize = 100;

fn wire_name(it: &WireProposal, typed: bool) -> AnyView {
    let field = format!("wire.{}", it.index);
    let proposed = match &it.proposed {
        Some(found) => {
            let sure = match found.confidence {
                Confidence::High => "sure",
                Confidence::Medium => "likely",
            };
            view! { <span>{format!("{} ({sure})", words_of(&found.element, found.form))}</span> }.into_any()
        }
        None => view! { <span class="muted">"not recognised"</span> }.into_any(),
    };
    let label = format!("What {} is", it.name);
    let answer = if typed {
        view! { <input class="input mono" name=field value=it.choice.value() list="answers" autocomplete="off" aria-label=label/> }.into_any()
    } else {
        let answers = options_of(None, elements_in_forms(), &it.choice.value());
        view! { <select class="input" name=field aria-label=label>{answers}</select> }.into_any()
    };
    view! {
        <tr>
            <th scope="row"><code>{it.name.clone()}</code></th>
            {number("Flows", it.flows)}
            {cell("Recognised", proposed)}
            {cell("What it is", answer)}
        </tr>
    }
    .into_any()
}

/// Every answer that a name can get: each element of the catalogue in each of its forms, and the two others.
fn elements_in_forms() -> &'static [(String, String)] {
    static ANSWERS: OnceLock<Vec<(String, String)>> = OnceLock::new();
    ANSWERS.get_or_init(|| {
        let mut answers = vec![
            ("unrecognised".to_owned(), "Unrecognised".to_owned()),
            ("none".to_owned(), "No payment data".to_owned()),
        ];
        for (element, name) in options::elements() {
            let listed = domain::model::catalogue::element(element).map(|row| row.forms.as_slice()).unwrap_or_default();
            for form in listed.iter().chain([&Form::Unknown]) {
                answers.push((format!("{element}:{form}"), format!("{name}: {}", form.label().to_lowercase())));
            }
        }
        answers
    })
}

fn words_of(element: &domain::id::ElementId, form: Form) -> String {
    let name =
        domain::model::catalogue::element(element.as_str()).map_or_else(|| element.to_string(), |row| row.name.clone());
    format!("{name}: {}", form.label().to_lowercase())
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
                <p class="hint">"Flows of this file name them. Tick those that exist; the others stay open ends on the map."</p>
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
            <button class="button primary" name="action" value="confirm">{icon("check")}"Confirm the import"</button>
            <button class="button" name="action" value="preview">"Update the preview"</button>
            <button class="button quiet" name="action" value="cancel" formnovalidate=true>"Cancel"</button>
        </div>
    }
    .into_any()
}

/// What would happen to each object, rejected lines first.
fn entries(place: &Place, preview: &Preview) -> AnyView {
    let rejected = |entry: &&Entry| matches!(entry.outcome, Outcome::Rejected(_));
    let first = preview.entries.iter().filter(rejected);
    let others = preview.entries.iter().filter(|entry| !rejected(entry));
    let rows: Vec<_> = first.chain(others).take(LISTED).map(|entry| row(place, entry)).collect();
    let shown = rows.len();
    let caption = if shown == preview.entries.len() {
        format!("{shown} objects and rejected lines")
    } else {
        format!("The first {shown} of {} objects and rejected lines", preview.entries.len())
    };
    view! {
        <section class="section" aria-labelledby="changes">
            <h2 id="changes">"What would change"</h2>
            {classed("change-table", caption, "table import-table", &["Line", "State", "Object", "What changes"], rows)}
        </section>
    }
    .into_any()
}

fn row(place: &Place, entry: &Entry) -> AnyView {
    let (state, words) = match &entry.outcome {
        Outcome::New => ("new", "New"),
        Outcome::Changed(_) => ("changed", "Changed"),
        Outcome::Unchanged => ("unchanged", "Unchanged"),
        Outcome::Rejected(_) => ("rejected", "Rejected"),
    };
    let what = match &entry.outcome {
        Outcome::New | Outcome::Unchanged => ().into_any(),
        Outcome::Changed(changes) => changed(changes),
        Outcome::Rejected(rejection) => reason(rejection),
    };
    view! {
        <tr data-state=state>
            <td class="line" data-label="Line">{entry.line.map(|line| line.to_string())}</td>
            {cell("State", words)}
            {cell("Object", object(place, entry))}
            {cell("What changes", what)}
        </tr>
    }
    .into_any()
}

fn object(place: &Place, entry: &Entry) -> AnyView {
    let Some(reference) = &entry.object else {
        return view! { <span>{entry.title.clone()}</span> }.into_any();
    };
    let stored = !matches!(entry.outcome, Outcome::New);
    let title = entry.title.clone();
    let name = match reference {
        ObjectRef::System(id) if stored => view! { <a href=place.paths.system(id)>{title}</a> }.into_any(),
        ObjectRef::Flow(id) if stored => view! { <a href=place.paths.flow(id)>{title}</a> }.into_any(),
        _ => view! { <span>{title}</span> }.into_any(),
    };
    view! { <span class="meta">{reference.kind().label()}" "</span>{name} }.into_any()
}

fn changed(changes: &[FieldChange]) -> AnyView {
    let items: Vec<_> = changes
        .iter()
        .map(|it| {
            let name = it.name.replace('_', " ");
            let before = (!it.before.is_empty()).then(|| view! { <del>{it.before.clone()}</del>" " });
            let after = (!it.after.is_empty()).then(|| view! { <ins>{it.after.clone()}</ins> });
            view! { <li data-change="changed"><span>{name}": "{before}{after}</span></li> }
        })
        .collect();
    view! { <ul class="diff-list">{items}</ul> }.into_any()
}

fn reason(it: &Rejection) -> AnyView {
    view! { <span class="reason">{format!("{}; {}.", it.reason, it.remedy)}</span> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::import::{Limits, read};
    use domain::model::Model;

    #[test]
    fn the_examples_are_files_that_can_be_imported() {
        let mut model = Model::default();
        for (file, content) in [("systems.csv", SYSTEMS), ("flows.csv", FLOWS)] {
            let reading = read(file, content.as_bytes(), &Limits::browser()).expect("the example can be read");
            let preview = compare(&reading, &model, &Choices::proposed(&reading));
            assert_eq!((preview.rejected, preview.undeclared.len()), (0, 0), "{file}: {:?}", preview.entries);
            assert!(preview.new > 0, "{file}");
            let objects =
                domain::import::plan(&reading, &model, &Choices::proposed(&reading)).expect("nothing is rejected");
            objects.into_iter().for_each(|object| model.put(object));
        }
        assert_eq!(model.flows.len(), 1);
    }

    #[test]
    fn every_answer_that_is_offered_is_understood() {
        for (value, _) in elements_in_forms() {
            assert!(domain::import::Choice::read(value).is_some(), "{value}");
        }
    }
}
