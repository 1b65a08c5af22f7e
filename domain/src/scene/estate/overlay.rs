//! What a mode of the map puts over the drawing: what something hostile reaches, the way of one element, or what differs
//! from another state.

use std::collections::{BTreeMap, BTreeSet};

use super::ViewOptions;
use super::comparison::{Fate, Fates};
use super::detail::Detail;
use crate::blast::Blast;
use crate::blast::facts::{Place, Way as Over};
use crate::id::{FlowId, SystemId};
use crate::lineage::{Lineage, Stop, Way};
use crate::model::Model;
use crate::model::element::Form;
use crate::scene::{Badge, Bundle, Chip, ChipClass, Drawing, Highlight};
use crate::scope::verdict::Category as Verdict;

/// The systems that the mode is about.
pub(super) fn emphasised(options: &ViewOptions) -> BTreeSet<SystemId> {
    if let Some(fates) = &options.fates {
        return fates.touched.clone();
    }
    if let Some(blast) = &options.blast {
        return blast.control.keys().cloned().collect();
    }
    let stops = options.lineage.iter().flat_map(|lineage| &lineage.stops);
    stops.map(|stop| stop.system.clone()).collect()
}

/// Every system under control with the number of hops to it, and the flows over which the attack goes or that it reads.
/// What only takes hostile data, or can only be reached, stays visible without a number.
pub(super) fn blast(drawing: &mut Drawing, detail: &Detail, blast: &Blast) {
    let hops = blast.control.iter().map(|(id, control)| (id, control.hops));
    let nearest = on_boxes(detail, hops, u32::min);
    let badges = nearest.iter().map(|(node, hops)| Badge {
        node: node.clone(),
        text: if *hops >= 4 { "4+".to_owned() } else { hops.to_string() },
        step: u8::try_from(*hops).unwrap_or(u8::MAX),
    });
    let badges: Vec<Badge> = badges.collect();
    let touched = blast.integrity.keys().chain(blast.exposed.keys()).map(|id| (id, ()));
    let touched = on_boxes(detail, touched, |(), ()| ());
    let over = blast.derivations.iter().filter_map(|step| match &step.way {
        Some(Over::Flow(flow)) => Some(flow),
        _ => None,
    });
    let read = blast.data.iter().filter_map(|sighting| match &sighting.at {
        Place::Flow(flow) => Some(flow),
        Place::System(_) | Place::Browser => None,
    });
    for node in &mut drawing.nodes {
        if let Some(hops) = nearest.get(&node.key) {
            node.sentence.push_str(&match hops {
                0 => " This is where it starts.".to_owned(),
                1 => " Under control after 1 hop.".to_owned(),
                more => format!(" Under control after {more} hops."),
            });
        }
    }
    let lines = lines(drawing, over.chain(read).collect());
    drawing.highlight = Some(Highlight { nodes: touched.into_keys().collect(), lines, badges, ..Highlight::default() });
}

/// Every holder with the form in which it has the element, where it enters and leaves, and the ways between them.
pub(super) fn lineage(drawing: &mut Drawing, model: &Model, detail: &Detail, lineage: &Lineage) {
    let clearest =
        on_boxes(detail, lineage.stops.iter().filter_map(|stop| Some((&stop.system, clearest(stop)?))), Ord::min);
    let entries = on_boxes(detail, lineage.entries.iter().map(|id| (id, ())), |(), ()| ());
    let exits = on_boxes(detail, lineage.exits.iter().map(|exit| (&exit.to, ())), |(), ()| ());
    let badges = clearest.iter().map(|(node, (step, form))| {
        let mark = match (entries.contains_key(node), exits.contains_key(node)) {
            (true, _) => "enters, ",
            (false, true) => "leaves, ",
            (false, false) => "",
        };
        Badge { node: node.clone(), text: format!("{mark}{}", form.label().to_lowercase()), step: *step }
    });
    let badges: Vec<Badge> = badges.collect();
    for node in &mut drawing.nodes {
        if let Some(badge) = badges.iter().find(|badge| badge.node == node.key) {
            node.sentence.push_str(&format!(" {}: {}.", lineage.name, badge.text));
        }
    }
    let flows = lineage.hops.iter().filter_map(|hop| match &hop.by {
        Way::Flow(flow) | Way::Via(flow) => Some(flow),
        Way::Copy => None,
    });
    let mut lines = lines(drawing, flows.collect());
    for (number, hop) in lineage.hops.iter().enumerate().filter(|(_, hop)| hop.by == Way::Copy) {
        if let Some(copy) = copy(model, detail, number, &hop.from, &hop.to) {
            lines.extend(copy.keys.clone());
            drawing.bundles.push(copy);
        }
    }
    drawing.highlight = Some(Highlight { lines, badges, ..Highlight::default() });
}

/// Every system and flow that differs with a sign and a word: what is new heavy, what is gone struck through at its old
/// place, what changed category with the one before. Where a box or line stands for several, it says that something
/// changed.
pub(super) fn fates(drawing: &mut Drawing, detail: &Detail, fates: &Fates) {
    let all = fates.systems.iter().map(|(id, fate)| (id, (*fate, 1_usize)));
    let boxes = on_boxes(detail, all, |(one, count), (other, more)| (one.together(other), count + more));
    let moved = on_boxes(detail, fates.moved.iter().map(|(id, was)| (id, Some(*was))), |_, _| None);
    let mut badges = Vec::new();
    let mut gone = Vec::new();
    for node in &mut drawing.nodes {
        let Some((fate, count)) = boxes.get(&node.key).copied() else { continue };
        let whole = node.group.is_none();
        let was = moved.get(&node.key).copied().flatten().filter(|_| whole && fate == Fate::Changed);
        let text = match was {
            Some(was) => format!("~ was {}", short(was)),
            None if whole => fate.words().to_owned(),
            None => format!("{} in {count}", Fate::Changed.words()),
        };
        node.sentence.push_str(&match (was, whole) {
            (Some(was), _) => format!(" Changed category: it was {} before.", was.label()),
            (None, true) => format!(" {}.", word(fate)),
            (None, false) => format!(" {count} of its systems differ."),
        });
        if fate == Fate::Removed && whole {
            gone.push(node.key.clone());
            node.href = with(&node.href, &fates.before);
        }
        badges.push(Badge { node: node.key.clone(), text, step: step(fate) });
    }
    let by_key: BTreeMap<String, Fate> =
        fates.flows.iter().map(|(id, fate)| (super::drawn_key(id.as_str()), *fate)).collect();
    let mut lines = Vec::new();
    for bundle in &mut drawing.bundles {
        let differ: Vec<Fate> = bundle.keys.iter().filter_map(|key| by_key.get(key).copied()).collect();
        let Some(fate) = differ.iter().copied().reduce(Fate::together) else { continue };
        lines.extend(bundle.keys.iter().filter(|key| by_key.contains_key(*key)).cloned());
        let whole = differ.len() == bundle.keys.len();
        bundle.tag =
            if whole { fate.words().to_owned() } else { format!("~ {} of {}", differ.len(), bundle.keys.len()) };
        bundle.gone = whole && fate == Fate::Removed;
        bundle.sentence.push_str(&match whole {
            true => format!(" {}.", word(fate)),
            false => format!(" {} of {} flows differ.", differ.len(), bundle.keys.len()),
        });
        if bundle.gone {
            bundle.href = with(&bundle.href, &fates.before);
        }
    }
    drawing.highlight = Some(Highlight { lines, badges, gone, ..Highlight::default() });
}

const fn word(fate: Fate) -> &'static str {
    match fate {
        Fate::Added => "Added",
        Fate::Removed => "Removed",
        Fate::Changed => "Changed",
    }
}

/// The place in the ramp of the badges: what is new stands out most, what is gone is an outline.
const fn step(fate: Fate) -> u8 {
    match fate {
        Fate::Added => 0,
        Fate::Changed => 2,
        Fate::Removed => 3,
    }
}

/// The code of a category as boxes show it.
const fn short(category: Verdict) -> &'static str {
    match category {
        Verdict::Cde => "CDE",
        Verdict::SecurityImpacting => "SEC",
        Verdict::ConnectedTo => "CON",
        Verdict::OutOfScope => "OUT",
        Verdict::ThirdParty => "EXT",
        Verdict::External => "PUB",
        Verdict::NotLive => "RET",
    }
}

/// An address that says one thing more; one that leads nowhere stays.
fn with(address: &str, pair: &str) -> String {
    match (address.is_empty() || pair.is_empty(), address.contains('?')) {
        (true, _) => address.to_owned(),
        (false, true) => format!("{address}&{pair}"),
        (false, false) => format!("{address}?{pair}"),
    }
}

/// A copy of stores, which is no flow, as a line.
fn copy(model: &Model, detail: &Detail, number: usize, from: &SystemId, to: &SystemId) -> Option<Bundle> {
    let stand_ins = detail.stand_ins();
    let (from, to) = (*stand_ins.get(from)?, *stand_ins.get(to)?);
    (from != to).then(|| Bundle {
        from: from.key(),
        to: to.key(),
        keys: vec![format!("relation-{number}")],
        chips: vec![Chip { class: ChipClass::Other, label: "copy".to_owned() }],
        sentence: format!("{} copies the stores of {}.", to.name(model), from.name(model)),
        ..Bundle::default()
    })
}

/// What is said of systems, by the key of the box that stands for each: its own, or that of its folded segment.
fn on_boxes<'a, T: Copy>(
    detail: &Detail,
    said: impl IntoIterator<Item = (&'a SystemId, T)>,
    of_two: impl Fn(T, T) -> T,
) -> BTreeMap<String, T> {
    let stand_ins = detail.stand_ins();
    let mut boxes: BTreeMap<String, T> = BTreeMap::new();
    for (system, value) in said {
        if let Some(stand_in) = stand_ins.get(system) {
            boxes.entry(stand_in.key()).and_modify(|known| *known = of_two(*known, value)).or_insert(value);
        }
    }
    boxes
}

/// The keys under which the drawing has the flows. Lines at folded segments name no flow and stay as they are.
fn lines(drawing: &Drawing, flows: BTreeSet<&FlowId>) -> Vec<String> {
    let drawn: BTreeSet<&str> = drawing.bundles.iter().flat_map(|it| &it.keys).map(String::as_str).collect();
    flows.iter().map(|flow| super::drawn_key(flow.as_str())).filter(|key| drawn.contains(key.as_str())).collect()
}

/// The form of a holder that tells the most to whoever sees it, with its place in the ramp.
fn clearest(stop: &Stop) -> Option<(u8, Form)> {
    stop.forms.iter().map(|form| (form.openness(), *form)).min()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::sync::Arc;

    use crate::blast::{Start, radius};
    use crate::lineage::lineage as way;
    use crate::model::Model;
    use crate::model::reader::read_json;
    use crate::scene::estate::{ViewOptions, drawing};
    use crate::scene::{Drawing, Theme, svg};
    use crate::scope::compute;

    /// Whoever has the jump host has the vault behind it; the shop only sends to the gateway.
    const SHOP: &[u8] = br#"{
        "segments": [{"id": "core", "trust": "restricted"}],
        "systems": [
            {"id": "jump", "kind": "jump_host", "manages": [{"target": "vault", "how": "admin"}]},
            {"id": "vault", "segment": "core",
             "holdings": [{"element": "pan", "form": "encrypted", "ops": ["store"]}]},
            {"id": "gateway", "holdings": [{"element": "pan", "form": "clear", "ops": ["process"]}]},
            {"id": "wiki"}
        ],
        "flows": [
            {"id": "keep", "from": "gateway", "to": "vault", "data": [{"element": "pan", "form": "encrypted"}]}
        ]
    }"#;

    fn model() -> Model {
        read_json(SHOP).unwrap().0
    }

    fn badges(drawing: &Drawing) -> Vec<(&str, &str)> {
        let badges = drawing.highlight.as_ref().map(|it| it.badges.iter());
        badges.unwrap().map(|badge| (badge.node.as_str(), badge.text.as_str())).collect()
    }

    #[test]
    fn a_blast_radius_puts_the_hops_on_the_boxes_and_fades_the_rest() {
        let model = model();
        let scope = compute(&model);
        let start: Start = "system:jump".parse().unwrap();
        let blast = radius(&model, &scope, &start).unwrap();
        let options = ViewOptions { blast: Some(Arc::new(blast)), ..ViewOptions::default() };
        let drawing = drawing(&model, &scope, &options);
        assert_eq!(badges(&drawing), [("jump", "0"), ("vault", "1")]);
        let picture = svg(&drawing, Theme::Page);
        assert_eq!(picture.matches("class=\"hop hop-").count(), 2);
        assert!(picture.contains("Under control after 1 hop."), "{picture}");
        assert!(picture.contains("data-key=\"wiki\"") && picture.contains(" off\""), "{picture}");
    }

    #[test]
    fn the_way_of_an_element_shows_its_forms_and_where_it_enters() {
        let model = model();
        let lineage = way(&model, &"pan".into());
        let options = ViewOptions { lineage: Some(Arc::new(lineage)), ..ViewOptions::default() };
        let drawing = drawing(&model, &compute(&model), &options);
        assert_eq!(badges(&drawing), [("gateway", "enters, clear"), ("vault", "encrypted")]);
        assert_eq!(drawing.highlight.unwrap().lines, ["keep"]);
    }

    #[test]
    fn what_differs_is_told_by_sign_word_and_shape() {
        use crate::delta::{Delta, State};
        use crate::scene::estate::Comparison;
        let before = model();
        let mut after = before.clone();
        after.remove(&crate::model::object::ObjectRef::Flow("keep".into()));
        after.remove(&crate::model::object::ObjectRef::System("wiki".into()));
        let new: Model = read_json(
            br#"{"systems": [{"id": "till"}, {"id": "gateway"}],
                 "flows": [{"id": "sale", "from": "till", "to": "gateway", "data": [{"element": "pan"}]}]}"#,
        )
        .unwrap()
        .0;
        for object in new.objects().filter(|it| before.get(&it.reference()).is_none()) {
            after.put(object);
        }
        let (was, is) = (compute(&before), compute(&after));
        let (one, other) = (State { model: &before, scope: &was }, State { model: &after, scope: &is });
        let both = Comparison::of(one, other, &Delta::between(one, other), "at=snap-1");
        assert_eq!(both.model.systems.len(), 5, "what is gone is drawn as well");
        let options =
            ViewOptions { fates: Some(Arc::clone(&both.fates)), base: "/w/s".to_owned(), ..ViewOptions::default() };
        let drawing = drawing(&both.model, &both.scope, &options);
        let told: std::collections::BTreeMap<_, _> = badges(&drawing).into_iter().collect();
        assert_eq!((told["till"], told["wiki"]), ("+ added", "\u{d7} removed"));
        assert_eq!(drawing.highlight.as_ref().unwrap().gone, ["wiki"]);
        let line = |key: &str| drawing.bundles.iter().find(|it| it.keys == [key]).unwrap();
        assert_eq!((line("sale").tag.as_str(), line("sale").gone), ("+ added", false));
        assert_eq!((line("keep").tag.as_str(), line("keep").gone), ("\u{d7} removed", true));
        assert_eq!(line("keep").href, "/w/s/flows/keep?at=snap-1");
        let picture = svg(&drawing, Theme::Page);
        for part in ["\u{d7} removed", "+ added", "class=\"struck\"", " gone", "Removed.", "?at=snap-1"] {
            assert!(picture.contains(part), "{part} in {picture}");
        }
        assert!(svg(&drawing, Theme::Light).contains("stroke-dasharray"));
    }

    #[test]
    fn what_the_mode_is_about_keeps_its_segment_open() {
        let model = model();
        let scope = compute(&model);
        let closed = || std::collections::BTreeSet::from(["core".into()]);
        let groups = |options: &ViewOptions| {
            drawing(&model, &scope, options).nodes.iter().filter(|node| node.group.is_some()).count()
        };
        assert_eq!(groups(&ViewOptions { closed: closed(), ..ViewOptions::default() }), 1);
        let blast = radius(&model, &scope, &"system:jump".parse().unwrap()).unwrap();
        let options = ViewOptions { blast: Some(Arc::new(blast)), closed: closed(), ..ViewOptions::default() };
        assert_eq!(groups(&options), 0);
    }
}
