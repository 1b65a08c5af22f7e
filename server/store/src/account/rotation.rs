//! Ending the sessions of an account whose rights changed, so that the next one begins under a new identifier.

use domain::time::Timestamp;
use uuid::Uuid;

use crate::actor::SignInId;
use crate::db::{Tx, run};
use crate::error::StoreError;
use crate::rows::statements;

statements! {
    REVOKE = "UPDATE sign_in SET revoked_at = $2 WHERE account_id = $1 AND revoked_at IS NULL AND key <> $3";
    END = "DELETE FROM session WHERE sign_in_key IN (SELECT key FROM sign_in WHERE account_id = $1 AND key <> $2)";
    REVOKE_ALL = "UPDATE sign_in SET revoked_at = $1 WHERE revoked_at IS NULL";
    END_ALL = "DELETE FROM session";
}

/// Ends every sign-in of everybody.
pub(crate) async fn end_all(tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
    run!(tx, REVOKE_ALL, now.0)?;
    run!(tx, END_ALL)?;
    Ok(())
}

/// Ends every sign-in of the account with its sessions, but for the one that `keep` names: that of a person who changed
/// their own rights, whose identifier the caller changes.
pub(crate) async fn end_sessions(
    tx: &mut Tx,
    account: Uuid,
    now: Timestamp,
    keep: Option<&SignInId>,
) -> Result<(), StoreError> {
    let kept = keep.map_or("", SignInId::as_str);
    run!(tx, REVOKE, account, now.0, kept)?;
    run!(tx, END, account, kept)?;
    Ok(())
}
