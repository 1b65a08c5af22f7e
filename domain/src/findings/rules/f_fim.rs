//! PCI DSS 11.5.2: changes of critical files are detected, at least every week.

use crate::findings::fix::{self, FixOption};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::model::kinds::ControlType;
use crate::model::segment::Control;

/// No change detection on critical files.
pub const RULE: Rule = Rule {
    id: "F-FIM",
    aliases: &[],
    version: 1,
    title: "No change detection on critical files",
    sentence: "A program that was exchanged does the work of whoever exchanged it.",
    condition: "No control for change detection is in force on a system of ours in scope, or it \
                runs less often than every week.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("11.5.2")],
    service_providers_only: false,
    reads: &["system.controls", "control.type", "control.frequency_days", "control.mode", "system.category"],
    shows: &["controls", "frequency_days", "category"],
    false_positives: "An image that is built anew each day may need none; describe it as a control.",
    question: "Where does it run, what did it last report, and who got the alert?",
    fixes: &[FixOption::change("Detect changes of critical files", 3, |survey, finding| {
        fix::system(survey, finding, |system| system.controls.push("fim".to_owned()))
    })],
    fires: &[Example::new(
        "nothing detects changes",
        r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}]"#,
    )],
    silent: &[
        Example::new(
            "a control detects them",
            r#""systems":[{"id":"vault","controls":["fim"],"holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new("it is out of scope", r#""systems":[{"id":"wiki"}]"#),
    ],
    checks: &[Check::System(check)],
};

/// The longest time between two checks, in days.
const PERIOD: u64 = 7;

fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    let types = &[ControlType::Fim, ControlType::ChangeDetection];
    if !node.in_scope() {
        return;
    }
    let often = |it: &&Control| types.contains(&it.kind) && it.frequency_days.is_none_or(|days| days <= PERIOD);
    let by_type = node.system.controls.iter().any(|name| types.iter().any(|it| it.as_str() == name));
    let rare = node.controls.iter().find(|it| types.contains(&it.kind)).and_then(|it| it.frequency_days);
    if by_type || (survey.has_control(node, types) && node.controls.iter().copied().any(|it| often(&it))) {
        return;
    }
    let sentence = match rare {
        Some(days) => format!("Changes of critical files on {} are looked for every {days} days only.", node.name()),
        None => format!("{} is in scope, and nothing detects changes of its critical files.", node.name()),
    };
    let hit = Hit::on(node.subject(), sentence).shows("controls", rare.is_some()).shows("frequency_days", rare);
    hits.add(hit.shows("category", node.category().as_str()));
}
