//! A drawing made ready: sorted, every flow with both its ends, every system in a lane, everything in its place.

use std::collections::{BTreeMap, BTreeSet};

use crate::layout::text::Weight;
use crate::layout::{self, Graph, Layout};

use super::strip::Strip;
use super::{Badge, Bundle, Category, Drawing, Highlight, Lane, Node, Pin, node};

/// Above this many systems only the most sensitive chips are drawn.
const DETAILED: usize = 120;
/// The strip at the left of the lanes that holds their names.
const LANE_HEADER: i32 = 116;

/// Everything the writer needs; indices are those of the sorted lists.
pub(super) struct Plan {
    pub(super) lanes: Vec<Lane>,
    pub(super) nodes: Vec<Node>,
    pub(super) lane_of: Vec<usize>,
    pub(super) bundles: Vec<Bundle>,
    pub(super) ends: Vec<(usize, usize)>,
    pub(super) strips: Vec<Strip>,
    pub(super) layout: Layout,
    pub(super) header: i32,
    pub(super) emphasis: Option<Emphasis>,
}

/// The highlighted path by index.
pub(super) struct Emphasis {
    pub(super) nodes: BTreeSet<usize>,
    /// The step numbers of every bundle on the path; none where it belongs to it without a number.
    pub(super) bundles: BTreeMap<usize, Vec<u32>>,
    /// What is printed on the corners of boxes.
    pub(super) badges: BTreeMap<usize, Badge>,
    /// Boxes whose names are struck through.
    pub(super) gone: BTreeSet<usize>,
}

/// A drawing in order: the same drawing gives the same lists, whatever the order of its parts was.
pub(super) struct Sorted {
    pub(super) lanes: Vec<Lane>,
    pub(super) nodes: Vec<Node>,
    /// The lane of every system.
    pub(super) lane_of: Vec<usize>,
    pub(super) bundles: Vec<Bundle>,
    /// The systems at the ends of every line.
    pub(super) ends: Vec<(usize, usize)>,
}

impl Sorted {
    pub(super) fn of(drawing: &Drawing) -> Self {
        let (lanes, nodes, bundles) = sorted(drawing);
        let (lanes, lane_of) = lanes_of(lanes, &nodes);
        let index: BTreeMap<&str, usize> = nodes.iter().enumerate().map(|(i, node)| (node.key.as_str(), i)).collect();
        let ends = bundles.iter().map(|bundle| (index[bundle.from.as_str()], index[bundle.to.as_str()])).collect();
        Self { lanes, nodes, lane_of, bundles, ends }
    }
}

impl Plan {
    pub(super) fn new(drawing: &Drawing) -> Self {
        let Sorted { lanes, nodes, lane_of, bundles, ends } = Sorted::of(drawing);
        let index: BTreeMap<&str, usize> = nodes.iter().enumerate().map(|(i, node)| (node.key.as_str(), i)).collect();
        let emphasis = drawing.highlight.as_ref().map(|highlight| Emphasis::new(highlight, &index, &bundles, &ends));
        let strips: Vec<Strip> = bundles
            .iter()
            .enumerate()
            .map(|(number, bundle)| {
                let steps = emphasis.as_ref().and_then(|emphasis| emphasis.bundles.get(&number));
                Strip::new(bundle, steps.map_or(&[], Vec::as_slice), nodes.len() <= DETAILED)
            })
            .collect();
        let header = if lanes.iter().all(|lane| lane.name.is_empty()) { 0 } else { LANE_HEADER };
        let graph = Graph {
            lanes: lanes.len(),
            lane_header: header,
            lane_heights: lanes.iter().map(|lane| lane_name(lane, header).len()).map(lane_height).collect(),
            nodes: nodes
                .iter()
                .zip(&lane_of)
                .map(|(node, lane)| layout::Node {
                    lane: *lane,
                    width: node::width_of(&node.name, &node.sublabel),
                    height: node::height_of(&node.name),
                    pin: node.pin,
                })
                .collect(),
            edges: ends
                .iter()
                .zip(&strips)
                .map(|((from, to), strip)| layout::Edge {
                    from: *from,
                    to: *to,
                    strip: strip.width(),
                    weight: strip.weight(),
                })
                .collect(),
        };
        let layout = layout::arrange(&graph);
        drop(index);
        Self { lanes, nodes, lane_of, bundles, ends, strips, layout, header, emphasis }
    }

    /// The column of a box, and its row in its lane.
    pub(super) fn place(&self, node: usize) -> Pin {
        let (cell, lane) = (self.layout.cells[node], self.lane_of[node]);
        Pin { column: cell.column, row: cell.row.saturating_sub(self.layout.first_rows[lane]) }
    }

    /// The place of the box with this key.
    pub(super) fn place_of(&self, key: &str) -> Option<Pin> {
        self.nodes.iter().position(|node| node.key == key).map(|node| self.place(node))
    }

    /// The keys a system sends to and receives from, most sensitive flow first, each once.
    pub(super) fn neighbours(&self) -> (Vec<Vec<&str>>, Vec<Vec<&str>>) {
        let mut order: Vec<usize> = (0..self.bundles.len()).collect();
        order.sort_by_key(|bundle| (self.strips[*bundle].rank(), *bundle));
        let mut out = vec![Vec::new(); self.nodes.len()];
        let mut into = vec![Vec::new(); self.nodes.len()];
        let mut seen = BTreeSet::new();
        for bundle in order {
            let (from, to) = self.ends[bundle];
            // Two lines between the same systems make them neighbours once.
            if seen.insert((from, to)) {
                out[from].push(self.nodes[to].key.as_str());
                into[to].push(self.nodes[from].key.as_str());
            }
        }
        (out, into)
    }
}

/// The name of a lane, broken into the lines of its header.
pub(super) fn lane_name(lane: &Lane, header: i32) -> Vec<String> {
    layout::text::wrap(&lane.name, Weight::Semibold, 120, header - 24, 3)
}

fn lane_height(lines: usize) -> i32 {
    i32::try_from(lines).map_or(0, |lines| 34 + 16 * lines)
}

impl Emphasis {
    fn new(highlight: &Highlight, index: &BTreeMap<&str, usize>, bundles: &[Bundle], ends: &[(usize, usize)]) -> Self {
        let mut nodes: BTreeSet<usize> =
            highlight.nodes.iter().filter_map(|key| index.get(key.as_str()).copied()).collect();
        let badges: BTreeMap<usize, Badge> = highlight
            .badges
            .iter()
            .filter_map(|badge| index.get(badge.node.as_str()).map(|node| (*node, badge.clone())))
            .collect();
        nodes.extend(badges.keys().copied());
        let lines: BTreeSet<&str> = highlight.lines.iter().map(String::as_str).collect();
        let mut steps: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        for (number, bundle) in bundles.iter().enumerate() {
            let mut here: Vec<u32> = highlight
                .steps
                .iter()
                .filter(|step| bundle.keys.contains(&step.flow))
                .map(|step| step.number)
                .collect();
            here.sort_unstable();
            here.dedup();
            if !here.is_empty() || bundle.keys.iter().any(|key| lines.contains(key.as_str())) {
                nodes.extend([ends[number].0, ends[number].1]);
                steps.insert(number, here);
            }
        }
        let gone = highlight.gone.iter().filter_map(|key| index.get(key.as_str()).copied()).collect();
        Self { nodes, bundles: steps, badges, gone }
    }
}

/// Sorted and complete: an end nobody declared becomes an open end.
fn sorted(drawing: &Drawing) -> (Vec<Lane>, Vec<Node>, Vec<Bundle>) {
    let mut lanes = drawing.lanes.clone();
    lanes.sort();
    lanes.dedup_by(|later, earlier| later.key == earlier.key);
    let mut nodes = drawing.nodes.clone();
    let mut bundles = drawing.bundles.clone();
    for bundle in &mut bundles {
        bundle.keys.sort();
        bundle.keys.dedup();
        bundle.chips.sort();
        bundle.chips.dedup();
    }
    bundles.sort();
    let declared: BTreeSet<&str> = drawing.nodes.iter().map(|node| node.key.as_str()).collect();
    let mut open: BTreeMap<&str, &Bundle> = BTreeMap::new();
    for bundle in &bundles {
        for end in [bundle.from.as_str(), bundle.to.as_str()] {
            if !declared.contains(end) {
                open.entry(end).or_insert(bundle);
            }
        }
    }
    nodes.extend(open.into_iter().map(|(key, bundle)| Node {
        key: key.to_owned(),
        name: key.to_owned(),
        sublabel: "not declared".to_owned(),
        open_end: false,
        lane: None,
        category: Category::Undeclared,
        href: bundle.href.clone(),
        sentence: format!("{key}. Open end: a flow names it, but nobody declared it."),
        pin: None,
        group: None,
    }));
    nodes.sort();
    nodes.dedup_by(|later, earlier| later.key == earlier.key);
    (lanes, nodes, bundles)
}

/// The lanes, with one more for systems without a segment when there are any, and the lane of every node.
fn lanes_of(mut lanes: Vec<Lane>, nodes: &[Node]) -> (Vec<Lane>, Vec<usize>) {
    let numbers: BTreeMap<String, usize> =
        lanes.iter().enumerate().map(|(number, lane)| (lane.key.clone(), number)).collect();
    let place = |node: &Node| node.lane.as_ref().and_then(|key| numbers.get(key)).copied();
    let named = !lanes.is_empty();
    if !named || nodes.iter().any(|node| place(node).is_none()) {
        let name = if named { "No segment" } else { "" };
        lanes.push(Lane { order: i32::MAX, name: name.to_owned(), ..Lane::default() });
    }
    let last = lanes.len() - 1;
    let lane_of = nodes.iter().map(|node| place(node).unwrap_or(last)).collect();
    (lanes, lane_of)
}
