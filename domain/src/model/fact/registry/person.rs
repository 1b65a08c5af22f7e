//! People, teams and access groups.

use super::fact;
use super::words::PRIVILEGES;
use crate::model::fact::Attribute;
use crate::model::fact::FactType::{Choice, Day, Reference, References, Structure, Text};
use crate::model::object::ObjectKind;

/// People and teams.
pub(super) const PERSON: &[Attribute] = &[
    fact(ObjectKind::Person, "account", Text, "Account", "The account with which the person signs in."),
    fact(ObjectKind::Person, "members", References(ObjectKind::Person), "Members", "Of a team."),
    fact(ObjectKind::Person, "job_ended_at", Day, "Left on", ""),
    fact(ObjectKind::Person, "delegate", Reference(ObjectKind::Person), "Delegate", "Who decides in the meantime."),
    fact(ObjectKind::Person, "delegation_until", Day, "Delegated until", ""),
    fact(ObjectKind::Person, "training", Structure, "Training", "[{\"kind\": .., \"date\": .., \"evidence\": ..}]."),
];

/// Groups of people with the same right.
pub(super) const ACCESS_GROUP: &[Attribute] = &[
    fact(ObjectKind::AccessGroup, "system", Reference(ObjectKind::System), "System", "Where the right applies."),
    fact(ObjectKind::AccessGroup, "role", Text, "Role", "What the system calls it."),
    fact(ObjectKind::AccessGroup, "members", References(ObjectKind::Person), "Members", ""),
    fact(ObjectKind::AccessGroup, "priv", Choice(PRIVILEGES), "Right", "How far it goes."),
    fact(ObjectKind::AccessGroup, "approved_by", Reference(ObjectKind::Person), "Approved by", ""),
];
