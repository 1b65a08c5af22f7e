//! For whom a pack is made.

use crate::role::{Capability, Role};
use crate::text::text_enum;

text_enum! {
    /// What a pack holds of people and names.
    Profile {
        /// Everything, for the entity itself.
        Full = "full": "Everything",
        /// As an auditor sees it: nobody's address.
        Auditor = "auditor": "For an auditor: no addresses of people",
        /// For others: names and free texts are salted hashes, keys and facts stay.
        Redacted = "redacted": "Redacted: no names and no free texts",
    }
}

impl Profile {
    /// Whether packs of this profile are made for a role and taken away by it. The two open ones have the audit trail: for
    /// who may read that, and one of them for who audits, for whom it is made.
    #[must_use]
    pub const fn is_for(self, role: Role) -> bool {
        match self {
            Self::Full => role.may(Capability::ReadAddresses) && role.may(Capability::ReadAudit),
            Self::Auditor => role.may(Capability::ReadAudit) || matches!(role, Role::Auditor),
            Self::Redacted => true,
        }
    }

    /// What a role gets that asks for this one.
    #[must_use]
    pub fn given_to(self, role: Role) -> Self {
        [self, Self::Auditor].into_iter().find(|it| it.is_for(role)).unwrap_or(Self::Redacted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_takes_a_trail_away_that_they_may_not_read_but_who_audits() {
        assert_eq!(Profile::Full.given_to(Role::Editor), Profile::Full);
        assert_eq!(Profile::Full.given_to(Role::Auditor), Profile::Auditor);
        for role in [Role::Reviewer, Role::Viewer] {
            assert_eq!(Profile::Full.given_to(role), Profile::Redacted);
            assert!(!Profile::Auditor.is_for(role));
        }
    }
}
