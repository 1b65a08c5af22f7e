//! PCI DSS 4.2.1.1: trusted keys and certificates that protect card numbers on the way are inventoried.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Edge, Survey};
use crate::model::object::{ObjectKind, ObjectRef, RecordKey};
use crate::model::relations::Encryption;

/// Certificate of a card data connection not on record.
pub const RULE: Rule = Rule {
    id: "F-CERT-INV",
    aliases: &[],
    version: 1,
    title: "Certificate of a card data connection not on record",
    sentence: "A certificate that nobody knows of ends one day without warning, or is never \
                replaced.",
    condition: "A flow with card numbers in clear relies on TLS and names no certificate, or one \
                that has ended.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("4.2.1.1")],
    service_providers_only: false,
    reads: &["flow.fields", "flow.encryption", "flow.certificate", "certificate.not_after"],
    shows: &["certificate", "not_after", "encryption"],
    false_positives: "A provider may renew its certificates by itself; enter it with its end.",
    question: "Which inventory lists the certificate?",
    fixes: &[FixOption::fill("Enter the certificate with its end", 1, &["flow.certificate"])],
    fires: &[
        Example::new(
            "no certificate is on record",
            r#""systems":[{"id":"shop"},{"id":"db"}],"flows":[{"id":"f","from":"shop","to":"db",
               "data":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "the certificate has ended",
            r#""systems":[{"id":"shop"},{"id":"db"}],"certificates":[{"id":"c","not_after":"2025-10-01"}],
               "flows":[{"id":"f","from":"shop","to":"db","certificate":"c","data":[{"element":"pan"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "it is on record and valid",
            r#""systems":[{"id":"shop"},{"id":"db"}],"certificates":[{"id":"c","not_after":"2026-10-01"}],
               "flows":[{"id":"f","from":"shop","to":"db","certificate":"c","data":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "no card number travels",
            r#""systems":[{"id":"shop"},{"id":"db"}],"flows":[{"id":"f","from":"shop","to":"db"}]"#,
        ),
    ],
    checks: &[Check::Flow(check)],
};

fn check(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    let flow = edge.flow;
    let relies = matches!(flow.encryption, Encryption::Transport | Encryption::Both);
    if !(edge.on_network() && edge.cargo.readable_pan && relies) {
        return;
    }
    let named = said::text(&flow.facts, "certificate");
    let record = named.map(|id| RecordKey { kind: ObjectKind::Certificate, id: id.into() });
    let record = record.and_then(|key| survey.model.records.get(&key));
    let end = record.and_then(|it| said::day(&it.facts, "not_after"));
    let sentence = match (record, end) {
        (None, _) => format!("{} takes card numbers, and its certificate is not on record.", survey.flow_title(edge)),
        (Some(record), Some(end)) if hits.over(end) => {
            let flow = survey.flow_title(edge);
            format!("{flow} takes card numbers, and its certificate {} ended on {end}.", record.name)
        }
        _ => return,
    };
    let hit = Hit::on(edge.subject(), sentence).shows("encryption", flow.encryption.as_str());
    let hit = hit.shows("certificate", record.map(|it| ObjectRef::Record(it.key.clone())));
    hits.add(hit.shows("not_after", end));
}
