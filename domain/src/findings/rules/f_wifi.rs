//! PCI DSS 1.3.3: wireless networks are kept apart from the CDE.

use crate::blast::edit::Edit;
use crate::findings::fix::{FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::findings::{Finding, said};
use crate::model::object::ObjectRef;
use crate::model::relations::LinkPolicy;

/// Wireless network not separated from the CDE.
pub const RULE: Rule = Rule {
    id: "F-WIFI",
    aliases: &[],
    version: 1,
    title: "Wireless network not separated from the CDE",
    sentence: "A wireless network can be reached from the street.",
    condition: "A wireless segment is joined by open links with a segment that has a CDE system.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("1.3.3")],
    service_providers_only: false,
    reads: &["segment.kind", "link.policy", "system.segment", "system.category"],
    shows: &["kind", "policy", "zone"],
    false_positives: "The link may be filtered by a control that the model does not know.",
    question: "Which configuration keeps the wireless network apart from the CDE?",
    fixes: &[FixOption::change("Filter every open link of the wireless network", 5, filter)],
    fires: &[Example::new(
        "an open link joins it with the CDE",
        r#""systems":[{"id":"vault","name":"Vault","segment":"cde","holdings":[{"element":"pan",
               "ops":["store"]}]}],"segments":[{"id":"cde"},{"id":"wlan","kind":"wireless"}],
               "segment_links":[{"a":"cde","b":"wlan","policy":"open"}]"#,
    )],
    silent: &[
        Example::new(
            "the link is filtered",
            r#""systems":[{"id":"vault","name":"Vault","segment":"cde","holdings":[{"element":"pan",
               "ops":["store"]}]}],"segments":[{"id":"cde"},{"id":"wlan","kind":"wireless"}],
               "segment_links":[{"a":"cde","b":"wlan","policy":"filtered"}]"#,
        ),
        Example::new(
            "the network is wired",
            r#""systems":[{"id":"vault","name":"Vault","segment":"cde","holdings":[{"element":"pan",
               "ops":["store"]}]}],"segments":[{"id":"cde"},{"id":"lan","kind":"wired"}],
               "segment_links":[{"a":"cde","b":"lan","policy":"open"}]"#,
        ),
    ],
    checks: &[Check::Workspace(check)],
};

fn check(survey: &Survey<'_>, hits: &mut Hits) {
    let segments = survey.model.segments.values();
    for wireless in segments.filter(|it| said::text(&it.facts, "kind") == Some("wireless")) {
        let zone = survey.zone(&wireless.id);
        let mut joined =
            survey.model.segments.values().filter(|it| it.id != wireless.id && survey.zone(&it.id) == zone);
        let Some(cde) = joined.find(|it| survey.members(&it.id).any(Node::is_cde)) else { continue };
        let sentence =
            format!("The wireless network {} is open to {}, which has CDE systems.", wireless.name, cde.name);
        hits.add(
            Hit::on(ObjectRef::Segment(wireless.id.clone()), sentence)
                .shows("kind", "wireless")
                .shows("zone", ObjectRef::Segment(cde.id.clone())),
        );
    }
}

fn filter(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let ObjectRef::Segment(wireless) = &finding.subject else { return Vec::new() };
    let open = survey.links(wireless).filter(|it| it.policy == LinkPolicy::Open);
    open.map(|it| Step::Edit(Edit::Segment { a: it.key.a().clone(), b: it.key.b().clone() })).collect()
}
