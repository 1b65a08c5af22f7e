//! The grants of a credential: as rows of its form, and as what is granted, used and needed.

use domain::inventory::{GrantInUse, grants_in_use};
use domain::model::credential::Credential;
use domain::model::draft::options;
use domain::model::fact::{Fact, choice_label};
use domain::model::object::ObjectKind;
use leptos::prelude::*;

use super::super::editor::{Editor, one_of, owned};
use super::super::request::{Place, Request};
use super::super::rows::Rows;
use super::super::systems::{flow_name, system_name};
use crate::ui::field::field;
use crate::ui::table::{cell, count, small};

const ROWS: Rows = Rows {
    group: "grant",
    marker: "grants",
    legend: "What it may do where",
    hint: "A row without a system is left out.",
    word: "grant",
};

/// The rows of the form, with empty ones to fill in.
pub(super) fn rows(request: &Request, editor: &Editor<'_>, is_new: bool) -> AnyView {
    let systems = options::systems(editor.model);
    let domains: Vec<(String, String)> =
        options::domains(editor.model).into_iter().map(|it| (it, String::new())).collect();
    ROWS.view(request, editor, u32::from(is_new), |editor, prefix| {
        let name = |part: &str| format!("{prefix}{part}");
        let form = editor.form;
        view! {
            <div class="field-row">
                {one_of(field(form, name("on"), "System"), "None", &systems)}
                {field(form, name("priv"), "Right").select(None, &owned(&options::privileges()))}
            </div>
            <details open=form.has_errors_in(prefix)>
                <summary>"More about it"</summary>
                {field(form, name("action"), "What it moves or changes")
                    .hint("None ticked: nobody has said.")
                    .choices(&owned(&options::actions()), Vec::new())}
                <div class="field-row">
                    {field(form, name("elements"), "Only these elements")
                        .hint("Their keys, divided by semicolons. All where empty.")
                        .text()}
                    {field(form, name("domain"), "Token domain")
                        .hint("Of a right to de-tokenise.")
                        .with_proposals(&domains)}
                    {editor.facts_of_row(ObjectKind::Grant, prefix)}
                </div>
            </details>
        }
        .into_any()
    })
}

/// What is granted, by which flows it is used, and what those flows say they need.
pub(super) fn table(place: &Place, credential: &Credential) -> AnyView {
    let content = if credential.grants.is_empty() {
        view! { <p class="muted">"Nothing is granted to it, so it reaches nothing."</p> }.into_any()
    } else {
        let grants = grants_in_use(credential, &place.estate.model);
        let rows = grants.iter().map(|it| granted(place, it)).collect();
        let columns = ["System", "Granted", "Actions", "Used by", "Last used", "Needed"];
        small("grant-table", count(credential.grants.len(), "grant"), &columns, rows)
    };
    view! {
        <section class="section" aria-labelledby="grants"><h2 id="grants">"Granted, used, needed"</h2>{content}</section>
    }
    .into_any()
}

fn granted(place: &Place, it: &GrantInUse<'_>) -> AnyView {
    let (model, grant) = (&place.estate.model, it.grant);
    let links: Vec<_> = it
        .flows
        .iter()
        .enumerate()
        .map(|(number, flow)| {
            let comma = (number > 0).then_some(", ");
            view! { {comma}<a href=place.paths.flow(&flow.id)>{flow_name(model, flow)}</a> }
        })
        .collect();
    let used_by = if links.is_empty() {
        view! { <span class="muted">"No flow uses it here"</span> }.into_any()
    } else {
        links.into_any()
    };
    let actions = if grant.action.is_empty() {
        "Unknown".to_owned()
    } else {
        grant.action.iter().map(|it| it.label()).collect::<Vec<_>>().join(", ")
    };
    let last_used = grant.facts.get("last_used").and_then(Fact::text).unwrap_or("Unknown").to_owned();
    let needed = if it.needed.is_empty() {
        "Nobody has said".to_owned()
    } else {
        it.needed.iter().map(|word| choice_label(word)).collect::<Vec<_>>().join(", ")
    };
    let too_much = it.exceeds_needs().then(|| view! { <strong>" More is granted than needed."</strong> });
    view! {
        <tr>
            <th scope="row"><a href=place.paths.system(&grant.on)>{system_name(model, &grant.on)}</a></th>
            {cell("Granted", grant.privilege.label())}
            {cell("Actions", actions)}
            {cell("Used by", used_by)}
            {cell("Last used", last_used)}
            {cell("Needed", view! { {needed}{too_much} })}
        </tr>
    }
    .into_any()
}
