//! The accounts of the instance, for whoever administers it, and a person's own name.

use domain::backend::people::AccountEntry;
use domain::id::AccountId;
use domain::problem::{FieldCode, Problem};
use domain::time::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::AccountRow;
use crate::actor::Actor;
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, row, rows, run};
use crate::error::{Failure, StoreError};
use crate::rows::statements;
use crate::session;
use crate::workspace::check_name;

statements! {
    ACCOUNTS = "SELECT key, name, mail, instance_admin, disabled_at FROM account ORDER BY name, key";
    BY_KEY = "SELECT id, disabled_at FROM account WHERE key = $1";
    DISABLE = "UPDATE account SET disabled_at = $2 WHERE id = $1";
    RENAME = "UPDATE account SET name = $2 WHERE id = $1";
}

#[derive(sqlx::FromRow)]
struct EntryRow {
    key: String,
    name: String,
    mail: String,
    instance_admin: bool,
    disabled_at: Option<i64>,
}

/// Every account, by name.
pub(crate) async fn list(tx: &mut Tx) -> Result<Vec<AccountEntry>, StoreError> {
    let rows = rows!(tx, EntryRow, ACCOUNTS)?;
    let entry = |row: EntryRow| AccountEntry {
        id: AccountId::new(row.key),
        name: row.name,
        mail: row.mail,
        instance_admin: row.instance_admin,
        disabled: row.disabled_at.is_some(),
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// Disables an account and ends its sessions, or enables it. Nobody disables their own, so that an administrator is
/// always left.
pub(crate) async fn disable(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    by: &AccountRow,
    account: &AccountId,
    disabled: bool,
) -> Result<(), Failure> {
    if account.as_str().contains('\0') {
        return Err(Problem::NotFound.into());
    }
    let row = row!(tx, (Uuid, Option<i64>), BY_KEY, account.as_str())?;
    let Some((id, disabled_at)) = row else { return Err(Problem::NotFound.into()) };
    if id == by.id {
        return Err(Problem::field("account", FieldCode::LastAdministrator).into());
    }
    if disabled_at.is_some() == disabled {
        return Ok(());
    }
    run!(tx, DISABLE, id, disabled.then_some(now.0))?;
    session::end_account(tx, now, id, None).await?;
    let action = if disabled { "account.disable" } else { "account.enable" };
    let subject = Subject { kind: "account", key: account.as_str(), revision: None };
    Ok(audit::append(tx, &Chain::Instance, now, actor, action, Some(&subject), &Payload::plain(&json!({}))).await?)
}

/// Gives the person who asks another name.
pub(crate) async fn rename(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    own: &AccountRow,
    name: &str,
) -> Result<(), Failure> {
    if let Some(error) = check_name("name", name) {
        return Err(Problem::Invalid(vec![error]).into());
    }
    let name = name.trim();
    if name == own.name {
        return Ok(());
    }
    run!(tx, RENAME, own.id, name)?;
    let subject = Subject { kind: "account", key: &own.key, revision: None };
    let payload = Payload::with_personal(&json!({}), &[("before", &own.name), ("after", name)])?;
    Ok(audit::append(tx, &Chain::Instance, now, actor, "account.rename", Some(&subject), &payload).await?)
}
