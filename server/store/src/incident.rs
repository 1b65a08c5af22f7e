//! Incidents and what is prepared for them: each a record with its versions. They are no part of the model: no engine
//! reads them, and changing one makes no revision of the model.

use std::collections::BTreeMap;

use domain::backend::incidents::{IncidentVersion, Kept};
use domain::incident::playbook::{Drill, Playbook};
use domain::incident::{Incident, IncidentKey, Preparation};
use domain::problem::Problem;
use domain::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, row, rows, run};
use crate::error::{Failure, StoreError};
use crate::execute::Act;
use crate::gate::Permit;
use crate::rows::{Reader, statements};

statements! {
    LIST = "SELECT number, revision, content FROM incident_record WHERE workspace_id = $1 AND kind = $2 ORDER BY number";
    BY_NUMBER = "SELECT revision, content FROM incident_record \
        WHERE workspace_id = $1 AND kind = $2 AND number = $3";
    NEXT = "SELECT COALESCE(MAX(number), 0) + 1 FROM incident_record WHERE workspace_id = $1 AND kind = $2";
    INSERT = "INSERT INTO incident_record (workspace_id, kind, number, revision, content) VALUES ($1, $2, $3, 1, $4)";
    /// Of two who save at once the second one touches no row.
    UPDATE = "UPDATE incident_record SET revision = revision + 1, content = $5 \
        WHERE workspace_id = $1 AND kind = $2 AND number = $3 AND revision = $4";
    INSERT_VERSION = "INSERT INTO incident_record_version \
        (workspace_id, kind, number, revision, changed_at, account_id, content) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    VERSIONS = "SELECT incident_record_version.revision, incident_record_version.changed_at, account.name, \
        incident_record_version.content \
        FROM incident_record_version LEFT JOIN account ON account.id = incident_record_version.account_id \
        WHERE incident_record_version.workspace_id = $1 AND incident_record_version.kind = $2 \
        AND incident_record_version.number = $3 ORDER BY incident_record_version.revision DESC LIMIT $4";
}

/// How many of the newest versions of an incident are shown.
const SHOWN: i64 = 100;

/// The number of the one record of duties.
const DUTIES: i64 = 1;

/// What is kept as a record of its own, with its number inside.
pub(crate) trait Record: Serialize + DeserializeOwned + PartialEq {
    /// Its kind, in the table and in the audit trail.
    const KIND: &'static str;
    /// Puts the number in.
    fn numbered(&mut self, number: u32);
}

impl Record for Incident {
    const KIND: &'static str = "incident";
    fn numbered(&mut self, number: u32) {
        self.key = IncidentKey(number);
    }
}

impl Record for Preparation {
    const KIND: &'static str = "duties";
    fn numbered(&mut self, _: u32) {}
}

impl Record for Playbook {
    const KIND: &'static str = "playbook";
    fn numbered(&mut self, number: u32) {
        self.number = number;
    }
}

impl Record for Drill {
    const KIND: &'static str = "drill";
    fn numbered(&mut self, number: u32) {
        self.number = number;
    }
}

/// Every record of a kind, by number.
pub(crate) async fn list<T: Record>(tx: &mut Tx, permit: &Permit) -> Result<BTreeMap<u32, Kept<T>>, StoreError> {
    let mut all = BTreeMap::new();
    for (number, revision, content) in rows!(tx, (i64, i64, String), LIST, permit.workspace(), T::KIND)? {
        all.insert(as_number(number)?, Kept { revision, value: read("incident_record", number, &content)? });
    }
    Ok(all)
}

/// One record.
pub(crate) async fn one<T: Record>(tx: &mut Tx, permit: &Permit, number: u32) -> Result<Kept<T>, Failure> {
    find(tx, permit, i64::from(number)).await?.ok_or(Failure::Problem(Problem::NotFound))
}

/// Who answers and whom to tell: what comes with the product until somebody saved something else.
pub(crate) async fn preparation(tx: &mut Tx, permit: &Permit) -> Result<Kept<Preparation>, StoreError> {
    Ok(find(tx, permit, DUTIES).await?.unwrap_or_default())
}

async fn find<T: Record>(tx: &mut Tx, permit: &Permit, number: i64) -> Result<Option<Kept<T>>, StoreError> {
    let found = row!(tx, (i64, String), BY_NUMBER, permit.workspace(), T::KIND, number)?;
    let Some((revision, content)) = found else { return Ok(None) };
    Ok(Some(Kept { revision, value: read("incident_record", number, &content)? }))
}

/// The newest versions of an incident, the newest first.
pub(crate) async fn versions(
    tx: &mut Tx,
    permit: &Permit,
    key: IncidentKey,
) -> Result<Vec<IncidentVersion>, StoreError> {
    let (number, mut versions) = (i64::from(key.0), Vec::new());
    let found =
        rows!(tx, (i64, i64, Option<String>, String), VERSIONS, permit.workspace(), Incident::KIND, number, SHOWN)?;
    for (revision, at, by, content) in found {
        let incident = read("incident_record_version", number, &content)?;
        versions.push(IncidentVersion { revision, at: Timestamp(at), by, incident });
    }
    Ok(versions)
}

/// Adds a record under the next number of its kind.
pub(crate) async fn add<T: Record>(tx: &mut Tx, act: &Act<'_>, mut record: T, action: &str) -> Result<u32, Failure> {
    let workspace = act.permit.workspace();
    let next = row!(tx, (i64,), NEXT, workspace, T::KIND)?.map_or(1, |(next,)| next);
    let number = as_number(next)?;
    record.numbered(number);
    let content = serde_json::to_string(&record)?;
    run!(tx, INSERT, workspace, T::KIND, next, content.as_str())?;
    keep::<T>(tx, act, next, (1, action), &content).await?;
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
    let (workspace, number) = (act.permit.workspace(), i64::from(number));
    let content = serde_json::to_string(&record)?;
    if run!(tx, UPDATE, workspace, T::KIND, number, before.revision, content.as_str())? != 1 {
        return Err(Problem::Conflict.into());
    }
    keep::<T>(tx, act, number, (before.revision + 1, action), &content).await?;
    Ok(true)
}

/// Keeps a version, and its entry in the audit trail. What people wrote enters that by its salted hash only.
async fn keep<T: Record>(
    tx: &mut Tx,
    act: &Act<'_>,
    number: i64,
    (revision, action): (i64, &str),
    content: &str,
) -> Result<(), Failure> {
    let Act { permit, actor, now } = *act;
    run!(tx, INSERT_VERSION, permit.workspace(), T::KIND, number, revision, now.0, permit.account(), content)?;
    let key = if T::KIND == Incident::KIND { format!("I-{number}") } else { number.to_string() };
    let payload = Payload::with_personal(&json!({}), &[("after", content)])?;
    let subject = Subject { kind: T::KIND, key: &key, revision: Some(revision) };
    Ok(audit::append(tx, &Chain::Workspace(permit), now, actor, action, Some(&subject), &payload).await?)
}

fn as_number(number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| StoreError::bad_row("incident_record", "number", number.to_string()))
}

fn read<T: Record>(table: &'static str, number: i64, content: &str) -> Result<T, StoreError> {
    let key = number.to_string();
    serde_json::from_str(content).map_err(|_| Reader::new(table, &key).bad("content"))
}
