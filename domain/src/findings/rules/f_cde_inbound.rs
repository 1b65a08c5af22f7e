//! PCI DSS 1.3.1: only what is needed comes into the CDE.

use crate::blast::edit::Edit;
use crate::findings::Finding;
use crate::findings::fix::{self, FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Edge, Node, Survey};
use crate::id::SegmentId;
use crate::model::object::ObjectRef;
use crate::model::relations::{Access, LinkPolicy};
use crate::model::segment::Link;

/// Inbound traffic to the CDE not restricted.
pub const RULE: Rule = Rule {
    id: "F-CDE-INBOUND",
    aliases: &[],
    version: 1,
    title: "Inbound traffic to the CDE not restricted",
    sentence: "Whoever gets hold of any system on the other side can try every door of the \
                systems that handle cards.",
    condition: "A flow with unrestricted access leads to a system that handles account data from \
                one that does not, or an open link joins a segment of the CDE with one without \
                any CDE system.",
    kind: Kind::Decides,
    severity: Severity::Critical,
    severity_moves: "",
    maps_to: &[Pci("1.3.1")],
    service_providers_only: false,
    reads: &["flow.access", "flow.to", "link.policy", "system.segment", "system.category"],
    shows: &["access", "policy"],
    false_positives: "A rule that the firewall has and the model does not know may restrict the traffic.",
    question: "Does the export of the rules allow only what the model lists, and deny \
                everything else?",
    fixes: &[
        FixOption::change("Allow only what is needed", 3, restrict),
        FixOption::change("Filter what passes between the segments", 5, filter),
    ],
    fires: &[
        Example::new(
            "anything may pass into a system that handles cards",
            r#""systems":[{"id":"partner","boundary":"third_party"},{"id":"vault",
               "holdings":[{"element":"pan"}]}],"flows":[{"id":"f","from":"partner","to":"vault",
               "access":"unrestricted"}]"#,
        ),
        Example::new(
            "an open link joins its segment with another one",
            r#""systems":[{"id":"vault","name":"Vault","segment":"cde","holdings":[{"element":"pan",
               "ops":["store"]}]}],"segments":[{"id":"cde"},{"id":"office"}],"segment_links":[{"a":"cde",
               "b":"office","policy":"open"}]"#,
        ),
    ],
    silent: &[Example::new(
        "the flow is restricted and the link filtered",
        r#""systems":[{"id":"office"},{"id":"vault","name":"Vault","segment":"cde",
               "holdings":[{"element":"pan","ops":["store"]}]}],"segments":[{"id":"cde"},{"id":"office"}],
               "segment_links":[{"a":"cde","b":"office","policy":"filtered"}],"flows":[{"id":"f",
               "from":"office","to":"vault"}]"#,
    )],
    checks: &[Check::Flow(flow), Check::Link(link)],
};

fn flow(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    let (from, to) = (survey.from(edge), survey.to(edge));
    let handles = |it: &Node<'_>| it.is_cde() && it.handles_account_data();
    if handles(to) && !handles(from) && edge.on_network() && edge.flow.access == Access::Unrestricted {
        let sentence = format!("{} handles account data, and anything may reach it from {}.", to.name(), from.name());
        hits.add(Hit::on(edge.subject(), sentence).shows("access", edge.flow.access.as_str()));
    }
}

fn link(survey: &Survey<'_>, link: &Link, hits: &mut Hits) {
    if link.policy != LinkPolicy::Open {
        return;
    }
    let cde = |id: &SegmentId| survey.members(id).any(|it| it.is_cde() && it.handles_account_data());
    let (inside, outside) = match (cde(link.key.a()), cde(link.key.b())) {
        (true, false) => (link.key.a(), link.key.b()),
        (false, true) => (link.key.b(), link.key.a()),
        _ => return,
    };
    let name = |id: &SegmentId| survey.model.segments.get(id).map_or_else(|| id.to_string(), |it| it.name.clone());
    let sentence = format!("{} has systems that handle card data, and is open to {}.", name(inside), name(outside));
    hits.add(Hit::on(ObjectRef::Link(link.key.clone()), sentence).shows("policy", link.policy.as_str()));
}

fn restrict(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    fix::flow(survey, finding, |flow| flow.access = Access::Restricted)
}

fn filter(_: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let ObjectRef::Link(key) = &finding.subject else { return Vec::new() };
    vec![Step::Edit(Edit::Segment { a: key.a().clone(), b: key.b().clone() })]
}
