//! How requirements and evidence items are named in forms, files and addresses.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::catalogue;
use crate::findings::requirement::Mapping;
use crate::text::text_enum;

/// The longest key of a framework of one's own, in characters.
pub const FRAMEWORK_KEY_MAX: usize = 40;
/// The longest id of a requirement, in characters.
pub const ID_MAX: usize = 60;

text_enum! {
    /// The catalogues that are part of the program.
    Standard {
        Pci = "pci": "PCI DSS v4.0.1",
        OwaspApi = "owasp_api": "OWASP API Security Top 10 2023",
        Asvs = "asvs": "OWASP ASVS 5.0",
    }
}

/// The key of a framework of one's own: lower-case letters, digits and dashes, none of the words of [`Standard`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FrameworkKey(String);

/// A text that is no key of a framework.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a key of a framework: lower-case letters, digits and dashes, at most {FRAMEWORK_KEY_MAX} characters")]
pub struct NoFrameworkKey;

impl FrameworkKey {
    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FrameworkKey {
    type Err = NoFrameworkKey;

    fn from_str(text: &str) -> Result<Self, NoFrameworkKey> {
        let letters = text.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-');
        let good = letters && !text.is_empty() && text.len() <= FRAMEWORK_KEY_MAX && !text.starts_with('-');
        if !good || text.parse::<Standard>().is_ok() { Err(NoFrameworkKey) } else { Ok(Self(text.to_owned())) }
    }
}

impl fmt::Display for FrameworkKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Where a requirement comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Framework {
    /// A catalogue of the program.
    Standard(Standard),
    /// A framework that the workspace brought.
    Own(FrameworkKey),
}

impl Framework {
    /// As forms and files write it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Standard(it) => it.as_str(),
            Self::Own(it) => it.as_str(),
        }
    }
}

impl FromStr for Framework {
    type Err = NoFrameworkKey;

    fn from_str(text: &str) -> Result<Self, NoFrameworkKey> {
        text.parse().map(Self::Standard).or_else(|_| text.parse().map(Self::Own))
    }
}

/// Which requirement: `pci:12.5.2`, `asvs:6.2.1`, `owasp_api:API1`, `house-rules:A-3`.
///
/// Sorted by framework, then as people count: 3.2.1 before 3.10.1.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RequirementKey {
    framework: Framework,
    id: String,
}

/// A text that names no requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoRequirementKey {
    /// Not of the form `framework:id`.
    #[error("not of the form framework:id, such as pci:12.5.2")]
    Form,
    /// The program's catalogue of that name has no such id.
    #[error("the catalogue has no requirement with this id")]
    Unknown,
}

impl RequirementKey {
    /// A requirement of PCI DSS; `None` where it has no such number.
    #[must_use]
    pub fn pci(id: &str) -> Option<Self> {
        Self::of(Framework::Standard(Standard::Pci), id).ok()
    }

    /// The requirement of a framework with this id. Whether a framework of one's own has it is for its list to say.
    ///
    /// # Errors
    /// The id is empty, too long or has control characters, or the program's catalogue does not list it.
    pub fn of(framework: Framework, id: &str) -> Result<Self, NoRequirementKey> {
        let id = id.trim();
        if id.is_empty() || id.chars().count() > ID_MAX || id.chars().any(char::is_control) {
            return Err(NoRequirementKey::Form);
        }
        match framework {
            Framework::Standard(standard) if !catalogue::has(standard, id) => Err(NoRequirementKey::Unknown),
            framework => Ok(Self { framework, id: id.to_owned() }),
        }
    }

    /// The requirement that the record of a rule names; `None` of catalogues that the library does not hold.
    #[must_use]
    pub fn mapped(mapping: Mapping) -> Option<Self> {
        let standard = match mapping {
            Mapping::Pci(_) => Standard::Pci,
            Mapping::OwaspApi(_) => Standard::OwaspApi,
            Mapping::Asvs(_) => Standard::Asvs,
            Mapping::Nist(_) => return None,
        };
        Self::of(Framework::Standard(standard), mapping.id()).ok()
    }

    /// Where it comes from.
    #[must_use]
    pub const fn framework(&self) -> &Framework {
        &self.framework
    }

    /// Its id there.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// As people say it: `PCI DSS 12.5.2`, `ASVS 6.2.1`, `API1:2023`, `house-rules A-3`.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.framework {
            Framework::Standard(Standard::Pci) => format!("PCI DSS {}", self.id),
            Framework::Standard(Standard::OwaspApi) => format!("OWASP {}:2023", self.id),
            Framework::Standard(Standard::Asvs) => format!("ASVS {}", self.id),
            Framework::Own(key) => format!("{key} {}", self.id),
        }
    }
}

impl Ord for RequirementKey {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_count = || natural(&self.id, &other.id).then_with(|| self.id.cmp(&other.id));
        self.framework.cmp(&other.framework).then_with(by_count)
    }
}

impl PartialOrd for RequirementKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Digits by their number, everything else by its letters.
fn natural(one: &str, other: &str) -> Ordering {
    pieces(one).cmp(pieces(other))
}

/// The rows of digits and of other characters of an id. A row of digits sorts by how many it has without leading zeros,
/// then by them, so that no number is too large.
fn pieces(id: &str) -> impl Iterator<Item = (bool, usize, &str)> {
    let mut rest = id;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?.is_ascii_digit();
        let end = rest.find(|it: char| it.is_ascii_digit() != first).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        rest = after;
        let digits = piece.trim_start_matches('0');
        Some(if first { (true, digits.len(), digits) } else { (false, 0, piece) })
    })
}

impl fmt::Display for RequirementKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.framework.as_str(), self.id)
    }
}

impl FromStr for RequirementKey {
    type Err = NoRequirementKey;

    fn from_str(text: &str) -> Result<Self, NoRequirementKey> {
        let (framework, id) = text.trim().split_once(':').ok_or(NoRequirementKey::Form)?;
        Self::of(framework.parse().map_err(|_| NoRequirementKey::Form)?, id)
    }
}

/// The key of an evidence item, written `EV-0001`: findings of assessors cite it, so it has one spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EvidenceKey(pub u32);

/// A text that is no key of an evidence item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a key such as EV-0001")]
pub struct NoEvidenceKey;

impl fmt::Display for EvidenceKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "EV-{:04}", self.0)
    }
}

impl FromStr for EvidenceKey {
    type Err = NoEvidenceKey;

    fn from_str(text: &str) -> Result<Self, NoEvidenceKey> {
        let number: u32 = text.strip_prefix("EV-").ok_or(NoEvidenceKey)?.parse().map_err(|_| NoEvidenceKey)?;
        let it = Self(number);
        if number == 0 || it.to_string() != text { Err(NoEvidenceKey) } else { Ok(it) }
    }
}

/// Serde of what has one text.
macro_rules! as_text {
    ($($name:ty),+) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

as_text!(FrameworkKey, RequirementKey, EvidenceKey);

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::findings::registry::RULES;

    #[test]
    fn requirements_sort_as_people_count() {
        let mut keys: Vec<RequirementKey> =
            ["asvs:1.1.1", "house:A-10", "pci:12.5.2", "pci:3.2.1", "house:A-9", "pci:12.10.1"]
                .map(|it| it.parse().unwrap())
                .into();
        keys.sort();
        let texts: Vec<String> = keys.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["pci:3.2.1", "pci:12.5.2", "pci:12.10.1", "asvs:1.1.1", "house:A-9", "house:A-10"]);
    }

    #[test]
    fn what_names_no_requirement_is_refused() {
        for (text, why) in [
            ("12.5.2", NoRequirementKey::Form),
            ("pci:", NoRequirementKey::Form),
            ("House:1", NoRequirementKey::Form),
            ("house:a\nb", NoRequirementKey::Form),
            ("pci:6.4.1", NoRequirementKey::Unknown),
            ("asvs:99.1.1", NoRequirementKey::Unknown),
            ("owasp_api:API11", NoRequirementKey::Unknown),
        ] {
            assert_eq!(text.parse::<RequirementKey>(), Err(why), "{text}");
        }
        assert_eq!("pci".parse::<FrameworkKey>(), Err(NoFrameworkKey));
    }

    #[test]
    fn what_a_rule_speaks_to_is_in_the_library() {
        for mapping in RULES.iter().flat_map(|rule| rule.maps_to) {
            let known = RequirementKey::mapped(*mapping).is_some();
            assert_eq!(known, !matches!(mapping, Mapping::Nist(_)), "{mapping}");
        }
    }

    #[test]
    fn an_item_has_one_spelling() {
        assert_eq!("EV-0001".parse(), Ok(EvidenceKey(1)));
        assert_eq!("EV-12345".parse::<EvidenceKey>().unwrap().to_string(), "EV-12345");
        for text in ["EV-1", "EV-0000", "EV-00001", "ev-0001", "EV-+001", "EV-99999999999"] {
            assert_eq!(text.parse::<EvidenceKey>(), Err(NoEvidenceKey), "{text}");
        }
    }
}
