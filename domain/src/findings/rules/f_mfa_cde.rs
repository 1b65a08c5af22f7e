//! PCI DSS 8.4.1, 8.4.2: all access into the CDE by people asks for a second factor.

use crate::findings::fix::{self, FixOption};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Node, Survey};
use crate::model::credential::Credential;
use crate::model::kinds::{CredentialKind, FlowKind};
use crate::model::object::ObjectRef;

/// No second factor on the way into the CDE.
pub const RULE: Rule = Rule {
    id: "F-MFA-CDE",
    aliases: &[],
    version: 1,
    title: "No second factor on the way into the CDE",
    sentence: "With one stolen password or key somebody stands among the card systems.",
    condition: "A credential that people sign in with opens the CDE, or a jump host or other \
                relay that leads into it, without a second factor, and is not exempt as an \
                application account, a terminal account or by phishing-resistant factors.",
    kind: Kind::Decides,
    severity: Severity::Critical,
    severity_moves: "",
    maps_to: &[Pci("8.4.1"), Pci("8.4.2")],
    service_providers_only: false,
    reads: &[
        "credential.mfa",
        "credential.interactive",
        "credential.kind",
        "credential.mfa_exempt",
        "credential.mfa_control",
        "credential.grants",
        "system.kind",
        "system.relay",
        "system.category",
        "flow.kind",
    ],
    shows: &["mfa", "kind", "interactive", "on", "relay", "mfa_exempt"],
    false_positives: "The network may ask for the second factor once for all; name the control that does.",
    question: "Which setting asks for the second factor, and what did a sign-in that somebody \
                watched show?",
    fixes: &[FixOption::change("Ask for a second factor", 3, |survey, finding| {
        fix::credential(survey, finding, |credential| credential.mfa = true)
    })],
    fires: &[
        Example::new(
            "an administrator opens the CDE without",
            r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}],
               "credentials":[{"id":"c","kind":"admin","grants":[{"on":"vault","priv":"admin"}]}]"#,
        ),
        Example::new(
            "the jump host into the CDE asks for none",
            r#""systems":[{"id":"jump","kind":"jump_host"},{"id":"vault","holdings":[{"element":"pan",
               "ops":["store"]}]}],"flows":[{"id":"f","from":"jump","to":"vault","kind":"admin"}],
               "credentials":[{"id":"c","kind":"ssh_key","grants":[{"on":"jump","priv":"admin"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "a second factor is asked for",
            r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}],
               "credentials":[{"id":"c","kind":"admin","mfa":true,"grants":[{"on":"vault",
               "priv":"admin"}]}]"#,
        ),
        Example::new(
            "it is a service account",
            r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}],
               "credentials":[{"id":"c","kind":"service","grants":[{"on":"vault","priv":"read"}]}]"#,
        ),
        Example::new(
            "only phishing-resistant factors are used",
            r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}],
               "credentials":[{"id":"c","kind":"user","mfa_exempt":"phishing_resistant",
               "grants":[{"on":"vault","priv":"read"}]}]"#,
        ),
    ],
    checks: &[Check::Credential(check)],
};

fn check(survey: &Survey<'_>, credential: &Credential, hits: &mut Hits) {
    let facts = &credential.facts;
    let exempt = said::text(facts, "mfa_exempt").filter(|it| *it != "none");
    let strong = said::yes(facts, "phishing_resistant_only") == Some(true);
    let off = said::yes(facts, "enabled") == Some(false);
    if credential.mfa || off || strong || exempt.is_some() || said::anything(facts, "mfa_control") {
        return;
    }
    for grant in &credential.grants {
        let Some(node) = survey.node(&grant.on).filter(|it| it.is_own() && it.active) else { continue };
        let into = if node.is_cde() { Some(node) } else { relayed(survey, node) };
        let Some(into) = into.filter(|_| by_people(survey, credential, node)) else { continue };
        let sentence = if into.system.id == node.system.id {
            format!("With {}, people get into {} in the CDE without a second factor.", credential.name, node.name())
        } else {
            format!(
                "With {}, people reach {} without a second factor, and from there {} in the CDE.",
                credential.name,
                node.name(),
                into.name()
            )
        };
        let hit = Hit::on(ObjectRef::Credential(credential.id.clone()), sentence).shows("mfa", false);
        let hit = hit.shows("kind", credential.kind.as_str()).shows("interactive", said::yes(facts, "interactive"));
        let hit = hit.shows("mfa_exempt", exempt).shows("on", node.subject());
        hits.add(hit.shows("relay", node.system.is_relay()));
        return;
    }
}

/// Whether people sign in with it: as stated, or by its kind; an SSH key where it opens what administrators use.
fn by_people(survey: &Survey<'_>, credential: &Credential, on: &Node<'_>) -> bool {
    use CredentialKind::{Admin, BreakGlass, RemoteAccess, SshKey, User, VendorDefault};
    let administers =
        || on.system.is_relay() || survey.flows_with(credential).any(|it| it.active && it.flow.kind == FlowKind::Admin);
    said::yes(&credential.facts, "interactive").unwrap_or(match credential.kind {
        User | Admin | BreakGlass | RemoteAccess | VendorDefault => true,
        SshKey => administers(),
        _ => false,
    })
}

/// The CDE system that a relay leads to.
fn relayed<'s, 'm>(survey: &'s Survey<'m>, node: &'s Node<'m>) -> Option<&'s Node<'m>> {
    if !node.system.is_relay() {
        return None;
    }
    let calls = survey.flows(node).filter(|it| it.on_network()).flat_map(|it| survey.callers(it));
    let mut called = calls.filter(|(caller, _)| caller.system.id == node.system.id).map(|(_, called)| called);
    called.find(|it| it.is_cde())
}
