//! Health of the model: somebody answers for every system, and somebody else when that person is away.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Node, Survey};

/// System without an owner or deputy.
pub const RULE: Rule = Rule {
    id: "H2",
    aliases: &[],
    version: 1,
    title: "System without an owner or deputy",
    sentence: "A question about a system without an owner is answered by nobody.",
    condition: "A live system of ours has no owner or no deputy.",
    kind: Kind::Health,
    severity: Severity::Info,
    severity_moves: "",
    maps_to: &[],
    service_providers_only: false,
    reads: &["system.owner", "system.deputy"],
    shows: &["owner", "deputy"],
    false_positives: "A team as the owner may need no deputy; enter the team for both.",
    question: "Who answers for this system, and who when that person is away?",
    fixes: &[FixOption::fill("Name owner and deputy", 1, &["system.owner", "system.deputy"])],
    fires: &[Example::new("nobody owns it", r#""systems":[{"id":"a"}]"#)],
    silent: &[
        Example::new(
            "owner and deputy are named",
            r#""people":[{"id":"p"},{"id":"q"}],"systems":[{"id":"a","owner":"p","deputy":"q"}]"#,
        ),
        Example::new("it is a provider's", r#""systems":[{"id":"a","boundary":"third_party"}]"#),
    ],
    checks: &[Check::System(check)],
};

fn check(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !(node.is_own() && node.active) {
        return;
    }
    let (owner, deputy) = (said::anything(&node.system.facts, "owner"), said::anything(&node.system.facts, "deputy"));
    let what = match (owner, deputy) {
        (true, true) => return,
        (false, _) => "has no owner",
        (true, false) => "has no deputy",
    };
    let sentence = format!("{} {what}.", node.name());
    hits.add(Hit::on(node.subject(), sentence).shows("owner", owner).shows("deputy", deputy));
}
