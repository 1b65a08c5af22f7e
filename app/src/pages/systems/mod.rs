//! Systems: the list, one system, its form.

pub(super) mod detail;
pub(super) mod edit;
pub(super) mod list;
pub(super) mod timeline;

use domain::model::Model;
use domain::model::flow::Flow;
use domain::model::system::System;

/// The name of a segment; its key where the model does not have it.
pub(super) fn segment_name(model: &Model, system: &System) -> String {
    let Some(id) = &system.segment else { return String::new() };
    model.segments.get(id).map_or_else(|| id.to_string(), |segment| segment.name.clone())
}

/// The name of the person or team that answers for the system.
pub(super) fn owner_name(model: &Model, system: &System) -> Option<String> {
    let key = system.facts.get("owner")?.text()?;
    Some(model.people.get(key).map_or_else(|| key.to_owned(), |person| person.name.clone()))
}

/// The name of a system; its key where the model does not have it.
pub(super) fn system_name(model: &Model, id: &domain::id::SystemId) -> String {
    model.systems.get(id).map_or_else(|| id.to_string(), |system| system.name.clone())
}

/// What people call a flow.
pub(super) fn flow_name(model: &Model, flow: &Flow) -> String {
    if flow.name.is_empty() {
        format!("{} to {}", system_name(model, &flow.from), system_name(model, &flow.to))
    } else {
        flow.name.clone()
    }
}
