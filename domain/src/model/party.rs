//! People, teams and other organisations.

use serde::{Deserialize, Serialize};

use super::fact::Facts;
use crate::id::{PersonId, VendorId};
use crate::text::text_enum;

text_enum! {
    /// One person, or a group that answers together.
    PartyKind {
        Person = "person": "Person",
        Team = "team": "Team",
    }
}

/// A person or a team of the workspace: the owner or deputy of anything. May be linked to an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The key.
    pub id: PersonId,
    /// The name.
    pub name: String,
    /// Person or team.
    pub kind: PartyKind,
    /// The mail address.
    pub mail: Option<String>,
    /// What they do.
    pub function: Option<String>,
    /// Registered facts.
    pub facts: Facts,
}

/// Another organisation that owns systems, operates ours, or receives account data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vendor {
    /// The key.
    pub id: VendorId,
    /// The name.
    pub name: String,
    /// Registered facts: services, attestations, contacts.
    pub facts: Facts,
}
