//! Proving who one is: the code of the second factor, and the password again before what needs a recent proof.
//!
//! A form that was sent before may travel through these pages: it goes on when the proof has been given.

use domain::problem::Problem;
use leptos::prelude::*;

use super::frame::Screen;
use super::request::Request;
use crate::ui::field::{Input, field, hidden};
use crate::ui::form::FormState;
use crate::ui::notice::{Tone, notice};

/// The code of the second factor, after the password.
pub(super) async fn second_factor(request: Request) -> Result<Screen, Problem> {
    let next = request.query("next").unwrap_or_default();
    let state = request.form(|| vec![("next".to_owned(), next)]);
    let body = view! {
        <p>"Enter the six digits that your authenticator app shows now, or one of your recovery codes."</p>
        {request.general_problem()}
        {state.summary(|name| (name == "code").then(|| "Code".to_owned()))}
        <form class="form" method="post" action="/second-factor">
            {hidden("next", state.value("next").to_owned())}
            {held(&state)}
            {field(&state, "code", "Code").required().input(CODE)}
            <button class="button primary">"Continue"</button>
        </form>
        <form method="post" action="/sign-out"><button class="button quiet">"Sign in as someone else"</button></form>
    };
    Ok(Screen::alone("Second factor", body))
}

/// The password again, and the code where there is a second factor; or the step back to what was asked for.
pub(super) async fn re_authenticate(request: Request) -> Result<Screen, Problem> {
    if let Some(to) = request.submitted.as_ref().filter(|it| it.problem.is_none()).and_then(resume_to) {
        return Ok(resume(&request, to));
    }
    let security = request.backend()?.security().await?;
    let next = request.query("next").unwrap_or_default();
    let state = request.form(|| vec![("next".to_owned(), next)]);
    let labels = |name: &str| match name {
        "password" => Some("Password".to_owned()),
        "code" => Some("Code".to_owned()),
        _ => None,
    };
    let problem = if request.problem() == Some(&Problem::Reauthenticate) { None } else { request.general_problem() };
    let password = Input { kind: "password", most: 1024, complete: "current-password", ..Input::default() };
    let code = matches!(security.second_factor, domain::backend::own_account::SecondFactor::InForce(_)).then(|| {
        field(&state, "code", "Code").hint("Of your authenticator app, or a recovery code.").required().input(CODE)
    });
    let body = view! {
        <p>
            {format!("Signed in as {}. What you asked for needs a proof that is at most five minutes old.", security.account.mail)}
        </p>
        {problem}
        {state.summary(labels)}
        <form class="form" method="post" action="/re-authenticate">
            {hidden("next", state.value("next").to_owned())}
            {held(&state)}
            <input type="hidden" name="username" autocomplete="username" value=security.account.mail.clone()/>
            {field(&state, "password", "Password").required().input(password)}
            {code}
            <button class="button primary">"Confirm"</button>
        </form>
    };
    Ok(Screen::alone("Confirm that it is you", body))
}

/// The control of a code: digits for most, but a recovery code has letters.
pub(super) const CODE: Input = Input { kind: "text", most: 40, complete: "one-time-code", class: "mono" };

/// Carries a form that was sent before on to the next page.
pub(super) fn held(state: &FormState) -> Option<AnyView> {
    let to = state.value("held_to");
    (!to.is_empty()).then(|| {
        view! { {hidden("held_to", to.to_owned())}{hidden("held", state.value("held").to_owned())} }.into_any()
    })
}

/// Says that the form is kept.
pub(super) fn held_notice() -> Option<AnyView> {
    Some(notice(
        Tone::Info,
        "Your session had ended before this was sent. Nothing is lost: sign in, and what you entered is sent on.",
    ))
}

fn resume_to(submitted: &crate::context::Submitted) -> Option<String> {
    submitted.form.iter().find(|(name, _)| name == "resume_to").map(|(_, to)| to.clone())
}

/// One more press of a button sends what was entered before.
fn resume(request: &Request, to: String) -> Screen {
    let pairs = request.submitted.iter().flat_map(|submitted| submitted.form.clone());
    let fields: Vec<_> = pairs
        .filter_map(|(name, value)| Some((name.strip_prefix("field:")?.to_owned(), value)))
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect();
    let body = view! {
        <p>"It is you. What you entered before has not been saved yet."</p>
        <form class="form" method="post" action=to>
            {fields}
            <button class="button primary" autofocus=true>"Go on with what you entered"</button>
        </form>
        <p><a href="/">"Leave it"</a></p>
    };
    Screen::alone("Go on", body)
}
