//! PCI DSS 4.2.1: card numbers are strongly encrypted on open, public networks.

use crate::blast::edit::Edit;
use crate::findings::fix::{self, FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::{Asvs, Pci};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Edge, Survey};
use crate::findings::{Finding, said};
use crate::id::ElementId;
use crate::model::fact::Facts;
use crate::model::object::{ObjectKind, ObjectRef, RecordKey};
use crate::model::relations::Encryption;

/// Card number over an open network without strong encryption.
pub const RULE: Rule = Rule {
    id: "F-TRANSIT",
    aliases: &["PF-19"],
    version: 1,
    title: "Card number over an open network without strong encryption",
    sentence: "On an open network anybody on the way can read or change what passes.",
    condition: "A flow takes the card number in clear to or from somebody else, or through an \
                untrusted network, without encryption, over TLS older than 1.2, or with a \
                certificate that is not valid.",
    kind: Kind::Decides,
    severity: Severity::Critical,
    severity_moves: "",
    maps_to: &[Pci("4.2.1"), Asvs("12.2.1"), Asvs("12.1.1")],
    service_providers_only: false,
    reads: &[
        "flow.fields",
        "flow.encryption",
        "flow.tls_version",
        "flow.net",
        "flow.certificate",
        "system.boundary",
        "segment.trust",
        "certificate.valid",
        "certificate.trusted",
        "certificate.revoked",
        "certificate.not_after",
    ],
    shows: &["encryption", "tls_version", "net", "element", "form", "certificate"],
    false_positives: "A private line may connect both ends; set the network of the flow to internal.",
    question: "What does the scan of the connection show, and until when is the certificate valid?",
    fixes: &[
        FixOption::change("Encrypt the connection with TLS 1.2 or later", 3, encrypt),
        FixOption::change("Do not send the card number", 5, drop),
    ],
    fires: &[
        Example::new(
            "card numbers go to a provider unencrypted",
            r#""systems":[{"id":"shop"},{"id":"psp","boundary":"third_party"}],"flows":[{"id":"f",
               "from":"shop","to":"psp","encryption":"none","data":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "TLS 1.1 is still accepted",
            r#""systems":[{"id":"shop"},{"id":"psp","boundary":"third_party"}],"flows":[{"id":"f",
               "from":"shop","to":"psp","tls_version":"tls1.1","data":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "the certificate has ended",
            r#""systems":[{"id":"shop"},{"id":"psp","boundary":"third_party"}],"certificates":[{"id":"c",
               "not_after":"2025-10-01"}],"flows":[{"id":"f","from":"shop","to":"psp","certificate":"c",
               "data":[{"element":"pan"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "TLS 1.2 protects them",
            r#""systems":[{"id":"shop"},{"id":"psp","boundary":"third_party"}],"flows":[{"id":"f",
               "from":"shop","to":"psp","tls_version":"tls1.2","data":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "both ends are ours on an internal network",
            r#""systems":[{"id":"shop"},{"id":"db"}],"flows":[{"id":"f","from":"shop","to":"db",
               "encryption":"none","data":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "a token travels",
            r#""systems":[{"id":"shop"},{"id":"psp","boundary":"third_party"}],"flows":[{"id":"f",
               "from":"shop","to":"psp","encryption":"none","data":[{"element":"pan","form":"tokenised"}]}]"#,
        ),
    ],
    checks: &[Check::Flow(check)],
};

fn check(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    let flow = edge.flow;
    if !(edge.on_network() && edge.cargo.readable_pan && survey.is_open(edge)) {
        return;
    }
    let tls = said::text(&flow.facts, "tls_version");
    let certificate = said::text(&flow.facts, "certificate");
    let record = certificate.map(|id| RecordKey { kind: ObjectKind::Certificate, id: id.into() });
    let record = record.and_then(|key| survey.model.records.get(&key));
    let bad = record.is_some_and(|it| invalid(&it.facts, hits));
    let sealed = matches!(flow.encryption, Encryption::Message | Encryption::Both);
    let why = match tls {
        _ if sealed => return,
        _ if flow.encryption == Encryption::None => "without encryption",
        Some("none") => "without encryption",
        Some("ssl" | "tls1.0" | "tls1.1") => "over a version of TLS that can be broken",
        _ if bad => "with a certificate that is not valid",
        _ => return,
    };
    let sentence = format!("{} takes card numbers over an open network {why}.", survey.flow_title(edge));
    let hit = Hit::on(edge.subject(), sentence).shows("element", "pan").shows("encryption", flow.encryption.as_str());
    let hit = hit.shows("tls_version", tls).shows("net", "open");
    hits.add(hit.shows("certificate", record.map(|it| ObjectRef::Record(it.key.clone()))));
}

/// Whether a certificate is revoked, not trusted, or at its end.
fn invalid(facts: &Facts, hits: &mut Hits) -> bool {
    let ended = said::day(facts, "not_after").is_some_and(|day| hits.over(day));
    ended
        || said::yes(facts, "valid") == Some(false)
        || said::yes(facts, "trusted") == Some(false)
        || said::yes(facts, "revoked") == Some(true)
}

fn encrypt(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    fix::flow(survey, finding, |flow| {
        flow.encryption = Encryption::Transport;
        fix::state(&mut flow.facts, "tls_version", "tls1.2");
        flow.facts.remove("certificate");
    })
}

fn drop(_: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let ObjectRef::Flow(flow) = &finding.subject else { return Vec::new() };
    vec![Step::Edit(Edit::DropField { flow: flow.clone(), element: ElementId::new("pan") })]
}
