//! In which row of its lane a system stands: sweeps over the columns bring neighbours to the same height.

use std::collections::{BTreeMap, BTreeSet};

use super::Grid;
use crate::layout::rank::Columns;
use crate::layout::{Cell, Graph, Pin};

/// Alternating sweeps over the columns.
const SWEEPS: usize = 8;
/// The height of a row and the extra height of a lane border when places are compared, in arbitrary units.
const ROW_UNIT: i64 = 64;
const LANE_UNIT: i64 = 40;

/// Neighbours to the left and to the right of every node, each flow once.
pub(super) struct Neighbours {
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
    all: Vec<(usize, usize)>,
}

impl Neighbours {
    pub(super) fn new(graph: &Graph, columns: &Columns) -> Self {
        let all = graph.edges.iter().filter(|edge| edge.from != edge.to).map(|edge| (edge.from, edge.to)).collect();
        Self { before: columns.before.clone(), after: columns.after.clone(), all }
    }
}

/// Where a node of a cell would like to stand; the order of the fields is the order of the nodes in the cell.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Wish {
    /// Nodes without flows go below those with flows.
    loose: bool,
    height: i64,
    /// The place it had before.
    position: usize,
    node: usize,
}

/// The order of the nodes in every cell and the row each of them takes in its lane.
#[derive(Clone)]
pub(super) struct Stacks {
    /// `cells[column][lane]`, top to bottom, without the pinned nodes.
    cells: Vec<Vec<Vec<usize>>>,
    /// The rows of every cell that pinned nodes take.
    taken: BTreeMap<(usize, usize), BTreeSet<usize>>,
    lane_rows: Vec<usize>,
    /// The first row of every lane, and the number of rows after the last one.
    first_rows: Vec<usize>,
    lane_of: Vec<usize>,
    /// The row of every node within its lane.
    row: Vec<usize>,
}

impl Stacks {
    pub(super) fn new(
        lane_of: &[usize],
        column_of: &[usize],
        lanes: usize,
        columns: usize,
        pins: &BTreeMap<usize, Pin>,
    ) -> Self {
        let mut cells = vec![vec![Vec::new(); lanes]; columns];
        let mut taken: BTreeMap<(usize, usize), BTreeSet<usize>> = BTreeMap::new();
        let mut row = vec![0; lane_of.len()];
        for (node, column) in column_of.iter().enumerate() {
            match pins.get(&node) {
                Some(pin) => {
                    row[node] = pin.row;
                    taken.entry((*column, lane_of[node])).or_default().insert(pin.row);
                }
                None => cells[*column][lane_of[node]].push(node),
            }
        }
        let needed = |column: usize, lane: usize| {
            let pinned = taken.get(&(column, lane));
            let below = pinned.and_then(BTreeSet::last).map_or(0, |last| last + 1);
            below.max(cells[column][lane].len() + pinned.map_or(0, BTreeSet::len))
        };
        let lane_rows: Vec<usize> =
            (0..lanes).map(|lane| (0..columns).map(|column| needed(column, lane)).max().unwrap_or(0).max(1)).collect();
        let mut first_rows = vec![0];
        for rows in &lane_rows {
            first_rows.push(first_rows[first_rows.len() - 1] + rows);
        }
        let mut stacks = Self { cells, taken, lane_rows, first_rows, lane_of: lane_of.to_vec(), row };
        for column in 0..columns {
            for lane in 0..lanes {
                let free = stacks.free_rows(column, lane);
                for (node, free) in stacks.cells[column][lane].iter().zip(free) {
                    stacks.row[*node] = free;
                }
            }
        }
        stacks
    }

    /// The rows of a cell that no pinned node takes.
    fn free_rows(&self, column: usize, lane: usize) -> Vec<usize> {
        let taken = self.taken.get(&(column, lane));
        (0..self.lane_rows[lane]).filter(|row| taken.is_none_or(|taken| !taken.contains(row))).collect()
    }

    /// Sweeps to and fro and keeps the best arrangement seen.
    pub(super) fn settle(&mut self, neighbours: &Neighbours) {
        let mut best = (self.climb(neighbours), self.clone());
        for sweep in 0..SWEEPS {
            let rightwards = sweep % 2 == 0;
            for step in 0..self.cells.len() {
                let column = if rightwards { step } else { self.cells.len() - 1 - step };
                for lane in 0..self.lane_rows.len() {
                    self.reorder(column, lane, neighbours, rightwards);
                }
            }
            let climb = self.climb(neighbours);
            if climb < best.0 {
                best = (climb, self.clone());
            }
        }
        *self = best.1;
    }

    /// How much all flows together climb and fall; the smaller, the straighter the picture.
    fn climb(&self, neighbours: &Neighbours) -> i64 {
        let heights = self.heights();
        neighbours.all.iter().map(|(from, to)| (heights[*from] - heights[*to]).abs()).sum()
    }

    fn heights(&self) -> Vec<i64> {
        (0..self.row.len()).map(|node| self.height(node)).collect()
    }

    fn height(&self, node: usize) -> i64 {
        self.row_height(self.lane_of[node], self.row[node])
    }

    fn row_height(&self, lane: usize, row: usize) -> i64 {
        units(self.first_rows[lane] + row) * ROW_UNIT + units(lane) * LANE_UNIT
    }

    fn reorder(&mut self, column: usize, lane: usize, neighbours: &Neighbours, rightwards: bool) {
        if self.cells[column][lane].is_empty() {
            return;
        }
        let cell = std::mem::take(&mut self.cells[column][lane]);
        let mut wishes: Vec<Wish> = cell
            .iter()
            .enumerate()
            .map(|(position, node)| Wish {
                loose: neighbours.before[*node].is_empty() && neighbours.after[*node].is_empty(),
                height: self.wish(*node, neighbours, rightwards),
                position,
                node: *node,
            })
            .collect();
        wishes.sort_unstable();
        let rows = self.rows_nearest(column, lane, &wishes);
        for (wish, row) in wishes.iter().zip(rows) {
            self.row[wish.node] = row;
        }
        self.cells[column][lane] = wishes.into_iter().map(|wish| wish.node).collect();
    }

    /// The mean height of the neighbours on the side the sweep comes from.
    fn wish(&self, node: usize, neighbours: &Neighbours, rightwards: bool) -> i64 {
        let (first, second) = if rightwards {
            (&neighbours.before[node], &neighbours.after[node])
        } else {
            (&neighbours.after[node], &neighbours.before[node])
        };
        let near = if first.is_empty() { second } else { first };
        if near.is_empty() {
            return self.height(node);
        }
        let sum: i64 = near.iter().map(|other| self.height(*other)).sum();
        sum.div_euclid(units(near.len()))
    }

    /// The rows, in order, that bring the sorted nodes of a cell nearest to where they wish to be.
    fn rows_nearest(&self, column: usize, lane: usize, wishes: &[Wish]) -> Vec<usize> {
        let rows = self.free_rows(column, lane);
        let slack = rows.len() - wishes.len();
        let miss = |index: usize, row: usize| (self.row_height(lane, rows[row]) - wishes[index].height).abs();
        // `least[index][shift]`: the least total miss of the nodes from `index` on, when that node stands at the free
        // row `index + shift` or below.
        let mut least = vec![vec![0_i64; slack + 1]; wishes.len() + 1];
        for index in (0..wishes.len()).rev() {
            for shift in (0..=slack).rev() {
                let here = miss(index, index + shift) + least[index + 1][shift];
                let lower = if shift < slack { least[index][shift + 1] } else { i64::MAX };
                least[index][shift] = here.min(lower);
            }
        }
        let mut shift = 0;
        (0..wishes.len())
            .map(|index| {
                while shift < slack && least[index][shift + 1] < miss(index, index + shift) + least[index + 1][shift] {
                    shift += 1;
                }
                rows[index + shift]
            })
            .collect()
    }

    pub(super) fn into_grid(self, column_of: &[usize]) -> Grid {
        let cells: Vec<Cell> = (0..self.row.len())
            .map(|node| Cell { column: column_of[node], row: self.first_rows[self.lane_of[node]] + self.row[node] })
            .collect();
        let total = self.first_rows[self.lane_rows.len()];
        let mut rows = vec![Vec::new(); total];
        for (node, cell) in cells.iter().enumerate() {
            rows[cell.row].push(node);
        }
        for row in &mut rows {
            row.sort_unstable_by_key(|node: &usize| cells[*node].column);
        }
        let mut position = vec![0; cells.len()];
        for row in &rows {
            for (place, node) in row.iter().enumerate() {
                position[*node] = place;
            }
        }
        let lane_of_row =
            self.lane_rows.iter().enumerate().flat_map(|(lane, rows)| std::iter::repeat_n(lane, *rows)).collect();
        Grid {
            cells,
            columns: self.cells.len(),
            lane_rows: self.lane_rows,
            rows,
            position,
            first_rows: self.first_rows,
            lane_of_row,
        }
    }
}

/// Counts of boxes and rows are far below the range of `i64`.
fn units(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX / (ROW_UNIT * 1024))
}
