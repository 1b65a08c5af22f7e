//! Where lines leave and enter a box: one height for every line in a corridor, shared by both boxes that face it.
//!
//! Because the boxes on both sides of a corridor draw their ports from the same stack of slots, no two lines of a
//! corridor ever lie on each other and a line between the two boxes is straight.

use super::Graph;
use super::place::Grid;
use super::route::{Side, Way};

/// Height of a line's slot, and of one that also holds a strip of chips.
const SLOT: i32 = 10;
const STRIP_SLOT: i32 = 22;
/// The least height of a box, and what it keeps free above its first and below its last port.
pub(super) const BOX_HEIGHT: i32 = 54;
const BOX_MARGIN: i32 = 9;
/// How much more a hub may have on one side of a small box's ports than on the other.
const MOST_LOPSIDED: i32 = 36;

/// The ports of all lines.
pub(super) struct Ports {
    /// Height of the port of every edge at its start, relative to the middle of the row.
    pub(super) from: Vec<i32>,
    /// The same at its end.
    pub(super) to: Vec<i32>,
    /// The height every box needs for its ports.
    pub(super) heights: Vec<i32>,
    /// The run of the line that holds its strip of chips.
    pub(super) hosts: Vec<Host>,
}

/// Which horizontal run of a line has room for its chips.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Host {
    /// The middle of this column, on the run that leaves the source.
    NearColumn(usize),
    /// The middle of this column, on the run that reaches the target.
    FarColumn(usize),
    /// The gutter next to the target.
    Bay,
}

/// A line's claim to a height in a corridor.
struct Claim {
    edge: usize,
    ends: Ends,
    /// Which of the two boxes facing the corridor the line is attached to.
    at: Attachment,
    /// Up before straight before down; see [`order`].
    order: (i8, i64, i64),
    size: i32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    From,
    To,
    Both,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Attachment {
    LeftBox,
    RightBox,
    BothBoxes,
}

pub(super) fn spread(graph: &Graph, grid: &Grid, ways: &[Way]) -> Ports {
    let hosts: Vec<Host> = (0..ways.len()).map(|edge| host(graph, grid, ways, edge)).collect();
    let mut ports = Ports {
        from: vec![0; ways.len()],
        to: vec![0; ways.len()],
        heights: graph.nodes.iter().map(|node| node.height.max(BOX_HEIGHT)).collect(),
        hosts,
    };
    let mut corridors = claims(graph, grid, ways, &ports.hosts).into_iter();
    for boxes in &grid.rows {
        for (gap, claims) in corridors.by_ref().take(boxes.len() + 1).enumerate() {
            let left = gap.checked_sub(1).map(|position| boxes[position]);
            let right = boxes.get(gap).copied();
            stack(&mut ports, claims, left, right);
        }
    }
    ports
}

fn host(graph: &Graph, grid: &Grid, ways: &[Way], edge: usize) -> Host {
    let (from, to) = (grid.cells[graph.edges[edge].from].column, grid.cells[graph.edges[edge].to].column);
    // The columns a run passes on its way between a box and a gutter.
    let passed = |column: usize, gutter: usize| {
        if gutter > column { column + 1..gutter } else { gutter..column }
    };
    let middle = |columns: std::ops::Range<usize>| columns.start + columns.len() / 2;
    let (near, far) = match ways[edge] {
        Way::Straight { .. } => (0..0, from.min(to) + 1..from.max(to)),
        Way::Once { gutter, .. } => (passed(from, gutter), passed(to, gutter)),
        Way::Twice { first, second, .. } => (passed(from, first), passed(to, second)),
        Way::Upright { .. } => (0..0, 0..0),
    };
    if near.is_empty() && far.is_empty() {
        Host::Bay
    } else if near.len() > far.len() {
        Host::NearColumn(middle(near))
    } else {
        Host::FarColumn(middle(far))
    }
}

/// The claims of every corridor, by row and by the number of boxes left of it: one corridor more than boxes in a row.
fn claims(graph: &Graph, grid: &Grid, ways: &[Way], hosts: &[Host]) -> Vec<Vec<Claim>> {
    let mut first_of_row = Vec::with_capacity(grid.rows.len());
    let mut count = 0;
    for boxes in &grid.rows {
        first_of_row.push(count);
        count += boxes.len() + 1;
    }
    let mut corridors: Vec<Vec<Claim>> = std::iter::repeat_with(Vec::new).take(count).collect();
    let mut claim = |node: usize, side: Side, claim: Claim| {
        let gap = grid.position[node] + usize::from(side == Side::Right);
        corridors[first_of_row[grid.cells[node].row] + gap].push(claim);
    };
    for (index, edge) in graph.edges.iter().enumerate() {
        let near_size = size(edge.strip > 0 && matches!(hosts[index], Host::NearColumn(_)));
        let far_size = size(edge.strip > 0 && !matches!(hosts[index], Host::NearColumn(_)));
        let (start, end) = (grid.cells[edge.from], grid.cells[edge.to]);
        let (here, there) = (position_of_row(start.row), position_of_row(end.row));
        let (from, near_gutter, near_goal, far_goal, far_gutter, to) = match ways[index] {
            Way::Straight { from, .. } => {
                let order = (0, 0, 0);
                let size = far_size;
                let at = Attachment::BothBoxes;
                claim(edge.from, from, Claim { edge: index, ends: Ends::Both, at, order, size });
                continue;
            }
            Way::Once { from, gutter, to } => (from, gutter, there, here, gutter, to),
            Way::Twice { from, first, across, second, to } => {
                (from, first, signed(2 * across), signed(2 * across), second, to)
            }
            Way::Upright { .. } => continue,
        };
        let order_near = order(here, near_goal, distance(start.column, near_gutter), there);
        let order_far = order(there, far_goal, distance(end.column, far_gutter), here);
        let at = attachment(from);
        claim(edge.from, from, Claim { edge: index, ends: Ends::From, at, order: order_near, size: near_size });
        let at = attachment(to);
        claim(edge.to, to, Claim { edge: index, ends: Ends::To, at, order: order_far, size: far_size });
    }
    corridors
}

const fn size(strip: bool) -> i32 {
    if strip { STRIP_SLOT } else { SLOT }
}

const fn attachment(side: Side) -> Attachment {
    match side {
        Side::Left => Attachment::RightBox,
        Side::Right => Attachment::LeftBox,
    }
}

/// Lines that go up stand above those that go down, and of those the ones that turn first stand outermost, so that a
/// line never crosses its neighbour right after the box; then by the height of the other end.
fn order(here: i64, goal: i64, distance: i64, other_end: i64) -> (i8, i64, i64) {
    match goal.cmp(&here) {
        std::cmp::Ordering::Less => (-1, distance, other_end),
        std::cmp::Ordering::Equal => (0, 0, other_end),
        std::cmp::Ordering::Greater => (1, -distance, other_end),
    }
}

/// Gives every claim of one corridor its height.
fn stack(ports: &mut Ports, mut claims: Vec<Claim>, left: Option<usize>, right: Option<usize>) {
    claims.sort_by_key(|claim| (claim.order, claim.edge, claim.ends == Ends::To));
    thin(&mut claims);
    let total: i32 = claims.iter().map(|claim| claim.size).sum();
    if total > BOX_HEIGHT - 2 * BOX_MARGIN {
        claims = smaller_side_in_the_middle(claims);
    }
    let mut top = -total / 2;
    for claim in claims {
        let height = top + claim.size / 2;
        top += claim.size;
        if claim.ends != Ends::To {
            ports.from[claim.edge] = height;
        }
        if claim.ends != Ends::From {
            ports.to[claim.edge] = height;
        }
        let needed = 2 * (height.abs() + BOX_MARGIN);
        let boxes = match claim.at {
            Attachment::LeftBox => [left, None],
            Attachment::RightBox => [None, right],
            Attachment::BothBoxes => [left, right],
        };
        for node in boxes.into_iter().flatten() {
            ports.heights[node] = ports.heights[node].max(needed);
        }
    }
}

/// Hubs: the more lines without chips, the closer they stand.
fn thin(claims: &mut [Claim]) {
    let slot = match claims.len() {
        0..=14 => SLOT,
        15..=28 => 8,
        29..=60 => 6,
        _ => 4,
    };
    for claim in claims.iter_mut().filter(|claim| claim.size == SLOT) {
        claim.size = slot;
    }
}

/// A small box beside a hub keeps its few ports together at its own height; the hub's lines go above and below them.
fn smaller_side_in_the_middle(claims: Vec<Claim>) -> Vec<Claim> {
    let weight = |at: Attachment| -> i32 { claims.iter().filter(|claim| claim.at == at).map(|claim| claim.size).sum() };
    let hub = if weight(Attachment::LeftBox) > weight(Attachment::RightBox) {
        Attachment::LeftBox
    } else {
        Attachment::RightBox
    };
    let (hubs, middle): (Vec<Claim>, Vec<Claim>) = claims.into_iter().partition(|claim| claim.at == hub);
    let size = |claims: &[Claim]| -> i32 { claims.iter().map(|claim| claim.size).sum() };
    // Lines that go up belong above, as long as the small box does not have to grow much for it.
    let mut split = hubs.iter().filter(|claim| claim.order.0 < 0).count();
    while size(&hubs[..split]) > size(&hubs[split..]) + MOST_LOPSIDED {
        split -= 1;
    }
    while size(&hubs[..split]) + MOST_LOPSIDED < size(&hubs[split..]) {
        split += 1;
    }
    let mut above = hubs;
    let below = above.split_off(split);
    above.into_iter().chain(middle).chain(below).collect()
}

fn distance(column: usize, gutter: usize) -> i64 {
    if gutter > column { signed(gutter - column) } else { signed(column + 1 - gutter) }
}

fn position_of_row(row: usize) -> i64 {
    signed(2 * row + 1)
}

/// Grid positions are far below the range of `i64`.
fn signed(position: usize) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}
