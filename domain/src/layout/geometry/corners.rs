//! The corners of every line, and where its strip of chips stands.

use super::heights::Heights;
use super::widths::Widths;
use super::{STRIP_GAP, STRIP_HEIGHT, arrival};
use crate::layout::ports::Host;
use crate::layout::route::{Share, Side, Way};
use crate::layout::{Graph, Point, Rect};

pub(super) fn corners(
    graph: &Graph,
    way: Way,
    edge: usize,
    boxes: &[Rect],
    heights: &Heights,
    widths: &Widths,
) -> Vec<Point> {
    let (source, target) = (&boxes[graph.edges[edge].from], &boxes[graph.edges[edge].to]);
    let at = |side: Side, rect: &Rect| if side == Side::Left { rect.x } else { rect.right() };
    let (start, end) = (heights.from[edge], heights.to[edge]);
    let point = |x: i32, y: i32| Point { x, y };
    match way {
        Way::Straight { from, to } => vec![point(at(from, source), start), point(at(to, target), end)],
        Way::Once { from, to, .. } => {
            let x = widths.first[edge];
            vec![point(at(from, source), start), point(x, start), point(x, end), point(at(to, target), end)]
        }
        Way::Twice { from, to, .. } => {
            let (first, second, across) = (widths.first[edge], widths.second[edge], heights.across[edge]);
            vec![
                point(at(from, source), start),
                point(first, start),
                point(first, across),
                point(second, across),
                point(second, end),
                point(at(to, target), end),
            ]
        }
        Way::Upright { share } => {
            let x = match share {
                Share::Whole => source.x + source.width / 2,
                Share::LeftHalf => source.x + source.width / 4,
                Share::RightHalf => source.right() - source.width / 4,
            };
            if source.y < target.y {
                vec![point(x, source.bottom()), point(x, target.y)]
            } else {
                vec![point(x, source.y), point(x, target.bottom())]
            }
        }
    }
}

pub(super) fn strip(
    graph: &Graph,
    way: Way,
    host: Host,
    edge: usize,
    boxes: &[Rect],
    points: &[Point],
    widths: &Widths,
) -> Rect {
    let width = graph.edges[edge].strip;
    let target = &boxes[graph.edges[edge].to];
    let (start, end) = (points[0], points[points.len() - 1]);
    let centred = |column: usize| widths.left[column] + widths.width[column] / 2 - width / 2;
    let (x, middle) = match (host, arrival(way)) {
        (Host::NearColumn(column), _) => (centred(column), start.y),
        (Host::FarColumn(column), _) => (centred(column), end.y),
        (Host::Bay, Some(Side::Left)) => (target.x - STRIP_GAP - width, end.y),
        (Host::Bay, Some(Side::Right)) => (target.right() + STRIP_GAP, end.y),
        // Right under the upper box; an arrowhead that points up keeps its room.
        (Host::Bay, None) => {
            let upper = start.y.min(end.y);
            (start.x - width / 2, upper + if end.y == upper { STRIP_GAP } else { 6 } + STRIP_HEIGHT / 2)
        }
    };
    Rect { x, y: middle - STRIP_HEIGHT / 2, width, height: STRIP_HEIGHT }
}
