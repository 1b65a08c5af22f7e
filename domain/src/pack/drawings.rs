//! The pictures of a pack: the network, and the flows of account data by channel and stage of a payment.

use std::collections::{BTreeMap, BTreeSet};

use super::derived::Derived;
use crate::findings::said;
use crate::id::{FlowId, SystemId};
use crate::model::flow::Flow;
use crate::scene::estate::{ViewOptions, drawing};
use crate::scene::{Theme, svg};

/// Up to how many systems a picture draws each of them; above, segments are folded as on the map.
const DETAILED: usize = 300;

/// What nobody said.
const UNSTATED: &str = "unstated";

/// The pictures by the names of their files.
pub(super) fn all(it: &Derived) -> Vec<(String, String)> {
    let mut pictures = vec![("04_network_diagram.svg".to_owned(), network(it))];
    for ((channel, stage), flows) in parts(it) {
        let title = format!("Account data, {channel}, {stage}, as of {}", it.as_of);
        let name = format!("05_dataflow_{}_{}.svg", super::content::slug(&channel), super::content::slug(&stage));
        pictures.push((name, part(it, &flows, title)));
    }
    pictures
}

fn network(it: &Derived) -> String {
    let all = it.model.systems.len() <= DETAILED;
    let title = format!("Network and scope, as of {}", it.as_of);
    svg(&drawing(&it.model, &it.scope, &ViewOptions { title, all, ..ViewOptions::default() }), Theme::Light)
}

/// The picture of some flows and the systems at their ends.
fn part(it: &Derived, flows: &BTreeSet<FlowId>, title: String) -> String {
    let mut model = it.model.clone();
    model.flows.retain(|id, _| flows.contains(id));
    let ends: BTreeSet<SystemId> = model.flows.values().flat_map(|it| [it.from.clone(), it.to.clone()]).collect();
    let all = ends.len() <= DETAILED;
    let options = ViewOptions { title, all, only: Some(ends), ..ViewOptions::default() };
    svg(&drawing(&model, &it.scope, &options), Theme::Light)
}

/// The flows with account data, by channel and stage; one may be in several.
fn parts(it: &Derived) -> BTreeMap<(String, String), BTreeSet<FlowId>> {
    let mut parts: BTreeMap<(String, String), BTreeSet<FlowId>> = BTreeMap::new();
    let said = |flow: &Flow, name: &str| -> Vec<String> {
        let said: Vec<String> = said::list(&flow.facts, name).into_iter().map(ToOwned::to_owned).collect();
        if said.is_empty() { vec![UNSTATED.to_owned()] } else { said }
    };
    for flow in it.model.flows.values().filter(|it| it.fields.iter().any(|it| it.is_account_data())) {
        for channel in said(flow, "payment_channel") {
            for stage in said(flow, "payment_stage") {
                parts.entry((channel.clone(), stage)).or_default().insert(flow.id.clone());
            }
        }
    }
    parts
}
