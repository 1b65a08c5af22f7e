//! The one form that the session shows over its lists: what is to change, a question, its answer, a decision made again,
//! an answer to a refusal, giving up. Which one, the address says, or the form that came back.

use domain::problem::Problem;
use domain::review::Item;
use domain::review::draft::{WORDS_MAX, item_key};
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::one_of;
use super::super::request::Request;
use super::carried::decided_again;
use super::{Seen, label, nameable};
use crate::ui::field::{Input, field, hidden};
use crate::ui::form::FormState;
use crate::ui::icon::icon;

/// A value of the form that came back, or of the address.
fn value(request: &Request, name: &str, in_address: &str) -> String {
    let posted = request.submitted.as_ref().and_then(|it| it.form.iter().find(|(key, _)| key == name));
    posted.map(|(_, value)| value.clone()).or_else(|| request.query(in_address)).unwrap_or_default()
}

/// The form that is asked for, where there is one.
pub(super) fn panel(request: &Request, seen: &Seen) -> Option<AnyView> {
    let step = value(request, "step", "do");
    if !seen.takes_part() {
        return None;
    }
    let item = || {
        let key = value(request, "item", "about");
        seen.review.difference.items.values().find(|it| item_key(&it.object) == key)
    };
    let form = request.form(|| vec![("leads".to_owned(), "task".to_owned())]);
    match step.as_str() {
        "change" => item().map(|it| change(request, seen, &form, it)),
        "ask" => item().map(|it| ask(seen, &form, it)),
        "answer" => answer(request, seen, &form),
        "settle" => settle(request, seen, &form),
        "answer-refusal" => {
            let refusal = seen.review.session.open_refusal()?;
            let lede = format!("Refused, because: {}", refusal.reason);
            let words = field(&form, "words", "What was done about it").required().area_of(most());
            Some(framed(seen, &form, "Answer the refusal", Some(lede), "answer-refusal", words.into_any(), "Say so"))
        }
        "withdraw" => {
            let words = field(&form, "words", "Why it is given up").required().area_of(most());
            let lede = "Nothing of it is sealed. What was said stays readable.".to_owned();
            Some(framed(seen, &form, "Withdraw the review", Some(lede), "withdraw", words.into_any(), "Withdraw it"))
        }
        _ => None,
    }
}

/// Whether the form that came back is shown with what is wrong with it.
pub(super) fn shows_errors(request: &Request, seen: &Seen) -> bool {
    let invalid = matches!(request.problem(), Some(Problem::Invalid(errors)) if errors.iter().any(|it| label(&it.field).is_some()));
    invalid && panel(request, seen).is_some()
}

fn most() -> u32 {
    u32::try_from(WORDS_MAX).unwrap_or(u32::MAX)
}

/// A form of one step in a card.
pub(super) fn framed(
    seen: &Seen,
    form: &FormState,
    heading: &str,
    lede: Option<String>,
    step: &'static str,
    fields: AnyView,
    button: &'static str,
) -> AnyView {
    view! {
        <section class="card" aria-labelledby="panel">
            <h2 id="panel">{heading.to_owned()}</h2>
            {lede.map(|it| view! { <p>{it}</p> })}
            {form.summary(label)}
            <form class="form" method="post" action=seen.own()>
                {hidden("step", step.to_owned())}
                {fields}
                <div class="button-row">
                    <button class="button primary">{icon("check")}{button}</button>
                    <a class="button quiet" href=seen.own()>"Cancel"</a>
                </div>
            </form>
        </section>
    }
    .into_any()
}

fn change(request: &Request, seen: &Seen, form: &FormState, item: &Item) -> AnyView {
    let people = nameable(&seen.place, None);
    let day = Input { kind: "date", class: "short", ..Input::default() };
    // Who cannot change the model cannot propose a change of it either; what others proposed can be named.
    let begins = seen.place.may(Capability::EditModel);
    let hint = if begins { "Its key, such as prop-3. Empty begins a new one." } else { "Its key, such as prop-3." };
    let ways = [("task", "A task", "Somebody does it until a day."), ("proposal", "A proposal", "The change itself.")];
    let fields = view! {
        {hidden("item", item_key(&item.object))}
        {hidden("seen", item.fingerprint.clone())}
        {meeting(request)}
        {field(form, "words", "What is to change").required().area_of(most())}
        {field(form, "leads", "Where that is followed").radios("", &ways)}
        <div class="field-row">
            {one_of(field(form, "who", "Who").hint("For a task."), "Nobody yet", &people)}
            {field(form, "due", "Due").hint("For a task.").optional().input(day)}
            {field(form, "proposal", "Proposal").hint(hint).optional().input(Input { class: "short", ..Input::default() })}
        </div>
    };
    framed(seen, form, &format!("{} needs change", item.name), None, "change", fields.into_any(), "Note it")
}

fn ask(seen: &Seen, form: &FormState, item: &Item) -> AnyView {
    let people = nameable(&seen.place, None);
    let fields = view! {
        {hidden("item", item_key(&item.object))}
        {one_of(field(form, "who", "Whom").required(), "Choose somebody", &people)}
        {field(form, "words", "What you want to know").required().area_of(most())}
    };
    framed(seen, form, &format!("Ask about {}", item.name), None, "ask", fields.into_any(), "Ask")
}

fn answer(request: &Request, seen: &Seen, form: &FormState) -> Option<AnyView> {
    let number: u32 = value(request, "question", "question").parse().ok()?;
    let question = seen.review.session.open_questions().find(|it| it.number == number)?;
    let fields = view! {
        {hidden("question", number.to_string())}
        {field(form, "words", "Answer").required().area_of(most())}
    };
    Some(framed(
        seen,
        form,
        "Answer a question",
        Some(question.question.clone()),
        "answer",
        fields.into_any(),
        "Answer",
    ))
}

fn settle(request: &Request, seen: &Seen, form: &FormState) -> Option<AnyView> {
    let key = value(request, "carried", "carried");
    let carried = seen.review.difference.carried.iter().find(|it| it.key() == key)?;
    let again = decided_again(seen, carried);
    let fields = view! {
        {hidden("carried", key)}
        {again}
        {field(form, "words", "Why it stands as it is now").required().area_of(most())}
    };
    Some(framed(seen, form, "Leave it standing", Some(carried.sentence()), "settle", fields.into_any(), "It stands"))
}

/// Keeps a meeting going on from where it is.
fn meeting(request: &Request) -> Option<AnyView> {
    let item = request.query("item").filter(|it| it.parse::<usize>().is_ok())?;
    Some(hidden("at_item", item))
}
