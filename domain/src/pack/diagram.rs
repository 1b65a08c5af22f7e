//! The network as data beside its picture (requirement 1.2.3): segments, links, controls, and which systems are where.

use serde_json::{Value, json};

use super::derived::Derived;
use crate::scope::verdict::Category;

/// The diagram as JSON, ordered by key.
pub(super) fn json(it: &Derived) -> String {
    let model = &it.model;
    let systems = |segment: Option<&crate::id::SegmentId>| -> Vec<Value> {
        let inside = model.systems.values().filter(|one| one.segment.as_ref() == segment);
        let told = inside.map(|one| {
            let verdict = it.scope.systems.get(&one.id);
            json!({ "id": one.id, "name": one.name, "kind": one.kind, "category": verdict.map(|it| it.category) })
        });
        told.collect()
    };
    let segments = model.segments.values().map(|segment| {
        json!({
            "id": segment.id, "name": segment.name, "trust": segment.trust, "microsegmented": segment.microsegmented,
            "systems": systems(Some(&segment.id)),
        })
    });
    let links = model
        .links
        .values()
        .map(|link| json!({ "a": link.key.a(), "b": link.key.b(), "policy": link.policy, "control": link.control }));
    let controls = model.controls.values().map(|control| {
        json!({
            "id": control.id, "name": control.name, "type": control.kind, "between": control.between,
            "status": control.status, "last_tested": control.last_tested,
        })
    });
    let legend = Category::ALL.iter().map(|it| json!({ "category": it, "code": it.code(), "label": it.label() }));
    let all = json!({
        "as_of": it.as_of,
        "segments": segments.collect::<Vec<_>>(),
        "without_segment": systems(None),
        "links": links.collect::<Vec<_>>(),
        "controls": controls.collect::<Vec<_>>(),
        "legend": legend.collect::<Vec<_>>(),
    });
    let mut text = serde_json::to_string_pretty(&all).expect("texts and lists always have a form in JSON");
    text.push('\n');
    text
}
