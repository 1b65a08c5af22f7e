//! The zone-lane layout: where every system of a map stands and which way every flow takes.
//!
//! Segments are horizontal lanes, flows run from left to right through columns, and every line keeps to the gutters
//! between boxes. The steps answer one question each: `rank` in which column a system stands, `place` in which row,
//! `route` which gutters a flow takes, `ports` where it leaves a box, `tracks` where in a gutter it runs, and
//! `geometry` turns the answers into pixels.
//!
//! Everything is index-based and integer: the same graph in the same order gives the same picture on every machine.
//! Whoever calls sorts by key first, so that the order of the input does not matter either.

mod advances;
mod geometry;
mod load;
mod place;
mod ports;
mod rank;
mod route;
pub mod text;
mod tracks;

#[cfg(test)]
mod tests;

/// What is to be laid out.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// How many lanes there are, top to bottom. Empty lanes are drawn as a thin band.
    pub lanes: usize,
    /// The width of the strip at the left of every lane that holds its name; 0 for none.
    pub lane_header: i32,
    /// The least height of each lane, for its name; missing entries mean 0.
    pub lane_heights: Vec<i32>,
    /// The systems.
    pub nodes: Vec<Node>,
    /// The flows, one entry for every line to be drawn.
    pub edges: Vec<Edge>,
}

/// A box.
#[derive(Debug, Clone, Copy)]
pub struct Node {
    /// The lane it stands in; values beyond the last lane mean the last lane.
    pub lane: usize,
    /// The width its text needs. All boxes of a column get the width of the widest.
    pub width: i32,
    /// The height its text needs, if that is more than the two lines of an ordinary box; else 0.
    pub height: i32,
    /// Where somebody has put it. It stays there, and the others make room.
    pub pin: Option<Pin>,
}

/// A place given by a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pin {
    /// The column, counted from the left.
    pub column: usize,
    /// The row, counted from the top of its lane.
    pub row: usize,
}

impl Pin {
    /// How many columns and rows of a lane a person can choose from; a hand on a screen does not reach further.
    pub const COLUMNS: usize = 64;
    /// See [`Self::COLUMNS`].
    pub const ROWS: usize = 256;
}

/// A line between two boxes.
#[derive(Debug, Clone, Copy)]
pub struct Edge {
    /// Index of the box where the line starts.
    pub from: usize,
    /// Index of the box where the arrow is.
    pub to: usize,
    /// The width of the strip of chips on the line; 0 for none.
    pub strip: i32,
    /// How much it matters that this line runs from left to right, from 1; the lines that close a circle are chosen
    /// among the least important ones. More than 8 counts as 8.
    pub weight: u8,
}

/// The finished layout. Indices are those of the [`Graph`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// Width of the whole picture.
    pub width: i32,
    /// Height of the whole picture.
    pub height: i32,
    /// The bands of the lanes.
    pub lanes: Vec<Rect>,
    /// The first row of every lane, counted over all lanes.
    pub first_rows: Vec<usize>,
    /// The boxes.
    pub boxes: Vec<Rect>,
    /// The column and, counted over all lanes, the row of every box.
    pub cells: Vec<Cell>,
    /// The lines.
    pub routes: Vec<Route>,
}

/// The place of a box in the grid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// Counted from the left.
    pub column: usize,
    /// Counted from the top over all lanes.
    pub row: usize,
}

/// A rectangle in pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rect {
    /// Left edge.
    pub x: i32,
    /// Top edge.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
}

impl Rect {
    /// The x of the right edge.
    #[must_use]
    pub const fn right(&self) -> i32 {
        self.x + self.width
    }

    /// The y of the lower edge.
    #[must_use]
    pub const fn bottom(&self) -> i32 {
        self.y + self.height
    }

    /// Whether the two share more than an edge.
    #[must_use]
    pub const fn overlaps(&self, other: &Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }
}

/// A point in pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
}

/// The way of a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Route {
    /// The corners from box to box; neighbours always share an x or a y.
    pub points: Vec<Point>,
    /// Where the strip of chips stands; absent when the line has none.
    pub strip: Option<Rect>,
}

/// Lays the graph out.
///
/// Edges that name a box which does not exist are a mistake of the caller.
///
/// # Panics
/// When an edge names a box beyond the last one.
#[must_use]
pub fn arrange(graph: &Graph) -> Layout {
    let grid = place::place(graph, &rank::columns(graph));
    let ways = route::ways(graph, &grid);
    let ports = ports::spread(graph, &grid, &ways);
    geometry::measure(graph, &grid, &ways, &ports)
}
