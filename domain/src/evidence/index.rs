//! The evidence at one moment: which version of which item counts, with the hash of its file. What a seal fixes, and what
//! a pack lists.

use serde::{Deserialize, Serialize};

use super::item::{Item, Proves, Source, StoredFile, Version};
use crate::library::reference::EvidenceKey;
use crate::review::canonical::canonical;
use crate::time::{Day, Timestamp};

/// The evidence at one moment, by key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// The items that were shown then.
    pub items: Vec<Entry>,
}

/// One item in the version that counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The key of the item.
    pub key: EvidenceKey,
    /// The number of the version.
    pub version: u32,
    /// What people call the item.
    pub title: String,
    /// What it proves.
    pub proves: Proves,
    /// Where the version is.
    pub source: Source,
    /// The day on which it was collected.
    pub collected: Day,
    /// The first day of the time that it covers.
    pub covers_from: Option<Day>,
    /// The last day of the time that it covers.
    pub covers_until: Option<Day>,
    /// The last day on which it may be relied on.
    pub expires: Option<Day>,
}

impl Entry {
    fn of(item: &Item, version: &Version) -> Self {
        Self {
            key: item.key,
            version: version.number,
            title: item.title.clone(),
            proves: item.proves.clone(),
            source: version.source.clone(),
            collected: version.collected,
            covers_from: version.covers_from,
            covers_until: version.covers_until,
            expires: version.expires,
        }
    }

    /// The file, where it is one.
    #[must_use]
    pub const fn file(&self) -> Option<&StoredFile> {
        match &self.source {
            Source::File(file) => Some(file),
            Source::Link(_) => None,
        }
    }
}

impl Index {
    /// The items as they were at a moment: in the last version that was kept by then, without those that were withdrawn
    /// by then. What an item is about is told as it is now.
    #[must_use]
    pub fn of<'i>(items: impl IntoIterator<Item = &'i Item>, at: Timestamp) -> Self {
        let shown = |item: &&Item| item.withdrawn.as_ref().is_none_or(|it| it.at > at);
        let entry = |item: &Item| {
            let version = item.versions.iter().rev().find(|it| it.added <= at)?;
            Some(Entry::of(item, version))
        };
        let mut items: Vec<Entry> = items.into_iter().filter(shown).filter_map(entry).collect();
        items.sort_by_key(|it| it.key);
        Self { items }
    }

    /// The files that it names, by item.
    pub fn files(&self) -> impl Iterator<Item = (EvidenceKey, &StoredFile)> {
        self.items.iter().filter_map(|it| Some((it.key, it.file()?)))
    }

    /// The canonical bytes.
    #[must_use]
    pub fn bytes(&self) -> String {
        canonical(self)
    }

    /// What [`Self::bytes`] wrote; `None` for anything else.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::evidence::item::tests::{item, version};
    use crate::id::PersonId;
    use crate::library::reference::RequirementKey;

    #[test]
    fn an_index_names_the_version_of_its_moment() {
        let mut first = item();
        first.key = EvidenceKey(2);
        first.versions[0].added = Timestamp(10);
        first.proves.requirements.insert(RequirementKey::pci("11.3.2").unwrap());
        first.add(Version { added: Timestamp(20), ..version("2026-04-10", 2) }).unwrap();
        let mut other = item();
        other.key = EvidenceKey(1);
        other.versions[0].added = Timestamp(15);
        other.withdraw("Wrong file", &PersonId::new("lead"), Timestamp(18)).unwrap();
        let all = [first, other];
        let named = |at| -> Vec<(u32, u32)> {
            Index::of(&all, Timestamp(at)).items.iter().map(|it| (it.key.0, it.version)).collect()
        };
        assert_eq!(named(9), []);
        assert_eq!(named(15), [(1, 1), (2, 1)]);
        assert_eq!(named(18), [(2, 1)]);
        assert_eq!(named(20), [(2, 2)]);
        let index = Index::of(&all, Timestamp(20));
        assert_eq!(index.files().next().unwrap().1.sha256, all[0].versions[1].file().unwrap().sha256);
        assert_eq!(Index::read(&index.bytes()), Some(index));
        assert_eq!(Index::read(r#"{"items":[],"more":1}"#), None);
    }
}
