//! Invitations: a link that makes its holder a member, once, within seven days.

use domain::backend::people::{Invitation, OpenInvitation};
use domain::id::InvitationId;
use domain::problem::{FieldCode, Problem};
use domain::role::Standing;
use domain::time::Timestamp;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::Mail;
use super::member::{StandingRow, engagement_columns};
use crate::actor::Actor;
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::clock::random_key;
use crate::db::{Tx, row, rows, run};
use crate::error::{Failure, StoreError};
use crate::gate::Permit;
use crate::rows::statements;

statements! {
    IS_MEMBER = "SELECT account.key FROM member JOIN account ON account.id = member.account_id \
        WHERE member.workspace_id = $1 AND account.mail_folded = $2";
    /// What has ended goes with what is replaced.
    REPLACE = "DELETE FROM invitation WHERE workspace_id = $1 AND (mail_folded = $2 OR expires_at <= $3)";
    INSERT = "INSERT INTO invitation (workspace_id, key, token_hash, mail, mail_folded, role, tier, engaged_from, \
        engaged_until, invited_by, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    OPEN = "SELECT invitation.key, invitation.mail, invitation.expires_at, account.name AS invited_by, invitation.role, \
        invitation.tier, invitation.engaged_from, invitation.engaged_until FROM invitation \
        JOIN account ON account.id = invitation.invited_by WHERE invitation.workspace_id = $1 \
        AND invitation.expires_at > $2 ORDER BY invitation.created_at, invitation.key";
    WITHDRAW = "DELETE FROM invitation WHERE workspace_id = $1 AND key = $2 AND expires_at > $3 RETURNING mail";
    /// Only while the workspace is in use and whoever invited can still sign in.
    BY_TOKEN = "SELECT workspace.name AS workspace, invitation.mail, account.name AS invited_by, invitation.role, \
        invitation.tier, invitation.engaged_from, invitation.engaged_until FROM invitation \
        JOIN workspace ON workspace.id = invitation.workspace_id JOIN account ON account.id = invitation.invited_by \
        WHERE invitation.token_hash = $1 AND invitation.expires_at > $2 AND workspace.archived_at IS NULL \
        AND workspace.deleted_at IS NULL AND account.disabled_at IS NULL";
}

/// How long a link works, in seconds.
const LIFETIME: i64 = 7 * 24 * 3600;

/// Invites an address; gives the token.
pub(crate) async fn invite(
    tx: &mut Tx,
    permit: &Permit,
    actor: &Actor,
    now: Timestamp,
    mail: &Mail,
    to: Standing,
) -> Result<String, Failure> {
    domain::role::grant_role(permit.granter(), None, Some(to), 1).map_err(Failure::Denied)?;
    // An invitation goes with the membership of who invited. The operator has none, and adds members at once.
    let Some(by) = permit.account() else { return Err(Problem::Forbidden.into()) };
    if row!(tx, (String,), IS_MEMBER, permit.workspace(), mail.folded.as_str())?.is_some() {
        return Err(Problem::field("mail", FieldCode::MemberAlready).into());
    }
    run!(tx, REPLACE, permit.workspace(), mail.folded.as_str(), now.0)?;
    let (key, token) = (random_key::<8>()?, random_key::<32>()?);
    let (from, until) = engagement_columns(to.engagement);
    run!(
        tx,
        INSERT,
        permit.workspace(),
        key.as_str(),
        hash(&token),
        mail.text.as_str(),
        mail.folded.as_str(),
        to.role.as_str(),
        to.tier.number(),
        from,
        until,
        by,
        now.0,
        now.plus_seconds(LIFETIME).0,
    )?;
    let payload = Payload::with_personal(&json!({ "role": to.role, "tier": to.tier }), &[("mail", &mail.text)])?;
    note(tx, permit, actor, now, "member.invite", &key, &payload).await?;
    Ok(token)
}

#[derive(sqlx::FromRow)]
struct OpenRow {
    key: String,
    mail: String,
    expires_at: i64,
    invited_by: String,
    #[sqlx(flatten)]
    standing: StandingRow,
}

/// The invitations of the workspace that wait, oldest first.
pub(crate) async fn open(tx: &mut Tx, permit: &Permit, now: Timestamp) -> Result<Vec<OpenInvitation>, StoreError> {
    rows!(tx, OpenRow, OPEN, permit.workspace(), now.0)?
        .into_iter()
        .map(|row| {
            Ok(OpenInvitation {
                standing: row.standing.read(&row.key)?,
                id: InvitationId::new(row.key),
                mail: row.mail,
                by: row.invited_by,
                expires_at: Timestamp(row.expires_at),
            })
        })
        .collect()
}

/// Takes an invitation back.
pub(crate) async fn withdraw(
    tx: &mut Tx,
    permit: &Permit,
    actor: &Actor,
    now: Timestamp,
    invitation: &InvitationId,
) -> Result<(), Failure> {
    let key = invitation.as_str();
    let row = match key.contains('\0') {
        true => None,
        false => row!(tx, (String,), WITHDRAW, permit.workspace(), key, now.0)?,
    };
    let Some((mail,)) = row else { return Err(Problem::NotFound.into()) };
    let payload = Payload::with_personal(&json!({}), &[("mail", &mail)])?;
    Ok(note(tx, permit, actor, now, "member.withdraw_invitation", key, &payload).await?)
}

#[derive(sqlx::FromRow)]
struct HeldRow {
    workspace: String,
    mail: String,
    invited_by: String,
    #[sqlx(flatten)]
    standing: StandingRow,
}

/// What the holder of a token is invited to; `NotFound` whatever is wrong with it.
pub(crate) async fn held(tx: &mut Tx, now: Timestamp, token: &str) -> Result<Invitation, Failure> {
    let row = row!(tx, HeldRow, BY_TOKEN, hash(token), now.0)?;
    let row = row.ok_or(Failure::Problem(Problem::NotFound))?;
    let role = row.standing.read("invitation")?.role;
    Ok(Invitation { workspace: row.workspace, mail: row.mail, role, by: row.invited_by })
}

async fn note(
    tx: &mut Tx,
    permit: &Permit,
    actor: &Actor,
    now: Timestamp,
    action: &str,
    key: &str,
    payload: &Payload,
) -> Result<(), StoreError> {
    let subject = Subject { kind: "invitation", key, revision: None };
    audit::append(tx, &Chain::Workspace(permit), now, actor, action, Some(&subject), payload).await
}

/// What a token is kept as.
pub(crate) fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.trim()).to_vec()
}
