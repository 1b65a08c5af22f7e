//! The rows of packs that somebody asked for.

use std::collections::BTreeSet;

use domain::backend::packs::{PackRecord, Released};
use domain::id::AccountId;
use domain::pack::job::{PackNumber, PackState, PackWish};
use domain::pack::scan::Scanned;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::clock::random_key;
use crate::db::{Tx, row, rows, run};
use crate::error::StoreError;
use crate::gate::Permit;
use crate::rows::{Reader, statements};

statements! {
    NEWEST = "SELECT COALESCE(MAX(number), 0) FROM pack WHERE workspace_id = $1";
    INSERT = "INSERT INTO pack (workspace_id, number, file, origin, profile, state, files, total_files, bytes, sha256, \
        scanned, problem, asked_by, asked_at, touched_at, reason, downloads) \
        VALUES ($1, $2, $3, $4, $5, 'waiting', 0, 0, 0, '', '{}', '', $6, $7, $7, '', 0)";
    LIST = "SELECT pack.number, pack.file, pack.origin, pack.profile, pack.state, pack.files, pack.total_files, pack.bytes, \
        pack.sha256, pack.scanned, pack.problem, asker.key AS asked_by, asker.name AS asked_by_name, pack.asked_at, \
        pack.touched_at, releaser.name AS released_by, pack.released_at, pack.reason, pack.downloads FROM pack \
        LEFT JOIN account AS asker ON asker.id = pack.asked_by \
        LEFT JOIN account AS releaser ON releaser.id = pack.released_by \
        WHERE pack.workspace_id = $1 ORDER BY pack.number DESC LIMIT 500";
    ONE = "SELECT pack.number, pack.file, pack.origin, pack.profile, pack.state, pack.files, pack.total_files, pack.bytes, \
        pack.sha256, pack.scanned, pack.problem, asker.key AS asked_by, asker.name AS asked_by_name, pack.asked_at, \
        pack.touched_at, releaser.name AS released_by, pack.released_at, pack.reason, pack.downloads FROM pack \
        LEFT JOIN account AS asker ON asker.id = pack.asked_by \
        LEFT JOIN account AS releaser ON releaser.id = pack.released_by \
        WHERE pack.workspace_id = $1 AND pack.number = $2";
    ASKED_BY = "SELECT asked_by FROM pack WHERE workspace_id = $1 AND number = $2";
    /// Of two who begin at once the second one touches no row.
    BEGIN = "UPDATE pack SET state = 'making', touched_at = $3 \
        WHERE workspace_id = $1 AND number = $2 AND state = 'waiting'";
    WAIT = "UPDATE pack SET touched_at = $3 WHERE workspace_id = $1 AND number = $2 AND state = 'waiting'";
    NOTE = "UPDATE pack SET files = $3, total_files = $4, bytes = $5, touched_at = $6 \
        WHERE workspace_id = $1 AND number = $2 AND state = 'making'";
    FINISH = "UPDATE pack SET state = $3, files = $4, total_files = $4, bytes = $5, sha256 = $6, scanned = $7, \
        touched_at = $8 WHERE workspace_id = $1 AND number = $2 AND state = 'making'";
    END = "UPDATE pack SET state = $3, problem = $4, touched_at = $5 \
        WHERE workspace_id = $1 AND number = $2 AND state IN ('waiting', 'making')";
    RELEASE = "UPDATE pack SET state = 'done', released_by = $3, released_at = $4, reason = $5 \
        WHERE workspace_id = $1 AND number = $2 AND state = 'stopped'";
    TAKE = "UPDATE pack SET downloads = downloads + 1 WHERE workspace_id = $1 AND number = $2 AND state = 'done'";
    FILES = "SELECT file FROM pack";
}

/// After how many seconds without a sign the making of a pack broke off, as a server that ends makes it.
pub(crate) const SILENCE: i64 = 120;

/// What is told of a pack whose making broke off.
pub(crate) const BROKEN_OFF: &str = "The server ended before it was finished. Make it again.";

/// Writes down that somebody asks for a pack.
pub(crate) async fn insert(
    tx: &mut Tx,
    permit: &Permit,
    now: Timestamp,
    wish: &PackWish,
) -> Result<PackNumber, StoreError> {
    let (newest,) = row!(tx, (i64,), NEWEST, permit.workspace())?.unwrap_or_default();
    let number = u32::try_from(newest + 1).map(PackNumber).map_err(|_| StoreError::TooLarge("number"))?;
    let (file, origin) = (random_key::<16>()?, wish.origin.to_string());
    let profile = wish.profile.as_str();
    let (workspace, account) = (permit.workspace(), permit.account());
    run!(tx, INSERT, workspace, newest + 1, file.as_str(), origin.as_str(), profile, account, now.0)?;
    Ok(number)
}

/// The packs, newest first.
pub(crate) async fn list(tx: &mut Tx, permit: &Permit, now: Timestamp) -> Result<Vec<PackRecord>, StoreError> {
    rows!(tx, PackRow, LIST, permit.workspace())?.into_iter().map(|row| row.read(now)).collect()
}

/// One pack.
pub(crate) async fn one(
    tx: &mut Tx,
    permit: &Permit,
    now: Timestamp,
    number: PackNumber,
) -> Result<Option<PackRecord>, StoreError> {
    let found = row!(tx, PackRow, ONE, permit.workspace(), i64::from(number.0))?;
    found.map(|row| row.read(now)).transpose()
}

/// The account that asked for a pack; nobody where the command line did.
pub(crate) async fn asked_by(tx: &mut Tx, permit: &Permit, number: PackNumber) -> Result<Option<Uuid>, StoreError> {
    let found = row!(tx, (Option<Uuid>,), ASKED_BY, permit.workspace(), i64::from(number.0))?;
    Ok(found.and_then(|(account,)| account))
}

/// Begins to make one; false where somebody else does, or nobody waits for it any more.
pub(crate) async fn begin(
    tx: &mut Tx,
    permit: &Permit,
    now: Timestamp,
    number: PackNumber,
) -> Result<bool, StoreError> {
    Ok(run!(tx, BEGIN, permit.workspace(), i64::from(number.0), now.0)? > 0)
}

/// Notes that one still waits; false where nobody waits for it any more.
pub(crate) async fn wait(tx: &mut Tx, permit: &Permit, now: Timestamp, number: PackNumber) -> Result<bool, StoreError> {
    Ok(run!(tx, WAIT, permit.workspace(), i64::from(number.0), now.0)? > 0)
}

/// Notes how many of how many files and how many bytes there are; false where it is not being made any more.
pub(crate) async fn note(
    tx: &mut Tx,
    permit: &Permit,
    now: Timestamp,
    number: PackNumber,
    (files, of, bytes): (usize, usize, u64),
) -> Result<bool, StoreError> {
    let (files, of, bytes) = (whole(files), whole(of), large(bytes));
    Ok(run!(tx, NOTE, permit.workspace(), i64::from(number.0), files, of, bytes, now.0)? > 0)
}

/// What was made.
pub(crate) struct Finished<'a> {
    pub(crate) files: usize,
    pub(crate) bytes: u64,
    pub(crate) sha256: &'a str,
    pub(crate) scanned: &'a Scanned,
}

/// Ends the making with an archive; false where it is not being made any more.
pub(crate) async fn finish(
    tx: &mut Tx,
    permit: &Permit,
    now: Timestamp,
    number: PackNumber,
    made: &Finished<'_>,
) -> Result<bool, StoreError> {
    let state = if made.scanned.stops() { PackState::Stopped } else { PackState::Done };
    let (files, bytes, scanned) = (whole(made.files), large(made.bytes), serde_json::to_string(made.scanned)?);
    let (workspace, key, state) = (permit.workspace(), i64::from(number.0), state.as_str());
    Ok(run!(tx, FINISH, workspace, key, state, files, bytes, made.sha256, scanned.as_str(), now.0)? > 0)
}

/// Ends it without an archive; false where it is ended already.
pub(crate) async fn end(
    tx: &mut Tx,
    permit: &Permit,
    now: Timestamp,
    number: PackNumber,
    (state, problem): (PackState, &str),
) -> Result<bool, StoreError> {
    Ok(run!(tx, END, permit.workspace(), i64::from(number.0), state.as_str(), problem, now.0)? > 0)
}

/// Releases one that was stopped; false where it is not.
pub(crate) async fn release(
    tx: &mut Tx,
    permit: &Permit,
    now: Timestamp,
    number: PackNumber,
    reason: &str,
) -> Result<bool, StoreError> {
    Ok(run!(tx, RELEASE, permit.workspace(), i64::from(number.0), permit.account(), now.0, reason)? > 0)
}

/// Counts that one was taken away; false where it is not finished.
pub(crate) async fn take(tx: &mut Tx, permit: &Permit, number: PackNumber) -> Result<bool, StoreError> {
    Ok(run!(tx, TAKE, permit.workspace(), i64::from(number.0))? > 0)
}

/// The names of all archives, of all workspaces.
pub(crate) async fn files(tx: &mut Tx) -> Result<BTreeSet<String>, StoreError> {
    Ok(rows!(tx, (String,), FILES)?.into_iter().map(|(file,)| file).collect())
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn large(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[derive(sqlx::FromRow)]
struct PackRow {
    number: i64,
    file: String,
    origin: String,
    profile: String,
    state: String,
    files: i64,
    total_files: i64,
    bytes: i64,
    sha256: String,
    scanned: String,
    problem: String,
    asked_by: Option<String>,
    asked_by_name: Option<String>,
    asked_at: i64,
    touched_at: i64,
    released_by: Option<String>,
    released_at: Option<i64>,
    reason: String,
    downloads: i64,
}

impl PackRow {
    fn read(self, now: Timestamp) -> Result<PackRecord, StoreError> {
        let key = self.number.to_string();
        let reader = Reader::new("pack", &key);
        let mut state: PackState = reader.word("state", &self.state)?;
        let mut problem = self.problem;
        if state.is_going_on() && self.touched_at <= now.plus_seconds(-SILENCE).0 {
            state = PackState::Failed;
            BROKEN_OFF.clone_into(&mut problem);
        }
        let count = |column, number: i64| usize::try_from(number).map_err(|_| reader.bad(column));
        let large = |column, number: i64| u64::try_from(number).map_err(|_| reader.bad(column));
        // Nothing is written down before the files were looked through.
        let scanned = match self.scanned.as_str() {
            "{}" => Scanned::default(),
            text => reader.json("scanned", text)?,
        };
        let released = self.released_at.map(|at| Released {
            by: self.released_by.unwrap_or_default(),
            at: Timestamp(at),
            reason: self.reason,
        });
        Ok(PackRecord {
            number: u32::try_from(self.number).map(PackNumber).map_err(|_| reader.bad("number"))?,
            origin: self.origin.parse().map_err(|_| reader.bad("origin"))?,
            profile: reader.word("profile", &self.profile)?,
            files: count("files", self.files)?,
            of: count("total_files", self.total_files)?,
            bytes: large("bytes", self.bytes)?,
            downloads: large("downloads", self.downloads)?,
            file: self.file,
            state,
            sha256: self.sha256,
            scanned,
            problem,
            asked_by: self.asked_by.map(AccountId::new),
            asked_by_name: self.asked_by_name,
            asked_at: Timestamp(self.asked_at),
            released,
        })
    }
}
