//! The way of the data to the systems whose verdict rests on data: asked for after the verdicts, since a category and
//! its witness need none of it.

use std::collections::BTreeMap;

use super::chain::Chain;
use super::effect::{self, Custody};
use super::graph::Graph;
use super::holdings::Holdings;
use super::provenance;
use super::verdict::{Arrival, Category, Rule, Scope, Verdict};
use crate::id::SystemId;
use crate::model::Model;

/// How the data that decided reached systems, from where it enters the model.
#[derive(Debug, Clone, Default)]
pub struct Ways(BTreeMap<SystemId, Chain<Arrival>>);

impl Ways {
    /// The ways to all systems whose verdict rests on data. The model must be the one that the scope was computed from.
    #[must_use]
    pub fn of(model: &Model, scope: &Scope) -> Self {
        Self::to(model, scope, scope.systems.keys())
    }

    /// The ways to some systems.
    pub fn to<'s>(model: &Model, scope: &Scope, systems: impl IntoIterator<Item = &'s SystemId>) -> Self {
        let by_data = |id: &&SystemId| scope.systems.get(*id).and_then(|it| it.rule).is_some_and(rests_on_data);
        let systems: Vec<&SystemId> = systems.into_iter().filter(by_data).collect();
        if systems.is_empty() {
            return Self::default();
        }
        let (graph, holdings) = Graph::with_holdings(model);
        let custody = Custody::of(&graph, &holdings);
        Self::within(&graph, &holdings, &custody, scope, systems)
    }

    /// The same, where the model has been taken apart already.
    pub(super) fn within<'s>(
        graph: &Graph<'_>,
        holdings: &Holdings<'_>,
        custody: &Custody,
        scope: &Scope,
        systems: impl IntoIterator<Item = &'s SystemId>,
    ) -> Self {
        let mut ids = Vec::new();
        let mut wanted = Vec::new();
        for id in systems {
            let verdict = scope.systems.get(id).filter(|verdict| verdict.rule.is_some_and(rests_on_data));
            if let Some((verdict, system)) = verdict.zip(graph.number_of(id)) {
                ids.push(id.clone());
                wanted.push((system, deciding(graph, holdings, custody, system, verdict)));
            }
        }
        Self(ids.into_iter().zip(provenance::chains(graph, holdings, &wanted)).collect())
    }

    /// The way to a system, first to last; empty where its verdict does not rest on data.
    #[must_use]
    pub fn way(&self, system: &SystemId) -> Chain<Arrival> {
        self.0.get(system).cloned().unwrap_or_default()
    }
}

/// The items that decide a verdict which rests on data, by their numbers, sorted.
pub(super) fn deciding(
    graph: &Graph<'_>,
    holdings: &Holdings<'_>,
    custody: &Custody,
    system: u32,
    verdict: &Verdict,
) -> Vec<u32> {
    match (verdict.category, verdict.rule, verdict.sub) {
        (Category::ThirdParty, _, Some(sub)) => effect::deciding_items_of_third_party(holdings, custody, system, sub),
        (_, Some(rule), _) => effect::deciding_items(graph, holdings, custody, system, rule),
        _ => Vec::new(),
    }
}

/// Whether a rule brings a system in for the data that it handles.
fn rests_on_data(rule: Rule) -> bool {
    (Rule::DPanClear..=Rule::DTruncExcess).contains(&rule) || matches!(rule, Rule::TData | Rule::TEnc)
}
