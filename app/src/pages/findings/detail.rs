//! One finding: what is wrong, on which facts, which requirements speak to it, and what would end it.

use domain::backend::assessment::{Effect, Remedy};
use domain::findings::finding::{FactValue, ShownFact};
use domain::findings::fix::Step;
use domain::findings::life::{Record, Source};
use domain::findings::{Finding, Kind, Rule, registry};
use domain::model::fact::{attribute, choice_label};
use domain::model::object::ObjectKind;
use domain::model::object::ObjectRef;
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::answer::set_status;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::{acting, answering, badge, name, named, severity, story, triage};
use crate::ui::field::hidden;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::impact;
use crate::ui::notice::{Tone, empty_state, notice};
use crate::ui::sentence::sentence;
use crate::ui::table::{cell, count, small};

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let backend = request.backend()?;
    let findings = backend.findings(&place.estate).await?;
    let records = backend.records(&place.estate).await?;
    let asked = request.path("key");
    let record = records.values().find(|it| it.identity.to_string() == asked);
    let kept = match record {
        Some(record) => {
            let history = backend.finding_history(&place.estate.workspace.id, &record.identity).await?;
            Some((acting::section(&request, &place, record), story::section(&place, record, &history)))
        }
        None => None,
    };
    let Some(finding) = findings.all().find(|it| it.identity().to_string() == asked) else {
        return match (record, kept) {
            (Some(record), Some(kept)) => Ok(on_record(&request, &place, record, kept)),
            _ => gone(&place, &asked),
        };
    };
    let remedies = backend.remedies(&place.estate, finding).await?;
    let rule = finding.rule();
    let meta = view! {
        {severity(finding.severity)}
        {record.map(badge)}
        <span>"on "{named(&place, &finding.subject)}</span>
        <a class="key" href=place.paths.rule(rule.id)>{rule.id}</a>
    };
    let (standing, history) = kept.unzip();
    let body = view! {
        {Header::new(rule.title).below(place.paths.page("findings"), "Findings").meta(meta).actions(view! { {as_risk(&place, finding, record)}{on_the_map(&place, finding)} }).view()}
        {triage::refused(&request)}
        <p class="lead">{finding.sentence.clone()}</p>
        {standing}
        {answering::section(&request, &place, &findings, finding)}
        {why(finding)}
        {facts(&place, &finding.facts)}
        {what_to_do(&place, finding, &remedies)}
        {requirements(&place, rule)}
        {history}
    };
    Ok(Screen::inside(&place, Section::Findings, rule.title, body))
}

/// What the rules do not find now: it is fixed, or a person reported it.
fn on_record(request: &Request, place: &Place, record: &Record, (standing, history): (AnyView, AnyView)) -> Screen {
    let rule = registry::rule(&record.identity.rule);
    let title = rule.map_or("A concern that a member raised", |it| it.title);
    let meta = view! {
        {severity(record.severity)}
        {badge(record)}
        <span>"on "{named(place, &record.identity.subject)}</span>
        {rule.map(|rule| view! { <a class="key" href=place.paths.rule(rule.id)>{rule.id}</a> })}
    };
    let gone = (record.source == Source::Rule).then(|| {
        notice(Tone::Ok, "The facts of the model no longer show this. Below is what they showed, and what happened.")
    });
    let body = view! {
        {Header::new(title).below(place.paths.page("findings"), "Findings").meta(meta).view()}
        {triage::refused(request)}
        {gone}
        <p class="lead">{record.sentence.clone()}</p>
        {standing}
        {facts(place, &record.facts)}
        {rule.and_then(|rule| requirements(place, rule))}
        {history}
    };
    Screen::inside(place, Section::Findings, title, body)
}

/// What was never found, or in a workspace that is not this one.
fn gone(place: &Place, asked: &str) -> Result<Screen, Problem> {
    let rule = asked.split(' ').next().and_then(registry::rule).ok_or(Problem::NotFound)?;
    set_status(Problem::NotFound.status());
    let sentence = "The facts of the model do not show this. Whoever followed a link to it may close their list.";
    let all = header::action(place.paths.page("findings"), "findings", "All findings", true);
    let body = view! {
        {Header::new(rule.title).below(place.paths.page("findings"), "Findings").view()}
        {empty_state("circle-check", "Not found", sentence, all)}
    };
    Ok(Screen::inside(place, Section::Findings, rule.title, body))
}

fn why(finding: &Finding) -> AnyView {
    let rule = finding.rule();
    let asks = rule.kind == Kind::Asks || !rule.question.is_empty();
    let also = (!finding.also.is_empty()).then(|| {
        let sentence = format!("The same cause breaks further rules: {}.", finding.also.join(", "));
        view! { <p class="meta">{sentence}</p> }
    });
    view! {
        <section class="section" aria-labelledby="matters">
            <header class="section-header"><h2 id="matters">"Why it matters"</h2></header>
            <p>{rule.sentence}</p>
            {also}
            {(!rule.severity_moves.is_empty()).then(|| view! { <p class="meta">"Severity: "{rule.severity_moves}</p> })}
            {(asks && !rule.question.is_empty())
                .then(|| view! { <p class="effect">{icon("info")}<span>"Ask: "{rule.question}</span></p> })}
            {(!rule.false_positives.is_empty())
                .then(|| view! { <p class="effect">{icon("explain")}<span>"It may be fine: "{rule.false_positives}</span></p> })}
        </section>
    }
    .into_any()
}

fn facts(place: &Place, shown: &[ShownFact]) -> Option<AnyView> {
    let rows: Vec<_> = shown.iter().map(|fact| row(place, fact)).collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="section" aria-labelledby="facts-heading">
                <header class="section-header"><h2 id="facts-heading">"The facts it rests on"</h2></header>
                {small("facts", count(shown.len(), "fact"), &["Of", "Fact", "Value"], rows)}
            </section>
        }
        .into_any()
    })
}

fn row(place: &Place, fact: &ShownFact) -> AnyView {
    let value = match &fact.value {
        FactValue::Object(object) => named(place, object),
        other => other.to_string().into_any(),
    };
    view! {
        <tr>
            {cell("Of", named(place, &fact.of))}
            {cell("Fact", title_of(fact.of.kind(), &fact.name))}
            {cell("Value", value)}
        </tr>
    }
    .into_any()
}

fn requirements(place: &Place, rule: &Rule) -> Option<AnyView> {
    let rows: Vec<_> = rule.maps_to.iter().map(|it| super::rule::requirement(place, *it)).collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="section" aria-labelledby="requirements">
                <header class="section-header"><h2 id="requirements">"Requirements that speak to it"</h2></header>
                <ul class="list-rows">{rows}</ul>
            </section>
        }
        .into_any()
    })
}

/// From the finding to the register: with the acceptance of the risk, or without. Only of what the rules find to be wrong,
/// not of questions.
fn as_risk(place: &Place, finding: &Finding, record: Option<&Record>) -> Option<AnyView> {
    if record.is_none() || !place.may(Capability::EditModel) {
        return None;
    }
    let key = finding.identity().to_string();
    let to = |page: &str| place.paths.query(page, &[("finding", key.as_str())]);
    let accept = place
        .may(Capability::AcceptRisks)
        .then(|| header::action(to("risks/accept"), "check", "Accept as risk", false));
    Some(view! { {accept}{header::action(to("risks/new"), "risks", "Make it a risk", false)} }.into_any())
}

fn on_the_map(place: &Place, finding: &Finding) -> Option<AnyView> {
    let focus = match &finding.subject {
        ObjectRef::System(id) => id.to_string(),
        ObjectRef::Flow(id) => place.estate.model.flows.get(id)?.to.to_string(),
        _ => return None,
    };
    let href = place.paths.query("map", &[("focus", &focus), ("hops", "1")]);
    Some(header::action(href, "map", "Show on the map", false))
}

fn what_to_do(place: &Place, finding: &Finding, remedies: &[Remedy]) -> AnyView {
    let items: Vec<_> = remedies.iter().enumerate().map(|(number, it)| remedy(place, finding, number, it)).collect();
    let list = if items.is_empty() {
        notice(Tone::Info, "No change of the model ends this by itself. What is found out goes into the facts above.")
    } else {
        view! { <ol class="cards">{items}</ol> }.into_any()
    };
    view! {
        <section class="section" aria-labelledby="to-do">
            <header class="section-header">
                <h2 id="to-do">"What would end it"</h2>
                <p class="meta">"Tried out on a copy: the effect is what the engine computes, not a guess."</p>
            </header>
            {list}
        </section>
    }
    .into_any()
}

fn remedy(place: &Place, finding: &Finding, number: usize, remedy: &Remedy) -> AnyView {
    let fix = &remedy.fix;
    let days = if fix.days == 1 { "about a day".to_owned() } else { format!("about {} days", fix.days) };
    let steps: Vec<_> = fix
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Edit(edit) => Some(domain::blast::flip::words::sentence(edit, &place.estate.model)),
            Step::Put(_) => None,
        })
        .map(|it| view! { <li>{sentence(&place.paths, &it)}</li> })
        .collect();
    view! {
        <li class="card">
            <header class="card-header"><h3>{fix.title}</h3><span class="meta">{days}</span></header>
            {(!steps.is_empty()).then(|| view! { <ul class="steps">{steps}</ul> })}
            {remedy.effect.as_ref().map(|effect| effect_of(place, effect))}
            {fill(place, finding, &fix.fill)}
            {remedy.effect.as_ref().and_then(|effect| apply(place, finding, number, effect))}
        </li>
    }
    .into_any()
}

fn effect_of(place: &Place, effect: &Effect) -> AnyView {
    let found = match (effect.ends_it, effect.gone, effect.new) {
        (false, ..) => "The finding stays: this is a part of what it takes.".to_owned(),
        (true, 0 | 1, 0) => "Ends this finding.".to_owned(),
        (true, gone, 0) => format!("Ends {}, this one included.", count(gone, "finding")),
        (true, gone, new) => {
            format!(
                "Ends {}, and brings {} that you would look at next.",
                count(gone, "finding"),
                count(new, "new one")
            )
        }
    };
    let scope = impact::foreseen(&place.paths, &effect.scope_changes);
    view! { <p>{found}</p>{scope} }.into_any()
}

/// The attribute as forms name it.
pub(super) fn title_of(kind: ObjectKind, name: &str) -> String {
    attribute(kind, name).map_or_else(|| choice_label(name), |it| it.label.to_owned())
}

/// What a person fills in, with the way to the form.
fn fill(place: &Place, finding: &Finding, attributes: &[&'static str]) -> Option<AnyView> {
    if attributes.is_empty() {
        return None;
    }
    let titles: Vec<String> = attributes
        .iter()
        .map(|it| {
            let name = it.split_once('.').map_or(*it, |(_, name)| name);
            title_of(finding.subject.kind(), name)
        })
        .collect();
    let edit = place.paths.object(&finding.subject).map(|page| format!("{page}/edit"));
    let edit = edit.filter(|_| place.may(Capability::EditModel));
    Some(
        view! {
            <p class="meta">{format!("Then fill in: {}.", titles.join(", "))}</p>
            {edit.map(|href| view! {
                <div class="button-row">
                    <a class="button" href=href>{icon("edit")}{format!("Edit {}", name(place, &finding.subject))}</a>
                </div>
            })}
        }
        .into_any(),
    )
}

/// The button that carries the fix out; only where it edits what is there.
fn apply(place: &Place, finding: &Finding, number: usize, effect: &Effect) -> Option<AnyView> {
    let possible = effect.objects.as_ref().is_some_and(|it| !it.is_empty()) && place.may(Capability::EditModel);
    let action = format!("{}/apply", place.paths.finding(&finding.identity()));
    possible.then(|| {
        view! {
            <form method="post" action=action class="button-row">
                {hidden("rev", place.estate.revision.0.to_string())}
                {hidden("fix", number.to_string())}
                <button class="button primary">{icon("check")}"Make this change"</button>
            </form>
        }
        .into_any()
    })
}
