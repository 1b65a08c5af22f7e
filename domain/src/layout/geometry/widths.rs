//! Widths: columns, the gutters between them, and the x of every vertical run.

use super::bay::{Bay, in_gutter, strips_beside};
use super::heights::Heights;
use super::{MARGIN, run};
use crate::layout::Graph;
use crate::layout::place::Grid;
use crate::layout::ports::{Host, Ports};
use crate::layout::route::{Side, Way};
use crate::layout::tracks::{Run, Turn};

/// How much wider than its column a strip in the middle of it may be.
const COLUMN_PAD: i32 = 16;
/// The least width of a gutter between two columns, and of the outermost ones.
const GUTTER_WIDTH: i32 = 40;
const OUTER_GUTTER_WIDTH: i32 = 16;

/// What is known once the widths are.
pub(super) struct Widths {
    pub(super) left: Vec<i32>,
    pub(super) width: Vec<i32>,
    pub(super) end: i32,
    /// The x of the first and of the second vertical run of every edge.
    pub(super) first: Vec<i32>,
    pub(super) second: Vec<i32>,
}

impl Widths {
    pub(super) fn new(graph: &Graph, grid: &Grid, ways: &[Way], ports: &Ports, heights: &Heights) -> Self {
        let mut width = vec![0; grid.columns];
        for (node, cell) in grid.cells.iter().enumerate() {
            width[cell.column] = width[cell.column].max(graph.nodes[node].width);
        }
        for (index, edge) in graph.edges.iter().enumerate().filter(|(_, edge)| edge.strip > 0) {
            if let Host::NearColumn(host) | Host::FarColumn(host) = ports.hosts[index] {
                width[host] = width[host].max(edge.strip - COLUMN_PAD);
            }
        }
        let (first_runs, second_runs) = vertical_runs(ways, heights, grid.columns);
        let both: Vec<Vec<Run>> =
            first_runs.iter().zip(&second_runs).map(|(one, other)| [one.as_slice(), other].concat()).collect();
        let (left_strips, right_strips) = strips_beside(graph, grid, ways, ports, heights);
        let mut placed = Vec::with_capacity(both.len());
        let mut x = MARGIN + graph.lane_header;
        let mut left = Vec::with_capacity(grid.columns);
        for (gutter, runs) in both.iter().enumerate() {
            let outer = gutter == 0 || gutter == grid.columns;
            let least = if outer { OUTER_GUTTER_WIDTH } else { GUTTER_WIDTH };
            let bays = (Bay::new(&left_strips[gutter]), Bay::new(&right_strips[gutter]));
            let (offsets, needed) = in_gutter(runs, &bays.0, &bays.1, least);
            placed.push(offsets.into_iter().map(|offset| x + offset).collect::<Vec<i32>>());
            x += needed;
            if gutter < grid.columns {
                left.push(x);
                x += width[gutter];
            }
        }
        let mut widths = Self { left, width, end: x, first: vec![0; ways.len()], second: vec![0; ways.len()] };
        for (gutter, runs) in both.iter().enumerate() {
            for (index, run) in runs.iter().enumerate() {
                let of = if index < first_runs[gutter].len() { &mut widths.first } else { &mut widths.second };
                of[run.edge] = placed[gutter][index];
            }
        }
        widths
    }
}

/// The vertical runs by gutter: the only or first ones, and the second ones.
fn vertical_runs(ways: &[Way], heights: &Heights, columns: usize) -> (Vec<Vec<Run>>, Vec<Vec<Run>>) {
    let mut first_runs = vec![Vec::new(); columns + 1];
    let mut second_runs = vec![Vec::new(); columns + 1];
    // A box at the right side of a line means the line turns towards lower x to reach it, and the other way round.
    let towards_box = |side: Side| if side == Side::Right { Turn::Lower } else { Turn::Higher };
    for (edge, way) in ways.iter().enumerate() {
        let (start, end) = (heights.from[edge], heights.to[edge]);
        match *way {
            Way::Once { from, gutter, to } => {
                first_runs[gutter].push(run(edge, (start, towards_box(from)), (end, towards_box(to))));
            }
            Way::Twice { from, first, second, to, .. } => {
                let across = heights.across[edge];
                let (out, back) =
                    if first < second { (Turn::Higher, Turn::Lower) } else { (Turn::Lower, Turn::Higher) };
                first_runs[first].push(run(edge, (start, towards_box(from)), (across, out)));
                second_runs[second].push(run(edge, (across, back), (end, towards_box(to))));
            }
            Way::Straight { .. } | Way::Upright { .. } => {}
        }
    }
    (first_runs, second_runs)
}
