//! What protects one's own account: password, second factor, recovery codes, sessions.

pub(super) mod codes;
pub(super) mod enrol;

use domain::backend::own_account::{OwnSession, SecondFactor, Security};
use domain::problem::Problem;
use domain::time::Timestamp;
use leptos::prelude::*;

use super::frame::Screen;
use super::request::Request;
use crate::ui::field::{Input, field, hidden};
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, notice};

pub(super) async fn page(request: Request) -> Result<Screen, Problem> {
    let security = request.backend()?.security().await?;
    let header = Header::new("Security of your account")
        .lede(format!("You are signed in as {}, with the address {}.", security.account.name, security.account.mail));
    let body = view! {
        {header.view()}
        {done(&request)}
        {request.general_problem()}
        {second_factor(&security)}
        {password(&request, &security)}
        {sessions(&security)}
    };
    Ok(Screen::of_account(security.account, "Security of your account", body))
}

/// An instant as people read it, in UTC.
pub(super) fn instant(at: Timestamp) -> String {
    at.to_string().replace('T', " ").trim_end_matches('Z').get(..16).unwrap_or_default().to_owned() + " UTC"
}

fn done(request: &Request) -> Option<AnyView> {
    let words = match request.query("done")?.as_str() {
        "password" => "Your password was changed. You were signed out everywhere else.",
        "session" => "That session was ended.",
        "sessions" => "You are signed out everywhere else.",
        _ => return None,
    };
    Some(notice(Tone::Ok, words))
}

fn second_factor(security: &Security) -> AnyView {
    let (words, action) = match security.second_factor {
        SecondFactor::InForce(since) => {
            (format!("An authenticator app is set up since {}.", instant(since)), "Set up another app")
        }
        SecondFactor::Due(due) => (
            format!("There is none, and your role needs one. Set it up by {}.", due.day()),
            "Set up an authenticator app",
        ),
        SecondFactor::Optional => (
            "There is none. A code of your phone protects the account even when the password leaks.".to_owned(),
            "Set up an authenticator app",
        ),
    };
    let codes = matches!(security.second_factor, SecondFactor::InForce(_)).then(|| {
        view! {
            <p>
                {format!("{} of 10 recovery codes are left. ", security.recovery_codes)}
                <a href="/profile/recovery-codes">"Make new recovery codes"</a>
            </p>
        }
    });
    view! {
        <section class="card stack" aria-labelledby="second-factor">
            <h2 id="second-factor">"Second factor"</h2>
            <p>{words}</p>
            {codes}
            <div class="button-row"><a class="button" href="/profile/second-factor">{icon("shield")}{action}</a></div>
        </section>
    }
    .into_any()
}

fn password(request: &Request, security: &Security) -> AnyView {
    let state = request.form(Vec::new);
    let labels = |name: &str| match name {
        "current_password" => Some("Password in use".to_owned()),
        "new_password" => Some("New password".to_owned()),
        _ => None,
    };
    let control = |complete| Input { kind: "password", most: 1024, complete, ..Input::default() };
    view! {
        <section class="card stack" aria-labelledby="password">
            <h2 id="password">"Password"</h2>
            {state.summary(labels)}
            <form class="form" method="post" action="/profile/password">
                <input type="hidden" name="username" autocomplete="username" value=security.account.mail.clone()/>
                {field(&state, "current_password", "Password in use").required().input(control("current-password"))}
                {field(&state, "new_password", "New password")
                    .hint("At least 12 characters. A sentence is fine. You are signed out everywhere else.")
                    .required()
                    .input(control("new-password"))}
                <div class="button-row"><button class="button primary">"Change the password"</button></div>
            </form>
        </section>
    }
    .into_any()
}

fn sessions(security: &Security) -> AnyView {
    let rows: Vec<_> = security.sessions.iter().map(session).collect();
    let others = security.sessions.iter().any(|session| !session.current).then(|| {
        view! {
            <form method="post" action="/profile/sessions/end-others">
                <button class="button">{icon("sign-out")}"Sign out everywhere else"</button>
            </form>
        }
    });
    view! {
        <section class="card stack" aria-labelledby="sessions">
            <h2 id="sessions">"Where you are signed in"</h2>
            <p>"A session ends after 15 minutes without a click, and 12 hours after signing in."</p>
            <ul class="list-rows">{rows}</ul>
            {others}
        </section>
    }
    .into_any()
}

fn session(session: &OwnSession) -> AnyView {
    let known = |text: &str| if text.is_empty() { "unknown".to_owned() } else { text.to_owned() };
    let end = (!session.current).then(|| {
        let label = format!("End the session of {}", instant(session.started_at));
        view! {
            <form method="post" action="/profile/sessions/end">
                {hidden("key", session.key.clone())}
                <button class="button quiet small" aria-label=label>"End"</button>
            </form>
        }
    });
    view! {
        <li>
            <div class="grow">
                <p>{format!("Signed in {}, last used {}", instant(session.started_at), instant(session.last_seen))}</p>
                <p class="meta">
                    {format!("Address {}, browser {}", known(&session.address), known(&session.agent))}
                </p>
            </div>
            {session.current.then(|| view! { <span class="badge">"this one"</span> })}
            {end}
        </li>
    }
    .into_any()
}
