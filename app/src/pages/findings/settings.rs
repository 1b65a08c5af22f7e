//! What the workspace sets for its rules: periods, other severities with their reasons, and budgets per function.

use domain::findings::registry::RULES;
use domain::findings::rule::Severity;
use domain::findings::settings::form::{NUMBERS, REASON_MAX, settings_to_form};
use domain::model::kinds::SystemFunction;
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::{Editor, not_done};
use super::super::frame::{Screen, Section};
use super::super::request::Request;
use super::super::rows::Rows;
use crate::ui::field::{Input, field, hidden};
use crate::ui::form::FormState;
use crate::ui::header::Header;
use crate::ui::icon::icon;

const SEVERITIES: Rows = Rows {
    group: "severity",
    marker: "severities",
    legend: "Other severities",
    hint: "A rule that is more or less urgent here than by itself. Without a reason it does not count.",
    word: "rule",
};

const BUDGETS: Rows = Rows {
    group: "budget",
    marker: "budgets",
    legend: "Budgets per function",
    hint: "What a compromise of a system with the function may reach at most; empty is not limited. PF-39 reports what goes over.",
    word: "budget",
};

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    if !place.may(Capability::ManageWorkspace) {
        return Err(Problem::Forbidden);
    }
    let form = request.form(|| settings_to_form(&place.estate.stored.settings));
    let editor = Editor { form: &form, model: &place.estate.model };
    let page = place.paths.page("settings/rules");
    let head = Header::new("Rules of this workspace")
        .below(place.paths.page("settings"), "Settings")
        .below(place.paths.page("rules"), "Rules")
        .lede("How the rules judge here. What is empty stands as the rules have it.");
    let body = view! {
        {head.view()}
        {not_done(&request)}
        {form.summary(label_of)}
        <form class="form" method="post" action=page>
            {hidden("rev", place.estate.revision.0.to_string())}
            <fieldset class="card">
                <legend>"Periods and limits"</legend>
                <div class="field-row">{numbers(&form)}</div>
            </fieldset>
            {SEVERITIES.view(&request, &editor, 1, severity)}
            {BUDGETS.view(&request, &editor, 1, budget)}
            <div class="button-row">
                <button class="button primary">{icon("check")}"Save"</button>
                <a class="button" href=place.paths.page("rules")>"Cancel"</a>
            </div>
        </form>
    };
    Ok(Screen::inside(&place, Section::Settings, "Rules of this workspace", body).with_islands())
}

fn numbers(form: &FormState) -> Vec<AnyView> {
    NUMBERS
        .iter()
        .map(|it| {
            field(form, it.name, it.label)
                .hint(format!("{} {} where empty.", it.hint, it.default))
                .optional()
                .input(Input { class: "short number", most: 4, ..Input::default() })
        })
        .collect()
}

fn severity(editor: &Editor<'_>, prefix: &str) -> AnyView {
    let name = |part: &str| format!("{prefix}{part}");
    let rules: Vec<(String, String)> =
        RULES.iter().map(|it| (it.id.to_owned(), format!("{}: {}", it.id, it.title))).collect();
    let severities: Vec<(String, String)> =
        Severity::ALL.iter().map(|it| (it.as_str().to_owned(), it.label().to_owned())).collect();
    let form = editor.form;
    view! {
        <div class="field-row">
            {field(form, name("rule"), "Rule").select(Some("None"), &rules)}
            {field(form, name("severity"), "Severity here").select(None, &severities)}
        </div>
        {field(form, name("reason"), "Reason").area_of(REASON_MAX)}
    }
    .into_any()
}

fn budget(editor: &Editor<'_>, prefix: &str) -> AnyView {
    let name = |part: &str| format!("{prefix}{part}");
    let functions: Vec<(String, String)> =
        SystemFunction::ALL.iter().map(|it| (it.as_str().to_owned(), it.label().to_owned())).collect();
    let form = editor.form;
    let number = |part: &str, label: &'static str| {
        field(form, name(part), label).optional().input(Input { class: "short number", most: 12, ..Input::default() })
    };
    view! {
        <div class="field-row">
            {field(form, name("function"), "Function").select(Some("None"), &functions)}
            {number("max_records_pan", "Records of clear card data")}
            {number("max_actions", "Actions that move money")}
            {number("max_elements", "Sensitive elements in clear")}
        </div>
    }
    .into_any()
}

fn label_of(name: &str) -> Option<String> {
    let part = name.rsplit('.').next().unwrap_or(name);
    let label = match part {
        "rule" => "Rule",
        "severity" => "Severity here",
        "reason" => "Reason",
        "function" => "Function",
        "max_records_pan" => "Records of clear card data",
        "max_actions" => "Actions that move money",
        "max_elements" => "Sensitive elements in clear",
        other => return NUMBERS.iter().find(|it| it.name == other).map(|it| it.label.to_owned()),
    };
    Some(label.to_owned())
}
