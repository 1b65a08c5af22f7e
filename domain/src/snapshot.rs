//! Snapshots: a model at one instant, as bytes that never change, with the hash that names them.
//!
//! The bytes are those of the canonical model file, so that whoever has the file can compute the hash with any tool and
//! run the engine again.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::command::Revision;
use crate::export::model_file::to_json;
use crate::model::Model;
use crate::model::card_number::looks_like_card_number;
use crate::model::reader::read_json;
use crate::problem::{FieldCode, Problem};
use crate::review::{ReviewKey, SealKey};
use crate::scope::verdict::{Category, Scope};
use crate::time::{Day, Timestamp};

/// Longest name of a snapshot, in characters.
pub const SNAPSHOT_NAME_MAX: usize = 80;

/// The largest number that a key may have.
const NUMBER_MAX: u32 = 999_999_999;

/// How a snapshot is known in its workspace: `snap-1` is the first that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SnapshotKey(u32);

impl SnapshotKey {
    /// The key with this number; `None` where no snapshot can have it.
    #[must_use]
    pub const fn of_number(number: u32) -> Option<Self> {
        if number > 0 && number <= NUMBER_MAX { Some(Self(number)) } else { None }
    }

    /// The number, from 1.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

impl fmt::Display for SnapshotKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "snap-{}", self.0)
    }
}

/// A text is not the key of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a snapshot is written snap-1, snap-2 and so on")]
pub struct NoSnapshotKey;

impl FromStr for SnapshotKey {
    type Err = NoSnapshotKey;

    fn from_str(text: &str) -> Result<Self, NoSnapshotKey> {
        let digits = text.strip_prefix("snap-").filter(|it| it.bytes().all(|byte| byte.is_ascii_digit()));
        let number = digits.filter(|it| !it.starts_with('0')).and_then(|it| it.parse().ok());
        number.and_then(Self::of_number).ok_or(NoSnapshotKey)
    }
}

/// A snapshot that was taken, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The key.
    pub key: SnapshotKey,
    /// What people call it.
    pub name: String,
    /// When it was taken. Dates in the model are judged as of its day.
    pub taken_at: Timestamp,
    /// Who took it, as a name; `None` where no person did, or where they are gone.
    pub taken_by: Option<String>,
    /// The revision of the model.
    pub revision: Revision,
    /// SHA-256 over the canonical model file, in hexadecimal.
    pub hash: String,
    /// What was in it.
    pub summary: Summary,
    /// The seal that fixes it, and the review in which it was signed, where it was.
    pub signed: Option<SignedIn>,
}

/// In what a snapshot was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedIn {
    /// The seal.
    pub seal: SealKey,
    /// The review.
    pub review: ReviewKey,
}

impl Snapshot {
    /// The day as of which its dates are judged.
    #[must_use]
    pub fn day(&self) -> Day {
        self.taken_at.day()
    }
}

/// What a model holds, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Systems.
    pub systems: u64,
    /// Flows.
    pub flows: u64,
    /// Fields on flows and elements on systems.
    pub fields: u64,
    /// Systems by category, without those that nothing is in.
    pub categories: BTreeMap<Category, u64>,
}

impl Summary {
    /// The numbers of a model and the scope that follows from it.
    #[must_use]
    pub fn of(model: &Model, scope: &Scope) -> Self {
        let held = model.systems.values().map(|it| it.holdings.len());
        let sent = model.flows.values().map(|it| it.fields.len());
        let mut categories: BTreeMap<Category, u64> = BTreeMap::new();
        for verdict in scope.systems.values() {
            *categories.entry(verdict.category).or_default() += 1;
        }
        let fields = held.chain(sent).map(|it| it as u64).sum();
        Self { systems: model.systems.len() as u64, flows: model.flows.len() as u64, fields, categories }
    }
}

/// The bytes of a snapshot, with their hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// The canonical model file.
    pub content: String,
    /// Its SHA-256 in hexadecimal.
    pub hash: String,
}

/// Why a model cannot be taken out of the bytes of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Damaged {
    /// The bytes are not those that were hashed.
    #[error("the content does not have the hash under which it was taken")]
    OtherHash,
    /// The bytes are no model file, or one that loses something when it is read.
    #[error("the content is not read as the model that was written")]
    Unreadable,
}

/// The model as it is stored, made into bytes that give the same model again.
///
/// # Errors
/// `Unreadable` where they would not: a snapshot that cannot be opened as it was is worse than none.
pub fn freeze(stored: &Model) -> Result<Frozen, Damaged> {
    let content = to_json(stored);
    let hash = hash_of(&content);
    match thaw(&content, &hash)? {
        same if same == *stored => Ok(Frozen { content, hash }),
        _ => Err(Damaged::Unreadable),
    }
}

/// The model in the bytes of a snapshot.
///
/// # Errors
/// The bytes do not have the hash, or are no model.
pub fn thaw(content: &str, hash: &str) -> Result<Model, Damaged> {
    if hash_of(content) != hash {
        return Err(Damaged::OtherHash);
    }
    read_json(content.as_bytes()).map(|(model, _)| model).map_err(|_| Damaged::Unreadable)
}

/// The name of a snapshot as a form states it.
///
/// # Errors
/// `Invalid` with the field `name`.
pub fn name_from_form(text: &str) -> Result<String, Problem> {
    let name = text.trim();
    let refused = |code| Err(Problem::field("name", code));
    if name.is_empty() {
        refused(FieldCode::Missing)
    } else if name.chars().count() > SNAPSHOT_NAME_MAX {
        refused(FieldCode::TooLong(80))
    } else if name.chars().any(char::is_control) {
        refused(FieldCode::ControlCharacter)
    } else if looks_like_card_number(name) {
        refused(FieldCode::CardNumber)
    } else {
        Ok(name.to_owned())
    }
}

fn hash_of(content: &str) -> String {
    hex::encode(Sha256::digest(content.as_bytes()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::sample::sample;
    use crate::scope::compute;

    const TODAY: &str = "2026-11-21";

    fn model() -> Model {
        let mut model = Model::default();
        sample(TODAY.parse().unwrap()).into_iter().for_each(|object| model.put(object));
        model
    }

    #[test]
    fn what_was_taken_is_read_as_the_same_model_from_the_same_bytes() {
        let model = model();
        let frozen = freeze(&model).unwrap();
        assert_eq!(freeze(&model).unwrap(), frozen);
        assert_eq!(thaw(&frozen.content, &frozen.hash).unwrap(), model);
        assert_eq!(frozen.hash.len(), 64);
    }

    #[test]
    fn a_byte_that_changed_is_noticed() {
        let frozen = freeze(&model()).unwrap();
        let other = frozen.content.replacen("checkout", "Checkout", 1);
        assert_ne!(other, frozen.content);
        assert_eq!(thaw(&other, &frozen.hash), Err(Damaged::OtherHash));
        assert_eq!(thaw("no model", &hash_of("no model")), Err(Damaged::Unreadable));
    }

    #[test]
    fn the_summary_counts_every_system_in_one_category() {
        let model = model().as_of(TODAY.parse().unwrap());
        let summary = Summary::of(&model, &compute(&model));
        assert_eq!(summary.categories.values().sum::<u64>(), summary.systems);
        assert!(summary.flows > 0 && summary.fields > summary.flows);
        let kept = serde_json::to_string(&summary).unwrap();
        assert_eq!(serde_json::from_str::<Summary>(&kept).unwrap(), summary);
    }

    #[test]
    fn a_key_is_written_in_one_way_only() {
        let key: SnapshotKey = "snap-14".parse().unwrap();
        assert_eq!((key.number(), key.to_string().as_str()), (14, "snap-14"));
        for text in ["", "14", "snap-", "snap-0", "snap-014", "snap--1", "snap-4111111111111111", "Snap-1", "snap-1 "] {
            assert_eq!(text.parse::<SnapshotKey>(), Err(NoSnapshotKey), "{text}");
        }
    }

    #[test]
    fn a_name_is_short_and_never_a_card_number() {
        assert_eq!(name_from_form(" Before the move ").unwrap(), "Before the move");
        for bad in ["", "  ", "a\nb", &"x".repeat(81), "4111 1111 1111 1111"] {
            assert!(name_from_form(bad).is_err(), "{bad}");
        }
    }
}
