//! A picture that people know stays as they know it: one system more moves hardly any other.

use std::collections::BTreeMap;

use super::super::plan::Plan;
use super::*;

/// The column of every system, and its row within its lane.
fn places(drawing: &Drawing) -> BTreeMap<String, (usize, usize)> {
    let plan = Plan::new(drawing);
    let mut first: BTreeMap<usize, usize> = BTreeMap::new();
    for (lane, cell) in plan.lane_of.iter().zip(&plan.layout.cells) {
        let row = first.entry(*lane).or_insert(cell.row);
        *row = cell.row.min(*row);
    }
    let place = |(node, name): (usize, &Node)| {
        let cell = plan.layout.cells[node];
        (name.key.clone(), (cell.column, cell.row - first[&plan.lane_of[node]]))
    };
    plan.nodes.iter().enumerate().map(place).collect()
}

/// The same estate with one system more, with a flow from one system and a flow to another.
fn with_one_more(drawing: &Drawing, edit: usize) -> Drawing {
    let mut edited = drawing.clone();
    let of = |step: usize| edit.wrapping_mul(step) % drawing.nodes.len();
    let like = &drawing.nodes[of(7)];
    // Sorts before, between and behind the others.
    let key = format!("{}-more", like.key);
    edited.bundles.push(fixtures::flow(&drawing.nodes[of(11)].key, &key, &[(ChipClass::Token, "TOKEN")]));
    edited.bundles.push(fixtures::flow(&key, &drawing.nodes[of(5)].key, &[]));
    edited.nodes.push(Node { key, name: "One more".to_owned(), ..like.clone() });
    edited
}

/// Of how many systems, and which of them moved by more than one slot, for each of twenty edits.
fn edits(drawing: &Drawing) -> (usize, Vec<Vec<String>>) {
    let before = places(drawing);
    let moved = |edit: usize| moved_far(&before, &places(&with_one_more(drawing, edit)));
    (before.len(), (1..=20).map(moved).collect())
}

/// The systems that stand more than one slot away from where they stood.
fn moved_far(before: &BTreeMap<String, (usize, usize)>, after: &BTreeMap<String, (usize, usize)>) -> Vec<String> {
    let far = |key: &&String| {
        let ((column, row), (new_column, new_row)) = (before[*key], after[*key]);
        column.abs_diff(new_column) > 1 || row.abs_diff(new_row) > 1
    };
    before.keys().filter(far).cloned().collect()
}

#[test]
fn one_system_more_in_the_sample_moves_at_most_a_tenth_of_the_others_by_more_than_one_slot() {
    let (systems, edits) = edits(&fixtures::sample());
    for moved in edits {
        assert!(moved.len() * 10 <= systems, "{moved:?}");
    }
}

/// A new system between the end and the beginning of a long way is allowed to turn it; that must stay the exception.
#[test]
fn over_twenty_edits_of_other_estates_at_most_a_tenth_moves_by_more_than_one_slot() {
    for drawing in [fixtures::shop(), fixtures::segments(), fixtures::one_segment()] {
        let (systems, edits) = edits(&drawing);
        let moved: usize = edits.iter().map(Vec::len).sum();
        assert!(moved * 10 <= systems * edits.len(), "{}: {edits:?}", drawing.title);
    }
}

/// Whoever sends to a hub stands in columns before it; one more of them finds room among them.
#[test]
fn one_sender_more_at_a_hub_moves_at_most_a_tenth_of_the_others_by_more_than_one_slot() {
    let drawing = fixtures::hub();
    let before = places(&drawing);
    for edit in 1..=20 {
        let like = &drawing.nodes[edit % drawing.nodes.len()];
        let key = format!("{}-more", like.key);
        let mut edited = drawing.clone();
        edited.bundles.push(fixtures::flow(&key, "siem", &[]));
        edited.nodes.push(Node { key, name: "One more".to_owned(), ..like.clone() });
        let moved = moved_far(&before, &places(&edited));
        assert!(moved.len() * 10 <= before.len(), "{edit}: {moved:?}");
    }
}
