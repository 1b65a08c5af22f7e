//! Raising a concern about any object: what a person sees and no rule does.

use domain::findings::Severity;
use domain::findings::life::CONCERN_MAX;
use domain::model::object::ObjectRef;
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::name;
use crate::ui::field::{field, hidden};
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    if !place.may(Capability::RaiseConcern) {
        return Err(Problem::Forbidden);
    }
    let form = request.form(|| {
        vec![
            ("on".to_owned(), request.query("on").unwrap_or_default()),
            ("severity".to_owned(), Severity::Medium.to_string()),
        ]
    });
    let on = form.value("on").to_owned();
    let subject = place.estate.model.objects().map(|it| it.reference()).find(|it| address_of(it) == on);
    let severities: Vec<(String, String)> =
        Severity::ALL.iter().map(|it| (it.as_str().to_owned(), it.label().to_owned())).collect();
    let about = match &subject {
        Some(subject) => {
            view! { <p>"About "<strong>{name(&place, subject)}</strong>"."</p>{hidden("on", on)} }.into_any()
        }
        None => {
            let systems: Vec<(String, String)> = place
                .estate
                .model
                .systems
                .values()
                .map(|it| (address_of(&ObjectRef::System(it.id.clone())), it.name.clone()))
                .collect();
            field(&form, "on", "About")
                .hint("A system, or the whole workspace. To raise one about anything else, begin on its page.")
                .select(Some("The whole workspace"), &systems)
        }
    };
    let labels = |name: &str| match name {
        "on" => Some("About".to_owned()),
        "severity" => Some("How urgent".to_owned()),
        "concern" => Some("What worries you".to_owned()),
        _ => None,
    };
    let lede = "What you see and no rule does. It becomes a finding that somebody deals with, with your name on it.";
    let body = view! {
        {Header::new("Raise a concern").below(place.paths.page("findings"), "Findings").lede(lede).view()}
        {request.general_problem()}
        {form.summary(labels)}
        <form class="form card" method="post" action=place.paths.page("concerns/new")>
            {about}
            {field(&form, "severity", "How urgent").hint("As you see it. Whoever deals with it knows that it is your word.").required().select(None, &severities)}
            {field(&form, "concern", "What worries you").hint("In your own words. Never a card number.").required().area_of(CONCERN_MAX)}
            <div class="button-row">
                <button class="button primary">{icon("circle-alert")}"Raise it"</button>
                <a class="button" href=place.paths.page("findings")>"Cancel"</a>
            </div>
        </form>
    };
    Ok(Screen::inside(&place, Section::Findings, "Raise a concern", body))
}

/// An object in the query of this page.
pub(in super::super) fn address_of(object: &ObjectRef) -> String {
    format!("{}:{}", object.kind(), object.key())
}

/// The way to this page from that of an object; nothing for those who may not.
pub(in super::super) fn link(place: &Place, object: &ObjectRef) -> Option<AnyView> {
    let href = place.paths.query("concerns/new", &[("on", &address_of(object))]);
    place.may(Capability::RaiseConcern).then(|| header::action(href, "circle-alert", "Raise a concern", false))
}
