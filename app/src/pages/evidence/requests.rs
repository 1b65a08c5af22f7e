//! The inbox of requests: what who audits asked for, what waits for whom, and the form of a new one.

use domain::backend::requests::RequestBook;
use domain::evidence::inbox::order;
use domain::evidence::request::{Request as Asked, Side, State, WORDS_MAX};
use domain::id::PersonId;
use domain::library::entries;
use domain::library::reference::Standard;
use domain::model::draft::options;
use domain::problem::Problem;
use domain::role::Capability;
use domain::time::Day;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use crate::ui::field::{Input, field};
use crate::ui::form::FormState;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::notice::empty_state;
use crate::ui::table::{cell, count, small};

const LEDE: &str =
    "What an assessor asks for. An answer is words and evidence items, and both sides see the same conversation.";

/// The most requests that the page shows; those that wait come first.
const SHOWN: usize = 500;

/// The filters of the list, each with its word in the address.
const FILTERS: [(&str, &str); 4] =
    [("", "All"), ("team", "Team's turn"), ("auditor", "Auditor's turn"), ("over", "Over")];

/// Every request, what waits first.
pub(in crate::pages) async fn list(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.requests(&place.estate.workspace.id).await?;
    let shown = request.query("show").unwrap_or_default();
    let fits = |it: &&Asked| match shown.as_str() {
        "team" => it.state().turn() == Some(Side::Team),
        "auditor" => it.state().turn() == Some(Side::Auditor),
        "over" => it.state().turn().is_none(),
        _ => true,
    };
    let mut all: Vec<&Asked> = book.requests.values().map(|it| &it.value).filter(fits).collect();
    all.sort_by_key(|it| order(it));
    let asks = place.may_in_inbox(Capability::AskForEvidence);
    let ask = || header::action(place.paths.page("evidence/requests/new"), "plus", "Ask for something", true);
    let content = if all.is_empty() {
        let sentence = "A request names what is wanted, by when and from whom. Its answer stays with it.";
        empty_state("evidence", "No requests", sentence, ())
    } else {
        let rows = all.iter().take(SHOWN).map(|it| row(&place, &book, it)).collect();
        let caption = match all.len() {
            more if more > SHOWN => format!("The first {SHOWN} of {}", count(more, "request")),
            few => count(few, "request"),
        };
        small("requests", caption, &["Request", "About", "State", "Due", "Asked of", "Asked by"], rows)
    };
    let filters = FILTERS.iter().map(|(word, label)| {
        let current = (*word == shown).then_some("true");
        view! { <a href=place.paths.query("evidence/requests", &[("show", word)]) aria-current=current>{*label}</a>" " }
    });
    let body = view! {
        {Header::new("Requests").below(place.paths.page("evidence"), "Evidence").lede(LEDE).actions(asks.then(ask)).view()}
        {super::tabs(&place, "evidence/requests")}
        <nav class="cluster" aria-label="Which requests">{filters.collect::<Vec<_>>()}</nav>
        {content}
    };
    Ok(Screen::inside(&place, Section::Evidence, "Requests", body))
}

fn row(place: &Place, book: &RequestBook, it: &Asked) -> AnyView {
    let late = it.is_late(book.today).then(|| view! { " "<span class="badge" data-tone="error">"late"</span> });
    let about = it.question.title.clone().or_else(|| it.question.requirement.as_ref().map(|it| it.id().to_owned()));
    view! {
        <tr>
            <th scope="row" data-label="Request">
                <a href=place.paths.request_at(&it.key.to_string())>{it.question.first_line()}</a>
                " "
                <span class="key">{it.key.to_string()}</span>
            </th>
            {cell("About", about)}
            {cell("State", badge(it.state()))}
            {cell("Due", view! { {it.due().map(day)}{late} })}
            {cell("Asked of", it.owner().map(|id| name(place, book, id)))}
            {cell("Asked by", name(place, book, &it.by))}
        </tr>
    }
    .into_any()
}

/// A day as the browser reads it.
pub(super) fn day(day: Day) -> AnyView {
    view! { <time datetime=day.to_string()>{day.to_string()}</time> }.into_any()
}

/// Where a request stands.
pub(super) fn badge(state: State) -> AnyView {
    let tone = match state {
        State::Open | State::Returned => "warn",
        State::Answered => "info",
        State::Accepted => "ok",
        State::Withdrawn => "neutral",
    };
    view! { <span class="badge" data-tone=tone>{state.label()}</span> }.into_any()
}

/// Whom a request names: a person of the inventory, or a member who is none.
pub(super) fn name(place: &Place, book: &RequestBook, id: &PersonId) -> String {
    let person = place.estate.model.people.get(id).map(|it| it.name.clone());
    let member = || book.names.get(id).cloned();
    // Who is neither is somebody who came to the inventory after what is shown was signed.
    person.or_else(member).unwrap_or_else(|| match id.as_str().starts_with("account:") {
        true => "Somebody who left".to_owned(),
        false => id.to_string(),
    })
}

/// The form of a new request.
pub(in crate::pages) async fn new(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    if !place.may_in_inbox(Capability::AskForEvidence) {
        return Err(Problem::Forbidden);
    }
    let form = request.form(|| {
        let about = request.query("requirement").unwrap_or_default();
        vec![("requirement".to_owned(), about)]
    });
    let most = u32::try_from(WORDS_MAX).unwrap_or(u32::MAX);
    let list = place.paths.page("evidence/requests");
    let body = view! {
        {Header::new("Ask for something").below(list.clone(), "Requests").lede(LEDE).view()}
        {request.general_problem()}
        {form.summary(label)}
        <form class="form" method="post" action=place.paths.page("evidence/requests/new")>
            {field(&form, "text", "What is wanted").required().area_of(most)}
            {about_requirement(&form)}
            <div class="field-row">
                {due(&form)}
                {field(&form, "owner", "Asked of").optional().hint("Everybody who may answer sees it where nobody is named.")
                    .select(Some("Nobody in particular"), &options::people(&place.estate.model))}
            </div>
            <div class="button-row">
                <button class="button primary">{icon("check")}"Ask"</button>
                <a class="button" href=list>"Cancel"</a>
            </div>
        </form>
    };
    Ok(Screen::inside(&place, Section::Evidence, "Ask for something", body))
}

/// The field for the requirement that something is about.
pub(super) fn about_requirement(form: &FormState) -> AnyView {
    let all: Vec<(String, String)> =
        entries(Standard::Pci).iter().map(|it| (it.key.to_string(), format!("{} {}", it.key.id(), it.title))).collect();
    field(form, "requirement", "Requirement").optional().hint("Its number, such as 11.3.2.").with_proposals(&all)
}

/// The field for the day by which an answer is wanted.
pub(super) fn due(form: &FormState) -> AnyView {
    field(form, "due", "Wanted by").optional().input(Input { kind: "date", class: "short", ..Input::default() })
}

/// The words of a field in the list of errors.
pub(super) fn label(name: &str) -> Option<String> {
    let words = match name {
        "text" => "What is wanted",
        "requirement" => "Requirement",
        "due" => "Wanted by",
        "owner" => "Asked of",
        "words" => "Words",
        "item" => "Evidence items",
        "step" => "Step",
        _ => return None,
    };
    Some(words.to_owned())
}
