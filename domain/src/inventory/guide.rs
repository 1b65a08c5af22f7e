//! The start guide: six steps from an empty workspace to a small scope, each with what is done and what is left to do.

use crate::fields::least_data;
use crate::id::SystemId;
use crate::model::Model;
use crate::model::catalogue;
use crate::model::element::{ElementClass, Form};
use crate::model::fact::Facts;
use crate::model::flow::Flow;
use crate::model::kinds::FlowKind;
use crate::model::object::ObjectRef;
use crate::model::relations::{Boundary, Environment, Lifecycle};
use crate::model::system::System;
use crate::scope::delta::CategoryChange;
use crate::scope::verdict::Scope;
use crate::time::Day;

use super::work::{auth_unknown, encryption_unknown, fields_unknown, unowned, unrecognised};

/// After so many days a secret is due, where nobody says how often it is rotated.
const ROTATED_WITHIN_DAYS: i32 = 90;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What to do, as a heading.
    pub heading: &'static str,
    /// Why, as a sentence.
    pub why: &'static str,
    /// The page on which it is done.
    pub page: &'static str,
    /// How many objects it is about.
    pub of: usize,
    /// What is left to do, each object with what is missing.
    pub left: Vec<(ObjectRef, &'static str)>,
}

impl Step {
    /// How many of them are done.
    #[must_use]
    pub fn done(&self) -> usize {
        self.of.saturating_sub(self.left.len())
    }

    /// Whether there is something to look at, and nothing of it is left.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.of > 0 && self.left.is_empty()
    }
}

/// The six steps of a model as of a day, in the order in which they are taken.
#[must_use]
pub fn steps(model: &Model, today: Day) -> [Step; 6] {
    [mapped(model), needed(model), tokens_only(model), rotated(model, today), webhooks(model), masked_tests(model)]
}

fn mapped(model: &Model) -> Step {
    let systems = model.systems.values().filter(|it| it.lifecycle != Lifecycle::Retired);
    let flows = model.flows.values().filter(|it| it.stage != Lifecycle::Retired);
    let mut left: Vec<(ObjectRef, &'static str)> = Vec::new();
    for system in systems.clone() {
        let missing = match () {
            () if system.undeclared => "nobody has declared it",
            () if unowned(system) => "nobody answers for it",
            () => continue,
        };
        left.push((ObjectRef::System(system.id.clone()), missing));
    }
    for flow in flows.clone() {
        let missing = match () {
            () if unrecognised(flow) => "it has names that nobody recognised",
            () if fields_unknown(flow) => "nobody has said what it carries",
            () if encryption_unknown(flow) => "nobody has said whether it is encrypted",
            () if auth_unknown(flow) => "nobody has said how the caller proves who it is",
            () => continue,
        };
        left.push((ObjectRef::Flow(flow.id.clone()), missing));
    }
    Step {
        heading: "Map every system",
        why: "What is not on the map is not out of scope, only unseen.",
        page: "map",
        of: systems.count() + flows.count(),
        left,
    }
}

fn needed(model: &Model) -> Step {
    let carrying = model.flows.values().filter(|it| it.stage != Lifecycle::Retired && !it.fields.is_empty());
    let mut left: Vec<(ObjectRef, &'static str)> = Vec::new();
    for excess in least_data(model) {
        let reference = ObjectRef::Flow(excess.flow);
        if left.last().is_none_or(|(last, _)| *last != reference) && !left.iter().any(|(it, _)| *it == reference) {
            left.push((reference, "it sends more than its target declares it needs"));
        }
    }
    Step {
        heading: "Remove unneeded fields",
        why: "A field that nobody needs is the cheapest to protect once it is gone.",
        page: "fields",
        of: carrying.count(),
        left,
    }
}

/// Whether an element in this form is a card number or sensitive authentication data as anybody could use it.
fn is_clear_card(element: &str, form: Form) -> bool {
    let class = catalogue::class_of(element);
    let of_card = element == "pan" || class == Some(ElementClass::Sad);
    of_card && matches!(form, Form::Clear | Form::Unknown)
}

fn tokens_only(model: &Model) -> Step {
    let own: Vec<&System> = model
        .systems
        .values()
        .map(AsRef::as_ref)
        .filter(|it| it.boundary == Boundary::Own && it.lifecycle == Lifecycle::Live)
        .collect();
    let receives = |id: &SystemId| {
        let to = model.flows.values().filter(|it| it.to == *id && it.stage != Lifecycle::Retired);
        to.flat_map(|it| it.fields.iter()).any(|it| is_clear_card(it.element.as_str(), it.form))
    };
    let holds = |it: &System| it.holdings.iter().any(|it| it.live && is_clear_card(it.element.as_str(), it.form));
    let left = own
        .iter()
        .filter(|it| holds(it) || receives(&it.id))
        .map(|it| (ObjectRef::System(it.id.clone()), "it has card data in clear; a token may do"))
        .collect();
    Step {
        heading: "Use tokens only",
        why: "A system that only ever sees tokens that nobody of ours can turn back has no card data to lose.",
        page: "elements/pan",
        of: own.len(),
        left,
    }
}

fn day(facts: &Facts, name: &str) -> Option<Day> {
    facts.get(name).and_then(|fact| fact.text()).and_then(|text| text.get(..10)).and_then(|text| text.parse().ok())
}

fn rotated(model: &Model, today: Day) -> Step {
    let mut left: Vec<(ObjectRef, &'static str)> = Vec::new();
    for credential in model.credentials.values() {
        let every = credential.facts.get("rotate_days").and_then(|fact| fact.value.as_i64());
        let every = every.and_then(|days| i32::try_from(days).ok()).unwrap_or(ROTATED_WITHIN_DAYS);
        let missing = match day(&credential.facts, "last_rotated") {
            None => "nobody has said when it was rotated",
            Some(rotated) if rotated.plus_days(every) < today => "it is due",
            Some(_) => continue,
        };
        left.push((ObjectRef::Credential(credential.id.clone()), missing));
    }
    Step {
        heading: "Rotate secrets",
        why: "A secret that leaked unseen works until it is changed.",
        page: "inventory/credentials",
        of: model.credentials.len(),
        left,
    }
}

fn webhooks(model: &Model) -> Step {
    let hooks: Vec<&Flow> = model
        .flows
        .values()
        .map(AsRef::as_ref)
        .filter(|it| it.stage != Lifecycle::Retired && matches!(it.kind, FlowKind::Webhook | FlowKind::WebhookEcho))
        .collect();
    let said = |flow: &Flow, name: &str| flow.facts.get(name).and_then(|fact| fact.text()).map(str::to_owned);
    let mut left: Vec<(ObjectRef, &'static str)> = Vec::new();
    for hook in &hooks {
        let signed = said(hook, "signature").is_some_and(|it| !matches!(it.as_str(), "none" | "unknown"));
        let verified = hook.facts.get("verified_by_target").and_then(|fact| fact.value.as_bool()) == Some(true);
        let missing = match () {
            () if !signed => "nobody has said that it is signed",
            () if !verified => "nobody has said that the receiver verifies the signature",
            () => continue,
        };
        left.push((ObjectRef::Flow(hook.id.clone()), missing));
    }
    Step {
        heading: "Verify webhooks",
        why: "Whoever finds the address of an unsigned webhook tells you what to believe.",
        page: "flows",
        of: hooks.len(),
        left,
    }
}

fn masked_tests(model: &Model) -> Step {
    let tests: Vec<&System> = model
        .systems
        .values()
        .map(AsRef::as_ref)
        .filter(|it| {
            !matches!(it.environment, Environment::Prod | Environment::Dr) && it.lifecycle != Lifecycle::Retired
        })
        .collect();
    let receives = |id: &SystemId| {
        let to = model.flows.values().filter(|it| it.to == *id && it.stage != Lifecycle::Retired);
        to.flat_map(|it| it.fields.iter()).any(|it| it.live && is_clear_card(it.element.as_str(), it.form))
    };
    let holds = |it: &System| it.holdings.iter().any(|it| it.live && is_clear_card(it.element.as_str(), it.form));
    let left = tests
        .iter()
        .filter(|it| holds(it) || receives(&it.id))
        .map(|it| (ObjectRef::System(it.id.clone()), "live card data in an environment for tests"))
        .collect();
    Step {
        heading: "Test with masked data",
        why: "A test environment with live card numbers is production without its protection.",
        page: "systems?q=-environment:prod",
        of: tests.len(),
        left,
    }
}

/// The systems that were in scope once and are not any more, with the newest change that took each out; from the changes
/// of category in the order in which they happened. What is gone altogether counts.
#[must_use]
pub fn left_scope<'a>(moves: &'a [CategoryChange], scope: &Scope) -> Vec<&'a CategoryChange> {
    let in_scope = |side: Option<(crate::scope::verdict::Category, Option<crate::scope::verdict::Sub>)>| {
        side.is_some_and(|(category, _)| category.in_scope())
    };
    let mut left: Vec<&CategoryChange> = Vec::new();
    for change in moves.iter().rev().filter(|it| in_scope(it.before) && !in_scope(it.after)) {
        let is_back = scope.systems.get(&change.system).is_some_and(|it| it.category.in_scope());
        if !is_back && !left.iter().any(|it| it.system == change.system) {
            left.push(change);
        }
    }
    left
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::reader::read_json;
    use crate::scope::compute;
    use crate::scope::verdict::Category;

    fn model() -> Model {
        let text = r#"{
            "systems": [{"id": "web", "owner": "lead"},
                {"id": "crm", "owner": "lead", "holdings": [{"element": "pan", "form": "truncated", "ops": ["store"]}]},
                {"id": "lab", "owner": "lead", "environment": "test", "holdings": [{"element": "pan"}]}],
            "credentials": [{"id": "old", "last_rotated": "2026-01-01"}, {"id": "fresh", "last_rotated": "2026-11-01"}],
            "people": [{"id": "lead", "name": "Payments lead"}],
            "flows": [
                {"id": "full", "from": "web", "to": "crm", "data": [{"element": "pan", "form": "clear"}]},
                {"id": "hook", "from": "crm", "to": "web", "kind": "webhook", "data": [{"element": "order_id"}],
                 "signature": "hmac", "verified_by_target": true}]}"#;
        read_json(text.as_bytes()).unwrap().0
    }

    #[test]
    fn each_step_names_what_is_left_and_counts_what_is_done() {
        let steps = steps(&model(), "2026-11-21".parse().unwrap());
        let left: Vec<Vec<String>> =
            steps.iter().map(|step| step.left.iter().map(|(object, _)| object.key()).collect()).collect();
        let expected: [&[&str]; 6] = [&[], &["full"], &["crm", "lab"], &["old"], &[], &["lab"]];
        assert_eq!(left, expected);
        assert!(steps[4].is_complete() && steps[4].done() == 1, "the one webhook is signed and verified");
    }

    #[test]
    fn what_came_back_into_scope_has_not_left_it() {
        let change = |system: &str, before: Category, after: Option<Category>| CategoryChange {
            system: system.into(),
            name: system.to_owned(),
            before: Some((before, None)),
            after: after.map(|it| (it, None)),
            because: Vec::new(),
        };
        let moves = [
            change("crm", Category::Cde, Some(Category::OutOfScope)),
            change("lab", Category::Cde, Some(Category::OutOfScope)),
            change("gone", Category::ConnectedTo, None),
            change("web", Category::OutOfScope, Some(Category::Cde)),
        ];
        let mut model = model();
        model.remove(&ObjectRef::Flow("full".into()));
        let scope = compute(&model);
        let left: Vec<&str> = left_scope(&moves, &scope).iter().map(|it| it.system.as_str()).collect();
        let expected: Vec<&str> = ["gone", "lab", "crm"]
            .into_iter()
            .filter(|id| scope.systems.get(*id).is_none_or(|it| !it.category.in_scope()))
            .collect();
        assert_eq!(left, expected);
        assert!(left.contains(&"gone"));
    }
}
