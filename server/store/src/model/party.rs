//! People, vendors, and records that consist of facts only.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::command::Revision;
use domain::id::{AccountId, PersonId, RecordId, VendorId};
use domain::model::object::{Object, ObjectKind, Record, RecordKey};
use domain::model::party::{Person, Vendor};
use uuid::Uuid;

use super::Loading;
use super::fact::{self, FactIndex};
use crate::db::batch::{Batch, put};
use crate::db::{Tx, rows, run};
use crate::error::StoreError;
use crate::gate::Permit;
use crate::rows::{Reader, statements};

statements! {
    PEOPLE = "SELECT key, rev, name, kind, mail, function FROM person WHERE workspace_id = $1 ORDER BY key";
    /// Leaves the link to an account as it is.
    PUT_PERSON = "INSERT INTO person (workspace_id, key, rev, name, kind, mail, function) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (workspace_id, key) DO UPDATE SET rev = excluded.rev, \
        name = excluded.name, kind = excluded.kind, mail = excluded.mail, function = excluded.function";
    LINK_PERSON = "UPDATE person SET account_id = $3 WHERE workspace_id = $1 AND key = $2";
    UNLINK_ACCOUNT = "UPDATE person SET account_id = NULL WHERE workspace_id = $1 AND account_id = $2";
    LINKS = "SELECT person.key, account.key FROM person JOIN account ON account.id = person.account_id \
        WHERE person.workspace_id = $1 ORDER BY person.key";
    OF_ACCOUNT = "SELECT key FROM person WHERE workspace_id = $1 AND account_id = $2 ORDER BY key";
    ACCOUNT_OF = "SELECT account.key FROM person JOIN account ON account.id = person.account_id \
        WHERE person.workspace_id = $1 AND person.key = $2";
    REMOVE_PERSON = "DELETE FROM person WHERE workspace_id = $1 AND key = $2";

    VENDORS = "SELECT key, rev, name FROM vendor WHERE workspace_id = $1 ORDER BY key";
    PUT_VENDOR = "INSERT INTO vendor (workspace_id, key, rev, name) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (workspace_id, key) DO UPDATE SET rev = excluded.rev, name = excluded.name";
    REMOVE_VENDOR = "DELETE FROM vendor WHERE workspace_id = $1 AND key = $2";

    RECORDS = "SELECT kind, key, rev, name FROM record WHERE workspace_id = $1 ORDER BY kind, key";
    PUT_RECORD = "INSERT INTO record (workspace_id, kind, key, rev, name) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (workspace_id, kind, key) DO UPDATE SET rev = excluded.rev, name = excluded.name";
    REMOVE_RECORD = "DELETE FROM record WHERE workspace_id = $1 AND kind = $2 AND key = $3";
}

#[derive(sqlx::FromRow)]
struct PersonRow {
    key: String,
    rev: i64,
    name: String,
    kind: String,
    mail: Option<String>,
    function: Option<String>,
}

#[derive(sqlx::FromRow)]
struct VendorRow {
    key: String,
    rev: i64,
    name: String,
}

#[derive(sqlx::FromRow)]
struct RecordRow {
    kind: String,
    key: String,
    rev: i64,
    name: String,
}

pub(super) async fn load(
    tx: &mut Tx,
    permit: &Permit,
    facts: &mut FactIndex,
    loading: &mut Loading,
) -> Result<(), StoreError> {
    for row in rows!(tx, PersonRow, PEOPLE, permit.workspace())? {
        let person = Person {
            kind: Reader::new("person", &row.key).word("kind", &row.kind)?,
            facts: facts.take(ObjectKind::Person, &row.key),
            id: PersonId::new(row.key),
            name: row.name,
            mail: row.mail,
            function: row.function,
        };
        loading.add(Object::Person(Arc::new(person)), row.rev);
    }
    for row in rows!(tx, VendorRow, VENDORS, permit.workspace())? {
        let facts = facts.take(ObjectKind::Vendor, &row.key);
        let vendor = Vendor { id: VendorId::new(row.key), name: row.name, facts };
        loading.add(Object::Vendor(Arc::new(vendor)), row.rev);
    }
    for row in rows!(tx, RecordRow, RECORDS, permit.workspace())? {
        let kind = Reader::new("record", &row.key).word("kind", &row.kind)?;
        let facts = facts.take(kind, &row.key);
        let record = Record { key: RecordKey { kind, id: RecordId::new(row.key) }, name: row.name, facts };
        loading.add(Object::Record(Arc::new(record)), row.rev);
    }
    Ok(())
}

/// The person that an account is linked to in the workspace.
pub(crate) async fn person_of_account(
    tx: &mut Tx,
    permit: &Permit,
    account: Uuid,
) -> Result<Option<PersonId>, StoreError> {
    let found = rows!(tx, (String,), OF_ACCOUNT, permit.workspace(), account)?;
    Ok(found.into_iter().next().map(|(key,)| PersonId::new(key)))
}

/// The account that a person is linked to in the workspace.
pub(crate) async fn account_of_person(
    tx: &mut Tx,
    permit: &Permit,
    person: &PersonId,
) -> Result<Option<AccountId>, StoreError> {
    let found = rows!(tx, (String,), ACCOUNT_OF, permit.workspace(), person.as_str())?;
    Ok(found.into_iter().next().map(|(key,)| AccountId::new(key)))
}

pub(super) async fn put_person(
    batch: &mut Batch<'_>,
    permit: &Permit,
    revision: Revision,
    person: &Person,
) -> Result<(), StoreError> {
    put!(
        batch,
        PUT_PERSON,
        permit.workspace(),
        person.id.as_str(),
        revision.0,
        person.name.as_str(),
        person.kind.as_str(),
        person.mail.as_deref(),
        person.function.as_deref(),
    )?;
    fact::put(batch, permit, ObjectKind::Person, person.id.as_str(), &person.facts).await
}

/// Says which account is behind a person of the model, or that none is. An account is behind one person at most.
pub(crate) async fn link_person(
    tx: &mut Tx,
    permit: &Permit,
    person: &PersonId,
    account: Option<Uuid>,
) -> Result<(), StoreError> {
    if let Some(account) = account {
        unlink_account(tx, permit, account).await?;
    }
    run!(tx, LINK_PERSON, permit.workspace(), person.as_str(), account)?;
    Ok(())
}

/// Leaves the person of an account without one.
pub(crate) async fn unlink_account(tx: &mut Tx, permit: &Permit, account: Uuid) -> Result<(), StoreError> {
    run!(tx, UNLINK_ACCOUNT, permit.workspace(), account)?;
    Ok(())
}

/// Which account is behind which person.
pub(crate) async fn people_of_accounts(
    tx: &mut Tx,
    permit: &Permit,
) -> Result<BTreeMap<PersonId, AccountId>, StoreError> {
    let links = rows!(tx, (String, String), LINKS, permit.workspace())?;
    Ok(links.into_iter().map(|(person, account)| (PersonId::new(person), AccountId::new(account))).collect())
}

pub(super) async fn remove_person(tx: &mut Tx, permit: &Permit, id: &PersonId) -> Result<(), StoreError> {
    run!(tx, REMOVE_PERSON, permit.workspace(), id.as_str())?;
    Ok(())
}

pub(super) async fn put_vendor(
    batch: &mut Batch<'_>,
    permit: &Permit,
    revision: Revision,
    vendor: &Vendor,
) -> Result<(), StoreError> {
    put!(batch, PUT_VENDOR, permit.workspace(), vendor.id.as_str(), revision.0, vendor.name.as_str())?;
    fact::put(batch, permit, ObjectKind::Vendor, vendor.id.as_str(), &vendor.facts).await
}

pub(super) async fn remove_vendor(tx: &mut Tx, permit: &Permit, id: &VendorId) -> Result<(), StoreError> {
    run!(tx, REMOVE_VENDOR, permit.workspace(), id.as_str())?;
    Ok(())
}

pub(super) async fn put_record(
    batch: &mut Batch<'_>,
    permit: &Permit,
    revision: Revision,
    record: &Record,
) -> Result<(), StoreError> {
    let (kind, key) = (record.key.kind, record.key.id.as_str());
    put!(batch, PUT_RECORD, permit.workspace(), kind.as_str(), key, revision.0, record.name.as_str())?;
    fact::put(batch, permit, kind, key, &record.facts).await
}

pub(super) async fn remove_record(tx: &mut Tx, permit: &Permit, key: &RecordKey) -> Result<(), StoreError> {
    run!(tx, REMOVE_RECORD, permit.workspace(), key.kind.as_str(), key.id.as_str())?;
    Ok(())
}
