//! Who answers when something happens, and the table of whom to tell within how many hours.

use domain::incident::draft::JURISDICTION_MAX;
use domain::incident::duty::{DataClass, Duty, Role};
use domain::incident::preparation::{Preparation, preparation_to_form};
use domain::model::draft::{NAME_MAX, options};
use domain::problem::Problem;
use domain::risk::draft::CONTROL_MAX;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::{buttons, conflict, empty_rows, one_of};
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::risks::{pairs, person};
use super::{limit, tabs};
use crate::ui::field::{Input, field, hidden};
use crate::ui::form::FormState;
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, count, small};

const LEDE: &str = "Who answers when something happens, and whom to tell about which data within how many hours.";

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let kept = request.backend()?.incidents(&place.estate.workspace.id).await?.preparation;
    let unconfirmed = kept.value.table.iter().filter(|it| it.confirmed.is_none()).count();
    let warning = (unconfirmed > 0).then(|| {
        let rows = if unconfirmed == 1 {
            "One row of the table is".to_owned()
        } else {
            format!("{unconfirmed} rows of the table are")
        };
        let words =
            format!("{rows} not confirmed. Contracts and law decide: ask counsel and acquirer, then confirm each row.");
        notice(Tone::Warn, words)
    });
    let content = if place.may(Capability::EditModel) {
        form(&request, &place, kept.revision, &kept.value)
    } else {
        tables(&place, &kept.value)
    };
    let body = view! {
        {Header::new("Duties").below(place.paths.page("incidents"), "Incidents").lede(LEDE).view()}
        {tabs(&place, "incidents/duties")}
        {warning}
        {gaps(&kept.value)}
        {content}
    };
    Ok(Screen::inside(&place, Section::Incidents, "Duties", body))
}

/// What is missing of who answers.
fn gaps(preparation: &Preparation) -> Option<AnyView> {
    let gaps: Vec<_> = preparation
        .roles
        .gaps()
        .into_iter()
        .map(|(role, gap)| view! { <li>{format!("{}: {}.", role.label(), gap.label().to_lowercase())}</li> })
        .collect();
    (!gaps.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="missing">
                <h2 id="missing">"Who is missing"</h2>
                <ul>{gaps}</ul>
            </section>
        }
        .into_any()
    })
}

/// For somebody who reads.
fn tables(place: &Place, preparation: &Preparation) -> AnyView {
    let roles = Role::ALL
        .iter()
        .map(|role| {
            let holder = preparation.roles.of(*role).cloned().unwrap_or_default();
            view! {
                <tr>
                    <th scope="row">{role.label()}</th>
                    {cell("Person", holder.person.map(|it| person(place, &it)))}
                    {cell("Deputy", holder.deputy.map(|it| person(place, &it)))}
                </tr>
            }
            .into_any()
        })
        .collect();
    let duties = preparation.table.iter().map(|duty| row(place, duty)).collect();
    let columns = ["Whom", "Where", "Data", "Hours", "Rests on", "Told by", "Confirmed"];
    view! {
        {small("roles", "Who answers".to_owned(), &["Duty", "Person", "Deputy"], roles)}
        {small("duties", "Whom to tell".to_owned(), &columns, duties)}
    }
    .into_any()
}

fn row(place: &Place, duty: &Duty) -> AnyView {
    let jurisdiction = if duty.jurisdiction.is_empty() { "Everywhere" } else { &duty.jurisdiction };
    let confirmed =
        duty.confirmed.as_ref().map(|(by, day)| view! { <span>{person(place, by)}{format!(", {day}")}</span> });
    view! {
        <tr>
            <th scope="row">{duty.whom.clone()}</th>
            {cell("Where", jurisdiction.to_owned())}
            {cell("Data", duty.data.label())}
            {cell("Hours", duty.hours.to_string())}
            {cell("Rests on", duty.basis.clone())}
            {cell("Told by", duty.by.map(|it| it.label()))}
            {cell("Confirmed", confirmed)}
        </tr>
    }
    .into_any()
}

fn form(request: &Request, place: &Place, revision: i64, preparation: &Preparation) -> AnyView {
    let stored = preparation_to_form(preparation);
    let form = request.form(|| stored.clone());
    let people = options::people(&place.estate.model);
    let roles: Vec<_> = Role::ALL
        .iter()
        .map(|role| {
            view! {
                <div class="field-row" role="group" aria-label=role.label()>
                    {one_of(field(&form, format!("person.{role}"), role.label()), "Nobody", &people)}
                    {one_of(field(&form, format!("deputy.{role}"), format!("Deputy: {}", role.label().to_lowercase())), "Nobody", &people)}
                </div>
            }
        })
        .collect();
    view! {
        {conflict(request, &stored)}
        {request.general_problem()}
        {form.summary(label)}
        <form class="form" method="post" action=place.paths.page("incidents/duties")>
            {hidden("rev", revision.to_string())}
            <button class="visually-hidden" name="action" value="save" tabindex="-1" aria-hidden="true">"Save"</button>
            <fieldset class="form-part"><legend>"Who answers"</legend><div class="stack">{roles}</div></fieldset>
            {duties(&form, request, preparation)}
            {buttons("Save", place.paths.page("incidents"))}
        </form>
    }
    .into_any()
}

fn duties(form: &FormState, request: &Request, preparation: &Preparation) -> AnyView {
    let mut numbers: Vec<u32> = form.rows("duty").into_iter().collect();
    let next = numbers.last().map_or(0, |number| number.saturating_add(1));
    numbers.extend((0..empty_rows(request, 1)).map(|number| next.saturating_add(number)));
    let data = pairs(DataClass::ALL, |it| (it.as_str(), it.label()));
    let roles = pairs(Role::ALL, |it| (it.as_str(), it.label()));
    let confirmed =
        [("no", "Not yet"), ("yes", "It holds for us")].map(|(value, label)| (value.to_owned(), label.to_owned()));
    let rows: Vec<_> = numbers
        .into_iter()
        .map(|number| {
            let name = |part: &str| format!("duty.{number}.{part}");
            let line = |most: usize| Input { most: limit(most), ..Input::default() };
            let hours = Input { class: "short number", most: 6, ..Input::default() };
            let own = form.value(&name("number")).to_owned();
            let since = preparation
                .table
                .iter()
                .find(|it| it.number.to_string() == own)
                .and_then(|it| it.confirmed.as_ref())
                .map(|(_, day)| format!("Since {day}. A row that changes is confirmed anew."))
                .unwrap_or_default();
            let kept = (!own.is_empty()).then(|| view! { <input type="hidden" name=name("number") value=own/> });
            view! {
                <div class="card" role="group" aria-label=format!("Duty {}", number.saturating_add(1))>
                    {kept}
                    <div class="field-row">
                        {field(form, name("whom"), "Whom to tell").hint("Empty takes the row away.").input(line(NAME_MAX))}
                        {field(form, name("jurisdiction"), "Where").hint("Empty is everywhere.").input(line(JURISDICTION_MAX))}
                        {field(form, name("data"), "About which data").select(None, &data)}
                        {field(form, name("hours"), "Within hours").hint("0 is at once.").input(hours)}
                    </div>
                    <div class="field-row">
                        {field(form, name("basis"), "What it rests on").optional().input(line(CONTROL_MAX))}
                        {field(form, name("by"), "Told by").select(Some("Nobody in particular"), &roles)}
                        {field(form, name("confirmed"), "Confirmed").hint(since).select(None, &confirmed)}
                    </div>
                </div>
            }
        })
        .collect();
    let shown = count(preparation.table.len(), "row");
    view! {
        <fieldset class="form-part">
            <legend>{format!("Whom to tell, {shown}")}</legend>
            <div class="stack">{rows}</div>
            <div class="button-row">
                <button class="button" name="action" value="more" formnovalidate=true>{icon("plus")}"Add another row"</button>
            </div>
        </fieldset>
    }
    .into_any()
}

fn label(name: &str) -> Option<String> {
    let (group, rest) = name.split_once('.')?;
    match group {
        "duty" => {
            let (number, part) = rest.split_once('.')?;
            Some(format!("Duty {}, {part}", number.parse::<u32>().ok()?.saturating_add(1)))
        }
        "person" | "deputy" => {
            let role: Role = rest.parse().ok()?;
            let deputy = if group == "deputy" { "Deputy: " } else { "" };
            Some(format!("{deputy}{}", role.label()))
        }
        _ => None,
    }
}
