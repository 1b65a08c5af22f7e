//! Health of the model: a vault keeps card numbers.

use crate::findings::data;
use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::model::relations::CapabilityType;

/// Vault without card numbers.
pub const RULE: Rule = Rule {
    id: "H12",
    aliases: &[],
    version: 1,
    title: "Vault without card numbers",
    sentence: "A vault that keeps nothing is a gap in the model.",
    condition: "A system of ours has the capability of a vault, and no card number.",
    kind: Kind::Health,
    severity: Severity::Info,
    severity_moves: "",
    maps_to: &[],
    service_providers_only: false,
    reads: &["system.capabilities", "system.holdings"],
    shows: &["capabilities"],
    false_positives: "None: a vault keeps what its tokens stand for.",
    question: "In which form does the vault keep card numbers?",
    fixes: &[FixOption::fill("Enter the card number in the form in which it is kept", 1, &["system.holdings"])],
    fires: &[Example::new(
        "the vault is empty",
        r#""systems":[{"id":"v","capabilities":[{"type":"vault","domain":"d"}]}]"#,
    )],
    silent: &[
        Example::new(
            "it keeps card numbers",
            r#""systems":[{"id":"v","capabilities":[{"type":"vault","domain":"d"}],
               "holdings":[{"element":"pan","form":"encrypted","ops":["store"]}]}]"#,
        ),
        Example::new(
            "a provider keeps them",
            r#""systems":[{"id":"v","boundary":"third_party","capabilities":[{"type":"vault",
               "domain":"d"}]}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

fn check(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    let vault = node.system.capabilities.iter().any(|it| it.kind == CapabilityType::Vault);
    if node.is_own() && node.active && vault && !node.system.holdings.iter().any(data::is_pan) {
        let sentence = format!("{} is a vault, and no card number is entered for it.", node.name());
        hits.add(Hit::on(node.subject(), sentence).shows("capabilities", "vault"));
    }
}
