//! What concerns the person who looks, and how often they are told by mail.

use domain::backend::calendar::Told;
use domain::digest::Rhythm;
use domain::notice::NoticeKind;
use domain::problem::Problem;
use leptos::prelude::*;

use super::frame::{Screen, Section};
use super::request::{Place, Request};
use crate::ui::field::{field, hidden};
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, empty_state, notice};

const LEDE: &str = "What you answer for and is late or due, what waits for your word, and where you are named.";

pub(super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let (backend, workspace) = (request.backend()?, &place.estate.workspace.id);
    let told = backend.notices(workspace).await?;
    let rhythm = backend.digest(workspace).await?;
    let unread = told.iter().filter(|it| !it.read).count();
    let all = (unread > 0).then(|| {
        view! {
            <form method="post" action=place.paths.page("notices")>
                {hidden("all", "yes".to_owned())}
                <button class="button">{icon("check")}"Mark all as read"</button>
            </form>
        }
    });
    let content = if told.is_empty() {
        let sentence = "Nothing that you answer for is late or due within two weeks, and nothing waits for you.";
        empty_state("bell", "Nothing concerns you now", sentence, ())
    } else {
        let groups: Vec<_> = NoticeKind::ALL.iter().map(|kind| group(&place, *kind, &told)).collect();
        view! { <p class="meta" role="status">{format!("{unread} of {} not read", told.len())}</p>{groups} }.into_any()
    };
    let body = view! {
        {Header::new("Notices").lede(LEDE).actions(all).view()}
        {content}
        {digest(&request, &place, rhythm)}
    };
    Ok(Screen::inside(&place, Section::Home, "Notices", body))
}

fn group(place: &Place, kind: NoticeKind, told: &[Told]) -> Option<AnyView> {
    let of: Vec<&Told> = told.iter().filter(|it| it.notice.kind == kind).collect();
    let rows: Vec<_> = of.iter().map(|it| row(place, it)).collect();
    let id = format!("notices-{kind}");
    (!rows.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby=id.clone()>
                <header class="card-header">
                    <h2 id=id.clone()>{kind.label()}</h2>
                    <span class="count">{of.len().to_string()}</span>
                </header>
                <ul class="list-rows">{rows}</ul>
            </section>
        }
        .into_any()
    })
}

/// One notice on a line, with the button that marks it as read.
fn row(place: &Place, told: &Told) -> AnyView {
    let mark = (!told.read).then(|| {
        let label = format!("Mark as read: {}", told.notice.title);
        view! {
            <span class="badge" data-tone="info">"New"</span>
            <form method="post" action=place.paths.page("notices")>
                {hidden("notice", told.notice.key.clone())}
                <button class="button small quiet" aria-label=label>{icon("check")}"Read"</button>
            </form>
        }
    });
    view! {
        <li>
            {told.notice.day.map(|day| view! { <time class="meta" datetime=day.to_string()>{day.to_string()}</time> })}
            <a class="grow" href=place.paths.notice(&told.notice)>{told.notice.title.clone()}</a>
            {mark}
        </li>
    }
    .into_any()
}

fn digest(request: &Request, place: &Place, rhythm: Rhythm) -> AnyView {
    let form = request.form(|| vec![("rhythm".to_owned(), rhythm.as_str().to_owned())]);
    let choices: Vec<(&str, &str, &str)> = Rhythm::ALL.iter().map(|it| (it.as_str(), it.label(), "")).collect();
    let silent = (!request.page.sends_mail).then(|| {
        notice(
            Tone::Info,
            "This server sends no mail, so that no digest comes until whoever runs it sets a mail server.",
        )
    });
    view! {
        <section class="card" aria-labelledby="digest">
            <h2 id="digest">"Digest by mail"</h2>
            <p>"What is late, due and waiting, in one message. It comes at 7 in the morning of the workspace's time zone, and \
                not at all where there is nothing to say."</p>
            {silent}
            {request.general_problem()}
            {form.summary(|name| (name == "rhythm").then(|| "How often".to_owned()))}
            <form class="form" method="post" action=format!("{}/digest", place.paths.page("notices"))>
                {field(&form, "rhythm", "How often").radios("", &choices)}
                <div class="button-row"><button class="button primary">"Save"</button></div>
            </form>
        </section>
    }
    .into_any()
}
