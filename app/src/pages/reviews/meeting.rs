//! One item at a time, for a meeting: next, back and confirm are links and a button, and keys where a browser runs scripts.

use leptos::prelude::*;

use super::super::editor::not_done;
use super::super::frame::{Screen, Section};
use super::super::request::Request;
use super::panel::{panel, shows_errors};
use super::session::progress;
use super::{Seen, item};
use crate::islands::meeting::MeetingKeys;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, notice};

/// The item of this number, from 1.
pub(super) fn page(request: &Request, seen: Seen, number: usize) -> Screen {
    let items = seen.items();
    let (number, of) = (number.clamp(1, items.len().max(1)), items.len());
    let name = seen.review.session.opening().name.clone();
    let head = Header::new(items.get(number - 1).map_or_else(|| name.clone(), |it| it.name.clone()))
        .below(seen.place.paths.page("reviews"), "Reviews")
        .below(seen.own(), name)
        .meta(view! { <span>{format!("{number} of {of}")}</span> })
        .actions(header::action(format!("{}/sign", seen.own()), "edit", "Sign review", false));
    // The key of the browser for `k` opens the search on every page.
    let step = |to: usize, label: &'static str, picture: &'static str, (key, access): (&'static str, &'static str)| {
        (1..=of).contains(&to).then(|| {
            let href = seen.asking(&[("item", &to.to_string())]);
            view! { <a class="button" href=href data-press=key accesskey=access>{icon(picture)}{label}</a> }
        })
    };
    let next_open = items.iter().enumerate().cycle().skip(number).take(of).find(|(_, it)| !seen.is_done(it));
    let next = next_open.map(|(place, _)| place + 1).filter(|it| *it != number);
    // After the last one the meeting stays where it is.
    let after = next.unwrap_or(number);
    let done = items.iter().all(|it| seen.is_done(it));
    let all_done =
        done.then(|| notice(Tone::Ok, "Every item was looked at. What is left stands on the page of the review."));
    let content = items.get(number - 1).map(|it| {
        view! {
            <article class="card" aria-label=it.name.clone()>
                <div>{item::state(&seen, it)}</div>
                {item::difference(&seen.place, it)}
                {item::since(&seen.review.bases, &seen.place, it)}
                <p>"Facts: "{item::name(&seen.place, it)}</p>
                {item::buttons(&seen, it, Some(after))}
            </article>
        }
    });
    let (back, onwards) = (
        step(number.saturating_sub(1), "Back", "arrow-left", ("k", "b")),
        step(number + 1, "Next", "arrow-right", ("j", "j")),
    );
    let trouble = (!shows_errors(request, &seen)).then(|| not_done(request));
    let body = view! {
        {head.view()}
        {trouble}
        {progress(&seen)}
        {all_done}
        {panel(request, &seen)}
        <MeetingKeys>
            <div class="stack">
                {content}
                <nav class="button-row" aria-label="Items">
                    {back}
                    {onwards}
                </nav>
                <p class="meta" data-keys="" hidden=true>
                    "Keys: "<kbd>"j"</kbd>" next, "<kbd>"k"</kbd>" back, "<kbd>"c"</kbd>" confirms."
                </p>
            </div>
        </MeetingKeys>
    };
    let title = format!("{number} of {of}");
    let place = seen.place.clone();
    Screen::inside(&place, Section::Reviews, title, body).with_islands()
}
