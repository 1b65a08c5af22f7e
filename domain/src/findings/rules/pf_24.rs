//! NIST SP 800-228: APIs that the internet reaches stand behind a gateway that enforces policies and limits.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::{Asvs, Nist, OwaspApi};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Edge, Node, Survey};
use crate::model::kinds::{Action, SystemFunction, SystemKind};
use crate::model::relations::Exposure;

/// Payment API outside of the gateway.
pub const RULE: Rule = Rule {
    id: "PF-24",
    aliases: &[],
    version: 1,
    title: "Payment API outside of the gateway",
    sentence: "An API without a limit can be tried a million times a night.",
    condition: "Somebody outside calls an API of ours on the internet with card data or money, \
                past any gateway, or it has no rate limit.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "High where there is neither a gateway nor a limit.",
    maps_to: &[OwaspApi("API4"), OwaspApi("API8"), Nist("SP 800-228"), Asvs("2.4.1")],
    service_providers_only: false,
    reads: &[
        "flow.via",
        "flow.rate_limit",
        "flow.fields",
        "flow.action",
        "system.kind",
        "system.function",
        "system.exposure",
    ],
    shows: &["rate_limit", "via", "on"],
    false_positives: "A provider may limit the calls; enter it on the way.",
    question: "Which gateway and which limit apply?",
    fixes: &[FixOption::fill("Put it behind the gateway, and limit the calls", 4, &["flow.via", "flow.rate_limit"])],
    fires: &[Example::new(
        "it has no limit and no gateway",
        r#""systems":[{"id":"app","boundary":"external","kind":"consumer_app"},{"id":"pay",
               "kind":"api","exposure":"internet"}],"flows":[{"id":"f","from":"app","to":"pay",
               "rate_limit":"none","data":[{"element":"pan"}]}]"#,
    )],
    silent: &[
        Example::new(
            "the gateway takes the calls",
            r#""systems":[{"id":"app","boundary":"external","kind":"consumer_app"},{"id":"pay",
               "kind":"api_gateway","function":"api_edge","exposure":"internet"}],"flows":[{"id":"f",
               "from":"app","to":"pay","rate_limit":"100","data":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "no payment passes",
            r#""systems":[{"id":"app","boundary":"external","kind":"consumer_app"},{"id":"news",
               "kind":"api","exposure":"internet"}],"flows":[{"id":"f","from":"app","to":"news",
               "rate_limit":"none"}]"#,
        ),
    ],
    checks: &[Check::Flow(check)],
};

fn check(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    if !edge.on_network() {
        return;
    }
    use Action::{Authorise, Capture, ChargeToken, Payout, Refund};
    let moves = |it: &Action| matches!(it, Authorise | Capture | Refund | Payout | ChargeToken);
    if !(edge.cargo.account_data || survey.actions(edge).iter().any(moves)) {
        return;
    }
    let api = |it: &Node<'_>| matches!(it.system.kind, SystemKind::Api | SystemKind::Service | SystemKind::ApiGateway);
    let public = |(caller, called): &(&Node<'_>, &Node<'_>)| {
        !caller.is_own() && called.is_own() && api(called) && called.system.exposure == Some(Exposure::Internet)
    };
    let Some((_, called)) = survey.callers(edge).find(public) else { return };
    let is_gateway =
        |it: &Node<'_>| it.system.kind == SystemKind::ApiGateway || it.system.function == SystemFunction::ApiEdge;
    let gateway = is_gateway(called) || survey.via(edge).any(is_gateway);
    let limit = said::text(&edge.flow.facts, "rate_limit");
    let unlimited = limit == Some("none");
    let (severity, why) = match (gateway, unlimited) {
        (true, false) => return,
        (false, false) => (Severity::Medium, "past any gateway"),
        (true, true) => (Severity::Medium, "without a limit"),
        (false, true) => (Severity::High, "past any gateway and without a limit"),
    };
    let sentence = format!("{} is called from the internet {why}.", called.name());
    let hit = Hit::on(edge.subject(), sentence).severity(severity).shows("rate_limit", limit).shows("via", gateway);
    hits.add(hit.shows("on", called.subject()));
}
