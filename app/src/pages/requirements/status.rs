//! The form on which a person says where a requirement stands.

use domain::backend::library::LibraryBook;
use domain::library::approach::Approach;
use domain::library::position::Worksheet;
use domain::library::position_draft::{WORDS_MAX, position_to_form};
use domain::library::{Position, Status};
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::{buttons, conflict};
use super::super::frame::{Screen, Section};
use super::super::request::Request;
use super::{head, named};
use crate::ui::field::{field, hidden};
use crate::ui::form::FormState;

/// From how many evidence items on they are typed and no longer ticked.
const TICKED: usize = 60;

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    if !place.may(Capability::EditModel) {
        return Err(Problem::Forbidden);
    }
    let book = request.backend()?.library(&place.estate.workspace.id).await?;
    let entry = named(&request, &book)?;
    let key = &entry.key;
    let kept = book.positions.get(key);
    let blank = Position::new(key.clone());
    let position = kept.map_or(&blank, |it| &it.value);
    let mut stored = position_to_form(position);
    if kept.is_none() {
        // Nobody said anything yet, so nothing is chosen for them.
        stored.retain(|(name, _)| name != "status");
    }
    let form = request.form(|| stored.clone());
    let own = place.paths.requirement_of(key);
    let title = format!("Where {} stands", key.id());
    let is_compensated = form.value("status") == Status::InPlaceCompensated.as_str();
    let sheet_wrong = Worksheet::PARTS.iter().any(|(name, _)| form.error(name).is_some());
    let statuses: Vec<(String, String)> =
        Status::ALL.iter().map(|it| (it.as_str().to_owned(), it.label().to_owned())).collect();
    let is_customisable = Approach::Customised.is_open_to(key);
    let approaches: Vec<(String, String)> = Approach::ALL
        .iter()
        .filter(|it| it.is_open_to(key))
        .map(|it| (it.as_str().to_owned(), it.label().to_owned()))
        .collect();
    let parts: Vec<_> =
        Worksheet::PARTS.into_iter().map(|(name, label)| field(&form, name, label).area_of(most())).collect();
    let body = view! {
        {head(&place, title.clone())
            .below(own.clone(), key.id().to_owned())
            .lede(entry.title.clone())
            .view()}
        {conflict(&request, &stored)}
        {request.general_problem()}
        {form.summary(label)}
        <form class="form" method="post" action=format!("{own}/status")>
            {hidden("rev", kept.map_or(0, |it| it.revision).to_string())}
            <div class="field-row">
                {field(&form, "status", "Status").required().select(kept.is_none().then_some("Choose one"), &statuses)}
                {field(&form, "approach", "How it is met")
                    .hint(if is_customisable { "" } else { "PCI DSS excludes it from the customised approach." })
                    .select(None, &approaches)}
            </div>
            {field(&form, "reason", "Why")
                .hint("In your own words. What is not applicable needs a reason.")
                .area_of(most())}
            {evidence(&form, &book, position)}
            <details open=is_compensated || sheet_wrong>
                <summary>"Compensating control worksheet"</summary>
                <div class="stack">
                    <p class="hint">
                        "Only where a compensating control stands in: then every part is needed, and somebody else approves \
                         it. With another status it is left out."
                    </p>
                    {parts}
                </div>
            </details>
            <p class="hint">"A change takes back the approval of a compensating control, because it was given to something else."</p>
            {buttons("Save", own.clone())}
        </form>
    };
    Ok(Screen::inside(&place, Section::Evidence, title, body))
}

/// The evidence items that show it: ticked, and where there are many typed.
fn evidence(form: &FormState, book: &LibraryBook, position: &Position) -> AnyView {
    let shown = |it: &&domain::evidence::Item| it.withdrawn.is_none() || position.evidence.contains(&it.key);
    let items: Vec<(String, String)> = book
        .items
        .values()
        .map(|it| &it.value)
        .filter(shown)
        .map(|it| (it.key.to_string(), it.title.clone()))
        .collect();
    if items.is_empty() {
        return view! { <p class="hint">"There are no evidence items yet that could be named."</p> }.into_any();
    }
    if items.len() > TICKED {
        let named: Vec<&str> = form.values("evidence").filter(|it| !it.is_empty()).collect();
        return field(form, "evidence", "Evidence")
            .hint("The keys of evidence items, divided by semicolons: EV-0001; EV-0002.")
            .showing(named.join("; "))
            .with_proposals(&items);
    }
    let options: Vec<(String, String)> =
        items.into_iter().map(|(key, title)| (key.clone(), format!("{key} {title}"))).collect();
    field(form, "evidence", "Evidence").hint("What shows it.").choices(&options, Vec::new())
}

fn label(name: &str) -> Option<String> {
    let label = match name {
        "status" => "Status",
        "approach" => "How it is met",
        "reason" => "Why",
        "evidence" => "Evidence",
        name => Worksheet::PARTS.iter().find(|(part, _)| *part == name)?.1,
    };
    Some(label.to_owned())
}

fn most() -> u32 {
    u32::try_from(WORDS_MAX).unwrap_or(u32::MAX)
}
