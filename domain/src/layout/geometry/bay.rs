//! The room that strips of chips take in a gutter, beside the boxes their lines arrive at.

use super::heights::Heights;
use super::{PITCH, STRIP_GAP, STRIP_HEIGHT, arrival};
use crate::layout::Graph;
use crate::layout::place::Grid;
use crate::layout::ports::{Host, Ports};
use crate::layout::route::{Side, Way};
use crate::layout::tracks::{Run, assign};

/// Between a box and the first line beside it: an arrowhead and a rounded corner fit.
const COLUMN_PAD: i32 = 16;
/// Between a strip and the line that passes it.
const STRIP_PAD: i32 = 7;

/// The strips that stand on one side of a gutter, beside the boxes the lines arrive at, from top to bottom.
pub(super) struct Bay {
    /// The middle of every strip, and in `widest[k][i]` the widest of the `2^k` strips from `i` on.
    middles: Vec<i32>,
    widest: Vec<Vec<i32>>,
}

impl Bay {
    pub(super) fn new(strips: &[(i32, i32)]) -> Self {
        let mut sorted = strips.to_vec();
        sorted.sort_unstable();
        let mut widest = vec![sorted.iter().map(|(_, width)| *width).collect::<Vec<i32>>()];
        let mut reach = 1;
        while 2 * reach <= sorted.len() {
            let before = &widest[widest.len() - 1];
            let next = before.iter().zip(&before[reach..]).map(|(one, other)| *one.max(other)).collect();
            widest.push(next);
            reach *= 2;
        }
        Self { middles: sorted.iter().map(|(middle, _)| *middle).collect(), widest }
    }

    /// How far a line that runs from `low` to `high` has to keep away from this side of the gutter.
    fn keep_off(&self, low: i32, high: i32) -> i32 {
        let from = self.middles.partition_point(|middle| *middle < low - STRIP_HEIGHT / 2 - 1);
        let to = self.middles.partition_point(|middle| *middle <= high + STRIP_HEIGHT / 2 + 1);
        if from >= to {
            return COLUMN_PAD;
        }
        let level = (to - from).ilog2() as usize;
        let row = &self.widest[level];
        STRIP_GAP + row[from].max(row[to - (1 << level)]) + STRIP_PAD
    }

    /// The room that the widest strip needs where no line passes.
    fn width(&self) -> i32 {
        self.widest[0].iter().max().map_or(0, |widest| STRIP_GAP + widest + STRIP_PAD)
    }
}

/// The strips at the left and at the right side of every gutter: their middle and their width.
pub(super) type Strips = Vec<Vec<(i32, i32)>>;

pub(super) fn strips_beside(
    graph: &Graph,
    grid: &Grid,
    ways: &[Way],
    ports: &Ports,
    heights: &Heights,
) -> (Strips, Strips) {
    let mut left = vec![Vec::new(); grid.columns + 1];
    let mut right = vec![Vec::new(); grid.columns + 1];
    for (index, edge) in graph.edges.iter().enumerate() {
        if edge.strip == 0 || ports.hosts[index] != Host::Bay {
            continue;
        }
        let column = grid.cells[edge.to].column;
        match arrival(ways[index]) {
            Some(Side::Left) => right[column].push((heights.to[index], edge.strip)),
            Some(Side::Right) => left[column + 1].push((heights.to[index], edge.strip)),
            None => {}
        }
    }
    (left, right)
}

/// Where every run of a gutter stands, from the left edge of the gutter, and how wide the gutter is. Lines keep off the
/// strips that they would pass and nothing else, so that strips and lines of different rows share the same room.
pub(super) fn in_gutter(runs: &[Run], left: &Bay, right: &Bay, least: i32) -> (Vec<i32>, i32) {
    let (tracks, count) = assign(runs);
    let mut from_left = vec![COLUMN_PAD; count];
    let mut from_right = vec![COLUMN_PAD; count];
    for (run, track) in runs.iter().zip(&tracks) {
        from_left[*track] = from_left[*track].max(left.keep_off(run.low, run.high));
        from_right[*track] = from_right[*track].max(right.keep_off(run.low, run.high));
    }
    let mut at: Vec<i32> = Vec::with_capacity(count);
    for least in from_left {
        at.push(at.last().map_or(least, |before: &i32| least.max(before + PITCH)));
    }
    let lines = at.iter().zip(&from_right).map(|(at, off)| at + off).max().unwrap_or(0);
    let needed = lines.max(left.width()).max(right.width());
    let width = needed.max(least);
    // What is left over goes to both sides of the lines.
    let shift = (width - lines) / 2;
    (tracks.iter().map(|track| at[*track] + if count == 0 { 0 } else { shift }).collect(), width)
}
