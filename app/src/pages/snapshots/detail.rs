//! One snapshot: when it was taken, under which hash, and what was in it.

use domain::problem::Problem;
use domain::role::Capability;
use domain::snapshot::{Snapshot, SnapshotKey};
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::tabs;
use crate::ui::header::{self, Header};
use crate::ui::scope::Shown;

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let key: SnapshotKey = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let all = request.backend()?.snapshots(&place.estate.workspace.id).await?;
    let it = all.iter().find(|it| it.key == key).ok_or(Problem::NotFound)?;
    let key = it.key.to_string();
    let page = |page: &str, name: &str| place.paths.query(page, &[(name, key.as_str())]);
    let file = place
        .may(Capability::ExportModel)
        .then(|| header::action(page("export/model", "at"), "download", "Model file", false));
    let actions = view! {
        {header::action(page("map", "at"), "map", "Map as it was", true)}
        {header::action(page("diff", "from"), "compare", "What differs", false)}
        {file}
    };
    let head = Header::new(it.name.clone())
        .below(place.paths.page("snapshots"), "Snapshots")
        .meta(view! { <span class="key">{it.key.to_string()}</span> })
        .actions(actions);
    let title = it.name.clone();
    let body = view! {
        {head.view()}
        {tabs(&place, "snapshots")}
        {scope_then(&place, it)}
        <div class="cards">{facts(&place, it)}{pages(&place, it)}</div>
    };
    Ok(Screen::inside(&place, Section::Map, title, body))
}

fn scope_then(place: &Place, it: &Snapshot) -> AnyView {
    let key = it.key.to_string();
    let tiles: Vec<_> = it
        .summary
        .categories
        .iter()
        .map(|(category, count)| {
            let shown = Shown::category(*category, None);
            let filter = format!("scope:{}", category.as_str());
            let href = place.paths.query("systems", &[("q", &filter), ("at", &key)]);
            view! {
                <li>
                    <a class="stat" data-category=shown.category href=href>
                        <span class="stat-label">{shown.words}</span>
                        <span class="stat-value">{count.to_string()}</span>
                    </a>
                </li>
            }
        })
        .collect();
    let tiles = if tiles.is_empty() {
        view! { <p class="muted">"There was no system in it."</p> }.into_any()
    } else {
        view! { <ul class="stats">{tiles}</ul> }.into_any()
    };
    view! {
        <section class="section" aria-labelledby="scope-then">
            <h2 id="scope-then">{format!("Scope on {}", it.day())}</h2>
            {tiles}
        </section>
    }
    .into_any()
}

fn facts(place: &Place, it: &Snapshot) -> AnyView {
    let at = it.taken_at.to_string();
    // Whoever sees no addresses gets a file without them, which are other bytes.
    let verify = match place.may(Capability::ReadAddresses) {
        true => "It is the SHA-256 of the model file: sha256sum prints the same for the file that you download here.",
        false => {
            "It is the SHA-256 of the whole model file. The file that you download leaves out mail addresses, so its \
             own differs."
        }
    };
    view! {
        <section class="card" aria-labelledby="facts">
            <h2 id="facts">"What it holds"</h2>
            <dl class="key-value">
                <div><dt>"Taken (UTC)"</dt><dd><time datetime=at.clone()>{at.clone()}</time></dd></div>
                {it.taken_by.clone().map(|name| view! { <div><dt>"By"</dt><dd>{name}</dd></div> })}
                <div><dt>"Revision"</dt><dd>{it.revision.0.to_string()}</dd></div>
                <div><dt>"Systems"</dt><dd>{it.summary.systems.to_string()}</dd></div>
                <div><dt>"Flows"</dt><dd>{it.summary.flows.to_string()}</dd></div>
                <div><dt>"Fields"</dt><dd>{it.summary.fields.to_string()}</dd></div>
                <div><dt>"Hash"</dt><dd><code class="hash break">{it.hash.clone()}</code></dd></div>
            </dl>
            <p class="meta">{verify}</p>
        </section>
    }
    .into_any()
}

/// The pages that can be looked at as of it.
fn pages(place: &Place, it: &Snapshot) -> AnyView {
    let key = it.key.to_string();
    let pages = [
        ("", "Home"),
        ("map", "Map"),
        ("systems", "Systems"),
        ("flows", "Flows"),
        ("inventory", "Inventory"),
        ("fields", "Fields"),
        ("findings", "Findings"),
        ("search", "Search"),
    ];
    let links: Vec<_> = pages
        .into_iter()
        .map(|(page, label)| {
            let path = if page.is_empty() { place.paths.home() } else { place.paths.page(page) };
            let href = crate::ui::link::with_query(&path, &[("at", &key)]);
            view! { <li><a href=href>{label}</a></li> }
        })
        .collect();
    view! {
        <section class="card" aria-labelledby="pages">
            <h2 id="pages">"Look at it"</h2>
            <p>"Each page as it was then. Nothing on them can be changed; a banner leads back to now."</p>
            <ul class="cluster">{links}</ul>
        </section>
    }
    .into_any()
}
