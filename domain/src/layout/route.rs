//! Which gutters a flow takes. Only the topology is decided here, no pixel.
//!
//! A row is free between two boxes that stand next to each other in it; that stretch is their corridor. Lines run
//! along corridors and gutters only and therefore never cross a foreign box:
//! * neighbours in a row are joined by a straight line;
//! * if the corridors of both ends reach a common gutter, the line turns twice, in that gutter;
//! * else it turns four times and crosses the picture in the gutter between two rows;
//! * neighbours in a column are joined by a vertical line.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::load::Load;
use super::place::Grid;
use super::{Cell, Graph};

/// The side of a box where a line is attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Left,
    Right,
}

/// The way of a line. Gutter `g` is left of column `g`, gutter `h` is above row `h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Along the row from box to box.
    Straight { from: Side, to: Side },
    /// Two turns, both in one vertical gutter.
    Once { from: Side, gutter: usize, to: Side },
    /// Four turns: down one gutter, along a horizontal one, down another.
    Twice { from: Side, first: usize, across: usize, second: usize, to: Side },
    /// Between neighbours of a column; `share` tells the two lines of a pair apart.
    Upright { share: Share },
}

/// The part of the box's width an upright line has for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Share {
    Whole,
    LeftHalf,
    RightHalf,
}

/// One way for every edge of the graph.
pub(super) fn ways(graph: &Graph, grid: &Grid) -> Vec<Way> {
    let uprights = uprights(graph, grid);
    let mut traffic = Traffic::new(grid);
    graph
        .edges
        .iter()
        .enumerate()
        .map(|(index, edge)| match uprights.get(&index) {
            Some(share) => Way::Upright { share: *share },
            None => sideways(grid, &mut traffic, edge.from, edge.to),
        })
        .collect()
}

/// The gutters a line can reach from one side of a box without leaving its row.
pub(super) fn corridor(grid: &Grid, node: usize, side: Side) -> RangeInclusive<usize> {
    let Cell { column, row } = grid.cells[node];
    let row = &grid.rows[row];
    let position = grid.position[node];
    match side {
        Side::Left => {
            let before = position.checked_sub(1).map_or(0, |left| grid.cells[row[left]].column + 1);
            before..=column
        }
        Side::Right => {
            let after = row.get(position + 1).map_or(grid.columns, |right| grid.cells[*right].column);
            column + 1..=after
        }
    }
}

/// Lines between boxes that stand directly above each other: the first two of every pair.
fn uprights(graph: &Graph, grid: &Grid) -> BTreeMap<usize, Share> {
    let mut pairs: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (index, edge) in graph.edges.iter().enumerate() {
        let (from, to) = (grid.cells[edge.from], grid.cells[edge.to]);
        if from.column == to.column && from.row.abs_diff(to.row) == 1 {
            pairs.entry((edge.from.min(edge.to), edge.from.max(edge.to))).or_default().push(index);
        }
    }
    let mut shares = BTreeMap::new();
    for ((one, other), edges) in pairs {
        // Two lines share the width only if their chips do not reach into each other.
        let half = graph.nodes[one].width.min(graph.nodes[other].width) / 2 - 8;
        match edges.as_slice() {
            [first, second, ..] if [first, second].iter().all(|edge| graph.edges[**edge].strip <= half) => {
                shares.insert(*first, Share::LeftHalf);
                shares.insert(*second, Share::RightHalf);
            }
            [only, ..] => {
                shares.insert(*only, Share::Whole);
            }
            [] => {}
        }
    }
    shares
}

fn sideways(grid: &Grid, traffic: &mut Traffic, from: usize, to: usize) -> Way {
    let (start, end) = (grid.cells[from], grid.cells[to]);
    let (leaves, arrives) = match start.column.cmp(&end.column) {
        std::cmp::Ordering::Less => (Side::Right, Side::Left),
        std::cmp::Ordering::Greater => (Side::Left, Side::Right),
        std::cmp::Ordering::Equal => (Side::Right, Side::Right),
    };
    let near = corridor(grid, from, leaves);
    let far = corridor(grid, to, arrives);
    let common = *near.start().max(far.start())..=*near.end().min(far.end());
    if start.row == end.row && start.column != end.column && !common.is_empty() {
        return Way::Straight { from: leaves, to: arrives };
    }
    if !common.is_empty() {
        // Between two boxes every gutter is equally far; around a column the nearest one is no detour.
        let choice = if leaves == arrives { *common.start()..=*common.start() } else { common };
        let gutter = traffic.vertical_gutter(choice, start.row, end.row, leaves == Side::Right);
        return Way::Once { from: leaves, gutter, to: arrives };
    }
    let (first, second) = if leaves == Side::Right { (*near.end(), *far.start()) } else { (*near.start(), *far.end()) };
    let across = traffic.horizontal_gutter(across_choices(grid, start, end), first, second);
    traffic.add_vertical(first, 2 * start.row + 1, 2 * across);
    traffic.add_vertical(second, 2 * end.row + 1, 2 * across);
    Way::Twice { from: leaves, first, across, second, to: arrives }
}

/// The horizontal gutters that are no detour; flows within one lane pass under it.
fn across_choices(grid: &Grid, start: Cell, end: Cell) -> RangeInclusive<usize> {
    let lane = grid.lane_of_row(start.row);
    if lane == grid.lane_of_row(end.row) && (start.row == end.row || end.column < start.column) {
        let under = grid.first_row(lane + 1);
        return under..=under;
    }
    start.row.min(end.row) + 1..=start.row.max(end.row)
}

/// How many gutters are compared.
const CHOICES: usize = 8;

/// How many lines already run where, so that the next one takes the emptiest gutter.
struct Traffic {
    /// By vertical gutter, then by position: `2r + 1` is row `r`, `2h` the gutter above row `h`.
    vertical: Vec<Load>,
    /// By horizontal gutter, then by vertical gutter.
    horizontal: Vec<Load>,
}

impl Traffic {
    fn new(grid: &Grid) -> Self {
        let rows = grid.rows.len();
        Self {
            vertical: (0..=grid.columns).map(|_| Load::new(2 * rows + 1)).collect(),
            horizontal: (0..=rows).map(|_| Load::new(grid.columns + 1)).collect(),
        }
    }

    /// The emptiest gutter; of equal ones the one next to the target for a flow to the right, else next to the source.
    fn vertical_gutter(&mut self, choice: RangeInclusive<usize>, start: usize, end: usize, last: bool) -> usize {
        let (low, high) = ordered(2 * start + 1, 2 * end + 1);
        let load = |gutter: usize| self.vertical[gutter].highest(low, high);
        let fallback = *choice.start();
        let best = if last {
            choice.rev().take(CHOICES).min_by_key(|gutter| load(*gutter))
        } else {
            choice.take(CHOICES).min_by_key(|gutter| load(*gutter))
        };
        let best = best.unwrap_or(fallback);
        self.add_vertical(best, low, high);
        best
    }

    fn horizontal_gutter(&mut self, choice: RangeInclusive<usize>, first: usize, second: usize) -> usize {
        let (low, high) = ordered(first, second);
        let load = |gutter: usize| self.horizontal[gutter].highest(low, high);
        let fallback = *choice.start();
        let best = choice.take(CHOICES).min_by_key(|gutter| load(*gutter)).unwrap_or(fallback);
        self.horizontal[best].raise(low, high);
        best
    }

    fn add_vertical(&mut self, gutter: usize, one: usize, other: usize) {
        let (low, high) = ordered(one, other);
        self.vertical[gutter].raise(low, high);
    }
}

fn ordered(one: usize, other: usize) -> (usize, usize) {
    (one.min(other), one.max(other))
}
