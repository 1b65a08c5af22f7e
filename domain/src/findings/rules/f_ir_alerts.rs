//! PCI DSS 12.10.5: the incident plan covers the alerts of the security systems.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::Survey;
use crate::model::kinds::ControlType;
use crate::model::object::ObjectRef;
use crate::model::relations::ControlMode;
use crate::model::segment::Control;

/// Alerts missing in the incident plan.
pub const RULE: Rule = Rule {
    id: "F-IR-ALERTS",
    aliases: &[],
    version: 1,
    title: "Alerts missing in the incident plan",
    sentence: "An alert without a plan is noise.",
    condition: "A control for intrusion detection, change detection, tampering with payment \
                pages or a network control is said not to be covered by the incident plan.",
    kind: Kind::Decides,
    severity: Severity::Low,
    severity_moves: "",
    maps_to: &[Pci("12.10.5")],
    service_providers_only: false,
    reads: &["control.type", "control.alerts_in_plan", "control.mode"],
    shows: &["type", "alerts_in_plan"],
    false_positives: "The plan may cover it under another name.",
    question: "Which part of the plan covers these alerts?",
    fixes: &[FixOption::fill("Add its alerts to the plan", 1, &["control.alerts_in_plan"])],
    fires: &[Example::new(
        "the plan leaves them out",
        r#""controls":[{"id":"ids","type":"ids","alerts_in_plan":false}]"#,
    )],
    silent: &[
        Example::new("the plan covers them", r#""controls":[{"id":"ids","type":"ids","alerts_in_plan":true}]"#),
        Example::new("nobody said", r#""controls":[{"id":"ids","type":"ids"}]"#),
    ],
    checks: &[Check::Control(check)],
};

fn check(_: &Survey<'_>, control: &Control, hits: &mut Hits) {
    use ControlType::{
        Acl, ChangeDetection, Fim, Firewall, Ids, Ips, NscOther, PageTamperDetection, Proxy, SecurityGroup, Waf,
    };
    let raises = matches!(
        control.kind,
        Ids | Ips
            | Firewall
            | Acl
            | SecurityGroup
            | Proxy
            | Waf
            | NscOther
            | Fim
            | ChangeDetection
            | PageTamperDetection
    );
    let covered = said::yes(&control.facts, "alerts_in_plan");
    if raises && control.mode != ControlMode::Off && covered == Some(false) {
        let sentence = format!("The incident plan does not cover the alerts of {}.", control.name);
        let hit = Hit::on(ObjectRef::Control(control.id.clone()), sentence).shows("type", control.kind.as_str());
        hits.add(hit.shows("alerts_in_plan", false));
    }
}
