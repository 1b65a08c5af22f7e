//! Recovery codes: shown once, when they are made.

use domain::backend::own_account::SecondFactor;
use domain::problem::Problem;
use leptos::prelude::*;

use crate::pages::frame::Screen;
use crate::pages::request::Request;
use crate::ui::header::{Header, action};
use crate::ui::icon::icon;
use crate::ui::link::encoded;
use crate::ui::notice::{Tone, notice};

pub(in crate::pages) async fn page(request: Request) -> Result<Screen, Problem> {
    let security = request.backend()?.security().await?;
    let made: Vec<String> = request
        .submitted
        .iter()
        .flat_map(|submitted| &submitted.form)
        .filter(|(name, _)| name == "recovery_code")
        .map(|(_, code)| code.clone())
        .collect();
    let content = if made.is_empty() { remaining(&request, &security) } else { shown(made) };
    let header = Header::new("Recovery codes").lede("Each signs you in once when your authenticator app is gone.");
    let body = view! { {header.view()}{content} };
    Ok(Screen::of_account(security.account, "Recovery codes", body))
}

/// The codes as a text file that is in the page itself: no address gives them out again, and no script is needed.
fn file(codes: &[String]) -> String {
    let text = format!(
        "Plumbline recovery codes\nEach signs you in once when your authenticator app is gone.\n\n{}\n",
        codes.join("\n")
    );
    format!("data:text/plain;charset=utf-8,{}", encoded(&text))
}

fn shown(codes: Vec<String>) -> AnyView {
    let file = file(&codes);
    let items: Vec<_> = codes.into_iter().map(|code| view! { <li><code class="mono">{code}</code></li> }).collect();
    view! {
        {notice(Tone::Ok, "Your second factor is on. Keep these codes where you keep your passwords.")}
        <section class="card stack" aria-label="Recovery codes">
            <p>"They are shown only now. Save, print or copy them before you leave this page."</p>
            <ul class="recovery-codes">{items}</ul>
            <div class="button-row">
                <a class="button" href=file download="plumbline-recovery-codes.txt">
                    {icon("download")}"Save them as a text file"
                </a>
                {action("/".to_owned(), "arrow-right", "I have kept them: go on", true)}
            </div>
        </section>
    }
    .into_any()
}

fn remaining(request: &Request, security: &domain::backend::own_account::Security) -> AnyView {
    let SecondFactor::InForce(_) = security.second_factor else {
        return view! {
            <section class="card stack">
                <p>"Recovery codes come with an authenticator app, and you have none yet."</p>
                <div class="button-row">
                    {action("/profile/second-factor".to_owned(), "shield", "Set up an authenticator app", true)}
                </div>
            </section>
        }
        .into_any();
    };
    view! {
        <section class="card stack">
            {request.general_problem()}
            <p>{format!("{} of 10 codes are left. New ones replace all of them.", security.recovery_codes)}</p>
            <form method="post" action="/profile/recovery-codes">
                <button class="button primary">"Make new recovery codes"</button>
            </form>
        </section>
    }
    .into_any()
}
