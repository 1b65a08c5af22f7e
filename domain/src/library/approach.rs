//! How is a requirement met, as it is written or otherwise? PCI DSS v4.0.1 lets an entity meet most requirements by controls
//! of its own (the customised approach, 12.3.2), and excludes some.

use super::reference::{Framework, RequirementKey, Standard};
use crate::text::text_enum;

text_enum! {
    /// How a requirement is met.
    Approach {
        Defined = "defined": "As it is written",
        Customised = "customised": "Customised approach",
    }
}

/// The requirements of PCI DSS v4.0.1 that say that they are not eligible for the customised approach, and the one that is a
/// part of it. So are all of the appendices A2 and A3, which the catalogue does not have.
const AS_WRITTEN: [&str; 7] = ["3.3.1", "3.3.1.1", "3.3.1.2", "3.3.1.3", "3.3.2", "11.3.2", "12.3.2"];

impl Approach {
    /// Whether the standard lets a requirement be met so. What a framework of one's own allows is for its readers to know.
    #[must_use]
    pub fn is_open_to(self, requirement: &RequirementKey) -> bool {
        let is_pci = *requirement.framework() == Framework::Standard(Standard::Pci);
        self == Self::Defined || !is_pci || pci_can_be_customised(requirement.id())
    }
}

/// Whether a requirement of PCI DSS can be met by a customised approach.
#[must_use]
pub fn pci_can_be_customised(id: &str) -> bool {
    !AS_WRITTEN.contains(&id)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_must_be_met_as_it_is_written_is_in_the_catalogue() {
        for id in AS_WRITTEN {
            let key = RequirementKey::pci(id).unwrap();
            assert!(Approach::Defined.is_open_to(&key) && !Approach::Customised.is_open_to(&key), "{id}");
        }
        for id in ["3.3.3", "3.5.1.2", "11.3.2.1", "12.3.1"] {
            assert!(Approach::Customised.is_open_to(&RequirementKey::pci(id).unwrap()), "{id}");
        }
        let own = RequirementKey::of("house-rules".parse().unwrap(), "3.3.1").unwrap();
        assert!(Approach::Customised.is_open_to(&own), "the same number elsewhere is another requirement");
    }
}
