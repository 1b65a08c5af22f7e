//! The address under which calendar programs read one's dates.

use domain::backend::calendar::FeedEntry;
use domain::problem::Problem;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use crate::context::ShownOnce;
use crate::ui::header::Header;
use crate::ui::icon::icon;

const LEDE: &str = "Calendar programs read your dates under an address of your own.";

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    // Context is at hand only until the first await.
    let made = use_context::<ShownOnce>();
    let place = request.place().await?;
    let held = request.backend()?.feed(&place.estate.workspace.id).await?;
    let body = view! {
        {Header::new("Subscribe to the calendar")
            .below(place.paths.page("calendar"), "Calendar")
            .lede(LEDE)
            .view()}
        {request.general_problem()}
        {made.map(|made| shown_once(&made))}
        {state(&place, held.as_ref())}
        {how()}
    };
    Ok(Screen::inside(&place, Section::Calendar, "Subscribe to the calendar", body))
}

fn shown_once(made: &ShownOnce) -> AnyView {
    view! {
        <section class="card" role="status" aria-labelledby="made">
            <h2 id="made">"The address was made"</h2>
            <p>"Copy it now and keep it like a password. It is shown this once, and we keep only its hash."</p>
            <p><code class="mono secret">{made.0.clone()}</code></p>
        </section>
    }
    .into_any()
}

fn state(place: &Place, held: Option<&FeedEntry>) -> AnyView {
    let page = place.paths.page("calendar/feed");
    let (words, button) = match held {
        None => ("You have no address for this workspace.".to_owned(), "Make the address"),
        Some(feed) => {
            let used = feed.last_used_at.map_or_else(|| "never read yet".to_owned(), |at| format!("last read {at}"));
            let words = format!("Your address begins with {} and was made {}, {used}.", feed.key, feed.made_at.day());
            (words, "Make another address")
        }
    };
    let replaces = held.is_some().then(|| view! { <p class="meta">"Another address takes the place of this one."</p> });
    let end = held.map(|_| {
        view! {
            <form method="post" action=format!("{page}/end")>
                <button class="button danger">{icon("delete")}"End the address"</button>
            </form>
        }
    });
    view! {
        <section class="card" aria-labelledby="address">
            <h2 id="address">"Your address"</h2>
            <p>{words}</p>
            {replaces}
            <div class="button-row">
                <form method="post" action=page>
                    <button class="button primary">{icon("link")}{button}</button>
                </form>
                {end}
            </div>
        </section>
    }
    .into_any()
}

fn how() -> AnyView {
    view! {
        <section class="card" aria-labelledby="how">
            <h2 id="how">"What it gives"</h2>
            <p>
                "What you or your teams answer for, and what nobody answers for; with "<code>"?of=all"</code>
                " behind the address, everything. Whoever has the address reads these dates and titles without signing in, \
                and nothing else."
            </p>
            <p>"It ends when you end it here, and when you are no member of the workspace any more."</p>
        </section>
    }
    .into_any()
}
