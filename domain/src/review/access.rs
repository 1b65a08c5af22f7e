//! Who might do what in a workspace at one moment, and what it was called: what a seal fixes, and what a pack lists.

use serde::{Deserialize, Serialize};

use super::canonical::canonical;
use crate::role::Role;
use crate::time::Day;

/// The members of a workspace at one moment, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// What people called the workspace.
    pub name: String,
    /// The members.
    pub members: Vec<Member>,
}

/// A member of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The name.
    pub name: String,
    /// What they are here.
    pub role: Role,
    /// Up to which level they may approve, from 1 to 4; 0 is none.
    pub tier: u8,
    /// Since when.
    pub since: Option<Day>,
    /// Until when.
    pub until: Option<Day>,
}

impl Access {
    /// The access to a workspace of this name.
    #[must_use]
    pub fn of(name: &str, mut members: Vec<Member>) -> Self {
        members.sort();
        Self { name: name.to_owned(), members }
    }

    /// The bytes that a seal fixes.
    #[must_use]
    pub fn bytes(&self) -> String {
        canonical(self)
    }

    /// Reads those bytes.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_the_members_is_that_of_their_names() {
        let member =
            |name: &str| Member { name: name.to_owned(), role: Role::Viewer, tier: 0, since: None, until: None };
        let access = Access::of("Shop", vec![member("b"), member("a")]);
        assert_eq!(access.bytes(), Access::of("Shop", vec![member("a"), member("b")]).bytes());
        assert_eq!(Access::read(&access.bytes()), Some(access));
        assert_eq!(Access::read("{}"), None);
    }
}
