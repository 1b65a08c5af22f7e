//! How much a browser has to load before it shows the map of a large workspace.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::Arc;

use bench::estate::Estate;
use domain::id::SegmentId;
use domain::model::Model;
use domain::scene::Picture;
use domain::scene::estate::{ViewOptions, drawing};
use domain::scope::compute;

/// What a page may weigh after brotli, in bytes; the drawing is nearly all of it.
const MOST: usize = 150_000;
/// What the rest of the page may add to the drawing.
const REST_OF_THE_PAGE: usize = 20_000;

/// The weight at the level of brotli that is usual for answers made on request.
fn compressed(text: &str) -> usize {
    let mut small = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
    small.write_all(text.as_bytes()).unwrap();
    small.into_inner().len()
}

fn weight(name: &str, model: &Model, open: BTreeSet<SegmentId>) -> usize {
    let options = ViewOptions { base: "/w/shop".to_owned(), open, ..ViewOptions::default() };
    let drawn = drawing(model, &compute(model), &options);
    let picture = Picture::of(&drawn, None);
    let page = format!("{}{}", picture.map, picture.overview);
    let (elements, small) = (page.matches("<").count() - page.matches("</").count(), compressed(&page));
    let (boxes, lines) = (drawn.nodes.len(), drawn.bundles.len());
    eprintln!("{name}: {boxes} boxes, {lines} lines, {elements} elements, {} bytes, {small} after brotli", page.len());
    small
}

#[test]
fn the_map_of_5000_systems_is_light_collapsed_and_with_a_large_segment_opened() {
    let mut model = Estate::new(5_000, 20_000).model();
    let collapsed = weight("collapsed", &model, BTreeSet::new());
    assert!(collapsed <= MOST - REST_OF_THE_PAGE, "{collapsed}");

    let segments: Vec<SegmentId> = model.segments.keys().cloned().collect();
    let one = weight("one segment of many opened", &model, BTreeSet::from([segments[3].clone()]));
    assert!(one <= MOST - REST_OF_THE_PAGE, "{one}");

    // As many systems in one segment as a picture has at most, with most of the flows among themselves.
    let large: Vec<_> = model.systems.keys().take(400).cloned().collect();
    for id in &large {
        Arc::make_mut(model.systems.get_mut(id).unwrap()).segment = Some(segments[3].clone());
    }
    let others: Vec<_> = model.systems.keys().skip(400).cloned().collect();
    for id in others {
        let system = Arc::make_mut(model.systems.get_mut(&id).unwrap());
        if system.segment.as_ref() == Some(&segments[3]) {
            system.segment = Some(segments[4].clone());
        }
    }
    let flows: Vec<_> = model.flows.keys().take(4_000).cloned().collect();
    for (number, id) in flows.iter().enumerate() {
        let flow = Arc::make_mut(model.flows.get_mut(id).unwrap());
        flow.from = large[number % 400].clone();
        flow.to = large[(number * 7 + number / 400 + 1) % 400].clone();
    }
    let opened = weight("a large segment opened", &model, BTreeSet::from([segments[3].clone()]));
    assert!(opened <= MOST - REST_OF_THE_PAGE, "{opened}");
}
