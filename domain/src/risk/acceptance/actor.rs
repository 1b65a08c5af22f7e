//! Who does something to an acceptance, and on whose behalf.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::id::PersonId;
use crate::model::Model;
use crate::risk::record::Risk;
use crate::role::{Role, Tier};
use crate::time::Day;

/// Who gives a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A member who is signed in.
    Member(Member),
    /// A program with a token. It approves nothing.
    Token,
    /// The passing of time, or a change of the model.
    Clock,
}

/// A member, as they stand now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Which person of the workspace it is.
    pub person: PersonId,
    /// The role: it gives the right.
    pub role: Role,
    /// The tier: it is the limit.
    pub tier: Tier,
    /// What others have delegated to them.
    pub delegations: Vec<Delegation>,
}

impl Member {
    /// What the person delegated to this one on the day.
    #[must_use]
    pub fn delegation(&self, from: &PersonId, today: Day) -> Option<&Delegation> {
        self.delegations.iter().find(|it| it.from == *from && it.to == self.person && today <= it.until)
    }
}

/// A recorded delegation. It goes no further: what was delegated to somebody they cannot delegate again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegation {
    /// Who delegates.
    pub from: PersonId,
    /// To whom.
    pub to: PersonId,
    /// The last day.
    pub until: Day,
    /// The role of the one who delegates, as it is now.
    pub role: Role,
    /// Their tier, as it is now.
    pub tier: Tier,
}

/// Whether a role gives the right to approve at all.
#[must_use]
pub const fn may_approve(role: Role) -> bool {
    match role {
        Role::Owner | Role::Admin | Role::Editor | Role::Reviewer => true,
        Role::Viewer | Role::Auditor => false,
    }
}

/// Whether a role gives the right to ask for an acceptance.
#[must_use]
pub const fn may_request(role: Role) -> bool {
    may_approve(role)
}

/// Everybody who answers for a risk: the owner, and where that is a team, whoever belongs to it.
#[must_use]
pub fn owners_of(risk: &Risk, model: &Model) -> BTreeSet<PersonId> {
    let mut owners: BTreeSet<PersonId> = BTreeSet::new();
    let mut ahead: Vec<PersonId> = risk.owner.iter().cloned().collect();
    while let Some(person) = ahead.pop() {
        let members = model.people.get(&person).and_then(|it| it.facts.get("members"));
        let members = members.and_then(|it| it.value.as_array()).into_iter().flatten();
        ahead.extend(members.filter_map(Value::as_str).map(PersonId::from).filter(|it| !owners.contains(it)));
        owners.insert(person);
    }
    owners
}
