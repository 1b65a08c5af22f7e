//! The settings of a model.

use std::sync::Arc;

use domain::command::Revision;
use domain::model::object::{Object, ObjectKind, ObjectRef};
use domain::model::settings::Settings;
use domain::time::Day;

use super::Loading;
use super::fact::{self, FactIndex};
use crate::db::batch::{Batch, put};
use crate::db::{Tx, row};
use crate::error::StoreError;
use crate::gate::Permit;
use crate::rows::{Reader, statements};

statements! {
    OF_WORKSPACE = "SELECT rev, view, strict_flat, as_of, service_provider FROM model_settings WHERE workspace_id = $1";
    PUT = "INSERT INTO model_settings (workspace_id, rev, view, strict_flat, as_of, service_provider) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace_id) DO UPDATE SET rev = excluded.rev, \
        view = excluded.view, strict_flat = excluded.strict_flat, as_of = excluded.as_of, \
        service_provider = excluded.service_provider";
}

#[derive(sqlx::FromRow)]
struct SettingsRow {
    rev: i64,
    view: String,
    strict_flat: bool,
    as_of: i64,
    service_provider: bool,
}

pub(super) async fn load(
    tx: &mut Tx,
    permit: &Permit,
    facts: &mut FactIndex,
    loading: &mut Loading,
) -> Result<(), StoreError> {
    let Some(row) = row!(tx, SettingsRow, OF_WORKSPACE, permit.workspace())? else {
        return Ok(());
    };
    let read = Reader::new("model_settings", "settings");
    let settings = Settings {
        view: read.word("view", &row.view)?,
        strict_flat: row.strict_flat,
        as_of: i32::try_from(row.as_of).map(Day).map_err(|_| read.bad("as_of"))?,
        service_provider: row.service_provider,
        facts: facts.take(ObjectKind::Settings, &ObjectRef::Settings.key()),
    };
    loading.add(Object::Settings(Arc::new(settings)), row.rev);
    Ok(())
}

pub(super) async fn put(
    batch: &mut Batch<'_>,
    permit: &Permit,
    revision: Revision,
    settings: &Settings,
) -> Result<(), StoreError> {
    put!(
        batch,
        PUT,
        permit.workspace(),
        revision.0,
        settings.view.as_str(),
        settings.strict_flat,
        i64::from(settings.as_of.0),
        settings.service_provider,
    )?;
    fact::put(batch, permit, ObjectKind::Settings, &ObjectRef::Settings.key(), &settings.facts).await
}
