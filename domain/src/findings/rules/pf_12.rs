//! Common practice and PCI DSS 3.5.1: logs, error reports, analytics and session replays carry no payment data and
//! no secrets.

use super::shape::drop_field;
use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::{Asvs, OwaspApi, Pci};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Edge, Survey};
use crate::findings::{data, said};
use crate::id::ElementId;
use crate::model::element::{ElementClass, Form, Holding};
use crate::model::kinds::FlowKind;
use crate::model::object::{ObjectKind, RecordKey};

/// Payment data in logs and telemetry.
pub const RULE: Rule = Rule {
    id: "PF-12",
    aliases: &[],
    version: 1,
    title: "Payment data in logs and telemetry",
    sentence: "A log goes to more people and places than any database.",
    condition: "A flow of a log, error report, analytics or session replay carries readable \
                account data, a secret, or a token with which one can pay.",
    kind: Kind::Decides,
    severity: Severity::Critical,
    severity_moves: "Medium for a token, a name or an expiry date.",
    maps_to: &[Pci("3.5.1"), Asvs("16.2.5"), Asvs("14.2.3"), OwaspApi("API8")],
    service_providers_only: false,
    reads: &["flow.kind", "flow.fields", "token_domain.can_charge"],
    shows: &["kind", "element", "form", "domain"],
    false_positives: "The sender may mask the field before it is sent; declare the form in which it \
                travels.",
    question: "What did a sample of the log show?",
    fixes: &[FixOption::change("Leave the field out of what is sent", 2, drop_field)],
    fires: &[
        Example::new(
            "a debug log has card numbers",
            r#""systems":[{"id":"psp"},{"id":"log","kind":"log_sink"}],"flows":[{"id":"f","from":"psp",
               "to":"log","kind":"log","data":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "an error report has a secret",
            r#""systems":[{"id":"app"},{"id":"err","boundary":"third_party"}],"flows":[{"id":"f",
               "from":"app","to":"err","kind":"error","data":[{"element":"api_secret"}]}]"#,
        ),
        Example::new(
            "a log has tokens with which one can pay",
            r#""systems":[{"id":"psp"},{"id":"log","kind":"log_sink"}],"token_domains":[{"id":"d",
               "can_charge":true}],"flows":[{"id":"f","from":"psp","to":"log","kind":"log",
               "data":[{"element":"pan","form":"tokenised","domain":"d"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "the log has order numbers",
            r#""systems":[{"id":"psp"},{"id":"log","kind":"log_sink"}],"flows":[{"id":"f","from":"psp",
               "to":"log","kind":"log","data":[{"element":"order_id"}]}]"#,
        ),
        Example::new(
            "the flow is no telemetry",
            r#""systems":[{"id":"psp"},{"id":"db"}],"flows":[{"id":"f","from":"psp","to":"db",
               "data":[{"element":"pan"}]}]"#,
        ),
    ],
    checks: &[Check::Flow(check)],
};

fn check(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    use FlowKind::{Analytics, Error, Log, Replay};
    let flow = edge.flow;
    if !(edge.arrives() && matches!(flow.kind, Log | Error | Analytics | Replay)) {
        return;
    }
    let mut told: Vec<&ElementId> = Vec::new();
    for field in &flow.fields {
        let class = data::class(&field.element);
        let readable = field.live && data::is_readable(field);
        let severity = match class {
            _ if pays(survey, field) => Severity::Medium,
            Some(ElementClass::Sad | ElementClass::Secret) if readable => Severity::Critical,
            Some(ElementClass::Chd) if readable && data::is_pan(field) => Severity::Critical,
            Some(ElementClass::Chd) if readable => Severity::Medium,
            _ => continue,
        };
        if told.contains(&&field.element) {
            continue;
        }
        told.push(&field.element);
        let kind = match flow.kind {
            Log => "a log",
            Error => "an error report",
            Analytics => "analytics",
            _ => "a session replay",
        };
        let sentence = format!(
            "{} sends {} in {kind} to {}.",
            survey.from(edge).name(),
            data::words(field),
            survey.to(edge).name()
        );
        let hit = Hit::on(edge.subject(), sentence).about_element(&field.element).severity(severity);
        let hit = hit.shows("kind", flow.kind.as_str()).shows("element", field.element.as_str());
        let hit = hit.shows("form", field.form.as_str());
        hits.add(hit.shows("domain", field.domain.as_ref().map(|it| it.as_str())));
    }
}

/// Whether it is a token with which one can pay.
fn pays(survey: &Survey<'_>, field: &Holding) -> bool {
    let Some(domain) = field.domain.as_ref().filter(|_| field.form == Form::Tokenised) else { return false };
    let key = RecordKey { kind: ObjectKind::TokenDomain, id: domain.as_str().into() };
    survey.model.records.get(&key).is_some_and(|it| said::yes(&it.facts, "can_charge") == Some(true))
}
