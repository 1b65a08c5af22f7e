//! PCI DSS 1.2.3: the network diagram shows every system in scope and every connection between networks.

use std::collections::{BTreeMap, BTreeSet};

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Node, Survey};
use crate::id::SegmentId;
use crate::model::object::ObjectRef;
use crate::model::segment::Segment;

/// Network diagram incomplete.
pub const RULE: Rule = Rule {
    id: "F-NET-DIAGRAM",
    aliases: &[],
    version: 1,
    title: "Network diagram incomplete",
    sentence: "Who cannot see where a system stands cannot say what protects it.",
    condition: "A system in scope stands in no segment, flows join two segments of which nobody \
                said what may pass, or nobody said what may pass between a wireless network and \
                the CDE.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("1.2.3")],
    service_providers_only: false,
    reads: &["system.segment", "system.category", "flow.from", "flow.to", "link.policy", "segment.kind"],
    shows: &["segment", "category", "policy", "kind", "flow"],
    false_positives: "A segment that exists only on paper may be left out on purpose.",
    question: "Does the approved diagram agree with the configurations?",
    fixes: &[
        FixOption::fill("Say in which segment the system stands", 1, &["system.segment"]),
        FixOption::fill("Say what may pass between the segments", 1, &["link.policy"]),
    ],
    fires: &[
        Example::new(
            "a system in scope stands in no segment",
            r#""systems":[{"id":"vault","holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "a flow joins two segments without a link",
            r#""segments":[{"id":"cde"},{"id":"office"}],"systems":[{"id":"vault","name":"Vault",
               "segment":"cde","holdings":[{"element":"pan","ops":["store"]}]},{"id":"desk",
               "segment":"office"}],"flows":[{"id":"f","from":"desk","to":"vault"}]"#,
        ),
        Example::new(
            "nobody said what may pass from a wireless network",
            r#""segments":[{"id":"cde"},{"id":"wlan","kind":"wireless"}],"systems":[{"id":"vault",
               "name":"Vault","segment":"cde","holdings":[{"element":"pan","ops":["store"]}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "every system has a segment and every pair a link",
            r#""segments":[{"id":"cde"},{"id":"office"}],"segment_links":[{"a":"cde","b":"office",
               "policy":"filtered"}],"systems":[{"id":"vault","name":"Vault","segment":"cde",
               "holdings":[{"element":"pan","ops":["store"]}]},{"id":"desk","segment":"office"}],
               "flows":[{"id":"f","from":"desk","to":"vault"}]"#,
        ),
        Example::new("the system is out of scope", r#""systems":[{"id":"wiki"}]"#),
    ],
    checks: &[Check::System(system), Check::Segment(segment)],
};

fn system(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if node.in_scope() && node.system.segment.is_none() {
        let sentence = format!("{} is in scope, and nobody said in which network segment it stands.", node.name());
        let hit = Hit::on(node.subject(), sentence).shows("segment", false);
        hits.add(hit.shows("category", node.category().as_str()));
    }
}

fn segment(survey: &Survey<'_>, segment: &Segment, hits: &mut Hits) {
    let linked: BTreeSet<&SegmentId> = survey.links(&segment.id).flat_map(|it| [it.key.a(), it.key.b()]).collect();
    let subject = || ObjectRef::Segment(segment.id.clone());
    let mut joined: BTreeMap<&SegmentId, ObjectRef> = BTreeMap::new();
    let mut leads_to_cde = false;
    for node in survey.members(&segment.id) {
        for edge in survey.flows(node).filter(|it| it.on_network()) {
            for end in survey.ends(edge) {
                leads_to_cde |= end.is_cde();
                let other = end.system.segment.as_ref().filter(|it| **it > segment.id && !linked.contains(it));
                if let Some(other) = other {
                    joined.entry(other).or_insert_with(|| edge.subject());
                }
            }
        }
    }
    for (other, flow) in joined {
        let name = survey.model.segments.get(other).map_or(other.as_str(), |it| &it.name);
        let sentence = format!("Flows pass between {} and {name}, and nobody said what may pass there.", segment.name);
        let other = ObjectRef::Segment(other.clone());
        hits.add(Hit::on(subject(), sentence).about(&other).shows("policy", false).shows_of(other, "flow", flow));
    }
    let wireless = said::text(&segment.facts, "kind") == Some("wireless");
    if wireless && linked.is_empty() && !leads_to_cde {
        let sentence =
            format!("{} is wireless, and nobody said what may pass from it to other networks.", segment.name);
        hits.add(
            Hit::on(subject(), sentence).about_aspect("wireless").shows("kind", "wireless").shows("policy", false),
        );
    }
}
