//! The form of a risk, new or existing. Several findings become one risk by their keys in the query.

use domain::inventory::title;
use domain::model::draft::{NAME_MAX, options};
use domain::problem::Problem;
use domain::risk::action::ActionState;
use domain::risk::draft::find::find;
use domain::risk::draft::{CONTROL_MAX, SENTENCE_MAX, risk_to_form};
use domain::risk::record::{Effectiveness, Link, Stand};
use domain::risk::scheme::factors;
use domain::risk::{RiskKey, Scheme, Step};
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::{buttons, conflict, empty_rows, folded, one_of};
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::from_findings::{prefilled, said};
use super::{categories, pairs, stages, treatments};
use crate::ui::field::{Input, field, hidden};
use crate::ui::form::FormState;
use crate::ui::header::Header;
use crate::ui::icon::icon;

/// A new risk, from nothing or from findings.
pub(in super::super) async fn new(request: Request) -> Result<Screen, Problem> {
    let place = editable(&request).await?;
    let register = request.backend()?.risk_setting(&place.estate.workspace.id).await?.register;
    let (stored, suggestion) = prefilled(&request, &place, register.scheme).await?;
    let form = request.form(|| stored);
    let body = view! {
        {Header::new("Add a risk").below(place.paths.page("risks"), "Risks").view()}
        {request.general_problem()}
        {form.summary(label)}
        <form class="form" method="post" action=place.paths.page("risks/new")>
            {beginning(0, register.scheme)}
            {suggestion.as_ref().map(|it| said(it, register.scheme))}
            {fields(&form, &request, &place, register.scheme)}
            {buttons("Add", place.paths.page("risks"))}
        </form>
    };
    Ok(Screen::inside(&place, Section::Risks, "Add a risk", body))
}

/// An existing one.
pub(in super::super) async fn edit(request: Request) -> Result<Screen, Problem> {
    let place = editable(&request).await?;
    let key: RiskKey = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let history = request.backend()?.risk(&place.estate.workspace.id, key).await?;
    let stored = risk_to_form(&history.risk);
    let form = request.form(|| stored.clone());
    let own = place.paths.risk(key);
    let title = format!("Edit {key}");
    let head = Header::new(title.clone())
        .below(place.paths.page("risks"), "Risks")
        .below(own.clone(), history.risk.title.clone())
        .view();
    let body = view! {
        {head}
        {conflict(&request, &stored)}
        {request.general_problem()}
        {form.summary(label)}
        <form class="form" method="post" action=format!("{own}/edit")>
            {beginning(history.revision, history.register.scheme)}
            {fields(&form, &request, &place, history.register.scheme)}
            {buttons("Save", own.clone())}
        </form>
    };
    Ok(Screen::inside(&place, Section::Risks, title, body))
}

async fn editable(request: &Request) -> Result<Place, Problem> {
    let place = request.place().await?;
    if place.may(Capability::EditModel) { Ok(place) } else { Err(Problem::Forbidden) }
}

/// The revision of the risk and the scheme at which it was seen, and the button that Enter presses.
fn beginning(revision: i64, scheme: Scheme) -> AnyView {
    view! {
        {hidden("rev", revision.to_string())}
        {hidden("scheme", scheme.as_str().to_owned())}
        <button class="visually-hidden" name="action" value="save" tabindex="-1" aria-hidden="true">"Save"</button>
    }
    .into_any()
}

fn fields(form: &FormState, request: &Request, place: &Place, scheme: Scheme) -> AnyView {
    let line = |most: usize| Input { most: limit(most), ..Input::default() };
    let people = options::people(&place.estate.model);
    let ratings: Vec<_> = Stand::ALL.iter().map(|stand| rating(form, scheme, *stand)).collect();
    view! {
        {field(form, "title", "Title").required().input(line(NAME_MAX))}
        {field(form, "cause", "Because").optional().area_of(limit(SENTENCE_MAX))}
        {field(form, "event", "What may happen").area_of(limit(SENTENCE_MAX))}
        {field(form, "consequence", "What would follow").optional().area_of(limit(SENTENCE_MAX))}
        <div class="field-row">
            {field(form, "category", "Category").select(Some("Choose one"), &categories())}
            {field(form, "stage", "Stage")
                .hint("A draft may be incomplete.")
                .select(None, &stages())}
            {one_of(field(form, "owner", "Owner"), "Nobody", &people)}
            {one_of(field(form, "deputy", "Deputy"), "Nobody", &people)}
        </div>
        {links(form, place, "What it is about")}
        {ratings}
        {field(form, "order_reason", "Why a rating lies above the one before it")
            .optional()
            .area_of(limit(SENTENCE_MAX))}
        {controls(form, request)}
        <div class="field-row">
            {field(form, "treatment", "Treatment").select(Some("Not decided"), &treatments())}
            {field(form, "next_review", "Next review")
                .optional()
                .input(Input { kind: "date", class: "short", ..Input::default() })}
        </div>
        {actions(form, request, &people)}
        {folded("Closing, and where it comes from", form.any("closing_evidence") || form.has_errors_in("closing"), view! {
            {field(form, "closing_evidence", "What shows that it is over")
                .hint("References or sentences, divided by semicolons. Closing needs some.")
                .optional()
                .input(line(SENTENCE_MAX))}
            {field(form, "reference", "What it is called elsewhere").optional().input(line(NAME_MAX))}
        })}
    }
    .into_any()
}

/// Likelihood and impact of one of the three ratings; in the scheme that has them also the factors, folded.
fn rating(form: &FormState, scheme: Scheme, stand: Stand) -> AnyView {
    let likelihoods = step_options(scheme, Scheme::likelihood_meaning);
    let impacts = step_options(scheme, Scheme::impact_meaning);
    let by_factors = (scheme == Scheme::Owasp).then(|| {
        let score = |side: &str, name: &str, label: &str| {
            let input = Input { class: "short number", most: 1, ..Input::default() };
            field(form, format!("{stand}_{side}_{name}"), label).input(input)
        };
        let likelihood: Vec<_> =
            factors::LIKELIHOOD.iter().map(|(name, label)| score("likelihood", name, label)).collect();
        let impact: Vec<_> = factors::IMPACT.iter().map(|(name, label)| score("impact", name, label)).collect();
        let open = form.any(&format!("{stand}_likelihood_")) || form.any(&format!("{stand}_impact_"));
        folded("By its factors, 0 to 9 each", open, view! { <div class="field-row">{likelihood}{impact}</div> })
    });
    view! {
        <fieldset class="form-part">
            <legend>{stand.label()}" rating"</legend>
            <div class="field-row">
                {field(form, format!("{stand}_likelihood"), "Likelihood").select(Some("Not rated"), &likelihoods)}
                {field(form, format!("{stand}_impact"), "Impact").select(Some("Not rated"), &impacts)}
            </div>
            {by_factors}
        </fieldset>
    }
    .into_any()
}

/// The steps of a scale as a list to choose from, each with what it means.
pub(super) fn step_options(scheme: Scheme, meaning: impl Fn(Scheme, Step) -> &'static str) -> Vec<(String, String)> {
    let option = |step: Step| {
        let label = format!("{} {}", step.number(), scheme.step_label(step));
        let means = meaning(scheme, step);
        let label = if means.is_empty() { label } else { format!("{label}: {means}") };
        (step.number().to_string(), label)
    };
    Step::scale(scheme.steps()).map(option).collect()
}

/// The most that is proposed while typing; of more, somebody presses the button.
const PROPOSED: usize = 300;

/// What it is about: what is linked, what was found by the text that was typed, and the field to find more with.
pub(in super::super) fn links(form: &FormState, place: &Place, label: &'static str) -> AnyView {
    let model = &place.estate.model;
    let found = find(model, form.value("find"));
    let mut all: Vec<(String, String)> = Vec::new();
    for text in form.values("link").map(str::trim).filter(|text| !text.is_empty()) {
        if !all.iter().any(|(known, _)| known == text) {
            all.push((text.to_owned(), words_of(place, text)));
        }
    }
    let linked = all.len();
    for (link, name) in &found.offered {
        let text = link.text();
        if !all.iter().any(|(known, _)| *known == text) {
            all.push((text.clone(), format!("{name} ({text})")));
        }
    }
    let hint = match (linked, all.len() - linked) {
        (0, 0) => "Nothing yet.".to_owned(),
        (_, 0) => "Untick what it is not about.".to_owned(),
        (_, offered) => format!("Tick what it is about. {} found.", crate::ui::table::count(offered, "more thing")),
    };
    let more = (found.more > 0).then(|| {
        let words = format!("{} match as well. Type more of the name.", found.more);
        view! { <p class="meta">{words}</p> }
    });
    let ticked = form.values("link").map(str::to_owned).collect();
    let systems = options::systems(model).into_iter().map(|(key, name)| (format!("system:{key}"), name));
    let vendors = options::vendors(model).into_iter().map(|(key, name)| (format!("vendor:{key}"), name));
    let few = model.systems.len() + model.vendors.len() <= PROPOSED;
    let proposed: Vec<(String, String)> = if few { systems.chain(vendors).collect() } else { Vec::new() };
    let finder = field(form, "find", "Find what it is about")
        .hint("A name or a key of anything on the map, or a payment element. One that is named exactly is linked as you save.")
        .optional();
    // What was found stands above to be ticked; as long as the text stood here, saving would look for it again.
    let finder = if form.value("action") == "find" { finder.showing(String::new()) } else { finder };
    let finder = finder.with_proposals(&proposed);
    view! {
        <fieldset class="form-part">
            <legend>"Links"</legend>
            {field(form, "link", label).hint(hint).choices(&all, ticked)}
            {more}
            <div class="field-row">
                {finder}
                <button class="button" name="action" value="find" formnovalidate=true>{icon("search")}"Find"</button>
            </div>
        </fieldset>
    }
    .into_any()
}

/// What people call what a risk is linked to.
fn words_of(place: &Place, text: &str) -> String {
    let model = &place.estate.model;
    match Link::parse(text) {
        Some(Link::Finding(identity)) => format!("Finding {}", identity.rule),
        Some(Link::Element(element)) => format!("Element {element}"),
        Some(Link::Object(object)) => {
            model.get(&object).map_or_else(|| text.to_owned(), |it| format!("{} ({text})", title(&it, model)))
        }
        None => text.to_owned(),
    }
}

fn controls(form: &FormState, request: &Request) -> AnyView {
    let mut works = pairs(Effectiveness::ALL, |it| (it.as_str(), it.label()));
    // What nobody said stands first, so that nobody says by accident that a control works.
    works.rotate_right(1);
    let rows: Vec<_> = numbers(form, request, "control")
        .into_iter()
        .map(|number| {
            let name = |part: &str| format!("control.{number}.{part}");
            let line = Input { most: limit(CONTROL_MAX), ..Input::default() };
            view! {
                <div class="field-row" role="group" aria-label=format!("Control {}", number + 1)>
                    {field(form, name("what"), "Control").input(line)}
                    {field(form, name("effectiveness"), "Works").select(None, &works)}
                    {field(form, name("evidence"), "Evidence").optional().input(line)}
                </div>
            }
        })
        .collect();
    part("In place against it", rows.into_any(), "Add another control")
}

fn actions(form: &FormState, request: &Request, people: &[(String, String)]) -> AnyView {
    let states = pairs(ActionState::ALL, |it| (it.as_str(), it.label()));
    let rows: Vec<_> = numbers(form, request, "action")
        .into_iter()
        .map(|number| {
            let name = |part: &str| format!("action.{number}.{part}");
            let line = |most: usize| Input { most: limit(most), ..Input::default() };
            let day = Input { kind: "date", class: "short", ..Input::default() };
            let own = form.value(&name("number")).to_owned();
            let kept = (!own.is_empty()).then(|| view! { <input type="hidden" name=name("number") value=own.clone()/> });
            view! {
                <div class="card" role="group" aria-label=format!("Action {}", number + 1)>
                    {kept}
                    {field(form, name("what"), "What")
                        .hint("Empty takes the action away.")
                        .input(line(SENTENCE_MAX))}
                    <div class="field-row">
                        {one_of(field(form, name("who"), "Who"), "Nobody", people)}
                        {field(form, name("due"), "Due").optional().input(day)}
                        {field(form, name("state"), "State").select(None, &states)}
                        {field(form, name("effort"), "Person-days").optional().input(line(12))}
                        {field(form, name("money"), "Money").hint("For example EUR 1200.50.").optional().input(line(24))}
                        {field(form, name("after"), "Comes after").hint("Numbers of actions.").optional().input(line(60))}
                        {field(form, name("ticket"), "Ticket").hint("A link or a name.").optional().input(line(500))}
                        {field(form, name("option"), "Change of the map")
                            .hint("As What to do next names it, for its effect on scope.")
                            .optional()
                            .input(line(500))}
                    </div>
                </div>
            }
        })
        .collect();
    part("What is done about it", rows.into_any(), "Add another action")
}

/// The rows that a list shows: those that are there, and an empty one; one more where that was asked for.
fn numbers(form: &FormState, request: &Request, group: &str) -> Vec<u32> {
    let mut numbers: Vec<u32> = form.rows(group).into_iter().collect();
    let next = numbers.last().map_or(0, |number| number.saturating_add(1));
    numbers.extend((0..empty_rows(request, 1)).map(|number| next.saturating_add(number)));
    numbers
}

fn part(heading: &'static str, rows: AnyView, more: &'static str) -> AnyView {
    view! {
        <fieldset class="form-part">
            <legend>{heading}</legend>
            <div class="stack">{rows}</div>
            <div class="button-row">
                <button class="button" name="action" value="more" formnovalidate=true>{icon("plus")}{more}</button>
            </div>
        </fieldset>
    }
    .into_any()
}

fn limit(characters: usize) -> u32 {
    u32::try_from(characters).unwrap_or(u32::MAX)
}

pub(super) fn label(name: &str) -> Option<String> {
    if let Some((group, rest)) = name.split_once('.') {
        let (number, part) = rest.split_once('.')?;
        let number = number.parse::<u32>().ok()?.saturating_add(1);
        return Some(format!("{} {number}, {}", if group == "action" { "Action" } else { "Control" }, part));
    }
    let label = match name {
        "title" => "Title",
        "cause" => "Because",
        "event" => "What may happen",
        "consequence" => "What would follow",
        "category" => "Category",
        "stage" => "Stage",
        "owner" => "Owner",
        "deputy" => "Deputy",
        "link" => "What it is about",
        "find" => "Find what it is about",
        "order_reason" => "Why a rating lies above the one before it",
        "treatment" => "Treatment",
        "next_review" => "Next review",
        "closing_evidence" => "What shows that it is over",
        "reference" => "What it is called elsewhere",
        "justification" => "Why it can be lived with",
        "conditions" => "On which conditions",
        "expires" => "Until",
        other => {
            let (stand, rest) = other.split_once('_')?;
            let stand: Stand = stand.parse().ok()?;
            return Some(format!("{} {}", stand.label(), rest.replace('_', " ")));
        }
    };
    Some(label.to_owned())
}
