//! Memberships: who has which role in which workspace.

use domain::role::Role;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::db::{Tx, run};
use crate::error::StoreError;
use crate::rows::statements;

statements! {
    PUT = "INSERT INTO member (workspace_id, account_id, role, tier, created_at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (workspace_id, account_id) DO UPDATE SET role = excluded.role, tier = excluded.tier";
}

/// Makes an account a member, or gives a member another role.
pub(crate) async fn add(
    tx: &mut Tx,
    workspace: Uuid,
    account: Uuid,
    role: Role,
    now: Timestamp,
) -> Result<(), StoreError> {
    // Owners approve up to the highest level, all others only what is low, until somebody raises their limit.
    let tier = if role == Role::Owner { 4_i64 } else { 1 };
    run!(tx, PUT, workspace, account, role.as_str(), tier, now.0)?;
    Ok(())
}
