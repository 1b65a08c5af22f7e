//! Which requirements a rule speaks to. Identifiers and short titles of our own; no text of any standard.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One `id title` per line.
const REQUIREMENTS: &str = include_str!("../../data/requirements.txt");

/// A requirement of PCI DSS v4.0.1 that exists. Superseded numbers (6.4.1, 8.3.10, 10.7.1) are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Requirement {
    id: &'static str,
    title: &'static str,
}

impl Requirement {
    /// Every requirement, in the order of the standard.
    pub fn all() -> impl Iterator<Item = Self> {
        REQUIREMENTS.lines().filter_map(|line| line.split_once(' ')).map(|(id, title)| Self { id, title })
    }

    /// The number, such as `3.5.1.2`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.id
    }

    /// What it is about, in a few words of our own.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.title
    }
}

/// A text that is no requirement of the list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("PCI DSS v4.0.1 has no requirement with this number")]
pub struct NoRequirement;

impl FromStr for Requirement {
    type Err = NoRequirement;

    fn from_str(id: &str) -> Result<Self, NoRequirement> {
        static BY_ID: OnceLock<BTreeMap<&'static str, Requirement>> = OnceLock::new();
        BY_ID.get_or_init(|| Self::all().map(|it| (it.id, it)).collect()).get(id).copied().ok_or(NoRequirement)
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.id)
    }
}

impl Serialize for Requirement {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.id)
    }
}

impl<'de> Deserialize<'de> for Requirement {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let id = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        id.parse().map_err(serde::de::Error::custom)
    }
}

/// A place in a catalogue of requirements, as the records of rules write it. A test parses every one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "catalogue", content = "id", rename_all = "snake_case")]
pub enum Mapping {
    /// A requirement of PCI DSS v4.0.1.
    Pci(&'static str),
    /// A risk of the OWASP API Security Top 10 of 2023, such as `API3`.
    OwaspApi(&'static str),
    /// A requirement of OWASP ASVS 5.0.0.
    Asvs(&'static str),
    /// A publication of NIST, or a control of one, such as `SP 800-228`.
    Nist(&'static str),
}

impl Mapping {
    /// The identifier within its catalogue.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Pci(id) | Self::OwaspApi(id) | Self::Asvs(id) | Self::Nist(id) => id,
        }
    }
}

impl fmt::Display for Mapping {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pci(id) => write!(out, "PCI DSS {id}"),
            Self::OwaspApi(id) => write!(out, "OWASP {id}:2023"),
            Self::Asvs(id) => write!(out, "ASVS {id}"),
            Self::Nist(id) => write!(out, "NIST {id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_requirement_has_a_number_of_its_own_and_a_short_title() {
        let all: Vec<Requirement> = Requirement::all().collect();
        assert_eq!(all.len(), 247);
        assert_eq!(all.iter().map(|it| it.id).collect::<std::collections::BTreeSet<_>>().len(), 247);
        for it in all {
            assert!(it.title.len() > 5 && it.title.len() <= 70, "{it}: {}", it.title);
        }
    }

    #[test]
    fn superseded_numbers_and_parents_are_refused() {
        for id in ["6.4.1", "8.3.10", "10.7.1", "3.5", "13.1.1", ""] {
            assert_eq!(Requirement::from_str(id), Err(NoRequirement), "{id}");
        }
        assert_eq!(Requirement::from_str("12.5.2").map(Requirement::id), Ok("12.5.2"));
    }
}
