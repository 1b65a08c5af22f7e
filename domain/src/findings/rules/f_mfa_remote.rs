//! PCI DSS 8.4.3: remote access from outside that can reach or affect the CDE asks for a second factor.

use crate::findings::fix::{self, FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::findings::{Finding, said};
use crate::model::credential::Credential;
use crate::model::kinds::{CredentialKind, SystemKind};
use crate::model::object::ObjectRef;

/// No second factor for remote access.
pub const RULE: Rule = Rule {
    id: "F-MFA-REMOTE",
    aliases: &[],
    version: 1,
    title: "No second factor for remote access",
    sentence: "From the outside everybody can try; a password alone keeps nobody out.",
    condition: "A VPN or other relay of ours that is reachable from outside leads to systems in \
                scope, and a credential that opens it asks for no second factor. A second one is \
                still needed on the way into the CDE.",
    kind: Kind::Decides,
    severity: Severity::Critical,
    severity_moves: "",
    maps_to: &[Pci("8.4.3")],
    service_providers_only: false,
    reads: &[
        "system.kind",
        "system.exposure",
        "system.relay",
        "credential.mfa",
        "credential.mfa_exempt",
        "credential.grants",
        "flow.initiator",
    ],
    shows: &["mfa", "exposure", "kind", "on", "credential"],
    false_positives: "The provider of the access may ask for the second factor; name the control that \
                does.",
    question: "Which setting of the remote access asks for the second factor?",
    fixes: &[FixOption::change("Ask for a second factor", 3, require)],
    fires: &[Example::new(
        "a VPN on the internet asks for none",
        r#""systems":[{"id":"vpn","kind":"vpn","exposure":"internet"},{"id":"vault",
               "holdings":[{"element":"pan","ops":["store"]}]}],"flows":[{"id":"f","from":"vpn",
               "to":"vault"}],"credentials":[{"id":"c","kind":"user","grants":[{"on":"vpn","priv":"act"}]}]"#,
    )],
    silent: &[
        Example::new(
            "it asks for one",
            r#""systems":[{"id":"vpn","kind":"vpn","exposure":"internet"},{"id":"vault",
               "holdings":[{"element":"pan","ops":["store"]}]}],"flows":[{"id":"f","from":"vpn",
               "to":"vault"}],"credentials":[{"id":"c","kind":"user","mfa":true,"grants":[{"on":"vpn",
               "priv":"act"}]}]"#,
        ),
        Example::new(
            "it is reachable from inside only",
            r#""systems":[{"id":"jump","kind":"jump_host"},{"id":"vault","holdings":[{"element":"pan",
               "ops":["store"]}]}],"flows":[{"id":"f","from":"jump","to":"vault"}],
               "credentials":[{"id":"c","kind":"user","grants":[{"on":"jump","priv":"act"}]}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

fn check(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    let remote = matches!(node.system.kind, SystemKind::Vpn | SystemKind::Ztna) || node.is_on_the_internet();
    if !(node.in_scope() && node.active && node.system.is_relay() && remote) {
        return;
    }
    for (credential, grant) in &node.grants {
        if credential.mfa || is_exempt(credential) {
            continue;
        }
        let sentence =
            format!("{} lets people in from outside by {} without a second factor.", node.name(), credential.name);
        let subject = ObjectRef::Credential(credential.id.clone());
        let hit = Hit::on(node.subject(), sentence).about(&subject).shows("kind", node.system.kind.as_str());
        let hit = hit.shows("exposure", if node.is_on_the_internet() { "internet" } else { "internal" });
        let hit = hit.shows_of(subject.clone(), "mfa", false).shows("on", ObjectRef::System(grant.on.clone()));
        hits.add(hit.shows("credential", subject));
    }
}

fn is_exempt(credential: &Credential) -> bool {
    let facts = &credential.facts;
    let service = matches!(credential.kind, CredentialKind::Service | CredentialKind::Application);
    (service && said::yes(facts, "interactive") != Some(true))
        || said::text(facts, "mfa_exempt").is_some_and(|it| it != "none")
        || said::yes(facts, "enabled") == Some(false)
        || said::anything(facts, "mfa_control")
}

fn require(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let credential = finding.discriminator.strip_prefix("credential:").map(|id| ObjectRef::Credential(id.into()));
    let Some(subject) = credential else { return Vec::new() };
    let of_credential = finding.clone().on(subject);
    fix::credential(survey, &of_credential, |credential| credential.mfa = true)
}
