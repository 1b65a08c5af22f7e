//! PCI DSS 1.2.7: the rules of network security controls are reviewed every six months.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;
use crate::model::kinds::ControlType;
use crate::model::object::ObjectRef;
use crate::model::segment::Control;

/// Review of network rules overdue.
pub const RULE: Rule = Rule {
    id: "F-NSC-REVIEW",
    aliases: &[],
    version: 1,
    title: "Review of network rules overdue",
    sentence: "Rules that nobody looks at keep letting through what is no longer needed.",
    condition: "The last review of a firewall, access list, security group, proxy or web filter \
                at the border of the scope is older than 184 days.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("1.2.7")],
    service_providers_only: false,
    reads: &["control.type", "control.last_review", "control.between", "control.applies_to"],
    shows: &["last_review"],
    false_positives: "A review of the whole rule base may be on record elsewhere; enter its day.",
    question: "When were these rules last reviewed, and with which outcome?",
    fixes: &[FixOption::fill("Review the rules and record the day", 2, &["control.last_review"])],
    fires: &[Example::new(
        "the last review is seven months old",
        r#""systems":[{"id":"vault","name":"Vault","segment":"cde","holdings":[{"element":"pan",
               "ops":["store"]}]}],"segments":[{"id":"cde"},{"id":"lan"}],"controls":[{"id":"fw",
               "type":"firewall","between":["cde","lan"],"last_review":"2025-05-01"}]"#,
    )],
    silent: &[
        Example::new(
            "the last review is recent",
            r#""systems":[{"id":"vault","name":"Vault","segment":"cde","holdings":[{"element":"pan",
               "ops":["store"]}]}],"segments":[{"id":"cde"},{"id":"lan"}],"controls":[{"id":"fw",
               "type":"firewall","between":["cde","lan"],"last_review":"2025-12-01"}]"#,
        ),
        Example::new(
            "nothing behind it is in scope",
            r#""systems":[{"id":"wiki","segment":"lan"}],"segments":[{"id":"dmz"},{"id":"lan"}],
               "controls":[{"id":"fw","type":"firewall","between":["dmz","lan"],
               "last_review":"2025-05-01"}]"#,
        ),
    ],
    checks: &[Check::Control(check)],
};

/// Six months in days.
const PERIOD: u64 = 184;

/// Network security controls.
const TYPES: &[ControlType] = &[
    ControlType::Firewall,
    ControlType::Acl,
    ControlType::SecurityGroup,
    ControlType::Proxy,
    ControlType::Waf,
    ControlType::NscOther,
];

fn check(survey: &Survey<'_>, control: &Control, hits: &mut Hits) {
    if !TYPES.contains(&control.kind) {
        return;
    }
    let between = control.between.iter().flat_map(|it| survey.members(it));
    let named = control.applies_to.iter().filter_map(|it| survey.node(&it.as_str().into()));
    if !between.chain(named).any(|it| it.in_scope()) {
        return;
    }
    let subject = ObjectRef::Control(control.id.clone());
    match control.last_review {
        None => {
            let question = format!("When were the rules of {} last reviewed?", control.name);
            hits.add(Hit::ask(subject, question).shows("last_review", false));
        }
        Some(day) if hits.overdue(day, PERIOD) => {
            let sentence =
                format!("The rules of {} were last reviewed on {day}, more than six months ago.", control.name);
            hits.add(Hit::on(subject, sentence).shows("last_review", day));
        }
        Some(_) => {}
    }
}
