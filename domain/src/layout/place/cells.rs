//! How many systems stand in one cell of lane and column: full cells give some away, or get sub-columns.

use std::collections::BTreeMap;

use crate::layout::rank::Columns;

/// How far a system may move to find an empty cell of its lane.
const SPILL_REACH: usize = 3;

/// The column of every node after overfull cells gave some away to the nearest empty cell of their lane.
pub(super) fn spill(
    columns: &Columns,
    lane_of: &[usize],
    lanes: usize,
    capacity: &[usize],
    pinned: impl Fn(usize) -> bool,
) -> Vec<Option<usize>> {
    let mut cells = vec![vec![Vec::new(); columns.count]; lanes];
    for (node, column) in columns.of.iter().enumerate().filter(|(node, _)| !pinned(*node)) {
        if let Some(column) = column {
            cells[lane_of[node]][*column].push(node);
        }
    }
    for (lane, cells) in cells.iter_mut().enumerate() {
        for column in 0..columns.count {
            relieve(cells, column, capacity[lane], columns);
        }
    }
    for (node, column) in columns.of.iter().enumerate().filter(|(node, _)| !pinned(*node)) {
        if column.is_none() {
            let cells = &mut cells[lane_of[node]];
            let emptiest = (0..cells.len()).min_by_key(|column| cells[*column].len()).unwrap_or(0);
            cells[emptiest].push(node);
        }
    }
    let mut column_of = vec![None; columns.of.len()];
    for (column, node) in
        cells.iter().flat_map(|cells| cells.iter().enumerate()).flat_map(|(c, nodes)| nodes.iter().map(move |n| (c, n)))
    {
        column_of[*node] = Some(column);
    }
    column_of
}

/// Moves systems of an overfull cell to empty ones nearby. Only systems that nobody calls move left and only those that
/// call nobody move right, so that flows still run to the right. The order of the systems stays that of the columns, so
/// that one system more moves hardly any other.
fn relieve(cells: &mut [Vec<usize>], column: usize, capacity: usize, columns: &Columns) {
    let mut moved = BTreeMap::new();
    for empty in nearest(column, cells.len()) {
        let excess = cells[column].len().saturating_sub(capacity).min(capacity);
        if excess == 0 || !cells[empty].is_empty() {
            continue;
        }
        let leftwards = empty < column;
        let inner = if leftwards { &columns.before } else { &columns.after };
        let fit = cells[column].iter().copied().filter(|node| inner[*node].is_empty());
        let movers: Vec<usize> = if leftwards { fit.take(excess).collect() } else { fit.rev().take(excess).collect() };
        cells[column].retain(|node| !movers.contains(node));
        moved.insert(empty, movers.len());
        cells[empty] = movers;
    }
    for side in [0..column, column + 1..cells.len()] {
        let mut nodes: Vec<usize> = moved.range(side.clone()).flat_map(|(cell, _)| cells[*cell].clone()).collect();
        nodes.sort_unstable();
        let mut rest = nodes.as_slice();
        for (cell, count) in moved.range(side) {
            let (here, right) = rest.split_at(*count);
            cells[*cell] = here.to_vec();
            rest = right;
        }
    }
}

/// The columns that a system may move to, the nearest first.
fn nearest(column: usize, columns: usize) -> impl Iterator<Item = usize> {
    (1..=SPILL_REACH)
        .flat_map(move |step| [column.checked_add(step), column.checked_sub(step)])
        .flatten()
        .filter(move |other| *other < columns)
}

/// Cells that are still too full get sub-columns, in which flows run to the right as well where they can, and columns
/// nobody stands in disappear.
pub(super) fn widen(
    column_of: &[Option<usize>],
    columns: &Columns,
    lanes: usize,
    lane_of: &[usize],
    capacity: &[usize],
) -> (Vec<usize>, usize) {
    let mut cells = vec![vec![Vec::new(); lanes]; columns.count];
    for (node, column) in column_of.iter().enumerate() {
        if let Some(column) = column {
            cells[*column][lane_of[node]].push(node);
        }
    }
    let mut widened = vec![0; column_of.len()];
    let mut start = 0;
    for lanes in &mut cells {
        let parts = |lane: usize, nodes: &[usize]| nodes.len().div_ceil(capacity[lane]);
        for (lane, nodes) in lanes.iter_mut().enumerate() {
            nodes.sort_by_key(|node| (columns.ranks[*node], *node));
            for (place, node) in nodes.iter().enumerate() {
                widened[*node] = start + place * parts(lane, nodes) / nodes.len();
            }
        }
        start += lanes.iter().enumerate().map(|(lane, nodes)| parts(lane, nodes)).max().unwrap_or(0);
    }
    (widened, start.max(1))
}
