//! One request with its conversation, and what whoever looks can do about it.

use domain::backend::incidents::Kept;
use domain::backend::requests::RequestBook;
use domain::evidence::request::{Event, Request as Asked, RequestKey, Side, State, Step, WORDS_MAX};
use domain::evidence::{EvidenceKey, Item};
use domain::model::draft::options;
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::not_done;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::requests::{badge, day, due, label, name};
use crate::ui::field::{field, hidden};
use crate::ui::form::FormState;
use crate::ui::header::Header;
use crate::ui::icon::icon;

/// The most evidence items that the form of an answer lists, the newest first.
const ITEMS: usize = 200;

/// One request.
pub(in crate::pages) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let key: RequestKey = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let book = request.backend()?.requests(&place.estate.workspace.id).await?;
    let kept = book.requests.get(&key).ok_or(Problem::NotFound)?;
    let it = &kept.value;
    let events: Vec<_> = it.history.iter().map(|event| said(&place, &book, event)).collect();
    let late = it.is_late(book.today).then(|| view! { " "<span class="badge" data-tone="error">"late"</span> });
    let meta = view! { <span class="key">{key.to_string()}</span>" "{badge(it.state())}{late} };
    let head = Header::new(it.question.first_line())
        .below(place.paths.page("evidence"), "Evidence")
        .below(place.paths.page("evidence/requests"), "Requests")
        .meta(meta);
    let body = view! {
        {head.view()}
        {not_done(&request)}
        <div class="cards">{facts(&place, &book, it)}</div>
        <section class="section" aria-labelledby="conversation">
            <h2 id="conversation">"Conversation"</h2>
            <ol class="list-rows">
                <li>
                    <div class="stack grow">
                        <p class="meta">{format!("{} asked, {}", name(&place, &book, &it.by), it.at)}</p>
                        {lines(&it.question.text)}
                    </div>
                </li>
                {events}
            </ol>
        </section>
        {steps(&request, &place, &book, kept)}
    };
    Ok(Screen::inside(&place, Section::Evidence, key.to_string(), body))
}

fn facts(place: &Place, book: &RequestBook, it: &Asked) -> AnyView {
    let about = it.question.requirement.as_ref().map(|key| {
        let href = place.paths.requirement(key.id());
        view! { <div><dt>"Requirement"</dt><dd><a href=href>{key.id().to_owned()}</a></dd></div> }
    });
    let object = it.question.object.as_ref().map(|object| {
        let title = it.question.title.clone().unwrap_or_else(|| object.key());
        let shown = match place.paths.object(object).filter(|_| place.estate.model.get(object).is_some()) {
            Some(href) => view! { <a href=href>{title}</a> }.into_any(),
            None => view! { {title} }.into_any(),
        };
        view! { <div><dt>{object.kind().label()}</dt><dd>{shown}</dd></div> }
    });
    let wanted = it.due().map(|due| view! { <div><dt>"Wanted by"</dt><dd>{day(due)}</dd></div> });
    let owner = it.owner().map_or_else(|| "Whoever of the team may answer".to_owned(), |id| name(place, book, id));
    view! {
        <section class="card" aria-labelledby="about">
            <h2 id="about">"About it"</h2>
            <dl class="key-value">
                {about}
                {object}
                {wanted}
                <div><dt>"Asked of"</dt><dd>{owner}</dd></div>
            </dl>
        </section>
    }
    .into_any()
}

/// A step that was taken, in words.
fn said(place: &Place, book: &RequestBook, it: &Event) -> AnyView {
    let did = match &it.step {
        Step::Assign { owner, due } => {
            let owner = owner.as_ref().map_or_else(|| "nobody in particular".to_owned(), |id| name(place, book, id));
            let until = due.map_or_else(String::new, |due| format!(", by {due}"));
            format!("gave it to {owner}{until}")
        }
        Step::Answer { .. } => "answered".to_owned(),
        Step::Return { .. } => "sent it back".to_owned(),
        Step::Accept => "accepted the answer".to_owned(),
        Step::Withdraw => "withdrew it".to_owned(),
        Step::Say { .. } => "wrote".to_owned(),
    };
    let items = match &it.step {
        Step::Answer { items, .. } if !items.is_empty() => {
            let rows: Vec<_> = items.iter().map(|key| item(place, *key, book.items.get(key))).collect();
            Some(view! { <ul>{rows}</ul> })
        }
        _ => None,
    };
    view! {
        <li>
            <div class="stack grow">
                <p class="meta">{format!("{} ({}) {did}, {}", name(place, book, &it.by), it.side.label(), it.at)}</p>
                {lines(it.step.words())}
                {items}
            </div>
        </li>
    }
    .into_any()
}

fn item(place: &Place, key: EvidenceKey, kept: Option<&Kept<Item>>) -> AnyView {
    let href = place.paths.page(&format!("evidence/items/{key}"));
    let title = kept.map_or_else(String::new, |it| it.value.title.clone());
    view! { <li><a href=href>{title}</a>" "<span class="key">{key.to_string()}</span></li> }.into_any()
}

/// Text of a person, one paragraph a line.
fn lines(text: &str) -> AnyView {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| view! { <p>{line.to_owned()}</p> })
        .collect::<Vec<_>>()
        .into_any()
}

/// The forms of what this side can do now.
fn steps(request: &Request, place: &Place, book: &RequestBook, kept: &Kept<Asked>) -> Option<AnyView> {
    if !place.may_in_inbox(Capability::AskForEvidence) {
        return None;
    }
    let (it, state) = (&kept.value, kept.value.state());
    let form = request.form(Vec::new);
    let action = place.paths.request_at(&it.key.to_string());
    let open = |step: &'static str| {
        view! { {hidden("step", step.to_owned())}{hidden("rev", kept.revision.to_string())} }.into_any()
    };
    let one = |step: &'static str, words: &'static str| {
        view! {
            <form method="post" action=action.clone()>{open(step)}<button class="button">{words}</button></form>
        }
        .into_any()
    };
    let with_words = |step: &'static str, heading: &'static str, words: &'static str, more: Option<AnyView>| {
        let most = u32::try_from(WORDS_MAX).unwrap_or(u32::MAX);
        // The form that was posted shows what was typed; the others begin empty.
        let own =
            if form.value("step") == step || step == "answer" { form.clone() } else { FormState::new(Vec::new()) };
        let first = step == "answer";
        view! {
            <details class="card" open=first>
                <summary>{heading}</summary>
                {own.summary(label)}
                <form class="form" method="post" action=action.clone()>
                    {open(step)}
                    {field(&own, "words", "Words").area_of(most)}
                    {more}
                    <div class="button-row"><button class="button primary">{icon("check")}{words}</button></div>
                </form>
            </details>
        }
        .into_any()
    };
    let going_on = state.turn().is_some();
    let mut all: Vec<AnyView> = Vec::new();
    match book.side {
        Side::Team if place.may_in_inbox(Capability::EditModel) => {
            if matches!(state, State::Open | State::Returned | State::Answered) {
                let heading = if state == State::Answered { "Answer once more" } else { "Answer" };
                all.push(with_words("answer", heading, "Answer", Some(items(&form, book))));
            }
            if going_on {
                all.push(assign(place, it, &action, open("assign")));
            }
        }
        Side::Team => {}
        Side::Auditor => {
            if state == State::Answered {
                all.push(one("accept", "Accept the answer"));
            }
            if matches!(state, State::Answered | State::Accepted) {
                all.push(with_words("return", "Send it back", "Send back", None));
            }
            if going_on {
                all.push(one("withdraw", "Withdraw the request"));
            }
        }
    }
    if going_on {
        all.push(with_words("say", "Write something", "Write", None));
    }
    (!all.is_empty()).then(|| {
        view! {
            <section class="section stack" aria-labelledby="steps">
                <h2 id="steps">"What to do"</h2>
                {all}
            </section>
        }
        .into_any()
    })
}

fn items(form: &FormState, book: &RequestBook) -> AnyView {
    let all: Vec<(String, String)> = book
        .items
        .values()
        .rev()
        .filter(|it| it.value.withdrawn.is_none())
        .take(ITEMS)
        .map(|it| (it.value.key.to_string(), format!("{} {}", it.value.key, it.value.title)))
        .collect();
    if all.is_empty() {
        return view! { <p class="meta">"There are no evidence items yet. An answer can be words alone."</p> }
            .into_any();
    }
    field(form, "item", "Evidence items")
        .optional()
        .hint("Who audits sees those that you attach.")
        .choices(&all, Vec::new())
}

fn assign(place: &Place, it: &Asked, action: &str, open: AnyView) -> AnyView {
    let values = vec![
        ("owner".to_owned(), it.owner().map(ToString::to_string).unwrap_or_default()),
        ("due".to_owned(), it.due().map(|due| due.to_string()).unwrap_or_default()),
    ];
    let form = FormState::new(values);
    view! {
        <details class="card">
            <summary>"Who answers, and by when"</summary>
            <form class="form" method="post" action=action.to_owned()>
                {open}
                <div class="field-row">
                    {field(&form, "owner", "Asked of").optional()
                        .select(Some("Nobody in particular"), &options::people(&place.estate.model))}
                    {due(&form)}
                </div>
                <div class="button-row"><button class="button primary">{icon("check")}"Save"</button></div>
            </form>
        </details>
    }
    .into_any()
}
