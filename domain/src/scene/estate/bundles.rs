//! The lines of the map: flows joined by the ordered pair of systems, with what they carry.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::detail::{Detail, MOST_FLOWS, StandIn, opening_link};
use super::{ViewOptions, address, drawn_key, path_segment};
use crate::id::SystemId;
use crate::model::Model;
use crate::model::draft::{chip_label, field_class};
use crate::model::element::Holding;
use crate::model::flow::Flow;
use crate::model::kinds::FlowKind;
use crate::model::relations::Encryption;
use crate::scene::{Bundle, Chip, ChipClass};

/// How many lines a picture with folded segments has at most; between so many boxes nobody could tell more apart.
const MOST_LINES: usize = 300;

/// The lines, and how many found no room: of those at folded segments, and of those in opened ones, the ones that carry
/// the least.
pub(super) fn bundles(model: &Model, detail: &Detail, options: &ViewOptions) -> (Vec<Bundle>, usize) {
    let stand_ins = detail.stand_ins();
    let mut pairs: BTreeMap<(StandIn<'_>, StandIn<'_>), Vec<&Flow>> = BTreeMap::new();
    for flow in model.flows.values() {
        // What stays within one box is told on the page of the system or segment; it has no place between two boxes.
        if let (Some(from), Some(to)) = (stand_ins.get(&flow.from), stand_ins.get(&flow.to))
            && from != to
        {
            pairs.entry((*from, *to)).or_default().push(flow);
        }
    }
    let mut own = Vec::new();
    let mut joined: Vec<Bundle> = Vec::new();
    for (pair, flows) in pairs {
        match pair {
            (StandIn::System(from), StandIn::System(to)) => own.push(bundle(model, from, to, &flows, options)),
            (from, to) => joined.push(aggregate(model, from, to, &flows, options)),
        }
    }
    let mut left_out = cut(&mut joined, MOST_LINES, |_| false);
    if !options.all {
        let kept: BTreeSet<String> = detail.kept.iter().map(|id| drawn_key(id.as_str())).collect();
        left_out += cut(&mut own, MOST_FLOWS, |line| kept.contains(&line.from) && kept.contains(&line.to));
    }
    own.extend(joined);
    (own, left_out)
}

/// Leaves so many lines: those that are asked for, then those that carry the most. Says how many are gone.
fn cut(lines: &mut Vec<Bundle>, most: usize, asked_for: impl Fn(&Bundle) -> bool) -> usize {
    if lines.len() <= most {
        return 0;
    }
    lines.sort_by_cached_key(|line| {
        let most_sensitive = line.chips.first().map(|chip| chip.class);
        (!asked_for(line), most_sensitive.is_none(), most_sensitive, Reverse(line.flows()))
    });
    let left_out = lines.len() - most;
    lines.truncate(most);
    left_out
}

/// All flows between two boxes of which at least one is a folded segment. Leads to what opens it.
fn aggregate(model: &Model, from: StandIn<'_>, to: StandIn<'_>, flows: &[&Flow], options: &ViewOptions) -> Bundle {
    let chips: BTreeSet<Chip> = flows.iter().flat_map(|flow| &flow.fields).map(chip).collect();
    let folded = [from, to].into_iter().find_map(|end| match end {
        StandIn::Segment(segment) => Some(segment),
        StandIn::System(_) => None,
    });
    Bundle {
        from: from.key(),
        to: to.key(),
        keys: vec![format!("{}>{}", from.key(), to.key())],
        joined: flows.len(),
        sentence: sentence(&from.name(model), &to.name(model), flows, &chips),
        chips: chips.into_iter().collect(),
        href: folded.map(|segment| opening_link(options, segment)).unwrap_or_default(),
        ..marks(flows)
    }
}

/// What the line shows of how the flows run.
fn marks(flows: &[&Flow]) -> Bundle {
    Bundle {
        unencrypted: flows.iter().any(|flow| flow.encryption == Encryption::None),
        unknown: flows.iter().any(|flow| flow.encryption == Encryption::Unknown),
        admin: flows.iter().any(|flow| flow.kind == FlowKind::Admin),
        webhook: flows.iter().any(|flow| matches!(flow.kind, FlowKind::Webhook | FlowKind::WebhookEcho)),
        ..Bundle::default()
    }
}

fn bundle(model: &Model, from: &SystemId, to: &SystemId, flows: &[&Flow], options: &ViewOptions) -> Bundle {
    let page = match flows {
        [flow] => format!("flows/{}", path_segment(flow.id.as_str())),
        _ => format!("flows?q=from%3A{}+to%3A{}", path_segment(from.as_str()), path_segment(to.as_str())),
    };
    let chips: BTreeSet<Chip> = flows.iter().flat_map(|flow| &flow.fields).map(chip).collect();
    Bundle {
        from: drawn_key(from.as_str()),
        to: drawn_key(to.as_str()),
        keys: flows.iter().map(|flow| drawn_key(flow.id.as_str())).collect(),
        sentence: sentence(&name(model, from), &name(model, to), flows, &chips),
        chips: chips.into_iter().collect(),
        href: address(options, &page),
        ..marks(flows)
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

fn name(model: &Model, id: &SystemId) -> String {
    model.systems.get(id).map_or_else(|| id.to_string(), |it| it.name.clone())
}

/// For example `3 flows from Checkout to Gateway, carrying CVV, PAN. Encryption unknown.`
fn sentence(from: &str, to: &str, flows: &[&Flow], chips: &BTreeSet<Chip>) -> String {
    let mut said = match flows {
        [_] => format!("Flow from {from} to {to}"),
        many => format!("{} flows from {from} to {to}", many.len()),
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
