//! The kinds of reviews, and what each covers.

use crate::model::object::ObjectKind;
use crate::schedule::Topic;
use crate::text::text_enum;

text_enum! {
    /// What a review is about.
    ReviewKind {
        Integrations = "integrations": "Integrations of the quarter",
        Scope = "scope": "Confirmation of the PCI DSS scope",
        Access = "access": "Access and rights",
        Vendors = "vendors": "Vendors",
        Credentials = "credentials": "Credentials and keys",
    }
}

impl ReviewKind {
    /// The kinds of objects that are items: each is looked at on its own.
    #[must_use]
    pub const fn items(self) -> &'static [ObjectKind] {
        match self {
            Self::Integrations => &[ObjectKind::System],
            Self::Scope => &[
                ObjectKind::System,
                ObjectKind::Segment,
                ObjectKind::Link,
                ObjectKind::Control,
                ObjectKind::Vendor,
                ObjectKind::Key,
                ObjectKind::Connector,
                ObjectKind::TokenDomain,
                ObjectKind::Page,
                ObjectKind::Override,
                ObjectKind::Settings,
            ],
            Self::Access => &[ObjectKind::AccessGroup, ObjectKind::Credential],
            Self::Vendors => &[ObjectKind::Vendor, ObjectKind::Connector],
            Self::Credentials => &[ObjectKind::Credential, ObjectKind::Key, ObjectKind::Certificate],
        }
    }

    /// Whether the flows and credentials of a system are looked at together with it.
    #[must_use]
    pub const fn gathers_around_systems(self) -> bool {
        matches!(self, Self::Integrations | Self::Scope)
    }

    /// Whether somebody other than the authors approves, whatever the workspace asks for.
    #[must_use]
    pub const fn needs_second_person(self) -> bool {
        matches!(self, Self::Scope)
    }

    /// The topic of the schedules that it fulfils.
    #[must_use]
    pub const fn topic(self) -> Topic {
        match self {
            Self::Integrations => Topic::Systems,
            Self::Scope => Topic::Scope,
            Self::Access => Topic::Access,
            Self::Vendors => Topic::Vendors,
            Self::Credentials => Topic::Credentials,
        }
    }
}
