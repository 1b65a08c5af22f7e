//! Rights that were given for a time: what is over, what ends soon, what was widened for an event; and taking them back.
//! A preview is an address, so all of it works without a script.

use std::collections::BTreeSet;

use domain::command::Command;
use domain::findings::{Findings, Severity};
use domain::model::object::{Object, ObjectKind, ObjectRef};
use domain::problem::Problem;
use domain::role::Capability;
use domain::scope::compute;
use domain::scope::delta::delta;
use domain::temporary::{GrantKey, SOON_DAYS, State, TemporaryRight, events, ledger, rolled_back};
use leptos::prelude::*;

use super::editor::not_done;
use super::frame::{Screen, Section};
use super::inventory::nav;
use super::request::{Place, Request};
use super::systems::system_name;
use crate::ui::field::hidden;
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::impact;
use crate::ui::notice::{Tone, empty_state, notice};
use crate::ui::table::{cell, classed, count, small};

const LEDE: &str = "Rights that were given for a time. What outlives its end is a finding.";

pub(super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let findings = request.backend()?.findings(&place.estate).await?;
    let rights = rights(&place, &findings);
    let event = request.query("event");
    let shown: Vec<&TemporaryRight> = rights.iter().filter(|it| event.is_none() || it.event == event).collect();
    let chosen = chosen(&request, &shown);
    let body = view! {
        {Header::new("Temporary rights").lede(LEDE).view()}
        {nav::view(&place, "temporary")}
        {not_done(&request)}
        {of_events(&place, &rights, event.as_deref())}
        {(!chosen.is_empty()).then(|| preview(&place, &chosen, event.as_deref()))}
        {if rights.is_empty() {
            let sentence = "Mark a grant of a credential as temporary, with its end and who takes it back.";
            empty_state("clock", "No temporary right", sentence, ())
        } else {
            list(&place, &findings, &shown, event.as_deref(), &chosen)
        }}
    };
    Ok(Screen::inside(&place, Section::Inventory, "Temporary rights", body))
}

/// The ledger. Pages know the day only; whether an end of today has come is known from the findings, which know the
/// minute.
fn rights(place: &Place, findings: &Findings) -> Vec<TemporaryRight> {
    let mut rights = ledger(&place.estate.stored, place.estate.today.start());
    for right in &mut rights {
        if finding_of(findings, right).is_some_and(|it| it.severity == Severity::High) && right.until.is_some() {
            right.state = State::Over;
        }
    }
    rights.sort_by(|one, other| (one.state, one.until, &one.key).cmp(&(other.state, other.until, &other.key)));
    rights
}

fn finding_of<'a>(findings: &'a Findings, right: &TemporaryRight) -> Option<&'a domain::findings::Finding> {
    let subject = ObjectRef::Credential(right.key.credential.clone());
    let about = format!("{}:{}", right.on, right.privilege);
    findings.findings.iter().find(|it| it.subject == subject && it.discriminator == about)
}

/// The rights that the address names, or all of an event.
fn chosen(request: &Request, shown: &[&TemporaryRight]) -> BTreeSet<GrantKey> {
    if request.query("all").is_some() && request.query("event").is_some() {
        return shown.iter().map(|it| it.key.clone()).collect();
    }
    let asked: BTreeSet<GrantKey> = request.query_all("right").iter().filter_map(|it| GrantKey::read(it)).collect();
    shown.iter().map(|it| it.key.clone()).filter(|key| asked.contains(key)).collect()
}

/// What was widened for which event.
fn of_events(place: &Place, rights: &[TemporaryRight], current: Option<&str>) -> Option<AnyView> {
    let events = events(rights);
    if events.is_empty() {
        return None;
    }
    let everything = view! {
        <a href=place.paths.page("temporary") aria-current=current.is_none().then_some("page")>
            "All "<span class="count">{rights.len().to_string()}</span>
        </a>
    };
    let links: Vec<_> = events
        .into_iter()
        .map(|(event, number)| {
            let href = place.paths.query("temporary", &[("event", event)]);
            let current = (current == Some(event)).then_some("page");
            view! { <a href=href aria-current=current>{event.to_owned()}" "<span class="count">{number.to_string()}</span></a> }
        })
        .collect();
    Some(view! { <nav class="kinds" aria-label="Events">{everything}{links}</nav> }.into_any())
}

fn list(
    place: &Place,
    findings: &Findings,
    shown: &[&TemporaryRight],
    event: Option<&str>,
    chosen: &BTreeSet<GrantKey>,
) -> AnyView {
    let may = place.may(Capability::EditModel);
    let rows: Vec<AnyView> = shown.iter().map(|it| row(place, findings, it, may, chosen.contains(&it.key))).collect();
    let open = |state: State| shown.iter().filter(|it| it.state == state).count();
    let caption = format!(
        "{}: {} over, {} without an end, {} within {SOON_DAYS} days",
        count(shown.len(), "right"),
        open(State::Over),
        open(State::NoEnd),
        open(State::Soon)
    );
    let columns: &[&'static str] = if may { &WITH_CHOICE } else { &WITH_CHOICE[1..] };
    let all = event.map(|event| {
        let href = place.paths.query("temporary", &[("event", event), ("all", "yes")]);
        view! { <a class="button" href=href>{icon("undo")}{format!("Look at rolling back all of {event}")}</a> }
    });
    let table = classed("rights", caption, "table import-table", columns, rows);
    if !may {
        return table;
    }
    view! {
        <form class="stack" method="get" action=place.paths.page("temporary")>
            {event.map(|event| hidden("event", event.to_owned()))}
            {table}
            <div class="button-row">
                <button class="button">{icon("undo")}"Look at rolling back the ticked"</button>
                {all}
            </div>
        </form>
    }
    .into_any()
}

const WITH_CHOICE: [&str; 7] = ["Choose", "Right", "Ends", "For", "Given by", "Taken back by", "Finding"];

fn row(place: &Place, findings: &Findings, it: &TemporaryRight, may: bool, chosen: bool) -> AnyView {
    let credential = ObjectRef::Credential(it.key.credential.clone());
    let name = format!("{} on {}", it.name, system_name(&place.estate.model, &it.on));
    let href = place.paths.object(&credential).unwrap_or_default();
    let person = |id: &Option<domain::id::PersonId>| {
        id.as_ref().map(|id| {
            let name = place.estate.model.people.get(id).map_or_else(|| id.to_string(), |it| it.name.clone());
            view! { <a href=place.paths.person(id)>{name}</a> }.into_any()
        })
    };
    let nobody = || view! { <span class="muted">"Nobody is named"</span> }.into_any();
    let why = [it.event.clone(), it.reason.clone()].into_iter().flatten().collect::<Vec<_>>().join(": ");
    let ends = match it.until {
        Some(end) => {
            let end = end.to_string();
            view! { <time datetime=end.clone()>{end.clone()}</time>" "<span class="meta">{it.state.label()}</span> }
                .into_any()
        }
        None => view! { <span class="meta">{it.state.label()}</span> }.into_any(),
    };
    let finding = finding_of(findings, it).map(|found| {
        view! { <a href=place.paths.finding(&found.identity())>{found.severity.label()}</a> }
    });
    let state = if it.state == State::Over { "rejected" } else { "unchanged" };
    let choice = may.then(|| {
        let label = format!("Roll back {name}, {}", it.privilege.label());
        cell(
            "Choose",
            view! { <input type="checkbox" name="right" value=it.key.text() checked=chosen aria-label=label/> },
        )
    });
    view! {
        <tr data-state=(state == "rejected").then_some(state)>
            {choice}
            <th scope="row"><a href=href>{name}</a>" "<span class="meta">{it.privilege.label()}</span></th>
            {cell("Ends", ends)}
            {cell("For", why)}
            {cell("Given by", person(&it.granted_by))}
            {cell("Taken back by", person(&it.rollback_owner).unwrap_or_else(nobody))}
            {cell("Finding", finding)}
        </tr>
    }
    .into_any()
}

/// What rolling back would do, with the button that does it.
fn preview(place: &Place, chosen: &BTreeSet<GrantKey>, event: Option<&str>) -> AnyView {
    let objects = match rolled_back(&place.estate.stored, chosen) {
        Ok(objects) => objects,
        Err(_) => return notice(Tone::Warn, "These rights changed. Choose again."),
    };
    let rows: Vec<AnyView> = objects
        .iter()
        .filter_map(|object| {
            let Object::Credential(after) = object else { return None };
            let before = place.estate.stored.credentials.get(&after.id)?;
            Some(
                view! {
                    <tr>
                        <th scope="row">{object.name()}</th>
                        {cell("Grants now", before.grants.len().to_string())}
                        {cell("Grants then", after.grants.len().to_string())}
                    </tr>
                }
                .into_any(),
            )
        })
        .collect();
    let keys: Vec<_> = chosen.iter().map(|key| hidden("right", key.text())).collect();
    let back = place.paths.query("temporary", &[("event", event.unwrap_or_default())]);
    let caption = count(rows.len(), ObjectKind::Credential.as_str());
    let may = place.may(Capability::EditModel);
    view! {
        <section class="section" aria-labelledby="preview">
            <h2 id="preview">{format!("Rolling back {}", count(chosen.len(), "right"))}</h2>
            <p class="hint">"One change, which can be taken back like any other."</p>
            {effect(place, objects)}
            {small("rollback", caption, &["Credential", "Grants now", "Grants then"], rows)}
            {may.then(|| view! {
                <form class="button-row" method="post" action=place.paths.page("temporary")>
                    {hidden("rev", place.estate.revision.0.to_string())}
                    {keys}
                    <button class="button primary">{icon("undo")}{format!("Roll back {}", count(chosen.len(), "right"))}</button>
                    <a class="button" href=back>"Cancel"</a>
                </form>
            })}
        </section>
    }
    .into_any()
}

/// What it would do to the scope.
fn effect(place: &Place, objects: Vec<Object>) -> AnyView {
    let estate = &place.estate;
    let command = Command::EditAll(objects, estate.revision);
    let Ok((after, _)) = estate.stored.apply(&command, |object| estate.changed.get(object).copied()) else {
        return notice(Tone::Warn, "This cannot be saved as it stands.");
    };
    let after = after.as_of(estate.today);
    let scope = compute(&after);
    impact::foreseen(&place.paths, &delta((&estate.model, &estate.scope), (&after, &scope)))
}
