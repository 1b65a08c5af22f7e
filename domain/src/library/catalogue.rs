//! What do the standards of the program list? Ids, and short titles of our own; no text of any standard.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::reference::{Framework, RequirementKey, Standard};
use crate::findings::requirement::Requirement;

/// OWASP ASVS 5.0: `id level title` on each line.
const ASVS: &str = include_str!("../../data/asvs.txt");
/// OWASP API Security Top 10 of 2023: `id title` on each line.
const OWASP_API: &str = include_str!("../../data/owasp_api.txt");

/// One requirement of a framework.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which one.
    pub key: RequirementKey,
    /// What it is about, in a few words.
    pub title: String,
    /// Its level, where the standard has levels; 1 is asked of everybody.
    pub level: Option<u8>,
    /// The group under which lists show it; for standards the first number of the id.
    pub group: String,
}

/// Whether a standard has a requirement with this id.
pub(super) fn has(standard: Standard, id: &str) -> bool {
    rows(standard).contains_key(id)
}

/// The requirements of a standard, in its order.
#[must_use]
pub fn entries(standard: Standard) -> Vec<Entry> {
    let mut all: Vec<Entry> = rows(standard).keys().filter_map(|id| made(standard, id)).collect();
    all.sort_by(|one, other| one.key.cmp(&other.key));
    all
}

/// The requirement of a standard; `None` of a framework of one's own, whose list has it.
#[must_use]
pub fn entry(key: &RequirementKey) -> Option<Entry> {
    match key.framework() {
        Framework::Standard(standard) => made(*standard, key.id()),
        Framework::Own(_) => None,
    }
}

fn made(standard: Standard, id: &str) -> Option<Entry> {
    let (level, title) = *rows(standard).get(id)?;
    let key = RequirementKey::of(Framework::Standard(standard), id).ok()?;
    let group = if standard == Standard::OwaspApi { "" } else { id.split('.').next().unwrap_or_default() };
    Some(Entry { key, title: title.to_owned(), level, group: group.to_owned() })
}

type Rows = BTreeMap<&'static str, (Option<u8>, &'static str)>;

fn rows(standard: Standard) -> &'static Rows {
    static PCI: OnceLock<Rows> = OnceLock::new();
    static API: OnceLock<Rows> = OnceLock::new();
    static LEVELS: OnceLock<Rows> = OnceLock::new();
    match standard {
        Standard::Pci => PCI.get_or_init(|| Requirement::all().map(|it| (it.id(), (None, it.title()))).collect()),
        Standard::OwaspApi => API.get_or_init(|| {
            OWASP_API.lines().filter_map(|line| line.split_once(' ')).map(|(id, title)| (id, (None, title))).collect()
        }),
        Standard::Asvs => LEVELS.get_or_init(|| {
            let row = |line: &'static str| {
                let (id, rest) = line.split_once(' ')?;
                let (level, title) = rest.split_once(' ')?;
                Some((id, (level.parse().ok(), title)))
            };
            ASVS.lines().filter_map(row).collect()
        }),
    }
}

/// What a group of a standard is about, in a few words of our own.
#[must_use]
pub fn group_title(standard: Standard, group: &str) -> Option<&'static str> {
    let titles: &[&str] = match standard {
        Standard::Pci => &[
            "Network security controls",
            "Secure configurations",
            "Stored account data",
            "Data in transit over open networks",
            "Malware",
            "Secure development and change",
            "Need to know",
            "Identities and sign-in",
            "Physical access",
            "Logs and monitoring",
            "Tests",
            "Policies and programme",
        ],
        Standard::Asvs => &[
            "Encoding and sanitisation",
            "Validation and business logic",
            "Web front end",
            "API and web service",
            "Files",
            "Authentication",
            "Sessions",
            "Authorisation",
            "Self-contained tokens",
            "OAuth and OpenID Connect",
            "Cryptography",
            "Secure communication",
            "Configuration",
            "Data protection",
            "Secure coding and architecture",
            "Logging and errors",
            "Real-time media",
        ],
        Standard::OwaspApi => &[],
    };
    titles.get(group.parse::<usize>().ok()?.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_standard_is_whole_and_in_its_order() {
        for (standard, count) in [(Standard::Pci, 247), (Standard::OwaspApi, 10), (Standard::Asvs, 345)] {
            let all = entries(standard);
            assert_eq!(all.len(), count, "{standard}");
            let titles: BTreeSet<&str> = all.iter().map(|it| it.title.as_str()).collect();
            assert_eq!(titles.len(), count, "{standard}: each has a title of its own");
            for it in &all {
                assert!(it.title.len() > 5 && it.title.len() <= 70, "{}: {}", it.key, it.title);
                assert_eq!(entry(&it.key).as_ref(), Some(it));
                let grouped = standard == Standard::OwaspApi || group_title(standard, &it.group).is_some();
                assert!(grouped, "{}", it.key);
            }
        }
        let last: Vec<String> = entries(Standard::Pci).iter().rev().take(2).map(|it| it.key.to_string()).collect();
        assert_eq!(last, ["pci:12.10.7", "pci:12.10.6"]);
    }

    #[test]
    fn levels_one_and_two_are_those_that_the_publisher_lists() {
        let published: BTreeSet<(&str, u8)> = include_str!("../../../tests/fixtures/asvs-5.0.txt")
            .lines()
            .filter_map(|line| line.split_once(' '))
            .filter_map(|(id, level)| Some((id, level.parse().ok()?)))
            .collect();
        let all = entries(Standard::Asvs);
        let ours: BTreeSet<(&str, u8)> =
            all.iter().filter_map(|it| Some((it.key.id(), it.level?))).filter(|(_, level)| *level < 3).collect();
        assert_eq!(ours, published);
        assert!(all.iter().all(|it| it.level.is_some_and(|level| (1..=3).contains(&level))));
    }
}
