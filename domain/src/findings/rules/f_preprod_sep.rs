//! PCI DSS 6.5.3, 6.5.4: pre-production is kept apart from production, by access control and by duties.

use std::collections::BTreeMap;

use crate::findings::fix::{self, FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Edge, Node, Survey};
use crate::findings::{Finding, said};
use crate::model::credential::Credential;
use crate::model::object::ObjectRef;
use crate::model::relations::{Access, Environment};

/// Pre-production not kept apart.
pub const RULE: Rule = Rule {
    id: "F-PREPROD-SEP",
    aliases: &[],
    version: 1,
    title: "Pre-production not kept apart",
    sentence: "A test system is built to be changed by many; what opens it must not open \
                production.",
    condition: "Production and pre-production share a network zone, a flow between them has \
                unrestricted access, or one credential works in both.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("6.5.3"), Pci("6.5.4")],
    service_providers_only: false,
    reads: &[
        "system.environment",
        "system.segment",
        "link.policy",
        "flow.access",
        "credential.grants",
        "credential.environments",
        "system.category",
    ],
    shows: &["environment", "access", "environments", "zone"],
    false_positives: "A deployment tool needs access to both; give it a credential for each.",
    question: "Which settings keep the environments apart, and which roles may work in both?",
    fixes: &[
        FixOption::fill("Give each environment a network and credentials of its own", 8, &["system.environment"]),
        FixOption::change("Allow only what is needed between the environments", 3, restrict),
    ],
    fires: &[
        Example::new(
            "a flow between them lets anything through",
            r#""systems":[{"id":"db","holdings":[{"element":"pan"}]},{"id":"test","environment":"test"}],
               "flows":[{"id":"f","from":"test","to":"db","access":"unrestricted"}]"#,
        ),
        Example::new(
            "one credential works in both",
            r#""systems":[{"id":"db","holdings":[{"element":"pan"}]},{"id":"test","environment":"test"}],
               "credentials":[{"id":"c","grants":[{"on":"db","priv":"read"},{"on":"test","priv":"read"}]}]"#,
        ),
        Example::new(
            "they stand in one network",
            r#""segments":[{"id":"lan"}],"systems":[{"id":"db","segment":"lan",
               "holdings":[{"element":"pan"}]},{"id":"test","segment":"lan","environment":"test"}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "they are apart",
            r#""segments":[{"id":"lan"},{"id":"lab"}],"systems":[{"id":"db","segment":"lan",
               "holdings":[{"element":"pan"}]},{"id":"test","segment":"lab","environment":"test"}]"#,
        ),
        Example::new(
            "nothing in production is in scope",
            r#""systems":[{"id":"wiki"},{"id":"test","environment":"test"}],"credentials":[{"id":"c",
               "grants":[{"on":"wiki","priv":"read"},{"on":"test","priv":"read"}]}]"#,
        ),
    ],
    checks: &[Check::Flow(flow), Check::Credential(credential), Check::Workspace(zones)],
};

fn flow(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    let [from, to] = survey.ends(edge);
    let open = edge.on_network() && edge.flow.access == Access::Unrestricted;
    if !(open && from.is_own() && to.is_own() && before_production(from) != before_production(to)) {
        return;
    }
    let sentence =
        format!("Anything may pass from {} to {}, between production and pre-production.", from.name(), to.name());
    let hit = Hit::on(edge.subject(), sentence).shows("access", edge.flow.access.as_str());
    let hit = hit.shows_of(from.subject(), "environment", from.system.environment.as_str());
    hits.add(hit.shows_of(to.subject(), "environment", to.system.environment.as_str()));
}

fn credential(survey: &Survey<'_>, credential: &Credential, hits: &mut Hits) {
    let nodes = credential.grants.iter().filter_map(|it| survey.node(&it.on)).filter(|it| it.is_own() && it.active);
    let (lower, upper): (Vec<&Node<'_>>, Vec<&Node<'_>>) = nodes.partition(|it| before_production(it));
    let stated = said::list(&credential.facts, "environments");
    let (Some(lower), Some(upper)) = (lower.first(), upper.iter().find(|it| it.in_scope())) else { return };
    let sentence =
        format!("{} opens {} in production and {} in pre-production.", credential.name, upper.name(), lower.name());
    let hit = Hit::on(ObjectRef::Credential(credential.id.clone()), sentence);
    let hit = hit.shows_of(upper.subject(), "environment", upper.system.environment.as_str());
    let hit = hit.shows_of(lower.subject(), "environment", lower.system.environment.as_str());
    hits.add(hit.shows("environments", stated.join(", ").as_str()));
}

fn zones(survey: &Survey<'_>, hits: &mut Hits) {
    let mut zones: BTreeMap<&str, [Option<&Node<'_>>; 2]> = BTreeMap::new();
    for node in survey.nodes().iter().filter(|it| it.is_own() && it.active) {
        let lower = before_production(node);
        let Some(zone) = node.system.segment.as_ref().and_then(|it| survey.zone(it)) else { continue };
        if lower || node.in_scope() {
            zones.entry(zone).or_default()[usize::from(lower)].get_or_insert(node);
        }
    }
    for (zone, ends) in zones {
        let [Some(upper), Some(lower)] = ends else { continue };
        let sentence =
            format!("{} in production and {} in pre-production stand in one network zone.", upper.name(), lower.name());
        let hit = Hit::on(ObjectRef::Segment(zone.into()), sentence).shows("zone", zone);
        let hit = hit.shows_of(upper.subject(), "environment", upper.system.environment.as_str());
        hits.add(hit.shows_of(lower.subject(), "environment", lower.system.environment.as_str()));
    }
}

const fn before_production(node: &Node<'_>) -> bool {
    matches!(node.system.environment, Environment::Preprod | Environment::Test | Environment::Dev)
}

fn restrict(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    fix::flow(survey, finding, |flow| flow.access = Access::Restricted)
}
