//! Reviews: the list, opening one, the session, signing, and what was sealed.

mod carried;
mod decided;
mod gates;
mod item;
pub(super) mod list;
mod meeting;
pub(super) mod open;
mod panel;
pub(super) mod seal;
pub(super) mod session;
pub(super) mod sign;

use domain::backend::reviews::ReviewState;
use domain::id::PersonId;
use domain::model::draft::options;
use domain::problem::Problem;
use domain::review::draft::item_key;
use domain::review::session::{Phase, TickState};
use domain::review::{Item, ReviewKey, ReviewKind};
use domain::role::Capability;
use leptos::prelude::*;

use super::request::{Place, Request};
use super::risks::person;
use crate::ui::link::with_query;

/// A review with the workspace in which it is.
struct Seen {
    place: Place,
    review: ReviewState,
}

impl Seen {
    /// The review of the address.
    async fn of(request: &Request) -> Result<Self, Problem> {
        let place = request.place().await?;
        let key: ReviewKey = request.path("key").parse().map_err(|_| Problem::NotFound)?;
        let review = request.backend()?.review(&place.estate.workspace.id, key).await?;
        Ok(Self { place, review })
    }

    /// The address of the review.
    fn own(&self) -> String {
        self.place.paths.review(self.review.session.key)
    }

    /// Whether whoever asks takes part: their role gives the right, and the review is going on.
    fn takes_part(&self) -> bool {
        self.is_going_on() && self.place.may(Capability::Review)
    }

    /// Whether something can still happen to it.
    fn is_going_on(&self) -> bool {
        !matches!(self.review.session.phase(), Phase::Sealed | Phase::Withdrawn)
    }

    /// Whether ticks and answers are taken: after the first signature they are not, unless somebody refuses.
    fn is_open(&self) -> bool {
        self.takes_part() && self.review.session.phase() == Phase::Open
    }

    /// The items in the order of a meeting: what changed first, then what did not.
    fn items(&self) -> Vec<&Item> {
        self.review.difference.changed().chain(self.review.difference.unchanged()).collect()
    }

    /// The number of an item in that order, from 1.
    fn number(&self, item: &Item) -> usize {
        self.items().iter().position(|it| it.object == item.object).map_or(1, |place| place + 1)
    }

    /// The page with one form of its own over it.
    fn asking(&self, pairs: &[(&str, &str)]) -> String {
        with_query(&self.own(), pairs)
    }

    /// The page with a form about an item.
    fn about(&self, item: &Item, step: &str) -> String {
        let number = self.number(item).to_string();
        self.asking(&[("do", step), ("item", &number), ("about", &item_key(&item.object))])
    }

    /// Whether somebody looked at the item as it is.
    fn is_done(&self, item: &Item) -> bool {
        matches!(self.review.session.tick_state(item), TickState::Holds(_))
    }
}

/// How far a review is, as a chip.
fn phase(phase: Phase) -> AnyView {
    let tone = match phase {
        Phase::Open => Some("warn"),
        Phase::Signing | Phase::Signed => Some("info"),
        Phase::Sealed => Some("ok"),
        Phase::Withdrawn => None,
    };
    view! { <span class="badge" data-tone=tone>{phase.label()}</span> }.into_any()
}

/// The items of a kind, in words: `12 systems`.
fn counted(kind: ReviewKind, number: usize) -> String {
    let (one, many) = match kind {
        ReviewKind::Integrations => ("system", "systems"),
        ReviewKind::Vendors => ("vendor or connector", "vendors and connectors"),
        ReviewKind::Credentials => ("credential or key", "credentials and keys"),
        ReviewKind::Access => ("group or credential", "groups and credentials"),
        ReviewKind::Scope => ("object", "objects"),
    };
    format!("{number} {}", if number == 1 { one } else { many })
}

/// People by name, linked, divided by commas.
fn people<'p>(place: &Place, all: impl Iterator<Item = &'p PersonId>) -> AnyView {
    let views: Vec<_> = all
        .enumerate()
        .map(|(number, id)| view! { {(number > 0).then_some(", ")}{person(place, id)} }.into_any())
        .collect();
    views.into_any()
}

/// The people who can be named: those of the inventory, and whoever asks where nobody is linked to them.
fn nameable(place: &Place, me: Option<&PersonId>) -> Vec<(String, String)> {
    let mut all = options::people(&place.estate.model);
    if let Some(me) = me.filter(|it| !place.estate.model.people.contains_key(*it)) {
        all.insert(0, (me.to_string(), "Myself".to_owned()));
    }
    all
}

/// The words of a field, for the summary of errors.
fn label(name: &str) -> Option<String> {
    let label = match name {
        "words" => "In words",
        "who" => "Who",
        "due" => "Due",
        "proposal" => "Proposal",
        "seen" => "What is attested",
        "comment" => "What you add",
        _ => return None,
    };
    Some(label.to_owned())
}
