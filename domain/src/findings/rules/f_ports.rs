//! PCI DSS 1.2.5: every connection of a system in scope is described and approved.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Edge, Survey};
use crate::model::relations::Protocol;

/// Service, protocol or port not approved.
pub const RULE: Rule = Rule {
    id: "F-PORTS",
    aliases: &["PF-27"],
    version: 1,
    title: "Service, protocol or port not approved",
    sentence: "A connection that nobody described and approved may be one that nobody needs.",
    condition: "An active network flow of a system in scope lacks its protocol, port, owner, approval or purpose.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("1.2.5")],
    service_providers_only: false,
    reads: &["flow.protocol", "flow.port", "flow.owner", "flow.approved_by", "flow.purpose"],
    shows: &["protocol", "port", "owner", "approved_by", "purpose"],
    false_positives: "A flow that an approved standard covers as a whole may be approved there.",
    question: "Does the export of the rules allow only what the model lists, and deny everything else?",
    fixes: &[FixOption::fill(
        "Have the connection described and approved",
        1,
        &["flow.protocol", "flow.port", "flow.owner", "flow.approved_by", "flow.purpose"],
    )],
    fires: &[Example::new(
        "nobody approved a connection of a system in scope",
        r#""systems":[{"id":"shop"},{"id":"vault","holdings":[{"element":"pan"}]}],
           "flows":[{"id":"f","from":"shop","to":"vault","protocol":"https","port":443,"purpose":"cards","owner":"lead"}],
           "people":[{"id":"lead"}]"#,
    )],
    silent: &[
        Example::new(
            "everything is said and approved",
            r#""systems":[{"id":"shop"},{"id":"vault","holdings":[{"element":"pan"}]}],
               "flows":[{"id":"f","from":"shop","to":"vault","protocol":"https","port":443,"purpose":"cards",
                 "owner":"lead","approved_by":"lead"}],"people":[{"id":"lead"}]"#,
        ),
        Example::new(
            "no end is in scope",
            r#""systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b"}]"#,
        ),
    ],
    checks: &[Check::Flow(check)],
};

fn check(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    if !edge.on_network() || !survey.ends(edge).iter().any(|it| it.in_scope()) {
        return;
    }
    let facts = &edge.flow.facts;
    let protocol = (edge.flow.protocol != Protocol::Unknown).then_some(edge.flow.protocol.as_str());
    let stated = [
        ("protocol", "protocol", protocol.is_some()),
        ("port", "port", said::anything(facts, "port")),
        ("owner", "owner", said::anything(facts, "owner")),
        ("approved_by", "approval", said::anything(facts, "approved_by")),
        ("purpose", "business need", said::anything(facts, "purpose")),
    ];
    let missing: Vec<&str> = stated.iter().filter(|(.., said)| !said).map(|(_, words, _)| *words).collect();
    if missing.is_empty() {
        return;
    }
    let sentence = format!("{} is used without a stated {}.", survey.flow_title(edge), missing.join(", "));
    let hit = stated.iter().fold(Hit::on(edge.subject(), sentence), |hit, (name, _, said)| hit.shows(name, *said));
    hits.add(hit);
}
