//! PCI DSS 1.4.1, 1.4.2: traffic from untrusted networks ends at systems made for it, behind a network security
//! control.

use crate::findings::fix::{self, FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Edge, Node, Survey};
use crate::findings::{Finding, said};
use crate::model::kinds::SystemKind;
use crate::model::relations::Auth;

/// Untrusted traffic reaches a system that is not meant to be public.
pub const RULE: Rule = Rule {
    id: "F-UNTRUSTED-BOUNDARY",
    aliases: &[],
    version: 1,
    title: "Untrusted traffic reaches a system that is not meant to be public",
    sentence: "A system that was not built to face the internet is an easy way in.",
    condition: "Somebody else opens a connection into a system of ours in scope whose kind is \
                not public-facing, and no network security control stands on the way.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("1.4.1"), Pci("1.4.2")],
    service_providers_only: false,
    reads: &["flow.initiator", "flow.via", "system.kind", "system.public_facing", "system.boundary", "system.category"],
    shows: &["initiator", "via", "kind", "public_facing", "auth"],
    false_positives: "A firewall that the model does not show on the way may stand in front of it; \
                enter it as a node on the way.",
    question: "Which rules of which control limit this traffic, and is the system on the list \
                of public services?",
    fixes: &[
        FixOption::fill(
            "Put a network security control in front, and enter it on the way of the flow",
            4,
            &["flow.via"],
        ),
        FixOption::change("Say that the system is made for the public", 1, declare),
    ],
    fires: &[Example::new(
        "a provider posts into an internal service",
        r#""systems":[{"id":"psp","boundary":"third_party"},{"id":"hook",
               "holdings":[{"element":"pan"}]}],"flows":[{"id":"f","from":"psp","to":"hook"}]"#,
    )],
    silent: &[
        Example::new(
            "a web filter stands on the way",
            r#""systems":[{"id":"psp","boundary":"third_party"},{"id":"waf","kind":"waf"},{"id":"hook",
               "holdings":[{"element":"pan"}]}],"flows":[{"id":"f","from":"psp","to":"hook",
               "via":[{"node":"waf","mode":"passthrough"}]}]"#,
        ),
        Example::new(
            "the system opens the connection itself",
            r#""systems":[{"id":"psp","boundary":"third_party"},{"id":"hook",
               "holdings":[{"element":"pan"}]}],"flows":[{"id":"f","from":"psp","to":"hook",
               "initiator":"to"}]"#,
        ),
        Example::new(
            "the system is a public API",
            r#""systems":[{"id":"psp","boundary":"third_party"},{"id":"hook","kind":"api",
               "holdings":[{"element":"pan"}]}],"flows":[{"id":"f","from":"psp","to":"hook"}]"#,
        ),
    ],
    checks: &[Check::Flow(check)],
};

fn check(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    if !edge.on_network() {
        return;
    }
    for (caller, called) in survey.callers(edge) {
        if caller.is_own() || !called.in_scope() || is_public(called) {
            continue;
        }
        let guarded = survey.via(edge).any(|it| is_network_control(it.system.kind));
        if guarded {
            continue;
        }
        let open = edge.flow.auth == Auth::None;
        let sentence = format!(
            "{} calls {} directly{}, although {} is not made to face other networks and nothing filters the way.",
            caller.name(),
            called.name(),
            if open { " and without proving who it is" } else { "" },
            called.name(),
        );
        let hit = Hit::on(edge.subject(), sentence)
            .shows("initiator", edge.flow.initiator.as_str())
            .shows("auth", edge.flow.auth.as_str())
            .shows("via", false)
            .shows_of(called.subject(), "kind", called.system.kind.as_str());
        hits.add(hit.shows_of(called.subject(), "public_facing", said::yes(&called.system.facts, "public_facing")));
        return;
    }
}

fn is_public(node: &Node<'_>) -> bool {
    use SystemKind::{Api, ApiGateway, Cdn, Dns, LoadBalancer, Proxy, Vpn, Waf, Web, Ztna};
    let by_kind =
        matches!(node.system.kind, Web | Api | ApiGateway | Waf | Cdn | LoadBalancer | Proxy | Dns | Vpn | Ztna);
    said::yes(&node.system.facts, "public_facing").unwrap_or(by_kind)
}

const fn is_network_control(kind: SystemKind) -> bool {
    use SystemKind::{Firewall, LoadBalancer, Nsc, Proxy, Router, Waf};
    matches!(kind, Nsc | Firewall | Waf | Proxy | LoadBalancer | Router)
}

fn declare(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let called = finding.facts.iter().find(|it| it.name == "public_facing").map(|it| it.of.clone());
    let Some(subject) = called else { return Vec::new() };
    let of_system = finding.clone().on(subject);
    fix::system(survey, &of_system, |system| fix::state(&mut system.facts, "public_facing", true))
}
