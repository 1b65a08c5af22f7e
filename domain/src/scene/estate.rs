//! From a model and its scope to a drawing: which systems, flows and lanes, and what each says.

mod bundles;
mod comparison;
mod detail;
mod highlight;
mod overlay;
mod path;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use detail::Detail;

use super::{Bundle, Counts, Drawing, Lane, Node, category::Category, category::ProviderRole};
use crate::blast::Blast;
use crate::id::{SegmentId, SystemId};
use crate::layout::Pin;
use crate::lineage::Lineage;
use crate::model::Model;
use crate::model::relations::Lifecycle;
use crate::model::system::System;
use crate::scope::verdict::{self, Scope, Sub, Verdict};

pub use comparison::{Comparison, Fate, Fates};
pub use detail::{
    MOST_FLOWS, MOST_SYSTEMS, NO_SEGMENT, folding_link, group_key, list_of_segments, segment_name, segment_of,
    segments_of_list,
};
pub use highlight::{ProofStep, proof_steps, steps_along};
pub use path::{mini_path, mini_path_along};

/// What of the estate to draw, and where its links lead.
#[derive(Debug, Clone, Default)]
pub struct ViewOptions {
    /// The path under which the workspace's pages are, for example `/w/shop`. Empty for a file that leads nowhere.
    pub base: String,
    /// What the address of the view says beyond the segments, encoded: what is drawn only, the focus, the mode.
    pub query: String,
    /// The title of a picture that stands alone.
    pub title: String,
    /// The system in the middle of attention.
    pub focus: Option<SystemId>,
    /// Draw only what is at most so many flows away from the focus.
    pub hops: Option<usize>,
    /// Emphasise the proof of the focus.
    pub explain: bool,
    /// Emphasise what something hostile reaches.
    pub blast: Option<Arc<Blast>>,
    /// Emphasise the way of an element.
    pub lineage: Option<Arc<Lineage>>,
    /// Show what differs from another state; the model drawn is the one of the comparison.
    pub fates: Option<Arc<Fates>>,
    /// The only systems to draw, for example the result of a filter; `None` is all.
    pub only: Option<BTreeSet<SystemId>>,
    /// The segments that are opened although there is much to draw.
    pub open: BTreeSet<SegmentId>,
    /// The segments that are folded into one box by hand.
    pub closed: BTreeSet<SegmentId>,
    /// Where this view puts systems, whatever their own record says.
    pub pins: BTreeMap<SystemId, Pin>,
    /// Draw every system however many there are; a page never asks for that.
    pub all: bool,
}

/// The drawing of an estate.
#[must_use]
pub fn drawing(model: &Model, scope: &Scope, options: &ViewOptions) -> Drawing {
    let detail = Detail::of(model, scope, shown(model, options), options);
    let degrees = words::Degrees::of(model);
    let (bundles, lines_left_out) = bundles::bundles(model, &detail, options);
    let flows_shown = bundles.iter().map(Bundle::flows).sum();
    let own = detail.single.iter().filter_map(|id| model.systems.get(id));
    let mut nodes: Vec<Node> = own.map(|it| node(model, scope, it, &degrees, options)).collect();
    nodes.extend(detail::groups(model, scope, &detail, options));
    let mut lanes = lanes(model, scope, &detail);
    lanes.extend(detail::shared_lanes(model, scope, &detail));
    let mut drawing = Drawing {
        title: options.title.clone(),
        lanes,
        nodes,
        bundles,
        highlight: None,
        counts: Counts {
            systems_shown: detail.single.len(),
            systems: model.systems.len(),
            flows_shown,
            flows: model.flows.len(),
            collapsed: detail.folded.len(),
            systems_left_out: detail.left_out,
            lines_left_out,
        },
    };
    if let Some(fates) = &options.fates {
        overlay::fates(&mut drawing, &detail, fates);
    } else if let Some(blast) = &options.blast {
        overlay::blast(&mut drawing, &detail, blast);
    } else if let Some(lineage) = &options.lineage {
        overlay::lineage(&mut drawing, model, &detail, lineage);
    } else if let Some(focus) = options.focus.as_ref().filter(|_| options.explain) {
        highlight::apply(&mut drawing, model, scope, focus, options);
    }
    drawing
}

/// The key of an object as the drawing wants it: without white space, and the same for the same key.
#[must_use]
pub fn drawn_key(key: &str) -> String {
    key.chars().map(|c| if c.is_whitespace() { '\u{b7}' } else { c }).collect()
}

/// A key as a segment of a path.
#[must_use]
pub fn path_segment(key: &str) -> String {
    let mut path = String::with_capacity(key.len());
    for byte in key.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            path.push(char::from(byte));
        } else {
            path.push_str(&format!("%{byte:02X}"));
        }
    }
    path
}

/// The address of a page of the workspace; none in a file that leads nowhere.
fn address(options: &ViewOptions, page: &str) -> String {
    if options.base.is_empty() { String::new() } else { format!("{}/{page}", options.base) }
}

/// How the drawing shows a verdict. An open end is never shown as out of scope, nor is what nobody looked at yet.
#[must_use]
pub fn category_of(system: &System, verdict: Option<&Verdict>) -> Category {
    let Some(verdict) = verdict else { return Category::NotAssessed };
    match verdict.category {
        verdict::Category::Cde => Category::Cde,
        verdict::Category::SecurityImpacting => Category::SecurityImpacting,
        verdict::Category::ConnectedTo => Category::ConnectedTo,
        verdict::Category::OutOfScope if system.undeclared => Category::Undeclared,
        verdict::Category::OutOfScope => Category::OutOfScope,
        verdict::Category::ThirdParty => Category::ThirdParty(match verdict.sub {
            Some(Sub::AccountData) => ProviderRole::AccountData,
            Some(Sub::Security) => ProviderRole::Security,
            _ => ProviderRole::Other,
        }),
        verdict::Category::External => Category::External,
        verdict::Category::NotLive if system.lifecycle == Lifecycle::Planned => Category::Planned,
        verdict::Category::NotLive => Category::Retired,
    }
}

/// The systems that belong to the view, whether they are drawn by themselves or folded.
fn shown(model: &Model, options: &ViewOptions) -> BTreeSet<SystemId> {
    let mut shown: BTreeSet<SystemId> = match (&options.focus, options.hops) {
        (Some(focus), Some(hops)) if model.systems.contains_key(focus) => around(model, focus, hops),
        _ => model.systems.keys().cloned().collect(),
    };
    if let Some(only) = &options.only {
        shown.retain(|id| only.contains(id) || options.focus.as_ref() == Some(id));
    }
    shown
}

/// The systems at most so many flows away, in either direction.
fn around(model: &Model, focus: &SystemId, hops: usize) -> BTreeSet<SystemId> {
    let mut reached = BTreeSet::from([focus.clone()]);
    for _ in 0..hops {
        let ends: Vec<SystemId> = model
            .flows
            .values()
            .filter(|flow| reached.contains(&flow.from) || reached.contains(&flow.to))
            .flat_map(|flow| [flow.from.clone(), flow.to.clone()])
            .filter(|id| model.systems.contains_key(id))
            .collect();
        reached.extend(ends);
    }
    reached
}

/// The lanes that hold a drawn system or the box of their own segment, least trusted first unless an order is set.
fn lanes(model: &Model, scope: &Scope, detail: &Detail) -> Vec<Lane> {
    let mut cde: BTreeMap<&SegmentId, bool> = BTreeMap::new();
    let folded = detail.folded.values().filter(|_| !detail.shares_lanes()).flatten();
    for system in detail.single.iter().chain(folded).filter_map(|id| model.systems.get(id)) {
        if let Some(segment) = &system.segment {
            let verdict = scope.systems.get(&system.id);
            *cde.entry(segment).or_default() |= verdict.is_some_and(|it| it.category == verdict::Category::Cde);
        }
    }
    cde.into_iter()
        .filter_map(|(id, cde)| model.segments.get(id).map(|segment| (segment, cde)))
        .map(|(segment, cde)| {
            let order = segment.facts.get("order").and_then(|fact| fact.value.as_i64());
            let by_trust = 1000 + i64::from(segment.trust as u8);
            Lane {
                order: i32::try_from(order.unwrap_or(by_trust)).unwrap_or(i32::MAX),
                key: drawn_key(segment.id.as_str()),
                name: segment.name.clone(),
                trust: segment.trust.label().to_lowercase(),
                cde,
            }
        })
        .collect()
}

fn node(model: &Model, scope: &Scope, system: &System, degrees: &words::Degrees<'_>, options: &ViewOptions) -> Node {
    let verdict = scope.systems.get(&system.id);
    Node {
        key: drawn_key(system.id.as_str()),
        name: system.name.clone(),
        sublabel: words::sublabel(system, verdict),
        lane: system.segment.as_ref().map(|id| drawn_key(id.as_str())),
        category: category_of(system, verdict),
        open_end: system.undeclared,
        href: address(options, &format!("systems/{}", path_segment(system.id.as_str()))),
        sentence: words::system(model, system, verdict, degrees),
        pin: options.pins.get(&system.id).copied().or_else(|| system.pin()),
        group: None,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::reader::read_json;
    use crate::scene::{Theme, svg};
    use crate::scope::compute;

    const SHOP: &[u8] = br#"{
        "segments": [{"id": "edge", "trust": "public"}, {"id": "core", "trust": "restricted"}],
        "systems": [
            {"id": "browser", "boundary": "external", "kind": "consumer_browser"},
            {"id": "web", "segment": "edge", "kind": "web"},
            {"id": "pay", "segment": "core"},
            {"id": "wiki", "undeclared": true},
            {"id": "admin desk", "manages": [{"target": "pay", "how": "admin"}]}
        ],
        "flows": [
            {"id": "card", "from": "browser", "to": "web", "data": [{"element": "pan"}, {"element": "card_verification_code"}]},
            {"id": "charge", "from": "web", "to": "pay", "data": [{"element": "pan"}], "encryption": "none"}
        ]}"#;

    fn shop() -> (Model, Scope) {
        let (model, _) = read_json(SHOP).unwrap();
        let scope = compute(&model);
        (model, scope)
    }

    #[test]
    fn an_open_end_carries_its_tag_and_is_not_shown_as_out_of_scope() {
        let (model, scope) = shop();
        let drawing = drawing(&model, &scope, &ViewOptions::default());
        let wiki = drawing.nodes.iter().find(|node| node.key == "wiki").unwrap();
        assert_eq!((wiki.category, wiki.open_end), (Category::Undeclared, true));
        assert!(svg(&drawing, Theme::Light).contains("open end"));
    }

    #[test]
    fn explaining_a_system_numbers_the_flows_by_which_the_card_number_arrives() {
        let (model, scope) = shop();
        let options = ViewOptions { focus: Some("pay".into()), explain: true, ..ViewOptions::default() };
        let highlight = drawing(&model, &scope, &options).highlight.unwrap();
        assert_eq!(highlight.nodes, ["browser", "web", "pay"]);
        let steps: Vec<_> = highlight.steps.iter().map(|step| (step.flow.as_str(), step.number)).collect();
        assert_eq!(steps, [("card", 1), ("charge", 2)]);
    }

    #[test]
    fn a_management_relation_of_the_proof_is_drawn_although_it_is_no_flow() {
        let (model, scope) = shop();
        let options = ViewOptions { focus: Some("admin desk".into()), explain: true, ..ViewOptions::default() };
        let drawing = drawing(&model, &scope, &options);
        let relation = drawing.bundles.iter().find(|bundle| bundle.from == "admin\u{b7}desk").unwrap();
        assert!(relation.admin && relation.sentence.contains("administers"), "{relation:?}");
        assert_eq!(drawing.highlight.unwrap().steps.len(), 1);
    }

    #[test]
    fn a_focus_with_one_hop_leaves_out_what_is_farther_and_says_so() {
        let (model, scope) = shop();
        let options = ViewOptions { focus: Some("browser".into()), hops: Some(1), ..ViewOptions::default() };
        let drawing = drawing(&model, &scope, &options);
        assert_eq!(drawing.nodes.len(), 2);
        assert_eq!(drawing.counts.sentence(), "Showing 2 of 5 systems, 1 of 2 flows. Nothing else is hidden.");
    }

    #[test]
    fn a_flow_without_encryption_is_marked() {
        let (model, scope) = shop();
        let drawing = drawing(&model, &scope, &ViewOptions::default());
        assert!(drawing.bundles.iter().any(|bundle| bundle.from == "web" && bundle.unencrypted));
    }
}
