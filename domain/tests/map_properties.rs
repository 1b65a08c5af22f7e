//! What every drawn map promises, on the worked examples and on a real graph that lie beside the project: they are read
//! where they are, and without them there is nothing to draw.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use std::path::PathBuf;
use std::sync::Arc;

use domain::id::{SegmentId, SystemId};
use domain::import::{Choices, Limits, plan, read};
use domain::layout::{Layout, Point, Rect};
use domain::model::Model;
use domain::model::flow::Flow;
use domain::model::reader::read_json;
use domain::model::segment::Segment;
use domain::model::system::System;
use domain::scene::estate::{ViewOptions, drawing};
use domain::scene::{Drawing, FileFormat, Theme, file, layout_of};
use domain::scope::compute;
use serde_json::Value;

fn shared(path: &str) -> Option<Vec<u8>> {
    let root = std::env::var_os("PLUMBLINE_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let read = std::fs::read(root.join(path)).ok();
    if read.is_none() {
        println!("skipped: {} is absent", root.join(path).display());
    }
    read
}

fn drawn(model: &Model, all: bool) -> Drawing {
    drawing(model, &compute(model), &ViewOptions { all, ..ViewOptions::default() })
}

fn crosses(low: Point, high: Point, rect: &Rect) -> bool {
    low.x < rect.right() && rect.x < high.x.max(low.x + 1) && low.y < rect.bottom() && rect.y < high.y.max(low.y + 1)
}

/// No two boxes overlap, and no line crosses a box; a line ends at the border of its own ones.
fn keeps_its_promises(name: &str, layout: &Layout) {
    let mut boxes: Vec<Rect> = layout.boxes.clone();
    boxes.sort_by_key(|rect| (rect.y, rect.x));
    for (index, rect) in boxes.iter().enumerate() {
        let near = boxes[index + 1..].iter().take_while(|other| other.y < rect.bottom());
        for other in near {
            assert!(!rect.overlaps(other), "{name}: {rect:?} {other:?}");
        }
    }
    for route in &layout.routes {
        for pair in route.points.windows(2) {
            let (low, high) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
            assert!(low.x == high.x || low.y == high.y, "{name}: {route:?}");
            let crossed = boxes.iter().find(|rect| crosses(low, high, rect));
            assert!(crossed.is_none(), "{name}: {route:?} {crossed:?}");
        }
    }
}

#[test]
fn the_worked_examples_are_drawn_without_overlaps_and_alike_every_time() {
    let Some(bytes) = shared("cases/scope-cases.json") else { return };
    let file_of_cases: Value = serde_json::from_slice(&bytes).unwrap();
    let cases = file_of_cases["cases"].as_array().unwrap();
    assert!(!cases.is_empty());
    for case in cases {
        let name = case["id"].as_str().unwrap();
        let (model, _) = read_json(case["model"].to_string().as_bytes()).unwrap();
        let once = drawn(&model, true);
        keeps_its_promises(name, &layout_of(&once));
        for format in FileFormat::ALL {
            let again = file(&drawn(&model, true), format, Theme::Light);
            assert_eq!(file(&once, format, Theme::Light), again, "{name} {format:?}");
        }
    }
}

/// The tables of flows that were derived from published demonstration systems.
#[test]
fn published_architectures_are_drawn_without_overlaps_and_alike_every_time() {
    for name in ["online-boutique", "train-ticket"] {
        let Some(bytes) = shared(&format!("corpus/1-architecture/{name}/derived/flows.csv")) else { return };
        let reading = read("flows.csv", &bytes, &Limits::browser()).unwrap();
        let mut model = Model::default();
        for object in plan(&reading, &model, &Choices::default()).unwrap() {
            model.put(object);
        }
        assert!(model.systems.len() > 10 && model.flows.len() > 10, "{name}");
        let once = drawn(&model, true);
        keeps_its_promises(name, &layout_of(&once));
        let mut turned = once.clone();
        turned.nodes.reverse();
        turned.bundles.reverse();
        assert_eq!(layout_of(&turned), layout_of(&once), "{name}");
    }
}

/// Airlines: airports as systems, each in the segment of its first letter, and every route a flow. Hubs of hundreds of
/// lines.
#[test]
fn a_network_of_hubs_is_drawn_without_overlaps() {
    let Some(bytes) = shared("corpus/4-scale-graphs/snap-openflights/routes.dat.txt") else { return };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut model = Model::default();
    for (number, line) in text.lines().enumerate().step_by(8) {
        let parts: Vec<&str> = line.split(',').collect();
        let [from, to] = [parts[2], parts[4]].map(|airport| {
            let id = SystemId::new(format!("airport-{airport}"));
            let segment = SegmentId::new(format!("letter-{}", &airport[..1]));
            let mut system = System::new(id.clone(), airport.to_owned());
            system.segment = Some(segment.clone());
            model.systems.entry(id.clone()).or_insert_with(|| Arc::new(system));
            let name = format!("Letter {}", &airport[..1]);
            model.segments.entry(segment.clone()).or_insert_with(|| Arc::new(Segment::new(segment, name)));
            id
        });
        let flow = Flow::new(format!("route-{number}").as_str().into(), from, to);
        model.flows.insert(flow.id.clone(), Arc::new(flow));
    }
    assert!(model.systems.len() > 1_000 && model.flows.len() > 5_000);
    keeps_its_promises("all of it", &layout_of(&drawn(&model, true)));
    keeps_its_promises("collapsed", &layout_of(&drawn(&model, false)));
}

/// Who voted for whom: a real graph with hubs and circles, and nobody laid it out to be drawn.
#[test]
fn a_real_graph_of_thousands_of_edges_is_drawn_without_overlaps() {
    let Some(bytes) = shared("corpus/4-scale-graphs/snap-openflights/Wiki-Vote.txt") else { return };
    let text = String::from_utf8(bytes).unwrap();
    let mut model = Model::default();
    for number in 0..9 {
        let id = SegmentId::new(format!("segment-{number}"));
        model.segments.insert(id.clone(), Arc::new(Segment::new(id, format!("Segment {number}"))));
    }
    let edges = text.lines().filter(|line| !line.starts_with('#')).take(3_000).enumerate();
    for (number, line) in edges {
        let ends: Vec<u32> = line.split_whitespace().map(|end| end.parse().unwrap()).collect();
        let [from, to] = [ends[0], ends[1]].map(|end| {
            let id = SystemId::new(format!("voter-{end}"));
            let mut system = System::new(id.clone(), format!("Voter {end}"));
            system.segment = Some(SegmentId::new(format!("segment-{}", end % 9)));
            model.systems.entry(id.clone()).or_insert_with(|| Arc::new(system));
            id
        });
        let flow = Flow::new(format!("vote-{number}").as_str().into(), from, to);
        model.flows.insert(flow.id.clone(), Arc::new(flow));
    }
    let whole = drawn(&model, true);
    assert_eq!(whole.counts.systems_shown, model.systems.len());
    keeps_its_promises("all of it", &layout_of(&whole));
    let collapsed = drawn(&model, false);
    assert_eq!(collapsed.counts.collapsed, 9);
    keeps_its_promises("collapsed", &layout_of(&collapsed));
}
