//! The form that opens a review, filled in as the last one of its kind was.

use domain::backend::reviews::ReviewBook;
use domain::model::draft::{NAME_MAX, options};
use domain::problem::Problem;
use domain::review::draft::{SIGNERS_MAX, WORDS_MAX, proposed_name, proposed_statement};
use domain::review::session::Part;
use domain::review::{ReviewKind, Session};
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::{buttons, empty_rows, not_done, one_of, several};
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::risks::pairs;
use super::nameable;
use crate::ui::field::{Input, field};
use crate::ui::form::FormState;
use crate::ui::header::Header;
use crate::ui::icon::icon;

const LEDE: &str =
    "Who signs is fixed here. What differs since each object was last signed is computed with every look.";

/// How many days after today a review is due where the last one says nothing.
const DAYS: i32 = 14;

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    if !place.may(Capability::Review) {
        return Err(Problem::Forbidden);
    }
    let book = request.backend()?.reviews(&place.estate.workspace.id).await?;
    let kind = request.query("kind").and_then(|it| it.parse().ok()).unwrap_or(ReviewKind::Integrations);
    let form = request.form(|| proposed(&request, &place, &book, kind));
    let asked = book.four_eyes.then(|| {
        view! { <p class="meta">"This workspace asks for two people: somebody who decided nothing in the review approves it."</p> }
    });
    let kinds = pairs(ReviewKind::ALL, |it| (it.as_str(), it.label()));
    let yes_no = [("no", "Whoever looked may sign alone"), ("yes", "Somebody else approves")]
        .map(|(value, label)| (value.to_owned(), label.to_owned()));
    let line = Input { most: u32::try_from(NAME_MAX).unwrap_or(u32::MAX), ..Input::default() };
    let day = Input { kind: "date", class: "short", ..Input::default() };
    let title = "Open a review";
    let body = view! {
        {Header::new(title).below(place.paths.page("reviews"), "Reviews").lede(LEDE).view()}
        {(!form.is_wrong()).then(|| not_done(&request))}
        {form.summary(label)}
        <form class="form" method="post" action=place.paths.page("reviews/new")>
            <button class="visually-hidden" name="action" value="save" tabindex="-1" aria-hidden="true">"Open"</button>
            {field(&form, "kind", "About").select(None, &kinds)}
            <div class="field-row">
                {field(&form, "name", "Name").required().input(line)}
                {field(&form, "due", "Due").required().input(day)}
            </div>
            {several(
                field(&form, "owner", "Only what these own").hint("None ticked is everything."),
                &form,
                "owner",
                &options::people(&place.estate.model),
            )}
            {field(&form, "statement", "What is signed").required().area_of(u32::try_from(WORDS_MAX).unwrap_or(u32::MAX))}
            {asked}
            {field(&form, "four_eyes", "Two people").select(None, &yes_no)}
            {signers(&form, &request, &place, &book)}
            {field(&form, "trigger", "What led to it beside the calendar").optional().input(line)}
            {buttons("Open", place.paths.page("reviews"))}
        </form>
    };
    Ok(Screen::inside(&place, Section::Reviews, title, body))
}

/// What the form begins with: what the last review of the kind had.
fn proposed(request: &Request, place: &Place, book: &ReviewBook, kind: ReviewKind) -> Vec<(String, String)> {
    let last = book.reviews.iter().rev().find(|it| it.opening().cover.kind == kind).map(Session::opening);
    let today = place.estate.today;
    let statement = last.map_or_else(|| proposed_statement(kind).to_owned(), |it| it.statement.clone());
    let pair = |name: &str, value: String| (name.to_owned(), value);
    let four_eyes = book.four_eyes || kind.needs_second_person() || last.is_some_and(|it| it.four_eyes);
    let mut values = vec![
        pair("kind", kind.as_str().to_owned()),
        pair("name", request.query("name").unwrap_or_else(|| proposed_name(today))),
        pair("due", request.query("due").unwrap_or_else(|| today.plus_days(DAYS).to_string())),
        pair("statement", statement),
        pair("four_eyes", if four_eyes { "yes" } else { "no" }.to_owned()),
    ];
    for owner in last.iter().flat_map(|it| &it.cover.owners) {
        values.push(pair("owner", owner.to_string()));
    }
    let signers = last.map(|it| it.signers.clone()).unwrap_or_default();
    for (number, signer) in signers.iter().enumerate() {
        values.push((format!("signer.{number}.person"), signer.person.to_string()));
        values.push((format!("signer.{number}.part"), signer.part.as_str().to_owned()));
        values.push((format!("signer.{number}.role"), signer.role.clone()));
    }
    if let (true, Some(me)) = (signers.is_empty(), &book.me) {
        let function = place.estate.model.people.get(me).map(|it| it.name.clone()).unwrap_or_default();
        values.push(("signer.0.person".to_owned(), me.to_string()));
        values.push(("signer.0.part".to_owned(), Part::Attests.as_str().to_owned()));
        values.push(("signer.0.role".to_owned(), function));
    }
    values
}

fn signers(form: &FormState, request: &Request, place: &Place, book: &ReviewBook) -> AnyView {
    let people = nameable(place, book.me.as_ref());
    let parts = pairs(Part::ALL, |it| (it.as_str(), it.label()));
    let mut numbers: Vec<u32> = form.rows("signer").into_iter().collect();
    let next = numbers.last().map_or(0, |number| number.saturating_add(1));
    numbers.extend((0..empty_rows(request, 1)).map(|number| next.saturating_add(number)));
    numbers.truncate(SIGNERS_MAX);
    let rows: Vec<_> = numbers
        .into_iter()
        .map(|number| {
            let name = |part: &str| format!("signer.{number}.{part}");
            let line = Input { most: u32::try_from(NAME_MAX).unwrap_or(u32::MAX), ..Input::default() };
            view! {
                <div class="card" role="group" aria-label=format!("Signer {}", number.saturating_add(1))>
                    <div class="field-row">
                        {one_of(field(form, name("person"), "Who"), "Nobody", &people)}
                        {field(form, name("part"), "Does").select(None, &parts)}
                        {field(form, name("role"), "In which role").input(line)}
                    </div>
                </div>
            }
        })
        .collect();
    view! {
        <fieldset class="form-part">
            <legend>"Who signs"</legend>
            <p class="hint">"Those who attest sign first; who approves signs last and decides nothing in the review."</p>
            <div class="stack">{rows}</div>
            <div class="button-row">
                <button class="button" name="action" value="more" formnovalidate=true>{icon("plus")}"Add another signer"</button>
            </div>
        </fieldset>
    }
    .into_any()
}

fn label(name: &str) -> Option<String> {
    if let Some((number, part)) = name.strip_prefix("signer.").and_then(|rest| rest.split_once('.')) {
        let number = number.parse::<u32>().ok()?.saturating_add(1);
        return Some(format!("Signer {number}, {part}"));
    }
    let label = match name {
        "kind" => "About",
        "name" => "Name",
        "due" => "Due",
        "owner" => "Only what these own",
        "statement" => "What is signed",
        "four_eyes" => "Two people",
        "trigger" => "What led to it",
        "signer" => return Some("Who signs".to_owned()),
        _ => return None,
    };
    Some(label.to_owned())
}
