//! Policy documents: which version holds, who answers for it, who approved it, and when somebody looks at it next.

use domain::backend::incidents::Kept;
use domain::backend::library::LibraryBook;
use domain::evidence::policy::{Policy, PolicyKey, State, VERSION_MAX, policy_to_form};
use domain::model::draft::{NAME_MAX, options};
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::{buttons, conflict, not_done, one_of};
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::risks::person;
use super::{DAY, editable, item_options, label, requirements, tabs};
use crate::ui::field::{Input, field, hidden};
use crate::ui::header::{self, Header};
use crate::ui::notice::empty_state;
use crate::ui::table::{cell, count, small};

const LEDE: &str = "What management decided in writing, who approved which version, and when it is looked at next.";

/// All of them.
pub(in super::super) async fn list(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.library(&place.estate.workspace.id).await?;
    let edits = place.may(Capability::EditModel);
    let add = || header::action(place.paths.page("evidence/policies/new"), "plus", "Add a policy", true);
    let content = if book.policies.is_empty() {
        let sentence = "Add the security policy first: its version, who answers for it, and the document.";
        empty_state("evidence", "No policies yet", sentence, edits.then(add))
    } else {
        table(&place, &book, &book.policies.values().collect::<Vec<_>>())
    };
    let body = view! {
        {Header::new("Policies")
            .below(place.paths.page("evidence"), "Evidence")
            .lede(LEDE)
            .actions(edits.then(add))
            .view()}
        {tabs(&place, "evidence/policies")}
        {content}
    };
    Ok(Screen::inside(&place, Section::Evidence, "Policies", body))
}

fn table(place: &Place, book: &LibraryBook, all: &[&Kept<Policy>]) -> AnyView {
    let rows = all.iter().map(|it| row(place, book, &it.value)).collect();
    let columns = ["Policy", "Version", "Owner", "Document", "Answers", "Approved", "Next review", "State"];
    small("policies", count(all.len(), "policy").replace("policys", "policies"), &columns, rows)
}

fn row(place: &Place, book: &LibraryBook, it: &Policy) -> AnyView {
    let document = it.document.map(|key| {
        let key = key.to_string();
        view! { <a class="key" href=place.paths.evidence("items", &key)>{key.clone()}</a> }
    });
    let approved = it.approved.as_ref().map(|(by, on)| view! { {on.to_string()}" by "{person(place, by)} });
    view! {
        <tr>
            <th scope="row" data-label="Policy">
                <a href=place.paths.evidence("policies", &it.key.to_string())>{it.title.clone()}</a>
                " "
                <span class="key">{it.key.to_string()}</span>
            </th>
            {cell("Version", it.version.clone())}
            {cell("Owner", it.owner.as_ref().map(|it| person(place, it)))}
            {cell("Document", document)}
            {cell("Answers", requirements(place, &it.requirements))}
            {cell("Approved", approved)}
            {cell("Next review", it.review_due().map(|it| it.to_string()))}
            {cell("State", state(it.state(book.today)))}
        </tr>
    }
    .into_any()
}

fn state(state: State) -> AnyView {
    let tone = match state {
        State::InForce => "ok",
        State::Soon | State::NotApproved => "warn",
        State::Late => "error",
    };
    view! { <span class="badge" data-tone=tone>{state.label()}</span> }.into_any()
}

/// A new one.
pub(in super::super) async fn new(request: Request) -> Result<Screen, Problem> {
    let (place, book) = editable(&request).await?;
    let title = "Add a policy";
    let stored = policy_to_form(&Policy::new());
    let body = view! {
        {head(&place, title.to_owned())}
        {request.general_problem()}
        {form(&request, &place, &book, (place.paths.page("evidence/policies/new"), 0, stored))}
    };
    Ok(Screen::inside(&place, Section::Evidence, title, body))
}

/// One of them; for whoever may, with its form and the button that approves it.
pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.library(&place.estate.workspace.id).await?;
    let key: PolicyKey = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let kept = book.policies.get(&key).ok_or(Problem::NotFound)?;
    let own = place.paths.evidence("policies", &key.to_string());
    let title = kept.value.title.clone();
    let edits = place.may(Capability::EditModel);
    let approve = (edits && kept.value.approved.is_none()).then(|| {
        view! {
            <form class="stack tight" method="post" action=format!("{own}/approve")>
                {hidden("rev", kept.revision.to_string())}
                <p class="meta">"Whoever wrote this version does not approve it."</p>
                <button class="button primary">{format!("Approve version {}", kept.value.version)}</button>
            </form>
        }
    });
    // An approval that was not given has no field of its own to stand beside.
    let refused = request.submitted.as_ref().is_some_and(|it| !it.form.iter().any(|(name, _)| name == "title"));
    let told = if refused { not_done(&request) } else { request.general_problem() };
    let body = view! {
        {head(&place, title.clone())}
        {told}
        {table(&place, &book, &[kept])}
        {approve}
        {edits.then(|| {
            let stored = policy_to_form(&kept.value);
            form(&request, &place, &book, (own.clone(), kept.revision, stored))
        })}
    };
    Ok(Screen::inside(&place, Section::Evidence, title, body))
}

fn head(place: &Place, title: String) -> AnyView {
    Header::new(title)
        .below(place.paths.page("evidence"), "Evidence")
        .below(place.paths.page("evidence/policies"), "Policies")
        .view()
}

fn form(
    request: &Request,
    place: &Place,
    book: &LibraryBook,
    (action, revision, stored): (String, i64, Vec<(String, String)>),
) -> AnyView {
    let edited = request.submitted.as_ref().is_some_and(|it| it.form.iter().any(|(name, _)| name == "title"));
    let shown = if edited { request.form(Vec::new) } else { crate::ui::form::FormState::new(stored.clone()) };
    let people = options::people(&place.estate.model);
    let answers = shown.values("requirement").filter(|it| !it.is_empty()).collect::<Vec<_>>().join("; ");
    let line = |most: usize| Input { most: u32::try_from(most).unwrap_or(u32::MAX), ..Input::default() };
    view! {
        {if edited { conflict(request, &stored) } else { None }}
        {shown.summary(label)}
        <form class="form" method="post" action=action>
            {hidden("rev", revision.to_string())}
            {field(&shown, "title", "Title").input(line(NAME_MAX))}
            <div class="field-row">
                {field(&shown, "version", "Version").hint("Another version is approved again.").input(line(VERSION_MAX))}
                {one_of(field(&shown, "owner", "Owner"), "Nobody", &people)}
            </div>
            {one_of(field(&shown, "document", "Document").hint("The evidence item that is the document.").optional(), "None", &item_options(book))}
            {field(&shown, "requirement", "Requirements that it answers")
                .hint("Their ids, divided by semicolons, such as 12.1.1.")
                .optional()
                .showing(answers)
                .text()}
            {field(&shown, "next_review", "Next review").hint("Without a day, a year after it was approved.").optional().input(DAY)}
            {buttons("Save", place.paths.page("evidence/policies"))}
        </form>
    }
    .into_any()
}
