//! Health of the model: every flow says how it is encrypted and how its caller proves who it is.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Edge, Survey};
use crate::model::relations::{Auth, Encryption};

/// Encryption or authentication of a flow unknown.
pub const RULE: Rule = Rule {
    id: "H13",
    aliases: &[],
    version: 1,
    title: "Encryption or authentication of a flow unknown",
    sentence: "Unknown is not the same as none, but neither is it protection.",
    condition: "Nobody said how a flow is encrypted, or how its caller proves who it is.",
    kind: Kind::Health,
    severity: Severity::Info,
    severity_moves: "",
    maps_to: &[],
    service_providers_only: false,
    reads: &["flow.encryption", "flow.auth"],
    shows: &["encryption", "auth"],
    false_positives: "None: somebody knows.",
    question: "How is the flow encrypted, and how does the caller prove who it is?",
    fixes: &[FixOption::fill("Find out encryption and authentication", 1, &["flow.encryption", "flow.auth"])],
    fires: &[Example::new(
        "both are unknown",
        r#""systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b",
               "encryption":"unknown","auth":"unknown"}]"#,
    )],
    silent: &[Example::new(
        "both are known",
        r#""systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b",
               "encryption":"transport","auth":"mtls"}]"#,
    )],
    checks: &[Check::Flow(check)],
};

fn check(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    if !edge.on_network() {
        return;
    }
    let flow = edge.flow;
    let what = match (flow.encryption, flow.auth) {
        (Encryption::Unknown, Auth::Unknown) => "is encrypted, or how its caller proves who it is",
        (Encryption::Unknown, _) => "is encrypted",
        (_, Auth::Unknown) => "proves who calls",
        _ => return,
    };
    let sentence = format!("Nobody said how {} {what}.", survey.flow_words(edge));
    let hit = Hit::on(edge.subject(), sentence).shows("encryption", flow.encryption.as_str());
    hits.add(hit.shows("auth", flow.auth.as_str()));
}
