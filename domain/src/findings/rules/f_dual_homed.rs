//! PCI DSS 1.5.1: devices that connect to untrusted networks and to the CDE are protected themselves.

use crate::findings::fix::{self, FixOption};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Edge, Node, Survey};
use crate::model::kinds::{ControlType, SystemKind};

/// Device on the internet and in the CDE without protection.
pub const RULE: Rule = Rule {
    id: "F-DUAL-HOMED",
    aliases: &[],
    version: 1,
    title: "Device on the internet and in the CDE without protection",
    sentence: "A laptop that surfs the web and administers card systems carries whatever it \
                catches to them.",
    condition: "A workstation, laptop, phone or tablet is connected with a CDE system and \
                reaches the internet, and no endpoint protection is in force on it.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("1.5.1")],
    service_providers_only: false,
    reads: &["system.kind", "system.internet_egress", "system.controls", "flow.from", "flow.to"],
    shows: &["kind", "internet_egress", "controls"],
    false_positives: "A protection that the model does not list may be installed everywhere.",
    question: "Which configuration protects the device, and who may change it?",
    fixes: &[FixOption::change("Install endpoint protection", 2, |survey, finding| {
        fix::system(survey, finding, |system| system.controls.push("endpoint_protection".to_owned()))
    })],
    fires: &[Example::new(
        "a laptop with internet access reaches the CDE",
        r#""systems":[{"id":"laptop","kind":"laptop","internet_egress":true},{"id":"vault",
               "holdings":[{"element":"pan"}]}],"flows":[{"id":"f","from":"laptop","to":"vault"}]"#,
    )],
    silent: &[
        Example::new(
            "endpoint protection is in force",
            r#""systems":[{"id":"laptop","kind":"laptop","internet_egress":true,
               "controls":["endpoint_protection"]},{"id":"vault","holdings":[{"element":"pan"}]}],
               "flows":[{"id":"f","from":"laptop","to":"vault"}]"#,
        ),
        Example::new(
            "nobody said that it reaches the internet",
            r#""systems":[{"id":"laptop","kind":"laptop"},{"id":"vault","holdings":[{"element":"pan"}]}],
               "flows":[{"id":"f","from":"laptop","to":"vault"}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    use SystemKind::{Laptop, Mobile, Tablet, Workstation};
    let device = matches!(node.system.kind, Workstation | Laptop | Mobile | Tablet);
    if !(device && node.is_own() && said::yes(&node.system.facts, "internet_egress") == Some(true)) {
        return;
    }
    let protection = &[ControlType::EndpointProtection];
    let other_end = |edge: &Edge<'_>| survey.ends(edge).into_iter().find(|it| it.system.id != node.system.id);
    let mut reached = survey.flows(node).filter(|it| it.on_network()).filter_map(other_end);
    let Some(cde) = reached.find(|it| it.is_cde()) else { return };
    if survey.has_control(node, protection) {
        return;
    }
    let sentence = format!(
        "{} reaches the internet and {}, which is in the CDE, without endpoint protection.",
        node.name(),
        cde.name()
    );
    let hit = Hit::on(node.subject(), sentence).shows("kind", node.system.kind.as_str());
    hits.add(hit.shows("internet_egress", true).shows("controls", false));
}
