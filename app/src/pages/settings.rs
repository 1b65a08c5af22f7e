//! The settings of a workspace: its name, its second factor, handing it over, archiving and deleting it.

use domain::backend::people::{Member, SecondFactorPolicy};
use domain::problem::Problem;
use domain::role::Capability;
use domain::schedule::Zone;
use leptos::prelude::*;

use super::frame::{Screen, Section};
use super::request::{Place, Request};
use crate::ui::field::{Input, field};
use crate::ui::form::FormState;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, notice};

/// Which form of the page was posted, told by its hidden field.
const WHICH: &str = "form";

pub(super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    // An archived workspace has nothing to rename and still something to restore.
    let allowed = place.may(Capability::ManageWorkspace) || place.may(Capability::ArchiveWorkspace);
    if !allowed {
        return Err(Problem::Forbidden);
    }
    let members = request.backend()?.members(&place.estate.workspace.id).await?;
    let name = place.may(Capability::ManageWorkspace).then(|| rename(&request, &place));
    let second_factor = if place.may(Capability::ManageWorkspace) {
        let policy = request.backend()?.second_factor_policy(&place.estate.workspace.id).await?;
        Some(second_factor(&request, &place, policy))
    } else {
        None
    };
    let protection = if place.may(Capability::ManageWorkspace) {
        let protects = request.backend()?.protects_scope(&place.estate.workspace.id).await?;
        Some(protection(&request, &place, protects))
    } else {
        None
    };
    let time_zone = place.may(Capability::ManageWorkspace).then(|| time_zone(&request, &place));
    let hand_over = place.may(Capability::HandOverWorkspace).then(|| hand_over(&request, &place, &members));
    let archive = place.may(Capability::ArchiveWorkspace).then(|| archive(&place));
    let delete = place.may(Capability::DeleteWorkspace).then(|| delete(&request, &place));
    let more = place.may(Capability::ManageWorkspace).then(|| {
        view! {
            {header::action(place.paths.page("settings/rules"), "findings", "Rules", false)}
            {header::action(place.paths.page("settings/risks"), "risks", "Risk register", false)}
            {header::action(place.paths.page("settings/entity"), "file", "Profile of the entity", false)}
        }
    });
    let archived = place.estate.workspace.archived.then(|| {
        notice(Tone::Warn, "This workspace is archived: it can be read and not changed until it is restored.")
    });
    let body = view! {
        {Header::new("Settings").lede("What the workspace is called, whose it is, and how it ends.").actions(more).view()}
        {archived}
        {request.general_problem()}
        {name}
        {time_zone}
        {second_factor}
        {protection}
        {hand_over}
        {archive}
        {delete}
    };
    Ok(Screen::inside(&place, Section::Settings, "Settings", body))
}

/// The state of one of the forms: as posted where it is that one, else with these values.
fn state(request: &Request, which: &str, values: &[(&str, &str)]) -> FormState {
    let posted = request.submitted.as_ref();
    let is_it = posted.is_some_and(|it| it.form.iter().any(|(name, value)| name == WHICH && value == which));
    let stored = || values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    if is_it { request.form(stored) } else { FormState::new(stored()) }
}

fn section(id: &'static str, heading: &'static str, content: impl IntoView + 'static) -> AnyView {
    view! { <section class="card" aria-labelledby=id><h2 id=id>{heading}</h2>{content.into_any()}</section> }.into_any()
}

fn which(value: &'static str) -> AnyView {
    crate::ui::field::hidden(WHICH, value.to_owned())
}

fn rename(request: &Request, place: &Place) -> AnyView {
    let form = state(request, "rename", &[("name", &place.estate.workspace.name)]);
    let content = view! {
        {form.summary(|name| (name == "name").then(|| "Name".to_owned()))}
        <form class="form" method="post" action=place.paths.page("settings")>
            {which("rename")}
            {field(&form, "name", "Name")
                .hint("Its address keeps the key it was made with.")
                .required()
                .input(Input { most: 120, ..Input::default() })}
            <div class="button-row"><button class="button primary">"Save the name"</button></div>
        </form>
    };
    section("rename", "Name", content)
}

fn time_zone(request: &Request, place: &Place) -> AnyView {
    let form = state(request, "time-zone", &[("time_zone", Zone::said(&place.estate.stored.settings))]);
    let content = view! {
        {form.summary(|name| (name == "time_zone").then(|| "Time zone".to_owned()))}
        <form class="form" method="post" action=place.paths.page("settings/time-zone")>
            {which("time-zone")}
            {field(&form, "time_zone", "Time zone")
                .hint("For example Europe/Berlin. What is due on a day is due there; empty is UTC.")
                .optional()
                .input(Input { most: 64, ..Input::default() })}
            <div class="button-row"><button class="button">"Save the time zone"</button></div>
        </form>
    };
    section("time-zone", "Time zone", content)
}

fn second_factor(request: &Request, place: &Place, policy: SecondFactorPolicy) -> AnyView {
    let required = if policy.required { "yes" } else { "no" };
    let days = policy.grace_days.to_string();
    let form = state(request, "second-factor", &[("required", required), ("grace_days", days.as_str())]);
    let labels = |name: &str| match name {
        "required" => Some("Owners, administrators and editors".to_owned()),
        "grace_days" => Some("Days to set it up".to_owned()),
        _ => None,
    };
    let choices = [("yes", "need a second factor"), ("no", "may do without")];
    let choices: Vec<_> = choices.iter().map(|(value, label)| ((*value).to_owned(), (*label).to_owned())).collect();
    let content = view! {
        <p>
            "An authenticator app beside the password. Who has none is asked for it with a banner, and after the days below \
             reaches nothing else in their next sign-in."
        </p>
        {form.summary(labels)}
        <form class="form" method="post" action=place.paths.page("settings/second-factor")>
            {which("second-factor")}
            {field(&form, "required", "Owners, administrators and editors").required().select(None, &choices)}
            {field(&form, "grace_days", "Days to set it up")
                .hint("From 0 to 90, counted from the first sign-in at which it is asked for.")
                .required()
                .input(Input { class: "short number", most: 2, ..Input::default() })}
            <div class="button-row"><button class="button">"Save the policy"</button></div>
        </form>
    };
    section("second-factor", "Second factor", content)
}

fn protection(request: &Request, place: &Place, protects: bool) -> AnyView {
    let form = state(request, "protect", &[("protects", if protects { "yes" } else { "no" })]);
    let choices = [("no", "are saved by any editor"), ("yes", "need a proposal that others approve")];
    let choices: Vec<_> = choices.iter().map(|(value, label)| ((*value).to_owned(), (*label).to_owned())).collect();
    let content = view! {
        {form.summary(|name| (name == "protects").then(|| "Changes of what is in scope".to_owned()))}
        <form class="form" method="post" action=place.paths.page("settings/protection")>
            {which("protect")}
            {field(&form, "protects", "Changes of what is in scope")
                .hint("Systems in scope, flows that end at one, and what decides about others, such as segments.")
                .required()
                .select(None, &choices)}
            <div class="button-row"><button class="button">"Save the setting"</button></div>
        </form>
    };
    section("protect", "Protected scope", content)
}

fn hand_over(request: &Request, place: &Place, members: &[Member]) -> AnyView {
    let others: Vec<_> = members
        .iter()
        .filter(|member| member.account != place.account.id && !member.disabled)
        .map(|member| (member.account.to_string(), format!("{} ({})", member.name, member.standing.role.label())))
        .collect();
    let content = if others.is_empty() {
        view! {
            <p>
                "There is nobody to hand it over to. "
                <a href=place.paths.page("members")>"Invite somebody"</a>
                " first."
            </p>
        }
        .into_any()
    } else {
        let form = state(request, "hand-over", &[]);
        view! {
            <p>"The other person becomes an owner, and you an administrator."</p>
            {form.summary(|name| (name == "to").then(|| "New owner".to_owned()))}
            <form class="form" method="post" action=place.paths.page("settings/hand-over")>
                {which("hand-over")}
                {field(&form, "to", "New owner").required().select(Some("Choose a member"), &others)}
                <div class="button-row"><button class="button">"Hand over"</button></div>
            </form>
        }
        .into_any()
    };
    section("hand-over", "Hand over", content)
}

fn archive(place: &Place) -> AnyView {
    let (words, page, label) = if place.estate.workspace.archived {
        ("Restoring it lets members change it again.", "settings/restore", "Restore the workspace")
    } else {
        (
            "Nobody can change it any more, everybody keeps reading it, and lists hide it. You can restore it.",
            "settings/archive",
            "Archive the workspace",
        )
    };
    let heading = if place.estate.workspace.archived { "Restore" } else { "Archive" };
    let content = view! {
        <p>{words}</p>
        <form method="post" action=place.paths.page(page)><button class="button">{label}</button></form>
    };
    section("archive", heading, content)
}

fn delete(request: &Request, place: &Place) -> AnyView {
    let form = state(request, "delete", &[]);
    let name = place.estate.workspace.name.clone();
    let content = view! {
        <p>
            "Everything in it is gone for good, for every member. Only the audit trail of what was done stays, without \
             names and addresses. Export the model first if you may need it."
        </p>
        {form.summary(|name| (name == "name").then(|| "Name of the workspace".to_owned()))}
        <form class="form" method="post" action=place.paths.page("settings/delete")>
            {which("delete")}
            <p>"To confirm, type its name: "<strong>{name}</strong></p>
            {confirmation(&form)}
            <div class="button-row">
                <button class="button danger">{icon("delete")}"Delete the workspace"</button>
            </div>
        </form>
    };
    section("delete", "Delete", content)
}

/// A field of its own making: the form above has one of the same name, and no two controls may share an id.
fn confirmation(form: &FormState) -> AnyView {
    let error = form.error("name").map(|code| {
        view! { <p class="error" id="confirm-name-error">{code.advice()}</p> }
    });
    let invalid = form.error("name").map(|_| "true");
    let described = form.error("name").map(|_| "confirm-name-error");
    view! {
        <div class="field">
            <label for="confirm-name">"Name of the workspace"</label>
            {error}
            <input
                class="input"
                id="confirm-name"
                type="text"
                name="name"
                value=form.value("name").to_owned()
                autocomplete="off"
                required=true
                aria-invalid=invalid
                aria-describedby=described
            />
        </div>
    }
    .into_any()
}
