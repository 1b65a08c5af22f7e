//! What a mode of the map is about: the forms that choose a start, an element or another state.

use domain::id::ElementId;
use domain::inventory::title;
use domain::lineage::elements;
use domain::model::Model;
use domain::model::catalogue;
use domain::model::element::ElementClass;
use domain::model::object::{ObjectKind, ObjectRef};
use domain::snapshot::{Snapshot, SnapshotKey};
use leptos::prelude::*;

use super::super::request::Place;
use super::super::snapshots::named;
use super::view::Seen;
use crate::ui::field::hidden;

/// Up to how many systems a list to choose from is offered; beyond, the start is typed.
const MOST_CHOICES: usize = 300;

pub(super) fn from_form(place: &Place, seen: &Seen, others: &[&Snapshot], chosen: Option<SnapshotKey>) -> AnyView {
    if others.is_empty() {
        return view! { <a class="button small" href=place.paths.page("snapshots")>"Take a snapshot first"</a> }
            .into_any();
    }
    let choices: Vec<_> = others
        .iter()
        .map(|it| {
            let selected = chosen == Some(it.key);
            view! { <option value=it.key.to_string() selected=selected>{named(it)}</option> }
        })
        .collect();
    let control = view! { <select class="input" id="from" name="from">{choices}</select> }.into_any();
    picker(place, seen, "diff", "from", "Compared with", control)
}

pub(super) fn start_form(place: &Place, seen: &Seen, chosen: &str) -> AnyView {
    let model = &place.estate.model;
    let groups: Vec<(&str, Vec<(String, String)>)> = vec![
        ("Systems", model.systems.values().map(|it| (format!("system:{}", it.id), it.name.clone())).collect()),
        (
            "Credentials",
            model.credentials.values().map(|it| (format!("credential:{}", it.id), it.name.clone())).collect(),
        ),
        ("Vendors", model.vendors.values().map(|it| (format!("vendor:{}", it.id), it.name.clone())).collect()),
        ("Connectors", connectors(model)),
    ];
    let control = if model.systems.len() > MOST_CHOICES {
        view! {
            <input
                class="input mono"
                id="start"
                name="start"
                value=chosen.to_owned()
                autocomplete="off"
                placeholder="system:checkout"
            />
        }
        .into_any()
    } else {
        let groups: Vec<_> = groups
            .into_iter()
            .filter(|(_, choices)| !choices.is_empty())
            .map(|(label, mut choices)| {
                choices.sort_by(|one, other| (one.1.to_lowercase(), &one.0).cmp(&(other.1.to_lowercase(), &other.0)));
                let choices: Vec<_> = choices
                    .into_iter()
                    .map(|(value, name)| {
                        let selected = value == chosen;
                        view! { <option value=value selected=selected>{name}</option> }
                    })
                    .collect();
                view! { <optgroup label=label>{choices}</optgroup> }
            })
            .collect();
        view! { <select class="input" id="start" name="start">{groups}</select> }.into_any()
    };
    picker(place, seen, "blast", "start", "What is hostile", control)
}

fn connectors(model: &Model) -> Vec<(String, String)> {
    let records = model.records.keys().filter(|key| key.kind == ObjectKind::Connector);
    let named = records.filter_map(|key| {
        let object = model.get(&ObjectRef::Record(key.clone()))?;
        Some((format!("connector:{}", key.id), title(&object, model)))
    });
    named.collect()
}

/// The element whose way people ask for first: the card number, else what standards protect most.
pub(super) fn most_telling(model: &Model) -> Option<ElementId> {
    let rank = |id: &ElementId| match catalogue::class_of(id.as_str()) {
        _ if id.as_str() == "pan" => 0,
        Some(ElementClass::Sad) => 1,
        Some(ElementClass::Chd) => 2,
        Some(_) => 3,
        None => 4,
    };
    elements(model).into_iter().min_by_key(|id| (rank(id), id.clone()))
}

pub(super) fn element_form(place: &Place, seen: &Seen, chosen: &str) -> AnyView {
    let mut present: Vec<(String, String)> = elements(&place.estate.model)
        .into_iter()
        .map(|id| {
            let id = id.to_string();
            let name = catalogue::element(&id).map_or_else(|| id.clone(), |it| it.name.clone());
            (name, id)
        })
        .collect();
    present.sort();
    let choices: Vec<_> = present
        .into_iter()
        .map(|(name, id)| {
            let selected = id == chosen;
            view! { <option value=id selected=selected>{name}</option> }
        })
        .collect();
    let control = view! { <select class="input" id="element" name="element">{choices}</select> }.into_any();
    picker(place, seen, "lineage", "element", "Element", control)
}

/// A form that keeps everything else that the view says.
fn picker(
    place: &Place,
    seen: &Seen,
    mode: &'static str,
    name: &'static str,
    label: &'static str,
    control: AnyView,
) -> AnyView {
    let kept: Vec<_> = seen
        .pairs()
        .into_iter()
        .filter(|(name, value)| !matches!(*name, "mode" | "start" | "element" | "from") && !value.is_empty())
        .map(|(name, value)| hidden(name, value))
        .collect();
    view! {
        <form class="mode-picker" method="get" action=place.paths.page("map")>
            {kept}
            {hidden("mode", mode.to_owned())}
            <label for=name>{label}</label>
            {control}
            <button class="button small">"Show"</button>
        </form>
    }
    .into_any()
}
