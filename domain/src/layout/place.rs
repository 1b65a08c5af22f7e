//! In which cell of the grid a system stands: full cells spill, sweeps bring neighbours to the same height.

mod cells;
mod stacks;

use std::collections::{BTreeMap, BTreeSet};

use cells::{spill, widen};
use stacks::{Neighbours, Stacks};

use super::rank::Columns;
use super::{Cell, Graph, Pin};

/// The finished grid.
pub(super) struct Grid {
    pub(super) cells: Vec<Cell>,
    pub(super) columns: usize,
    /// The number of rows of every lane, at least one each.
    pub(super) lane_rows: Vec<usize>,
    /// The nodes of every row from left to right.
    pub(super) rows: Vec<Vec<usize>>,
    /// The place of every node in its row, counted from the left.
    pub(super) position: Vec<usize>,
    /// The first row of every lane, and the number of rows after the last one.
    first_rows: Vec<usize>,
    /// The lane of every row.
    lane_of_row: Vec<usize>,
}

impl Grid {
    /// The first row of a lane; for the lane after the last one, the number of rows.
    pub(super) fn first_row(&self, lane: usize) -> usize {
        self.first_rows[lane]
    }

    pub(super) fn lane_of_row(&self, row: usize) -> usize {
        self.lane_of_row[row]
    }
}

/// The furthest place a pin can have.
const FURTHEST_COLUMN: usize = Pin::COLUMNS - 1;
const FURTHEST_ROW: usize = Pin::ROWS - 1;

pub(super) fn place(graph: &Graph, columns: &Columns) -> Grid {
    let lanes = graph.lanes.max(1);
    let lane_of: Vec<usize> = graph.nodes.iter().map(|node| node.lane.min(lanes - 1)).collect();
    let capacity = capacities(&lane_of, lanes);
    // Room that a lane has anyway is taken before it gets a third row.
    let comfortable: Vec<usize> = capacity.iter().map(|most| most - 1).collect();
    let pinned = |node: usize| graph.nodes[node].pin.is_some();
    let spilled = spill(columns, &lane_of, lanes, &comfortable, pinned);
    let (mut column_of, mut count) = widen(&spilled, columns, lanes, &lane_of, &capacity);
    let pins = pins(graph, &lane_of);
    for (node, pin) in &pins {
        column_of[*node] = pin.column;
        count = count.max(pin.column + 1);
    }
    let neighbours = Neighbours::new(graph, columns);
    let mut stacks = Stacks::new(&lane_of, &column_of, lanes, count, &pins);
    stacks.settle(&neighbours);
    stacks.into_grid(&column_of)
}

/// The place of every system that was put somewhere by hand; where two were put on one place, the later one stands
/// below.
fn pins(graph: &Graph, lane_of: &[usize]) -> BTreeMap<usize, Pin> {
    let mut taken = BTreeSet::new();
    let mut pins = BTreeMap::new();
    for (node, pin) in graph.nodes.iter().enumerate().filter_map(|(node, it)| it.pin.map(|pin| (node, pin))) {
        let column = pin.column.min(FURTHEST_COLUMN);
        let mut row = pin.row.min(FURTHEST_ROW);
        while !taken.insert((column, lane_of[node], row)) {
            row += 1;
        }
        pins.insert(node, Pin { column, row });
    }
    pins
}

/// How many systems may stand in one cell: three, or more where a lane is so full that it would become a ribbon.
fn capacities(lane_of: &[usize], lanes: usize) -> Vec<usize> {
    let mut nodes = vec![0_usize; lanes];
    for lane in lane_of {
        nodes[*lane] += 1;
    }
    nodes.into_iter().map(|count| (count * 2 / 3).isqrt().max(3)).collect()
}
