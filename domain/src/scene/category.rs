//! The verdicts a box can carry, each told four ways: colour, icon, border and a code.

/// The scope category of a box, or what stands in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// Part of the cardholder data environment.
    Cde,
    /// Could impact the security of the CDE.
    SecurityImpacting,
    /// Connected to the CDE.
    ConnectedTo,
    /// None of these.
    OutOfScope,
    /// Nobody confirmed the facts yet.
    NotAssessed,
    /// Run by another company; printed with what it means for the list of providers.
    ThirdParty(ProviderRole),
    /// A party outside, such as the cardholder's browser or a public network.
    External,
    /// Not built yet.
    Planned,
    /// Switched off.
    Retired,
    /// An open end: a flow names it, nobody declared it.
    Undeclared,
}

/// Why a third party belongs on the list of service providers, if it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProviderRole {
    /// Receives account data.
    AccountData,
    /// Could affect the security of account data.
    Security,
    /// Neither.
    Other,
}

/// The five sets of colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Red.
    Cde,
    /// Blue.
    Sec,
    /// Amber.
    Con,
    /// Grey.
    Out,
    /// Black on white, or the reverse.
    New,
}

impl Category {
    /// The code printed on the box.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cde => "CDE",
            Self::SecurityImpacting => "SEC",
            Self::ConnectedTo => "CON",
            Self::OutOfScope => "OUT",
            Self::ThirdParty(_) => "EXT",
            Self::External => "PUB",
            Self::Planned => "PLN",
            Self::Retired => "RET",
            Self::NotAssessed | Self::Undeclared => "?",
        }
    }

    /// The name in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Cde => "Cardholder data environment",
            Self::SecurityImpacting => "Security-impacting",
            Self::ConnectedTo => "Connected-to",
            Self::OutOfScope => "Out of scope",
            Self::NotAssessed => "Not assessed",
            Self::ThirdParty(ProviderRole::AccountData) => "Third party, account data",
            Self::ThirdParty(ProviderRole::Security) => "Third party, security",
            Self::ThirdParty(ProviderRole::Other) => "Third party",
            Self::External => "External, public",
            Self::Planned => "Planned",
            Self::Retired => "Retired",
            Self::Undeclared => "Open end, not declared",
        }
    }

    /// The colours it is drawn in.
    #[must_use]
    pub const fn family(self) -> Family {
        match self {
            Self::Cde => Family::Cde,
            Self::SecurityImpacting => Family::Sec,
            Self::ConnectedTo => Family::Con,
            Self::OutOfScope | Self::ThirdParty(_) | Self::External | Self::Planned | Self::Retired => Family::Out,
            Self::NotAssessed | Self::Undeclared => Family::New,
        }
    }

    /// The value of `data-category`, by which scripts and the parts of a page around the map know it.
    pub(super) const fn value(self) -> &'static str {
        match self {
            Self::Cde => "cde",
            Self::SecurityImpacting => "security_impacting",
            Self::ConnectedTo => "connected_to",
            Self::OutOfScope => "out_of_scope",
            Self::NotAssessed => "not_assessed",
            Self::ThirdParty(_) => "third_party",
            Self::External => "external",
            Self::Planned | Self::Retired => "not_live",
            Self::Undeclared => "undeclared",
        }
    }

    /// The class of the box on a page, which also selects its border.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Cde => "cat-cde",
            Self::SecurityImpacting => "cat-sec",
            Self::ConnectedTo => "cat-con",
            Self::OutOfScope => "cat-out",
            Self::NotAssessed => "cat-new",
            Self::ThirdParty(_) => "cat-ext",
            Self::External => "cat-pub",
            Self::Planned => "cat-pln",
            Self::Retired => "cat-ret",
            Self::Undeclared => "cat-open",
        }
    }

    /// Width in tenths of a pixel and dashes of the border.
    pub(super) const fn border(self) -> (u32, Option<&'static str>) {
        match self {
            Self::Cde => (30, None),
            Self::SecurityImpacting => (20, Some("7 3")),
            Self::ConnectedTo => (20, None),
            Self::OutOfScope | Self::ThirdParty(_) | Self::External | Self::Retired => (12, None),
            Self::Planned => (12, Some("5 4")),
            Self::NotAssessed => (16, Some("2 3")),
            Self::Undeclared => (16, Some("1.5 4")),
        }
    }

    /// Whether the box gets no fill, because it stands for something unfinished.
    pub(super) const fn hollow(self) -> bool {
        matches!(self, Self::Undeclared)
    }
}
