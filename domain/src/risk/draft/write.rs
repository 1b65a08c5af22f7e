//! A risk as the fields of its form.

use crate::risk::action::Action;
use crate::risk::record::{Risk, Stand};
use crate::risk::scheme::{Rating, Step, factors};

/// The risk as the fields of its form. Reading them back onto the risk changes nothing.
#[must_use]
pub fn risk_to_form(risk: &Risk) -> Vec<(String, String)> {
    let mut form: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: &str| form.push((name.to_owned(), value.to_owned()));
    put("title", &risk.title);
    put("cause", &risk.cause);
    put("event", &risk.event);
    put("consequence", &risk.consequence);
    put("category", risk.category.map_or("", |it| it.as_str()));
    for link in &risk.links {
        put("link", &link.text());
    }
    put("owner", risk.owner.as_ref().map_or("", |it| it.as_str()));
    put("deputy", risk.deputy.as_ref().map_or("", |it| it.as_str()));
    for stand in Stand::ALL {
        write_rating(*stand, risk.rating(*stand).as_ref(), &mut put);
    }
    put("order_reason", risk.order_reason.as_deref().unwrap_or_default());
    for (row, control) in risk.controls.iter().enumerate() {
        put(&format!("control.{row}.what"), &control.what);
        put(&format!("control.{row}.effectiveness"), control.effectiveness.as_str());
        put(&format!("control.{row}.evidence"), control.evidence.as_deref().unwrap_or_default());
    }
    put("treatment", risk.treatment.map_or("", |it| it.as_str()));
    for (row, action) in risk.actions.iter().enumerate() {
        write_action(row, action, &mut put);
    }
    put("stage", risk.stage.as_str());
    put("closing_evidence", &risk.closing_evidence.join("; "));
    put("next_review", &risk.next_review.map(|it| it.to_string()).unwrap_or_default());
    put("reference", risk.reference.as_deref().unwrap_or_default());
    form
}

fn write_rating(stand: Stand, rating: Option<&Rating>, put: &mut impl FnMut(&str, &str)) {
    let number = |step: Option<Step>| step.map(|it| it.number().to_string()).unwrap_or_default();
    put(&format!("{stand}_likelihood"), &number(rating.map(|it| it.likelihood())));
    put(&format!("{stand}_impact"), &number(rating.map(|it| it.impact())));
    let Some((likelihood, impact)) = rating.and_then(|it| it.factors()).map(|it| it.scores()) else { return };
    for (side, list, scores) in [("likelihood", factors::LIKELIHOOD, likelihood), ("impact", factors::IMPACT, impact)] {
        for ((name, _), score) in list.iter().zip(scores) {
            put(&format!("{stand}_{side}_{name}"), &score.to_string());
        }
    }
}

/// An action as the fields of its row.
pub(crate) fn write_action(row: usize, action: &Action, put: &mut impl FnMut(&str, &str)) {
    let Action { number, what, who, due, effort, money, state, after, ticket, option } = action;
    let text = |it: Option<String>| it.unwrap_or_default();
    let after: Vec<String> = after.iter().map(ToString::to_string).collect();
    for (name, value) in [
        ("number", number.to_string()),
        ("what", what.clone()),
        ("who", text(who.as_ref().map(ToString::to_string))),
        ("due", text(due.map(|it| it.to_string()))),
        ("effort", text(effort.map(|it| it.to_string()))),
        ("money", text(money.map(|it| it.to_string()))),
        ("state", state.as_str().to_owned()),
        ("after", after.join(", ")),
        ("ticket", text(ticket.as_ref().map(|it| it.as_str().to_owned()))),
        ("option", text(option.clone())),
    ] {
        put(&format!("action.{row}.{name}"), &value);
    }
}
