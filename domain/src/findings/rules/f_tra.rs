//! PCI DSS 12.3.1: who chooses how often something is done writes down the risk analysis behind it.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Node, Survey, record};
use crate::model::credential::Credential;
use crate::model::kinds::CredentialKind;
use crate::model::object::{ObjectKind, ObjectRef, Record};

/// Frequency chosen without a risk analysis.
pub const RULE: Rule = Rule {
    id: "F-TRA",
    aliases: &[],
    version: 1,
    title: "Frequency chosen without a risk analysis",
    sentence: "A frequency that nobody reasoned about is a guess.",
    condition: "A frequency that the requirements leave to us is in use on a credential, a log \
                review, a control, a payment terminal or a payment page, and names no risk \
                analysis.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("12.3.1"), Pci("7.2.5.1"), Pci("8.6.3"), Pci("9.5.1.2.1"), Pci("10.4.2.1"), Pci("11.6.1")],
    service_providers_only: false,
    reads: &[
        "credential.rotate_days",
        "credential.tra_ref",
        "system.log_review",
        "system.log_review_tra_ref",
        "system.poi",
        "page.tamper_detection",
    ],
    shows: &["tra_ref", "rotate_days", "log_review_frequency_days", "inspection_days", "frequency_days"],
    false_positives: "The analysis may exist and not be named here.",
    question: "Which risk analysis sets the frequency, and when was it last reviewed?",
    fixes: &[FixOption::fill(
        "Write the risk analysis, and name it",
        2,
        &["credential.tra_ref", "system.log_review_tra_ref"],
    )],
    fires: &[
        Example::new(
            "the rotation of a secret has none",
            r#""credentials":[{"id":"c","kind":"service","rotate_days":180}]"#,
        ),
        Example::new(
            "a periodic log review has none",
            r#""systems":[{"id":"vault","log_review":"periodic","log_review_frequency_days":14,
               "holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "a page is checked every 14 days without one",
            r#""systems":[{"id":"web","payment_page":"iframe"}],"pages":[{"id":"p","system":"web",
               "tamper_detection":{"mechanism":"m","frequency_days":14}}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "it is named",
            r#""credentials":[{"id":"c","kind":"service","rotate_days":180,"tra_ref":"TRA-1"}]"#,
        ),
        Example::new("no frequency was chosen", r#""credentials":[{"id":"c","kind":"service"}]"#),
        Example::new(
            "the page is checked every week",
            r#""systems":[{"id":"web","payment_page":"iframe"}],"pages":[{"id":"p","system":"web",
               "tamper_detection":{"mechanism":"m","frequency_days":7}}]"#,
        ),
    ],
    checks: &[Check::System(system), Check::Credential(credential), Check::Record(ObjectKind::Page, page)],
};

fn system(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    let facts = &node.system.facts;
    let days = said::number(facts, "log_review_frequency_days");
    let periodic = said::text(facts, "log_review") == Some("periodic") || days.is_some();
    if node.in_scope() && periodic && !said::anything(facts, "log_review_tra_ref") {
        let sentence = format!("No risk analysis says how often the logs of {} are reviewed.", node.name());
        let hit = Hit::on(node.subject(), sentence).about_aspect("10.4.2.1").shows("tra_ref", false);
        hits.add(hit.shows("log_review_frequency_days", days));
    }
    let part = |name| said::part(facts, "poi", name);
    if let (Some(days), None) = (part("inspection_days").and_then(|it| it.as_u64()), part("tra_ref")) {
        let sentence = format!("No risk analysis says how often {} is inspected.", node.name());
        let hit = Hit::on(node.subject(), sentence).about_aspect("9.5.1.2.1").shows("tra_ref", false);
        hits.add(hit.shows("inspection_days", days));
    }
}

fn credential(_: &Survey<'_>, credential: &Credential, hits: &mut Hits) {
    let days = said::number(&credential.facts, "rotate_days");
    let service = matches!(credential.kind, CredentialKind::Service | CredentialKind::Application);
    let (Some(days), true) = (days, service && !said::anything(&credential.facts, "tra_ref")) else { return };
    let sentence = format!("No risk analysis says why the secret of {} is changed every {days} days.", credential.name);
    let hit = Hit::on(ObjectRef::Credential(credential.id.clone()), sentence).about_aspect("8.6.3");
    hits.add(hit.shows("tra_ref", false).shows("rotate_days", days));
}

fn page(_: &Survey<'_>, page: &Record, hits: &mut Hits) {
    let part = |name| said::part(&page.facts, "tamper_detection", name);
    let days = part("frequency_days").and_then(|it| it.as_u64()).filter(|days| *days > 7);
    let (Some(days), None) = (days, part("tra_ref")) else { return };
    let sentence = format!("No risk analysis says why {} is checked for tampering every {days} days only.", page.name);
    let hit = Hit::on(record(page), sentence).about_aspect("11.6.1").shows("tra_ref", false);
    hits.add(hit.shows("frequency_days", days));
}
