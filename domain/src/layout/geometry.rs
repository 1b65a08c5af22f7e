//! Pixels: how high rows and how wide columns and gutters become, and the corners of every line.
//!
//! `heights` comes first, since it needs no pixel but the ports; `widths` then knows which lines pass each other in a
//! gutter, with the room for chips that `bay` keeps; `corners` only reads both.

mod bay;
mod corners;
mod heights;
mod widths;

use heights::Heights;
use widths::Widths;

use super::place::Grid;
use super::ports::Ports;
use super::route::{Side, Way};
use super::tracks::{Run, Turn};
use super::{Graph, Layout, Rect, Route};

/// Distance of neighbouring lines in a gutter.
const PITCH: i32 = 10;
/// Around the whole picture.
const MARGIN: i32 = 8;
/// A strip of chips, and what it keeps free towards a box for the arrowhead.
const STRIP_HEIGHT: i32 = 16;
const STRIP_GAP: i32 = 14;

pub(super) fn measure(graph: &Graph, grid: &Grid, ways: &[Way], ports: &Ports) -> Layout {
    let heights = Heights::new(graph, grid, ways, ports);
    let widths = Widths::new(graph, grid, ways, ports, &heights);
    let boxes: Vec<Rect> = grid
        .cells
        .iter()
        .enumerate()
        .map(|(node, cell)| {
            let height = ports.heights[node];
            let y = heights.middle(cell.row) - height / 2;
            Rect { x: widths.left[cell.column], y, width: widths.width[cell.column], height }
        })
        .collect();
    let routes = (0..ways.len())
        .map(|edge| {
            let points = corners::corners(graph, ways[edge], edge, &boxes, &heights, &widths);
            let strip = (graph.edges[edge].strip > 0)
                .then(|| corners::strip(graph, ways[edge], ports.hosts[edge], edge, &boxes, &points, &widths));
            Route { points, strip }
        })
        .collect();
    let lanes = heights
        .lanes
        .iter()
        .map(|(y, height)| Rect { x: MARGIN, y: *y, width: widths.end - MARGIN, height: *height })
        .collect();
    Layout {
        width: widths.end + MARGIN,
        height: heights.end + MARGIN,
        first_rows: (0..grid.lane_rows.len()).map(|lane| grid.first_row(lane)).collect(),
        lanes,
        boxes,
        cells: grid.cells.clone(),
        routes,
    }
}

fn arrival(way: Way) -> Option<Side> {
    match way {
        Way::Straight { to, .. } | Way::Once { to, .. } | Way::Twice { to, .. } => Some(to),
        Way::Upright { .. } => None,
    }
}

fn run(edge: usize, one: (i32, Turn), other: (i32, Turn)) -> Run {
    let (low, high) = if one.0 <= other.0 { (one, other) } else { (other, one) };
    Run { edge, low: low.0, high: high.0, low_side: low.1, high_side: high.1 }
}

/// Counts of rows, columns and tracks are far below the range of `i32`.
fn pixels(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX / 1024)
}
