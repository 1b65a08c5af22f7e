//! Health of the model: every step of every payment channel has its flows, or a reason why not.

use std::collections::{BTreeMap, BTreeSet};

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::Survey;
use crate::model::object::ObjectRef;

/// Step of a payment channel without a flow.
pub const RULE: Rule = Rule {
    id: "H4",
    aliases: &[],
    version: 1,
    title: "Step of a payment channel without a flow",
    sentence: "A refund or a dispute that nobody drew has card data, too.",
    condition: "A payment channel has flows for some steps, and none for authorisation, capture, \
                settlement, refund or chargeback.",
    kind: Kind::Health,
    severity: Severity::Info,
    severity_moves: "",
    maps_to: &[Pci("12.5.2")],
    service_providers_only: false,
    reads: &["flow.payment_stage", "flow.payment_channel"],
    shows: &["channel", "stage"],
    false_positives: "A channel may have no such step; then write down why.",
    question: "Which flows belong to this step, or why is there none?",
    fixes: &[FixOption::fill("Enter the flows of the step", 2, &["flow.payment_stage", "flow.payment_channel"])],
    fires: &[Example::new(
        "a channel has no refund",
        r#""systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b",
               "payment_stage":["authorisation"],"payment_channel":["e_commerce"]}]"#,
    )],
    silent: &[
        Example::new(
            "no channel is named",
            r#""systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b",
               "payment_stage":["authorisation"]}]"#,
        ),
        Example::new(
            "every step has a flow",
            r#""systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b",
               "payment_stage":["authorisation","capture","settlement","refund","chargeback"],
               "payment_channel":["e_commerce"]}]"#,
        ),
    ],
    checks: &[Check::Workspace(check)],
};

const STAGES: [&str; 5] = ["authorisation", "capture", "settlement", "refund", "chargeback"];

fn check(survey: &Survey<'_>, hits: &mut Hits) {
    let mut channels: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for edge in survey.edges().iter().filter(|it| it.active) {
        for channel in said::list(&edge.flow.facts, "payment_channel").into_iter().filter(|it| *it != "none") {
            channels.entry(channel).or_default().extend(said::list(&edge.flow.facts, "payment_stage"));
        }
    }
    for (channel, stages) in channels {
        for stage in STAGES.iter().filter(|it| !stages.contains(*it)) {
            let words = channel.replace('_', " ");
            let sentence = format!("No flow belongs to the {stage} of {words} payments.");
            let hit = Hit::on(ObjectRef::Settings, sentence).about_aspect(&format!("{channel}:{stage}"));
            hits.add(hit.shows("channel", channel).shows("stage", *stage));
        }
    }
}
