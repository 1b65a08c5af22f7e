//! Which systems are drawn by themselves and which are folded into the box of their segment.
//!
//! Nobody reads a picture of thousands of boxes. Above some size every segment starts as one box that says how many
//! systems it stands for and how they are in scope, and is opened by a link; below it, segments are folded by hand.

use std::collections::{BTreeMap, BTreeSet};

use super::{ViewOptions, category_of, drawn_key, overlay, path_segment, proof_steps};
use crate::id::{SegmentId, SystemId};
use crate::model::Model;
use crate::scene::{Category, Group, Lane, Node};
use crate::scope::verdict::{self, Scope};

/// How many systems and how many flows one picture shows at most before segments are folded.
pub const MOST_SYSTEMS: usize = 400;
/// See [`MOST_SYSTEMS`].
pub const MOST_FLOWS: usize = 800;
/// Up to so many folded segments keep a lane of their own; more share the lane of their trust.
const MOST_OWN_LANES: usize = 12;
/// What stands for the segment of systems that have none, in the address of a view.
pub const NO_SEGMENT: &str = "~";

/// What is drawn how.
pub(super) struct Detail {
    /// The systems with a box of their own.
    pub(super) single: BTreeSet<SystemId>,
    /// The systems of every folded segment.
    pub(super) folded: BTreeMap<SegmentId, Vec<SystemId>>,
    /// How many systems of opened segments found no room.
    pub(super) left_out: usize,
    /// The systems that are never folded, nor are the lines between them left out.
    pub(super) kept: BTreeSet<SystemId>,
}

/// The segment of a system, or what stands for it.
#[must_use]
pub fn segment_of(model: &Model, system: &SystemId) -> SegmentId {
    let segment = model.systems.get(system).and_then(|it| it.segment.clone());
    segment.unwrap_or_else(|| SegmentId::new(NO_SEGMENT))
}

impl Detail {
    /// Folds what is asked for, and everything that is not opened where there is too much to draw.
    pub(super) fn of(model: &Model, scope: &Scope, shown: BTreeSet<SystemId>, options: &ViewOptions) -> Self {
        let kept = kept(model, scope, &shown, options);
        let opened: BTreeSet<SegmentId> =
            kept.iter().map(|id| segment_of(model, id)).chain(options.open.iter().cloned()).collect();
        let many = !options.all && too_much(model, &shown);
        let mut members: BTreeMap<SegmentId, Vec<SystemId>> = BTreeMap::new();
        for system in shown {
            members.entry(segment_of(model, &system)).or_default().push(system);
        }
        let mut detail = Self { single: BTreeSet::new(), folded: BTreeMap::new(), left_out: 0, kept };
        for (segment, systems) in members {
            let asked = options.closed.contains(&segment) && !systems.iter().any(|id| detail.kept.contains(id));
            let by_size = many && systems.len() > 1 && !opened.contains(&segment);
            if asked || by_size {
                detail.folded.insert(segment, systems);
            } else {
                detail.single.extend(systems);
            }
        }
        if !options.all {
            detail.cut(scope);
        }
        detail
    }

    /// Leaves out the least relevant systems where even the opened segments hold more than fit.
    fn cut(&mut self, scope: &Scope) {
        if self.single.len() <= MOST_SYSTEMS {
            return;
        }
        let mut ranked: Vec<(bool, verdict::Category, SystemId)> = std::mem::take(&mut self.single)
            .into_iter()
            .map(|id| {
                let category = scope.systems.get(&id).map_or(verdict::Category::OutOfScope, |it| it.category);
                (!self.kept.contains(&id), category, id)
            })
            .collect();
        ranked.sort();
        self.left_out = ranked.len() - MOST_SYSTEMS;
        self.single = ranked.into_iter().take(MOST_SYSTEMS).map(|(_, _, id)| id).collect();
    }

    /// What stands for a system in the picture: itself, or its folded segment.
    pub(super) fn stand_ins(&self) -> BTreeMap<&SystemId, StandIn<'_>> {
        let folded = self
            .folded
            .iter()
            .flat_map(|(segment, systems)| systems.iter().map(move |system| (system, StandIn::Segment(segment))));
        self.single.iter().map(|system| (system, StandIn::System(system))).chain(folded).collect()
    }

    /// Whether the folded segments stand in the lane of their trust.
    pub(super) fn shares_lanes(&self) -> bool {
        self.folded.len() > MOST_OWN_LANES
    }
}

/// What stands for a system in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum StandIn<'a> {
    System(&'a SystemId),
    Segment(&'a SegmentId),
}

impl StandIn<'_> {
    pub(super) fn key(self) -> String {
        match self {
            Self::System(system) => drawn_key(system.as_str()),
            Self::Segment(segment) => group_key(segment),
        }
    }

    pub(super) fn name(self, model: &Model) -> String {
        match self {
            Self::System(system) => model.systems.get(system).map_or_else(|| system.to_string(), |it| it.name.clone()),
            Self::Segment(segment) => segment_name(model, segment),
        }
    }
}

/// Of how many systems what a view emphasises keeps their segments open; of more, their boxes tell it.
const MOST_KEPT: usize = 120;

/// The systems that are never folded: the focus, what its proof goes through, and what else the view emphasises.
fn kept(model: &Model, scope: &Scope, shown: &BTreeSet<SystemId>, options: &ViewOptions) -> BTreeSet<SystemId> {
    let mut kept = overlay::emphasised(options);
    if kept.len() > MOST_KEPT {
        kept.clear();
    }
    kept.extend(options.focus.clone());
    if let Some(focus) = options.focus.as_ref().filter(|_| options.explain) {
        kept.extend(proof_steps(model, scope, focus).into_iter().flat_map(|step| [step.before, step.after]));
    }
    kept.retain(|id| shown.contains(id));
    kept
}

fn too_much(model: &Model, shown: &BTreeSet<SystemId>) -> bool {
    let drawn =
        |flow: &&std::sync::Arc<crate::model::flow::Flow>| shown.contains(&flow.from) && shown.contains(&flow.to);
    shown.len() > MOST_SYSTEMS || model.flows.values().filter(drawn).count() > MOST_FLOWS
}

/// The key of the box of a folded segment. It begins with a character that stands first in no key of a system.
#[must_use]
pub fn group_key(segment: &SegmentId) -> String {
    format!("/{}", drawn_key(segment.as_str()))
}

/// The name of a segment, also of the one that stands for none.
#[must_use]
pub fn segment_name(model: &Model, segment: &SegmentId) -> String {
    match model.segments.get(segment) {
        Some(known) => known.name.clone(),
        None if segment.as_str() == NO_SEGMENT => "No segment".to_owned(),
        None => segment.to_string(),
    }
}

/// Keys of segments as one text, as the address of a view has them.
#[must_use]
pub fn list_of_segments(segments: &BTreeSet<SegmentId>) -> String {
    segments.iter().map(in_list).collect::<Vec<_>>().join(",")
}

/// The keys in such a text.
#[must_use]
pub fn segments_of_list(list: &str) -> BTreeSet<SegmentId> {
    let key = |key: &str| SegmentId::new(key.replace("%2C", ",").replace("%25", "%"));
    list.split(',').filter(|it| !it.is_empty()).map(key).collect()
}

/// A comma in a key is not the comma between two.
fn in_list(segment: &SegmentId) -> String {
    segment.as_str().replace('%', "%25").replace(',', "%2C")
}

/// The address of the same view with other segments opened or folded.
#[must_use]
pub fn folding_link(options: &ViewOptions, open: &BTreeSet<SegmentId>, closed: &BTreeSet<SegmentId>) -> String {
    let list = |name: &str, segments: &BTreeSet<SegmentId>| {
        let keys: Vec<String> = segments.iter().map(|segment| path_segment(&in_list(segment))).collect();
        (!keys.is_empty()).then(|| format!("{name}={}", keys.join(",")))
    };
    let kept = (!options.query.is_empty()).then(|| options.query.clone());
    let query: Vec<String> = [kept, list("open", open), list("closed", closed)].into_iter().flatten().collect();
    if query.is_empty() { format!("{}/map", options.base) } else { format!("{}/map?{}", options.base, query.join("&")) }
}

/// The address of the view in which one more segment is opened.
pub(super) fn opening_link(options: &ViewOptions, segment: &SegmentId) -> String {
    if options.base.is_empty() {
        return String::new();
    }
    let mut open = options.open.clone();
    let mut closed = options.closed.clone();
    closed.remove(segment);
    open.insert(segment.clone());
    folding_link(options, &open, &closed)
}

/// The boxes of the folded segments.
pub(super) fn groups(model: &Model, scope: &Scope, detail: &Detail, options: &ViewOptions) -> Vec<Node> {
    let group = |(segment, systems): (&SegmentId, &Vec<SystemId>)| {
        let mut counts: BTreeMap<(u8, Category), usize> = BTreeMap::new();
        for system in systems.iter().filter_map(|id| model.systems.get(id)) {
            let category = category_of(system, scope.systems.get(&system.id));
            *counts.entry((strength(category), category)).or_default() += 1;
        }
        let scope: Vec<(Category, usize)> =
            counts.into_iter().map(|((_, category), count)| (category, count)).collect();
        let said: Vec<String> = scope.iter().map(|(category, count)| format!("{count} {}", category.words())).collect();
        let name = segment_name(model, segment);
        let number = counted(systems.len(), "system");
        Node {
            key: group_key(segment),
            lane: Some(lane_key(model, detail, segment)),
            category: scope.first().map_or(Category::OutOfScope, |(category, _)| *category),
            sublabel: number.clone(),
            href: opening_link(options, segment),
            sentence: format!("Segment {name}, collapsed, {number}: {}. Opens it.", said.join(", ")),
            name,
            open_end: false,
            pin: None,
            group: Some(Group { scope }),
        }
    };
    detail.folded.iter().map(group).collect()
}

/// For example `1 system`, `12 systems`.
pub(super) fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{} {what}s", crate::scene::grouped(count)) }
}

/// The strongest category colours the box of a segment: what is in scope, then what nobody has judged.
const fn strength(category: Category) -> u8 {
    match category {
        Category::Cde => 0,
        Category::SecurityImpacting => 1,
        Category::ConnectedTo => 2,
        Category::NotAssessed | Category::Undeclared => 3,
        Category::ThirdParty(_) => 4,
        Category::OutOfScope => 5,
        Category::External => 6,
        Category::Planned => 7,
        Category::Retired => 8,
    }
}

fn lane_key(model: &Model, detail: &Detail, segment: &SegmentId) -> String {
    match model.segments.get(segment) {
        Some(known) if detail.shares_lanes() => format!("/{}", known.trust.label().to_lowercase().replace(' ', "-")),
        Some(known) => drawn_key(known.id.as_str()),
        None => String::new(),
    }
}

/// The lanes of the folded segments that share one.
pub(super) fn shared_lanes(model: &Model, scope: &Scope, detail: &Detail) -> Vec<Lane> {
    if !detail.shares_lanes() {
        return Vec::new();
    }
    let mut lanes: BTreeMap<u8, Lane> = BTreeMap::new();
    for (segment, systems) in &detail.folded {
        let Some(known) = model.segments.get(segment) else { continue };
        let lane = lanes.entry(known.trust as u8).or_insert_with(|| Lane {
            order: 1000 + i32::from(known.trust as u8),
            key: lane_key(model, detail, segment),
            name: format!("{} segments", known.trust.label()),
            trust: "collapsed".to_owned(),
            cde: false,
        });
        let cde = |id: &SystemId| scope.systems.get(id).is_some_and(|it| it.category == verdict::Category::Cde);
        lane.cde |= systems.iter().any(cde);
    }
    lanes.into_values().collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::element::{Form, Holding, Op};
    use crate::model::flow::Flow;
    use crate::model::segment::Segment;
    use crate::model::system::System;
    use crate::scene::estate::drawing;
    use crate::scene::{Theme, svg};
    use crate::scope::compute;
    use std::sync::Arc;

    /// So many segments with a hundred systems each, and a system without one.
    fn estate(segments: usize) -> (Model, Scope) {
        let mut model = Model::default();
        model.systems.insert("alone".into(), Arc::new(System::new("alone".into(), "Alone")));
        for number in 0..segments {
            let segment = SegmentId::new(format!("zone-{number:02}"));
            model.segments.insert(segment.clone(), Arc::new(Segment::new(segment.clone(), format!("Zone {number}"))));
            for place in 0..100 {
                let id = SystemId::new(format!("system-{number:02}-{place:03}"));
                let mut system = System::new(id.clone(), "System");
                system.segment = Some(segment.clone());
                model.systems.insert(id, Arc::new(system));
            }
        }
        let scope = compute(&model);
        (model, scope)
    }

    fn kinds(model: &Model, scope: &Scope, options: &ViewOptions) -> (usize, usize, String) {
        let drawing = drawing(model, scope, options);
        let groups = drawing.nodes.iter().filter(|node| node.group.is_some()).count();
        (drawing.nodes.len() - groups, groups, drawing.counts.sentence())
    }

    #[test]
    fn an_estate_that_fits_is_drawn_system_by_system() {
        let (model, scope) = estate(3);
        assert_eq!(kinds(&model, &scope, &ViewOptions::default()).0, 301);
    }

    #[test]
    fn a_larger_estate_starts_with_one_box_for_every_segment_and_says_so() {
        let (model, scope) = estate(5);
        let (systems, groups, said) = kinds(&model, &scope, &ViewOptions::default());
        assert_eq!((systems, groups), (1, 5), "a system that is alone stands for itself");
        assert_eq!(said, "Showing 1 of 501 systems, 0 of 0 flows. 5 segments collapsed. Nothing else is hidden.");
        let options = ViewOptions { all: true, ..ViewOptions::default() };
        assert_eq!(kinds(&model, &scope, &options).0, 501);
    }

    #[test]
    fn an_opened_segment_is_drawn_and_the_link_of_another_keeps_it_open() {
        let (model, scope) = estate(5);
        let options = ViewOptions {
            base: "/w/shop".to_owned(),
            query: "q=kind%3Aweb".to_owned(),
            open: BTreeSet::from(["zone-01".into()]),
            ..ViewOptions::default()
        };
        assert_eq!(kinds(&model, &scope, &options).0, 101);
        let drawing = drawing(&model, &scope, &options);
        let other = drawing.nodes.iter().find(|node| node.key == "/zone-03").unwrap();
        assert_eq!(other.href, "/w/shop/map?q=kind%3Aweb&open=zone-01,zone-03");
        assert!(other.sentence.starts_with("Segment Zone 3, collapsed, 100 systems: "), "{}", other.sentence);
    }

    #[test]
    fn keys_with_commas_come_back_from_the_address() {
        let keys: BTreeSet<SegmentId> = ["a,b", "50%", "%2C", "plain"].into_iter().map(SegmentId::new).collect();
        assert_eq!(segments_of_list(&list_of_segments(&keys)), keys);
        assert!(segments_of_list("").is_empty());
    }

    #[test]
    fn what_is_explained_is_never_folded_away() {
        let (model, scope) = estate(5);
        let options = ViewOptions { focus: Some("system-04-007".into()), explain: true, ..ViewOptions::default() };
        let drawing = drawing(&model, &scope, &options);
        assert!(drawing.nodes.iter().any(|node| node.key == "system-04-007"));
        assert_eq!(drawing.counts.collapsed, 4);
    }

    #[test]
    fn opened_segments_that_hold_more_than_fits_are_cut_and_the_count_says_it() {
        let (model, scope) = estate(6);
        let open = (0..6).map(|number| SegmentId::new(format!("zone-{number:02}"))).collect();
        let (systems, groups, said) = kinds(&model, &scope, &ViewOptions { open, ..ViewOptions::default() });
        assert_eq!((systems, groups), (MOST_SYSTEMS, 0));
        assert!(said.contains(" 201 systems of opened segments found no room"), "{said}");
    }

    #[test]
    fn of_more_lines_than_fit_those_that_carry_the_most_stay_and_the_count_says_it() {
        let (mut model, _) = estate(5);
        for number in 0..1_000 {
            let [from, to] = [number % 100, (number + 1 + number / 100) % 100]
                .map(|place| SystemId::new(format!("system-00-{place:03}")));
            let mut flow = Flow::new(format!("flow-{number:04}").as_str().into(), from, to);
            if number == 999 {
                flow.fields.push(Holding::new("pan".into(), Form::Clear, &[Op::Transmit]));
            }
            model.flows.insert(flow.id.clone(), Arc::new(flow));
        }
        let scope = compute(&model);
        let options = ViewOptions { open: BTreeSet::from(["zone-00".into()]), ..ViewOptions::default() };
        let opened = drawing(&model, &scope, &options);
        assert_eq!((opened.bundles.len(), opened.counts.lines_left_out), (MOST_FLOWS, 200));
        assert!(opened.bundles.iter().any(|line| line.keys == ["flow-0999"]), "the card number is worth its line");
        assert!(opened.counts.sentence().contains(" 200 lines found no room, those that carry the least."));
        let whole = drawing(&model, &scope, &ViewOptions { all: true, ..options });
        assert_eq!((whole.bundles.len(), whole.counts.lines_left_out), (1_000, 0));
    }

    #[test]
    fn a_segment_folded_by_hand_keeps_its_lane_and_many_share_the_lane_of_their_trust() {
        let (model, scope) = estate(3);
        let closed = BTreeSet::from([SegmentId::new("zone-01")]);
        let by_hand = drawing(&model, &scope, &ViewOptions { closed, ..ViewOptions::default() });
        assert_eq!(by_hand.lanes.len(), 3);
        let (model, scope) = estate(30);
        let many = drawing(&model, &scope, &ViewOptions::default());
        assert_eq!(many.lanes.len(), 1);
        let picture = svg(&many, Theme::Page);
        assert_eq!(picture.matches("data-kind=\"group\"").count(), 30);
        assert!(picture.contains("share cat-"));
    }
}
