//! Pixels: how high rows and how wide columns and gutters become, and the corners of every line.

use super::place::Grid;
use super::ports::{Host, Ports};
use super::route::{Share, Side, Way};
use super::tracks::{Run, Turn, assign};
use super::{Graph, Layout, Point, Rect, Route};

/// Distance of neighbouring lines in a gutter.
const PITCH: i32 = 10;
/// Between a box and the first line beside it: an arrowhead and a rounded corner fit.
const COLUMN_PAD: i32 = 16;
/// The least width of a gutter between two columns, and of the outermost ones.
const GUTTER_WIDTH: i32 = 40;
const OUTER_GUTTER_WIDTH: i32 = 16;
/// Above and below the boxes of a lane, between its rows, and around the lines of a horizontal gutter.
const LANE_TOP: i32 = 14;
const LANE_BOTTOM: i32 = 14;
const ROW_GAP: i32 = 18;
const ROW_PAD: i32 = 11;
/// Between two lanes, and around the whole picture.
const LANE_GAP: i32 = 6;
const MARGIN: i32 = 8;
/// A row of an empty lane.
const EMPTY_ROW: i32 = 24;
/// A strip of chips, and what it keeps free towards a box for the arrowhead.
const STRIP_HEIGHT: i32 = 16;
const STRIP_GAP: i32 = 14;
/// Between a strip and the line that passes it.
const STRIP_PAD: i32 = 7;
/// A gutter that upright lines pass, without and with chips.
const UPRIGHT_GAP: i32 = 28;
const UPRIGHT_STRIP: i32 = 36;

pub(super) fn measure(graph: &Graph, grid: &Grid, ways: &[Way], ports: &Ports) -> Layout {
    let vertical = Vertical::new(graph, grid, ways, ports);
    let columns = Columns::new(graph, grid, ways, ports, &vertical);
    let boxes: Vec<Rect> = grid
        .cells
        .iter()
        .enumerate()
        .map(|(node, cell)| {
            let height = ports.heights[node];
            let y = vertical.middle(cell.row) - height / 2;
            Rect { x: columns.left[cell.column], y, width: columns.width[cell.column], height }
        })
        .collect();
    let routes = (0..ways.len())
        .map(|edge| {
            let points = corners(graph, ways[edge], edge, &boxes, &vertical, &columns);
            let strip = (graph.edges[edge].strip > 0)
                .then(|| strip(graph, ways[edge], ports.hosts[edge], edge, &boxes, &points, &columns));
            Route { points, strip }
        })
        .collect();
    let lanes = vertical
        .lanes
        .iter()
        .map(|(y, height)| Rect { x: MARGIN, y: *y, width: columns.end - MARGIN, height: *height })
        .collect();
    Layout {
        width: columns.end + MARGIN,
        height: vertical.end + MARGIN,
        first_rows: (0..grid.lane_rows.len()).map(|lane| grid.first_row(lane)).collect(),
        lanes,
        boxes,
        cells: grid.cells.clone(),
        routes,
    }
}

/// Heights: rows, the gutters between them, and where every line stands on this axis.
struct Vertical {
    /// Top and height of every row.
    rows: Vec<(i32, i32)>,
    /// Top and height of every lane.
    lanes: Vec<(i32, i32)>,
    end: i32,
    /// The y of the port of every edge at its start and end.
    from: Vec<i32>,
    to: Vec<i32>,
    /// The y of the long horizontal run of the edges that have one.
    across: Vec<i32>,
}

impl Vertical {
    fn new(graph: &Graph, grid: &Grid, ways: &[Way], ports: &Ports) -> Self {
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

    fn middle(&self, row: usize) -> i32 {
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

/// Widths: columns, the gutters between them, and the x of every vertical run.
struct Columns {
    left: Vec<i32>,
    width: Vec<i32>,
    end: i32,
    /// The x of the first and of the second vertical run of every edge.
    first: Vec<i32>,
    second: Vec<i32>,
}

impl Columns {
    fn new(graph: &Graph, grid: &Grid, ways: &[Way], ports: &Ports, vertical: &Vertical) -> Self {
        let mut width = vec![0; grid.columns];
        for (node, cell) in grid.cells.iter().enumerate() {
            width[cell.column] = width[cell.column].max(graph.nodes[node].width);
        }
        for (index, edge) in graph.edges.iter().enumerate().filter(|(_, edge)| edge.strip > 0) {
            if let Host::NearColumn(host) | Host::FarColumn(host) = ports.hosts[index] {
                width[host] = width[host].max(edge.strip - COLUMN_PAD);
            }
        }
        let (first_runs, second_runs) = vertical_runs(ways, vertical, grid.columns);
        let both: Vec<Vec<Run>> =
            first_runs.iter().zip(&second_runs).map(|(one, other)| [one.as_slice(), other].concat()).collect();
        let (left_strips, right_strips) = strips_beside(graph, grid, ways, ports, vertical);
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
        let mut columns = Self { left, width, end: x, first: vec![0; ways.len()], second: vec![0; ways.len()] };
        for (gutter, runs) in both.iter().enumerate() {
            for (index, run) in runs.iter().enumerate() {
                let of = if index < first_runs[gutter].len() { &mut columns.first } else { &mut columns.second };
                of[run.edge] = placed[gutter][index];
            }
        }
        columns
    }
}

/// The strips that stand on one side of a gutter, beside the boxes the lines arrive at, from top to bottom.
struct Bay {
    /// The middle of every strip, and in `widest[k][i]` the widest of the `2^k` strips from `i` on.
    middles: Vec<i32>,
    widest: Vec<Vec<i32>>,
}

impl Bay {
    fn new(strips: &[(i32, i32)]) -> Self {
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
type Strips = Vec<Vec<(i32, i32)>>;

fn strips_beside(graph: &Graph, grid: &Grid, ways: &[Way], ports: &Ports, vertical: &Vertical) -> (Strips, Strips) {
    let mut left = vec![Vec::new(); grid.columns + 1];
    let mut right = vec![Vec::new(); grid.columns + 1];
    for (index, edge) in graph.edges.iter().enumerate() {
        if edge.strip == 0 || ports.hosts[index] != Host::Bay {
            continue;
        }
        let column = grid.cells[edge.to].column;
        match arrival(ways[index]) {
            Some(Side::Left) => right[column].push((vertical.to[index], edge.strip)),
            Some(Side::Right) => left[column + 1].push((vertical.to[index], edge.strip)),
            None => {}
        }
    }
    (left, right)
}

/// Where every run of a gutter stands, from the left edge of the gutter, and how wide the gutter is. Lines keep off the
/// strips that they would pass and nothing else, so that strips and lines of different rows share the same room.
fn in_gutter(runs: &[Run], left: &Bay, right: &Bay, least: i32) -> (Vec<i32>, i32) {
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

fn arrival(way: Way) -> Option<Side> {
    match way {
        Way::Straight { to, .. } | Way::Once { to, .. } | Way::Twice { to, .. } => Some(to),
        Way::Upright { .. } => None,
    }
}

/// The vertical runs by gutter: the only or first ones, and the second ones.
fn vertical_runs(ways: &[Way], vertical: &Vertical, columns: usize) -> (Vec<Vec<Run>>, Vec<Vec<Run>>) {
    let mut first_runs = vec![Vec::new(); columns + 1];
    let mut second_runs = vec![Vec::new(); columns + 1];
    // A box at the right side of a line means the line turns towards lower x to reach it, and the other way round.
    let towards_box = |side: Side| if side == Side::Right { Turn::Lower } else { Turn::Higher };
    for (edge, way) in ways.iter().enumerate() {
        let (start, end) = (vertical.from[edge], vertical.to[edge]);
        match *way {
            Way::Once { from, gutter, to } => {
                first_runs[gutter].push(run(edge, (start, towards_box(from)), (end, towards_box(to))));
            }
            Way::Twice { from, first, second, to, .. } => {
                let across = vertical.across[edge];
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

fn run(edge: usize, one: (i32, Turn), other: (i32, Turn)) -> Run {
    let (low, high) = if one.0 <= other.0 { (one, other) } else { (other, one) };
    Run { edge, low: low.0, high: high.0, low_side: low.1, high_side: high.1 }
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

fn corners(graph: &Graph, way: Way, edge: usize, boxes: &[Rect], vertical: &Vertical, columns: &Columns) -> Vec<Point> {
    let (source, target) = (&boxes[graph.edges[edge].from], &boxes[graph.edges[edge].to]);
    let at = |side: Side, rect: &Rect| if side == Side::Left { rect.x } else { rect.right() };
    let (start, end) = (vertical.from[edge], vertical.to[edge]);
    let point = |x: i32, y: i32| Point { x, y };
    match way {
        Way::Straight { from, to } => vec![point(at(from, source), start), point(at(to, target), end)],
        Way::Once { from, to, .. } => {
            let x = columns.first[edge];
            vec![point(at(from, source), start), point(x, start), point(x, end), point(at(to, target), end)]
        }
        Way::Twice { from, to, .. } => {
            let (first, second, across) = (columns.first[edge], columns.second[edge], vertical.across[edge]);
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

fn strip(
    graph: &Graph,
    way: Way,
    host: Host,
    edge: usize,
    boxes: &[Rect],
    points: &[Point],
    columns: &Columns,
) -> Rect {
    let width = graph.edges[edge].strip;
    let target = &boxes[graph.edges[edge].to];
    let (start, end) = (points[0], points[points.len() - 1]);
    let centred = |column: usize| columns.left[column] + columns.width[column] / 2 - width / 2;
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

/// Counts of rows, columns and tracks are far below the range of `i32`.
fn pixels(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX / 1024)
}
