//! The containment sheet: what to cut, to rotate and to stop, whom to call and whom to tell. Made to be printed.

use domain::backend::incidents::IncidentBook;
use domain::blast::Start;
use domain::id::SystemId;
use domain::incident::containment::{Cut, Rotate, Sheet};
use domain::incident::playbook::Trigger;
use domain::incident::{Incident, IncidentKey};
use domain::model::catalogue;
use domain::problem::Problem;
use domain::role::Capability;
use domain::text::grouped;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::systems::{flow_name, system_name};
use super::{deadlines, playbooks, sheet_address, start_link, start_name, starts, tabs};
use crate::ui::field::{hidden, options_of};
use crate::ui::header::{self, Header};
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, count, small};

const LEDE: &str =
    "What to cut, to rotate and to stop, whom to call, and whom to tell until when, if something is hostile.";

/// How many rows a table has at most.
const MOST: usize = 500;

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.incidents(&place.estate.workspace.id).await?;
    let about = request.query("incident").and_then(|key| key.parse::<IncidentKey>().ok());
    let about = about.and_then(|key| book.incidents.get(&key)).cloned();
    let typed = request.query("start").unwrap_or_default();
    let start: Option<Start> = typed.parse().ok();
    let sheet = start.as_ref().map(|start| {
        let estate = &place.estate;
        book.sheet((&estate.model, &estate.scope), start, about.as_ref())
    });
    let (content, files) = match (&start, sheet) {
        (Some(start), Some(Ok(sheet))) => {
            let file = place.may(Capability::ExportModel).then(|| {
                let address = sheet_address(&place, "export/containment", start, about.as_ref());
                header::action(address, "download", "CSV", false)
            });
            (view(&place, &book, &sheet, about.as_ref()), file)
        }
        (_, Some(Err(_))) => {
            (notice(Tone::Warn, format!("There is no {typed} in this workspace. Choose what is hostile.")), None)
        }
        _ if !typed.is_empty() => {
            let words = "A start is written as kind:key, for example system:checkout. Kinds are system, credential, vendor and connector.";
            (notice(Tone::Warn, words), None)
        }
        _ => (notice(Tone::Info, "Choose what is assumed to be hostile."), None),
    };
    let title = match &start {
        Some(start) => format!("Containment of {}", start_name(&place.estate.model, start)),
        None => "Containment".to_owned(),
    };
    let mut head = Header::new(title.clone()).below(place.paths.page("incidents"), "Incidents").lede(LEDE);
    if let Some(incident) = &about {
        head = head.below(place.paths.incident(incident.key), incident.title.clone());
    }
    let printed = view! {
        <p class="meta">{format!("As of {}, revision {}.", book.now, place.estate.revision.0)}</p>
    };
    let body = view! {
        {head.actions(files).view()}
        {tabs(&place, "containment")}
        {picker(&place, &typed, about.as_ref())}
        {printed}
        {content}
    };
    Ok(Screen::inside(&place, Section::Incidents, title, body))
}

/// The form that chooses the start. Not on paper.
fn picker(place: &Place, chosen: &str, about: Option<&Incident>) -> AnyView {
    let all = starts(&place.estate.model);
    let key = about.map(|it| it.key.to_string()).unwrap_or_default();
    let control = if all.len() > 300 {
        view! {
            <input class="input mono" id="start" name="start" value=chosen.to_owned() autocomplete="off"
                placeholder="system:checkout"/>
        }
        .into_any()
    } else {
        view! { <select class="input" id="start" name="start">{options_of(Some("Choose one"), &all, chosen)}</select> }
            .into_any()
    };
    view! {
        <form class="filter-bar no-print" method="get" action=place.paths.page("containment") aria-label="What is hostile">
            <div class="field grow"><label for="start">"What is hostile"</label>{control}</div>
            {(!key.is_empty()).then(|| hidden("incident", key))}
            <button class="button">"Show the sheet"</button>
        </form>
    }
    .into_any()
}

fn view(place: &Place, book: &IncidentBook, sheet: &Sheet, about: Option<&Incident>) -> AnyView {
    let records = match (sheet.records_pan, sheet.records_unknown) {
        (0, false) => "No record of card data can be seen in clear.".to_owned(),
        (0, true) => "Nobody stated how many records of card data can be seen in clear.".to_owned(),
        (1, false) => "1 record of card data can be seen in clear.".to_owned(),
        (number, false) => format!("{} records of card data can be seen in clear.", grouped(number)),
        (number, true) => format!(
            "{} or more records of card data can be seen in clear: of some places nobody stated how many.",
            grouped(number)
        ),
    };
    let from = match about {
        Some(incident) => format!("Counted from {}, when {} was detected.", incident.detected_at, incident.key),
        None => format!("Counted from now, {}, as if it was detected just now.", book.now),
    };
    let places: Vec<&str> = sheet.jurisdictions.iter().map(String::as_str).collect();
    let places = if places.is_empty() {
        "Nobody says where people or cards are affected.".to_owned()
    } else {
        places.join(", ")
    };
    let told = if sheet.deadlines.is_empty() {
        view! { <p class="muted">"No duty of the table applies."</p> }.into_any()
    } else {
        deadlines::rows_of(place, book, &sheet.deadlines, false)
    };
    view! {
        <p>"Assumed hostile: "{start_link(place, &sheet.start)}"."</p>
        {part("cut", "1. Cut", cuts(place, sheet))}
        {part("rotate", "2. Rotate", rotations(place, sheet))}
        {part("stop", "3. Stop what moves money", stops(place, sheet))}
        {part("call", "4. Call", calls(place, sheet))}
        {part("tell", "5. Tell", view! { <p class="meta">{from}</p>{told} }.into_any())}
        {part("seen", "What can be seen", view! { <p>{records}</p>{elements(place, sheet)} }.into_any())}
        {part("where", "Jurisdictions", view! { <p>{places}</p> }.into_any())}
        {playbooks::for_trigger(place, book, Trigger::of(&sheet.start))}
    }
    .into_any()
}

fn part(id: &'static str, heading: &'static str, content: AnyView) -> AnyView {
    let labelled = format!("{id}-heading");
    view! {
        <section class="section" aria-labelledby=labelled.clone()>
            <h2 id=labelled.clone()>{heading}</h2>
            {content}
        </section>
    }
    .into_any()
}

fn nothing(words: &'static str) -> AnyView {
    view! { <p class="muted">{words}</p> }.into_any()
}

/// `3 systems`, or `The first 500 of 1,000 systems`.
fn caption(all: usize, thing: &str) -> String {
    if all > MOST { format!("The first {MOST} of {}", count(all, thing)) } else { count(all, thing) }
}

fn system(place: &Place, id: &SystemId) -> AnyView {
    let href = place.paths.system(id);
    view! { <a href=href>{system_name(&place.estate.model, id)}</a> }.into_any()
}

fn names(place: &Place, systems: &std::collections::BTreeSet<SystemId>) -> String {
    systems.iter().map(|id| system_name(&place.estate.model, id)).collect::<Vec<_>>().join(", ")
}

fn cuts(place: &Place, sheet: &Sheet) -> AnyView {
    if sheet.cut.is_empty() {
        return nothing("No open connection joins what is under control with the rest.");
    }
    let row = |cut: &Cut| {
        let model = &place.estate.model;
        let name = model.flows.get(&cut.flow).map_or_else(|| cut.flow.to_string(), |it| flow_name(model, it));
        view! {
            <tr>
                <th scope="row" data-label="Flow"><a href=place.paths.flow(&cut.flow)>{name}</a></th>
                {cell("From", system(place, &cut.from))}
                {cell("To", system(place, &cut.to))}
                {cell("Stops", cut.stops.label())}
                <td class="number" data-label="Hops">{cut.hops.to_string()}</td>
            </tr>
        }
        .into_any()
    };
    let rows = sheet.cut.iter().take(MOST).map(row).collect();
    let caption = format!("{}, the nearest first", caption(sheet.cut.len(), "connection"));
    small("cuts", caption, &["Flow", "From", "To", "Stops", "Hops"], rows)
}

fn rotations(place: &Place, sheet: &Sheet) -> AnyView {
    if sheet.rotate.is_empty() && sheet.keys.is_empty() {
        return nothing("No credential or key is known or within reach.");
    }
    let model = &place.estate.model;
    let credential = |it: &Rotate| {
        let name =
            model.credentials.get(&it.credential).map_or_else(|| it.credential.to_string(), |it| it.name.clone());
        view! {
            <tr>
                <th scope="row" data-label="Secret">{name}</th>
                {cell("Held by", names(place, &it.held_by))}
                {cell("Opens", names(place, &it.opens))}
            </tr>
        }
        .into_any()
    };
    let key = |it: &domain::id::KeyId| {
        let name = model.keys.get(it).map_or_else(|| it.to_string(), |it| it.name.clone());
        view! { <tr><th scope="row" data-label="Secret">{format!("Key {name}")}</th>{cell("Held by", "")}{cell("Opens", "")}</tr> }
            .into_any()
    };
    let all = sheet.rotate.len() + sheet.keys.len();
    let rows = sheet.rotate.iter().map(credential).chain(sheet.keys.iter().map(key)).take(MOST).collect();
    small("rotations", caption(all, "secret"), &["Secret", "Held by", "Opens"], rows)
}

fn stops(place: &Place, sheet: &Sheet) -> AnyView {
    if sheet.stop.is_empty() {
        return nothing("No action that moves money is within reach.");
    }
    let row = |(action, on): &(domain::model::kinds::Action, SystemId)| {
        view! { <tr><th scope="row" data-label="Action">{action.label()}</th>{cell("On", system(place, on))}</tr> }
            .into_any()
    };
    let rows = sheet.stop.iter().take(MOST).map(row).collect();
    small("stops", caption(sheet.stop.len(), "action"), &["Action", "On"], rows)
}

fn calls(place: &Place, sheet: &Sheet) -> AnyView {
    if sheet.call.is_empty() {
        return nothing("No vendor is concerned.");
    }
    let rows = sheet
        .call
        .iter()
        .take(MOST)
        .map(|it| {
            let contact = match &it.contact {
                Some(contact) => contact.clone().into_any(),
                None => view! { <span class="badge" data-tone="warn">"Nobody wrote down whom"</span> }.into_any(),
            };
            let hours = it.tells_within_hours.map(|hours| format!("{hours} hours"));
            view! {
                <tr>
                    <th scope="row" data-label="Vendor">{it.name.clone()}</th>
                    {cell("Contact", contact)}
                    {cell("Tells us within", hours)}
                    {cell("Systems", names(place, &it.systems))}
                </tr>
            }
            .into_any()
        })
        .collect();
    small("calls", caption(sheet.call.len(), "vendor"), &["Vendor", "Contact", "Tells us within", "Systems"], rows)
}

fn elements(place: &Place, sheet: &Sheet) -> AnyView {
    if sheet.elements.is_empty() {
        return nothing("Nothing is seen that anybody declared.");
    }
    let rows = sheet
        .elements
        .iter()
        .take(MOST)
        .map(|(id, (form, records))| {
            let name = catalogue::element(id.as_str()).map_or_else(|| id.to_string(), |it| it.name.clone());
            let class = catalogue::class_of(id.as_str()).map_or("Own element", |it| it.label());
            view! {
                <tr>
                    <th scope="row" data-label="Element"><a href=place.paths.element(id)>{name}</a></th>
                    {cell("Class", class)}
                    {cell("Form", form.label())}
                    {cell("Records", records.map_or_else(|| "not stated".to_owned(), grouped))}
                </tr>
            }
            .into_any()
        })
        .collect();
    let caption = format!("{}, each in its most open form", caption(sheet.elements.len(), "element"));
    small("elements", caption, &["Element", "Class", "Form", "Records"], rows)
}
