//! PCI DSS 3.4.2: who works over remote access cannot copy card numbers unless allowed to.

use crate::findings::fix::{self, FixOption};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::model::kinds::{ControlType, SystemKind};

/// Card numbers can be copied over remote access.
pub const RULE: Rule = Rule {
    id: "F-REMOTE-COPY",
    aliases: &[],
    version: 1,
    title: "Card numbers can be copied over remote access",
    sentence: "A person at home could copy a list of card numbers to a private machine.",
    condition: "A remote access system (VPN, virtual desktop, jump host) of ours leads to a \
                system that handles account data, and nothing prevents copying.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("3.4.2")],
    service_providers_only: false,
    reads: &["system.kind", "system.relay", "system.controls", "flow.from", "flow.to"],
    shows: &["kind", "controls", "target"],
    false_positives: "The remote access may show no data at all, or end before the systems with card data.",
    question: "Which setting prevents copying, and who is on the list of the allowed?",
    fixes: &[FixOption::change("Prevent copying over the remote access", 3, |survey, finding| {
        fix::system(survey, finding, |system| system.controls.push("copy_prevention".to_owned()))
    })],
    fires: &[Example::new(
        "a jump host leads to a store of card numbers",
        r#""systems":[{"id":"jump","kind":"jump_host"},{"id":"db","holdings":[{"element":"pan",
               "ops":["store"]}]}],"flows":[{"id":"f","from":"jump","to":"db","kind":"admin"}]"#,
    )],
    silent: &[
        Example::new(
            "copying is prevented",
            r#""systems":[{"id":"jump","kind":"jump_host","controls":["copy_prevention"]},{"id":"db",
               "holdings":[{"element":"pan","ops":["store"]}]}],"flows":[{"id":"f","from":"jump","to":"db",
               "kind":"admin"}]"#,
        ),
        Example::new(
            "it leads to no card data",
            r#""systems":[{"id":"jump","kind":"jump_host"},{"id":"wiki"}],"flows":[{"id":"f","from":"jump",
               "to":"wiki","kind":"admin"}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    use SystemKind::{Bastion, JumpHost, Pam, Vdi, Vpn, Ztna};
    let remote = matches!(node.system.kind, JumpHost | Bastion | Vpn | Vdi | Pam | Ztna) && node.system.is_relay();
    if !(remote && node.is_own() && node.active) || survey.has_control(node, &[ControlType::CopyPrevention]) {
        return;
    }
    let calls = survey.flows(node).filter(|it| it.on_network()).flat_map(|it| survey.callers(it));
    let mut called = calls.filter(|(caller, _)| caller.system.id == node.system.id).map(|(_, called)| called);
    let Some(target) = called.find(|it| it.is_cde() && it.handles_account_data()) else { return };
    let sentence = format!(
        "{} leads people to {}, which handles account data, and nothing keeps them from copying it.",
        node.name(),
        target.name()
    );
    let hit = Hit::on(node.subject(), sentence).shows("kind", node.system.kind.as_str()).shows("controls", false);
    hits.add(hit.shows("target", target.subject()));
}
