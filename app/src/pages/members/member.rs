//! One member: what they may do, what they answer for, and how their membership ends.

use domain::backend::people::Member;
use domain::id::{AccountId, PersonId};
use domain::model::draft::options;
use domain::model::duty::Duty;
use domain::problem::Problem;
use domain::role::{Capability, Standing, standing_to_form};
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::people::duties;
use super::super::request::{Place, Request};
use super::{label, own_standing, role_words, standing_fields};
use crate::ui::field::field;
use crate::ui::form::FormState;
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, notice};

/// The page, for those who manage members.
pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    if !place.may(Capability::ManageMembers) {
        return Err(Problem::Forbidden);
    }
    let backend = request.backend()?;
    let workspace = &place.estate.workspace.id;
    let key = AccountId::new(request.path("key"));
    let members = backend.members(workspace).await?;
    let member = members.into_iter().find(|member| member.account == key).ok_or(Problem::NotFound)?;
    let people = backend.accounts_of_people(workspace).await?;
    let person = people.into_iter().find(|(_, account)| *account == key).map(|(person, _)| person);
    let own = own_standing(&request, &place).await?;
    let may_change = member.standing.role.rank() <= own.role.rank();
    let head = Header::new(member.name.clone())
        .below(place.paths.page("members"), "Members")
        .meta(view! { <span>{role_words(member.standing)}</span><span>{member.mail.clone()}</span> });
    let forms = if may_change {
        let change = change(&request, &place, &member, own);
        view! { {change}{removal(&request, &place, &member, person.as_ref())} }.into_any()
    } else {
        notice(Tone::Info, "Their role is above yours, so only an owner can change or end this membership.")
    };
    let title = member.name.clone();
    let body = view! { {head.view()}{request.general_problem()}{forms} };
    Ok(Screen::inside(&place, Section::People, title, body))
}

fn change(request: &Request, place: &Place, member: &Member, own: Standing) -> AnyView {
    // The form of the removal has a field of its own and none of these.
    let posted = request.submitted.as_ref().is_some_and(|it| it.form.iter().any(|(name, _)| name == "tier"));
    let stored = || standing_to_form(member.standing);
    let form = if posted { request.form(stored) } else { FormState::new(stored()) };
    view! {
        <section class="card" aria-labelledby="change">
            <h2 id="change">"What they may do"</h2>
            <p>"A change ends the sessions of this person: they sign in again and have the new rights."</p>
            {form.summary(label)}
            <form class="form" method="post" action=place.paths.member(&member.account)>
                {standing_fields(&form, own, Some(member.standing))}
                <div class="button-row"><button class="button primary">"Save"</button></div>
            </form>
        </section>
    }
    .into_any()
}

fn removal(request: &Request, place: &Place, member: &Member, person: Option<&PersonId>) -> AnyView {
    let model = &place.estate.model;
    let duties: Vec<Duty> = person.map(|person| model.duties_of(person)).unwrap_or_default();
    let posted = request.submitted.as_ref().is_some_and(|it| it.form.iter().all(|(name, _)| name != "tier"));
    let form = if posted { request.form(Vec::new) } else { FormState::default() };
    let others: Vec<_> =
        options::people(model).into_iter().filter(|(key, _)| person.is_none_or(|it| it.as_str() != key)).collect();
    let takes_over = (!duties.is_empty()).then(|| {
        view! {
            {duties::list(place, &duties, "What they answer for")}
            {field(&form, "to", "Who takes over")
                .hint("Everything in the list above changes in the same act.")
                .select(Some("Nobody: leave their name there"), &others)}
        }
    });
    let none = duties.is_empty().then(|| view! { <p>"They answer for nothing in the inventory."</p> });
    view! {
        <section class="card" aria-labelledby="remove">
            <h2 id="remove">"Remove from the workspace"</h2>
            <p>
                "Their sessions end at once, and so do the invitations they made. The person stays in the inventory, \
                 without an account."
            </p>
            {form.summary(label)}
            <form
                class="form"
                method="post"
                action=format!("{}/remove", place.paths.member(&member.account))
                aria-labelledby="remove"
            >
                {none}
                {takes_over}
                <div class="button-row">
                    <button class="button danger">{icon("delete")}{format!("Remove {}", member.name)}</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}
