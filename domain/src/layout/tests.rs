//! What every layout promises, on arbitrary graphs.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use proptest::prelude::*;

/// Graphs of any shape: circles, loops, several lines between the same boxes, empty lanes, hubs.
fn graphs() -> impl Strategy<Value = Graph> {
    (1_usize..5, 1_usize..26).prop_flat_map(|(lanes, nodes)| {
        let pin = prop_oneof![4 => Just(None), 1 => (0..6_usize, 0..4_usize).prop_map(|(column, row)| Some(Pin { column, row }))];
        let height = prop_oneof![Just(0), 54..87_i32];
        let node = (0..lanes, 148..217_i32, height, pin)
            .prop_map(|(lane, width, height, pin)| Node { lane, width, height, pin });
        let strip = prop_oneof![Just(0), 16..157_i32];
        let end = prop_oneof![3 => 0..nodes, 1 => Just(0)];
        let edge =
            (end.clone(), end, strip, 1_u8..7).prop_map(|(from, to, strip, weight)| Edge { from, to, strip, weight });
        let boxes = prop::collection::vec(node, nodes);
        (Just(lanes), boxes, prop::collection::vec(edge, 0..60)).prop_map(|(lanes, nodes, edges)| Graph {
            lanes,
            lane_header: 132,
            lane_heights: vec![50; lanes],
            nodes,
            edges,
        })
    })
}

/// The straight parts of a line, each as a thin rectangle between its corners.
fn segments(route: &Route) -> Vec<(Point, Point)> {
    route.points.windows(2).map(|pair| (pair[0].min(pair[1]), pair[0].max(pair[1]))).collect()
}

fn crosses((low, high): (Point, Point), rect: &Rect) -> bool {
    low.x < rect.right() && rect.x < high.x.max(low.x + 1) && low.y < rect.bottom() && rect.y < high.y.max(low.y + 1)
}

/// Whether the two run along each other for more than a pixel.
fn share_a_stretch(one: (Point, Point), other: (Point, Point)) -> bool {
    let horizontal = |segment: (Point, Point)| segment.0.y == segment.1.y;
    if horizontal(one) != horizontal(other) {
        return false;
    }
    if horizontal(one) {
        one.0.y == other.0.y && one.0.x + 1 < other.1.x && other.0.x + 1 < one.1.x
    } else {
        one.0.x == other.0.x && one.0.y + 1 < other.1.y && other.0.y + 1 < one.1.y
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn boxes_never_overlap_and_stay_in_their_lane(graph in graphs()) {
        let layout = arrange(&graph);
        for (index, rect) in layout.boxes.iter().enumerate() {
            for other in &layout.boxes[index + 1..] {
                prop_assert!(!rect.overlaps(other), "{rect:?} {other:?}");
            }
            let lane = layout.lanes[graph.nodes[index].lane];
            prop_assert!(lane.x + graph.lane_header <= rect.x && rect.right() <= lane.right());
            prop_assert!(lane.y < rect.y && rect.bottom() < lane.bottom());
        }
        for pair in layout.lanes.windows(2) {
            prop_assert!(pair[0].bottom() < pair[1].y);
        }
    }

    #[test]
    fn lines_are_orthogonal_join_their_boxes_and_cross_no_other(graph in graphs()) {
        let layout = arrange(&graph);
        for (edge, route) in graph.edges.iter().zip(&layout.routes) {
            for (low, high) in segments(route) {
                prop_assert!(low.x == high.x || low.y == high.y);
                for rect in &layout.boxes {
                    prop_assert!(!crosses((low, high), rect), "{edge:?} {route:?} {rect:?}");
                }
                prop_assert!(low.x >= graph.lane_header && high.x <= layout.width && high.y <= layout.height);
            }
            for (point, node) in [(route.points.first(), edge.from), (route.points.last(), edge.to)] {
                let (point, rect) = (point.unwrap(), layout.boxes[node]);
                let on_side = (point.x == rect.x || point.x == rect.right())
                    && rect.y < point.y && point.y < rect.bottom();
                let on_top = (point.y == rect.y || point.y == rect.bottom())
                    && rect.x < point.x && point.x < rect.right();
                prop_assert!(on_side || on_top, "{edge:?} {point:?} {rect:?}");
            }
        }
    }

    #[test]
    fn no_two_lines_run_on_each_other(graph in graphs()) {
        let layout = arrange(&graph);
        let all: Vec<_> = layout.routes.iter().map(segments).collect();
        for (index, one) in all.iter().enumerate() {
            for (other_index, other) in all.iter().enumerate().skip(index + 1) {
                for pair in one.iter().flat_map(|a| other.iter().map(move |b| (*a, *b))) {
                    prop_assert!(!share_a_stretch(pair.0, pair.1), "{index} {other_index} {pair:?}");
                }
            }
        }
    }

    #[test]
    fn strips_of_chips_cover_no_box_no_other_strip_and_no_other_line(graph in graphs()) {
        let layout = arrange(&graph);
        let strips: Vec<(usize, Rect)> =
            layout.routes.iter().enumerate().filter_map(|(edge, route)| Some((edge, route.strip?))).collect();
        prop_assert_eq!(strips.len(), graph.edges.iter().filter(|edge| edge.strip > 0).count());
        for (index, (edge, strip)) in strips.iter().enumerate() {
            prop_assert!(layout.boxes.iter().all(|rect| !rect.overlaps(strip)), "box {edge} {strip:?}");
            prop_assert!(strips[index + 1..].iter().all(|(_, other)| !other.overlaps(strip)), "strip {edge} {strip:?}");
            for (other, route) in layout.routes.iter().enumerate().filter(|(other, _)| other != edge) {
                let covered = segments(route).into_iter().find(|segment| crosses(*segment, strip));
                prop_assert!(covered.is_none(), "line {other} under the strip of {edge}: {strip:?} {covered:?}");
            }
        }
    }

    #[test]
    fn a_pinned_box_stands_in_the_column_it_was_put_in_and_no_two_share_a_cell(graph in graphs()) {
        let layout = arrange(&graph);
        for (node, cell) in graph.nodes.iter().zip(&layout.cells) {
            prop_assert!(node.pin.is_none_or(|pin| pin.column == cell.column));
        }
        let cells: std::collections::BTreeSet<Cell> = layout.cells.iter().copied().collect();
        prop_assert_eq!(cells.len(), layout.cells.len());
    }

    #[test]
    fn the_same_graph_gives_the_same_layout(graph in graphs()) {
        prop_assert_eq!(arrange(&graph), arrange(&graph));
    }
}

#[test]
fn nothing_at_all_still_has_a_size() {
    let layout = arrange(&Graph { lanes: 2, ..Graph::default() });
    assert_eq!(layout.lanes.len(), 2);
    assert!(layout.width > 0 && layout.height > 0);
}

#[test]
fn the_others_make_room_for_a_pinned_box() {
    let node = Node { lane: 0, width: 148, height: 0, pin: None };
    let edge = |from, to| Edge { from, to, strip: 0, weight: 1 };
    let mut graph =
        Graph { lanes: 2, nodes: vec![node; 4], edges: vec![edge(0, 1), edge(1, 2), edge(2, 3)], ..Graph::default() };
    graph.nodes[3].pin = Some(Pin { column: 0, row: 0 });
    graph.nodes[2].pin = Some(Pin { column: 0, row: 0 });
    let layout = arrange(&graph);
    assert_eq!(layout.cells[2], Cell { column: 0, row: 0 });
    assert_eq!(layout.cells[3], Cell { column: 0, row: 1 }, "of two on one place the later one stands below");
    assert_eq!(layout.cells[0], Cell { column: 0, row: 2 });
    graph.nodes[3].pin = Some(Pin { column: usize::MAX, row: usize::MAX });
    assert!(arrange(&graph).cells[3].column < 64, "a pin cannot make the picture as large as it likes");
}

#[test]
fn flows_run_from_left_to_right() {
    let node = Node { lane: 0, width: 148, height: 0, pin: None };
    let edge = |from, to| Edge { from, to, strip: 0, weight: 1 };
    let layout =
        arrange(&Graph { lanes: 1, nodes: vec![node; 3], edges: vec![edge(2, 0), edge(0, 1)], ..Graph::default() });
    assert!(layout.boxes[2].x < layout.boxes[0].x && layout.boxes[0].x < layout.boxes[1].x);
    assert!(layout.routes.iter().all(|route| route.points.len() == 2), "neighbours in a row are joined straight");
}

#[test]
fn a_full_cell_becomes_columns_instead_of_a_tower() {
    let nodes = vec![Node { lane: 0, width: 148, height: 0, pin: None }; 41];
    let edges = (1..41).map(|from| Edge { from, to: 0, strip: 0, weight: 1 }).collect();
    let layout = arrange(&Graph { lanes: 1, nodes, edges, ..Graph::default() });
    let rows = layout.cells.iter().map(|cell| cell.row).max().unwrap() + 1;
    assert!(rows <= 7, "{rows} rows");
}
