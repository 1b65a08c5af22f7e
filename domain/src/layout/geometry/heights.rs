//! Heights: rows, the gutters between them, and where every line stands on this axis.

use super::{MARGIN, PITCH, pixels, run};
use crate::layout::Graph;
use crate::layout::place::Grid;
use crate::layout::ports::Ports;
use crate::layout::route::Way;
use crate::layout::tracks::{Run, Turn, assign};

/// Above and below the boxes of a lane, between its rows, and around the lines of a horizontal gutter.
const LANE_TOP: i32 = 14;
const LANE_BOTTOM: i32 = 14;
const ROW_GAP: i32 = 18;
const ROW_PAD: i32 = 11;
/// Between two lanes.
const LANE_GAP: i32 = 6;
/// A row of an empty lane.
const EMPTY_ROW: i32 = 24;
/// A gutter that upright lines pass, without and with chips.
const UPRIGHT_GAP: i32 = 28;
const UPRIGHT_STRIP: i32 = 36;

/// What is known once the heights are.
pub(super) struct Heights {
    /// Top and height of every row.
    rows: Vec<(i32, i32)>,
    /// Top and height of every lane.
    pub(super) lanes: Vec<(i32, i32)>,
    pub(super) end: i32,
    /// The y of the port of every edge at its start and end.
    pub(super) from: Vec<i32>,
    pub(super) to: Vec<i32>,
    /// The y of the long horizontal run of the edges that have one.
    pub(super) across: Vec<i32>,
}

impl Heights {
    pub(super) fn new(graph: &Graph, grid: &Grid, ways: &[Way], ports: &Ports) -> Self {
        let rows = grid.rows.len();
        let (track, counts) = across_tracks(graph, grid, ways);
        let mut reserve = vec![0; rows + 1];
        for (index, edge) in graph.edges.iter().enumerate() {
            if let Way::Upright { .. } = ways[index] {
                let gutter = grid.cells[edge.from].row.max(grid.cells[edge.to].row);
                let wanted = if edge.strip > 0 { UPRIGHT_STRIP } else { 0 };
                reserve[gutter] = wanted.max(reserve[gutter]).max(1);
            }
        }
        let gutter_height = |gutter: usize, least: i32| {
            let lines = match pixels(counts[gutter]) {
                0 => 0,
                lines => 2 * ROW_PAD + (lines - 1) * PITCH,
            };
            let upright = if reserve[gutter] > 0 { UPRIGHT_GAP } else { 0 };
            (lines + reserve[gutter]).max(least).max(upright)
        };
        let mut row_tops = Vec::with_capacity(rows);
        let mut gutter_tops = vec![0; rows + 1];
        let mut lanes = Vec::with_capacity(grid.lane_rows.len());
        let mut y = MARGIN;
        let mut row = 0;
        for (lane, count) in grid.lane_rows.iter().enumerate() {
            let top = y;
            y += LANE_TOP;
            for within in 0..*count {
                let height = grid.rows[row].iter().map(|node| ports.heights[*node]).max().unwrap_or(EMPTY_ROW);
                row_tops.push((y, height));
                y += height;
                row += 1;
                gutter_tops[row] = y;
                let last = within + 1 == *count;
                y += gutter_height(row, if last { LANE_BOTTOM } else { ROW_GAP });
            }
            y = y.max(top + graph.lane_heights.get(lane).copied().unwrap_or(0));
            lanes.push((top, y - top));
            y += LANE_GAP;
        }
        let middle = |node: usize| {
            let (top, height) = row_tops[grid.cells[node].row];
            top + height / 2
        };
        let from = graph.edges.iter().zip(&ports.from).map(|(edge, offset)| middle(edge.from) + offset).collect();
        let to = graph.edges.iter().zip(&ports.to).map(|(edge, offset)| middle(edge.to) + offset).collect();
        let across = ways
            .iter()
            .enumerate()
            .map(|(edge, way)| match way {
                Way::Twice { across, .. } => {
                    gutter_tops[*across] + reserve[*across] + ROW_PAD + pixels(track[edge]) * PITCH
                }
                _ => 0,
            })
            .collect();
        Self { rows: row_tops, lanes, end: y - LANE_GAP, from, to, across }
    }

    pub(super) fn middle(&self, row: usize) -> i32 {
        let (top, height) = self.rows[row];
        top + height / 2
    }
}

/// The track of every edge in the horizontal gutter it uses, and the number of tracks of every gutter.
fn across_tracks(graph: &Graph, grid: &Grid, ways: &[Way]) -> (Vec<usize>, Vec<usize>) {
    // Gutters are not measured yet, so positions are gutter numbers, far enough apart to count as distinct.
    const STEP: i32 = 16;
    let mut runs = vec![Vec::new(); grid.rows.len() + 1];
    for (edge, way) in ways.iter().enumerate() {
        if let Way::Twice { first, across, second, .. } = *way {
            let turn = |node: usize| if grid.cells[node].row < across { Turn::Lower } else { Turn::Higher };
            let start = (pixels(first) * STEP, turn(graph.edges[edge].from));
            let end = (pixels(second) * STEP, turn(graph.edges[edge].to));
            runs[across].push(run(edge, start, end));
        }
    }
    place_runs(&runs, ways.len())
}

fn place_runs(runs: &[Vec<Run>], edges: usize) -> (Vec<usize>, Vec<usize>) {
    let mut of = vec![0; edges];
    let mut counts = Vec::with_capacity(runs.len());
    for runs in runs {
        let (tracks, count) = assign(runs);
        for (run, track) in runs.iter().zip(tracks) {
            of[run.edge] = track;
        }
        counts.push(count);
    }
    (of, counts)
}
