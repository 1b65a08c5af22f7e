//! What is done again and again, and what was tested: schedules, activities and analyses, each a record with its versions.
//! They are no part of the model: changing one makes no revision of it.
//!
//! What was done stands in [`run`], what time did in [`clock`], what happened beside the calendar in [`call`].

pub(crate) mod call;
pub(crate) mod clock;
pub(crate) mod kept;
pub(crate) mod run;

use std::collections::BTreeMap;

use domain::backend::incidents::Kept;
use domain::backend::schedules::ScheduleVersion;
use domain::problem::Problem;
use domain::schedule::analysis::{Analysis, AnalysisKey};
use domain::schedule::assurance::{Activity, ActivityKey};
use domain::schedule::{Schedule, ScheduleKey};
use domain::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use uuid::Uuid;

use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, row, rows, run as carry_out};
use crate::error::{Failure, StoreError};
use crate::execute::Act;
use crate::gate::Permit;
use crate::rows::{Reader, statements};

statements! {
    LIST = "SELECT number, revision, content FROM schedule_record WHERE workspace_id = $1 AND kind = $2 ORDER BY number";
    BY_NUMBER = "SELECT revision, content FROM schedule_record \
        WHERE workspace_id = $1 AND kind = $2 AND number = $3";
    NEXT = "SELECT COALESCE(MAX(number), 0) + 1 FROM schedule_record WHERE workspace_id = $1 AND kind = $2";
    INSERT = "INSERT INTO schedule_record (workspace_id, kind, number, revision, content) VALUES ($1, $2, $3, 1, $4)";
    /// Of two who save at once the second one touches no row.
    UPDATE = "UPDATE schedule_record SET revision = revision + 1, content = $5 \
        WHERE workspace_id = $1 AND kind = $2 AND number = $3 AND revision = $4";
    INSERT_VERSION = "INSERT INTO schedule_record_version \
        (workspace_id, kind, number, revision, changed_at, account_id, content) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    VERSIONS = "SELECT schedule_record_version.revision, schedule_record_version.changed_at, account.name, \
        schedule_record_version.content \
        FROM schedule_record_version LEFT JOIN account ON account.id = schedule_record_version.account_id \
        WHERE schedule_record_version.workspace_id = $1 AND schedule_record_version.kind = $2 \
        AND schedule_record_version.number = $3 ORDER BY schedule_record_version.revision DESC LIMIT $4";
    /// Every version that was there at an instant, the newest of each record last.
    VERSIONS_UNTIL = "SELECT number, content FROM schedule_record_version \
        WHERE workspace_id = $1 AND kind = $2 AND changed_at <= $3 ORDER BY number, revision";
    LAST_BY = "SELECT account_id FROM schedule_record_version \
        WHERE workspace_id = $1 AND kind = $2 AND number = $3 ORDER BY revision DESC LIMIT 1";
}

/// How many of the newest versions of a schedule are shown.
const SHOWN: i64 = 100;

/// What is kept as a record of its own, with its number inside.
pub(crate) trait Record: Serialize + DeserializeOwned + PartialEq + Clone {
    /// Its kind, in the table and in the audit trail.
    const KIND: &'static str;
    /// Puts the number in.
    fn numbered(&mut self, number: u32);
    /// Its number, and its key as people read it.
    fn key(&self) -> (u32, String);
}

impl Record for Schedule {
    const KIND: &'static str = "schedule";
    fn numbered(&mut self, number: u32) {
        self.key = ScheduleKey(number);
    }
    fn key(&self) -> (u32, String) {
        (self.key.0, self.key.to_string())
    }
}

impl Record for Activity {
    const KIND: &'static str = "activity";
    fn numbered(&mut self, number: u32) {
        self.key = ActivityKey(number);
    }
    fn key(&self) -> (u32, String) {
        (self.key.0, self.key.to_string())
    }
}

impl Record for Analysis {
    const KIND: &'static str = "analysis";
    fn numbered(&mut self, number: u32) {
        self.key = AnalysisKey(number);
    }
    fn key(&self) -> (u32, String) {
        (self.key.0, self.key.to_string())
    }
}

/// Every record of a kind, by number.
pub(crate) async fn list<T: Record>(tx: &mut Tx, permit: &Permit) -> Result<BTreeMap<u32, Kept<T>>, StoreError> {
    let mut all = BTreeMap::new();
    for (number, revision, content) in rows!(tx, (i64, i64, String), LIST, permit.workspace(), T::KIND)? {
        all.insert(as_number(number)?, Kept { revision, value: read("schedule_record", number, &content)? });
    }
    Ok(all)
}

/// Every record of a kind as it was at an instant, by number.
pub(crate) async fn list_at<T: Record>(tx: &mut Tx, permit: &Permit, at: Timestamp) -> Result<Vec<T>, StoreError> {
    let mut newest: BTreeMap<i64, String> = BTreeMap::new();
    newest.extend(rows!(tx, (i64, String), VERSIONS_UNTIL, permit.workspace(), T::KIND, at.0)?);
    newest.into_iter().map(|(number, content)| read("schedule_record_version", number, &content)).collect()
}

/// One record, where there is one of that number.
pub(crate) async fn find<T: Record>(tx: &mut Tx, permit: &Permit, number: u32) -> Result<Option<Kept<T>>, StoreError> {
    let number = i64::from(number);
    let found = row!(tx, (i64, String), BY_NUMBER, permit.workspace(), T::KIND, number)?;
    let Some((revision, content)) = found else { return Ok(None) };
    Ok(Some(Kept { revision, value: read("schedule_record", number, &content)? }))
}

/// One record.
pub(crate) async fn one<T: Record>(tx: &mut Tx, permit: &Permit, number: u32) -> Result<Kept<T>, Failure> {
    find(tx, permit, number).await?.ok_or(Failure::Problem(Problem::NotFound))
}

/// The newest versions of a schedule, the newest first.
pub(crate) async fn versions(
    tx: &mut Tx,
    permit: &Permit,
    key: ScheduleKey,
) -> Result<Vec<ScheduleVersion>, StoreError> {
    let (number, mut versions) = (i64::from(key.0), Vec::new());
    let found =
        rows!(tx, (i64, i64, Option<String>, String), VERSIONS, permit.workspace(), Schedule::KIND, number, SHOWN)?;
    for (revision, at, by, content) in found {
        let schedule = read("schedule_record_version", number, &content)?;
        versions.push(ScheduleVersion { revision, at: Timestamp(at), by, schedule });
    }
    Ok(versions)
}

/// Which account saved a record last.
pub(crate) async fn last_by<T: Record>(tx: &mut Tx, permit: &Permit, number: u32) -> Result<Option<Uuid>, StoreError> {
    let found = row!(tx, (Option<Uuid>,), LAST_BY, permit.workspace(), T::KIND, i64::from(number))?;
    Ok(found.and_then(|(account,)| account))
}

/// Adds a record under the next number of its kind.
pub(crate) async fn add<T: Record>(tx: &mut Tx, act: &Act<'_>, mut record: T, action: &str) -> Result<u32, Failure> {
    let workspace = act.permit.workspace();
    let next = row!(tx, (i64,), NEXT, workspace, T::KIND)?.map_or(1, |(next,)| next);
    let number = as_number(next)?;
    record.numbered(number);
    let content = serde_json::to_string(&record)?;
    carry_out!(tx, INSERT, workspace, T::KIND, next, content.as_str())?;
    keep(tx, act, &record, (1, action), &content).await?;
    Ok(number)
}

/// Puts a record in the place of the one with the number; false where nothing is different.
pub(crate) async fn edit<T: Record>(
    tx: &mut Tx,
    act: &Act<'_>,
    (number, before): (u32, &Kept<T>),
    mut record: T,
    action: &str,
) -> Result<bool, Failure> {
    record.numbered(number);
    if before.value == record {
        return Ok(false);
    }
    let workspace = act.permit.workspace();
    let content = serde_json::to_string(&record)?;
    if carry_out!(tx, UPDATE, workspace, T::KIND, i64::from(number), before.revision, content.as_str())? != 1 {
        return Err(Problem::Conflict.into());
    }
    keep(tx, act, &record, (before.revision + 1, action), &content).await?;
    Ok(true)
}

/// Keeps a version, and its entry in the audit trail. What people wrote enters that by its salted hash only.
async fn keep<T: Record>(
    tx: &mut Tx,
    act: &Act<'_>,
    record: &T,
    (revision, action): (i64, &str),
    content: &str,
) -> Result<(), Failure> {
    let Act { permit, actor, now } = *act;
    let (number, key) = record.key();
    let account = permit.account();
    carry_out!(tx, INSERT_VERSION, permit.workspace(), T::KIND, i64::from(number), revision, now.0, account, content)?;
    let payload = Payload::with_personal(&json!({}), &[("after", content)])?;
    let subject = Subject { kind: T::KIND, key: &key, revision: Some(revision) };
    Ok(audit::append(tx, &Chain::Workspace(permit), now, actor, action, Some(&subject), &payload).await?)
}

fn as_number(number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| StoreError::bad_row("schedule_record", "number", number.to_string()))
}

fn read<T: DeserializeOwned>(table: &'static str, number: i64, content: &str) -> Result<T, StoreError> {
    let key = number.to_string();
    serde_json::from_str(content).map_err(|_| Reader::new(table, &key).bad("content"))
}
