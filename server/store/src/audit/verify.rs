//! Checks a chain from its first entry to its head.

use std::collections::BTreeSet;
use std::fmt;

use domain::id::WorkspaceId;
use domain::time::Timestamp;

use super::entry::{Entry, NO_HASH};
use super::payload::{Payload, Personal};
use super::{INSTANCE, workspace_chain};
use crate::db::{Tx, row, rows};
use crate::error::StoreError;
use crate::rows::statements;

statements! {
    CHAINS = "SELECT chain FROM chain_head ORDER BY chain";
    WORKSPACES = "SELECT key FROM workspace ORDER BY key";
    HEAD = "SELECT seq, hash FROM chain_head WHERE chain = $1";
    HEADS = "SELECT chain, seq, hash FROM chain_head ORDER BY chain";
    HASH_AT = "SELECT hash FROM audit_entry WHERE chain = $1 AND seq = $2";
    AFTER = "SELECT audit_entry.seq, audit_entry.prev_hash, audit_entry.time, audit_entry.actor_kind, \
        audit_entry.actor_id, audit_entry.session_id, audit_entry.action, audit_entry.object_type, \
        audit_entry.object_key, audit_entry.object_rev, audit_entry.payload_hash, audit_entry.hash, \
        audit_payload.payload FROM audit_entry LEFT JOIN audit_payload \
        ON audit_payload.chain = audit_entry.chain AND audit_payload.seq = audit_entry.seq \
        WHERE audit_entry.chain = $1 AND audit_entry.seq > $2 ORDER BY audit_entry.seq LIMIT 500";
    PERSONAL_BETWEEN = "SELECT seq, salt, value FROM audit_personal WHERE chain = $1 AND seq > $2 AND seq <= $3 \
        ORDER BY seq, number";
}

/// What the check of a chain found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChainVerdict {
    /// Every entry follows from the one before, up to the head.
    Whole {
        /// How many entries there are.
        entries: i64,
    },
    /// This entry, its payload or a personal value of it is not what was written.
    Altered {
        /// The number of the entry.
        sequence: i64,
    },
    /// This entry should be there and is not.
    Missing {
        /// The number of the entry.
        sequence: i64,
    },
    /// There is no such chain.
    NoChain,
    /// It is whole, and ends before an entry that a checkpoint has.
    CutOff {
        /// The number of the entry that the checkpoint has.
        sequence: i64,
    },
    /// It is whole, and this entry is another one than a checkpoint has: all of it was written anew.
    Rewritten {
        /// The number of the entry.
        sequence: i64,
    },
}

/// Where a chain stands: its last entry. No entry has the number 0; its hash then is all zeros.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Head {
    /// The chain: `instance`, or `workspace/` and a key.
    pub chain: String,
    /// The number of the entry.
    pub sequence: i64,
    /// Its hash, in lower-case hexadecimal.
    pub hash: String,
}

impl fmt::Display for ChainVerdict {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole { entries } => write!(out, "whole, {entries} entries"),
            Self::Altered { sequence } => write!(out, "entry {sequence} is not what was written"),
            Self::Missing { sequence } => write!(out, "entry {sequence} is missing"),
            Self::NoChain => out.write_str("there is no such chain"),
            Self::CutOff { sequence } => write!(out, "it ends before entry {sequence}, which a checkpoint has"),
            Self::Rewritten { sequence } => write!(out, "entry {sequence} is not the one that a checkpoint has"),
        }
    }
}

#[derive(sqlx::FromRow)]
struct EntryRow {
    seq: i64,
    prev_hash: String,
    time: i64,
    actor_kind: String,
    actor_id: Option<String>,
    session_id: Option<String>,
    action: String,
    object_type: Option<String>,
    object_key: Option<String>,
    object_rev: Option<i64>,
    payload_hash: String,
    hash: String,
    payload: Option<String>,
}

/// Checks the chain of a workspace, or that of the instance.
pub(crate) async fn verify(tx: &mut Tx, workspace: Option<&WorkspaceId>) -> Result<ChainVerdict, StoreError> {
    let chain = workspace.map_or_else(|| INSTANCE.to_owned(), |key| workspace_chain(key.as_str()));
    one(tx, &chain).await
}

/// Checks every chain that there is or should be, in the order of their names.
pub(crate) async fn all(tx: &mut Tx) -> Result<Vec<(String, ChainVerdict)>, StoreError> {
    let mut names = BTreeSet::from([INSTANCE.to_owned()]);
    names.extend(rows!(tx, (String,), CHAINS)?.into_iter().map(|(chain,)| chain));
    names.extend(rows!(tx, (String,), WORKSPACES)?.into_iter().map(|(key,)| workspace_chain(&key)));
    let mut verdicts = Vec::new();
    for chain in names {
        let verdict = one(tx, &chain).await?;
        verdicts.push((chain, verdict));
    }
    Ok(verdicts)
}

/// Where every chain stands, in the order of their names.
pub(crate) async fn heads(tx: &mut Tx) -> Result<Vec<Head>, StoreError> {
    let heads = rows!(tx, (String, i64, String), HEADS)?;
    Ok(heads.into_iter().map(|(chain, sequence, hash)| Head { chain, sequence, hash }).collect())
}

/// As [`all`], compared with the heads that a checkpoint has. A chain that is broken stays that.
pub(crate) async fn against(tx: &mut Tx, recorded: &[Head]) -> Result<Vec<(String, ChainVerdict)>, StoreError> {
    let mut verdicts = all(tx).await?;
    for head in recorded {
        let verdict = compared(tx, head).await?;
        match verdicts.iter_mut().find(|(chain, _)| *chain == head.chain) {
            None => verdicts.push((head.chain.clone(), ChainVerdict::NoChain)),
            Some((_, found @ ChainVerdict::Whole { .. })) => *found = verdict.unwrap_or(*found),
            Some(_) => {}
        }
    }
    verdicts.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(verdicts)
}

/// What the entry of a recorded head says of its chain; nothing where it is the recorded one.
async fn compared(tx: &mut Tx, head: &Head) -> Result<Option<ChainVerdict>, StoreError> {
    let sequence = head.sequence;
    if sequence == 0 {
        return Ok(None);
    }
    let hash = row!(tx, (String,), HASH_AT, head.chain.as_str(), sequence)?;
    Ok(match hash {
        None => Some(ChainVerdict::CutOff { sequence }),
        Some((hash,)) if hash != head.hash => Some(ChainVerdict::Rewritten { sequence }),
        Some(_) => None,
    })
}

async fn one(tx: &mut Tx, chain: &str) -> Result<ChainVerdict, StoreError> {
    let Some((last, head)) = row!(tx, (i64, String), HEAD, chain)? else {
        return Ok(ChainVerdict::NoChain);
    };
    let (mut checked, mut previous) = (0, NO_HASH.to_owned());
    loop {
        let batch = rows!(tx, EntryRow, AFTER, chain, checked)?;
        let Some(end) = batch.last().map(|row| row.seq) else {
            break;
        };
        let personal = rows!(tx, (i64, Vec<u8>, String), PERSONAL_BETWEEN, chain, checked, end)?;
        for row in batch {
            let sequence = row.seq;
            if sequence != checked + 1 {
                return Ok(ChainVerdict::Missing { sequence: checked + 1 });
            }
            let hash = row.hash.clone();
            let known = personal.iter().filter(|(of, ..)| *of == sequence).collect::<Vec<_>>();
            if row.prev_hash != previous || !is_intact(chain, row, &known) {
                return Ok(ChainVerdict::Altered { sequence });
            }
            (checked, previous) = (sequence, hash);
        }
    }
    Ok(match checked {
        _ if checked < last => ChainVerdict::Missing { sequence: checked + 1 },
        _ if checked > last || previous != head => ChainVerdict::Altered { sequence: checked },
        entries => ChainVerdict::Whole { entries },
    })
}

/// Whether entry, payload and what is left of the personal values belong together.
fn is_intact(chain: &str, row: EntryRow, personal: &[&(i64, Vec<u8>, String)]) -> bool {
    let Some(payload) = row.payload else {
        return false;
    };
    let entry = Entry {
        chain: chain.to_owned(),
        sequence: row.seq,
        previous_hash: row.prev_hash,
        time: Timestamp(row.time),
        actor_kind: row.actor_kind,
        actor_id: row.actor_id,
        session: row.session_id,
        action: row.action,
        object_type: row.object_type,
        object_key: row.object_key,
        object_revision: row.object_rev,
        payload_hash: row.payload_hash,
    };
    entry.hash() == row.hash
        && entry.payload_hash == Payload::hash(&payload)
        && personal.iter().all(|(_, salt, value)| payload.contains(&Personal::hash(salt, value)))
}
