//! What a register would become: the columns and scales as they are understood, the rows, and the decision.

use domain::backend::register_imports::{ImportState, RegisterImport};
use domain::backend::risks::RiskRegister;
use domain::id::ImportId;
use domain::problem::Problem;
use domain::risk::sheet::{Around, Choices, Counts, DryRun, Table, dry_run, rows_hash};
use leptos::prelude::*;

use super::super::super::request::{Place, Request};
use super::{columns, rows, scales};
use crate::ui::field::hidden;
use crate::ui::form::{FormState, problem_box};
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::count;

/// The preview of a register that waits for a decision.
pub(super) fn page(
    request: &Request,
    place: &Place,
    (id, kept): (&ImportId, &RegisterImport),
    risks: &RiskRegister,
    head: AnyView,
) -> Result<AnyView, Problem> {
    // A table that was kept by another version of this program may not be readable by this one.
    let table = Table::from_json(&kept.content).ok_or(Problem::NotFound)?;
    let register = &risks.register;
    let said = match &request.submitted {
        Some(submitted) => submitted.form.as_slice(),
        None => kept.choices.as_slice(),
    };
    let read = Choices::from_form(said, &table, register.scheme);
    let (choices, errors) = match read {
        Ok(choices) => (choices, Vec::new()),
        // What was answered wrongly is as if it was not answered; the columns stay as they were chosen.
        Err(errors) => (without_answers(said, &table, risks), errors),
    };
    let form = FormState::new(match errors.is_empty() {
        true => choices.to_form(),
        false => said.to_vec(),
    })
    .with_errors(errors);
    let around = Around { existing: &risks.risks, register, model: &place.estate.model };
    let run = dry_run(&table, &choices.mapping, &choices.answers, around);
    let counts = run.counts();
    let body = view! {
        {head}
        {conflict(request)}
        {remark(kept.state)}
        {request.general_problem()}
        {form.summary(|name| label(&table, name))}
        {tiles(&run, counts)}
        {stopped(&run, &choices)}
        <form class="form wide" method="post" action=place.paths.register_import(id)>
            {hidden("hash", if run.rows.is_empty() { String::new() } else { rows_hash(&run.rows) })}
            <button class="visually-hidden" name="action" value="preview" tabindex="-1" aria-hidden="true">
                "Show what would change"
            </button>
            {columns::view(&table, &choices)}
            {scales::view(&table, &choices, register.scheme, &form)}
            {leave_out(counts, &choices)}
            {buttons(&run, counts, &choices)}
        </form>
        {rows::rejected(&table, &run)}
        {rows::rows(place, &run, risks)}
    };
    Ok(body.into_any())
}

/// The columns as they were chosen, where an answer about a scale cannot be used.
fn without_answers(said: &[(String, String)], table: &Table, risks: &RiskRegister) -> Choices {
    let columns: Vec<(String, String)> = said.iter().filter(|(name, _)| name.starts_with("column.")).cloned().collect();
    Choices::from_form(&columns, table, risks.register.scheme).unwrap_or_else(|_| Choices::proposed(table))
}

fn label(table: &Table, name: &str) -> Option<String> {
    match name.split_once('.')? {
        ("column", place) => table.header.get(place.parse::<usize>().ok()?).cloned(),
        ("scale" | "way", axis) => scales::side(axis).map(str::to_owned),
        ("step", rest) => {
            let (axis, step) = rest.split_once('.')?;
            Some(format!("{}, step {step}", scales::side(axis)?))
        }
        _ => None,
    }
}

fn conflict(request: &Request) -> Option<AnyView> {
    (request.problem() == Some(&Problem::Conflict))
        .then(|| problem_box(view! { <p>"This file is being imported already, or was. Look at the page again."</p> }))
}

/// How an earlier attempt ended.
fn remark(state: ImportState) -> Option<AnyView> {
    match state {
        ImportState::Stopped => Some(notice(Tone::Info, "The import was stopped. Nothing was written.")),
        ImportState::Outdated => Some(notice(
            Tone::Error,
            "Nothing was written: what would be imported is not what was shown. The register, the map or the choices \
             changed since. Look at it again, then confirm.",
        )),
        ImportState::Rejected => Some(notice(
            Tone::Error,
            "Nothing was written: rows cannot be read, or something is not answered. See below.",
        )),
        ImportState::Failed => {
            Some(notice(Tone::Error, "The import broke off, and nothing was written. Confirm it again."))
        }
        ImportState::Waiting | ImportState::Reading | ImportState::Done => None,
    }
}

fn tiles(run: &DryRun, counts: Counts) -> Option<AnyView> {
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
    run.questions.is_empty().then(|| {
        view! {
            <ul class="stats" aria-label="What would change">
                {tile("New", counts.new)}
                {tile("Changed", counts.changed)}
                {tile("Unchanged", counts.unchanged)}
                {tile("Rejected", counts.rejected)}
            </ul>
        }
        .into_any()
    })
}

/// What has to be answered or corrected before anything can be imported.
fn stopped(run: &DryRun, choices: &Choices) -> AnyView {
    let asked = (!run.questions.is_empty()).then(|| {
        let sentence = "This file rates on another scale than this register. Say below what each step becomes.";
        notice(Tone::Warn, sentence)
    });
    let rejected = (!run.rejections.is_empty()).then(|| match choices.leaves_out && !run.rows.is_empty() {
        true => notice(Tone::Warn, "The rejected rows are left out. The others are imported."),
        false => notice(
            Tone::Error,
            "Rejected rows stop the whole import. Correct the file, the columns or the scales, \
            or leave those rows out.",
        ),
    });
    let ignored = (!run.ignored.is_empty())
        .then(|| notice(Tone::Info, format!("These columns are left out: {}.", run.ignored.join(", "))));
    view! { {asked}{rejected}{ignored} }.into_any()
}

fn leave_out(counts: Counts, choices: &Choices) -> Option<AnyView> {
    let read = counts.new + counts.changed + counts.unchanged;
    let offered = (counts.rejected > 0 && read > 0) || choices.leaves_out;
    offered.then(|| {
        let words = format!("Leave {} out and import the others", count(counts.rejected, "rejected row"));
        view! {
            <label class="choice">
                <input type="checkbox" name="leave_out" value="yes" checked=choices.leaves_out/>
                <span>{words}</span>
            </label>
        }
        .into_any()
    })
}

fn buttons(run: &DryRun, counts: Counts, choices: &Choices) -> AnyView {
    let ready = run.questions.is_empty() && (run.rejections.is_empty() || choices.leaves_out);
    let nothing = counts.new + counts.changed == 0;
    view! {
        {(ready && nothing).then(|| view! { <p>"Nothing would change."</p> })}
        <div class="button-row">
            {(ready && !nothing).then(|| view! {
                <button class="button primary" name="action" value="confirm">{icon("check")}"Confirm the import"</button>
            })}
            <button class="button" name="action" value="preview">"Show what would change"</button>
            <button class="button quiet" name="action" value="cancel" formnovalidate=true>"Cancel"</button>
        </div>
    }
    .into_any()
}
