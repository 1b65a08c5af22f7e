//! The list of the items, and what the rules want to see.

use domain::backend::incidents::Kept;
use domain::backend::library::LibraryBook;
use domain::evidence::Item;
use domain::evidence::item::{Source, State};
use domain::findings::Finding;
use domain::findings::registry::rule;
use domain::library::RequirementKey;
use domain::problem::Problem;
use domain::risk::record::Link;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::findings::named;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::risks::pairs;
use super::{freshness, requirements, tabs};
use crate::ui::field::options_of;
use crate::ui::header::{self, Header};
use crate::ui::notice::empty_state;
use crate::ui::table::{Listing, cell, count, small};

const LEDE: &str = "Files and addresses that show an assessor something, each with what it proves.";

/// How many questions of the rules are listed; the number of all is told.
const WANTED: usize = 200;

/// What the list is narrowed to.
struct Narrowed {
    requirement: String,
    object: String,
    state: String,
    held: bool,
}

impl Narrowed {
    fn of(request: &Request) -> Self {
        let text = |name: &str| request.query(name).unwrap_or_default().trim().to_owned();
        Self {
            requirement: text("requirement"),
            object: text("object"),
            state: text("state"),
            held: request.query("held").is_some(),
        }
    }

    fn passes(&self, it: &Item, book: &LibraryBook) -> bool {
        let asked = self.requirement.parse::<RequirementKey>().ok().or_else(|| RequirementKey::pci(&self.requirement));
        let proves = self.requirement.is_empty()
            || asked.is_some_and(|key| {
                it.proves.requirements.contains(&key)
                    || book.positions.get(&key).is_some_and(|said| said.value.evidence.contains(&it.key))
            });
        let about = self.object.is_empty()
            || it
                .proves
                .objects
                .iter()
                .any(|object| Link::Object(object.clone()).text() == self.object || object.key() == self.object);
        let state = it.freshness(book.today).state;
        let fresh = match self.state.as_str() {
            "" => state != State::Withdrawn,
            "ageing" => matches!(state, State::Soon | State::Old),
            asked => state.as_str() == asked,
        };
        proves && about && fresh && (!self.held || it.hold.is_some())
    }
}

/// All items, or what the rules want to see.
pub(in super::super) async fn list(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let backend = request.backend()?;
    let book = backend.library(&place.estate.workspace.id).await?;
    let edits = place.may(Capability::EditModel);
    let add = || header::action(place.paths.page("evidence/items/new"), "plus", "Add evidence", true);
    let wants = request.query("wanted").is_some();
    let content = if wants {
        wanted(&place, &backend.findings(&place.estate).await?.questions)
    } else if book.items.is_empty() {
        let sentence = "Add a scan report, a screenshot or a link, and say which requirement it proves.";
        empty_state("evidence", "No evidence yet", sentence, edits.then(add))
    } else {
        shown(&request, &place, &book)
    };
    let other = match wants {
        true => header::action(place.paths.page("evidence/items"), "evidence", "All items", false),
        false => header::action(
            place.paths.query("evidence/items", &[("wanted", "yes")]),
            "search",
            "What the rules ask for",
            false,
        ),
    };
    let title = if wants { "What the rules want to see" } else { "Evidence items" };
    let body = view! {
        {Header::new(title)
            .below(place.paths.page("evidence"), "Evidence")
            .lede(LEDE)
            .actions(view! { {other}{edits.then(add)} })
            .view()}
        {tabs(&place, "evidence/items")}
        {content}
    };
    Ok(Screen::inside(&place, Section::Evidence, title, body))
}

fn shown(request: &Request, place: &Place, book: &LibraryBook) -> AnyView {
    let narrowed = Narrowed::of(request);
    let all: Vec<&Kept<Item>> = book.items.values().filter(|it| narrowed.passes(&it.value, book)).collect();
    let held = if narrowed.held { "yes" } else { "" };
    let kept = [
        ("requirement", narrowed.requirement.as_str()),
        ("object", narrowed.object.as_str()),
        ("state", narrowed.state.as_str()),
        ("held", held),
    ];
    let listing = Listing::of(place.paths.query("evidence/items", &kept), |name| request.query(name));
    let rows: Vec<AnyView> = listing.slice(&all).iter().map(|it| row(place, book, &it.value)).collect();
    let columns = ["Item", "Proves", "About", "Where", "Collected", "Freshness"];
    let table = if rows.is_empty() {
        view! { <p class="muted">"No item fits."</p> }.into_any()
    } else {
        view! { {small("items", count(all.len(), "item"), &columns, rows)}{listing.pagination(all.len())} }.into_any()
    };
    view! { {filter(place, &narrowed)}{table} }.into_any()
}

fn filter(place: &Place, narrowed: &Narrowed) -> AnyView {
    let mut states = vec![("ageing".to_owned(), "Ageing".to_owned())];
    states.extend(pairs(State::ALL, |it| (it.as_str(), it.label())));
    view! {
        <form class="filter-bar no-print" method="get" action=place.paths.page("evidence/items") role="search" aria-label="This list">
            <label for="q-requirement">"Requirement"</label>
            <input class="input short" id="q-requirement" name="requirement" value=narrowed.requirement.clone() autocomplete="off"/>
            <label for="q-object">"About"</label>
            <input class="input short" id="q-object" name="object" value=narrowed.object.clone() autocomplete="off"/>
            <label for="q-state">"Freshness"</label>
            <select class="input short" id="q-state" name="state">
                {options_of(Some("Any"), &states, &narrowed.state)}
            </select>
            <label class="choice"><input type="checkbox" name="held" value="yes" checked=narrowed.held/>"On hold"</label>
            <button class="button">"Show"</button>
        </form>
    }
    .into_any()
}

fn row(place: &Place, book: &LibraryBook, it: &Item) -> AnyView {
    let version = it.latest();
    let place_of = version.map(|it| match &it.source {
        Source::File(file) => format!("{}, {}", file.media.label(), super::size(file.bytes)),
        Source::Link(_) => "An address".to_owned(),
    });
    let held = it.hold.is_some().then(|| view! { " "<span class="badge" data-tone="info">"On hold"</span> });
    let objects: Vec<_> = it.proves.objects.iter().take(5).map(|it| view! { <li>{named(place, it)}</li> }).collect();
    view! {
        <tr>
            <th scope="row" data-label="Item">
                <a href=place.paths.evidence("items", &it.key.to_string())>{it.title.clone()}</a>
                " "
                <span class="key">{it.key.to_string()}</span>
                {held}
            </th>
            {cell("Proves", requirements(place, &it.proves.requirements))}
            {cell("About", (!objects.is_empty()).then(|| view! { <ul>{objects}</ul> }))}
            {cell("Where", place_of)}
            {cell("Collected", version.map(|it| it.collected.to_string()))}
            {cell("Freshness", freshness(it.freshness(book.today)))}
        </tr>
    }
    .into_any()
}

/// What the rules ask a person for, each with a form that is filled in for it.
fn wanted(place: &Place, questions: &[Finding]) -> AnyView {
    let edits = place.may(Capability::EditModel);
    if questions.is_empty() {
        return view! { <p class="muted">"The rules ask for nothing now."</p> }.into_any();
    }
    let rows: Vec<AnyView> = questions.iter().take(WANTED).map(|it| question(place, it, edits)).collect();
    let more = questions.len().saturating_sub(WANTED);
    let more = (more > 0).then(|| view! { <p class="meta">{format!("{more} more are in the list of questions.")}</p> });
    let columns = ["What is asked", "About", "Requirements", "Add"];
    view! { {small("wanted", count(questions.len(), "question"), &columns, rows)}{more} }.into_any()
}

fn question(place: &Place, it: &Finding, edits: bool) -> AnyView {
    let speaks = rule(it.rule).map(|rule| rule.maps_to).unwrap_or_default();
    let keys: Vec<RequirementKey> = speaks.iter().filter_map(|it| RequirementKey::mapped(*it)).collect();
    let add = edits.then(|| {
        let proves = keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(";");
        let object = Link::Object(it.subject.clone()).text();
        let href = place.paths.query("evidence/items/new", &[("requirement", &proves), ("link", &object)]);
        view! { <a href=href aria-label=format!("Add evidence: {}", it.sentence)>"Add evidence"</a> }
    });
    view! {
        <tr>
            <th scope="row" data-label="What is asked">
                <a href=place.paths.finding(&it.identity())>{it.sentence.clone()}</a>
            </th>
            {cell("About", named(place, &it.subject))}
            {cell("Requirements", requirements(place, &keys))}
            {cell("Add", add)}
        </tr>
    }
    .into_any()
}
