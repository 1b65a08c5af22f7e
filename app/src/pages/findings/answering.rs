//! The question of a rule, answered on its own page, and the answers that were given.

use domain::findings::answers::{Answer, EVIDENCE_MAX, answers_of};
use domain::findings::{Finding, Findings, Identity, registry};
use domain::role::Capability;
use leptos::prelude::*;

use super::super::request::{Place, Request};
use super::named;
use super::triage::label_of;
use crate::ui::field::{Input, field, hidden};
use crate::ui::form::FormState;
use crate::ui::icon::icon;
use crate::ui::table::{cell, count, small};

/// The form of the answer, where the finding is a question or was one.
pub(super) fn section(request: &Request, place: &Place, findings: &Findings, finding: &Finding) -> Option<AnyView> {
    let identity = finding.identity();
    let given = answers_of(&place.estate.model).remove(&identity);
    let is_question = given.is_some() || findings.questions.contains(finding);
    if !is_question || !place.may(Capability::EditModel) {
        return None;
    }
    let posted = request.submitted.as_ref();
    let sent = posted.is_some_and(|it| it.form.iter().any(|(name, _)| name == "answer"));
    let stored = || {
        let given = given.as_ref();
        vec![
            ("answer".to_owned(), given.map_or("", word).to_owned()),
            ("evidence".to_owned(), given.map(|it| it.evidence.clone()).unwrap_or_default()),
            (
                "valid_until".to_owned(),
                given.and_then(|it| it.valid_until).map(|it| it.to_string()).unwrap_or_default(),
            ),
        ]
    };
    let form = if sent { request.form(stored) } else { FormState::new(stored()) };
    let answers = [
        ("yes", "The evidence shows it", "The question is not asked again while the answer counts."),
        ("no", "It does not, or there is none", "The question becomes a finding."),
    ];
    let question = finding.rule().question;
    Some(
        view! {
            <section class="section" aria-labelledby="answering">
                <header class="section-header"><h2 id="answering">"Answer it"</h2></header>
                {(!question.is_empty()).then(|| view! { <p>{question}</p> })}
                {sent.then(|| form.summary(label_of))}
                <form class="form card" method="post" action=address(place, &identity)>
                    {hidden("rev", place.estate.revision.0.to_string())}
                    {field(&form, "answer", "Answer").radios("", &answers)}
                    {field(&form, "evidence", "Evidence")
                        .hint("What it is and where it lies, such as EV-0007. Never a card number.")
                        .required()
                        .area_of(EVIDENCE_MAX)}
                    {field(&form, "valid_until", "Counts until")
                        .hint("Empty until the facts change.")
                        .optional()
                        .input(Input { kind: "date", class: "short", ..Input::default() })}
                    <div class="button-row"><button class="button primary">{icon("check")}"Save the answer"</button></div>
                </form>
            </section>
        }
        .into_any(),
    )
}

const fn word(answer: &Answer) -> &'static str {
    if answer.satisfied { "yes" } else { "no" }
}

fn address(place: &Place, question: &Identity) -> String {
    format!("{}/answer", place.paths.finding(question))
}

/// The answers that were given, each with the way to ask again.
pub(super) fn given(place: &Place) -> Option<AnyView> {
    let answers = answers_of(&place.estate.model);
    if answers.is_empty() {
        return None;
    }
    let edits = place.may(Capability::EditModel);
    let rows: Vec<_> = answers.iter().map(|(question, answer)| row(place, question, answer, edits)).collect();
    let heads: &[&str] = if edits {
        &["Question", "On", "Answer", "Evidence", "Counts until", "Again"]
    } else {
        &["Question", "On", "Answer", "Evidence", "Counts until"]
    };
    Some(
        view! {
            <section class="section" aria-labelledby="given">
                <header class="section-header"><h2 id="given">"Answered"</h2></header>
                {small("answers-given", count(rows.len(), "answer"), heads, rows)}
            </section>
        }
        .into_any(),
    )
}

fn row(place: &Place, question: &Identity, answer: &Answer, edits: bool) -> AnyView {
    let rule = registry::rule(&question.rule);
    let asked = rule.map_or_else(|| question.rule.clone(), |it| it.title.to_owned());
    let href = place.paths.rule(&question.rule);
    let tone = if answer.satisfied { "ok" } else { "warn" };
    let words = if answer.satisfied { "Shown" } else { "Not shown" };
    let until = answer.valid_until.map_or_else(|| "the facts change".to_owned(), |day| day.to_string());
    let again = edits.then(|| {
        let label = format!("Ask again: {asked}");
        let form = view! {
            <form method="post" action=address(place, question)>
                {hidden("rev", place.estate.revision.0.to_string())}
                {hidden("answer", "again".to_owned())}
                <button class="button quiet small" aria-label=label>{icon("undo")}"Ask again"</button>
            </form>
        };
        cell("Again", form)
    });
    view! {
        <tr>
            <th scope="row" data-label="Question"><a href=href>{asked}</a></th>
            {cell("On", named(place, &question.subject))}
            {cell("Answer", view! { <span class="badge" data-tone=tone>{words}</span> })}
            {cell("Evidence", answer.evidence.clone())}
            {cell("Counts until", until)}
            {again}
        </tr>
    }
    .into_any()
}
