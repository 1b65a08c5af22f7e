//! What of the estate a view of the map shows, read from its address. The page and the files of the map ask for the
//! same view, so that a file holds what was seen.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::backend::{Account, Estate};
use domain::blast::{Start, radius};
use domain::id::{ElementId, SegmentId, SystemId};
use domain::lineage::lineage;
use domain::scene::estate::{Comparison, ViewOptions, list_of_segments, path_segment, segments_of_list};

use super::super::filter::Filter;
use super::super::request::{Place, Request};
use super::super::snapshots::Against;
use super::super::systems::list::matching;
use crate::ui::link::{Paths, with_query};

/// What of the estate is asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// The filter as typed.
    pub q: String,
    pub focus: Option<SystemId>,
    pub hops: Option<usize>,
    pub mode: Mode,
    /// The segments that are opened although there is much to draw, and those that are collapsed by hand.
    pub open: BTreeSet<SegmentId>,
    pub closed: BTreeSet<SegmentId>,
}

/// What the view emphasises.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Mode {
    /// Nothing.
    #[default]
    Plain,
    /// The proof of the focus.
    Explain,
    /// What something hostile reaches.
    Blast(Start),
    /// The way of an element.
    Lineage(ElementId),
    /// What differs from another state.
    Diff(Against),
    /// A mode of the address that says of nothing what it is about, or of something that cannot be read.
    Unreadable(&'static str),
}

impl Mode {
    fn read(query: &dyn Fn(&str) -> Option<String>) -> Self {
        match query("mode").as_deref() {
            Some("explain") => Self::Explain,
            Some("blast") => {
                let focus = || query("focus").map(|id| Start::System { id: SystemId::new(id) });
                let start = query("start").map_or_else(|| focus().ok_or(()), |it| it.parse().map_err(|_| ()));
                match start {
                    // Where a field is, is its way through the estate.
                    Ok(Start::Field { element }) => Self::Lineage(element),
                    Ok(start) => Self::Blast(start),
                    Err(()) => Self::Unreadable("blast"),
                }
            }
            Some("lineage") => {
                query("element").map_or(Self::Unreadable("lineage"), |it| Self::Lineage(ElementId::new(it)))
            }
            Some("diff") => match (query("from"), query("proposal")) {
                (Some(from), _) => {
                    from.parse().map_or(Self::Unreadable("diff"), |key| Self::Diff(Against::Snapshot(key)))
                }
                (None, Some(_)) => Self::Diff(Against::Live),
                (None, None) => Self::Unreadable("diff"),
            },
            _ => Self::Plain,
        }
    }

    /// The pairs of the address that say it.
    fn pairs(&self) -> [(&'static str, String); 4] {
        let from = match self {
            Self::Diff(Against::Snapshot(key)) => key.to_string(),
            _ => String::new(),
        };
        let (mode, start, element) = match self {
            Self::Plain => ("", String::new(), String::new()),
            Self::Explain => ("explain", String::new(), String::new()),
            Self::Blast(start) => ("blast", start.to_string(), String::new()),
            Self::Lineage(element) => ("lineage", String::new(), element.to_string()),
            Self::Diff(_) => ("diff", String::new(), String::new()),
            Self::Unreadable(mode) => (*mode, String::new(), String::new()),
        };
        [("mode", mode.to_owned()), ("start", start), ("element", element), ("from", from)]
    }

    /// The state with which it compares.
    pub const fn compared_with(&self) -> Option<Against> {
        match self {
            Self::Diff(other) => Some(*other),
            _ => None,
        }
    }
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
            mode: Mode::read(query),
            open: segments("open"),
            closed: segments("closed"),
        }
    }

    /// The same view with another distance.
    pub fn within(&self, place: &Place, hops: Option<usize>) -> String {
        Self { hops, ..self.clone() }.address(place, "map")
    }

    /// The same view with something else emphasised.
    pub fn in_mode(&self, place: &Place, mode: Mode) -> String {
        Self { mode, ..self.clone() }.address(place, "map")
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
        let mut pairs = vec![
            ("q", self.q.clone()),
            ("focus", self.focus.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("hops", self.hops.map(|it| it.to_string()).unwrap_or_default()),
        ];
        pairs.extend(self.mode.pairs());
        pairs
    }

    /// What to draw. A focus that is not in the estate is none, and so is a start.
    pub fn options(&self, place: &Place, compared: Option<&Comparison>) -> ViewOptions {
        let estate = &place.estate;
        let focus = self.focus.clone().filter(|id| estate.model.systems.contains_key(id));
        let query: Vec<String> = self
            .pairs_of_view()
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", path_segment(&value)))
            .collect();
        let blast = match &self.mode {
            Mode::Blast(start) => radius(&estate.model, &estate.scope, start).ok().map(Arc::new),
            _ => None,
        };
        let lineage = match &self.mode {
            Mode::Lineage(element) => Some(Arc::new(lineage(&estate.model, element))),
            _ => None,
        };
        ViewOptions {
            base: place.paths.home(),
            query: query.join("&"),
            title: estate.workspace.name.clone(),
            explain: self.mode == Mode::Explain && focus.is_some(),
            blast,
            lineage: lineage.filter(|lineage| !lineage.stops.is_empty()),
            fates: compared.map(|both| Arc::clone(&both.fates)),
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
pub fn view_options(
    account: Account,
    estate: Arc<Estate>,
    compared: Option<&Comparison>,
    query: &dyn Fn(&str) -> Option<String>,
) -> ViewOptions {
    let place = Place { paths: Paths::of(&estate.workspace.id), account, estate };
    Seen::read(query).options(&place, compared)
}

/// The state with which the view of a query compares.
#[must_use]
pub fn compared_with(query: &dyn Fn(&str) -> Option<String>) -> Option<Against> {
    Mode::read(query).compared_with()
}
