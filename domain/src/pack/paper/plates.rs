//! The pages with maps: all of it folded as on the map, each lane of the cardholder data environment, each relevant system
//! with what it touches.

use std::collections::{BTreeMap, BTreeSet};

use super::super::derived::Derived;
use crate::id::{SegmentId, SystemId};
use crate::paper::{Block, Sheet};
use crate::scene::estate::{NO_SEGMENT, ViewOptions, drawing};
use crate::scene::{Drawing, Theme, svg};
use crate::scope::verdict::Category;

/// How many lanes have a page at most.
const LANES: usize = 24;
/// Up to how many boxes are read on a page; where there are more, the neighbours are folded into their segments.
const LEGIBLE: usize = 60;

/// All of them, in their order.
pub(super) fn all(it: &Derived, relevant: &[SystemId]) -> Vec<Block> {
    let mut pages = Pages(Vec::new());
    pages.add(it, "Overview: network and scope".to_owned(), ViewOptions::default());
    for (segment, members) in lanes(it) {
        let name = it.model.segments.get(&segment).map_or_else(|| segment.to_string(), |it| it.name.clone());
        let shown = with_neighbours(it, &members);
        let options = folded(it, shown, &members);
        pages.add(it, format!("Lane {name}: cardholder data environment, and what it touches"), options);
    }
    for id in relevant {
        let name = it.model.systems.get(id).map_or_else(|| id.to_string(), |it| it.name.clone());
        let itself = BTreeSet::from([id.clone()]);
        let shown = with_neighbours(it, &itself);
        let options = ViewOptions { focus: Some(id.clone()), ..folded(it, shown, &itself) };
        pages.add(it, format!("System {name}, and what it touches"), options);
    }
    pages.0
}

struct Pages(Vec<Block>);

impl Pages {
    fn add(&mut self, it: &Derived, title: String, options: ViewOptions) {
        let page = format!("M-{:02}", self.0.len() + 1);
        // The page has the title already, and a reader of the page hears it once.
        let options = ViewOptions { title: format!("{page}, as of {}", it.as_of), ..options };
        let drawn = drawing(&it.model, &it.scope, &options);
        let alt = told(&drawn, &title);
        self.0.push(Block::Picture { page, title, svg: svg(&drawn, Theme::Light), alt });
    }
}

/// What a picture shows, in words; the tables of the document and the files of the pack say the rest.
fn told(drawn: &Drawing, title: &str) -> String {
    let mut boxes: Vec<&str> = drawn.nodes.iter().map(|it| it.name.as_str()).take(20).collect();
    let more = drawn.nodes.len().saturating_sub(boxes.len());
    let rest = format!("{more} more");
    if more > 0 {
        boxes.push(&rest);
    }
    format!(
        "Data-flow map. {title}. {} Boxes: {}. 02_inventory.csv and 05_flows.csv say the same in words.",
        drawn.counts.sentence(),
        boxes.join(", ")
    )
}

/// The segments with systems of the cardholder data environment, those with the most first, each with its systems.
fn lanes(it: &Derived) -> Vec<(SegmentId, BTreeSet<SystemId>)> {
    let cde = |id: &SystemId| it.scope.systems.get(id).is_some_and(|it| it.category == Category::Cde);
    let mut members: BTreeMap<SegmentId, (usize, BTreeSet<SystemId>)> = BTreeMap::new();
    for system in it.model.systems.values() {
        if let Some(segment) = &system.segment {
            let (sensitive, all) = members.entry(segment.clone()).or_default();
            *sensitive += usize::from(cde(&system.id));
            all.insert(system.id.clone());
        }
    }
    let mut lanes: Vec<_> = members.into_iter().filter(|(_, (sensitive, _))| *sensitive > 0).collect();
    lanes.sort_by_key(|(segment, (sensitive, _))| (std::cmp::Reverse(*sensitive), segment.clone()));
    lanes.into_iter().take(LANES).map(|(segment, (_, all))| (segment, all)).collect()
}

/// The systems with those at the other ends of their flows.
fn with_neighbours(it: &Derived, systems: &BTreeSet<SystemId>) -> BTreeSet<SystemId> {
    let touching = it.model.flows.values().filter(|it| systems.contains(&it.from) || systems.contains(&it.to));
    let ends = touching.flat_map(|it| [&it.from, &it.to]).filter(|id| it.model.systems.contains_key(*id));
    ends.chain(systems).cloned().collect()
}

/// What draws these systems: one by one where they fit on a page, else with all but their own segments folded.
fn folded(it: &Derived, shown: BTreeSet<SystemId>, kept: &BTreeSet<SystemId>) -> ViewOptions {
    let segment = |id: &SystemId| {
        let segment = it.model.systems.get(id).and_then(|it| it.segment.clone());
        segment.unwrap_or_else(|| SegmentId::new(NO_SEGMENT))
    };
    let open: BTreeSet<SegmentId> = kept.iter().map(segment).collect();
    let closed = if shown.len() > LEGIBLE {
        shown.iter().map(segment).filter(|it| !open.contains(it)).collect()
    } else {
        BTreeSet::new()
    };
    ViewOptions { only: Some(shown), open, closed, ..ViewOptions::default() }
}

/// The pages with maps, as a list.
pub(super) fn contents(plates: &[Block]) -> Vec<Block> {
    let rows = plates.iter().filter_map(|it| match it {
        Block::Picture { page, title, .. } => Some(vec![page.clone(), title.clone()]),
        _ => None,
    });
    vec![
        Block::text(
            "The maps at the end of this document are drawn from the model, as of the same day. 04_network_diagram.svg, \
             04_network_diagram.json and the files that begin with 05_dataflow_ show all of it.",
        ),
        Block::Table(Sheet::new(&["Map", "What it shows"], rows.collect(), plates.len(), "the SVG files")),
    ]
}
