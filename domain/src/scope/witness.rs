//! Witnesses: for each system the shortest path from a seed to the label that it shows.

use std::sync::Arc;

use super::chain::{Chain, Links};
use super::graph::Graph;
use super::labels::{Labels, State};
use super::verdict::{Label, Rule, Step};
use crate::id::SystemId;

/// The witnesses of a run. They share their beginnings, as derivations do.
pub(super) struct Witnesses {
    nodes: Arc<Links<SystemId>>,
    steps: Arc<Links<Step>>,
    places: Vec<Option<u32>>,
}

impl Witnesses {
    /// The witnesses of these states.
    pub(super) fn of(graph: &Graph<'_>, labels: &Labels, shown: impl Iterator<Item = State>) -> Self {
        let (mut nodes, mut steps) = (Links::new(), Links::new());
        let mut places: Vec<Option<u32>> = vec![None; labels.states()];
        let mut path = Vec::new();
        for state in shown {
            let mut before = None;
            let mut at = state;
            loop {
                if let Some(place) = places[at.place()] {
                    before = Some(place);
                    break;
                }
                path.push(at);
                let premise = labels.derivation(at).premise;
                if premise == at {
                    break;
                }
                at = premise;
            }
            for at in path.drain(..).rev() {
                let derivation = labels.derivation(at);
                let id = graph.systems[at.system() as usize].id.clone();
                let edge = derivation.edge.text(graph).to_owned();
                steps.push(Step { label: at.label(), rule: derivation.rule, edge }, before);
                let place = nodes.push(id, before);
                places[at.place()] = Some(place);
                before = Some(place);
            }
        }
        Self { nodes: Arc::new(nodes), steps: Arc::new(steps), places }
    }

    /// The systems and the steps from the seed to the state.
    pub(super) fn to(&self, state: State) -> (Chain<SystemId>, Chain<Step>) {
        match self.places[state.place()] {
            Some(place) => (Chain::ending(&self.nodes, place), Chain::ending(&self.steps, place)),
            None => (Chain::default(), Chain::default()),
        }
    }
}

/// The witness of a third party that holds the data itself: the system alone.
pub(super) fn alone(id: &SystemId, rule: Rule) -> (Chain<SystemId>, Chain<Step>) {
    let step = Step { label: Label::Data, rule, edge: String::new() };
    (Chain::from(vec![id.clone()]), Chain::from(vec![step]))
}
