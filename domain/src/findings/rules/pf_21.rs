//! Common practice: services that reach account data prove who they are by mutual TLS or short-lived tokens.

use crate::findings::fix::{self, FixOption};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::{Asvs, OwaspApi};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Edge, Node, Survey};
use crate::model::kinds::{FlowKind, SystemKind};
use crate::model::relations::Auth;

/// Weak identity between services.
pub const RULE: Rule = Rule {
    id: "PF-21",
    aliases: &[],
    version: 1,
    title: "Weak identity between services",
    sentence: "A service that does not ask who calls answers to anybody on the network.",
    condition: "A flow between services reaches a system of ours that handles account data, \
                without authentication, by a password, or nobody said how.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Asvs("13.2.1"), Asvs("12.3.5"), OwaspApi("API2")],
    service_providers_only: false,
    reads: &["flow.auth", "flow.human", "flow.kind", "system.category"],
    shows: &["auth", "on"],
    false_positives: "A mesh may prove identities for all services; say mutual TLS.",
    question: "How does the caller prove who it is?",
    fixes: &[FixOption::change("Use mutual TLS", 4, |survey, finding| {
        fix::flow(survey, finding, |flow| flow.auth = Auth::Mtls)
    })],
    fires: &[Example::new(
        "a service calls the vault without authentication",
        r#""systems":[{"id":"app"},{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}],
               "flows":[{"id":"f","from":"app","to":"vault","auth":"none"}]"#,
    )],
    silent: &[
        Example::new(
            "mutual TLS is used",
            r#""systems":[{"id":"app"},{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}],
               "flows":[{"id":"f","from":"app","to":"vault","auth":"mtls"}]"#,
        ),
        Example::new(
            "the called system has no account data",
            r#""systems":[{"id":"app"},{"id":"wiki"}],"flows":[{"id":"f","from":"app","to":"wiki",
               "auth":"none"}]"#,
        ),
    ],
    checks: &[Check::Flow(check)],
};

fn check(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    use SystemKind::{ConsumerApp, ConsumerBrowser, Laptop, Mobile, Tablet, Workstation};
    let flow = edge.flow;
    let weak = matches!(flow.auth, Auth::None | Auth::Password | Auth::Unknown);
    if !(edge.on_network() && weak) || flow.kind == FlowKind::Admin || said::yes(&flow.facts, "human") == Some(true) {
        return;
    }
    let person = |it: &Node<'_>| {
        matches!(it.system.kind, Workstation | Laptop | Mobile | Tablet | ConsumerBrowser | ConsumerApp)
    };
    let reaches =
        |(caller, called): &(&Node<'_>, &Node<'_>)| called.is_cde() && called.handles_account_data() && !person(caller);
    let Some((caller, called)) = survey.callers(edge).find(reaches) else { return };
    let how = match flow.auth {
        Auth::None => "without proving who it is",
        Auth::Password => "with a password",
        _ => "and nobody said how it proves who it is",
    };
    let sentence = format!("{} calls {}, which handles account data, {how}.", caller.name(), called.name());
    hits.add(Hit::on(edge.subject(), sentence).shows("auth", flow.auth.as_str()).shows("on", called.subject()));
}
