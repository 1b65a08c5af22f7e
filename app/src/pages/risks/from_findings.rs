//! The form of a risk as the findings of a query fill it, with what the map suggests.

use domain::findings::{Finding, Findings};
use domain::model::Model;
use domain::model::object::ObjectRef;
use domain::problem::Problem;
use domain::risk::draft::{from_findings, risk_to_form};
use domain::risk::record::Risk;
use domain::risk::suggestion::{Side, Suggestion, of_risk};
use domain::risk::{RiskKey, Scheme};
use leptos::prelude::*;

use super::super::request::{Place, Request};
use super::level_chip;

/// The values of a risk out of the findings that the query names, with the suggestion that filled its rating; nothing
/// where it names none.
pub(super) async fn prefilled(
    request: &Request,
    place: &Place,
    scheme: Scheme,
) -> Result<(Vec<(String, String)>, Option<Suggestion>), Problem> {
    let asked = request.query_all("finding");
    let findings = request.backend()?.findings(&place.estate).await?;
    if asked.is_empty() {
        return Ok((Vec::new(), suggested_again(request, place, &findings)));
    }
    let named: Vec<&Finding> =
        findings.findings.iter().filter(|it| asked.contains(&it.identity().to_string())).collect();
    let mut risk = from_findings(RiskKey(0), &named);
    risk.owner = named.iter().find_map(|it| owner_of(&place.estate.model, &it.subject));
    risk.suggestion = suggestion(place, &findings, &risk);
    risk.inherent = risk.suggestion.as_ref().and_then(|it| it.on(scheme));
    let mut form = risk_to_form(&risk);
    form.retain(|(name, _)| name != "stage");
    Ok((form, risk.suggestion))
}

/// What the map says of the risk as it is linked now.
pub(super) fn suggestion(place: &Place, findings: &Findings, risk: &Risk) -> Option<Suggestion> {
    let (model, scope) = (&*place.estate.model, &*place.estate.scope);
    of_risk(risk, (model, scope), &findings.findings, place.estate.today.start())
}

/// What the map says of the links that were posted.
fn suggested_again(request: &Request, place: &Place, findings: &Findings) -> Option<Suggestion> {
    let posted = &request.submitted.as_ref()?.form;
    let mut risk = Risk::new(RiskKey(0));
    let links = posted.iter().filter(|(name, _)| name == "link");
    risk.links = links.filter_map(|(_, text)| domain::risk::record::Link::parse(text)).collect();
    suggestion(place, findings, &risk)
}

/// Who answers for an object, where that is one of the people and teams.
fn owner_of(model: &Model, object: &ObjectRef) -> Option<domain::id::PersonId> {
    let of_system = |id| model.systems.get(id).and_then(|it| it.facts.get("owner")).and_then(|it| it.text());
    let text = match object {
        ObjectRef::System(id) => of_system(id),
        ObjectRef::Flow(id) => model.flows.get(id).and_then(|it| of_system(&it.to).or_else(|| of_system(&it.from))),
        _ => None,
    }?;
    model.people.keys().find(|id| id.as_str() == text).cloned()
}

/// What the map says, with its reasons.
pub(super) fn said(suggestion: &Suggestion, scheme: Scheme) -> AnyView {
    let chip = suggestion.on(scheme).map(|rating| level_chip(scheme, rating.level(scheme)));
    let reasons: Vec<_> = suggestion
        .reasons
        .iter()
        .take(8)
        .map(|it| {
            let side = match it.side {
                Side::Likelihood => "Likelihood",
                Side::Impact => "Impact",
            };
            view! { <li>{format!("{side} {}: {}", it.step.number(), it.because)}</li> }
        })
        .collect();
    view! {
        <details>
            <summary>"What the map suggests"</summary>
            <p>{chip}" from blast radius and findings. It stands beside your rating and never replaces it."</p>
            <ul>{reasons}</ul>
        </details>
    }
    .into_any()
}
