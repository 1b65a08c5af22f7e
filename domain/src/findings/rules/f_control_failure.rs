//! PCI DSS 10.7.2, 10.7.3: failures of critical security controls raise an alert and are handled.

use std::sync::Arc;

use crate::findings::fix::{self, FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;
use crate::findings::{Finding, said};
use crate::model::kinds::ControlType;
use crate::model::object::{Object, ObjectRef};
use crate::model::relations::ControlMode;
use crate::model::segment::Control;

/// Failure of a critical control goes unnoticed.
pub const RULE: Rule = Rule {
    id: "F-CONTROL-FAILURE",
    aliases: &[],
    version: 1,
    title: "Failure of a critical control goes unnoticed",
    sentence: "A control that stopped working protects nobody, and everybody believes it does.",
    condition: "A control of a critical type (network control, intrusion detection, change \
                detection, anti-malware, second factor, log review, isolation) raises no alert \
                when it fails.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("10.7.2"), Pci("10.7.3")],
    service_providers_only: false,
    reads: &["control.type", "control.mode", "control.failure_alert", "control.failure_alert_to"],
    shows: &["type", "failure_alert", "failure_alert_to"],
    false_positives: "A monitoring tool may watch all controls; say so on each.",
    question: "What happens when it fails, who gets the alert, and what did the last failure show?",
    fixes: &[FixOption::change("Raise an alert when it fails", 2, alert)],
    fires: &[Example::new(
        "its failure raises no alert",
        r#""controls":[{"id":"fw","type":"firewall","failure_alert":false}]"#,
    )],
    silent: &[
        Example::new(
            "its failure raises an alert",
            r#""controls":[{"id":"fw","type":"firewall","failure_alert":true}]"#,
        ),
        Example::new("nobody said", r#""controls":[{"id":"fw","type":"firewall"}]"#),
        Example::new(
            "it is switched off",
            r#""controls":[{"id":"fw","type":"firewall","mode":"off","failure_alert":false}]"#,
        ),
    ],
    checks: &[Check::Control(check)],
};

fn check(_: &Survey<'_>, control: &Control, hits: &mut Hits) {
    use ControlType::{
        Acl, AntiMalware, ChangeDetection, EndpointProtection, Fim, Firewall, Ids, Ips, Isolation, LogReview, Mfa,
        NscOther, PageTamperDetection, Physical, Proxy, SecurityGroup, Waf,
    };
    let critical = matches!(
        control.kind,
        Firewall
            | Acl
            | SecurityGroup
            | Proxy
            | Waf
            | NscOther
            | Ids
            | Ips
            | Fim
            | ChangeDetection
            | AntiMalware
            | EndpointProtection
            | Mfa
            | LogReview
            | Isolation
            | PageTamperDetection
            | Physical
    );
    if !critical || control.mode == ControlMode::Off {
        return;
    }
    let subject = ObjectRef::Control(control.id.clone());
    let hit = match said::yes(&control.facts, "failure_alert") {
        Some(true) => return,
        Some(false) => {
            let sentence = format!("When {} fails, nobody gets an alert.", control.name);
            Hit::on(subject, sentence).shows("failure_alert", false)
        }
        None => Hit::ask(subject, format!("Who gets an alert when {} fails?", control.name)),
    };
    let hit = hit.shows("type", control.kind.as_str());
    hits.add(hit.shows("failure_alert_to", said::anything(&control.facts, "failure_alert_to")));
}

fn alert(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let ObjectRef::Control(id) = &finding.subject else { return Vec::new() };
    let Some(control) = survey.model.controls.get(id) else { return Vec::new() };
    let mut control = Control::clone(control);
    fix::state(&mut control.facts, "failure_alert", true);
    vec![Step::Put(Box::new(Object::Control(Arc::new(control))))]
}
