//! The form that asks for an evidence pack: the last seal and everything, unless somebody chooses otherwise.

use domain::pack::profile::Profile;
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::Request;
use crate::ui::field::field;
use crate::ui::header::Header;
use crate::ui::icon::icon;

const LEDE: &str = "It is made in the background; you can close the page meanwhile. The same seal, profile and key give the same \
                    bytes.";

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    if !place.may(Capability::ExportModel) {
        return Err(Problem::Forbidden);
    }
    let (backend, workspace) = (request.backend()?, &place.estate.workspace.id);
    let book = backend.reviews(workspace).await?;
    let mut sources: Vec<(String, String)> = Vec::new();
    for (key, seal, _) in book.seals.iter().rev() {
        let name = seal.as_ref().map(|it| it.name.clone()).unwrap_or_default();
        let newest = if sources.is_empty() { "(the last seal)" } else { "" };
        let parts = [key.to_string(), name, newest.to_owned()];
        let words: Vec<String> = parts.into_iter().filter(|it| !it.is_empty()).collect();
        sources.push((key.to_string(), words.join(" ")));
    }
    // What nobody signed is no matter of whoever sees only what is decided.
    let drafts = place.may(Capability::ReadProposals);
    if drafts {
        for it in backend.snapshots(workspace).await? {
            sources.push((it.key.to_string(), format!("{} {}, as a draft unless it was sealed", it.key, it.name)));
        }
        sources.push(("now".to_owned(), "The state of now, as a draft".to_owned()));
    }
    let profiles: Vec<(&str, &str, &str)> = Profile::ALL
        .iter()
        .filter(|it| it.is_for(place.estate.workspace.role))
        .map(|it| (it.as_str(), it.label(), ""))
        .collect();
    let form = request.form(|| {
        let first = sources.first().map(|(value, _)| value.clone()).unwrap_or_default();
        let profile = profiles.first().map(|(value, ..)| (*value).to_owned()).unwrap_or_default();
        vec![("of".to_owned(), first), ("profile".to_owned(), profile)]
    });
    let label = |name: &str| match name {
        "of" => Some("Made from".to_owned()),
        "profile" => Some("For whom".to_owned()),
        _ => None,
    };
    let nothing = sources.is_empty().then(|| view! { <p>"Nothing is sealed yet."</p> });
    let body = view! {
        {Header::new("New pack").below(place.paths.page("evidence/packs"), "Evidence packs").lede(LEDE).view()}
        {request.general_problem()}
        {form.summary(label)}
        {nothing}
        <form class="form" method="post" action=place.paths.page("evidence/packs/new")>
            {field(&form, "of", "Made from").select(None, &sources)}
            {field(&form, "profile", "For whom").radios("", &profiles)}
            <div class="button-row">
                <button class="button primary">{icon("evidence")}"Generate"</button>
                <a class="button" href=place.paths.page("evidence/packs")>"Cancel"</a>
            </div>
        </form>
    };
    Ok(Screen::inside(&place, Section::Evidence, "New pack", body))
}
