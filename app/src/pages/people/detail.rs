//! One person or team: what they do, what they answer for, and the account behind them.

use domain::backend::people::Member;
use domain::id::{AccountId, PersonId};
use domain::model::draft::options;
use domain::model::duty::Duty;
use domain::model::object::{ObjectKind, ObjectRef};
use domain::model::party::Person;
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::aspects::{Aspect, Subject};
use super::super::editor::not_done;
use super::super::facts;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::duties;
use crate::ui::field::{field, hidden};
use crate::ui::form::FormState;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let id = PersonId::new(request.path("key"));
    let person = place.estate.model.people.get(&id).cloned().ok_or(Problem::NotFound)?;
    let backend = request.backend()?;
    let members = backend.members(&place.estate.workspace.id).await?;
    let accounts = backend.accounts_of_people(&place.estate.workspace.id).await?;
    let account = accounts.get(&id);
    let edits = place.may(Capability::ManagePeople);
    // An account speaks for its person, so linking it is not a change of the inventory.
    let links = place.may(Capability::ManageMembers);
    let own = place.paths.person(&id);
    let head = Header::new(person.name.clone())
        .below(place.paths.page("people"), "People and teams")
        .meta(meta(&person))
        .actions(edits.then(|| header::action(format!("{own}/edit"), "edit", "Edit", true)));
    let found = place.estate.model.duties_of(&id);
    let subject = Subject::of(&request, &place, ObjectRef::Person(id.clone()), own, HAS).await?;
    let content = subject.content(&request, &place).await?.unwrap_or_else(|| {
        view! {
            <div class="cards">
                {answers(&place, &found)}
                {facts::card(&place, ObjectKind::Person, &person.facts)}
                {link(&place, &id, &members, account, links)}
            </div>
            {edits.then(|| deletion(&place, &person, &found))}
        }
        .into_any()
    });
    let body = view! { {head.view()}{subject.tabs(&place, HAS, &[])}{not_done(&request)}{content} };
    Ok(Screen::inside(&place, Section::People, person.name.clone(), body))
}

/// The pages that a person has beside the overview.
const HAS: &[Aspect] = &[Aspect::Findings, Aspect::History, Aspect::Comments];

fn meta(person: &Person) -> AnyView {
    view! {
        <span>{person.kind.label()}</span>
        {person.function.clone().map(|it| view! { <span>{it}</span> })}
        {person.mail.clone().map(|it| view! { <span>{it}</span> })}
        <span class="key">{person.id.to_string()}</span>
    }
    .into_any()
}

fn answers(place: &Place, found: &[Duty]) -> AnyView {
    let list = if found.is_empty() {
        view! { <p class="muted">"Nothing names them as somebody who has to act."</p> }.into_any()
    } else {
        duties::list(place, found, "Where they are named")
    };
    view! { <section class="card" aria-labelledby="answers"><h2 id="answers">"Answers for"</h2>{list}</section> }
        .into_any()
}

fn link(place: &Place, person: &PersonId, members: &[Member], account: Option<&AccountId>, links: bool) -> AnyView {
    let linked = account.and_then(|account| members.iter().find(|member| member.account == *account));
    let words = linked.map_or_else(
        || "No account of a member is linked.".to_owned(),
        |member| format!("Signs in as {} ({}).", member.name, member.standing.role.label()),
    );
    let form = links.then(|| {
        let chosen = account.map_or("", AccountId::as_str).to_owned();
        let state = FormState::new(vec![("account".to_owned(), chosen)]);
        let choices: Vec<_> = members.iter().map(|member| (member.account.to_string(), member.name.clone())).collect();
        view! {
            <form class="stack tight" method="post" action=format!("{}/account", place.paths.person(person))>
                {field(&state, "account", "Member").select(Some("None"), &choices)}
                <div class="button-row"><button class="button">{icon("link")}"Save the link"</button></div>
            </form>
        }
    });
    view! {
        <section class="card" aria-labelledby="account"><h2 id="account">"Account"</h2><p>{words}</p>{form}</section>
    }
    .into_any()
}

/// Deleting, folded so that nobody does it by mistake; with who takes over.
fn deletion(place: &Place, person: &Person, found: &[Duty]) -> AnyView {
    let words = if found.is_empty() {
        "Teams and groups lose them as a member. The audit trail keeps what they were.".to_owned()
    } else {
        format!("They are named {} times. Choose who takes over; it changes in the same act.", found.len())
    };
    let others: Vec<_> =
        options::people(&place.estate.model).into_iter().filter(|(key, _)| key != person.id.as_str()).collect();
    let state = FormState::default();
    let takes_over =
        (!found.is_empty()).then(|| field(&state, "to", "Who takes over").select(Some("Choose somebody"), &others));
    view! {
        <details>
            <summary>"Delete from the inventory"</summary>
            <form class="stack tight" method="post" action=format!("{}/delete", place.paths.person(&person.id))>
                <p>{words}</p>
                {hidden("rev", place.estate.revision.0.to_string())}
                {takes_over}
                <button class="button danger">{icon("delete")}"Delete from the inventory"</button>
            </form>
        </details>
    }
    .into_any()
}
