//! PCI DSS 2.2.3: functions that need different protection do not share a component, or are isolated from each
//! other.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Node, Survey};
use crate::model::kinds::ControlType;
use crate::model::relations::{ControlStatus, How};
use crate::model::segment::Control;
use crate::model::system::ManageTarget;

/// Functions of different trust on one component.
pub const RULE: Rule = Rule {
    id: "F-MIXED-FUNCTION",
    aliases: &[],
    version: 1,
    title: "Functions of different trust on one component",
    sentence: "Who breaks into the weaker one stands next to the stronger one.",
    condition: "A host runs a CDE system beside one outside of the CDE without a verified \
                isolation, or a system in scope has several main functions.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("2.2.3")],
    service_providers_only: false,
    reads: &["system.manages", "system.primary_functions", "system.controls", "control.status"],
    shows: &["guest", "primary_functions", "controls"],
    false_positives: "Several functions that need the same protection may share a component.",
    question: "Which configuration and which test show that the functions are isolated?",
    fixes: &[
        FixOption::fill("Isolate the guests, test the isolation and record it", 5, &["system.controls"]),
        FixOption::fill("Give each function a system of its own", 8, &["system.primary_functions"]),
    ],
    fires: &[
        Example::new(
            "a host runs guests of both kinds",
            r#""systems":[{"id":"host","kind":"hypervisor","manages":[{"target":"vault",
               "how":"virtualization"},{"target":"wiki","how":"virtualization"}]},{"id":"vault",
               "holdings":[{"element":"pan"}]},{"id":"wiki"}]"#,
        ),
        Example::new(
            "a system in scope has two main functions",
            r#""systems":[{"id":"vault","primary_functions":["payment","marketing"],
               "holdings":[{"element":"pan"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "the isolation is verified",
            r#""controls":[{"id":"iso","type":"isolation","status":"verified","last_tested":"2025-12-01"}],
               "systems":[{"id":"host","controls":["iso"],"kind":"hypervisor","manages":[{"target":"vault",
               "how":"virtualization"},{"target":"wiki","how":"virtualization"}]},{"id":"vault",
               "holdings":[{"element":"pan"}]},{"id":"wiki"}]"#,
        ),
        Example::new(
            "all guests are outside of the CDE",
            r#""systems":[{"id":"host","kind":"hypervisor","manages":[{"target":"blog",
               "how":"virtualization"},{"target":"wiki","how":"virtualization"}]},{"id":"blog"},
               {"id":"wiki"}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    let functions = said::list(&node.system.facts, "primary_functions");
    if node.in_scope() && functions.len() > 1 {
        let sentence = format!("{} is in scope and has {} main functions.", node.name(), functions.len());
        let hit = Hit::on(node.subject(), sentence).about_aspect("functions");
        hits.add(hit.shows("primary_functions", functions.join(", ").as_str()));
    }
    let runs = node.system.manages.iter().filter(|it| it.how == How::Virtualization);
    let guests: Vec<&Node<'_>> =
        runs.flat_map(|it| guests(survey, &it.target)).filter(|it| it.is_own() && it.active).collect();
    let (inside, outside): (Vec<&Node<'_>>, Vec<&Node<'_>>) = guests.into_iter().partition(|it| it.is_cde());
    let (Some(inside), Some(outside)) = (inside.first(), outside.first()) else { return };
    let isolated = |it: &&Control| it.kind == ControlType::Isolation && it.status == ControlStatus::Verified;
    if node.controls.iter().copied().any(|it| isolated(&it)) {
        return;
    }
    let sentence = format!(
        "{} runs {}, which is in the CDE, beside {}, which is not, and no isolation is verified.",
        node.name(),
        inside.name(),
        outside.name()
    );
    let hit = Hit::on(node.subject(), sentence).about_aspect("guests").shows("controls", false);
    hits.add(hit.shows("guest", inside.subject()).shows("guest", outside.subject()));
}

fn guests<'s, 'm>(survey: &'s Survey<'m>, target: &ManageTarget) -> Vec<&'s Node<'m>> {
    match target {
        ManageTarget::System(id) => survey.node(id).into_iter().collect(),
        ManageTarget::Segment(id) => survey.members(id).collect(),
    }
}
