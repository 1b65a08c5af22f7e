//! The inventory of every kind of record that has no pages of its own: all kinds, one kind, one record, its form.
//!
//! Everything that differs from kind to kind is said in [`domain::inventory`]; beside it only what some kinds have that
//! no other has: the systems of a segment, the grants of a credential, what a vendor promised, the approval of a decision.

pub(super) mod bulk;
mod checkpoints;
pub(super) mod detail;
pub(super) mod edit;
mod fields;
mod grants;
pub(super) mod list;
pub(super) mod nav;
pub(super) mod overview;
mod service_level;
mod special;

use domain::inventory::{Kind, find};
use domain::model::object::Object;
use domain::problem::Problem;

use super::request::{Place, Request};

/// The kind that the address names.
fn kind_of(request: &Request) -> Result<&'static Kind, Problem> {
    Kind::named(&request.path("kind")).ok_or(Problem::NotFound)
}

/// The record that the address names, as it is stored.
fn record_of(request: &Request, place: &Place, kind: &'static Kind) -> Result<Object, Problem> {
    find(kind, &request.path("key"), &place.estate.stored).ok_or(Problem::NotFound)
}

/// A word with a capital at the beginning.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// One of a kind, with its article: `a segment`, `an access group`.
pub(super) fn one(kind: &Kind) -> String {
    let article = if kind.one.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {}", kind.one)
}
