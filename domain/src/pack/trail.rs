//! The slice of the audit trail in a pack: one entry a line, in the form that is hashed, so that any tool can follow the
//! chain.
//!
//! The hash of an entry is SHA-256 over `plumbline-audit-v1`, a line feed and the line. Each entry names the hash of the
//! one before. A redacted pack has the hashes only: what is missing is noticed, what an entry says is not told.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::profile::Profile;
use super::table::{Table, or_empty};
use crate::review::canonical::{canonical, hash};
use crate::review::seal::GENESIS;
use crate::time::Timestamp;

/// Where a slice begins and ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// The chain, as checkpoints name it.
    pub chain: String,
    /// The number of the first entry; 0 where there is none.
    pub first: i64,
    /// The number of the last entry; 0 where there is none.
    pub last: i64,
    /// The hash before the first entry.
    pub before: String,
    /// The hash of the last entry.
    pub head: String,
}

/// Something about a slice that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrailFault {
    /// A line, from 1, is no entry.
    Form(usize),
    /// Entries are missing after this one.
    Cut {
        /// The number of the last entry before the gap.
        after: i64,
        /// The number of the next one that is there.
        next: i64,
    },
    /// This entry, or the one before it, is not what was written.
    Altered(i64),
    /// It does not begin with the first entry of its chain.
    Begin,
    /// It ends before, or with another entry than, the one that the pack names.
    End {
        /// The number of the last entry that is there.
        found: i64,
        /// The number of the last entry that should be there.
        last: i64,
    },
}

impl TrailFault {
    /// What is wrong, as one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Form(line) => format!("line {line} is no entry of an audit trail"),
            Self::Cut { after, next } => format!("the entries between {after} and {next} are missing"),
            Self::Altered(sequence) => format!("entry {sequence} does not follow from the one before it"),
            Self::Begin => "it does not begin with its first entry".to_owned(),
            Self::End { found, last } if found < last => {
                format!("its end is cut off: it ends at entry {found}, and should end at entry {last}")
            }
            Self::End { last, .. } => format!("its last entry is not entry {last} as the pack names it"),
        }
    }
}

/// One entry as far as the chain goes.
struct Link {
    sequence: i64,
    previous: String,
    hash: String,
}

impl Span {
    /// The span of entries in their canonical form.
    #[must_use]
    pub fn of(chain: &str, entries: &[String]) -> Self {
        let link = |entry: Option<&String>| entry.and_then(|it| link(it, Profile::Full));
        let (first, last) = (link(entries.first()), link(entries.last()));
        Self {
            chain: chain.to_owned(),
            first: first.as_ref().map_or(0, |it| it.sequence),
            last: last.as_ref().map_or(0, |it| it.sequence),
            before: first.map_or_else(|| GENESIS.to_owned(), |it| it.previous),
            head: last.map_or_else(|| GENESIS.to_owned(), |it| it.hash),
        }
    }
}

/// The hash of an entry in its canonical form.
#[must_use]
pub fn hash_of(entry: &str) -> String {
    hash("plumbline-audit-v1", entry)
}

/// The file: one entry a line.
pub(super) fn file(entries: &[String], profile: Profile) -> String {
    let mut text = String::new();
    for entry in entries {
        match (profile, link(entry, Profile::Full)) {
            (Profile::Redacted, Some(it)) => {
                let shown = json!({ "seq": it.sequence, "prev_hash": it.previous, "hash": it.hash });
                text.push_str(&canonical(&shown));
            }
            _ => text.push_str(entry),
        }
        text.push('\n');
    }
    text
}

/// What the slice says of changes to the model, one a line. A redacted slice says nothing of them.
pub(super) fn changes(text: &str) -> Table {
    let entry = |line: &str| -> Option<Vec<String>> {
        let value: Value = serde_json::from_str(line).ok()?;
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let revision = value.get("object_rev").and_then(Value::as_i64)?;
        Some(vec![
            value.get("seq")?.to_string(),
            Timestamp(value.get("time")?.as_i64()?).to_string(),
            text("actor_kind"),
            text("actor_id"),
            text("action"),
            text("object_type"),
            text("object_key"),
            revision.to_string(),
            text("prev_hash"),
            or_empty(Some(text("payload_hash"))),
        ])
    };
    Table::new(
        &[
            "change_id",
            "time",
            "actor_kind",
            "actor",
            "action",
            "object_type",
            "object",
            "revision",
            "previous_hash",
            "payload_hash",
        ],
        text.lines().filter_map(entry),
    )
}

/// What is wrong with a slice.
#[must_use]
pub fn check(text: &str, span: &Span, profile: Profile) -> Vec<TrailFault> {
    let mut faults = Vec::new();
    let (mut sequence, mut head) = (span.first.saturating_sub(1), span.before.clone());
    let mut begun = false;
    // A pack has a trail from its first entry on: what begins later has lost its beginning.
    if (span.first != 1 && !text.is_empty()) || span.before != GENESIS {
        faults.push(TrailFault::Begin);
    }
    if !text.is_empty() && !text.ends_with('\n') {
        faults.push(TrailFault::Form(text.lines().count()));
    }
    for (number, line) in text.lines().enumerate() {
        let Some(it) = link(line, profile) else {
            faults.push(TrailFault::Form(number + 1));
            continue;
        };
        if !begun && it.sequence != span.first {
            faults.push(TrailFault::Begin);
        } else if begun && Some(it.sequence) != sequence.checked_add(1) {
            faults.push(TrailFault::Cut { after: sequence, next: it.sequence });
        } else if it.previous != head {
            faults.push(TrailFault::Altered(it.sequence));
        }
        begun = true;
        (sequence, head) = (it.sequence, it.hash);
    }
    let found = if begun { sequence } else { 0 };
    if (found, &head) != (span.last, &span.head) {
        faults.push(TrailFault::End { found, last: span.last });
    }
    faults
}

/// The hash of the entry with a number, where the slice has it.
pub(super) fn hash_at(text: &str, profile: Profile, sequence: i64) -> Option<String> {
    text.lines().filter_map(|line| link(line, profile)).find(|it| it.sequence == sequence).map(|it| it.hash)
}

fn link(line: &str, profile: Profile) -> Option<Link> {
    let value: Value = serde_json::from_str(line).ok()?;
    // There is one form, so that no byte of a line is left out of its hash.
    if canonical(&value) != line {
        return None;
    }
    let members = value.as_object()?;
    let text = |name: &str| members.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    let (sequence, previous) = (members.get("seq")?.as_i64()?, text("prev_hash")?);
    let hash = match profile {
        Profile::Redacted if members.len() == 3 => text("hash")?,
        Profile::Redacted => return None,
        Profile::Full | Profile::Auditor => hash_of(line),
    };
    Some(Link { sequence, previous, hash })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A chain of so many entries.
    pub(in crate::pack) fn entries(count: i64) -> Vec<String> {
        let mut entries: Vec<String> = Vec::new();
        for sequence in 1..=count {
            let previous = entries.last().map_or_else(|| GENESIS.to_owned(), |it| hash_of(it));
            entries.push(canonical(&json!({
                "chain_id": "workspace/shop", "seq": sequence, "prev_hash": previous, "time": sequence * 1_000_000,
                "actor_kind": "account", "actor_id": "a1", "session_or_token_id": null, "action": "model.execute",
                "object_type": "system", "object_key": "checkout", "object_rev": sequence,
                "payload_hash": GENESIS,
            })));
        }
        entries
    }

    #[test]
    fn a_slice_is_checked_from_its_lines_alone() {
        let all = entries(5);
        let span = Span::of("workspace/shop", &all);
        for profile in Profile::ALL {
            assert_eq!(check(&file(&all, *profile), &span, *profile), []);
            let cut: Vec<String> = [&all[..2], &all[3..]].concat();
            assert_eq!(check(&file(&cut, *profile), &span, *profile), [TrailFault::Cut { after: 2, next: 4 }]);
            assert_eq!(check(&file(&all[..4], *profile), &span, *profile), [TrailFault::End { found: 4, last: 5 }]);
            assert_eq!(check(&file(&all[1..], *profile), &span, *profile), [TrailFault::Begin]);
        }
        let changed = file(&all, Profile::Full).replacen("\"time\":3000000", "\"time\":3000001", 1);
        assert_eq!(check(&changed, &span, Profile::Full), [TrailFault::Altered(4)]);
        assert_eq!(check("", &Span::of("workspace/shop", &[]), Profile::Full), []);
        assert_eq!(changes(&file(&all, Profile::Full)).rows.len(), 5);
    }
}
