//! The evidence packs of a workspace.

use domain::backend::packs::PackRecord;
use domain::pack::job::PackState;
use domain::problem::Problem;
use leptos::prelude::*;

use super::super::evidence;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::{address, offer, origin, signers, size};
use crate::ui::header::Header;
use crate::ui::notice::empty_state;
use crate::ui::table::{cell, count, number, small};

const LEDE: &str = "Everything an assessor needs in one ZIP, signed. With a browser and no network they verify it and compute the \
                    scope again.";

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let (backend, workspace) = (request.backend()?, &place.estate.workspace.id);
    let all = backend.packs(workspace).await?;
    let keys = signers::section(&backend.pack_signers(workspace).await?);
    let table = if all.is_empty() {
        let sentence = "The first one is made from the last seal, or as a draft from the state of now.";
        empty_state("evidence", "No packs yet", sentence, offer(&place))
    } else {
        let heads =
            ["Pack", "Made from", "For whom", "State", "Asked by", "When (UTC)", "Size", "SHA-256", "Downloads"];
        small("packs", count(all.len(), "pack"), &heads, all.iter().map(|it| row(&place, it)).collect())
    };
    let head = Header::new("Evidence packs")
        .below(place.paths.page("evidence"), "Evidence")
        .lede(LEDE)
        .actions(offer(&place).filter(|_| !all.is_empty()));
    let body = view! { {head.view()}{evidence::tabs(&place, "evidence/packs")}{table}{keys} };
    Ok(Screen::inside(&place, Section::Evidence, "Evidence packs", body))
}

fn row(place: &Place, it: &PackRecord) -> AnyView {
    let at = it.asked_at.to_string();
    let short: String = it.sha256.chars().take(12).collect();
    let whole = it.state == PackState::Done;
    view! {
        <tr>
            <th scope="row"><a href=address(place, it.number)>{it.number.to_string()}</a></th>
            {cell("Made from", origin(place, it))}
            {cell("For whom", it.profile.label())}
            {cell("State", it.state.label())}
            {cell("Asked by", it.asked_by_name.clone().unwrap_or_else(|| "Command line".to_owned()))}
            {cell("When (UTC)", view! { <time datetime=at.clone()>{at.clone()}</time> })}
            {cell("Size", whole.then(|| size(it.bytes)))}
            {cell("SHA-256", whole.then(|| view! { <code class="hash" title=it.sha256.clone()>{short}</code> }))}
            {number("Downloads", usize::try_from(it.downloads).unwrap_or(usize::MAX))}
        </tr>
    }
    .into_any()
}
