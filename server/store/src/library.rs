//! What people say of requirements, and what shows it: each a record with its versions. They are no part of the model:
//! changing one makes no revision of it.

pub(crate) mod kept;

use std::collections::{BTreeMap, BTreeSet};

use domain::backend::incidents::Kept;
use domain::backend::library::ItemSave;
use domain::evidence::Item;
use domain::evidence::engagement::{Sample, SampleKey};
use domain::evidence::file::Sha256;
use domain::evidence::policy::{Policy, PolicyKey};
use domain::evidence::request::{Request, RequestKey};
use domain::evidence::training::{Training, TrainingKey};
use domain::id::SystemId;
use domain::library::controls::{IntegrationControl, Preset, Statement};
use domain::library::responsibility::VendorMatrix;
use domain::library::{EvidenceKey, OwnFramework, Position};
use domain::problem::Problem;
use domain::time::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, row, rows, run as carry_out};
use crate::error::{Failure, StoreError};
use crate::execute::Act;
use crate::gate::Permit;
use crate::rows::{Reader, statements};
use crate::snapshot;

statements! {
    LIST = "SELECT key, revision, content FROM library_record WHERE workspace_id = $1 AND kind = $2 ORDER BY key";
    BY_KEY = "SELECT revision, content FROM library_record WHERE workspace_id = $1 AND kind = $2 AND key = $3";
    /// Records are never deleted, so how many there are says which number is next.
    COUNT = "SELECT COUNT(*) FROM library_record WHERE workspace_id = $1 AND kind = $2";
    INSERT = "INSERT INTO library_record (workspace_id, kind, key, revision, content) VALUES ($1, $2, $3, 1, $4)";
    /// Of two who save at once the second one touches no row.
    UPDATE = "UPDATE library_record SET revision = revision + 1, content = $5 \
        WHERE workspace_id = $1 AND kind = $2 AND key = $3 AND revision = $4";
    INSERT_VERSION = "INSERT INTO library_record_version \
        (workspace_id, kind, key, revision, changed_at, account_id, content) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    SAVES = "SELECT library_record_version.revision, library_record_version.changed_at, account.name, \
        library_record_version.content \
        FROM library_record_version LEFT JOIN account ON account.id = library_record_version.account_id \
        WHERE library_record_version.workspace_id = $1 AND library_record_version.kind = $2 \
        AND library_record_version.key = $3 ORDER BY library_record_version.revision DESC";
    /// The items of every workspace: what none of them names is kept for nobody.
    OF_ALL = "SELECT key, content FROM library_record WHERE kind = 'item' ORDER BY key";
    /// Every version that was there at an instant, the newest of each record last.
    VERSIONS_UNTIL = "SELECT key, content FROM library_record_version \
        WHERE workspace_id = $1 AND kind = $2 AND changed_at <= $3 ORDER BY key, revision";
    VERSIONS = "SELECT account_id, content FROM library_record_version \
        WHERE workspace_id = $1 AND kind = $2 AND key = $3 ORDER BY revision";
}

/// What is kept as a record of its own.
pub(crate) trait Record: Serialize + DeserializeOwned + PartialEq + Clone {
    /// Its kind, in the table and in the audit trail.
    const KIND: &'static str;
    /// Its key within the kind.
    fn key(&self) -> String;
}

/// A record that is known by a number, which it gets when it is kept first.
pub(crate) trait Numbered: Record {
    /// Puts the number in.
    fn numbered(&mut self, number: u32);
}

/// What a person says of a control on the integrations of a system; none where they took it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Word {
    pub(crate) system: SystemId,
    pub(crate) control: IntegrationControl,
    pub(crate) said: Option<Statement>,
}

impl Record for Position {
    const KIND: &'static str = "position";
    fn key(&self) -> String {
        self.requirement.to_string()
    }
}

impl Record for VendorMatrix {
    const KIND: &'static str = "responsibility";
    fn key(&self) -> String {
        self.vendor.to_string()
    }
}

impl Record for OwnFramework {
    const KIND: &'static str = "framework";
    fn key(&self) -> String {
        self.key.to_string()
    }
}

impl Record for Word {
    const KIND: &'static str = "statement";
    fn key(&self) -> String {
        format!("{}:{}", self.control, self.system)
    }
}

impl Record for Preset {
    const KIND: &'static str = "preset";
    fn key(&self) -> String {
        self.control.to_string()
    }
}

/// Records that are known by a number.
macro_rules! numbered {
    ($($record:ty, $key:ident, $kind:literal);+ $(;)?) => {$(
        impl Record for $record {
            const KIND: &'static str = $kind;
            fn key(&self) -> String {
                self.key.to_string()
            }
        }

        impl Numbered for $record {
            fn numbered(&mut self, number: u32) {
                self.key = $key(number);
            }
        }
    )+};
}

numbered! {
    Item, EvidenceKey, "item";
    Policy, PolicyKey, "policy";
    Training, TrainingKey, "training";
    Request, RequestKey, "request";
    Sample, SampleKey, "sample";
}

/// Every record of a kind, by the key of its value.
pub(crate) async fn list<T: Record, K: Ord>(
    tx: &mut Tx,
    permit: &Permit,
    key: impl Fn(&T) -> K,
) -> Result<BTreeMap<K, Kept<T>>, StoreError> {
    let mut all = BTreeMap::new();
    for (row, revision, content) in rows!(tx, (String, i64, String), LIST, permit.workspace(), T::KIND)? {
        let value: T = read("library_record", &row, &content)?;
        all.insert(key(&value), Kept { revision, value });
    }
    Ok(all)
}

/// How many records of a kind there are.
pub(crate) async fn count<T: Record>(tx: &mut Tx, permit: &Permit) -> Result<i64, StoreError> {
    Ok(row!(tx, (i64,), COUNT, permit.workspace(), T::KIND)?.map_or(0, |(count,)| count))
}

/// One record, where there is one of that key.
pub(crate) async fn find<T: Record>(tx: &mut Tx, permit: &Permit, key: &str) -> Result<Option<Kept<T>>, StoreError> {
    let Some((revision, content)) = row!(tx, (i64, String), BY_KEY, permit.workspace(), T::KIND, key)? else {
        return Ok(None);
    };
    Ok(Some(Kept { revision, value: read("library_record", key, &content)? }))
}

/// One record as it was seen; a conflict where somebody changed it since.
pub(crate) async fn seen_as<T: Record>(tx: &mut Tx, act: &Act<'_>, key: &str, seen: i64) -> Result<Kept<T>, Failure> {
    let before = find::<T>(tx, act.permit, key).await?.ok_or(Failure::Problem(Problem::NotFound))?;
    if before.revision > seen { Err(Problem::Conflict.into()) } else { Ok(before) }
}

/// Adds a record under the next number of its kind.
pub(crate) async fn add<T: Numbered>(tx: &mut Tx, act: &Act<'_>, mut record: T, action: &str) -> Result<u32, Failure> {
    let next = count::<T>(tx, act.permit).await? + 1;
    let number = u32::try_from(next).map_err(|_| StoreError::bad_row("library_record", "key", next.to_string()))?;
    record.numbered(number);
    put(tx, act, None, &record, action).await?;
    Ok(number)
}

/// Keeps a record in the place of the one that was seen, or as the first of its key; false where nothing is different.
pub(crate) async fn put<T: Record>(
    tx: &mut Tx,
    act: &Act<'_>,
    before: Option<&Kept<T>>,
    record: &T,
    action: &str,
) -> Result<bool, Failure> {
    if before.is_some_and(|it| it.value == *record) {
        return Ok(false);
    }
    let Act { permit, actor, now } = *act;
    let (workspace, key) = (permit.workspace(), record.key());
    let content = serde_json::to_string(record)?;
    let revision = match before {
        None => {
            carry_out!(tx, INSERT, workspace, T::KIND, key.as_str(), content.as_str())?;
            1
        }
        Some(before) => {
            let touched = carry_out!(tx, UPDATE, workspace, T::KIND, key.as_str(), before.revision, content.as_str())?;
            if touched != 1 {
                return Err(Problem::Conflict.into());
            }
            before.revision + 1
        }
    };
    let account = permit.account();
    carry_out!(tx, INSERT_VERSION, workspace, T::KIND, key.as_str(), revision, now.0, account, content.as_str())?;
    // What people wrote enters the audit trail by its salted hash only.
    let payload = Payload::with_personal(&json!({}), &[("after", &content)])?;
    let subject = Subject { kind: T::KIND, key: &key, revision: Some(revision) };
    audit::append(tx, &Chain::Workspace(permit), now, actor, action, Some(&subject), &payload).await?;
    Ok(true)
}

/// Every version of a record with the account that saved it, the first first.
pub(crate) async fn versions<T: Record>(
    tx: &mut Tx,
    permit: &Permit,
    key: &str,
) -> Result<Vec<(Option<Uuid>, T)>, StoreError> {
    let mut versions = Vec::new();
    for (account, content) in rows!(tx, (Option<Uuid>, String), VERSIONS, permit.workspace(), T::KIND, key)? {
        versions.push((account, read("library_record_version", key, &content)?));
    }
    Ok(versions)
}

/// Every save of an item with the name of its account, the last one first.
pub(crate) async fn saves(tx: &mut Tx, permit: &Permit, key: &str) -> Result<Vec<ItemSave>, StoreError> {
    type Row = (i64, i64, Option<String>, String);
    let mut saves = Vec::new();
    for (revision, at, by, content) in rows!(tx, Row, SAVES, permit.workspace(), Item::KIND, key)? {
        let item = read("library_record_version", key, &content)?;
        saves.push(ItemSave { revision, at: Timestamp(at), by, item });
    }
    Ok(saves)
}

/// The hashes of all files that items of any workspace name in any version.
pub(crate) async fn named_files(tx: &mut Tx) -> Result<BTreeSet<Sha256>, StoreError> {
    let mut named = BTreeSet::new();
    for (key, content) in rows!(tx, (String, String), OF_ALL)? {
        let item: Item = read("library_record", &key, &content)?;
        named.extend(item.versions.iter().filter_map(|it| Some(it.file()?.sha256)));
    }
    Ok(named)
}

/// Until when somebody sees what was said of requirements and controls: who audits, as of what was signed last; `None` is
/// everything.
pub(crate) async fn until(tx: &mut Tx, permit: &Permit) -> Result<Option<Timestamp>, StoreError> {
    if permit.sees_working() {
        return Ok(None);
    }
    let signed = snapshot::signed_last(tx, permit).await?;
    Ok(Some(signed.map_or(Timestamp(i64::MIN), |it| it.taken_at)))
}

/// As [`list`], of what there was at an instant where one is given. What is looked at as it was cannot be saved, so its
/// number is 0.
pub(crate) async fn list_until<T: Record, K: Ord + Clone>(
    tx: &mut Tx,
    permit: &Permit,
    until: Option<Timestamp>,
    key: impl Fn(&T) -> K,
) -> Result<BTreeMap<K, Kept<T>>, StoreError> {
    let Some(at) = until else { return list(tx, permit, key).await };
    let all = list_at(tx, permit, at, &key).await?;
    Ok(all.into_iter().map(|value| (key(&value), Kept { revision: 0, value })).collect())
}

/// Every record of a kind as it was at an instant, by the key of its value.
pub(crate) async fn list_at<T: Record, K: Ord>(
    tx: &mut Tx,
    permit: &Permit,
    at: Timestamp,
    key: impl Fn(&T) -> K,
) -> Result<Vec<T>, StoreError> {
    let mut newest: BTreeMap<String, String> = BTreeMap::new();
    newest.extend(rows!(tx, (String, String), VERSIONS_UNTIL, permit.workspace(), T::KIND, at.0)?);
    let mut all = BTreeMap::new();
    for (row, content) in newest {
        let value: T = read("library_record_version", &row, &content)?;
        all.insert(key(&value), value);
    }
    Ok(all.into_values().collect())
}

fn read<T: DeserializeOwned>(table: &'static str, key: &str, content: &str) -> Result<T, StoreError> {
    serde_json::from_str(content).map_err(|_| Reader::new(table, key).bad("content"))
}
