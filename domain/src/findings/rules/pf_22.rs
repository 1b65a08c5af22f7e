//! Common practice: who receives a webhook checks its signature.

use crate::findings::fix::{self, FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::{Asvs, OwaspApi};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Edge, Survey};
use crate::findings::{Finding, said};
use crate::model::kinds::FlowKind;
use crate::model::relations::Auth;

/// Webhook not verified.
pub const RULE: Rule = Rule {
    id: "PF-22",
    aliases: &[],
    version: 1,
    title: "Webhook not verified",
    sentence: "A forged message that says paid ships the goods.",
    condition: "A webhook has no signature, or its receiver does not confirm that it checks it.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Asvs("4.1.5"), OwaspApi("API10"), OwaspApi("API2")],
    service_providers_only: false,
    reads: &["flow.kind", "flow.signature", "flow.verified_by_target", "flow.auth"],
    shows: &["signature", "verified_by_target", "auth"],
    false_positives: "Mutual TLS proves the sender, too; say so as the signature.",
    question: "Which code checks the signature, and what does a test with a wrong one show?",
    fixes: &[FixOption::change("Sign the webhook, and check the signature", 3, verify)],
    fires: &[
        Example::new(
            "it has no signature",
            r#""systems":[{"id":"psp","boundary":"third_party"},{"id":"hook"}],"flows":[{"id":"f",
               "from":"psp","to":"hook","kind":"webhook","signature":"none"}]"#,
        ),
        Example::new(
            "nobody confirmed that it is checked",
            r#""systems":[{"id":"psp","boundary":"third_party"},{"id":"hook"}],"flows":[{"id":"f",
               "from":"psp","to":"hook","kind":"webhook","signature":"hmac"}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "it is signed and checked",
            r#""systems":[{"id":"psp","boundary":"third_party"},{"id":"hook"}],"flows":[{"id":"f",
               "from":"psp","to":"hook","kind":"webhook","signature":"hmac","verified_by_target":true}]"#,
        ),
        Example::new(
            "it is no webhook",
            r#""systems":[{"id":"psp","boundary":"third_party"},{"id":"hook"}],"flows":[{"id":"f",
               "from":"psp","to":"hook","signature":"none"}]"#,
        ),
    ],
    checks: &[Check::Flow(check)],
};

fn check(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    let flow = edge.flow;
    let webhook = matches!(flow.kind, FlowKind::Webhook | FlowKind::WebhookEcho);
    if !(edge.on_network() && webhook && survey.to(edge).is_own()) {
        return;
    }
    let signature = said::text(&flow.facts, "signature");
    let verified = said::yes(&flow.facts, "verified_by_target");
    let signed = signature.is_some_and(|it| it != "none") || matches!(flow.auth, Auth::Mtls | Auth::Signature);
    if signed && verified == Some(true) || flow.auth == Auth::Mtls {
        return;
    }
    let why = if signed || (signature.is_none() && verified != Some(false)) {
        "and nobody confirmed that it checks the signature"
    } else {
        "without a signature"
    };
    let (from, to) = survey.sender_and_receiver(edge);
    let sentence = format!("{} takes webhooks from {} {why}.", to.name(), from.name());
    let hit = Hit::on(edge.subject(), sentence).shows("signature", signature).shows("verified_by_target", verified);
    hits.add(hit.shows("auth", flow.auth.as_str()));
}

fn verify(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    fix::flow(survey, finding, |flow| {
        fix::state(&mut flow.facts, "signature", "hmac");
        fix::state(&mut flow.facts, "verified_by_target", true);
    })
}
