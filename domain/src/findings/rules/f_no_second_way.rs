//! Common practice: a payment step that everything depends on has a second way, and what keeps card data can be
//! restored.

use std::collections::BTreeMap;

use petgraph::Direction::{Incoming, Outgoing};
use petgraph::algo::dominators::simple_fast;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Edge, Node, Survey};
use crate::findings::{data, said};
use crate::id::SystemId;
use crate::model::kinds::SystemFunction;

/// No second way or no tested restore.
pub const RULE: Rule = Rule {
    id: "F-NO-SECOND-WAY",
    aliases: &[],
    version: 1,
    title: "No second way or no tested restore",
    sentence: "When the one way fails, nobody can pay.",
    condition: "Every live path of a payment step passes one system with no redundancy or none \
                that anybody named, or a system that stores account data or does checkout, \
                payment, tokenisation, refund, payout or settlement had no restore test in \
                twelve months.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[],
    service_providers_only: false,
    reads: &[
        "flow.payment_stage",
        "system.redundancy",
        "system.restore_tested_at",
        "system.function",
        "system.holdings",
    ],
    shows: &["redundancy", "restore_tested_at", "payment_stage", "function"],
    false_positives: "A manual procedure is a second way; say so.",
    question: "What happens when it fails, and what did the last restore test show?",
    fixes: &[FixOption::fill(
        "Provide a second way, and test restoring",
        10,
        &["system.redundancy", "system.restore_tested_at"],
    )],
    fires: &[
        Example::new(
            "every authorisation passes one service",
            r#""systems":[{"id":"shop","restore_tested_at":"2025-10-01"},{"id":"pay","function":"order",
               "restore_tested_at":"2025-10-01"},{"id":"psp","boundary":"third_party"}],"flows":[{"id":"f",
               "from":"shop","to":"pay","payment_stage":["authorisation"]},{"id":"g","from":"pay",
               "to":"psp","payment_stage":["authorisation"]}]"#,
        ),
        Example::new(
            "restoring was tested two years ago",
            r#""systems":[{"id":"db","restore_tested_at":"2023-10-01","holdings":[{"element":"pan",
               "form":"encrypted","ops":["store"]}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "there is a standby",
            r#""systems":[{"id":"shop"},{"id":"pay","redundancy":"standby","function":"order"},{"id":"psp",
               "boundary":"third_party"}],"flows":[{"id":"f","from":"shop","to":"pay",
               "payment_stage":["authorisation"]},{"id":"g","from":"pay","to":"psp",
               "payment_stage":["authorisation"]}]"#,
        ),
        Example::new(
            "restoring was tested",
            r#""systems":[{"id":"db","restore_tested_at":"2025-10-01","holdings":[{"element":"pan",
               "form":"encrypted","ops":["store"]}]}]"#,
        ),
    ],
    checks: &[Check::Workspace(ways), Check::System(restore)],
};

/// Twelve months in days.
const PERIOD: u64 = 365;

fn restore(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    use SystemFunction::{Checkout, Payment, Payout, Refund, Settlement, Tokenisation};
    if !(node.is_own() && node.active) {
        return;
    }
    let needed = matches!(node.system.function, Checkout | Payment | Tokenisation | Refund | Payout | Settlement);
    let keeps = || survey.kept(node).iter().any(|it| data::is_account_data(it.holding));
    if !(needed || keeps()) {
        return;
    }
    let tested = said::day(&node.system.facts, "restore_tested_at");
    let sentence = match tested {
        Some(day) if !hits.overdue(day, PERIOD) => return,
        Some(day) => format!("Restoring {} was last tested on {day}.", node.name()),
        None => format!("Nobody has tested whether {} can be restored.", node.name()),
    };
    let hit = Hit::on(node.subject(), sentence).about_aspect("restore").shows("restore_tested_at", tested);
    hits.add(hit.shows("function", node.system.function.as_str()));
}

/// Each step of a payment is a graph of the flows that name it. A system of ours without which its beginnings and its
/// ends fall apart is one that every path passes.
fn ways(survey: &Survey<'_>, hits: &mut Hits) {
    let mut stages: BTreeMap<&str, Vec<&Edge<'_>>> = BTreeMap::new();
    for edge in survey.edges().iter().filter(|it| it.arrives()) {
        for stage in said::list(&edge.flow.facts, "payment_stage") {
            if stage != "none" {
                stages.entry(stage).or_default().push(edge);
            }
        }
    }
    for (stage, edges) in stages {
        for node in bottlenecks(survey, &edges) {
            let redundancy = said::text(&node.system.facts, "redundancy");
            if redundancy.is_some_and(|it| it != "none") {
                continue;
            }
            let sentence = format!("Every {stage} passes {}, and nothing takes over when it fails.", node.name());
            let hit = Hit::on(node.subject(), sentence).about_aspect(&format!("stage:{stage}"));
            hits.add(hit.shows("redundancy", redundancy).shows("payment_stage", stage));
        }
    }
}

/// The systems of ours in the middle that every path from a beginning to an end passes: between a source in front of
/// all beginnings and a sink behind all ends, those are the ones that dominate the sink.
fn bottlenecks<'s, 'm>(survey: &'s Survey<'m>, edges: &[&'s Edge<'m>]) -> Vec<&'s Node<'m>> {
    let mut graph: DiGraph<Option<&SystemId>, ()> = DiGraph::new();
    let (source, sink) = (graph.add_node(None), graph.add_node(None));
    let mut places: BTreeMap<&SystemId, NodeIndex> = BTreeMap::new();
    for edge in edges {
        let mut place = |id: &'s SystemId| *places.entry(id).or_insert_with(|| graph.add_node(Some(id)));
        let (from, to) = (place(&edge.flow.from), place(&edge.flow.to));
        graph.add_edge(from, to, ());
    }
    let ends = |way| -> Vec<NodeIndex> {
        places.values().copied().filter(|place| graph.neighbors_directed(*place, way).next().is_none()).collect()
    };
    let (beginnings, ends) = (ends(Incoming), ends(Outgoing));
    for place in &beginnings {
        graph.add_edge(source, *place, ());
    }
    for place in &ends {
        graph.add_edge(*place, sink, ());
    }
    let tree = simple_fast(&graph, source);
    let passed = tree.strict_dominators(sink).into_iter().flatten();
    let middle = passed.filter(|place| !beginnings.contains(place) && !ends.contains(place));
    let mut nodes: Vec<&Node<'_>> = middle.filter_map(|place| survey.node(graph[place]?)).collect();
    nodes.retain(|it| it.is_own());
    nodes.sort_by_key(|it| &it.system.id);
    nodes
}
