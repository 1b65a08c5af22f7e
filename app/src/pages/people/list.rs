//! The people and teams of the model.

use domain::backend::people::Member;
use domain::id::{AccountId, PersonId};
use domain::model::party::Person;
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;
use std::collections::BTreeMap;

use super::super::frame::{Screen, Section};
use super::super::members::tabs;
use super::super::request::{Place, Request};
use crate::ui::header::{self, Header};
use crate::ui::notice::empty_state;
use crate::ui::table::{cell, count, number, small};

const LEDE: &str = "Who answers for systems, credentials and vendors. They need no account.";

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let backend = request.backend()?;
    let members = backend.members(&place.estate.workspace.id).await?;
    let accounts = backend.accounts_of_people(&place.estate.workspace.id).await?;
    let add = || header::action(place.paths.page("people/new"), "plus", "Add a person or team", true);
    let edits = place.may(Capability::ManagePeople);
    let list = if place.estate.model.people.is_empty() {
        empty_state(
            "users",
            "Nobody here yet",
            "Add the people and teams who answer for systems, or import them with a model file.",
            edits.then(add),
        )
    } else {
        table(&place, &members, &accounts)
    };
    let body = view! {
        {Header::new("People and teams").lede(LEDE).actions(edits.then(add)).view()}
        {tabs(&place, false)}
        {list}
    };
    Ok(Screen::inside(&place, Section::People, "People and teams", body))
}

fn table(place: &Place, members: &[Member], accounts: &BTreeMap<PersonId, AccountId>) -> AnyView {
    let model = &place.estate.model;
    let mut people: Vec<&Person> = model.people.values().map(AsRef::as_ref).collect();
    people.sort_by_key(|person| (person.name.to_lowercase(), person.id.clone()));
    let rows = people
        .into_iter()
        .map(|person| {
            let account = accounts.get(&person.id);
            let member = account.and_then(|account| members.iter().find(|member| member.account == *account));
            view! {
                <tr>
                    <th scope="row"><a href=place.paths.person(&person.id)>{person.name.clone()}</a></th>
                    {cell("Kind", person.kind.label())}
                    {cell("What they do", person.function.clone())}
                    {cell("Member", member.map(|member| member.standing.role.label()))}
                    {number("Answers for", model.duties_of(&person.id).len())}
                </tr>
            }
            .into_any()
        })
        .collect();
    let caption = count(model.people.len(), "entry").replace("entrys", "entries");
    small("people", caption, &["Name", "Kind", "What they do", "Member", "Answers for"], rows)
}
