//! What a control is for: the risk that it reduces and how urgent it is, as the workspace sees it.

use domain::library::controls::{Preset, Priority, RISK_MAX};
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::{buttons, conflict};
use super::super::frame::{Screen, Section};
use super::super::request::Request;
use super::{control_of, head};
use crate::ui::field::{field, hidden};

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    if !place.may(Capability::EditModel) {
        return Err(Problem::Forbidden);
    }
    let book = request.backend()?.library(&place.estate.workspace.id).await?;
    let control = control_of(&request)?;
    let preset = book.presets().into_iter().find(|it| it.control == control).ok_or(Problem::NotFound)?;
    let revision = book.presets.get(&control).map_or(0, |it| it.revision);
    let stored = form_of(&preset);
    let form = request.form(|| stored.clone());
    let priorities: Vec<(String, String)> =
        Priority::ALL.iter().map(|it| (it.as_str().to_owned(), it.label().to_owned())).collect();
    let helps: Vec<_> = control
        .requirements()
        .iter()
        .map(|it| {
            let title = book.entry(it).map(|it| it.title).unwrap_or_default();
            view! { <li><a href=place.paths.requirement_of(it)>{it.words()}</a><span class="grow">{title}</span></li> }
        })
        .collect();
    let own = place.paths.page(&format!("evidence/controls/{control}"));
    let body = view! {
        {head(&place, control.label()).lede("What it is for in this workspace. Until somebody changes it, the default holds.").view()}
        {conflict(&request, &stored)}
        {request.general_problem()}
        {form.summary(label)}
        <form class="form" method="post" action=own>
            {hidden("rev", revision.to_string())}
            {field(&form, "risk", "Risk that it reduces").required().area_of(u32::try_from(RISK_MAX).unwrap_or(u32::MAX))}
            {field(&form, "priority", "Priority").select(None, &priorities)}
            {buttons("Save", place.paths.page("evidence/controls"))}
        </form>
        <section class="section" aria-labelledby="helps">
            <header class="section-header"><h2 id="helps">"Requirements that it helps to meet"</h2></header>
            <ul class="list-rows">{helps}</ul>
        </section>
    };
    Ok(Screen::inside(&place, Section::Evidence, control.label(), body))
}

fn form_of(preset: &Preset) -> Vec<(String, String)> {
    vec![("risk".to_owned(), preset.risk.clone()), ("priority".to_owned(), preset.priority.to_string())]
}

fn label(name: &str) -> Option<String> {
    let label = match name {
        "risk" => "Risk that it reduces",
        "priority" => "Priority",
        _ => return None,
    };
    Some(label.to_owned())
}
