//! Who is assessed. It is no part of the model: no engine reads it, and saving it makes no revision of the model. Every
//! version is kept.

use domain::backend::confirmations::KeptEntity;
use domain::problem::Problem;
use domain::review::entity::EntityProfile;
use domain::time::Timestamp;
use serde_json::json;

use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, row, run};
use crate::error::{Failure, StoreError};
use crate::execute::Act;
use crate::gate::Permit;
use crate::rows::{Reader, statements};

statements! {
    CURRENT = "SELECT entity_profile.revision, entity_profile.changed_at, account.name, entity_profile.content \
        FROM entity_profile LEFT JOIN account ON account.id = entity_profile.account_id \
        WHERE entity_profile.workspace_id = $1 ORDER BY entity_profile.revision DESC LIMIT 1";
    AT = "SELECT entity_profile.revision, entity_profile.changed_at, account.name, entity_profile.content \
        FROM entity_profile LEFT JOIN account ON account.id = entity_profile.account_id \
        WHERE entity_profile.workspace_id = $1 AND entity_profile.changed_at <= $2 \
        ORDER BY entity_profile.revision DESC LIMIT 1";
    INSERT = "INSERT INTO entity_profile (workspace_id, revision, changed_at, account_id, content) \
        VALUES ($1, $2, $3, $4, $5)";
}

/// The profile of the entity as it was saved last; an empty one where it never was.
pub(crate) async fn current(tx: &mut Tx, permit: &Permit) -> Result<KeptEntity, StoreError> {
    read(row!(tx, ProfileRow, CURRENT, permit.workspace())?)
}

/// The profile of the entity as it was at a moment.
pub(crate) async fn at(tx: &mut Tx, permit: &Permit, at: Timestamp) -> Result<KeptEntity, StoreError> {
    read(row!(tx, ProfileRow, AT, permit.workspace(), at.0)?)
}

type ProfileRow = (i64, i64, Option<String>, String);

fn read(found: Option<ProfileRow>) -> Result<KeptEntity, StoreError> {
    let Some((revision, at, saved_by, content)) = found else { return Ok(KeptEntity::default()) };
    let key = revision.to_string();
    let entity = Reader::new("entity_profile", &key).json("content", &content)?;
    Ok(KeptEntity { revision, entity, saved_at: Some(Timestamp(at)), saved_by })
}

/// Keeps the profile as a version of its own, unless somebody saved one since; false where nothing is different. What
/// people wrote enters the audit trail by its salted hash only.
pub(crate) async fn save(
    tx: &mut Tx,
    act: &Act<'_>,
    (is, seen): (&KeptEntity, i64),
    entity: &EntityProfile,
    action: &str,
) -> Result<bool, Failure> {
    let Act { permit, actor, now } = *act;
    if is.revision != seen {
        return Err(Problem::Conflict.into());
    }
    if is.entity == *entity {
        return Ok(false);
    }
    let (before, after) = (serde_json::to_string(&is.entity)?, serde_json::to_string(entity)?);
    let revision = is.revision + 1;
    run!(tx, INSERT, permit.workspace(), revision, now.0, permit.account(), after.as_str())?;
    let payload = Payload::with_personal(&json!({}), &[("before", &before), ("after", &after)])?;
    let subject = Subject { kind: "workspace", key: permit.key().as_str(), revision: None };
    audit::append(tx, &Chain::Workspace(permit), now, actor, action, Some(&subject), &payload).await?;
    Ok(true)
}
