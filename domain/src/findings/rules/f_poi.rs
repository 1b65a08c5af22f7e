//! PCI DSS 9.5.1.1, 9.5.1.2.1: payment terminals are listed and inspected, as often as a risk analysis says.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Node, Survey};
use crate::model::kinds::SystemKind;
use crate::time::Day;

/// Payment terminal not listed or not inspected.
pub const RULE: Rule = Rule {
    id: "F-POI",
    aliases: &[],
    version: 1,
    title: "Payment terminal not listed or not inspected",
    sentence: "A terminal that was exchanged looks like the one that was there.",
    condition: "A payment terminal of ours has no serial number, model or place, no risk \
                analysis for its inspections, or its inspection is overdue.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("9.5.1.1"), Pci("9.5.1.2.1")],
    service_providers_only: false,
    reads: &["system.kind", "system.poi"],
    shows: &["serial", "model", "location", "tra_ref", "last_inspection", "inspection_days"],
    false_positives: "A fleet may be listed in a tool of its own; enter it as one system with the \
                reference.",
    question: "Which list has the terminal, and when was it inspected?",
    fixes: &[FixOption::fill("Enter serial number, model, place and inspection", 1, &["system.poi"])],
    fires: &[
        Example::new("nothing is said of a terminal", r#""systems":[{"id":"till","kind":"poi"}]"#),
        Example::new(
            "its inspection is overdue",
            r#""systems":[{"id":"till","kind":"poi","poi":{"serial":"A1","model":"M","location":"Shop",
               "tra_ref":"TRA-1","last_inspection":"2025-10-01","inspection_days":30}}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "it is listed and inspected",
            r#""systems":[{"id":"till","kind":"poi","poi":{"serial":"A1","model":"M","location":"Shop",
               "tra_ref":"TRA-1","last_inspection":"2025-12-20","inspection_days":30}}]"#,
        ),
        Example::new("it is no terminal", r#""systems":[{"id":"app"}]"#),
    ],
    checks: &[Check::System(check)],
};

fn check(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !(node.system.kind == SystemKind::Poi && node.is_own() && node.active) {
        return;
    }
    let part = |name| said::part(&node.system.facts, "poi", name);
    let names = ["serial", "model", "location", "tra_ref"];
    let inspected = part("last_inspection").and_then(|it| it.as_str()).and_then(|it| it.parse::<Day>().ok());
    let period = part("inspection_days").and_then(|it| it.as_u64());
    let missing = names.iter().any(|name| part(name).is_none());
    let overdue = matches!((inspected, period), (Some(day), Some(days)) if hits.overdue(day, days));
    let why = match (missing, overdue) {
        (false, false) => return,
        (true, _) => "lacks its serial number, model, place or the risk analysis of its inspections",
        (false, true) => "was not inspected in time",
    };
    let sentence = format!("The payment terminal {} {why}.", node.name());
    let hit = names.iter().fold(Hit::on(node.subject(), sentence), |hit, name| hit.shows(name, part(name).is_some()));
    hits.add(hit.shows("last_inspection", inspected).shows("inspection_days", period));
}
