//! Home: what the person has to do, what is in scope, what is left to do, what happened last. What comes first is what
//! their role is there for.

mod lately;
mod yours;

use domain::model::Model;
use domain::moment::Moment;
use domain::problem::Problem;
use domain::role::{Capability, Role};
use domain::scope::next_change::next_change;
use domain::scope::verdict::{Category, SaqHint};
use leptos::prelude::*;

use super::findings::list::most_urgent;
use super::frame::{Screen, Section};
use super::history::{action, object};
use super::request::{Place, Request};
use super::risks::waiting;
use super::work::{self, Work};
use crate::ui::header::{self, Header};
use crate::ui::notice::empty_state;
use crate::ui::scope::Shown;

/// How many lines of the audit trail Home shows.
const NEWS: u32 = 8;

/// How many findings Home shows.
const FIRST: usize = 5;

pub(super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    if !place.works() {
        return super::evidence::overview(request).await;
    }
    if place.estate.model.systems.is_empty() {
        return Ok(Screen::inside(&place, Section::Home, "Home", nothing_yet(&place)));
    }
    let news = if place.may(Capability::ReadAudit) {
        request.backend()?.audit_trail(&place.estate.workspace.id, NEWS).await?
    } else {
        Vec::new()
    };
    let lines: Vec<_> = news
        .iter()
        .map(|line| {
            let at = line.at.to_string();
            view! {
                <li>
                    <time class="meta" datetime=at.clone()>{at.clone()}</time>
                    <span class="grow">{action(&line.action)}" "{object(&place, line)}</span>
                    <span class="meta">{line.actor.clone()}</span>
                </li>
            }
        })
        .collect();
    let news = (!lines.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="news">
                <header class="card-header">
                    <h2 id="news">"What is new"</h2>
                    <a href=place.paths.page("history")>"History"</a>
                </header>
                <ul class="list-rows">{lines}</ul>
            </section>
        }
    });
    let findings = request.backend()?.findings(&place.estate).await?;
    let decided = request.backend()?.decided_findings(&place.estate).await?;
    let decisions = request.backend()?.risk_decisions(&place.estate.workspace.id).await?;
    let urgent = most_urgent(&place, &findings, &decided, FIRST);
    let live = Live::of(&request, &place).await?;
    let scope = scope_now(&place);
    let decisions = waiting::section(&place, &decisions.risks, &decisions.tasks);
    let Live { yours, systems, incidents, coming, moves } = live;
    // Whoever decides or works sees first what waits for them; whoever looks sees first what is.
    let (wide, cards) = match place.estate.workspace.role {
        Role::Owner | Role::Admin | Role::Editor => {
            (vec![yours, incidents, Some(scope), urgent], vec![decisions, moves, Some(to_do(&place)), coming])
        }
        Role::Reviewer => {
            (vec![yours, systems, Some(scope), urgent], vec![decisions, incidents, moves, Some(to_do(&place)), coming])
        }
        // Who audits lands on what was signed.
        Role::Viewer | Role::Auditor => (vec![yours, Some(scope), coming], vec![decisions, incidents, moves, urgent]),
    };
    let body = view! {
        {Header::new("Home").actions(header::action(place.paths.page("map"), "map", "Open the map", true)).view()}
        {wide}
        <div class="cards">
            {cards}
            {place.estate.workspace.sample.then(|| what_to_look_at(&place))}
            {news}
        </div>
    };
    Ok(Screen::inside(&place, Section::Home, "Home", body))
}

/// What is as of now only, and so on no page of the past.
#[derive(Default)]
struct Live {
    yours: Option<AnyView>,
    systems: Option<AnyView>,
    incidents: Option<AnyView>,
    coming: Option<AnyView>,
    moves: Option<AnyView>,
}

impl Live {
    async fn of(request: &Request, place: &Place) -> Result<Self, Problem> {
        if place.estate.moment != Moment::Now {
            return Ok(Self::default());
        }
        let (backend, workspace) = (request.backend()?, &place.estate.workspace.id);
        let notices = backend.notices(workspace).await?;
        let book = backend.incidents(workspace).await?;
        let agenda = backend.agenda(workspace).await?;
        let moves = backend.scope_moves_since(workspace, agenda.now.plus_seconds(-lately::DAYS * 86_400)).await?;
        Ok(Self {
            yours: yours::notices(place, &notices),
            systems: agenda.me.as_ref().and_then(|me| yours::systems(place, me)),
            incidents: lately::incidents(place, &book),
            coming: lately::coming(place, &agenda),
            moves: lately::moves(place, &moves),
        })
    }
}

fn nothing_yet(place: &Place) -> AnyView {
    let actions = place.may(Capability::EditModel).then(|| {
        view! {
            {header::action(place.paths.page("systems/new"), "plus", "Add a system", true)}
            {header::action(place.paths.page("import"), "upload", "Import a file", false)}
        }
    });
    let sentence =
        "Begin with the system that first sees the card number. The map and the scope follow from what you add.";
    view! { {Header::new("Home").view()}{empty_state("map", "Nothing here yet", sentence, actions)} }.into_any()
}

/// The number of systems per category; each tile opens the list.
fn scope_now(place: &Place) -> AnyView {
    let (model, scope) = (&place.estate.model, &place.estate.scope);
    let mut tiles: Vec<(Shown, usize, String)> = Category::ALL
        .iter()
        .map(|category| {
            let count = model
                .systems
                .values()
                .filter(|it| Shown::of(it, scope.systems.get(&it.id)).category == category.as_str())
                .count();
            (Shown::category(*category, None), count, format!("scope:{}", category.as_str()))
        })
        .collect();
    let open = model.open_ends().count();
    let open_end = Shown { category: "undeclared", code: "?", words: "Open ends", sub: None };
    tiles.push((open_end, open, "is:undeclared".to_owned()));
    // A category of our own systems is worth its zero; the others only where there are any.
    let tiles: Vec<_> = tiles
        .into_iter()
        .enumerate()
        .filter(|(place, (_, count, _))| *place < 4 || *count > 0)
        .map(|(_, (shown, count, filter))| {
            view! {
                <li>
                    <a class="stat" data-category=shown.category href=place.paths.systems(&filter)>
                        <span class="stat-label">{shown.words}</span>
                        <span class="stat-value">{count.to_string()}</span>
                    </a>
                </li>
            }
        })
        .collect();
    view! {
        <section class="section" aria-labelledby="scope-now">
            <header class="section-header"><h2 id="scope-now">"Scope now"</h2>{questionnaire(scope.saq_hint)}</header>
            <ul class="stats">{tiles}</ul>
            {next_change(model).map(|change| view! { <p class="meta">{change.to_string()}</p> })}
        </section>
    }
    .into_any()
}

fn questionnaire(hint: SaqHint) -> Option<AnyView> {
    (hint != SaqHint::None).then(|| {
        view! { <p class="meta">{format!("Plausible questionnaire: {} (a hint, not a verdict)", hint.label())}</p> }
            .into_any()
    })
}

fn to_do(place: &Place) -> AnyView {
    let work = work::of(&place.estate.model);
    let list = if work.is_empty() {
        view! {
            <p>
                "Nothing. Every system is declared and owned, every flow says what it carries and how it is protected."
            </p>
        }
        .into_any()
    } else {
        let rows: Vec<_> = work.iter().map(|it| row(place, it)).collect();
        view! { <ul class="list-rows">{rows}</ul> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="to-do">
            <header class="card-header">
                <h2 id="to-do">"Work to do"</h2>
                <a href=place.paths.page("guide")>"Start guide"</a>
            </header>
            {list}
        </section>
    }
    .into_any()
}

fn row(place: &Place, work: &Work) -> AnyView {
    let href = if work.systems { place.paths.systems(work.filter) } else { place.paths.flows(work.filter) };
    let words = if work.count == 1 { work.words.0 } else { work.words.1 };
    view! {
        <li>
            <span class="count" data-tone="warn">{work.count.to_string()}</span>
            <div class="grow"><a href=href>{words}</a><p class="meta">{work.why}</p></div>
        </li>
    }
    .into_any()
}

/// Five places at which the sample shows what the product is for, each only where the model still has it.
fn what_to_look_at(place: &Place) -> AnyView {
    let model = &place.estate.model;
    let paths = &place.paths;
    let links = [
        (paths.page("map"), "The map: where card data goes, and through which systems."),
        (
            paths.systems("scope:cde field:card_verification_code"),
            "Systems that see the card verification code, which nobody may keep.",
        ),
        (paths.flows("is:unencrypted"), "Flows that run without encryption."),
        (paths.systems("scope:connected_to"), "Systems that are in scope only because they are connected."),
        (explained(place, model), "One verdict, step by step: why this system is in scope."),
    ];
    let links: Vec<_> =
        links.into_iter().map(|(href, words)| view! { <li><a class="grow" href=href>{words}</a></li> }).collect();
    view! {
        <section class="card" aria-labelledby="look-at">
            <header class="card-header"><h2 id="look-at">"What to look at"</h2></header>
            <ol class="list-rows">{links}</ol>
        </section>
    }
    .into_any()
}

/// The system with the longest proof: the most to learn from.
fn explained(place: &Place, model: &Model) -> String {
    let proof =
        |id: &domain::id::SystemId| place.estate.scope.systems.get(id).map_or(0, |verdict| verdict.witness.len());
    let longest = model.systems.keys().max_by_key(|id| (proof(id), std::cmp::Reverse((*id).clone())));
    longest.map_or_else(|| place.paths.page("systems"), |id| place.paths.system(id))
}
