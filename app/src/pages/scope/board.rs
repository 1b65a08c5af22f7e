//! Every stage of every payment channel: which flows belong to it, or why there are none.

use std::collections::BTreeSet;

use domain::backend::confirmations::KeptEntity;
use domain::problem::Problem;
use domain::review::board::{Cell, PaymentChannel, PaymentStage, board};
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::not_done;
use super::super::frame::{Screen, Section};
use super::super::inventory::nav;
use super::super::request::{Place, Request};
use super::super::risks::person;
use crate::ui::field::{field, hidden};
use crate::ui::form::FormState;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, empty_state, notice};
use crate::ui::table::{cell, count};

/// The longest reason, in characters.
const REASON_MAX: u32 = 1_000;

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let kept = request.backend()?.entity(&place.estate.workspace.id).await?;
    let cells = board(&place.estate.model, &kept.entity.channels, &kept.entity.explanations);
    let content = if cells.is_empty() {
        let sentence =
            "Choose the channels in the profile of the entity, or say on a flow to which channel it belongs.";
        let action = header::action(place.paths.page("settings/entity"), "settings", "Profile of the entity", true);
        empty_state("flow", "No payment channel yet", sentence, action)
    } else {
        view! { {open(&cells)}{table(&place, &cells)}{why(&request, &place, &kept, &cells)} }.into_any()
    };
    let head = Header::new("Stages and channels")
        .lede("Every stage of every way in which you are paid has its flows, or a reason why not.")
        .actions(view! {
            {header::action(place.paths.page("scope"), "explain", "What the scope rests on", false)}
            {header::action(place.paths.page("settings/entity"), "settings", "Profile of the entity", false)}
        });
    let body = view! {
        {head.view()}
        {nav::view(&place, "board")}
        {content}
    };
    Ok(Screen::inside(&place, Section::Inventory, "Stages and channels", body))
}

/// How many cells have neither.
fn open(cells: &[Cell]) -> AnyView {
    match cells.iter().filter(|it| it.is_open()).count() {
        0 => notice(Tone::Ok, "Every stage has its flows, or a reason why not."),
        number => notice(Tone::Warn, format!("{} without a flow and without a reason.", count(number, "stage"))),
    }
}

fn table(place: &Place, cells: &[Cell]) -> AnyView {
    let channels: BTreeSet<PaymentChannel> = cells.iter().map(|it| it.channel).collect();
    let heads: Vec<_> = channels.iter().map(|it| view! { <th scope="col">{it.label()}</th> }).collect();
    let rows: Vec<_> = PaymentStage::ALL
        .iter()
        .map(|stage| {
            let of_stage = cells.iter().filter(|it| it.stage == *stage);
            let cells: Vec<_> = of_stage.map(|it| cell(it.channel.label(), content(place, it))).collect();
            view! { <tr><th scope="row">{stage.label()}</th>{cells}</tr> }
        })
        .collect();
    view! {
        <div class="table-wrap" role="region" aria-labelledby="board" tabindex="0">
            <table class="table">
                <caption id="board">"Flows by stage and payment channel"</caption>
                <thead><tr><th scope="col">"Stage"</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn content(place: &Place, it: &Cell) -> AnyView {
    let about = format!(" of {}, {}", it.stage.label().to_lowercase(), it.channel.label());
    let said = it.explanation.as_ref().map(|why| {
        let old =
            (!it.flows.is_empty()).then(|| view! { " "<span class="badge" data-tone="warn">"out of date"</span> });
        view! {
            <p class="said">{why.reason.clone()}{old}</p>
            <p class="meta">{person(place, &why.by)}", "{why.on.to_string()}</p>
        }
    });
    let flows = (!it.flows.is_empty()).then(|| {
        let filter = format!("payment_stage:{} payment_channel:{}", it.stage, it.channel);
        view! {
            <a href=place.paths.flows(&filter)>
                {count(it.flows.len(), "flow")}<span class="visually-hidden">{about.clone()}</span>
            </a>
        }
    });
    let nothing = it.is_open().then(|| view! { <span class="badge" data-tone="warn">"Open"</span> });
    let say = (place.may(Capability::EditModel) && (it.flows.is_empty() || it.explanation.is_some())).then(|| {
        let pairs = [("channel", it.channel.as_str()), ("stage", it.stage.as_str())];
        let words = if it.explanation.is_some() { "Change the reason" } else { "Say why there is none" };
        let href = format!("{}#why", place.paths.query("board", &pairs));
        view! { <a class="button small quiet" href=href>{words}<span class="visually-hidden">{about.clone()}</span></a> }
    });
    view! { <div class="stack tight">{nothing}{flows}{said}{say}</div> }.into_any()
}

/// The form of the cell that the address names, for whoever may say why it is empty.
fn why(request: &Request, place: &Place, kept: &KeptEntity, cells: &[Cell]) -> Option<AnyView> {
    let channel: PaymentChannel = request.query("channel")?.parse().ok()?;
    let stage: PaymentStage = request.query("stage")?.parse().ok()?;
    let it = cells.iter().find(|it| (it.channel, it.stage) == (channel, stage))?;
    if !place.may(Capability::EditModel) {
        return None;
    }
    let sent = request.submitted.is_some();
    let said = it.explanation.as_ref().map(|why| why.reason.clone()).unwrap_or_default();
    let stored = || vec![("reason".to_owned(), said)];
    let form = if sent { request.form(Vec::new) } else { FormState::new(stored()) };
    let heading = format!("Why has {} of {} no flow?", stage.label().to_lowercase(), channel.label());
    let problem = if form.has_errors() {
        form.summary(|name| (name == "reason").then(|| "Reason".to_owned()))
    } else {
        not_done(request).into_any()
    };
    Some(
        view! {
            <section class="section" id="why" aria-labelledby="why-heading">
                <h2 id="why-heading">{heading}</h2>
                {problem}
                <form class="form card" method="post" action=place.paths.page("board")>
                    {hidden("rev", kept.revision.to_string())}
                    {hidden("channel", channel.as_str().to_owned())}
                    {hidden("stage", stage.as_str().to_owned())}
                    {field(&form, "reason", "Reason")
                        .hint("For example that the provider settles without us. Empty takes back what was said.")
                        .area_of(REASON_MAX)}
                    <div class="button-row">
                        <button class="button primary">{icon("check")}"Save the reason"</button>
                        <a class="button" href=place.paths.page("board")>"Cancel"</a>
                    </div>
                </form>
            </section>
        }
        .into_any(),
    )
}
