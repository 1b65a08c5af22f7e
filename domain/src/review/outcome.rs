//! What followed from the sealed model, and whether it follows again: by the same engine exactly, by a newer one with
//! every difference named by the change of a rule that caused it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::canonical::{canonical, hash};
use crate::findings::answers::answers_of;
use crate::findings::evaluation::evaluate;
use crate::findings::registry::RULES;
use crate::findings::rule::Severity;
use crate::findings::{Findings, Identity};
use crate::id::SystemId;
use crate::model::Model;
use crate::scope::verdict::{Category, Sub};
use crate::scope::{Scope, compute};
use crate::time::{Day, Timestamp};

/// Grows by one when the rules of scope give another verdict on some model.
pub const SCOPE_VERSION: u32 = 1;

/// What computes an outcome: the rules of scope, and every rule of findings with its version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Engine {
    /// The version of the rules of scope.
    pub scope: u32,
    /// The version of each rule of findings.
    pub rules: BTreeMap<String, u32>,
}

impl Engine {
    /// This program.
    #[must_use]
    pub fn current() -> Self {
        Self { scope: SCOPE_VERSION, rules: RULES.iter().map(|rule| (rule.id.to_owned(), rule.version)).collect() }
    }

    /// Its version in a few letters: the same engine has the same, and only that.
    #[must_use]
    pub fn version(&self) -> String {
        let hash = hash("plumbline-engine-v1", &canonical(self));
        format!("{}-{}", self.scope, hash.get(..12).unwrap_or(&hash))
    }
}

/// What followed from a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The verdict on each system.
    pub verdicts: BTreeMap<SystemId, (Category, Option<Sub>)>,
    /// Findings, questions and gaps, by identity.
    pub findings: Vec<Found>,
}

/// One finding, question or gap.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// What it is about.
    pub identity: Identity,
    /// How urgent it is.
    pub severity: Severity,
    /// The hash of the facts that it rests on.
    pub facts: String,
}

impl Outcome {
    /// What follows from a model that is judged as of its day.
    #[must_use]
    pub fn of(scope: &Scope, findings: &Findings) -> Self {
        let verdicts = scope.systems.iter().map(|(id, it)| (id.clone(), (it.category, it.sub))).collect();
        let found = |it: &crate::findings::Finding| Found {
            identity: it.identity(),
            severity: it.severity,
            facts: it.facts_hash(),
        };
        let mut findings: Vec<Found> = findings.all().map(found).collect();
        findings.sort();
        Self { verdicts, findings }
    }

    /// What follows from a sealed model on the day and at the instant of its seal.
    #[must_use]
    pub fn compute(stored: &Model, as_of: Day, at: Timestamp) -> Self {
        let model = stored.as_of(as_of);
        let scope = compute(&model);
        let findings = evaluate(&model, &scope, &answers_of(&model), at);
        Self::of(&scope, &findings)
    }

    /// The canonical bytes.
    #[must_use]
    pub fn bytes(&self) -> String {
        canonical(self)
    }

    /// What [`Self::bytes`] wrote; `None` for anything else.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str::<Self>(text).ok().filter(|it| it.bytes() == text)
    }
}

/// Why something follows otherwise than it did.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The rule is new.
    NewRule(String),
    /// The rule changed: its version then, and now.
    ChangedRule(String, u32, u32),
    /// The rule is gone.
    GoneRule(String),
    /// The rules of scope changed: their version then, and now.
    ChangedScope(u32, u32),
    /// No rule changed that could have caused it: what was sealed, or this program, is not what it says.
    Unexplained,
}

/// One thing that follows otherwise.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deviation {
    /// What, as one sentence.
    pub sentence: String,
    /// Why.
    pub cause: Cause,
}

/// What came out when a sealed model was computed again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recomputed {
    /// The engine is the one that sealed it.
    pub same_engine: bool,
    /// What follows otherwise.
    pub deviations: Vec<Deviation>,
}

impl Recomputed {
    /// Nothing follows otherwise without a change of a rule that explains it.
    #[must_use]
    pub fn is_faithful(&self) -> bool {
        self.deviations.iter().all(|it| it.cause != Cause::Unexplained)
    }
}

/// Compares what was sealed with what follows now, each by its engine.
#[must_use]
pub fn compare(then: (&Engine, &Outcome), now: (&Engine, &Outcome)) -> Recomputed {
    let (engine, sealed) = then;
    let mut deviations = Vec::new();
    let scope_changed = Cause::ChangedScope(engine.scope, now.0.scope);
    let scope_cause = if engine.scope == now.0.scope { Cause::Unexplained } else { scope_changed };
    let systems: BTreeSet<&SystemId> = sealed.verdicts.keys().chain(now.1.verdicts.keys()).collect();
    for id in systems {
        let (was, is) = (sealed.verdicts.get(id), now.1.verdicts.get(id));
        if was != is {
            let word = |side: Option<&(Category, Option<Sub>)>| side.map_or("not judged", |it| it.0.label());
            let sentence = format!("{id} was {}, and is {} now.", word(was), word(is));
            deviations.push(Deviation { sentence, cause: scope_cause.clone() });
        }
    }
    let by_identity = |it: &Outcome| -> BTreeMap<Identity, (Severity, String)> {
        it.findings.iter().map(|it| (it.identity.clone(), (it.severity, it.facts.clone()))).collect()
    };
    let (were, are) = (by_identity(sealed), by_identity(now.1));
    let all: BTreeSet<&Identity> = were.keys().chain(are.keys()).collect();
    for identity in all {
        let what = match (were.get(identity), are.get(identity)) {
            (was, is) if was == is => continue,
            (None, _) => "is found now, and was not",
            (_, None) => "was found, and is not now",
            _ => "rests on other facts, or is of another severity",
        };
        let rule = &identity.rule;
        let cause = match (engine.rules.get(rule), now.0.rules.get(rule)) {
            (None, Some(_)) => Cause::NewRule(rule.clone()),
            (Some(_), None) => Cause::GoneRule(rule.clone()),
            (Some(was), Some(is)) if was != is => Cause::ChangedRule(rule.clone(), *was, *is),
            // A finding may rest on a verdict, and rules that share a cause tell it by one of them.
            _ if engine.scope != now.0.scope => scope_cause.clone(),
            _ => shared(engine, now.0),
        };
        deviations.push(Deviation { sentence: format!("{identity} {what}."), cause });
    }
    deviations.sort();
    Recomputed { same_engine: engine == now.0, deviations }
}

/// The rule that changed, where only one did: a finding may be told by another rule of the same cause.
fn shared(then: &Engine, now: &Engine) -> Cause {
    let all: BTreeSet<&String> = then.rules.keys().chain(now.rules.keys()).collect();
    let mut changed = all.into_iter().filter(|it| then.rules.get(*it) != now.rules.get(*it));
    let Some(rule) = changed.next() else { return Cause::Unexplained };
    match (then.rules.get(rule), now.rules.get(rule)) {
        (Some(was), Some(is)) => Cause::ChangedRule(rule.clone(), *was, *is),
        (None, _) => Cause::NewRule(rule.clone()),
        _ => Cause::GoneRule(rule.clone()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::sample::sample;

    fn outcome() -> Outcome {
        let day: Day = "2026-11-21".parse().unwrap();
        let mut model = Model::default();
        sample(day).into_iter().for_each(|object| model.put(object));
        Outcome::compute(&model, day, day.start())
    }

    #[test]
    fn the_same_engine_gives_the_same_bytes() {
        let (one, engine) = (outcome(), Engine::current());
        assert_eq!(one.bytes(), outcome().bytes());
        assert_eq!(Outcome::read(&one.bytes()), Some(one.clone()));
        assert!(!one.findings.is_empty() && !one.verdicts.is_empty());
        let again = compare((&engine, &one), (&engine, &outcome()));
        assert!(again.same_engine && again.deviations.is_empty() && again.is_faithful());
        assert_eq!(engine.version(), Engine::current().version());
    }

    #[test]
    fn a_newer_engine_names_the_rule_that_caused_each_difference() {
        let (sealed, mut now) = (outcome(), outcome());
        let (mut then, engine) = (Engine::current(), Engine::current());
        let gone = now.findings.remove(0);
        then.rules.insert(gone.identity.rule.clone(), 0);
        let found = compare((&then, &sealed), (&engine, &now));
        assert_eq!(found.deviations.len(), 1);
        assert_eq!(
            found.deviations[0].cause,
            Cause::ChangedRule(gone.identity.rule.clone(), 0, engine.rules[&gone.identity.rule])
        );
        assert!(found.is_faithful() && !found.same_engine);
        then.rules.remove(&gone.identity.rule);
        assert_eq!(compare((&then, &sealed), (&engine, &now)).deviations[0].cause, Cause::NewRule(gone.identity.rule));
    }

    #[test]
    fn what_no_change_of_a_rule_explains_is_not_faithful() {
        let (sealed, mut now, engine) = (outcome(), outcome(), Engine::current());
        let id = sealed.verdicts.keys().next().unwrap().clone();
        now.verdicts.insert(id, (Category::NotLive, None));
        let found = compare((&engine, &sealed), (&engine, &now));
        assert_eq!(found.deviations[0].cause, Cause::Unexplained);
        assert!(!found.is_faithful());
        let older = Engine { scope: 0, ..engine.clone() };
        let found = compare((&older, &sealed), (&engine, &now));
        assert_eq!(found.deviations[0].cause, Cause::ChangedScope(0, SCOPE_VERSION));
    }
}
