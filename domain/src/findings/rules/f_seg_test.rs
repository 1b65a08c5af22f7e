//! PCI DSS 11.4.5, 11.4.6: controls that keep systems out of scope are tested every twelve months, by service
//! providers every six, and after each change.

use std::collections::BTreeMap;

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::id::SystemId;
use crate::model::flow::FlowControl;
use crate::model::object::ObjectRef;
use crate::model::relations::{Access, ControlStatus, LinkPolicy};
use crate::model::segment::{Control, Link};
use crate::scope::verdict::Category;

/// Control that keeps systems out of scope not tested.
pub const RULE: Rule = Rule {
    id: "F-SEG-TEST",
    aliases: &["PF-37"],
    version: 1,
    title: "Control that keeps systems out of scope not tested",
    sentence: "What keeps the office away from the card systems is a claim until somebody has \
                tried.",
    condition: "Systems of ours are out of scope, or a flow is blocked, by a control whose last \
                test is older than twelve months (six for service providers), failed, or was \
                before its last change.",
    kind: Kind::Decides,
    severity: Severity::Critical,
    severity_moves: "",
    maps_to: &[Pci("11.4.5"), Pci("11.4.6"), Pci("12.5.2")],
    service_providers_only: false,
    reads: &[
        "control.between",
        "control.last_tested",
        "control.last_change",
        "control.status",
        "control.type",
        "link.control",
        "flow.control",
        "system.segment",
        "system.category",
        "settings.service_provider",
    ],
    shows: &["last_tested", "last_change", "status", "systems"],
    false_positives: "Another control may keep the same systems apart; test that one and name it on \
                the links.",
    question: "Does the report name every control and segment, and were findings tested again?",
    fixes: &[FixOption::fill(
        "Test the control, and record the day and the report",
        5,
        &["control.last_tested", "control.report_ref"],
    )],
    fires: &[
        Example::new(
            "the test is 17 months old",
            r#""segments":[{"id":"cde"},{"id":"office"}],"segment_links":[{"a":"cde","b":"office",
               "policy":"denied","control":"fw"}],"controls":[{"id":"fw","type":"firewall",
               "between":["cde","office"],"last_tested":"2024-08-01"}],"systems":[{"id":"vault",
               "segment":"cde","holdings":[{"element":"pan"}]},{"id":"desk","segment":"office"}]"#,
        ),
        Example::new(
            "it was changed after the test",
            r#""segments":[{"id":"cde"},{"id":"office"}],"segment_links":[{"a":"cde","b":"office",
               "policy":"denied","control":"fw"}],"controls":[{"id":"fw","type":"firewall",
               "between":["cde","office"],"last_tested":"2025-10-01","last_change":"2025-11-01"}],
               "systems":[{"id":"vault","segment":"cde","holdings":[{"element":"pan"}]},{"id":"desk",
               "segment":"office"}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "the test is recent",
            r#""segments":[{"id":"cde"},{"id":"office"}],"segment_links":[{"a":"cde","b":"office",
               "policy":"denied","control":"fw"}],"controls":[{"id":"fw","type":"firewall",
               "between":["cde","office"],"last_tested":"2025-10-01"}],"systems":[{"id":"vault",
               "segment":"cde","holdings":[{"element":"pan"}]},{"id":"desk","segment":"office"}]"#,
        ),
        Example::new(
            "nothing relies on it",
            r#""segments":[{"id":"lan"},{"id":"office"}],"controls":[{"id":"fw","type":"firewall",
               "between":["lan","office"],"last_tested":"2024-08-01"}],"systems":[{"id":"wiki",
               "segment":"lan"},{"id":"desk","segment":"office"}]"#,
        ),
    ],
    checks: &[Check::Workspace(check)],
};

/// Looks at the whole model, because what relies on a control stands in any segment that its links reach.
fn check(survey: &Survey<'_>, hits: &mut Hits) {
    for control in survey.model.controls.values() {
        let proven = control.verified_days(survey.settings.service_provider);
        let tested = proven.as_ref().is_some_and(|days| !hits.over(*days.end()) && hits.over_at(days.start().start()));
        if tested {
            continue;
        }
        let relying = relying(survey, control);
        if relying.is_empty() {
            continue;
        }
        let shown: Vec<&str> = relying.iter().take(3).map(|it| it.name()).collect();
        let more = relying.len() - shown.len();
        let names = if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) };
        let why = match (control.last_tested, control.last_change) {
            _ if control.status == ControlStatus::Failed => "failed its last test".to_owned(),
            (None, _) => "was never tested".to_owned(),
            (Some(test), Some(change)) if change > test => format!("was last tested on {test} and changed on {change}"),
            (Some(test), _) => format!("was last tested on {test}"),
        };
        let sentence = format!("{} {why}, and keeps out of scope: {names}.", control.name);
        let hit = Hit::on(ObjectRef::Control(control.id.clone()), sentence).shows("last_tested", control.last_tested);
        let hit = hit.shows("last_change", control.last_change);
        hits.add(relying.iter().fold(hit, |hit, it| hit.shows("systems", it.subject())));
    }
}

/// The systems of ours that the control keeps out of scope: what stands out of scope behind one of its links with a
/// segment that has systems in scope, and what a flow that it blocks would join with one.
fn relying<'s, 'm>(survey: &'s Survey<'m>, control: &Control) -> Vec<&'s Node<'m>> {
    let mut found: BTreeMap<&SystemId, &Node<'m>> = BTreeMap::new();
    let mut add = |node: &'s Node<'m>| {
        if node.is_own() && node.active && node.category() == Category::OutOfScope {
            found.insert(&node.system.id, node);
        }
    };
    let named = |link: &&Link| link.control.as_ref() == Some(&control.id);
    for link in survey.model.links.values().map(|it| &**it).filter(named).filter(|it| it.policy != LinkPolicy::Open) {
        for (one, other) in [(link.key.a(), link.key.b()), (link.key.b(), link.key.a())] {
            if survey.members(other).any(Node::in_scope) {
                survey.members(one).for_each(&mut add);
            }
        }
    }
    for edge in survey.edges().iter().filter(|it| it.active && it.flow.access == Access::Blocked) {
        let by = matches!(&edge.flow.control, Some(FlowControl::Record(id)) if *id == control.id);
        let [from, to] = survey.ends(edge);
        if by && (from.in_scope() || to.in_scope()) {
            add(from);
            add(to);
        }
    }
    found.into_values().collect()
}
