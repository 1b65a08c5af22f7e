//! Common practice: a signed webhook carries its time, or repeating it changes nothing.

use crate::findings::fix::{self, FixOption};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::OwaspApi;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Edge, Survey};
use crate::model::kinds::{Action, FlowKind};

/// Webhook can be replayed.
pub const RULE: Rule = Rule {
    id: "PF-23",
    aliases: &[],
    version: 1,
    title: "Webhook can be replayed",
    sentence: "A real message that is sent again ships or pays twice.",
    condition: "A webhook is signed, its time is not signed within a window, and repeating it is \
                said to change something or nobody said.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "High where it refunds or pays out.",
    maps_to: &[OwaspApi("API2")],
    service_providers_only: false,
    reads: &[
        "flow.kind",
        "flow.signature",
        "flow.signed_timestamp",
        "flow.replay_window_seconds",
        "flow.idempotent",
        "flow.action",
    ],
    shows: &["signature", "signed_timestamp", "replay_window_seconds", "idempotent", "action"],
    false_positives: "A list of messages already seen makes it safe; say that repeating changes nothing.",
    question: "What happens when the same message comes twice?",
    fixes: &[FixOption::change("Make repeating it change nothing", 3, |survey, finding| {
        fix::flow(survey, finding, |flow| fix::state(&mut flow.facts, "idempotent", true))
    })],
    fires: &[Example::new(
        "neither time nor repeats are handled",
        r#""systems":[{"id":"psp","boundary":"third_party"},{"id":"hook"}],"flows":[{"id":"f",
               "from":"psp","to":"hook","kind":"webhook","signature":"hmac"}]"#,
    )],
    silent: &[
        Example::new(
            "its time is signed within a window",
            r#""systems":[{"id":"psp","boundary":"third_party"},{"id":"hook"}],"flows":[{"id":"f",
               "from":"psp","to":"hook","kind":"webhook","signature":"hmac","signed_timestamp":true,
               "replay_window_seconds":300}]"#,
        ),
        Example::new(
            "repeating it changes nothing",
            r#""systems":[{"id":"psp","boundary":"third_party"},{"id":"hook"}],"flows":[{"id":"f",
               "from":"psp","to":"hook","kind":"webhook","signature":"hmac","idempotent":true}]"#,
        ),
    ],
    checks: &[Check::Flow(check)],
};

fn check(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    let flow = edge.flow;
    let webhook = matches!(flow.kind, FlowKind::Webhook | FlowKind::WebhookEcho);
    let signature = said::text(&flow.facts, "signature").filter(|it| matches!(*it, "hmac" | "asymmetric"));
    let Some(signature) = signature.filter(|_| webhook && edge.on_network() && survey.to(edge).is_own()) else {
        return;
    };
    let timed = said::yes(&flow.facts, "signed_timestamp");
    let window = said::number(&flow.facts, "replay_window_seconds");
    let idempotent = said::yes(&flow.facts, "idempotent");
    if idempotent == Some(true) || (timed == Some(true) && window.is_some()) {
        return;
    }
    let pays = survey.actions(edge).iter().any(|it| matches!(it, Action::Refund | Action::Payout));
    let severity = if pays { Severity::High } else { Severity::Medium };
    let (from, to) = survey.sender_and_receiver(edge);
    let sentence = format!("A webhook from {} to {} can be sent again by whoever has a copy.", from.name(), to.name());
    let hit = Hit::on(edge.subject(), sentence).severity(severity).shows("signature", signature);
    let hit = hit.shows("signed_timestamp", timed).shows("replay_window_seconds", window);
    hits.add(hit.shows("idempotent", idempotent).shows("action", pays));
}
