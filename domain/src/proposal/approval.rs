//! Who has to approve a proposal, and who may.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, PersonId, SystemId};
use crate::model::Model;
use crate::model::fact::Facts;
use crate::model::object::Object;
use crate::model::system::System;
use crate::role::Role;

use super::{Edit, Proposal};

/// One approval that a proposal needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// Of security: of anybody who may change the model.
    Security,
    /// Of whoever answers for a system that is changed, or at an end of a flow that is.
    Owner(SystemId),
}

/// `security`, or `owner:` and the key of the system.
impl fmt::Display for Need {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Security => out.write_str("security"),
            Self::Owner(system) => write!(out, "owner:{system}"),
        }
    }
}

/// A text names no approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an approval is security, or owner: and the key of a system")]
pub struct NoNeed;

impl FromStr for Need {
    type Err = NoNeed;

    fn from_str(text: &str) -> Result<Self, NoNeed> {
        match text.strip_prefix("owner:") {
            Some(key) => SystemId::parse(key).map(Self::Owner).map_err(|_| NoNeed),
            None if text == "security" => Ok(Self::Security),
            None => Err(NoNeed),
        }
    }
}

/// Who works in a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Circle {
    /// The members that are not disabled, with their roles.
    pub members: BTreeMap<AccountId, Role>,
    /// The account behind each person of the model that has one.
    pub accounts: BTreeMap<PersonId, AccountId>,
}

impl Circle {
    /// Whether there is nobody but one member.
    #[must_use]
    pub fn is_alone(&self) -> bool {
        self.members.len() <= 1
    }

    fn of_roles(&self, roles: &[Role], but: &AccountId) -> BTreeSet<AccountId> {
        let fitting = self.members.iter().filter(|(id, role)| roles.contains(role) && *id != but);
        fitting.map(|(id, _)| id.clone()).collect()
    }
}

/// Those who may change the model.
const SECURITY: [Role; 3] = [Role::Owner, Role::Admin, Role::Editor];
/// Those who act where nobody else answers for a system.
const IN_PLACE: [Role; 2] = [Role::Owner, Role::Admin];
/// Those who may answer for a system at all: whoever only looks, or audits, does not decide.
const ANSWERING: [Role; 4] = [Role::Owner, Role::Admin, Role::Editor, Role::Reviewer];

impl Proposal {
    /// The approvals that it needs: of security, and of whoever answers for what it touches. In a workspace of one member
    /// there is nobody to ask.
    #[must_use]
    pub fn needs(&self, circle: &Circle) -> BTreeSet<Need> {
        if circle.is_alone() {
            return BTreeSet::new();
        }
        let mut needs = BTreeSet::from([Need::Security]);
        for object in self.edits.values().flat_map(Self::sides) {
            match object {
                Object::System(system) => drop(needs.insert(Need::Owner(system.id.clone()))),
                Object::Flow(flow) => {
                    needs.extend([&flow.from, &flow.to].map(|system| Need::Owner(system.clone())));
                }
                _ => {}
            }
        }
        needs
    }

    /// The approvals that are missing.
    #[must_use]
    pub fn open_needs(&self, circle: &Circle) -> BTreeSet<Need> {
        self.needs(circle).into_iter().filter(|need| !self.approvals.contains_key(need)).collect()
    }

    /// Who may give an approval. Never the requester: where they own a system, its deputy does, else an administrator;
    /// where there is no other, whoever may approve for security.
    #[must_use]
    pub fn who_may(&self, need: &Need, live: &Model, circle: &Circle) -> BTreeSet<AccountId> {
        let security = circle.of_roles(&SECURITY, &self.requester);
        let Need::Owner(system) = need else { return security };
        let answering = circle.of_roles(&ANSWERING, &self.requester);
        let behind = |fact: &str| -> BTreeSet<AccountId> {
            let named = self.record(system, live).map(|it| accounts(&it.facts, fact, live, circle));
            named.unwrap_or_default().intersection(&answering).cloned().collect()
        };
        let in_place = circle.of_roles(&IN_PLACE, &self.requester);
        let stages = [behind("owner"), behind("deputy"), in_place, security];
        stages.into_iter().find(|some| !some.is_empty()).unwrap_or_default()
    }

    /// The system as it is: nobody makes themselves its owner by the proposal. A new one is as the proposal has it.
    fn record<'a>(&'a self, system: &SystemId, live: &'a Model) -> Option<&'a System> {
        let drafted = || {
            self.edits.values().find_map(|Edit { draft, .. }| match draft {
                Some(Object::System(it)) if it.id == *system => Some(&**it),
                _ => None,
            })
        };
        live.systems.get(system).map(|it| &**it).or_else(drafted)
    }
}

/// The accounts behind a person that a fact names: of a team, those of its members.
fn accounts(facts: &Facts, fact: &str, live: &Model, circle: &Circle) -> BTreeSet<AccountId> {
    let named = |name: &str| facts.get(name).and_then(|fact| fact.value.as_str()).map(PersonId::new);
    let Some(person) = named(fact) else { return BTreeSet::new() };
    let members = live.people.get(&person).and_then(|it| it.facts.get("members")).and_then(|it| it.value.as_array());
    let members = members.into_iter().flatten().filter_map(|it| it.as_str()).map(PersonId::new);
    std::iter::once(person.clone()).chain(members).filter_map(|person| circle.accounts.get(&person).cloned()).collect()
}
