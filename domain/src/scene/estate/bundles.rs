//! The lines of the map: flows joined by the ordered pair of systems, with what they carry.

use std::collections::{BTreeMap, BTreeSet};

use super::{ViewOptions, drawn_key, path_segment};
use crate::id::SystemId;
use crate::model::Model;
use crate::model::draft::{chip_label, field_class};
use crate::model::element::Holding;
use crate::model::flow::Flow;
use crate::model::kinds::FlowKind;
use crate::model::relations::Encryption;
use crate::scene::{Bundle, Chip, ChipClass};

pub(super) fn bundles(model: &Model, shown: &BTreeSet<SystemId>, options: &ViewOptions) -> Vec<Bundle> {
    let mut pairs: BTreeMap<(&SystemId, &SystemId), Vec<&Flow>> = BTreeMap::new();
    for flow in model.flows.values() {
        // A flow of a system to itself is told on the system's page; it has no place between two boxes.
        if flow.from != flow.to && shown.contains(&flow.from) && shown.contains(&flow.to) {
            pairs.entry((&flow.from, &flow.to)).or_default().push(flow);
        }
    }
    pairs.into_iter().map(|((from, to), flows)| bundle(model, from, to, &flows, options)).collect()
}

fn bundle(model: &Model, from: &SystemId, to: &SystemId, flows: &[&Flow], options: &ViewOptions) -> Bundle {
    let href = match flows {
        [flow] => format!("{}/flows/{}", options.base, path_segment(flow.id.as_str())),
        _ => format!(
            "{}/flows?q=from%3A{}+to%3A{}",
            options.base,
            path_segment(from.as_str()),
            path_segment(to.as_str())
        ),
    };
    let chips: BTreeSet<Chip> = flows.iter().flat_map(|flow| &flow.fields).map(chip).collect();
    Bundle {
        from: drawn_key(from.as_str()),
        to: drawn_key(to.as_str()),
        keys: flows.iter().map(|flow| drawn_key(flow.id.as_str())).collect(),
        unencrypted: flows.iter().any(|flow| flow.encryption == Encryption::None),
        unknown: flows.iter().any(|flow| flow.encryption == Encryption::Unknown),
        admin: flows.iter().any(|flow| flow.kind == FlowKind::Admin),
        webhook: flows.iter().any(|flow| matches!(flow.kind, FlowKind::Webhook | FlowKind::WebhookEcho)),
        sentence: sentence(model, from, to, flows, &chips),
        chips: chips.into_iter().collect(),
        href,
    }
}

/// What a field is, in a word, and how sensitive.
fn chip(field: &Holding) -> Chip {
    let class = match field_class(field) {
        "sad" => ChipClass::Sad,
        "pan" => ChipClass::Pan,
        "secret" => ChipClass::Secret,
        "truncated" => ChipClass::Truncated,
        "pii" => ChipClass::Pii,
        "token" => ChipClass::Token,
        _ => ChipClass::Other,
    };
    Chip { class, label: chip_label(field) }
}

/// For example `3 flows from Checkout to Gateway, carrying CVV, PAN. Encryption unknown.`
fn sentence(model: &Model, from: &SystemId, to: &SystemId, flows: &[&Flow], chips: &BTreeSet<Chip>) -> String {
    let name = |id: &SystemId| model.systems.get(id).map_or_else(|| id.to_string(), |it| it.name.clone());
    let mut said = match flows {
        [_] => format!("Flow from {} to {}", name(from), name(to)),
        many => format!("{} flows from {} to {}", many.len(), name(from), name(to)),
    };
    let carried: Vec<&str> = chips.iter().map(|chip| chip.label.as_str()).collect();
    if carried.is_empty() {
        said.push_str(", no element stated.");
    } else {
        said.push_str(&format!(", carrying {}.", carried.join(", ")));
    }
    let waiting = flows.iter().flat_map(|flow| &flow.wire_names).filter(|name| !name.dismissed).count();
    if waiting > 0 {
        said.push_str(&format!(" {waiting} unrecognised names."));
    }
    if flows.iter().any(|flow| flow.encryption == Encryption::None) {
        said.push_str(" Not encrypted.");
    }
    if flows.iter().any(|flow| flow.encryption == Encryption::Unknown) {
        said.push_str(" Encryption unknown.");
    }
    said
}
