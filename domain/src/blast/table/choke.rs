//! Choke points as tables.

use std::collections::BTreeSet;

use super::{listed, name, section, text};
use crate::blast::choke::{ArcCosts, Choke};
use crate::id::SystemId;
use crate::model::Model;
use crate::table::{columns, one_line};

/// The choke points between sources and targets as tables of text.
#[must_use]
pub fn choke_table(
    model: &Model,
    (sources, targets): (&BTreeSet<SystemId>, &BTreeSet<SystemId>),
    costs: &ArcCosts,
    choke: &Choke,
) -> String {
    let mut lines = vec![one_line(&format!("From {} to {}", listed(model, sources), listed(model, targets)))];
    let reached = &choke.reachable_targets;
    if reached.is_empty() {
        lines.push("No target is reached.".to_owned());
    } else {
        let said = format!("Reached: {} of {} targets: {}.", reached.len(), targets.len(), listed(model, reached));
        lines.push(one_line(&said));
        section(&mut lines, "Systems on every path: one control there protects all", systems(model, &choke.dominators));
        if choke.dominators.is_empty() {
            lines.extend([String::new(), "No single system lies on every path.".to_owned()]);
        }
        cut(&mut lines, costs, choke);
    }
    let points = systems(model, &choke.articulation_points);
    section(&mut lines, "Single systems whose loss splits the flow of data in two", points);
    let bridges = columns(
        ["FLOW", "FROM", "TO"],
        choke.bridges.iter().filter_map(|id| {
            let flow = model.flows.get(id)?;
            Some([id.to_string(), flow.from.to_string(), flow.to.to_string()])
        }),
    );
    section(&mut lines, "Single flows whose loss splits the flow of data in two", bridges);
    text(lines)
}

fn systems(model: &Model, ids: &[SystemId]) -> Vec<String> {
    columns(["KEY", "NAME"], ids.iter().map(|id| [id.to_string(), name(model, id)]))
}

fn cut(lines: &mut Vec<String>, costs: &ArcCosts, choke: &Choke) {
    let (Some(cut), Some(cost)) = (&choke.min_cut, choke.min_cut_cost) else {
        lines.extend([String::new(), "A source is a target itself, so nothing can be cut between them.".to_owned()]);
        return;
    };
    let sure = match (choke.optimal, choke.cost_at_least) {
        (true, _) => "nothing is cheaper".to_owned(),
        (false, Some(least)) => format!("the best found; nothing costs less than {least}"),
        (false, None) => "the best found".to_owned(),
    };
    let rows = cut.iter().map(|label| [label.clone(), costs.of(label).to_string(), remedy(label)]);
    section(lines, &format!("Cheapest cut: cost {cost}, {sure}"), columns(["LABEL", "COST", "WHAT TO DO"], rows));
}

fn remedy(label: &str) -> String {
    match label.split_once(':') {
        Some(("cred", id)) => format!("Take the credential {id} away, or give it less"),
        Some(("manage", how)) => format!("Stop what is managed by {how}, or separate it"),
        Some(("unauth", flow)) => format!("Ask for authentication on the flow {flow}"),
        _ => String::new(),
    }
}
