//! What of the estate a view of the map shows, read from its address. The page and the files of the map ask for the
//! same view, so that a file holds what was seen.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::backend::{Account, Estate};
use domain::id::{SegmentId, SystemId};
use domain::scene::estate::{ViewOptions, list_of_segments, path_segment, segments_of_list};

use super::super::filter::Filter;
use super::super::request::{Place, Request};
use super::super::systems::list::matching;
use crate::ui::link::{Paths, with_query};

/// What of the estate is asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// The filter as typed.
    pub q: String,
    pub focus: Option<SystemId>,
    pub hops: Option<usize>,
    pub explain: bool,
    /// The segments that are opened although there is much to draw, and those that are collapsed by hand.
    pub open: BTreeSet<SegmentId>,
    pub closed: BTreeSet<SegmentId>,
}

impl Seen {
    pub fn of(request: &Request) -> Self {
        Self::read(&|name| request.query(name))
    }

    fn read(query: &dyn Fn(&str) -> Option<String>) -> Self {
        let segments = |name: &str| segments_of_list(&query(name).unwrap_or_default());
        Self {
            q: query("q").unwrap_or_default(),
            focus: query("focus").map(SystemId::new),
            hops: query("hops").and_then(|it| it.parse().ok()).filter(|hops| (1..=4).contains(hops)),
            explain: query("mode").is_some_and(|mode| mode == "explain"),
            open: segments("open"),
            closed: segments("closed"),
        }
    }

    /// The same view with another distance or mode.
    pub fn url(&self, place: &Place, hops: Option<usize>, explain: bool) -> String {
        Self { hops, explain, ..self.clone() }.address(place, "map")
    }

    /// The same view as a page or as a file.
    pub fn address(&self, place: &Place, page: &str) -> String {
        let own = self.pairs();
        let pairs: Vec<(&str, &str)> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
        with_query(&place.paths.page(page), &pairs)
    }

    /// Everything that the address says, in the order in which it says it.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = self.pairs_of_view();
        pairs.push(("open", list_of_segments(&self.open)));
        pairs.push(("closed", list_of_segments(&self.closed)));
        pairs
    }

    fn pairs_of_view(&self) -> Vec<(&'static str, String)> {
        vec![
            ("q", self.q.clone()),
            ("focus", self.focus.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("hops", self.hops.map(|it| it.to_string()).unwrap_or_default()),
            ("mode", if self.explain { "explain".to_owned() } else { String::new() }),
        ]
    }

    /// What to draw. A focus that is not in the estate is none.
    pub fn options(&self, place: &Place) -> ViewOptions {
        let focus = self.focus.clone().filter(|id| place.estate.model.systems.contains_key(id));
        let query: Vec<String> = self
            .pairs_of_view()
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", path_segment(&value)))
            .collect();
        ViewOptions {
            base: place.paths.home(),
            query: query.join("&"),
            title: place.estate.workspace.name.clone(),
            explain: self.explain && focus.is_some(),
            hops: self.hops,
            only: (!self.q.is_empty()).then(|| matching(place, &Filter::parse(&self.q))),
            open: self.open.clone(),
            closed: self.closed.clone(),
            focus,
            ..ViewOptions::default()
        }
    }
}

/// What a file of the map draws, from the query of its address.
#[must_use]
pub fn view_options(account: Account, estate: Arc<Estate>, query: &dyn Fn(&str) -> Option<String>) -> ViewOptions {
    let place = Place { paths: Paths::of(&estate.workspace.id), account, estate };
    Seen::read(query).options(&place)
}
