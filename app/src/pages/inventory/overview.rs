//! Every kind of record: what it is for, what it does to scope, and how many there are.

use domain::inventory::{Group, KINDS, Kind};
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::{nav, one};
use crate::ui::header::Header;
use crate::ui::icon::icon;

const LEDE: &str = "Everything that the model can say, and what each part of it does to scope.";

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let model = &place.estate.model;
    let estate = view! {
        <section class="section" aria-labelledby="estate">
            <h2 id="estate">"Estate"</h2>
            <div class="kind-cards">
                {card(&place, "systems", "system", "Systems", model.systems.len(), [
                    "A system is anything that stores, processes or passes on payment data, or manages one that does.",
                    "What it holds, where it stands and what it manages decide its category.",
                ], Some(("systems/new", "Add a system".to_owned(), Capability::EditModel)))}
                {card(&place, "flows", "flow", "Flows", model.flows.len(), [
                    "A flow is data on its way from one system to another, with every field in the form it travels in.",
                    "It makes its ends handle what it carries, and connects them.",
                ], Some(("flows/new", "Add a flow".to_owned(), Capability::EditModel)))}
                {card(&place, "people", "users", "People and teams", model.people.len(), [
                    "Who answers for systems, credentials and vendors.",
                    "They change no category; what nobody answers for is work.",
                ], Some(("people/new", "Add a person or team".to_owned(), Capability::ManagePeople)))}
            </div>
        </section>
    };
    let groups: Vec<_> = Group::ALL.into_iter().map(|group| section(&place, group)).collect();
    let body = view! {
        {Header::new("Inventory").lede(LEDE).view()}
        {nav::view(&place, "")}
        {estate}
        {groups}
    };
    Ok(Screen::inside(&place, Section::Inventory, "Inventory", body))
}

fn section(place: &Place, group: Group) -> AnyView {
    let cards: Vec<_> = KINDS.iter().filter(|kind| kind.group == group).map(|kind| of_kind(place, kind)).collect();
    let id = format!("{group:?}").to_lowercase();
    view! {
        <section class="section" aria-labelledby=id.clone()>
            <h2 id=id.clone()>{group.label()}</h2>
            <div class="kind-cards">{cards}</div>
        </section>
    }
    .into_any()
}

fn of_kind(place: &Place, kind: &'static Kind) -> AnyView {
    let list = format!("inventory/{}", kind.word);
    let add = (format!("{list}/new"), format!("Add {}", one(kind)), Capability::EditModel);
    let count = kind.count(&place.estate.model);
    let (href, label, needs) = (add.0.as_str(), add.1, add.2);
    let add = (!kind.is_single()).then_some((href, label, needs));
    card(place, &list, kind.picture, kind.several, count, [kind.purpose, kind.effect], add)
}

fn card(
    place: &Place,
    list: &str,
    picture: &str,
    heading: &'static str,
    count: usize,
    [purpose, effect]: [&'static str; 2],
    add: Option<(&str, String, Capability)>,
) -> AnyView {
    let add = add.filter(|(.., needs)| place.may(*needs)).map(|(href, label, _)| {
        view! { <a class="button small quiet" href=place.paths.page(href)>{icon("plus")}{label}</a> }
    });
    view! {
        <article class="card kind-card">
            <h3>
                {icon(picture)}
                <a href=place.paths.page(list)>{heading}</a>
                " "
                <span class="count">{count.to_string()}</span>
            </h3>
            <p>{purpose}</p>
            <p class="muted">{effect}</p>
            {add.map(|add| view! { <div class="button-row">{add}</div> })}
        </article>
    }
    .into_any()
}
