//! What the holder of an invitation's link sees: join with an account, or make one.

use domain::backend::people::Invitation;
use domain::problem::Problem;
use leptos::prelude::*;

use super::super::frame::Screen;
use super::super::request::Request;
use crate::ui::field::{Input, field};
use crate::ui::icon::icon;
use crate::ui::link::{encoded, with_query};

/// The page. Whatever is wrong with a link, it is not found, and the page says the same of all.
pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let token = request.path("token");
    let backend = request.backend()?;
    let invitation = match backend.invitation(&token).await {
        Err(Problem::NotFound) => return Ok(spent()),
        other => other?,
    };
    let path = format!("/invite/{}", encoded(&token));
    let body = match backend.account().await {
        Ok(account) if account.mail.to_lowercase() == invitation.mail.to_lowercase() => view! {
            {request.general_problem()}
            <form class="form" method="post" action=path>
                <button class="button primary">{icon("check")}{format!("Join as {}", account.name)}</button>
            </form>
        }
        .into_any(),
        Ok(account) => other_account(&account.mail, &invitation),
        Err(Problem::SignedOut) => newcomer(&request, &invitation, &path),
        Err(problem) => return Err(problem),
    };
    let lede = format!("{} invites you to {} as: {}.", invitation.by, invitation.workspace, invitation.role.label());
    let body = view! { <p>{lede}</p>{body} };
    Ok(Screen::alone("Join a workspace", body).class("auth-card wide card"))
}

fn spent() -> Screen {
    let body = view! {
        <p>
            "It was used, withdrawn or replaced, it has ended, or it is not complete. Copy all of it once more, or ask whoever \
             invited you for a new one."
        </p>
        <p><a href="/">"Go to your workspaces"</a></p>
    };
    Screen::alone("This invitation works no longer", body).gone()
}

fn other_account(own: &str, invitation: &Invitation) -> AnyView {
    let words = format!(
        "The invitation is for {}, and you are signed in as {own}. Sign out, then open the link again.",
        invitation.mail
    );
    view! {
        <p>{words}</p>
        <form class="form" method="post" action="/sign-out">
            <button class="button primary">{icon("sign-out")}"Sign out"</button>
        </form>
    }
    .into_any()
}

fn newcomer(request: &Request, invitation: &Invitation, path: &str) -> AnyView {
    let state = request.form(Vec::new);
    let labels = |name: &str| match name {
        "name" => Some("Your name".to_owned()),
        "password" => Some("Password".to_owned()),
        _ => None,
    };
    let name = Input { most: 120, complete: "name", ..Input::default() };
    let password = Input { kind: "password", most: 1024, complete: "new-password", ..Input::default() };
    view! {
        {request.general_problem()}
        {state.summary(labels)}
        <form class="form" method="post" action=path.to_owned()>
            <p>{format!("You will sign in with {}.", invitation.mail)}</p>
            {field(&state, "name", "Your name").required().input(name)}
            {field(&state, "password", "Password")
                .hint("At least 12 characters. A sentence is fine.")
                .required()
                .input(password)}
            <button class="button primary">"Make the account and join"</button>
        </form>
        <p><a href=with_query("/sign-in", &[("next", path)])>"I have an account already"</a></p>
    }
    .into_any()
}
