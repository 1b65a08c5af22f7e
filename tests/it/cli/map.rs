//! `plumbline map`: which files it writes, and what it says.

use server::cli::Exit;
use tempfile::TempDir;

use super::plumbline;

const SHOP: &[u8] = br#"{
    "segments": [{"id": "edge", "name": "Edge", "trust": "public"}, {"id": "core", "name": "Core", "trust": "restricted"}],
    "systems": [
        {"id": "browser", "name": "Browser", "boundary": "external", "kind": "consumer_browser"},
        {"id": "web", "name": "Web shop", "segment": "edge", "kind": "web"},
        {"id": "pay", "name": "Payments", "segment": "core"}
    ],
    "flows": [
        {"id": "card", "from": "browser", "to": "web", "data": [{"element": "pan"}]},
        {"id": "charge", "from": "web", "to": "pay", "data": [{"element": "pan"}]}
    ]}"#;

/// An estate of one segment with this many systems.
fn large(systems: usize) -> Vec<u8> {
    let systems: Vec<String> =
        (0..systems).map(|number| format!(r#"{{"id": "s{number}", "segment": "core"}}"#)).collect();
    format!(r#"{{"segments": [{{"id": "core"}}], "systems": [{}], "flows": []}}"#, systems.join(",")).into_bytes()
}

#[test]
fn the_end_of_the_name_says_what_kind_of_file_is_written() {
    let folder = TempDir::new().unwrap();
    let kinds = [("svg", "<svg "), ("mmd", "flowchart LR"), ("dot", "digraph map {"), ("drawio", "<?xml ")];
    for (ending, begins) in kinds {
        let path = folder.path().join(format!("map.{ending}"));
        let path = path.to_str().unwrap();
        let ended = plumbline(&["map", "-", "--out", path], SHOP);
        assert_eq!(ended.exit, Exit::Done, "{}", ended.errors);
        assert_eq!(ended.output, "Showing 3 of 3 systems, 2 of 2 flows. Nothing else is hidden.\n");
        let written = std::fs::read_to_string(path).unwrap();
        assert!(written.starts_with(begins) && written.contains("Web shop"), "{ending}: {written}");
    }
}

#[test]
fn without_a_file_the_picture_goes_to_standard_output_and_is_the_same_every_time() {
    let once = plumbline(&["map", "-"], SHOP);
    assert!(once.output.starts_with("<svg ") && once.errors.is_empty(), "{}", once.errors);
    assert_eq!(once.output, plumbline(&["map", "-"], SHOP).output);
    assert!(!once.output.contains(" href="), "the boxes of a file lead nowhere");
    let dark = plumbline(&["map", "-", "--theme", "dark"], SHOP);
    assert_ne!(once.output, dark.output);
}

#[test]
fn a_large_estate_is_drawn_collapsed_unless_all_of_it_is_asked_for() {
    let model = large(401);
    let collapsed = plumbline(&["map", "-"], &model);
    assert!(collapsed.output.contains("Showing 0 of 401 systems") && collapsed.output.contains("1 segment collapsed"));
    let all = plumbline(&["map", "-", "--all"], &model);
    assert!(all.output.contains("Showing 401 of 401 systems, 0 of 0 flows. Nothing else is hidden."));
}

#[test]
fn a_name_that_says_no_kind_of_file_ends_with_2_and_names_the_kinds() {
    for out in ["map", "map.pdf", "folder/"] {
        let ended = plumbline(&["map", "-", "--out", out], SHOP);
        assert_eq!(ended.exit, Exit::Usage, "{out}");
        assert!(ended.errors.contains(".svg, .png, .mmd, .dot, .drawio"), "{}", ended.errors);
    }
    let folder = TempDir::new().unwrap();
    let nowhere = folder.path().join("missing/map.svg");
    let ended = plumbline(&["map", "-", "--out", nowhere.to_str().unwrap()], SHOP);
    assert_eq!(ended.exit, Exit::Usage);
    assert!(ended.errors.contains("cannot be written"), "{}", ended.errors);
}

#[test]
fn a_picture_of_pixels_has_the_same_bytes_every_time_and_says_when_it_would_be_too_large() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("map.png");
    let draw = |model: &[u8]| plumbline(&["map", "-", "--all", "--out", path.to_str().unwrap()], model);
    assert_eq!(draw(SHOP).exit, Exit::Done);
    let once = std::fs::read(&path).unwrap();
    assert!(once.starts_with(b"\x89PNG\r\n\x1a\n"));
    assert_eq!(draw(SHOP).exit, Exit::Done);
    assert_eq!(std::fs::read(&path).unwrap(), once);

    let segments: Vec<String> = (0..400).map(|it| format!(r#"{{"id": "segment-{it}"}}"#)).collect();
    let systems: Vec<String> = (0..400).map(|it| format!(r#"{{"id": "s{it}", "segment": "segment-{it}"}}"#)).collect();
    let tower = format!(r#"{{"segments": [{}], "systems": [{}], "flows": []}}"#, segments.join(","), systems.join(","));
    let ended = draw(tower.as_bytes());
    assert_eq!(ended.exit, Exit::Usage, "{}", ended.output);
    assert!(ended.errors.contains("16384 on a side"), "{}", ended.errors);
}
