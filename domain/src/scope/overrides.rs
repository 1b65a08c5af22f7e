//! A person's decision on the category of a system: whether it applies, and what it pins.

use std::collections::BTreeSet;

use super::fingerprint::fingerprint;
use super::graph::Graph;
use super::labels::Pin;
use super::verdict::{Category, Flag, Label, Rule};
use crate::model::settings::{Override, OverrideCategory};

/// What the decisions of a model come to, by system.
pub(super) struct Decisions {
    /// The labels that are pinned.
    pub(super) pins: Vec<Pin>,
    /// The categories decided on, where a decision applies.
    pub(super) decided: Vec<Option<Category>>,
    /// What became of each decision.
    pub(super) flags: Vec<BTreeSet<Flag>>,
}

impl Decisions {
    /// No decision at all.
    pub(super) fn none(systems: usize) -> Self {
        Self { pins: vec![None; systems], decided: vec![None; systems], flags: vec![BTreeSet::new(); systems] }
    }

    /// Validates the decisions against the categories and rules that were computed without them. Where a system has
    /// several, the last valid one counts.
    pub(super) fn of(graph: &Graph<'_>, computed: impl Fn(u32) -> (Category, Option<Rule>)) -> Self {
        let mut decisions = Self::none(graph.len());
        for decision in graph.model.overrides.values() {
            let Some(system) = graph.number_of(&decision.key.system) else { continue };
            let (category, rule) = computed(system);
            let flag = validate(graph, decision, category, rule);
            decisions.flags[system as usize].insert(flag);
            if flag == Flag::OverrideApplied {
                decisions.pins[system as usize] = Some(pinned_label(decision.category));
                decisions.decided[system as usize] = Some(category_of(decision.category));
            }
        }
        decisions
    }

    /// Whether any decision applies.
    pub(super) fn any(&self) -> bool {
        self.pins.iter().any(Option::is_some)
    }
}

/// The decision that applies to a system on which one does. Where it does, no rule forbids it.
pub(super) fn applied<'m>(graph: &Graph<'m>, system: u32, computed: Category) -> Option<&'m Override> {
    let id = &graph.systems[system as usize].id;
    let mut decisions = graph.model.overrides.values().filter(|decision| decision.key.system == *id);
    decisions.rfind(|decision| validate(graph, decision, computed, None) == Flag::OverrideApplied).map(|it| &**it)
}

/// The steps of the validation in their order; the first that fails names the flag.
fn validate(graph: &Graph<'_>, decision: &Override, computed: Category, rule: Option<Rule>) -> Flag {
    if matches!(computed, Category::ThirdParty | Category::External | Category::NotLive) {
        return Flag::OverrideRejected;
    }
    if decision.expires.is_none_or(|last_day| last_day < graph.model.settings.as_of) {
        return Flag::OverrideExpired;
    }
    let changed = || {
        let decided_on = decision.fingerprint.as_ref();
        decided_on.is_some_and(|then| *then != fingerprint(graph.model, &decision.key.system))
    };
    if decision.stale || changed() {
        return Flag::OverrideStale;
    }
    // Categories are ordered strongest first.
    if category_of(decision.category) < computed {
        return Flag::OverrideApplied;
    }
    let approved = decision.approver.as_ref().is_some_and(|approver| decision.author.as_ref() != Some(approver));
    if decision.justification.trim().chars().count() < 20 || decision.evidence.is_empty() || !approved {
        return Flag::OverrideRejected;
    }
    if matches!(rule, Some(Rule::DPanClear | Rule::DSad | Rule::DPanUnknown)) {
        return Flag::OverrideForbidden;
    }
    Flag::OverrideApplied
}

const fn pinned_label(category: OverrideCategory) -> Option<Label> {
    match category {
        OverrideCategory::Cde => Some(Label::Adj),
        OverrideCategory::SecurityImpacting => Some(Label::Imp),
        OverrideCategory::ConnectedTo => Some(Label::In),
        OverrideCategory::OutOfScope => None,
    }
}

const fn category_of(category: OverrideCategory) -> Category {
    match category {
        OverrideCategory::Cde => Category::Cde,
        OverrideCategory::SecurityImpacting => Category::SecurityImpacting,
        OverrideCategory::ConnectedTo => Category::ConnectedTo,
        OverrideCategory::OutOfScope => Category::OutOfScope,
    }
}

/// The rule that an applied decision shows.
pub(super) fn decided_rule(decided: Category, computed: Category) -> Rule {
    if decided > computed || decided == Category::OutOfScope { Rule::ODown } else { Rule::OUp }
}
