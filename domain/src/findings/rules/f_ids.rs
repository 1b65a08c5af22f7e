//! PCI DSS 11.5.1, 11.5.1.1: intrusions are detected at the border of the CDE and at critical points inside.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::model::kinds::ControlType;
use crate::model::object::ObjectRef;
use crate::model::relations::How;
use crate::model::segment::{Control, Segment};

/// No intrusion detection at the border of the CDE.
pub const RULE: Rule = Rule {
    id: "F-IDS",
    aliases: &[],
    version: 1,
    title: "No intrusion detection at the border of the CDE",
    sentence: "An intruder in the CDE that nobody sees has all the time there is.",
    condition: "A segment has CDE systems, and no intrusion detection watches any of them.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("11.5.1"), Pci("11.5.1.1")],
    service_providers_only: false,
    reads: &[
        "system.manages",
        "system.controls",
        "control.type",
        "control.between",
        "system.segment",
        "system.category",
    ],
    shows: &["ids", "segment"],
    false_positives: "A sensor of the platform may watch the traffic; enter it.",
    question: "Where does it stand, what did it last report, and who got the alert?",
    fixes: &[FixOption::fill("Watch the segment by intrusion detection", 5, &["system.manages"])],
    fires: &[Example::new(
        "nothing watches the CDE",
        r#""segments":[{"id":"cde"}],"systems":[{"id":"vault","segment":"cde",
               "holdings":[{"element":"pan"}]}]"#,
    )],
    silent: &[
        Example::new(
            "a sensor watches it",
            r#""segments":[{"id":"cde"}],"systems":[{"id":"vault","segment":"cde",
               "holdings":[{"element":"pan"}]},{"id":"ids","kind":"ids","manages":[{"target":"segment:cde",
               "how":"ids"}]}]"#,
        ),
        Example::new(
            "the segment has no CDE system",
            r#""segments":[{"id":"lan"}],"systems":[{"id":"wiki","segment":"lan"}]"#,
        ),
    ],
    checks: &[Check::Segment(check)],
};

fn check(survey: &Survey<'_>, segment: &Segment, hits: &mut Hits) {
    let inside: Vec<&Node<'_>> = survey.members(&segment.id).filter(|it| it.is_cde()).collect();
    let types = &[ControlType::Ids, ControlType::Ips];
    let watched = |it: &&Node<'_>| survey.managers(it).any(|(_, how)| how == How::Ids) || survey.has_control(it, types);
    let sensor = |it: &Control| types.contains(&it.kind) && it.between.contains(&segment.id);
    if inside.is_empty() || inside.iter().any(watched) || survey.model.controls.values().any(|it| sensor(it)) {
        return;
    }
    let sentence = format!("{} has CDE systems, and no intrusion detection watches them.", segment.name);
    let subject = ObjectRef::Segment(segment.id.clone());
    hits.add(Hit::on(subject.clone(), sentence).shows("ids", false).shows("segment", subject));
}
