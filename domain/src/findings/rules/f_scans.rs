//! PCI DSS 11.3.1, 11.3.1.2, 11.3.1.3, 11.3.2, 11.3.2.1: systems in scope are scanned inside and, where the
//! internet reaches them, outside every three months.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Node, Survey};
use crate::model::relations::Exposure;
use crate::time::Day;

/// Vulnerability scan overdue.
pub const RULE: Rule = Rule {
    id: "F-SCANS",
    aliases: &[],
    version: 1,
    title: "Vulnerability scan overdue",
    sentence: "A hole that became known last month is found by whoever looks first.",
    condition: "The last internal scan of a system of ours in scope is older than 92 days or did \
                not pass, or one on the internet has no passed external scan of the last 92 \
                days.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("11.3.1"), Pci("11.3.1.2"), Pci("11.3.1.3"), Pci("11.3.2"), Pci("11.3.2.1")],
    service_providers_only: false,
    reads: &[
        "system.last_scan",
        "system.last_asv_scan",
        "system.last_scan_passed",
        "system.exposure",
        "system.category",
    ],
    shows: &["last_scan", "last_asv_scan", "last_scan_passed", "exposure"],
    false_positives: "A scan of the whole network may cover it; enter its day.",
    question: "Which reports cover the system, and were findings scanned again?",
    fixes: &[FixOption::fill("Scan it, and record the day", 2, &["system.last_scan", "system.last_asv_scan"])],
    fires: &[
        Example::new(
            "the last scan is four months old",
            r#""systems":[{"id":"vault","last_scan":"2025-09-01","holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "the last scan did not pass",
            r#""systems":[{"id":"vault","last_scan":"2025-12-01","last_scan_passed":false,
               "holdings":[{"element":"pan"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "the last scan is recent",
            r#""systems":[{"id":"vault","last_scan":"2025-12-01","holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new("it is out of scope", r#""systems":[{"id":"wiki","last_scan":"2025-01-01"}]"#),
    ],
    checks: &[Check::System(check)],
};

/// Three months in days.
const PERIOD: u64 = 92;

fn check(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !node.in_scope() {
        return;
    }
    let facts = &node.system.facts;
    let (inside, outside) = (said::day(facts, "last_scan"), said::day(facts, "last_asv_scan"));
    let passed = said::yes(facts, "last_scan_passed");
    let public = node.system.exposure == Some(Exposure::Internet);
    let old_inside = inside.is_some_and(|day| hits.overdue(day, PERIOD));
    let old_outside = public && outside.is_some_and(|day| hits.overdue(day, PERIOD));
    let told = |day: Option<Day>| day.map(|it| it.to_string()).unwrap_or_default();
    let sentence = if old_inside {
        format!("{} was last scanned on {}, more than three months ago.", node.name(), told(inside))
    } else if old_outside {
        format!("{} was last scanned from outside on {}, more than three months ago.", node.name(), told(outside))
    } else if passed == Some(false) {
        format!("The last scan of {} did not pass.", node.name())
    } else {
        if inside.is_none() || (public && outside.is_none()) {
            let question = format!("When was {} last scanned for vulnerabilities?", node.name());
            hits.add(Hit::ask(node.subject(), question).shows("last_scan", inside).shows("last_asv_scan", outside));
        }
        return;
    };
    let hit = Hit::on(node.subject(), sentence).shows("last_scan", inside).shows("last_asv_scan", outside);
    hits.add(hit.shows("last_scan_passed", passed).shows("exposure", if public { "internet" } else { "internal" }));
}
