//! One control on the integrations of one system: what the facts tell, and what a person says.

use domain::id::SystemId;
use domain::library::controls::{self, Presence, Statement};
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::{buttons, conflict};
use super::super::findings::named;
use super::super::frame::{Screen, Section};
use super::super::request::Request;
use super::super::risks::person;
use super::{control_of, head, name};
use crate::ui::field::{field, hidden};
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, count, small};

/// How many facts the page lists.
const MOST: usize = 200;

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.library(&place.estate.workspace.id).await?;
    let control = control_of(&request)?;
    let id = SystemId::new(request.path("key"));
    let kept = book.statements.get(&(id.clone(), control));
    let said = kept.and_then(|it| it.value.as_ref());
    let it = controls::cell(&place.estate.model, &id, control, said).ok_or(Problem::NotFound)?;
    let stored = form_of(it.said.as_ref());
    let form = request.form(|| stored.clone());
    let facts = it
        .derived
        .facts
        .iter()
        .take(MOST)
        .map(|fact| {
            view! {
                <tr>
                    <th scope="row" data-label="Fact">{fact.sentence.clone()}</th>
                    {cell("Where", named(&place, &fact.object))}
                    {cell("Says", mark(fact.says))}
                </tr>
            }
            .into_any()
        })
        .collect::<Vec<_>>();
    let facts = if facts.is_empty() {
        view! { <p class="muted">"No fact of the map tells. That is unknown, and never taken for absent."</p> }
            .into_any()
    } else {
        small("facts", count(it.derived.facts.len(), "fact"), &["Fact", "Where", "Says"], facts)
    };
    let said = it.said.as_ref().map(|said| {
        let reason = (!said.reason.is_empty()).then(|| view! { <p class="prose">{said.reason.clone()}</p> });
        view! { <p>{mark(said.presence)}" said by "{person(&place, &said.by)}" on "{said.on.to_string()}</p>{reason} }
    });
    let against = it.is_contradicted().then(|| {
        notice(
            Tone::Warn,
            "What was said is not what the facts tell. What was said counts; look at the facts once more.",
        )
    });
    let presences: Vec<(String, String)> =
        Presence::ALL.iter().map(|it| (it.as_str().to_owned(), it.label().to_owned())).collect();
    let own = place.paths.control_on(&id, control);
    let say = place.may(Capability::EditModel).then(|| {
        view! {
            <section class="card" aria-labelledby="say">
                <h2 id="say">"Say it yourself"</h2>
                {conflict(&request, &stored)}
                {request.general_problem()}
                {form.summary(label)}
                <form class="form" method="post" action=own>
                    {hidden("rev", kept.map_or(0, |it| it.revision).to_string())}
                    {field(&form, "presence", "Whether it is in place")
                        .hint("Your word counts over what the facts tell. Choose the first to take it back.")
                        .select(Some("As the facts tell"), &presences)}
                    {field(&form, "reason", "Why")
                        .hint("Needed where it is partly in place, absent or not applicable.")
                        .area_of(1_000)}
                    {buttons("Save", place.paths.page("evidence/controls"))}
                </form>
            </section>
        }
    });
    let title = format!("{} on {}", control.label(), name(&place, &id));
    let body = view! {
        {head(&place, title.clone())
            .meta(view! { {mark(it.presence())}<a href=place.paths.system(&id)>{name(&place, &id)}</a> })
            .view()}
        {against}
        {said.map(|said| view! { <section class="card" aria-labelledby="said"><h2 id="said">"What was said"</h2>{said}</section> })}
        <section class="section" aria-labelledby="derived">
            <header class="section-header"><h2 id="derived">"What the facts tell"</h2></header>
            <p>{mark(it.derived.presence)}</p>
            {facts}
        </section>
        {say}
    };
    Ok(Screen::inside(&place, Section::Evidence, title, body))
}

fn form_of(said: Option<&Statement>) -> Vec<(String, String)> {
    let presence = said.map(|it| it.presence.to_string()).unwrap_or_default();
    let reason = said.map(|it| it.reason.clone()).unwrap_or_default();
    vec![("presence".to_owned(), presence), ("reason".to_owned(), reason)]
}

fn mark(presence: Presence) -> AnyView {
    view! { <span class="control-mark" data-presence=presence.as_str()>{presence.label()}</span> }.into_any()
}

fn label(name: &str) -> Option<String> {
    let label = match name {
        "presence" => "Whether it is in place",
        "reason" => "Why",
        _ => return None,
    };
    Some(label.to_owned())
}
