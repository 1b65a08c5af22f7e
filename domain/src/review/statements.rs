//! What people had said of the entity and of requirements at one moment: what a seal fixes, and what a pack lists.

use serde::{Deserialize, Serialize};

use super::canonical::canonical;
use super::entity::EntityProfile;
use crate::library::responsibility::VendorMatrix;
use crate::library::{OwnFramework, Position};
use crate::schedule::analysis::Analysis;

/// What people had said beside the model and the register.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statements {
    /// Whom it is about.
    pub entity: EntityProfile,
    /// What they said of requirements.
    pub requirements: Requirements,
}

/// What people said of requirements.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirements {
    /// Where requirements stand, in their order.
    pub positions: Vec<Position>,
    /// Who does what, by vendor.
    pub matrices: Vec<VendorMatrix>,
    /// The frameworks of the workspace's own.
    pub frameworks: Vec<OwnFramework>,
    /// The targeted risk analyses, by their keys.
    pub analyses: Vec<Analysis>,
}

impl Statements {
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
    use crate::library::RequirementKey;
    use crate::review::entity::Brand;

    #[test]
    fn what_was_said_is_read_as_it_was_written() {
        let mut said = Statements::default();
        said.entity.brands = [(Brand::Visa, Some(1_200)), (Brand::Other, None)].into();
        said.requirements.positions.extend(RequirementKey::pci("3.5.1").map(Position::new));
        assert_eq!(said.requirements.positions.len(), 1);
        assert_eq!(Statements::read(&said.bytes()), Some(said));
        assert_eq!(Statements::read("{}"), None);
    }
}
