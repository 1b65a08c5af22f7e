//! Who is assessed: name, places, channels, brands, acquirers, level, transactions, assessor, period.

use domain::backend::confirmations::KeptEntity;
use domain::problem::Problem;
use domain::review::board::PaymentChannel;
use domain::review::entity::{Brand, EntityProfile, EntityType, ITEM_MAX, ITEMS_MAX, Validation, entity_to_form};
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::not_done;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::risks::pairs;
use crate::ui::field::{Input, field, hidden};
use crate::ui::form::{FormState, id_of};
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, notice};

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let kept = request.backend()?.entity(&place.estate.workspace.id).await?;
    let sets = place.may(Capability::ManageWorkspace);
    let content = if sets { form(&request, &place, &kept) } else { told(&kept.entity) };
    let head = Header::new("Profile of the entity")
        .lede("Who is assessed, how customers pay, and for which period. Reviews and evidence begin with it.")
        .meta(saved(&kept))
        .actions(header::action(place.paths.page("board"), "flow", "Stages and channels", false));
    let head = if sets { head.below(place.paths.page("settings"), "Settings") } else { head };
    let body = view! {
        {head.view()}
        {missing(&kept.entity)}
        {differs(&place, &kept.entity)}
        {content}
    };
    Ok(Screen::inside(&place, Section::Settings, "Profile of the entity", body))
}

fn saved(kept: &KeptEntity) -> AnyView {
    let Some(at) = kept.saved_at else { return view! { <span>"Not entered yet"</span> }.into_any() };
    let at = at.to_string();
    let by = kept.saved_by.clone().map(|name| format!(" by {name}"));
    view! { <span>"Saved last "<time datetime=at.clone()>{at.clone()}</time>{by}</span> }.into_any()
}

/// What nobody has said yet.
fn missing(it: &EntityProfile) -> Option<AnyView> {
    let gaps: Vec<_> = it.gaps().into_iter().map(|gap| view! { <li>{gap}</li> }).collect();
    (!gaps.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="missing">
                <h2 id="missing">"Still missing"</h2>
                <ul>{gaps}</ul>
            </section>
        }
        .into_any()
    })
}

/// Where the profile and what the rules are told say two things of whether others' card data is handled.
fn differs(place: &Place, it: &EntityProfile) -> Option<AnyView> {
    let says = matches!(it.entity_type?, EntityType::ServiceProvider | EntityType::Several);
    let rules = place.estate.model.settings.service_provider;
    let words = match (says, rules) {
        (true, false) => "The profile says that you are a service provider; the rules judge you as none.",
        (false, true) => "The rules judge you as a service provider; the profile says that you are none.",
        _ => return None,
    };
    let href = place.paths.kind("settings");
    Some(notice(Tone::Warn, view! { {words}" "<a href=href>"Settings of the engine"</a> }))
}

fn form(request: &Request, place: &Place, kept: &KeptEntity) -> AnyView {
    let form = request.form(|| entity_to_form(&kept.entity));
    let problem = if form.has_errors() { form.summary(label) } else { not_done(request).into_any() };
    let levels: Vec<(String, String)> = (1..=4).map(|it| (it.to_string(), format!("Level {it}"))).collect();
    let lines = u32::try_from(ITEMS_MAX * ITEM_MAX).unwrap_or(u32::MAX);
    let day = || Input { kind: "date", class: "short", ..Input::default() };
    view! {
        {problem}
        <form class="form" method="post" action=place.paths.page("settings/entity")>
            {hidden("rev", kept.revision.to_string())}
            <fieldset class="form-part">
                <legend>"Who"</legend>
                {field(&form, "legal_name", "Registered name").input(Input { most: 200, ..Input::default() })}
                <div class="field-row">
                    {field(&form, "entity_type", "What it is")
                        .select(Some("Nobody has said"), &pairs(EntityType::ALL, |it| (it.as_str(), it.label())))}
                    {field(&form, "validation", "How it validates")
                        .select(Some("Nobody has said"), &pairs(Validation::ALL, |it| (it.as_str(), it.label())))}
                    {field(&form, "level", "Level")
                        .hint("As the acquirers or brands say.")
                        .select(Some("Nobody has said"), &levels)}
                </div>
                {field(&form, "locations", "Locations").hint("Offices, shops, data centres: one on each line.").area_of(lines)}
            </fieldset>
            <fieldset class="form-part">
                <legend>"How customers pay"</legend>
                {field(&form, "channel", "Payment channels")
                    .choices(&pairs(PaymentChannel::ALL, |it| (it.as_str(), it.label())), Vec::new())}
                {brands(&form)}
                {field(&form, "acquirers", "Acquirers").hint("One on each line.").area_of(lines)}
            </fieldset>
            <fieldset class="form-part">
                <legend>"The assessment"</legend>
                {field(&form, "assessor", "Assessor")
                    .hint("A person and their company, or your own team.")
                    .optional()
                    .input(Input { most: 200, ..Input::default() })}
                <div class="field-row">
                    {field(&form, "from", "First day of the period").input(day())}
                    {field(&form, "until", "Last day of the period").input(day())}
                </div>
            </fieldset>
            <div class="button-row"><button class="button primary">{icon("check")}"Save"</button></div>
        </form>
    }
    .into_any()
}

/// A box for each brand, with the transactions beside it.
fn brands(form: &FormState) -> AnyView {
    let rows: Vec<_> = Brand::ALL
        .iter()
        .enumerate()
        .map(|(number, brand)| {
            let ticked = form.values("brand").any(|it| it == brand.as_str());
            let id = (number == 0).then(|| id_of("brand"));
            let label = format!("{}: transactions in a year", brand.label());
            view! {
                <div class="field-row" role="group" aria-label=brand.label()>
                    <label class="choice">
                        <input type="checkbox" id=id name="brand" value=brand.as_str() checked=ticked/>
                        <span>{brand.label()}</span>
                    </label>
                    {field(form, format!("transactions.{brand}"), label)
                        .optional()
                        .input(Input { class: "number", most: 15, ..Input::default() })}
                </div>
            }
        })
        .collect();
    let error = form.error("brand").map(|code| view! { <p class="error">{code.advice()}</p> });
    view! {
        <fieldset class="field">
            <legend>"Card brands"</legend>
            <p class="hint">"Those that you take. How many transactions there are decides level and suggested cadence."</p>
            {error}
            <input type="hidden" name="brand" value=""/>
            <div class="stack tight">{rows}</div>
        </fieldset>
    }
    .into_any()
}

fn label(name: &str) -> Option<String> {
    let label = match name {
        "legal_name" => "Registered name",
        "entity_type" => "What it is",
        "validation" => "How it validates",
        "level" => "Level",
        "locations" => "Locations",
        "acquirers" => "Acquirers",
        "channel" => "Payment channels",
        "brand" => "Card brands",
        "assessor" => "Assessor",
        "from" => "First day of the period",
        "until" => "Last day of the period",
        other => {
            let brand: Brand = other.strip_prefix("transactions.")?.parse().ok()?;
            return Some(format!("{}: transactions in a year", brand.label()));
        }
    };
    Some(label.to_owned())
}

/// The profile for whoever only reads it.
fn told(it: &EntityProfile) -> AnyView {
    let none = || "Nobody has said".to_owned();
    let list = |all: &[String]| if all.is_empty() { none() } else { all.join("; ") };
    let text = |text: &str| if text.is_empty() { none() } else { text.to_owned() };
    let channels: Vec<String> = it.channels.iter().map(|it| it.label().to_owned()).collect();
    let brands: Vec<String> = it
        .brands
        .iter()
        .map(|(brand, count)| {
            let count = count.map_or_else(|| "transactions unknown".to_owned(), |it| format!("{it} transactions"));
            format!("{} ({count})", brand.label())
        })
        .collect();
    let period = match (it.from, it.until) {
        (Some(from), Some(until)) => format!("{from} to {until}"),
        _ => none(),
    };
    let rows: Vec<_> = [
        ("Registered name", text(&it.legal_name)),
        ("What it is", it.entity_type.map_or_else(none, |it| it.label().to_owned())),
        ("How it validates", it.validation.map_or_else(none, |it| it.label().to_owned())),
        ("Level", it.level.map_or_else(none, |it| it.to_string())),
        ("Locations", list(&it.locations)),
        ("Payment channels", list(&channels)),
        ("Card brands", list(&brands)),
        ("Transactions in a year", it.transactions().map_or_else(none, |it| it.to_string())),
        ("Acquirers", list(&it.acquirers)),
        ("Assessor", text(&it.assessor)),
        ("Period", period),
    ]
    .into_iter()
    .map(|(label, value)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> })
    .collect();
    view! { <dl class="key-value card">{rows}</dl> }.into_any()
}
