//! Samples: the list with the form that draws one, and one sample with its objects.

use domain::backend::incidents::Kept;
use domain::backend::requests::RequestBook;
use domain::evidence::engagement::sample::{FILTER_MAX, KINDS, METHOD, SIZE_MAX, Sample, SampleKey};
use domain::evidence::request::WORDS_MAX;
use domain::model::draft::NAME_MAX;
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::not_done;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::requests::{about_requirement, badge, due, label, name};
use crate::ui::field::{Input, field, hidden};
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::notice::empty_state;
use crate::ui::table::{cell, count, number, small};

const LEDE: &str = "Objects of the model that was signed last, picked by criteria. Nobody chooses which: whoever has the sealed \
                    model draws the same ones.";

/// Every sample, the newest first, and the form that draws one.
pub(in crate::pages) async fn list(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.requests(&place.estate.workspace.id).await?;
    let content = if book.samples.is_empty() {
        empty_state("evidence", "No samples", "A sample is drawn, frozen, and asked about object by object.", ())
    } else {
        let rows = book.samples.values().rev().map(|it| row(&place, &book, &it.value)).collect();
        let columns = ["Sample", "Of", "Objects", "Out of", "From", "Drawn by", "State"];
        small("samples", count(book.samples.len(), "sample"), &columns, rows)
    };
    let body = view! {
        {Header::new("Samples").below(place.paths.page("evidence"), "Evidence").lede(LEDE).view()}
        {super::tabs(&place, "evidence/samples")}
        {content}
        {place.may_in_inbox(Capability::AskForEvidence).then(|| draw(&request, &place))}
    };
    Ok(Screen::inside(&place, Section::Evidence, "Samples", body))
}

fn row(place: &Place, book: &RequestBook, it: &Sample) -> AnyView {
    view! {
        <tr>
            <th scope="row" data-label="Sample">
                <a href=place.paths.sample_at(&it.key.to_string())>{it.criteria.name.clone()}</a>
                " "
                <span class="key">{it.key.to_string()}</span>
            </th>
            {cell("Of", it.criteria.kind.label())}
            {number("Objects", it.picked.len())}
            {number("Out of", it.population)}
            {cell("From", view! { <a href=place.paths.seal(it.seal)>{it.seal.to_string()}</a> })}
            {cell("Drawn by", name(place, book, &it.drawn.0))}
            {cell("State", standing(it))}
        </tr>
    }
    .into_any()
}

fn standing(it: &Sample) -> &'static str {
    match (it.frozen.is_some(), it.requests.is_empty()) {
        (false, _) => "Drawn",
        (true, true) => "Frozen",
        (true, false) => "Asked about",
    }
}

fn draw(request: &Request, place: &Place) -> AnyView {
    let form = request.form(|| vec![("kind".to_owned(), "system".to_owned()), ("size".to_owned(), "10".to_owned())]);
    let kinds: Vec<(String, String)> = KINDS.iter().map(|it| (it.as_str().to_owned(), it.label().to_owned())).collect();
    let most = |most: usize| Input { most: u32::try_from(most).unwrap_or(u32::MAX), ..Input::default() };
    let criterion = |name: &str| {
        let words = match name {
            "name" => "Name",
            "kind" => "Of",
            "filter" => "Filter",
            "size" => "How many",
            _ => return None,
        };
        Some(words.to_owned())
    };
    view! {
        <section class="card" aria-labelledby="draw">
            <h2 id="draw">"Draw a sample"</h2>
            {request.general_problem()}
            {form.summary(criterion)}
            <form class="form" method="post" action=place.paths.page("evidence/samples")>
                {field(&form, "name", "Name").required().hint("For example: servers in production.").input(most(NAME_MAX))}
                <div class="field-row">
                    {field(&form, "kind", "Of").required().select(None, &kinds)}
                    {field(&form, "size", "How many").required().hint(format!("At most {SIZE_MAX}."))
                        .input(Input { class: "number short", ..Input::default() })}
                </div>
                {field(&form, "filter", "Filter").optional()
                    .hint("As lists take it, such as environment:prod scope:cde. Empty is all.").input(most(FILTER_MAX))}
                <p class="meta">{METHOD}</p>
                <div class="button-row"><button class="button primary">{icon("plus")}"Draw"</button></div>
            </form>
        </section>
    }
    .into_any()
}

/// One sample.
pub(in crate::pages) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let key: SampleKey = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let book = request.backend()?.requests(&place.estate.workspace.id).await?;
    let kept = book.samples.get(&key).ok_or(Problem::NotFound)?;
    let it = &kept.value;
    let head = Header::new(it.criteria.name.clone())
        .below(place.paths.page("evidence"), "Evidence")
        .below(place.paths.page("evidence/samples"), "Samples")
        .meta(view! { <span class="key">{key.to_string()}</span>" "{standing(it)} });
    let body = view! {
        {head.view()}
        {not_done(&request)}
        {drawn(&place, &book, it)}
        {objects(&place, &book, it)}
        {place.may_in_inbox(Capability::AskForEvidence).then(|| steps(&request, &place, kept))}
    };
    Ok(Screen::inside(&place, Section::Evidence, it.criteria.name.clone(), body))
}

fn drawn(place: &Place, book: &RequestBook, it: &Sample) -> AnyView {
    let filter = if it.criteria.filter.is_empty() { "All".to_owned() } else { it.criteria.filter.clone() };
    let frozen = it.frozen.as_ref().map(|(by, at)| {
        view! { <div><dt>"Frozen"</dt><dd>{format!("{at}, {}", name(place, book, by))}</dd></div> }
    });
    view! {
        <section class="card" aria-labelledby="how">
            <h2 id="how">"How it was drawn"</h2>
            <dl class="key-value">
                <div><dt>"Of"</dt><dd>{it.criteria.kind.label()}</dd></div>
                <div><dt>"Filter"</dt><dd>{filter}</dd></div>
                <div><dt>"Size"</dt><dd>{format!("{} of {} that pass the filter", it.picked.len(), it.population)}</dd></div>
                <div><dt>"From"</dt><dd><a href=place.paths.seal(it.seal)>{it.seal.to_string()}</a></dd></div>
                <div><dt>"Hash of the seal"</dt><dd><code class="hash">{it.seal_hash.clone()}</code></dd></div>
                <div><dt>"Seed"</dt><dd><code class="hash">{it.seed.clone()}</code></dd></div>
                <div><dt>"Drawn"</dt><dd>{format!("{}, {}", it.drawn.1, name(place, book, &it.drawn.0))}</dd></div>
                {frozen}
            </dl>
            <p class="meta">{METHOD}</p>
        </section>
    }
    .into_any()
}

fn objects(place: &Place, book: &RequestBook, it: &Sample) -> AnyView {
    let rows = it
        .picked
        .iter()
        .enumerate()
        .map(|(at, picked)| {
            let title = picked.title.clone();
            let shown = match place.paths.object(&picked.object).filter(|_| place.estate.model.get(&picked.object).is_some()) {
                Some(href) => view! { <a href=href>{title}</a> }.into_any(),
                None => view! { {title} }.into_any(),
            };
            let request = it.requests.get(at).and_then(|key| book.requests.get(key));
            let request = request.map(|kept| {
                let key = kept.value.key.to_string();
                view! { <a class="key" href=place.paths.request_at(&key)>{key.clone()}</a>" "{badge(kept.value.state())} }
            });
            view! {
                <tr>
                    <th scope="row" data-label="Object">{shown}</th>
                    {cell("Key", view! { <span class="key">{picked.object.key()}</span> })}
                    {cell("Request", request)}
                </tr>
            }
            .into_any()
        })
        .collect();
    small("picked", count(it.picked.len(), "object"), &["Object", "Key", "Request"], rows)
}

fn steps(request: &Request, place: &Place, kept: &Kept<Sample>) -> Option<AnyView> {
    let it = &kept.value;
    let action = place.paths.sample_at(&it.key.to_string());
    let open =
        |step: &str| view! { {hidden("step", step.to_owned())}{hidden("rev", kept.revision.to_string())} }.into_any();
    if it.frozen.is_none() {
        return Some(
            view! {
                <form method="post" action=action>
                    {open("freeze")}
                    <button class="button primary">{icon("check")}"Freeze it"</button>
                </form>
            }
            .into_any(),
        );
    }
    if !it.requests.is_empty() {
        return None;
    }
    let form = request.form(Vec::new);
    let most = u32::try_from(WORDS_MAX).unwrap_or(u32::MAX);
    Some(
        view! {
            <section class="card" aria-labelledby="ask">
                <h2 id="ask">"Ask the same of each object"</h2>
                {form.summary(label)}
                <form class="form" method="post" action=action>
                    {open("ask")}
                    {field(&form, "text", "What is wanted").required().area_of(most)}
                    {about_requirement(&form)}
                    {due(&form)}
                    <div class="button-row"><button class="button primary">{icon("check")}"Make the requests"</button></div>
                </form>
            </section>
        }
        .into_any(),
    )
}
