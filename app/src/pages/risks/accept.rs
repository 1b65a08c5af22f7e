//! The form that asks for an acceptance: of findings, which become a risk with it, or of a risk of the register.

use domain::problem::Problem;
use domain::risk::acceptance::months_later;
use domain::risk::draft::SENTENCE_MAX;
use domain::risk::record::Stand;
use domain::risk::{Level, Register, RiskKey, Scheme};
use domain::role::Capability;
use domain::time::Day;
use leptos::prelude::*;

use super::super::editor::{buttons, not_done, one_of};
use super::super::frame::{Screen, Section};
use super::super::request::Request;
use super::edit::{label, step_options};
use super::from_findings::{prefilled, said};
use super::{categories, level_chip};
use crate::ui::field::{Input, field, hidden};
use crate::ui::form::FormState;
use crate::ui::header::Header;
use crate::ui::notice::{Tone, notice};
use domain::model::draft::{NAME_MAX, options};

const LEDE: &str = "Somebody else approves it, on the facts of now. It lapses when they get worse, and never says that a \
    requirement is met.";

/// Accepts findings: they become a risk of the register, and its acceptance is asked for in the same step.
pub(in super::super) async fn findings(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    if !place.may(Capability::EditModel) || !place.may(Capability::AcceptRisks) {
        return Err(Problem::Forbidden);
    }
    let register = request.backend()?.risk_setting(&place.estate.workspace.id).await?.register;
    let (mut stored, suggestion) = prefilled(&request, &place, register.scheme).await?;
    let suggested = suggestion.as_ref().and_then(|it| it.on(register.scheme)).map(|it| it.level(register.scheme));
    stored.push(("expires".to_owned(), latest(&register, suggested, place.estate.today).to_string()));
    let value = |name: &str| stored.iter().any(|(known, value)| known == name && !value.is_empty());
    if !value("category") {
        stored.retain(|(name, _)| name != "category");
        stored.push(("category".to_owned(), "confidentiality".to_owned()));
    }
    let form = request.form(|| stored);
    let links: Vec<_> = form.values("link").map(|link| hidden("link", link.to_owned())).collect();
    let line = |most: usize| Input { most: u32::try_from(most).unwrap_or(u32::MAX), ..Input::default() };
    let nothing =
        links.is_empty().then(|| notice(Tone::Info, "No finding is selected. Choose some in the list first."));
    let body = view! {
        {Header::new("Accept as risk").below(place.paths.page("risks"), "Risks").lede(LEDE).view()}
        {not_done(&request)}
        {form.summary(label)}
        {nothing}
        <form class="form" method="post" action=place.paths.page("risks/accept")>
            {links}
            {hidden("stage", "open".to_owned())}
            {hidden("treatment", "retain".to_owned())}
            {hidden("scheme", register.scheme.as_str().to_owned())}
            {field(&form, "title", "Title").required().input(line(NAME_MAX))}
            {field(&form, "event", "What may happen").required().area_of(u32::try_from(SENTENCE_MAX).unwrap_or(u32::MAX))}
            <div class="field-row">
                {field(&form, "category", "Category").required().select(None, &categories())}
                {one_of(field(&form, "owner", "Owner").required(), "Nobody", &options::people(&place.estate.model))}
            </div>
            {rating(&form, register.scheme)}
            {suggestion.as_ref().map(|it| said(it, register.scheme))}
            {asked(&form, &register)}
            {buttons("Request", place.paths.page("findings"))}
        </form>
    };
    Ok(Screen::inside(&place, Section::Risks, "Accept as risk", body))
}

/// Asks for the acceptance of a risk of the register.
pub(in super::super) async fn known(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    if !place.may(Capability::AcceptRisks) {
        return Err(Problem::Forbidden);
    }
    let key: RiskKey = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let history = request.backend()?.risk(&place.estate.workspace.id, key).await?;
    let (risk, register) = (&history.risk, &history.register);
    let level = risk.level(register.scheme);
    let own = place.paths.risk(key);
    let until = latest(register, level, place.estate.today).to_string();
    let form = request.form(|| vec![("expires".to_owned(), until)]);
    let unrated =
        level.is_none().then(|| notice(Tone::Warn, "Nobody has rated this risk yet. Rate it first, then ask."));
    let head = Header::new("Ask to accept it")
        .below(place.paths.page("risks"), "Risks")
        .below(own.clone(), risk.title.clone())
        .lede(LEDE)
        .meta(level.map(|level| level_chip(register.scheme, level)));
    let body = view! {
        {head.view()}
        {not_done(&request)}
        {form.summary(label)}
        {unrated}
        <form class="form" method="post" action=format!("{own}/accept")>
            {asked(&form, register)}
            {buttons("Request", own.clone())}
        </form>
    };
    Ok(Screen::inside(&place, Section::Risks, "Ask to accept it", body))
}

/// The last day on which a risk of the level may be accepted; of what nobody rated, the shortest time.
fn latest(register: &Register, level: Option<Level>, today: Day) -> Day {
    let months = register.authority.terms(level.unwrap_or(Level::VeryHigh)).months;
    months_later(today, u32::from(months))
}

fn rating(form: &FormState, scheme: Scheme) -> AnyView {
    let likelihoods = step_options(scheme, Scheme::likelihood_meaning);
    let impacts = step_options(scheme, Scheme::impact_meaning);
    let name = |side: &str| format!("{}_{side}", Stand::Inherent);
    view! {
        <fieldset class="form-part">
            <legend>"How bad it is"</legend>
            <div class="field-row">
                {field(form, name("likelihood"), "Likelihood").required().select(Some("Not rated"), &likelihoods)}
                {field(form, name("impact"), "Impact").required().select(Some("Not rated"), &impacts)}
            </div>
        </fieldset>
    }
    .into_any()
}

/// Why, on which conditions, and for how long.
fn asked(form: &FormState, register: &Register) -> AnyView {
    let most = u32::try_from(SENTENCE_MAX).unwrap_or(u32::MAX);
    let terms: Vec<String> = Level::ALL
        .iter()
        .rev()
        .map(|level| {
            let terms = register.authority.terms(*level);
            let label = register.scheme.level_label(*level).to_lowercase();
            let people = if terms.approvers == 1 { "one approver" } else { "two approvers" };
            format!("{label} {} months and {people}", terms.months)
        })
        .collect();
    let hint = format!("The last day. At most, by level: {}.", terms.join("; "));
    let day = Input { kind: "date", class: "short", ..Input::default() };
    view! {
        {field(form, "justification", "Why it can be lived with").required().area_of(most)}
        {field(form, "conditions", "On which conditions").optional().area_of(most)}
        {field(form, "expires", "Until").hint(hint).required().input(day)}
    }
    .into_any()
}
