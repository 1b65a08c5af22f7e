//! Who is a member, who is invited, and a form to invite somebody.

use domain::backend::people::{Member, OpenInvitation};
use domain::problem::Problem;
use domain::role::{Capability, Role, Standing};
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::{label, own_standing, role_words, standing_fields, tabs};
use crate::ui::field::{Input, field};
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::link::encoded;
use crate::ui::table::{cell, count, small};

const LEDE: &str = "Who signs in to this workspace, and what each of them may do.";

/// The page; after an invitation it shows the link, once.
pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let backend = request.backend()?;
    let members = backend.members(&place.estate.workspace.id).await?;
    let manages = place.may(Capability::ManageMembers);
    let invitations = if manages { backend.invitations(&place.estate.workspace.id).await? } else { Vec::new() };
    let own = own_standing(&request, &place).await?;
    let invite = manages.then(|| invite(&request, &place, own));
    let body = view! {
        {Header::new("Members").lede(LEDE).view()}
        {tabs(&place, true)}
        {(!manages).then(|| request.general_problem())}
        {made(&request)}
        {table(&place, &members, manages)}
        {(!invitations.is_empty()).then(|| open(&place, &invitations))}
        {invite}
    };
    Ok(Screen::inside(&place, Section::People, "Members", body))
}

fn table(place: &Place, members: &[Member], manages: bool) -> AnyView {
    let rows = members.iter().map(|member| row(place, member, manages)).collect();
    let mut columns = vec!["Name", "Role", "Approval tier"];
    if manages {
        columns.push("E-mail address");
    }
    small("members", count(members.len(), "member"), &columns, rows)
}

fn row(place: &Place, member: &Member, manages: bool) -> AnyView {
    let name = member.name.clone();
    let name = if manages {
        view! { <a href=place.paths.member(&member.account)>{name}</a> }.into_any()
    } else {
        name.into_any()
    };
    let own = (member.account == place.account.id).then(|| view! { <span class="badge">"you"</span> });
    let disabled = member.disabled.then(|| view! { <span class="badge">"disabled"</span> });
    view! {
        <tr>
            <th scope="row">{name}" "{own}{disabled}</th>
            {cell("Role", role_words(member.standing))}
            {cell("Approval tier", member.standing.tier.label())}
            {manages.then(|| cell("E-mail address", member.mail.clone()))}
        </tr>
    }
    .into_any()
}

fn open(place: &Place, invitations: &[OpenInvitation]) -> AnyView {
    let rows = invitations
        .iter()
        .map(|invitation| {
            let key = encoded(invitation.id.as_str());
            let action = place.paths.page(&format!("invitations/{key}/withdraw"));
            let until = invitation.expires_at.to_string();
            let what = format!("Withdraw the invitation of {}", invitation.mail);
            view! {
                <tr>
                    <th scope="row">{invitation.mail.clone()}</th>
                    {cell("Role", role_words(invitation.standing))}
                    {cell("Invited by", invitation.by.clone())}
                    {cell("Works until (UTC)", view! { <time datetime=until.clone()>{until.clone()}</time> })}
                    <td data-label="Withdraw">
                        <form method="post" action=action>
                            <button class="button small" aria-label=what>{icon("close")}"Withdraw"</button>
                        </form>
                    </td>
                </tr>
            }
            .into_any()
        })
        .collect();
    let columns = ["E-mail address", "Role", "Invited by", "Works until (UTC)", "Withdraw"];
    small("invitations", count(invitations.len(), "open invitation"), &columns, rows)
}

fn invite(request: &Request, place: &Place, own: Standing) -> AnyView {
    let failed = request.submitted.as_ref().is_some_and(|it| it.problem.is_some());
    let fresh = || vec![("role".to_owned(), Role::Viewer.as_str().to_owned())];
    let form = if failed { request.form(fresh) } else { crate::ui::form::FormState::new(fresh()) };
    let mail = Input { kind: "email", most: 254, ..Input::default() };
    view! {
        <section class="card" aria-labelledby="invite">
            <h2 id="invite">"Invite somebody"</h2>
            <p>"You get a link to hand over. It works once and for seven days; nothing is sent from here."</p>
            {request.general_problem()}
            {form.summary(label)}
            <form class="form" method="post" action=place.paths.page("members")>
                {field(&form, "mail", "E-mail address")
                    .hint("The person signs in with it.")
                    .required()
                    .input(mail)}
                {standing_fields(&form, own, None)}
                <div class="button-row">
                    <button class="button primary">{icon("plus")}"Make the invitation"</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

/// The link of the invitation that was just made. Nobody can see it again: only its hash is kept.
fn made(request: &Request) -> Option<AnyView> {
    let submitted = request.submitted.as_ref().filter(|it| it.problem.is_none())?;
    let value = |name: &str| submitted.form.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let (link, mail) = (value("link")?, value("mail")?);
    Some(
        view! {
            <section class="card" role="status" aria-labelledby="made">
                <h2 id="made">{format!("The invitation of {mail}")}</h2>
                <p>"Copy the link now and hand it over: it is not shown again. Inviting once more makes a new one."</p>
                <div class="field">
                    <label for="invitation-link">"Link"</label>
                    <input class="input mono" id="invitation-link" type="text" readonly=true value=link/>
                </div>
            </section>
        }
        .into_any(),
    )
}
