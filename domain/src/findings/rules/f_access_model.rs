//! PCI DSS 7.2.1 to 7.2.3, 7.3.1 to 7.3.3: access follows a model of roles, is enforced by a system, and is denied
//! by default.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Node, Survey};

/// Access model not described.
pub const RULE: Rule = Rule {
    id: "F-ACCESS-MODEL",
    aliases: &[],
    version: 1,
    title: "Access model not described",
    sentence: "Where nobody wrote down who may do what, everybody may do too much.",
    condition: "A system of ours in scope names no access control system, no list of roles, or \
                does not say that it denies by default.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("7.2.1"), Pci("7.2.2"), Pci("7.2.3"), Pci("7.3.1"), Pci("7.3.2"), Pci("7.3.3")],
    service_providers_only: false,
    reads: &["system.access_control_system", "system.roles_ref", "system.default_deny", "system.category"],
    shows: &["access_control_system", "roles_ref", "default_deny"],
    false_positives: "One access system for a whole platform may not be entered on each system.",
    question: "Are roles and approvals documented, and which configuration enforces them?",
    fixes: &[FixOption::fill(
        "Name the access control system and the roles",
        1,
        &["system.access_control_system", "system.roles_ref", "system.default_deny"],
    )],
    fires: &[Example::new(
        "nothing is said about access",
        r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}]"#,
    )],
    silent: &[
        Example::new(
            "system, roles and default are said",
            r#""systems":[{"id":"vault","access_control_system":"IdP","roles_ref":"EV-0001",
               "default_deny":true,"holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new("it is out of scope", r#""systems":[{"id":"wiki"}]"#),
    ],
    checks: &[Check::System(check)],
};

fn check(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !node.in_scope() {
        return;
    }
    let facts = &node.system.facts;
    let system = said::anything(facts, "access_control_system");
    let roles = said::anything(facts, "roles_ref");
    let deny = said::yes(facts, "default_deny");
    let lacks = [
        (system, "which system controls access"),
        (roles, "which roles there are"),
        (deny == Some(true), "that access is denied by default"),
    ];
    let lacks: Vec<&str> = lacks.iter().filter(|(there, _)| !there).map(|(_, words)| *words).collect();
    if lacks.is_empty() {
        return;
    }
    let sentence = format!("{} is in scope, and nobody said {}.", node.name(), lacks.join(" or "));
    let hit = Hit::on(node.subject(), sentence).shows("access_control_system", system).shows("roles_ref", roles);
    hits.add(hit.shows("default_deny", deny));
}
