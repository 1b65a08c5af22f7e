//! Members: the list with invitations, one member, and the page behind an invitation's link.

pub(super) mod accept;
pub(super) mod list;
pub(super) mod member;

use domain::problem::Problem;
use domain::role::{Role, Standing, Tier};
use leptos::prelude::*;

use super::request::{Place, Request};
use crate::ui::field::{Input, field};
use crate::ui::form::FormState;

/// The tabs of the section: people of the model, and members who sign in.
pub(super) fn tabs(place: &Place, members: bool) -> AnyView {
    view! {
        <nav class="tabs" aria-label="People">
            <a href=place.paths.page("people") aria-current=(!members).then_some("page")>
                "People and teams "<span class="count">{place.estate.model.people.len().to_string()}</span>
            </a>
            <a href=place.paths.page("members") aria-current=members.then_some("page")>"Members"</a>
        </nav>
    }
    .into_any()
}

/// What the person who asks is here.
async fn own_standing(request: &Request, place: &Place) -> Result<Standing, Problem> {
    let members = request.backend()?.members(&place.estate.workspace.id).await?;
    let own = members.into_iter().find(|member| member.account == place.account.id);
    Ok(own.map_or_else(|| Standing::usual(place.estate.workspace.role), |member| member.standing))
}

/// The fields of a standing; only what the person who asks may grant is offered.
fn standing_fields(form: &FormState, own: Standing, now: Option<Standing>) -> AnyView {
    let roles: Vec<_> = Role::ALL
        .iter()
        .filter(|role| role.rank() <= own.role.rank())
        .map(|role| (role.as_str().to_owned(), role.label().to_owned()))
        .collect();
    let kept = now.map(|now| now.tier);
    let tiers: Vec<_> = Tier::ALL
        .iter()
        .filter(|tier| own.role == Role::Owner || **tier <= own.tier || Some(**tier) == kept)
        .map(|tier| (tier.as_str().to_owned(), tier.label().to_owned()))
        .collect();
    let day = Input { kind: "date", class: "short", ..Input::default() };
    view! {
        <div class="field-row">
            {field(form, "role", "Role").hint("What they may do here.").select(None, &roles)}
            {field(form, "tier", "Approval tier")
                .hint("Up to which level they approve.")
                .select(Some("As usual for the role"), &tiers)}
        </div>
        <div class="field-row">
            {field(form, "engaged_from", "First day").hint("Of an auditor's engagement.").input(day)}
            {field(form, "engaged_until", "Last day").hint("Afterwards an auditor sees nothing.").input(day)}
        </div>
    }
    .into_any()
}

/// The words of the fields, for the summary of errors.
fn label(name: &str) -> Option<String> {
    let label = match name {
        "mail" => "E-mail address",
        "role" => "Role",
        "tier" => "Approval tier",
        "engaged_from" => "First day",
        "engaged_until" => "Last day",
        "to" => "Who takes over",
        _ => return None,
    };
    Some(label.to_owned())
}

/// A role, with the days where it has some.
fn role_words(standing: Standing) -> String {
    match standing.engagement {
        Some(days) => format!("{}, {} to {}", standing.role.label(), days.from, days.until),
        None => standing.role.label().to_owned(),
    }
}
