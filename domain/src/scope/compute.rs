//! The engine: from a model to the verdict on each of its systems.

use std::collections::{BTreeMap, BTreeSet};

use super::classify::{self, Standing};
use super::effect::{self, Custody, DataEffect};
use super::graph::Graph;
use super::labels::{self, Facts, Labels, Pin};
use super::overrides::{self, Decisions};
use super::saq;
use super::separation::Estate;
use super::verdict::{Category, Flag, Label, Reason, Rule, Scope, Sub, Verdict};
use super::witness::{self, Witnesses};
use crate::id::SystemId;
use crate::model::Model;
use crate::model::system::System;

/// How many reasons are shown beside the one of the witness.
const OTHER_REASONS: usize = 5;

/// The scope of a model: for each system the category, the rule and the path that proves it.
///
/// Whatever does not fit (a flow without an end, a key without a record) is left out or read as unknown; the model's
/// gaps say so. The same model gives the same scope to the byte.
#[must_use]
pub fn compute(model: &Model) -> Scope {
    let (graph, holdings) = Graph::with_holdings(model);
    let custody = Custody::of(&graph, &holdings);
    let mut effects = vec![DataEffect::default(); graph.len()];
    let mut third_parties = vec![None; graph.len()];
    for (system, node) in (0_u32..).zip(&graph.nodes) {
        if node.is_own() {
            effects[system as usize] = effect::data_effect(&graph, &holdings, &custody, system);
        } else if !node.is_external() {
            third_parties[system as usize] = effect::third_party_effect(&graph, &holdings, &custody, system);
        }
    }
    let facts = Facts { graph: &graph, holdings: &holdings, custody: &custody, effects: &effects };
    let nobody = Decisions::none(graph.len());
    let computed = Outcome::of(&facts, &nobody.pins, &third_parties);
    let decisions = Decisions::of(&graph, |system| {
        let shown = computed.standings[system as usize].shown;
        (computed.standings[system as usize].category, shown.map(|state| computed.labels.derivation(state).rule))
    });
    if decisions.any() {
        let effective = Outcome::of(&facts, &decisions.pins, &third_parties);
        effective.report(&facts, &decisions, &third_parties, Some(&computed))
    } else {
        computed.report(&facts, &decisions, &third_parties, None)
    }
}

/// One run of the rules, with the categories that follow.
struct Outcome {
    labels: Labels,
    standings: Vec<Standing>,
}

impl Outcome {
    fn of(facts: &Facts<'_, '_>, pins: &[Pin], third_parties: &[Option<Sub>]) -> Self {
        let labels = labels::run(facts, pins);
        let standings = (0_u32..)
            .zip(third_parties)
            .map(|(system, data)| classify::standing(facts.graph, &labels, pins, system, *data))
            .collect();
        Self { labels, standings }
    }

    /// The verdicts. `computed` is the run without decisions, where any applies.
    fn report(
        &self,
        facts: &Facts<'_, '_>,
        decisions: &Decisions,
        third_parties: &[Option<Sub>],
        computed: Option<&Self>,
    ) -> Scope {
        let graph = facts.graph;
        let categories: Vec<Category> = self.standings.iter().map(|standing| standing.category).collect();
        let estate = Estate::new(graph, categories);
        let shown = || self.standings.iter().filter_map(|standing| standing.shown);
        let witnesses = Witnesses::of(graph, &self.labels, shown());
        let verdict_on = |(number, system): (u32, &&System)| {
            let place = number as usize;
            let standing = self.standings[place];
            let decided = decisions.decided[place];
            let without = decided.map(|_| computed.unwrap_or(self).standings[place].category);
            let rule = self.rule(number, standing, decided.zip(without));
            let data_rule = third_parties[place]
                .filter(|_| standing.category == Category::ThirdParty)
                .map(|sub| Reason { label: Label::Data, rule: classify::third_party_rule(Some(sub)) });
            let (witness, steps) = match (standing.shown, rule) {
                (Some(state), _) => witnesses.to(state),
                (None, Some(rule @ (Rule::TData | Rule::TEnc))) => witness::alone(&system.id, rule),
                _ => Default::default(),
            };
            let (reasons, other_reasons) = self.reasons(number, standing, data_rule);
            let out = (standing.category == Category::OutOfScope).then(|| estate.sub_when_out(graph, number));
            let verdict = Verdict {
                category: standing.category,
                sub: out.or(standing.sub),
                opst: if graph.nodes[place].is_own() {
                    classify::opst(&self.labels, number, standing.category)
                } else {
                    None
                },
                rule: rule.or_else(|| out.map(excluded_rule)),
                witness,
                steps,
                other_reasons,
                reasons,
                flags: self.flags(number, facts, decisions, &estate),
                computed_category: without,
            };
            (system.id.clone(), verdict)
        };
        // In the order of the keys, so that the map is built in one go.
        let systems: BTreeMap<SystemId, Verdict> = (0_u32..).zip(&graph.systems).map(verdict_on).collect();
        let saq_hint = saq::saq_hint(graph, |system| {
            let standing = self.standings[system as usize];
            (standing.category, standing.sub)
        });
        Scope { systems, saq_hint }
    }

    /// The rule of the verdict, but for what is out of scope by computation.
    fn rule(&self, system: u32, standing: Standing, decided: Option<(Category, Category)>) -> Option<Rule> {
        if let Some((decided, computed)) = decided {
            return Some(overrides::decided_rule(decided, computed));
        }
        match standing.category {
            Category::ThirdParty => Some(classify::third_party_rule(self.standings[system as usize].sub)),
            _ => standing.shown.map(|state| self.labels.derivation(state).rule),
        }
    }

    /// How many distinct reasons there are, and some beside the one that is shown.
    fn reasons(&self, system: u32, standing: Standing, data: Option<Reason>) -> (usize, Vec<Reason>) {
        let counts = |reason: &Reason| match standing.category {
            Category::Cde | Category::SecurityImpacting | Category::ConnectedTo => true,
            Category::ThirdParty => matches!(reason.label, Label::Imp | Label::In),
            Category::OutOfScope | Category::External | Category::NotLive => false,
        };
        let all = || data.into_iter().chain(self.labels.reasons(system).filter(counts));
        let shown = standing
            .shown
            .map_or(data, |state| Some(Reason { label: state.label(), rule: self.labels.derivation(state).rule }));
        let others = all().filter(|reason| Some(*reason) != shown).take(OTHER_REASONS).collect();
        (all().count(), others)
    }

    fn flags(&self, system: u32, facts: &Facts<'_, '_>, decisions: &Decisions, estate: &Estate<'_>) -> BTreeSet<Flag> {
        let place = system as usize;
        let mut flags = decisions.flags[place].clone();
        let category = self.standings[place].category;
        if matches!(category, Category::External | Category::NotLive) {
            return flags;
        }
        let node = facts.graph.nodes[place];
        let DataEffect { rule, conditional } = facts.effects[place];
        let pinned = decisions.pins[place].is_some();
        let raised = [
            (self.labels.unverified[place], Flag::SegmentationUnverified),
            (category == Category::OutOfScope && estate.risks_a_pivot(facts.graph, system), Flag::PivotRisk),
            (conditional && !pinned, Flag::EncNoKey),
            (node.residual && rule.is_some() && !pinned, Flag::RetiredWithData),
        ];
        flags.extend(raised.into_iter().filter(|(applies, _)| *applies).map(|(_, flag)| flag));
        flags
    }
}

fn excluded_rule(sub: Sub) -> Rule {
    if sub == Sub::Segmented { Rule::NSegmented } else { Rule::NIsolated }
}
