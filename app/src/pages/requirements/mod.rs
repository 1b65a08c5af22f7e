//! Requirements: where each stands, what shows it, what speaks against it, who does it; and the frameworks that list them.

pub(super) mod detail;
pub(super) mod frameworks;
pub(super) mod list;
pub(super) mod responsibility;
mod speaks;
pub(super) mod status;

use domain::backend::library::LibraryBook;
use domain::library::reference::Standard;
use domain::library::responsibility::Party;
use domain::library::{Entry, Framework, RequirementKey, Status};
use domain::problem::Problem;
use leptos::prelude::*;

use super::request::{Place, Request};
use crate::ui::header::Header;

/// The requirement of an address, with what its framework says of it. A number alone is one of PCI DSS.
fn named(request: &Request, book: &LibraryBook) -> Result<Entry, Problem> {
    let text = request.path("key");
    let key = match text.parse::<RequirementKey>() {
        Ok(key) => Some(key),
        Err(_) => RequirementKey::pci(&text),
    };
    key.and_then(|it| book.entry(&it)).ok_or(Problem::NotFound)
}

/// The framework of an address; PCI DSS where it names none.
fn framework_of(request: &Request, book: &LibraryBook) -> Result<(Framework, Vec<Entry>), Problem> {
    let framework = match request.query("framework") {
        None => Framework::Standard(Standard::Pci),
        Some(text) => text.parse().map_err(|_| Problem::NotFound)?,
    };
    let entries = book.entries(&framework).ok_or(Problem::NotFound)?;
    Ok((framework, entries))
}

/// Where a requirement stands, in words and a colour.
fn badge(status: Option<Status>) -> AnyView {
    let tone = match status {
        None | Some(Status::NotApplicable) => None,
        Some(Status::InPlace) => Some("ok"),
        Some(Status::InPlaceCompensated) => Some("info"),
        Some(Status::NotTested) => Some("warn"),
        Some(Status::NotInPlace) => Some("error"),
    };
    view! { <span class="badge" data-tone=tone>{words(status)}</span> }.into_any()
}

const fn words(status: Option<Status>) -> &'static str {
    match status {
        None => "Nobody has said",
        Some(Status::InPlaceCompensated) => "Compensating control",
        Some(it) => it.label(),
    }
}

/// Who does something, in a word.
const fn party(party: Party) -> &'static str {
    match party {
        Party::Entity => "We",
        Party::Provider => "Provider",
        Party::Shared => "Shared",
    }
}

/// The head of a page below the list of a framework.
fn head(place: &Place, heading: impl Into<String>) -> Header {
    Header::new(heading)
        .below(place.paths.page("evidence"), "Evidence")
        .below(place.paths.page("requirements"), "Requirements")
}

/// Every framework as a link to what a page shows of it, the standards first.
fn framework_tabs(book: &LibraryBook, current: &Framework, href: impl Fn(&str) -> String) -> AnyView {
    let standards = Standard::ALL.iter().map(|it| Framework::Standard(*it));
    let all = standards.chain(book.frameworks.keys().cloned().map(Framework::Own));
    let tab = |it: Framework| {
        let page = (it == *current).then_some("page");
        let name = book.framework_name(&it).to_owned();
        view! { <a href=href(it.as_str()) aria-current=page>{name}</a> }
    };
    view! { <nav class="tabs" aria-label="Frameworks">{all.map(tab).collect::<Vec<_>>()}</nav> }.into_any()
}
