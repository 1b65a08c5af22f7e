//! The two pages before anybody is signed in: set-up and sign-in.

use domain::problem::Problem;
use leptos::prelude::*;

use super::frame::Screen;
use super::request::Request;
use crate::islands::setup_token::SetupToken;
use crate::ui::field::{Input, field, hidden};
use crate::ui::form::FormState;
use crate::ui::notice::{Tone, notice};

/// Signing in.
pub(super) async fn sign_in(request: Request) -> Result<Screen, Problem> {
    let next = request.query("next").unwrap_or_default();
    let state = request.form(|| vec![("next".to_owned(), next)]);
    let labels = |name: &str| match name {
        "mail" => Some("E-mail address".to_owned()),
        "password" => Some("Password".to_owned()),
        _ => None,
    };
    let mail = Input { kind: "email", most: 254, complete: "username", ..Input::default() };
    let password = Input { kind: "password", most: 1024, complete: "current-password", ..Input::default() };
    let ended = request.problem() == Some(&Problem::SignedOut);
    let done = match request.query("done").as_deref() {
        Some("reset") => Some(notice(Tone::Ok, "Your password was set. Sign in with it.")),
        Some("asked") => Some(notice(
            Tone::Info,
            "If there is an account with this address, a link is on its way to it. It works once and for 30 minutes.",
        )),
        _ => None,
    };
    let problem = if ended { super::proof::held_notice() } else { request.general_problem() };
    let body = view! {
        {done}
        {problem}
        {state.summary(labels)}
        <form class="form" method="post" action="/sign-in">
            {hidden("next", state.value("next").to_owned())}
            {super::proof::held(&state)}
            {field(&state, "mail", "E-mail address").required().input(mail)}
            {field(&state, "password", "Password").required().input(password)}
            <button class="button primary">"Sign in"</button>
        </form>
        {forgotten(&request)}
    };
    Ok(Screen::alone("Sign in", body))
}

/// What to do without the password: a link by mail, or by whoever administers the instance.
fn forgotten(request: &Request) -> AnyView {
    let content = if request.page.sends_mail {
        let fresh = FormState::default();
        let mail = Input { kind: "email", most: 254, complete: "username", ..Input::default() };
        view! {
            <form class="form" method="post" action="/sign-in">
                {hidden("forgotten", "yes".to_owned())}
                {field(&fresh, "address", "Your e-mail address")
                    .hint("A link with which you set a new password is sent to it.")
                    .required()
                    .input(mail)}
                <button class="button">"Send me a link"</button>
            </form>
        }
        .into_any()
    } else {
        view! {
            <p>
                "Ask an administrator of this installation for a link with which you set a new password. This server sends \
                 no mail."
            </p>
        }
        .into_any()
    };
    view! { <details><summary>"I forgot my password"</summary>{content}</details> }.into_any()
}

/// A new password, with a link that works once.
pub(super) async fn reset(request: Request) -> Result<Screen, Problem> {
    let state = request.form(Vec::new);
    let password = Input { kind: "password", most: 1024, complete: "new-password", ..Input::default() };
    let body = view! {
        <p>"The link works once. You are signed out everywhere, and sign in with the new password."</p>
        {request.general_problem()}
        {state.summary(|name| (name == "new_password").then(|| "New password".to_owned()))}
        <form class="form" method="post" action=request.page.path_and_query.to_string()>
            {field(&state, "new_password", "New password")
                .hint("At least 12 characters. A sentence is fine.")
                .required()
                .input(password)}
            <button class="button primary">"Set the password"</button>
        </form>
    };
    Ok(Screen::alone("New password", body))
}

/// The first account, the first workspace.
pub(super) async fn set_up(request: Request) -> Result<Screen, Problem> {
    let state = request.form(Vec::new);
    let labels = |name: &str| {
        let label = match name {
            "token" => "Set-up token",
            "organisation" => "Organisation",
            "name" => "Your name",
            "mail" => "E-mail address",
            "password" => "Password",
            "start" => "Begin with",
            _ => return None,
        };
        Some(label.to_owned())
    };
    let mail = Input { kind: "email", most: 254, complete: "username", ..Input::default() };
    let password = Input { kind: "password", most: 1024, complete: "new-password", ..Input::default() };
    let named = |complete| Input { most: 120, complete, ..Input::default() };
    // A token that was sent once travels on out of sight: it makes whoever reads it the first administrator.
    let sent = state.value("token");
    let token = if sent.is_empty() || state.error("token").is_some() {
        let fresh = state.without("token");
        let token = field(&fresh, "token", "Set-up token")
            .hint("The part of the set-up link behind #token=. Without a link, run: plumbline setup-token")
            .required()
            .input(Input { most: 200, class: "mono", ..Input::default() });
        view! { <SetupToken>{token}</SetupToken> }.into_any()
    } else {
        hidden("token", sent.to_owned())
    };
    let start = [
        (
            "sample",
            "Load the sample estate",
            "A small shop with mistakes to find: the quickest way to see what Plumbline does.",
        ),
        ("empty", "Start empty", "Add systems by hand, or import a table or a model file."),
    ];
    let body = view! {
        <p>"This makes the first account. It administers the installation and owns the first workspace."</p>
        {request.general_problem()}
        {state.summary(labels)}
        <form class="form" method="post" action="/setup">
            {token}
            {field(&state, "organisation", "Organisation")
                .hint("The name of the first workspace.")
                .required()
                .input(named("organization"))}
            {field(&state, "name", "Your name").required().input(named("name"))}
            {field(&state, "mail", "E-mail address").required().input(mail)}
            {field(&state, "password", "Password")
                .hint("At least 12 characters. A sentence is fine.")
                .required()
                .input(password)}
            {field(&state, "start", "Begin with").radios("cards", &start)}
            <button class="button primary">"Set up Plumbline"</button>
        </form>
    };
    Ok(Screen::alone("Set up", body).class("auth-card wide card").with_islands())
}
