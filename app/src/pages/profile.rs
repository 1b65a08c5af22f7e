//! One's own name and address.

use domain::problem::Problem;
use leptos::prelude::*;

use super::frame::Screen;
use super::request::Request;
use crate::ui::field::{Input, field};
use crate::ui::header::Header;
use crate::ui::notice::{Tone, notice};

pub(super) async fn page(request: Request) -> Result<Screen, Problem> {
    let account = request.backend()?.account().await?;
    let form = request.form(|| vec![("name".to_owned(), account.name.clone())]);
    let saved = (request.query("done").as_deref() == Some("saved")).then(|| notice(Tone::Ok, "Your name was saved."));
    let mail = account.mail.clone();
    let body = view! {
        {Header::new("Profile").lede("How other members see you.").view()}
        {saved}
        <p><a href="/profile/security">"Password, second factor and sessions"</a></p>
        {request.general_problem()}
        <section class="card" aria-labelledby="you">
            <h2 id="you">"You"</h2>
            {form.summary(|name| (name == "name").then(|| "Name".to_owned()))}
            <form class="form" method="post" action="/profile">
                {field(&form, "name", "Name")
                    .required()
                    .input(Input { most: 120, complete: "name", ..Input::default() })}
                <p>"You sign in with "<strong>{mail}</strong>"."</p>
                <div class="button-row"><button class="button primary">"Save"</button></div>
            </form>
        </section>
    };
    Ok(Screen::of_account(account, "Profile", body))
}
