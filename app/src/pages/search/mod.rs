//! Search over everything, commands, and a flow in one line: what is typed with a `>` between two names is read as a flow,
//! shown, and saved on a press of a button; with a `>` before it, only commands are looked for.

mod commands;
mod palette;

pub(super) use palette::palette;

use domain::backend::comments::Topic;
use domain::inventory::{object_of, title};
use domain::model::card_number::looks_like_card_number;
use domain::model::catalogue;
use domain::problem::{FieldCode, Problem};
use domain::quick::{QuickError, QuickFlow, parse};
use domain::role::Capability;
use domain::search::{Hits, search};
use leptos::prelude::*;

use super::editor::not_done;
use super::findings::severity;
use super::frame::{Screen, Section};
use super::request::{Place, Request};
use super::systems::system_name;
use crate::ui::field::hidden;
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::link::with_query;
use crate::ui::notice::{Tone, empty_state, notice};

/// How many commands are listed, and how many findings and comments.
const MOST_COMMANDS: usize = 12;
/// See [`MOST_COMMANDS`].
const MOST_OTHERS: usize = 10;

pub(super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    // A card number is not repeated, whatever it was typed for.
    let typed = request.query("q").unwrap_or_default();
    let is_card = looks_like_card_number(&typed);
    let text = if is_card { String::new() } else { typed };
    let only_commands = text.trim_start().starts_with('>');
    let quick = text.contains('>') && !only_commands;
    let content = match text.trim() {
        "" => view! { {help()}{done(&place, "")} }.into_any(),
        text if only_commands => done(&place, text).unwrap_or_else(|| nothing(&place)),
        _ if quick => flow(&place, &text),
        _ => found(&request, &place, &text).await?,
    };
    let heading = if quick { "New flow in one line" } else { "Search" };
    let body = view! {
        {Header::new(heading).view()}
        {not_done(&request)}
        {is_card.then(|| notice(Tone::Warn, FieldCode::CardNumber.advice()))}
        <form class="filter-bar" method="get" action=place.paths.page("search") role="search" aria-label="Results">
            <div class="field grow">
                <label for="everything">"Name, key, or a flow such as checkout > psp : pan, cvv @https mtls"</label>
                <input class="input" id="everything" type="search" name="q" value=text.clone() autocomplete="off"/>
            </div>
            <button class="button">{icon("search")}"Search"</button>
        </form>
        <div class="stack" id="results">{content}</div>
    };
    Ok(Screen::inside(&place, Section::Home, heading, body).without_palette())
}

fn help() -> AnyView {
    view! {
        <dl class="key-value">
            <div><dt>"Find"</dt><dd>"A part of a name or of a key finds systems, flows and every other record."</dd></div>
            <div>
                <dt>"Add a flow"</dt>
                <dd>
                    <code>"checkout > psp : pan, cvv @https mtls"</code>
                    " Left and right of > the systems, after : what it carries, after @ how."
                </dd>
            </div>
            <div>
                <dt>"Forms"</dt>
                <dd>"An element is clear unless a form stands behind it: "<code>"pan tokenised"</code>", "<code>"LAST4"</code>"."</dd>
            </div>
        </dl>
    }
    .into_any()
}

/// The commands that match, as links; `None` where there is none.
fn done(place: &Place, text: &str) -> Option<AnyView> {
    let all = commands::matching(place, text);
    let links: Vec<_> = all
        .iter()
        .take(MOST_COMMANDS)
        .map(|it| {
            let code = (!it.code.is_empty()).then(|| view! { <kbd class="key">{it.code}</kbd> });
            view! { <li><a class="grow" href=it.href.clone()>{it.label.clone()}</a>{code}</li> }
        })
        .collect();
    (!links.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="hits-commands">
                <header class="card-header"><h2 id="hits-commands">"Commands"</h2></header>
                <ul class="list-rows">{links}</ul>
            </section>
        }
        .into_any()
    })
}

fn nothing(place: &Place) -> AnyView {
    let all = view! { <a class="button" href=place.paths.page("inventory")>"Look through the inventory"</a> };
    empty_state("search", "Nothing is called like this", "Try a shorter part of the name.", all)
}

/// Everything that holds the text: objects by key and name, commands, what the rules find, what people say.
async fn found(request: &Request, place: &Place, text: &str) -> Result<AnyView, Problem> {
    let hits = search(&place.estate.model, text);
    let commands = done(place, text);
    let findings = findings(request, place, text).await?;
    let said = said(request, place, text).await?;
    let others = usize::from(commands.is_some()) + usize::from(findings.is_some()) + usize::from(said.is_some());
    if hits.is_empty() && others == 0 {
        return Ok(nothing(place));
    }
    let total: usize = hits.iter().map(|it| it.total).sum();
    let told = match total {
        0 => "Nothing is called like this, but it stands in what follows".to_owned(),
        1 => "1 match".to_owned(),
        more => format!("{more} matches"),
    };
    // Who types the whole name of something means it; who types a part of a word may mean a command.
    let exact = hits.first().is_some_and(|it| {
        it.best.first().is_some_and(|(object, title)| {
            object.key().eq_ignore_ascii_case(text.trim()) || title.eq_ignore_ascii_case(text.trim())
        })
    });
    let groups: Vec<_> = hits.iter().map(|it| group(place, it)).collect();
    let objects = view! { <p class="meta" role="status">{told}</p>{groups} }.into_any();
    let (first, second) =
        if exact { (objects, commands) } else { (commands.unwrap_or_else(|| ().into_any()), Some(objects)) };
    Ok(view! { {first}{second}{findings}{said} }.into_any())
}

/// What the rules find with the text in their sentence.
async fn findings(request: &Request, place: &Place, text: &str) -> Result<Option<AnyView>, Problem> {
    let wanted = text.trim().to_lowercase();
    let all = request.backend()?.findings(&place.estate).await?;
    let matching: Vec<_> = all.findings.iter().filter(|it| it.sentence.to_lowercase().contains(&wanted)).collect();
    let rows: Vec<_> = matching
        .iter()
        .take(MOST_OTHERS)
        .map(|it| {
            let href = place.paths.finding(&it.identity());
            view! { <li>{severity(it.severity)}<a class="grow" href=href>{it.sentence.clone()}</a></li> }
        })
        .collect();
    let heading = format!("Findings ({})", matching.len());
    Ok((!rows.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="hits-findings">
                <header class="card-header"><h2 id="hits-findings">{heading}</h2></header>
                <ul class="list-rows">{rows}</ul>
            </section>
        }
        .into_any()
    }))
}

/// What people say with the text in it, the newest first.
async fn said(request: &Request, place: &Place, text: &str) -> Result<Option<AnyView>, Problem> {
    if place.estate.moment.snapshot().is_some() || !place.estate.workspace.role.may(Capability::Comment) {
        return Ok(None);
    }
    let wanted = text.trim().to_lowercase();
    let model = &place.estate.model;
    let all = request.backend()?.comments(&place.estate.workspace.id).await?;
    let matching: Vec<_> = all.iter().rev().filter(|it| it.text.to_lowercase().contains(&wanted)).collect();
    let rows: Vec<_> = matching
        .iter()
        .filter_map(|it| {
            let (page, about) = match it.topic {
                Topic::Risk => (place.paths.risk_at(&it.key), it.key.clone()),
                Topic::Object(kind) => {
                    let object = object_of(kind, &it.key, model)?;
                    (format!("{}/comments", place.paths.object(&object.reference())?), title(&object, model))
                }
            };
            Some((it, page, about))
        })
        .take(MOST_OTHERS)
        .map(|(it, href, about)| {
            let short: String = it.text.chars().take(160).collect();
            view! {
                <li><a href=href>{about}</a><span class="grow">{short}</span><span class="meta">{it.author.clone()}</span></li>
            }
        })
        .collect();
    let heading = format!("Comments ({})", matching.len());
    Ok((!rows.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="hits-comments">
                <header class="card-header"><h2 id="hits-comments">{heading}</h2></header>
                <ul class="list-rows">{rows}</ul>
            </section>
        }
        .into_any()
    }))
}

fn group(place: &Place, hits: &Hits) -> AnyView {
    let id = format!("hits-{}", hits.kind);
    let links: Vec<_> = hits
        .best
        .iter()
        .map(|(object, title)| {
            let href = place.paths.object(object).unwrap_or_default();
            view! { <li><a class="grow" href=href>{title.clone()}</a><span class="key">{object.key()}</span></li> }
        })
        .collect();
    let left = hits.total - hits.best.len();
    let left = (left > 0).then(|| view! { <p class="meta">{format!("and {left} more; type more of the name")}</p> });
    view! {
        <section class="card" aria-labelledby=id.clone()>
            <header class="card-header"><h2 id=id.clone()>{format!("{} ({})", hits.kind.label(), hits.total)}</h2></header>
            <ul class="list-rows">{links}</ul>
            {left}
        </section>
    }
    .into_any()
}

/// The line as it was understood, with the button that saves it, or everything that was not understood.
fn flow(place: &Place, line: &str) -> AnyView {
    let model = &place.estate.model;
    let quick = match parse(line, model) {
        Ok(quick) => quick,
        Err(errors) => {
            let said: Vec<_> = errors.iter().map(|error| view! { <li>{error.to_string()}</li> }).collect();
            let unknown = errors.iter().any(|error| matches!(error, QuickError::UnknownSystem(..)));
            let add = (unknown && place.may(Capability::EditModel)).then(|| {
                view! { <p><a href=place.paths.page("systems/new")>"Add a system"</a></p> }
            });
            return view! { {notice(Tone::Warn, "This line is not understood yet.")}<ul class="plain-list">{said}</ul>{add} }
                .into_any();
        }
    };
    let save = place.may(Capability::EditModel).then(|| {
        let form: Vec<(String, String)> = quick.form();
        let pairs: Vec<(&str, &str)> =
            form.iter().take(2).map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let by_form = with_query(&place.paths.page("flows/new"), &pairs);
        view! {
            <form class="button-row" method="post" action=place.paths.page("search")>
                {hidden("line", line.to_owned())}
                <button class="button primary">{icon("plus")}"Save this flow"</button>
                <a class="button" href=by_form>"Use the form instead"</a>
            </form>
        }
    });
    view! {
        <section class="card" aria-labelledby="understood">
            <h2 id="understood">"Understood as"</h2>
            <dl class="key-value">{understood(place, &quick)}</dl>
            {save}
        </section>
    }
    .into_any()
}

fn understood(place: &Place, quick: &QuickFlow) -> AnyView {
    let model = &place.estate.model;
    let end =
        |id: &domain::id::SystemId| view! { <a href=place.paths.system(id)>{system_name(model, id)}</a> }.into_any();
    let carried: Vec<String> = quick
        .fields
        .iter()
        .map(|carried| {
            let name = catalogue::element(&carried.element).map_or(carried.element.as_str(), |it| it.name.as_str());
            format!("{name} ({})", carried.form.label().to_lowercase())
        })
        .collect();
    let carried = if carried.is_empty() { "not stated".to_owned() } else { carried.join(", ") };
    let or_open = |words: Option<&'static str>| words.unwrap_or("not stated");
    view! {
        <div><dt>"From"</dt><dd>{end(&quick.from)}</dd></div>
        <div><dt>"To"</dt><dd>{end(&quick.to)}</dd></div>
        <div><dt>"Carries"</dt><dd>{carried}</dd></div>
        <div><dt>"Protocol"</dt><dd>{or_open(quick.protocol.map(|it| it.label()))}</dd></div>
        <div><dt>"Encryption"</dt><dd>{or_open(quick.encryption.map(|it| it.label()))}</dd></div>
        <div><dt>"Authentication"</dt><dd>{or_open(quick.auth.map(|it| it.label()))}</dd></div>
    }
    .into_any()
}
