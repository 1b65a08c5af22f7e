//! PCI DSS 1.2.4: the data-flow diagram shows every way of account data, from where it comes to what becomes of it.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Edge, Node, Survey};

/// Data-flow diagram incomplete.
pub const RULE: Rule = Rule {
    id: "F-DFD",
    aliases: &[],
    version: 1,
    title: "Data-flow diagram incomplete",
    sentence: "Card data whose way nobody described is card data that nobody protects.",
    condition: "A system that handles account data has none coming in and none going on, or a \
                flow of account data has no payment stage or no channel.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("1.2.4")],
    service_providers_only: false,
    reads: &[
        "flow.fields",
        "flow.payment_stage",
        "flow.payment_channel",
        "holding.disposition",
        "system.holdings",
        "system.category",
    ],
    shows: &["payment_stage", "payment_channel", "disposition", "category"],
    false_positives: "Test data and flows outside of any payment have no stage; say \"none\".",
    question: "Does the approved data-flow diagram agree with what the systems do?",
    fixes: &[
        FixOption::fill(
            "Say to which step and channel of a payment the flow belongs",
            1,
            &["flow.payment_stage", "flow.payment_channel"],
        ),
        FixOption::fill("Say where the data comes from and what becomes of it", 1, &["holding.disposition"]),
    ],
    fires: &[
        Example::new(
            "a flow with card numbers has no stage",
            r#""systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b",
               "data":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "card data comes from nowhere and goes nowhere",
            r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["process"]}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "stage and channel are said",
            r#""systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b",
               "data":[{"element":"pan"}],"payment_stage":["capture"],"payment_channel":["e_commerce"]}]"#,
        ),
        Example::new(
            "the flow carries tokens only",
            r#""systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b",
               "data":[{"element":"pan","form":"tokenised"}]}]"#,
        ),
    ],
    checks: &[Check::System(system), Check::Flow(flow)],
};

fn system(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !(node.is_cde() && node.handles_account_data()) {
        return;
    }
    let joined = survey.flows(node).chain(survey.passing(node)).any(|it| it.arrives() && it.cargo.account_data);
    let disposed = node.system.holdings.iter().any(|it| said::anything(&it.facts, "disposition"));
    if !(joined || disposed) {
        let sentence = format!(
            "{} handles account data, but no flow brings it there or takes it on, and nobody said what becomes of it.",
            node.name()
        );
        let hit = Hit::on(node.subject(), sentence).shows("category", node.category().as_str());
        hits.add(hit.shows("disposition", false));
    }
}

fn flow(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    if !(edge.arrives() && edge.cargo.account_data && survey.ends(edge).iter().any(|it| it.is_own())) {
        return;
    }
    let stage = said::anything(&edge.flow.facts, "payment_stage");
    let channel = said::anything(&edge.flow.facts, "payment_channel");
    let missing = match (stage, channel) {
        (true, true) => return,
        (false, true) => "to which step of a payment",
        (true, false) => "to which payment channel",
        (false, false) => "to which step and channel of a payment",
    };
    let sentence = format!("{} carries account data, and nobody said {missing} it belongs.", survey.flow_title(edge));
    hits.add(Hit::on(edge.subject(), sentence).shows("payment_stage", stage).shows("payment_channel", channel));
}
