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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::testing::{model, scope, verdict};
    use super::super::verdict::{Opst, Verdict};
    use super::*;
    use crate::scope::compute;

    /// `cde` handles card numbers, `near` shares its segment, `far` has nothing to do with either.
    fn decided(system: &str, attributes: &str) -> String {
        format!(
            r#""segments":[{{"id":"s"}}],"systems":[{{"id":"cde","segment":"s","holdings":[{{"element":"pan"}}]}},
                {{"id":"near","segment":"s"}},{{"id":"far"}},{{"id":"psp","boundary":"third_party"}},
                {{"id":"fars-client"}}],"flows":[{{"from":"fars-client","to":"far"}}],
               "overrides":[{{"system":"{system}","author":"a","expires":"2026-01-01",{attributes}}}]"#
        )
    }

    const FULL: &str = r#""justification":"Isolated by its own firewall","evidence":["EV-1"],"approver":"b""#;

    fn flags(verdict: &Verdict) -> Vec<Flag> {
        verdict.flags.iter().copied().collect()
    }

    #[test]
    fn upwards_needs_nothing_more_and_spreads() {
        let members = decided("far", r#""category":"cde""#);
        let far = verdict(&members, "far");
        assert_eq!((far.category, far.rule, far.opst), (Category::Cde, Some(Rule::OUp), Some(Opst::Cat1b)));
        assert_eq!(far.computed_category, Some(Category::OutOfScope));
        assert_eq!(verdict(&members, "fars-client").rule, Some(Rule::CDirect));
    }

    #[test]
    fn downwards_needs_justification_evidence_and_another_approver() {
        for (attributes, expected) in [
            (FULL.to_owned(), Flag::OverrideApplied),
            (FULL.replace("Isolated by its own firewall", "Isolated"), Flag::OverrideRejected),
            (FULL.replace(r#"["EV-1"]"#, "[]"), Flag::OverrideRejected),
            (FULL.replace(r#""approver":"b""#, r#""approver":"a""#), Flag::OverrideRejected),
            (FULL.replace(r#","approver":"b""#, ""), Flag::OverrideRejected),
        ] {
            let near = verdict(&decided("near", &format!(r#""category":"out_of_scope",{attributes}"#)), "near");
            assert_eq!(flags(&near), [expected], "{attributes}");
            let expected = if expected == Flag::OverrideApplied { Rule::ODown } else { Rule::AZone };
            assert_eq!(near.rule, Some(expected), "{attributes}");
        }
    }

    #[test]
    fn equal_needs_the_same_and_shows_a_decision() {
        let near = verdict(&decided("near", &format!(r#""category":"cde",{FULL}"#)), "near");
        assert_eq!((near.rule, near.category), (Some(Rule::OUp), Category::Cde));
        assert_eq!(flags(&verdict(&decided("near", r#""category":"cde""#), "near")), [Flag::OverrideRejected]);
    }

    #[test]
    fn clear_card_data_is_never_decided_away() {
        let cde = verdict(&decided("cde", &format!(r#""category":"out_of_scope",{FULL}"#)), "cde");
        assert_eq!((cde.rule, flags(&cde)), (Some(Rule::DPanClear), vec![Flag::OverrideForbidden]));
    }

    #[test]
    fn a_third_party_is_not_ours_to_decide() {
        let psp = verdict(&decided("psp", r#""category":"cde""#), "psp");
        assert_eq!((psp.category, flags(&psp)), (Category::ThirdParty, vec![Flag::OverrideRejected]));
    }

    #[test]
    fn the_last_day_is_still_valid_and_no_last_day_is_none() {
        let on = |day: &str| {
            let members = decided("far", r#""category":"cde""#);
            verdict(&format!(r#""settings":{{"as_of":"{day}"}},{members}"#), "far").flags
        };
        assert!(on("2026-01-01").contains(&Flag::OverrideApplied));
        assert!(on("2026-01-02").contains(&Flag::OverrideExpired));
        let endless = decided("far", r#""category":"cde""#).replace(r#""expires":"2026-01-01","#, "");
        assert!(verdict(&endless, "far").flags.contains(&Flag::OverrideExpired));
    }

    #[test]
    fn facts_that_changed_make_it_stale() {
        let undecided = model(&decided("nobody", r#""category":"cde""#));
        let then = fingerprint(&undecided, &"far".into());
        let members = decided("far", &format!(r#""category":"cde","fingerprint":"{then}""#));
        assert_eq!(flags(&verdict(&members, "far")), [Flag::OverrideApplied]);
        let changed = members.replace(r#"{"id":"far"}"#, r#"{"id":"far","kind":"database"}"#);
        assert_eq!(flags(&verdict(&changed, "far")), [Flag::OverrideStale]);
        assert_eq!(flags(&verdict(&decided("far", r#""category":"cde","stale":true"#), "far")), [Flag::OverrideStale]);
    }

    #[test]
    fn of_several_the_last_valid_one_counts() {
        let one = r#""overrides":["#;
        let members = decided("far", r#""category":"connected_to""#)
            .replace(one, &format!(r#"{one}{{"system":"far","category":"cde","expires":"2026-01-01"}},"#));
        let more = members.replace("}]", r#"},{"system":"far","category":"cde","expires":"2025-12-31"}]"#);
        assert_eq!(compute(&model(&members)).systems["far"].category, Category::ConnectedTo);
        let far = compute(&model(&more)).systems.get("far").cloned().unwrap();
        assert_eq!(far.category, Category::ConnectedTo);
        assert_eq!(flags(&far), [Flag::OverrideApplied, Flag::OverrideExpired]);
    }

    #[test]
    fn a_decision_on_nobody_changes_nothing() {
        let members = decided("nobody", r#""category":"cde""#);
        assert_eq!(scope(&members).systems["far"].category, Category::OutOfScope);
    }
}
