//! API tokens: what programs may do in place of a member, each with its end.

use domain::problem::Problem;
use domain::role::Capability;
use domain::token::{TOKEN_DAYS, TokenEntry, TokenScope};
use leptos::prelude::*;

use super::frame::{Screen, Section};
use super::request::{Place, Request};
use crate::context::ShownOnce;
use crate::ui::field::{Input, field};
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::link::encoded;
use crate::ui::notice::empty_state;
use crate::ui::table::{cell, small};

/// For how many days a token can be made: the value and its words.
const DAYS: [(&str, &str); 4] = [("7", "7 days"), ("30", "30 days"), ("90", "90 days"), ("365", "365 days")];

pub(super) async fn page(request: Request) -> Result<Screen, Problem> {
    // Context is at hand only until the first await.
    let made = use_context::<ShownOnce>();
    let place = request.place().await?;
    if !place.may(Capability::MakeTokens) {
        return Err(Problem::Forbidden);
    }
    let entries = request.backend()?.api_tokens(&place.estate.workspace.id).await?;
    let lede = "A token lets a program read or change this model through the API, in place of whoever made it.";
    let body = view! {
        {Header::new("API tokens").lede(lede).view()}
        {made.map(|made| shown_once(&made))}
        {list(&place, &entries)}
        {form(&request, &place)}
        {how(&place)}
    };
    Ok(Screen::inside(&place, Section::Tokens, "API tokens", body))
}

fn shown_once(made: &ShownOnce) -> AnyView {
    view! {
        <section class="card" role="status" aria-labelledby="made">
            <h2 id="made">"The token was made"</h2>
            <p>"Copy it now and keep it like a password. It is shown this once, and we keep only its hash."</p>
            <p><code class="mono secret">{made.0.clone()}</code></p>
        </section>
    }
    .into_any()
}

fn list(place: &Place, entries: &[TokenEntry]) -> AnyView {
    if entries.is_empty() {
        return empty_state("key", "No tokens yet", "Make one for each program, so that each can be ended alone.", ());
    }
    let rows = entries.iter().map(|entry| row(place, entry)).collect();
    let caption = if entries.len() == 1 { "1 token".to_owned() } else { format!("{} tokens", entries.len()) };
    small("tokens", caption, &["For", "Begins with", "May", "Member", "Used (UTC)", "Ends (UTC)", "End"], rows)
}

fn row(place: &Place, entry: &TokenEntry) -> AnyView {
    let day = |at: domain::time::Timestamp| at.day().to_string();
    let end = if entry.ended {
        view! { <span class="muted">"Ended"</span> }.into_any()
    } else {
        let action = format!("{}/{}/revoke", place.paths.page("tokens"), encoded(entry.id.as_str()));
        let label = format!("End the token {}", entry.name);
        view! {
            <form method="post" action=action>
                <button class="button small danger" aria-label=label>{icon("delete")}"End"</button>
            </form>
        }
        .into_any()
    };
    view! {
        <tr>
            <th scope="row">{entry.name.clone()}</th>
            {cell("Begins with", view! { <code>{format!("plb_{}_", entry.id)}</code> })}
            {cell("May", match entry.scope { TokenScope::Read => "read", TokenScope::Write => "read and change" })}
            {cell("Member", entry.member.clone())}
            {cell("Used (UTC)", entry.last_used_at.map_or_else(|| "never".to_owned(), |at| at.to_string()))}
            {cell("Ends (UTC)", day(entry.expires_at))}
            {cell("End", end)}
        </tr>
    }
    .into_any()
}

fn form(request: &Request, place: &Place) -> AnyView {
    let state =
        request.form(|| vec![("scope".to_owned(), "read".to_owned()), ("days".to_owned(), TOKEN_DAYS.to_string())]);
    let labels = |name: &str| match name {
        "name" => Some("What it is for".to_owned()),
        "scope" => Some("It may".to_owned()),
        "days" => Some("It holds for".to_owned()),
        _ => None,
    };
    let may_write = place.may(Capability::EditModel);
    let scopes: Vec<(&str, &str, &str)> = TokenScope::ALL
        .iter()
        .filter(|scope| may_write || **scope == TokenScope::Read)
        .map(|scope| (scope.as_str(), scope.label(), ""))
        .collect();
    let days: Vec<(String, String)> =
        DAYS.iter().map(|(value, label)| ((*value).to_owned(), (*label).to_owned())).collect();
    view! {
        <section class="card" aria-labelledby="new-token">
            <h2 id="new-token">"New token"</h2>
            {request.general_problem()}
            {state.summary(labels)}
            <form class="form" method="post" action=place.paths.page("tokens")>
                {field(&state, "name", "What it is for")
                    .hint("For example: scope check in the build pipeline")
                    .required()
                    .input(Input { most: 80, ..Input::default() })}
                {field(&state, "scope", "It may").radios("", &scopes)}
                {field(&state, "days", "It holds for").select(None, &days)}
                <div class="button-row"><button class="button primary">{icon("plus")}"Make the token"</button></div>
            </form>
        </section>
    }
    .into_any()
}

fn how(place: &Place) -> AnyView {
    let id = place.estate.workspace.id.as_str();
    let example =
        format!("curl -H \"Authorization: Bearer $TOKEN\" \\\n  $PLUMBLINE/api/v1/workspaces/{}/scope", encoded(id));
    view! {
        <section class="card" aria-labelledby="how">
            <h2 id="how">"How a program uses it"</h2>
            <pre tabindex="0"><code>{example}</code></pre>
            <p>"Every address, its parameters and answers stand in the OpenAPI document at "
                <code>"/api/v1/openapi.json"</code>", which "<code>"plumbline openapi"</code>" prints as well."</p>
        </section>
    }
    .into_any()
}
