//! Common practice: what is switched off is switched off everywhere: flows, credentials and vendor access.

use crate::findings::fix::{self, FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::{OwaspApi, Pci};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey, record};
use crate::findings::{Finding, said};
use crate::model::object::{ObjectKind, ObjectRef, Record};
use crate::model::relations::Lifecycle;

/// Integration that should be gone.
pub const RULE: Rule = Rule {
    id: "PF-40",
    aliases: &[],
    version: 1,
    title: "Integration that should be gone",
    sentence: "What everybody believes to be gone is watched by nobody.",
    condition: "A retired system or a decommissioned connector still has a live flow or an \
                enabled credential, or a system serves two versions of its API.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "High where account data still flows.",
    maps_to: &[Pci("12.5.1"), OwaspApi("API9")],
    service_providers_only: false,
    reads: &[
        "system.lifecycle",
        "system.api_versions_live",
        "credential.enabled",
        "credential.held_by",
        "flow.stage",
        "connector.decommissioned_at",
        "connector.flows",
    ],
    shows: &["lifecycle", "flow", "credential", "api_versions_live", "decommissioned_at"],
    false_positives: "A flow may be kept for a rollback; plan its end.",
    question: "Which checkpoint of the decommissioning is still open?",
    fixes: &[
        FixOption::change("Retire its flows, too", 1, retire_flows),
        FixOption::fill("Disable what is left of it", 1, &["system.lifecycle"]),
    ],
    fires: &[
        Example::new(
            "a retired system has a live flow",
            r#""systems":[{"id":"old","lifecycle":"retired"},{"id":"shop"}],"flows":[{"id":"f",
               "from":"shop","to":"old"}]"#,
        ),
        Example::new(
            "a decommissioned connector has one",
            r#""connectors":[{"id":"c","decommissioned_at":"2025-06-30","flows":["f"]}],
               "systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b"}]"#,
        ),
        Example::new("two versions are live", r#""systems":[{"id":"api","api_versions_live":["v1","v2"]}]"#),
    ],
    silent: &[
        Example::new(
            "its flows are retired",
            r#""systems":[{"id":"old","lifecycle":"retired"},{"id":"shop"}],"flows":[{"id":"f",
               "from":"shop","to":"old","stage":"retired"}]"#,
        ),
        Example::new(
            "it is live",
            r#""systems":[{"id":"old"},{"id":"shop"}],"flows":[{"id":"f","from":"shop","to":"old"}]"#,
        ),
    ],
    checks: &[Check::System(system), Check::Record(ObjectKind::Connector, connector)],
};

fn system(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !node.is_own() {
        return;
    }
    let versions = said::list(&node.system.facts, "api_versions_live");
    if versions.len() > 1 {
        let sentence = format!("{} serves {} versions of its API at once.", node.name(), versions.len());
        let hit = Hit::on(node.subject(), sentence).about_aspect("versions");
        hits.add(hit.shows("api_versions_live", versions.join(", ").as_str()));
    }
    if node.system.lifecycle != Lifecycle::Retired {
        return;
    }
    let flow = survey.flows(node).find(|it| it.flow.stage == Lifecycle::Live);
    let credential = node.held.iter().find(|it| said::yes(&it.facts, "enabled") != Some(false));
    let left = match (flow, credential) {
        (None, None) => return,
        (Some(edge), _) => survey.flow_words(edge),
        (None, Some(credential)) => format!("the credential {}", credential.name),
    };
    let account_data = flow.is_some_and(|it| it.cargo.account_data);
    let severity = if account_data { Severity::High } else { Severity::Medium };
    let sentence = format!("{} is retired, but {left} is still live.", node.name());
    let hit = Hit::on(node.subject(), sentence).about_aspect("retired").severity(severity);
    let hit = hit.shows("lifecycle", "retired").shows("flow", flow.map(|it| it.subject()));
    hits.add(hit.shows("credential", credential.map(|it| ObjectRef::Credential(it.id.clone()))));
}

fn connector(survey: &Survey<'_>, connector: &Record, hits: &mut Hits) {
    let Some(end) = said::day(&connector.facts, "decommissioned_at").filter(|day| hits.over(*day)) else { return };
    let flows = said::list(&connector.facts, "flows");
    let mut flows = flows.iter().filter_map(|id| survey.edge(&(*id).into()));
    let Some(edge) = flows.find(|it| it.active) else { return };
    let sentence =
        format!("{} was switched off on {end}, but {} is still live.", connector.name, survey.flow_words(edge));
    let hit = Hit::on(record(connector), sentence).shows("decommissioned_at", end).shows("flow", edge.subject());
    hits.add(hit);
}

fn retire_flows(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let ObjectRef::System(id) = &finding.subject else { return Vec::new() };
    let Some(node) = survey.node(id).filter(|it| it.held.is_empty()) else { return Vec::new() };
    let live = survey.flows(node).filter(|it| it.flow.stage == Lifecycle::Live);
    let retire = |subject: ObjectRef| {
        let of_flow = finding.clone().on(subject);
        fix::flow(survey, &of_flow, |flow| flow.stage = Lifecycle::Retired)
    };
    if finding.discriminator == "retired" { live.flat_map(|it| retire(it.subject())).collect() } else { Vec::new() }
}
