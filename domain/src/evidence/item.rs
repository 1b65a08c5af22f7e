//! An evidence item: what it proves, and every version of it with the hash of its file.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::draft::About;
use super::file::{FileName, Sha256, WebLink};
use super::media::MediaType;
use crate::id::PersonId;
use crate::library::reference::{EvidenceKey, RequirementKey};
use crate::model::object::ObjectRef;
use crate::problem::{FieldCode, Problem};
use crate::review::ReviewKey;
use crate::risk::acceptance::months_later;
use crate::text::text_enum;
use crate::time::{Day, Timestamp};

/// So many days before an item ends it is told of.
pub const SOON_DAYS: i32 = 30;
/// After so many months an item without an end counts as old.
pub const OLD_MONTHS: u32 = 12;

/// An evidence item. Its versions are never changed and never empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The key.
    pub key: EvidenceKey,
    /// What people call it.
    pub title: String,
    /// What an assessor should know about it.
    pub note: String,
    /// What it proves.
    pub proves: Proves,
    /// Its versions, the first first.
    pub versions: Vec<Version>,
    /// What keeps it as it is, for a court or an authority.
    pub hold: Option<Hold>,
    /// It is no longer shown as evidence. Packs that have it keep it.
    pub withdrawn: Option<Withdrawal>,
}

/// What an item proves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proves {
    /// The requirements.
    pub requirements: BTreeSet<RequirementKey>,
    /// The objects of the model that it is about.
    pub objects: BTreeSet<ObjectRef>,
    /// The review that it belongs to.
    pub review: Option<ReviewKey>,
}

/// One version: what was collected once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Its number, from 1.
    pub number: u32,
    /// Where it is.
    pub source: Source,
    /// The day on which it was collected.
    pub collected: Day,
    /// The first day of the time that it covers.
    pub covers_from: Option<Day>,
    /// The last day of the time that it covers.
    pub covers_until: Option<Day>,
    /// The last day on which it may be relied on; absent where nobody said.
    pub expires: Option<Day>,
    /// Who collected it.
    pub collector: Option<PersonId>,
    /// When it was kept here.
    pub added: Timestamp,
}

/// Where a version is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A file that is kept here.
    File(StoredFile),
    /// An address elsewhere. What is behind it can change, so it proves less.
    Link(WebLink),
}

/// A file that is kept here, by its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// Its name as it was given.
    pub name: FileName,
    /// What it is.
    pub media: MediaType,
    /// How large it is, in bytes.
    pub bytes: u64,
    /// The hash of its content.
    pub sha256: Sha256,
}

/// What keeps an item as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Why.
    pub reason: String,
    /// Who said so.
    pub by: PersonId,
    /// Since when.
    pub since: Timestamp,
}

/// That an item is no longer shown as evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// Why.
    pub reason: String,
    /// Who said so.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

text_enum! {
    /// How fresh an item is on a day, what needs somebody first.
    State {
        Expired = "expired": "Expired",
        Soon = "soon": "Expires soon",
        /// Nobody said when it ends, and it was collected long ago.
        Old = "old": "Older than a year",
        Fresh = "fresh": "Current",
        Withdrawn = "withdrawn": "Withdrawn",
    }
}

/// What people do about an item that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemChange {
    /// They say what it is about.
    About(About),
    /// They add a version.
    Add(Version),
    /// They put a legal hold on it, for a reason.
    Hold(String),
    /// They lift the hold.
    Lift,
    /// They take it out of what is shown, for a reason.
    Withdraw(String),
}

impl ItemChange {
    /// The word of the audit trail.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::About(_) => "item.edit",
            Self::Add(_) => "item.version",
            Self::Hold(_) => "item.hold",
            Self::Lift => "item.lift",
            Self::Withdraw(_) => "item.withdraw",
        }
    }

    /// Carries it out.
    ///
    /// # Errors
    /// `Invalid` with the field `file` where the last version is the same, `reason` where none is given, and `step` where the
    /// item does not stand so that this can be done.
    pub fn apply(self, item: &mut Item, by: &PersonId, at: Timestamp) -> Result<(), Problem> {
        let done = match self {
            Self::About(about) => {
                about.onto(item);
                Ok(())
            }
            Self::Add(version) => item.add(version),
            Self::Hold(reason) => item.put_on_hold(&reason, by, at),
            Self::Lift => item.lift_hold(),
            Self::Withdraw(reason) => item.withdraw(&reason, by, at),
        };
        done.map_err(|code| match code {
            FieldCode::Taken => Problem::field("file", code),
            FieldCode::Missing => Problem::field("reason", code),
            _ => Problem::field("step", code),
        })
    }
}

/// How fresh an item is on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freshness {
    /// How fresh.
    pub state: State,
    /// The last day on which it is current: the day that somebody said, or a year after it was collected.
    pub until: Day,
}

impl Freshness {
    /// Whether it may be relied on.
    #[must_use]
    pub const fn is_current(self) -> bool {
        matches!(self.state, State::Soon | State::Fresh)
    }
}

impl Version {
    /// The last day on which it is current: the day that somebody said, or a year after it was collected.
    #[must_use]
    pub fn current_until(&self) -> Day {
        self.expires.unwrap_or_else(|| months_later(self.collected, OLD_MONTHS))
    }

    /// The file, where it is one.
    #[must_use]
    pub const fn file(&self) -> Option<&StoredFile> {
        match &self.source {
            Source::File(file) => Some(file),
            Source::Link(_) => None,
        }
    }

    /// Whether it covers a day; a time of which nobody said the beginning or the end goes on.
    #[must_use]
    pub fn covers(&self, day: Day) -> bool {
        self.covers_from.is_none_or(|from| from <= day) && self.covers_until.is_none_or(|until| day <= until)
    }
}

impl Item {
    /// An item with its first version. Its key is given when it is kept.
    #[must_use]
    pub fn new(title: String, proves: Proves, first: Version) -> Self {
        Self {
            key: EvidenceKey(0),
            title,
            note: String::new(),
            proves,
            versions: vec![Version { number: 1, ..first }],
            hold: None,
            withdrawn: None,
        }
    }

    /// The version that counts: the last one. `None` of an item that was read without any, which none is.
    #[must_use]
    pub fn latest(&self) -> Option<&Version> {
        self.versions.last()
    }

    /// The version with this file: what a pack of then points to.
    #[must_use]
    pub fn with_hash(&self, sha256: Sha256) -> Option<&Version> {
        self.versions.iter().find(|it| it.file().is_some_and(|file| file.sha256 == sha256))
    }

    /// Adds a version; the earlier ones stay as they are.
    ///
    /// # Errors
    /// `Taken` where the last version is the same file or address, `NotInThisState` of an item that was withdrawn.
    pub fn add(&mut self, version: Version) -> Result<(), FieldCode> {
        if self.withdrawn.is_some() {
            return Err(FieldCode::NotInThisState);
        }
        let same = |last: &Version| match (&last.source, &version.source) {
            (Source::File(last), Source::File(next)) => last.sha256 == next.sha256,
            // What is behind an address can change, so the same one can be looked at again.
            (Source::Link(last), Source::Link(next)) => last == next && version.collected <= self.collected(),
            _ => false,
        };
        if self.latest().is_some_and(same) {
            return Err(FieldCode::Taken);
        }
        let number = self.latest().map_or(1, |it| it.number + 1);
        self.versions.push(Version { number, ..version });
        Ok(())
    }

    fn collected(&self) -> Day {
        self.latest().map_or(Day(i32::MIN), |it| it.collected)
    }

    /// Puts a legal hold on it.
    ///
    /// # Errors
    /// `NotInThisState` where there is one already, `Missing` without a reason.
    pub fn put_on_hold(&mut self, reason: &str, by: &PersonId, at: Timestamp) -> Result<(), FieldCode> {
        if self.hold.is_some() {
            return Err(FieldCode::NotInThisState);
        }
        self.hold = Some(Hold { reason: needed(reason)?, by: by.clone(), since: at });
        Ok(())
    }

    /// Lifts the legal hold.
    ///
    /// # Errors
    /// `NotInThisState` where there is none.
    pub fn lift_hold(&mut self) -> Result<(), FieldCode> {
        self.hold.take().map(drop).ok_or(FieldCode::NotInThisState)
    }

    /// Takes it out of what is shown as evidence. Nothing of it is deleted.
    ///
    /// # Errors
    /// `OnHold` under a legal hold, `NotInThisState` where it was withdrawn already, `Missing` without a reason.
    pub fn withdraw(&mut self, reason: &str, by: &PersonId, at: Timestamp) -> Result<(), FieldCode> {
        if self.hold.is_some() {
            return Err(FieldCode::OnHold);
        }
        if self.withdrawn.is_some() {
            return Err(FieldCode::NotInThisState);
        }
        self.withdrawn = Some(Withdrawal { reason: needed(reason)?, by: by.clone(), at });
        Ok(())
    }

    /// How fresh it is on a day.
    #[must_use]
    pub fn freshness(&self, today: Day) -> Freshness {
        let Some(version) = self.latest() else { return Freshness { state: State::Expired, until: Day(0) } };
        let until = version.current_until();
        let state = if self.withdrawn.is_some() {
            State::Withdrawn
        } else if until < today {
            if version.expires.is_some() { State::Expired } else { State::Old }
        } else if until <= today.plus_days(SOON_DAYS) {
            State::Soon
        } else {
            State::Fresh
        };
        Freshness { state, until }
    }

    /// The first day after a day on which its freshness changes by the passing of time alone.
    #[must_use]
    pub fn next_change(&self, today: Day) -> Option<Day> {
        let until = self.freshness(today).until;
        [until.plus_days(-SOON_DAYS), until.plus_days(1)].into_iter().find(|it| *it > today && self.withdrawn.is_none())
    }
}

fn needed(reason: &str) -> Result<String, FieldCode> {
    let reason = reason.trim();
    if reason.is_empty() { Err(FieldCode::Missing) } else { Ok(reason.to_owned()) }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
pub(super) mod tests {
    use super::*;

    pub(in crate::evidence) fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    pub(in crate::evidence) fn version(collected: &str, hash: u8) -> Version {
        let file = StoredFile {
            name: FileName::parse("scan.pdf").unwrap(),
            media: MediaType::Pdf,
            bytes: 10,
            sha256: Sha256::of_bytes([hash; 32]),
        };
        Version {
            number: 0,
            source: Source::File(file),
            collected: day(collected),
            covers_from: None,
            covers_until: None,
            expires: None,
            collector: None,
            added: Timestamp(0),
        }
    }

    pub(in crate::evidence) fn item() -> Item {
        Item::new("Scan".to_owned(), Proves::default(), version("2026-01-10", 1))
    }

    #[test]
    fn an_old_hash_is_found_after_a_new_version() {
        let mut it = item();
        assert_eq!(it.add(version("2026-04-10", 1)), Err(FieldCode::Taken));
        it.add(version("2026-04-10", 2)).unwrap();
        let numbers: Vec<u32> = it.versions.iter().map(|it| it.number).collect();
        assert_eq!(numbers, [1, 2]);
        assert_eq!(it.with_hash(Sha256::of_bytes([1; 32])).unwrap().number, 1);
        assert_eq!(it.latest().unwrap().number, 2);
        it.add(version("2026-05-10", 1)).unwrap();
        assert_eq!(it.versions.len(), 3, "what was current once can be current again");
        it.key = EvidenceKey(7);
        let text = serde_json::to_string(&it).unwrap();
        assert_eq!(serde_json::from_str::<Item>(&text).unwrap(), it);
    }

    #[test]
    fn an_item_ages_with_the_day_that_is_asked() {
        let mut it = item();
        let state = |it: &Item, on: &str| it.freshness(day(on)).state;
        assert_eq!(state(&it, "2026-12-10"), State::Fresh);
        assert_eq!(state(&it, "2026-12-11"), State::Soon);
        assert_eq!(state(&it, "2027-01-10"), State::Soon);
        assert_eq!(state(&it, "2027-01-11"), State::Old);
        it.versions[0].expires = Some(day("2026-03-31"));
        assert_eq!(state(&it, "2026-02-28"), State::Fresh);
        assert_eq!(state(&it, "2026-03-01"), State::Soon);
        assert_eq!(state(&it, "2026-04-01"), State::Expired);
        assert_eq!(it.next_change(day("2026-02-01")), Some(day("2026-03-01")));
        assert_eq!(it.next_change(day("2026-03-01")), Some(day("2026-04-01")));
        assert_eq!(it.next_change(day("2026-04-01")), None);
    }

    #[test]
    fn a_legal_hold_keeps_an_item() {
        let mut it = item();
        let by = PersonId::new("a");
        assert_eq!(it.put_on_hold(" ", &by, Timestamp(1)), Err(FieldCode::Missing));
        it.put_on_hold("Court order", &by, Timestamp(1)).unwrap();
        assert_eq!(it.withdraw("Wrong file", &by, Timestamp(2)), Err(FieldCode::OnHold));
        it.lift_hold().unwrap();
        assert_eq!(it.lift_hold(), Err(FieldCode::NotInThisState));
        it.withdraw("Wrong file", &by, Timestamp(3)).unwrap();
        assert_eq!(it.freshness(day("2026-01-11")).state, State::Withdrawn);
        assert_eq!(it.add(version("2026-05-10", 9)), Err(FieldCode::NotInThisState));
    }

    #[test]
    fn what_cannot_be_done_is_told_beside_its_field() {
        let mut it = item();
        let mut apply = |change: ItemChange| change.apply(&mut it, &PersonId::new("lead"), Timestamp(1));
        assert_eq!(apply(ItemChange::Lift), Err(Problem::field("step", FieldCode::NotInThisState)));
        assert_eq!(apply(ItemChange::Hold(String::new())), Err(Problem::field("reason", FieldCode::Missing)));
        assert_eq!(apply(ItemChange::Add(version("2026-01-11", 1))), Err(Problem::field("file", FieldCode::Taken)));
        assert_eq!(apply(ItemChange::Withdraw("Wrong".to_owned())), Ok(()));
    }

    #[test]
    fn a_version_covers_its_time() {
        let mut it = version("2026-01-10", 1);
        assert!(it.covers(day("2020-01-01")));
        it.covers_from = Some(day("2026-01-01"));
        it.covers_until = Some(day("2026-03-31"));
        assert!(it.covers(day("2026-03-31")) && !it.covers(day("2026-04-01")) && !it.covers(day("2025-12-31")));
    }
}
