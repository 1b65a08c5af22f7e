//! Frameworks of one's own: a table of requirements, brought as a file or pasted, and put in the place of an earlier one.

use domain::backend::library::LibraryBook;
use domain::library::framework::{FRAMEWORKS_MAX, ROWS_MAX};
use domain::library::reference::{FRAMEWORK_KEY_MAX, FrameworkKey};
use domain::library::{Framework, Status};
use domain::model::draft::NAME_MAX;
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::Request;
use super::head;
use crate::ui::field::{Input, field, hidden};
use crate::ui::form::{FormState, problem_box};
use crate::ui::header;
use crate::ui::link::encoded;
use crate::ui::notice::empty_state;
use crate::ui::table::{cell, count, number, small};

/// Most characters of a pasted table; what is larger is a file.
const PASTED_MAX: u32 = 200_000;

const LEDE: &str = "House rules, a contract, another standard: requirements that you bring as a table.";

const EXAMPLE: &str = "id,title,group\nA-1,No card numbers in mail,Data\nA-2,Every integration has an owner,People\n";

/// All of them.
pub(in super::super) async fn list(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.library(&place.estate.workspace.id).await?;
    let edits = place.may(Capability::EditModel);
    let add = || edits.then(|| header::action(place.paths.page("frameworks/new"), "plus", "Bring a framework", true));
    let rows: Vec<AnyView> = book
        .frameworks
        .values()
        .map(|kept| {
            let it = &kept.value;
            let settled = book.positions.values().filter(|position| {
                let position = &position.value;
                it.has(&position.requirement) && (position.status.is_met() || position.status == Status::NotApplicable)
            });
            let href = place.paths.query("requirements", &[("framework", it.key.as_str())]);
            view! {
                <tr>
                    <th scope="row" data-label="Framework">
                        <a href=place.paths.framework_at(it.key.as_str())>{it.name.clone()}</a>
                        " "
                        <span class="key">{it.key.to_string()}</span>
                    </th>
                    {number("Requirements", it.rows.len())}
                    {number("In place or not applicable", settled.count())}
                    {cell("Look", view! { <a href=href>"Show its requirements"</a> })}
                </tr>
            }
            .into_any()
        })
        .collect();
    let content = if rows.is_empty() {
        empty_state(
            "checklist",
            "No frameworks of your own",
            "PCI DSS, OWASP ASVS and the API Top 10 are there already.",
            add(),
        )
    } else {
        let columns = ["Framework", "Requirements", "In place or not applicable", "Look"];
        small("frameworks", count(rows.len(), "framework"), &columns, rows)
    };
    let body = view! {
        {head(&place, "Own frameworks").lede(LEDE).actions(add()).view()}
        {content}
    };
    Ok(Screen::inside(&place, Section::Evidence, "Own frameworks", body))
}

/// A new one.
pub(in super::super) async fn new(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    if !place.may(Capability::EditModel) {
        return Err(Problem::Forbidden);
    }
    let form = request.form(Vec::new);
    let title = "Bring a framework";
    let key = Input { most: u32::try_from(FRAMEWORK_KEY_MAX).unwrap_or(u32::MAX), class: "mono", ..Input::default() };
    let body = view! {
        {head(&place, title).below(place.paths.page("frameworks"), "Own frameworks").lede(LEDE).view()}
        {problems(&request, &form)}
        <form class="form" method="post" action=place.paths.page("frameworks/new") enctype="multipart/form-data">
            {hidden("rev", "0".to_owned())}
            {field(&form, "name", "Name").required().input(name())}
            {field(&form, "key", "Key")
                .hint("Stands in front of its requirements, as in house-rules:A-1. Lower-case letters, digits and dashes.")
                .required()
                .input(key)}
            {table(&form)}
            <div class="button-row">
                <button class="button primary">"Bring it"</button>
                <a class="button quiet" href=place.paths.page("frameworks")>"Cancel"</a>
            </div>
        </form>
        {format()}
    };
    Ok(Screen::inside(&place, Section::Evidence, title, body))
}

/// One of them: its requirements are in the list, its table is put in place here.
pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.library(&place.estate.workspace.id).await?;
    let key: FrameworkKey = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let kept = book.frameworks.get(&key).ok_or(Problem::NotFound)?;
    let it = &kept.value;
    let form = request.form(|| vec![("name".to_owned(), it.name.clone())]);
    let show = place.paths.query("requirements", &[("framework", key.as_str())]);
    let csv = place.may(Capability::ExportModel).then(|| {
        header::action(
            place.paths.page(&format!("export/frameworks/{}", encoded(key.as_str()))),
            "download",
            "Download CSV",
            false,
        )
    });
    let replace = place.may(Capability::EditModel).then(|| {
        let gone = orphans(&book, &key);
        let gone = (gone > 0).then(|| {
            let words = format!("{} no longer in the table. What was said of them is kept.", if gone == 1 {
                "1 requirement of which somebody spoke is".to_owned()
            } else {
                format!("{gone} requirements of which somebody spoke are")
            });
            view! { <p class="hint">{words}</p> }
        });
        view! {
            <section class="card" aria-labelledby="replace">
                <h2 id="replace">"Put another table in its place"</h2>
                {problems(&request, &form)}
                {gone}
                <form class="form" method="post" action=place.paths.framework_at(key.as_str()) enctype="multipart/form-data">
                    {hidden("rev", kept.revision.to_string())}
                    {field(&form, "name", "Name").required().input(name())}
                    {table(&form)}
                    <p class="hint">"Where a requirement stands is kept by its id."</p>
                    <div class="button-row"><button class="button primary">"Replace it"</button></div>
                </form>
            </section>
            {format()}
        }
    });
    let body = view! {
        {head(&place, it.name.clone())
            .below(place.paths.page("frameworks"), "Own frameworks")
            .meta(view! { <span class="key">{key.to_string()}</span><span>{count(it.rows.len(), "requirement")}</span> })
            .actions(view! { {csv}{header::action(show, "checklist", "Show its requirements", false)} })
            .view()}
        {replace}
    };
    Ok(Screen::inside(&place, Section::Evidence, it.name.clone(), body))
}

/// How many requirements somebody spoke of are not in the table any more.
fn orphans(book: &LibraryBook, key: &FrameworkKey) -> usize {
    let own = Framework::Own(key.clone());
    book.positions.keys().filter(|it| *it.framework() == own && !book.lists(it)).count()
}

fn problems(request: &Request, form: &FormState) -> AnyView {
    let sentences: Vec<_> = form.values("rejection").map(|it| view! { <li>{it.to_owned()}</li> }).collect();
    let rejected = !sentences.is_empty();
    let conflict = (request.problem() == Some(&Problem::Conflict)).then(|| {
        problem_box(
            view! { <p>"Someone put another table in its place since you opened it. Look at it once more."</p> },
        )
    });
    view! {
        {rejected.then(|| problem_box(view! {
            <p>"The table was not read. Correct it and send it again."</p><ul>{sentences}</ul>
        }))}
        {conflict}
        {request.general_problem().filter(|_| !rejected)}
        {form.summary(label)}
    }
    .into_any()
}

/// A file, or the table itself.
fn table(form: &FormState) -> AnyView {
    view! {
        <div class="field">
            <label for="f-file">"File"<span class="optional">" (optional)"</span></label>
            <p class="hint" id="f-file-hint">{format!("CSV of at most 1 MiB and {ROWS_MAX} rows.")}</p>
            <input class="input" id="f-file" type="file" name="file" aria-describedby="f-file-hint" accept=".csv,.tsv,.txt,text/csv"/>
        </div>
        {field(form, "text", "Or the table itself")
            .hint("Pasted from a spreadsheet, or typed. Cells are divided by tabs, commas or semicolons.")
            .optional()
            .area_of(PASTED_MAX)}
    }
    .into_any()
}

fn format() -> AnyView {
    view! {
        <section class="section" aria-labelledby="format">
            <h2 id="format">"What a table holds"</h2>
            <p>
                {format!("A line with the names of the columns, then one line for each requirement: its id, a short title, and \
                    where wanted a group. There are at most {FRAMEWORKS_MAX} frameworks. Write titles of your own: the texts \
                    of standards belong to their publishers.")}
            </p>
            <pre>{EXAMPLE}</pre>
        </section>
    }
    .into_any()
}

fn name() -> Input {
    Input { most: u32::try_from(NAME_MAX).unwrap_or(u32::MAX), ..Input::default() }
}

fn label(name: &str) -> Option<String> {
    let label = match name {
        "name" => "Name",
        "key" => "Key",
        "file" => "File",
        "text" => "The table",
        _ => return None,
    };
    Some(label.to_owned())
}
