//! PCI DSS 6.4.2: public web applications are protected by an automated solution that detects and prevents attacks.

use crate::findings::fix::{self, FixOption};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::model::kinds::{ControlType, SystemKind};
use crate::model::relations::{Exposure, How};

/// Public web application in scope without protection.
pub const RULE: Rule = Rule {
    id: "F-WAF",
    aliases: &["PF-25"],
    version: 1,
    title: "Public web application in scope without protection",
    sentence: "Attacks on a public shop come every hour; somebody must be there to stop them.",
    condition: "A web application or API of ours is in scope and on the internet, and neither a \
                web filter on the way nor a control of that type protects it.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("6.4.2")],
    service_providers_only: false,
    reads: &["system.kind", "system.exposure", "system.controls", "system.manages", "flow.via", "system.category"],
    shows: &["kind", "exposure", "controls", "via"],
    false_positives: "A provider may filter the traffic; enter it on the way of the flows.",
    question: "Does the filter block or alert, and what do its logs show?",
    fixes: &[FixOption::change("Put a web application firewall in front", 5, |survey, finding| {
        fix::system(survey, finding, |system| system.controls.push("waf".to_owned()))
    })],
    fires: &[Example::new(
        "a public shop has none",
        r#""systems":[{"id":"web","kind":"web","exposure":"internet","holdings":[{"element":"pan"}]}]"#,
    )],
    silent: &[
        Example::new(
            "a control protects it",
            r#""systems":[{"id":"web","kind":"web","exposure":"internet","controls":["waf"],
               "holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "a provider filters its traffic",
            r#""systems":[{"id":"web","kind":"web","exposure":"internet","holdings":[{"element":"pan"}]},
               {"id":"cdn","kind":"waf","boundary":"third_party","manages":[{"target":"web","how":"waf"}]}]"#,
        ),
        Example::new("it is internal", r#""systems":[{"id":"web","kind":"web","holdings":[{"element":"pan"}]}]"#),
    ],
    checks: &[Check::System(check)],
};

fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    let public = node.system.exposure == Some(Exposure::Internet);
    if !(node.in_scope() && public && matches!(node.system.kind, SystemKind::Web | SystemKind::Api)) {
        return;
    }
    let control = survey.has_control(node, &[ControlType::Waf, ControlType::Rasp]);
    let managed = survey.managers(node).any(|(_, how)| how == How::Waf);
    let mut outside = survey.inbound(node).filter(|it| it.on_network() && !survey.from(it).is_own()).peekable();
    let is_filter = |it: &Node<'_>| it.system.kind == SystemKind::Waf;
    let filtered = outside.peek().is_some() && outside.all(|it| survey.via(it).any(is_filter));
    if control || managed || filtered {
        return;
    }
    let sentence = format!("{} is in scope and on the internet, and nothing filters attacks on it.", node.name());
    let hit = Hit::on(node.subject(), sentence).shows("kind", node.system.kind.as_str()).shows("exposure", "internet");
    hits.add(hit.shows("controls", false).shows("via", false));
}
