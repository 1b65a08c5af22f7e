//! PCI DSS 10.3.1, 10.3.2, 10.3.4, 10.5.1: logs cannot be changed unseen, and are kept for twelve months, three of
//! them at hand.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Node, Survey};
use crate::model::kinds::ControlType;
use crate::model::relations::How;

/// Logs not protected or not kept long enough.
pub const RULE: Rule = Rule {
    id: "F-LOG-PROTECT",
    aliases: &[],
    version: 1,
    title: "Logs not protected or not kept long enough",
    sentence: "Who breaks in wipes the traces first.",
    condition: "A system that collects the logs of systems in scope names no change detection, \
                or keeps logs for less than 12 months or has less than 3 at hand.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("10.3.1"), Pci("10.3.2"), Pci("10.3.4"), Pci("10.5.1")],
    service_providers_only: false,
    reads: &[
        "system.manages",
        "system.kind",
        "system.log_change_detection",
        "system.log_retention_months",
        "system.log_online_months",
        "system.controls",
    ],
    shows: &["log_change_detection", "log_retention_months", "log_online_months"],
    false_positives: "Logs that a provider keeps unchangeable; name that control.",
    question: "Which configuration detects changes of logs, and which sets how long they are kept?",
    fixes: &[FixOption::fill(
        "Detect changes, and keep logs for twelve months",
        3,
        &["system.log_change_detection", "system.log_retention_months", "system.log_online_months"],
    )],
    fires: &[
        Example::new(
            "the log store detects no changes",
            r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]},{"id":"log",
               "kind":"log_sink","log_retention_months":12,"log_online_months":3,
               "manages":[{"target":"vault","how":"log"}]}]"#,
        ),
        Example::new(
            "logs are kept for six months",
            r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]},{"id":"log",
               "kind":"log_sink","controls":["fim"],"log_retention_months":6,"log_online_months":3,
               "manages":[{"target":"vault","how":"log"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "it is protected and long enough",
            r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]},{"id":"log",
               "kind":"log_sink","controls":["fim"],"log_retention_months":12,"log_online_months":3,
               "manages":[{"target":"vault","how":"log"}]}]"#,
        ),
        Example::new("it collects no logs of the scope", r#""systems":[{"id":"log","kind":"log_sink"}]"#),
    ],
    checks: &[Check::System(check)],
};

fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    let collects = node.system.manages.iter().any(|it| it.how == How::Log);
    if !(collects && node.in_scope()) {
        return;
    }
    let facts = &node.system.facts;
    let types = &[ControlType::Fim, ControlType::ChangeDetection, ControlType::LogChangeDetection];
    let detects = said::anything(facts, "log_change_detection") || survey.has_control(node, types);
    let (kept, online) = (said::number(facts, "log_retention_months"), said::number(facts, "log_online_months"));
    let mut why: Vec<String> = Vec::new();
    if !detects {
        why.push("nothing detects changes of them".to_owned());
    }
    if let Some(months) = kept.filter(|it| *it < 12) {
        why.push(format!("they are kept for {months} months"));
    }
    if let Some(months) = online.filter(|it| *it < 3) {
        why.push(format!("{months} months are at hand"));
    }
    if why.is_empty() {
        return;
    }
    let sentence = format!("{} collects logs, and {}.", node.name(), why.join(", and "));
    let hit = Hit::on(node.subject(), sentence).shows("log_change_detection", detects);
    hits.add(hit.shows("log_retention_months", kept).shows("log_online_months", online));
}
