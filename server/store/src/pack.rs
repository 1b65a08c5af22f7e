//! What an evidence pack is made from, as the database has it, and the key that signs it.

pub(crate) mod asked;
mod key;
pub(crate) mod signers;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::backend::incidents::Kept;
use domain::backend::people::Member;
use domain::export::model_file::to_json;
use domain::library::responsibility::VendorMatrix;
use domain::library::{OwnFramework, Position};
use domain::pack::{self, job::PackOrigin};
use domain::review::content::Registered;
use domain::review::seal::{Content, Seal};
use domain::review::statements::Statements;
use domain::schedule::analysis::Analysis;
use domain::snapshot::Snapshot;
use domain::time::{Day, Timestamp};

use crate::acceptance;
use crate::audit::entry::Entry;
use crate::db::{Tx, row, rows};
use crate::entity;
use crate::error::StoreError;
use crate::gate::Permit;
use crate::library;
use crate::live::Live;
use crate::review::sealed::{self, Row};
use crate::risk::{self, setting};
use crate::rows::{Reader, statements};
use crate::schedule;

pub use key::{PackKey, verifies};

statements! {
    /// The entries of the workspace's own chain after one, in order.
    ENTRIES = "SELECT audit_entry.chain, audit_entry.seq, audit_entry.prev_hash, audit_entry.time, \
        audit_entry.actor_kind, audit_entry.actor_id, audit_entry.session_id, audit_entry.action, \
        audit_entry.object_type, audit_entry.object_key, audit_entry.object_rev, audit_entry.payload_hash \
        FROM audit_entry WHERE audit_entry.workspace_id = $1 AND audit_entry.seq > $2 \
        ORDER BY audit_entry.seq LIMIT 500";
    CONTENT = "SELECT content FROM snapshot WHERE workspace_id = $1 AND number = $2";
}

/// The action under which taking a pack away is noted.
pub(crate) const EXPORT: &str = "pack.export";

/// How every action about packs begins.
const ABOUT_PACKS: &str = "pack.";

#[derive(sqlx::FromRow)]
struct EntryRow {
    chain: String,
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
}

/// Where a slice of the audit trail ends.
pub(crate) enum Until<'a> {
    /// At the entry with this hash.
    Head(&'a str),
    /// At the last entry of this instant or before.
    Instant(Timestamp),
    /// Now, without what was last done with packs: each is noted, and would make the next one another.
    Now,
}

/// The entries of the workspace's chain in their canonical form, and the name of the chain.
pub(crate) async fn trail(tx: &mut Tx, permit: &Permit, until: Until<'_>) -> Result<(String, Vec<String>), StoreError> {
    let mut chain = format!("workspace/{}", permit.key());
    let (mut texts, mut after) = (Vec::new(), 0);
    // How many of the texts belong to the slice of now.
    let mut kept = 0;
    loop {
        let batch = rows!(tx, EntryRow, ENTRIES, permit.workspace(), after)?;
        let Some(last) = batch.last().map(|row| row.seq) else { break };
        for row in batch {
            if matches!(until, Until::Instant(at) if row.time > at.0) {
                return Ok((chain, texts));
            }
            let exported = row.action.starts_with(ABOUT_PACKS);
            let entry = entry(row);
            chain.clone_from(&entry.chain);
            texts.push(entry.text());
            if !exported {
                kept = texts.len();
            }
            if matches!(until, Until::Head(head) if entry.hash() == head) {
                return Ok((chain, texts));
            }
        }
        after = last;
    }
    if matches!(until, Until::Now) {
        texts.truncate(kept);
    }
    Ok((chain, texts))
}

fn entry(row: EntryRow) -> Entry {
    Entry {
        chain: row.chain,
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
    }
}

/// A state from which a pack is made.
pub(crate) struct State {
    pub(crate) model: String,
    pub(crate) as_of: Day,
    pub(crate) at: Timestamp,
    pub(crate) sealed: Option<pack::SealedState>,
    pub(crate) register: Registered,
    pub(crate) chain: String,
    pub(crate) trail: Vec<String>,
}

/// What was sealed, with what the seal fixes.
pub(crate) async fn of_seal(tx: &mut Tx, permit: &Permit, row: &Row) -> Result<State, StoreError> {
    let key = row.key.to_string();
    let read = Reader::new("seal", &key);
    let seal: Seal = serde_json::from_str(&row.sealed.content).map_err(|_| read.bad("content"))?;
    let mut contents: BTreeMap<Content, String> = sealed::contents(tx, permit, row).await?;
    // What the seal does not fix somebody else put there; whether the rest is as it was sealed is seen when it is made.
    contents.retain(|kind, _| seal.contents.contains_key(kind));
    let model = contents.get(&Content::Snapshot).cloned().ok_or_else(|| read.bad("snapshot_number"))?;
    let register = contents.get(&Content::Register).and_then(|text| Registered::read(text));
    let register = register.ok_or_else(|| read.bad("register"))?;
    let (chain, trail) = trail(tx, permit, Until::Head(&seal.audit_head)).await?;
    let (as_of, at) = (seal.as_of, seal.sealed_at);
    let sealed = Some(pack::SealedState { sealed: row.sealed.clone(), seal, contents });
    Ok(State { model, as_of, at, sealed, register, chain, trail })
}

/// A snapshot that nobody signed, with the register of now.
pub(crate) async fn of_snapshot(tx: &mut Tx, permit: &Permit, taken: &Snapshot) -> Result<State, StoreError> {
    let key = taken.key.to_string();
    let found = row!(tx, (String,), CONTENT, permit.workspace(), i64::from(taken.key.number()))?;
    let (model,) = found.ok_or_else(|| Reader::new("snapshot", &key).bad("content"))?;
    let (chain, trail) = trail(tx, permit, Until::Instant(taken.taken_at)).await?;
    let register = register(tx, permit).await?;
    Ok(State { model, as_of: taken.day(), at: taken.taken_at, sealed: None, register, chain, trail })
}

/// The state of now, judged as of the beginning of the day, so that it is the same until somebody changes something.
pub(crate) async fn of_now(tx: &mut Tx, permit: &Permit, live: &Live, today: Day) -> Result<State, StoreError> {
    let stored = Arc::clone(&live.model);
    let model = tokio::task::spawn_blocking(move || to_json(&stored)).await?;
    let (chain, trail) = trail(tx, permit, Until::Now).await?;
    let register = register(tx, permit).await?;
    Ok(State { model, as_of: today, at: today.start(), sealed: None, register, chain, trail })
}

/// What a pack is made from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum From {
    /// The last seal; without one the state of now.
    Last,
    /// What somebody chose. Of a snapshot that was sealed, its seal.
    Chosen(PackOrigin),
}

/// The seal that a pack is made from, where it is one.
pub(crate) fn seal_of(chain: Vec<Row>, from: From) -> Option<Row> {
    let mut newest_first = chain.into_iter().rev();
    match from {
        From::Last => newest_first.next(),
        From::Chosen(PackOrigin::Seal(key)) => newest_first.find(|it| it.key == key),
        From::Chosen(PackOrigin::Snapshot(key)) => newest_first.find(|it| it.snapshot == Some(key)),
        From::Chosen(PackOrigin::Now) => None,
    }
}

/// The register as it is.
async fn register(tx: &mut Tx, permit: &Permit) -> Result<Registered, StoreError> {
    let setting = setting::current(tx, permit).await?.register;
    let mut risks: Vec<_> = risk::kept_risks(tx, permit).await?.into_iter().map(|(_, it)| it).collect();
    risks.sort_by_key(|it| it.key);
    let kept = acceptance::all(tx, permit).await?;
    Ok(Registered::of(&setting, risks.iter(), kept.iter().map(|it| &it.acceptance)))
}

/// What people say of the entity and of requirements.
pub(crate) async fn statements(tx: &mut Tx, permit: &Permit) -> Result<Statements, StoreError> {
    let analyses = schedule::list::<Analysis>(tx, permit).await?;
    Ok(Statements {
        entity: entity::current(tx, permit).await?.entity,
        requirements: pack::Requirements {
            positions: kept(library::list(tx, permit, |it: &Position| it.requirement.clone()).await?),
            matrices: kept(library::list(tx, permit, |it: &VendorMatrix| it.vendor.clone()).await?),
            frameworks: kept(library::list(tx, permit, |it: &OwnFramework| it.key.clone()).await?),
            analyses: kept(analyses),
        },
    })
}

fn kept<K: Ord, T>(all: BTreeMap<K, Kept<T>>) -> Vec<T> {
    all.into_values().map(|it| it.value).collect()
}

/// What people had said of them at an instant, as far as the clock tells.
pub(crate) async fn statements_at(tx: &mut Tx, permit: &Permit, at: Timestamp) -> Result<Statements, StoreError> {
    Ok(Statements {
        entity: entity::at(tx, permit, at).await?.entity,
        requirements: pack::Requirements {
            positions: library::list_at(tx, permit, at, |it: &Position| it.requirement.clone()).await?,
            matrices: library::list_at(tx, permit, at, |it: &VendorMatrix| it.vendor.clone()).await?,
            frameworks: library::list_at(tx, permit, at, |it: &OwnFramework| it.key.clone()).await?,
            analyses: schedule::list_at::<Analysis>(tx, permit, at).await?,
        },
    })
}

/// A member as the list of a pack has them.
pub(crate) fn member(it: Member) -> pack::Member {
    let engagement = it.standing.engagement;
    pack::Member {
        name: it.name,
        role: it.standing.role,
        tier: u8::try_from(it.standing.tier.number()).unwrap_or_default(),
        since: engagement.map(|it| it.from),
        until: engagement.map(|it| it.until),
    }
}
