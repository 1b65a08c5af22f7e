//! Setting up an authenticator app.

use domain::backend::own_account::{Offer, SecondFactor};
use domain::problem::Problem;
use leptos::prelude::*;

use crate::pages::frame::Screen;
use crate::pages::proof::CODE;
use crate::pages::request::Request;
use crate::ui::field::field;
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::qr::qr;

pub(in crate::pages) async fn page(request: Request) -> Result<Screen, Problem> {
    let backend = request.backend()?;
    let security = backend.security().await?;
    let lede = match security.second_factor {
        SecondFactor::InForce(_) => "Another app replaces the one that is set up, and all recovery codes.",
        SecondFactor::Due(_) => "Your role needs a second factor: a code that changes every 30 seconds.",
        SecondFactor::Optional => "A second factor is a code that changes every 30 seconds.",
    };
    let step = match backend.second_factor_offer().await? {
        Some(offer) => confirm(&request, &offer),
        None => begin(&request),
    };
    let body = view! { {Header::new("Set up an authenticator app").lede(lede).view()}{step} };
    Ok(Screen::of_account(security.account, "Set up an authenticator app", body))
}

fn begin(request: &Request) -> AnyView {
    let state = request.form(Vec::new);
    view! {
        <section class="card stack">
            {request.general_problem()}
            {state.summary(|_| None)}
            <p>
                "You need an app for one-time codes on your phone or in your password manager. Every app that speaks \
                 TOTP works. You will scan a code, then type the six digits that the app shows."
            </p>
            <form method="post" action="/profile/second-factor/offer">
                <button class="button primary">{icon("shield")}"Show the code to scan"</button>
            </form>
        </section>
    }
    .into_any()
}

fn confirm(request: &Request, offer: &Offer) -> AnyView {
    let state = request.form(Vec::new);
    let groups: Vec<&str> =
        (0..offer.secret.len()).step_by(4).map(|at| &offer.secret[at..(at + 4).min(offer.secret.len())]).collect();
    view! {
        <section class="card stack">
            {request.general_problem()}
            {state.summary(|name| (name == "code").then(|| "Code".to_owned()))}
            <ol class="stack">
                <li>
                    <p>"Scan this with your app, or type the key into it."</p>
                    {qr(&offer.address, "QR code with the key for your authenticator app")}
                    <p>"Key: "<code class="mono" id="totp-key">{groups.join(" ")}</code></p>
                </li>
                <li>
                    <p>"Enter the six digits that the app shows now."</p>
                    <form class="form" method="post" action="/profile/second-factor">
                        {field(&state, "code", "Code").required().input(CODE)}
                        <div class="button-row"><button class="button primary">"Turn on the second factor"</button></div>
                    </form>
                </li>
            </ol>
            <form method="post" action="/profile/second-factor/offer">
                <button class="button quiet">"Show another code to scan"</button>
            </form>
        </section>
    }
    .into_any()
}
