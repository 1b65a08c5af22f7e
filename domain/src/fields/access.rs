//! Who can see or take away an element, by headcount: the access groups of the systems that have it, with teams counted as
//! the people in them; and which of those systems keep it longer than somebody said they may.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::id::{ElementId, PersonId, SystemId};
use crate::model::Model;
use crate::model::element::Op;
use crate::model::fact::Facts;
use crate::model::object::{ObjectKind, ObjectRef, RecordKey};
use crate::model::relations::{Boundary, Lifecycle};

use super::matrix;

/// One group on one system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupAccess {
    /// The group.
    pub group: ObjectRef,
    /// What it is called.
    pub name: String,
    /// The system on which its right applies.
    pub system: SystemId,
    /// What the system calls the right; empty where nobody has said.
    pub role: String,
    /// How far the right goes, as the registry writes it; empty where nobody has said.
    pub privilege: String,
    /// The people in it, each once.
    pub people: BTreeSet<PersonId>,
    /// The system lets the element be exported.
    pub exports: bool,
}

/// Who has access to an element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// The groups, the largest first.
    pub groups: Vec<GroupAccess>,
    /// Everybody in any of them, each once.
    pub people: BTreeSet<PersonId>,
    /// Everybody in a group of a system from which it can be exported.
    pub exporters: BTreeSet<PersonId>,
    /// Systems of ours that have it and for which no group is known: there nobody knows who has access.
    pub without_group: Vec<SystemId>,
}

/// Who has access to an element, wherever a system declares it or a flow brings it.
#[must_use]
pub fn access(model: &Model, element: &ElementId) -> Access {
    let lens = matrix(model);
    let has: BTreeSet<&SystemId> =
        lens.cells.iter().filter(|(_, cells)| cells.contains_key(element)).map(|(id, _)| id).collect();
    let mut access = Access::default();
    let mut grouped: BTreeSet<SystemId> = BTreeSet::new();
    for (key, record) in model.records.iter().filter(|(key, _)| key.kind == ObjectKind::AccessGroup) {
        let Some(system) = text(&record.facts, "system").map(SystemId::new).filter(|it| has.contains(it)) else {
            continue;
        };
        let people = headcount(model, &record.facts);
        let exports = exports(model, &system, element);
        access.people.extend(people.iter().cloned());
        if exports {
            access.exporters.extend(people.iter().cloned());
        }
        grouped.insert(system.clone());
        access.groups.push(GroupAccess {
            group: ObjectRef::Record(RecordKey::clone(key)),
            name: record.name.clone(),
            system,
            role: text(&record.facts, "role").unwrap_or_default(),
            privilege: text(&record.facts, "priv").unwrap_or_default(),
            people,
            exports,
        });
    }
    access.groups.sort_by_key(|it| (usize::MAX - it.people.len(), it.name.clone(), it.group.clone()));
    let own = |id: &&&SystemId| model.systems.get(**id).is_some_and(|it| it.boundary == Boundary::Own);
    access.without_group =
        has.iter().filter(own).filter(|id| !grouped.contains(**id)).map(|id| (*id).clone()).collect();
    access
}

/// The people of a group, teams opened as far as they go.
#[must_use]
pub fn headcount(model: &Model, facts: &Facts) -> BTreeSet<PersonId> {
    let mut people = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut open = members(facts);
    while let Some(id) = open.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        let inside = model.people.get(&id).map(|it| members(&it.facts)).unwrap_or_default();
        if inside.is_empty() {
            people.insert(id);
        } else {
            open.extend(inside);
        }
    }
    people
}

fn members(facts: &Facts) -> Vec<PersonId> {
    match facts.get("members").map(|fact| &fact.value) {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(PersonId::new).collect(),
        _ => Vec::new(),
    }
}

fn exports(model: &Model, system: &SystemId, element: &ElementId) -> bool {
    let Some(system) = model.systems.get(system) else { return false };
    let verbs = system.holdings.iter().filter(|it| it.element == *element).filter_map(|it| it.facts.get("verbs"));
    verbs
        .flat_map(|fact| fact.value.as_array().cloned().unwrap_or_default())
        .any(|verb| verb.as_str() == Some("export"))
}

fn text(facts: &Facts, name: &str) -> Option<String> {
    facts.get(name).and_then(|fact| fact.text()).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Where an element is kept without an end, or longer than its policy allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionGap {
    /// Where.
    pub system: SystemId,
    /// For how many days it is kept; `None` where nobody has said.
    pub days: Option<u64>,
    /// For how many days it may be kept at most; `None` where no policy says.
    pub most: Option<u64>,
}

/// The systems of ours that store an element and either say no number of days, or more than the policy of the element.
#[must_use]
pub fn retention_gaps(model: &Model, element: &ElementId) -> Vec<RetentionGap> {
    let policies = model.records.iter().filter(|(key, _)| key.kind == ObjectKind::ElementPolicy);
    let of_element = policies.filter(|(_, it)| text(&it.facts, "element").as_deref() == Some(element.as_str()));
    let most = of_element.filter_map(|(_, it)| number(&it.facts, "retention_days_max")).min();
    let mut gaps: BTreeMap<SystemId, RetentionGap> = BTreeMap::new();
    let own = model.systems.values().filter(|it| it.boundary == Boundary::Own && it.lifecycle != Lifecycle::Retired);
    for system in own {
        let stored = system.holdings.iter().filter(|it| it.element == *element && it.ops.contains(Op::Store));
        for holding in stored {
            let days = number(&holding.facts, "retention_days");
            let too_long = matches!((days, most), (Some(days), Some(most)) if days > most);
            if days.is_none() || too_long {
                let gap = RetentionGap { system: system.id.clone(), days, most };
                gaps.entry(system.id.clone()).or_insert(gap);
            }
        }
    }
    gaps.into_values().collect()
}

fn number(facts: &Facts, name: &str) -> Option<u64> {
    facts.get(name).and_then(|fact| fact.value.as_u64())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::reader::read_json;

    fn model() -> Model {
        let text = r#"{
            "people": [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}, {"id": "desk", "name": "Desk", "members": ["a", "b"]}],
            "systems": [
                {"id": "crm", "holdings": [{"element": "pan", "form": "truncated", "ops": ["store"], "verbs": ["see", "export"]}]},
                {"id": "vault", "holdings": [{"element": "pan", "ops": ["store"], "retention_days": 400}]},
                {"id": "wiki"}],
            "access_groups": [
                {"id": "g1", "name": "Agents", "system": "crm", "members": ["desk", "a"], "priv": "read"},
                {"id": "g2", "name": "Writers", "system": "wiki", "members": ["b"]}],
            "element_policies": [{"id": "p", "name": "PAN", "element": "pan", "retention_days_max": 365}]}"#;
        read_json(text.as_bytes()).unwrap().0
    }

    #[test]
    fn a_team_counts_as_the_people_in_it_and_each_person_once() {
        let found = access(&model(), &"pan".into());
        let counted: Vec<(&str, usize, bool)> =
            found.groups.iter().map(|it| (it.name.as_str(), it.people.len(), it.exports)).collect();
        assert_eq!(counted, [("Agents", 2, true)]);
        assert_eq!((found.people.len(), found.exporters.len()), (2, 2));
        assert_eq!(found.without_group, [SystemId::new("vault")]);
    }

    #[test]
    fn what_is_kept_without_an_end_or_too_long_is_a_gap() {
        let gaps = retention_gaps(&model(), &"pan".into());
        let told: Vec<(&str, Option<u64>, Option<u64>)> =
            gaps.iter().map(|it| (it.system.as_str(), it.days, it.most)).collect();
        assert_eq!(told, [("crm", None, Some(365)), ("vault", Some(400), Some(365))]);
    }
}
