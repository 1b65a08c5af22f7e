//! The gate: the one way in. It knows who asks, and lets through what their role allows.
//!
//! Store functions take a [`Permit`], and only [`permit`] makes one, from the membership that it reads in the
//! same transaction. Code without a permit has nothing to call.

mod own_account;
mod tokens;

use std::sync::Arc;

use async_trait::async_trait;
use domain::backend::{Account, AuditLine, Backend, Estate, StagedImport, WorkspaceEntry};
use domain::command::{Command, Receipt, Revision};
use domain::id::{ImportId, WorkspaceId};
use domain::problem::{FieldCode, Problem};
use domain::role::{Capability, Role};
use serde_json::json;
use uuid::Uuid;

use crate::account::standing::{self, Awaits};
use crate::account::{self, AccountRow};
use crate::actor::Actor;
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::clock::random_key;
use crate::db::{Tx, row, transact};
use crate::error::{Failure, StoreError, causes};
use crate::execute::{Act, Written};
use crate::rows::{Reader, statements};
use crate::store::Store;
use crate::{execute, import, receipt, workspace};

statements! {
    MEMBERSHIP = "SELECT workspace.id, workspace.name, workspace.sample, workspace.revision, member.role \
        FROM workspace JOIN member ON member.workspace_id = workspace.id \
        WHERE workspace.key = $1 AND member.account_id = $2";
    /// A token holds only while its account is a member and not disabled, so both are read with it.
    TOKEN = "SELECT workspace.id, workspace.name, workspace.sample, workspace.revision, member.role \
        FROM workspace JOIN api_token ON api_token.workspace_id = workspace.id \
        JOIN member ON member.workspace_id = workspace.id AND member.account_id = api_token.account_id \
        JOIN account ON account.id = member.account_id \
        WHERE workspace.key = $1 AND api_token.key = $2 AND api_token.expires_at > $3 \
        AND api_token.revoked_at IS NULL AND account.disabled_at IS NULL";
    OF_TOKEN = "SELECT workspace.key FROM api_token JOIN workspace ON workspace.id = api_token.workspace_id \
        WHERE api_token.key = $1 AND api_token.revoked_at IS NULL AND api_token.expires_at > $2";
    ANY = "SELECT id, name, sample, revision, 'owner' AS role FROM workspace WHERE key = $1";
}

/// What one actor may do in one workspace, during one transaction.
pub(crate) struct Permit {
    id: Uuid,
    entry: WorkspaceEntry,
    revision: Revision,
    _seal: (),
}

impl Permit {
    /// The workspace, as its column holds it.
    pub(crate) const fn workspace(&self) -> Uuid {
        self.id
    }

    /// The workspace, as everybody outside knows it.
    pub(crate) const fn key(&self) -> &WorkspaceId {
        &self.entry.id
    }

    /// The workspace with the actor's role.
    pub(crate) const fn entry(&self) -> &WorkspaceEntry {
        &self.entry
    }

    /// The revision of the workspace in this transaction.
    pub(crate) const fn revision(&self) -> Revision {
        self.revision
    }
}

#[derive(sqlx::FromRow)]
struct MembershipRow {
    id: Uuid,
    name: String,
    sample: bool,
    revision: i64,
    role: String,
}

/// The only maker of a [`Permit`]: reads who asks and what they are in the workspace, in this transaction.
///
/// A workspace of others and one that does not exist are refused alike.
pub(crate) async fn permit(
    tx: &mut Tx,
    actor: &Actor,
    workspace: &WorkspaceId,
    needs: Capability,
) -> Result<Permit, Failure> {
    let membership = match actor {
        // PostgreSQL refuses U+0000 in a text; no workspace has it in its key.
        _ if workspace.as_str().contains('\0') => None,
        Actor::Operator => row!(tx, MembershipRow, ANY, workspace.as_str())?,
        Actor::Token(claim) => row!(tx, MembershipRow, TOKEN, workspace.as_str(), claim.token.as_str(), claim.at.0)?,
        actor => {
            let account = signed_in(tx, actor).await?;
            row!(tx, MembershipRow, MEMBERSHIP, workspace.as_str(), account.id)?
        }
    };
    let Some(row) = membership else {
        return Err(Failure::Denied(Problem::NotFound));
    };
    let role: Role = Reader::new("member", workspace.as_str()).word("role", &row.role)?;
    let covered = match actor {
        Actor::Token(claim) => claim.scope.covers(needs),
        _ => true,
    };
    if !(covered && role.may(needs)) {
        return Err(Failure::Denied(Problem::Forbidden));
    }
    let entry = WorkspaceEntry { id: workspace.clone(), name: row.name, role, sample: row.sample };
    Ok(Permit { id: row.id, entry, revision: Revision(row.revision), _seal: () })
}

/// The account that asks, where its sign-in still holds and has nothing left to prove.
async fn signed_in(tx: &mut Tx, actor: &Actor) -> Result<AccountRow, Failure> {
    match standing::anyone(tx, actor).await? {
        (account, Awaits::Nothing, _) => Ok(account),
        (_, Awaits::Code | Awaits::Enrolment, _) => Err(Problem::SecondFactor.into()),
    }
}

/// What one actor can ask of the store.
pub struct Gate {
    store: Store,
    actor: Actor,
}

impl Gate {
    pub(crate) const fn new(store: Store, actor: Actor) -> Self {
        Self { store, actor }
    }

    async fn read_estate(&self, workspace: &WorkspaceId) -> Result<Arc<Estate>, Failure> {
        let today = self.store.now().day();
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, Capability::ReadModel).await?;
        let live = self.store.copies().current(&mut tx, &permit).await?;
        tx.rollback().await?;
        let judged = live.judge(today).await?;
        let estate = Estate {
            workspace: permit.entry().clone(),
            revision: live.revision,
            model: Arc::clone(&judged.model),
            stored: Arc::clone(&live.model),
            scope: Arc::clone(&judged.scope),
            changed: Arc::clone(&live.changed),
            today,
        };
        self.store.copies().keep(permit.workspace(), live.judged(judged));
        Ok(Arc::new(estate))
    }

    async fn try_execute(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        command: &Command,
    ) -> Result<(Uuid, Written), Failure> {
        let permit = permit(tx, &self.actor, workspace, command.needs()).await?;
        let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
        let written = execute::execute(tx, &act, self.store.copies(), command).await?;
        Ok((permit.workspace(), written))
    }

    async fn try_stage(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        staged: &StagedImport,
    ) -> Result<ImportId, Failure> {
        let permit = permit(tx, &self.actor, workspace, Capability::ImportModel).await?;
        let import = import::stage(tx, &permit, self.store.now(), staged).await?;
        let payload = Payload::with_personal(&json!({}), &[("file_name", &staged.file_name)])?;
        self.note_import(tx, &permit, "import.stage", &import, &payload).await?;
        Ok(import)
    }

    async fn try_drop(&self, tx: &mut Tx, workspace: &WorkspaceId, import: &ImportId) -> Result<(), Failure> {
        let permit = permit(tx, &self.actor, workspace, Capability::ImportModel).await?;
        if import::forget(tx, &permit, import).await? {
            self.note_import(tx, &permit, "import.drop", import, &Payload::plain(&json!({}))).await?;
        }
        Ok(())
    }

    async fn note_import(
        &self,
        tx: &mut Tx,
        permit: &Permit,
        action: &str,
        import: &ImportId,
        payload: &Payload,
    ) -> Result<(), StoreError> {
        let subject = Subject { kind: "import", key: import.as_str(), revision: None };
        let chain = Chain::Workspace(permit);
        audit::append(tx, &chain, self.store.now(), &self.actor, action, Some(&subject), payload).await
    }

    /// What the person is told of a failure. A denial is kept in the audit trail first.
    async fn told<T>(&self, outcome: Result<T, Failure>, action: &str, workspace: &WorkspaceId) -> Result<T, Problem> {
        match outcome {
            Err(Failure::Denied(problem)) => {
                let kept = transact!(self.store.db(), locking, |tx| self.keep_denial(tx, action, workspace, &problem));
                Err(kept.map_or_else(|failure| told(failure, "audit.denial"), |()| problem))
            }
            outcome => outcome.map_err(|failure| told(failure, action)),
        }
    }

    /// The claimed workspace is what the person typed, so it is kept like any free text.
    async fn keep_denial(
        &self,
        tx: &mut Tx,
        action: &str,
        workspace: &WorkspaceId,
        problem: &Problem,
    ) -> Result<(), Failure> {
        let what = json!({ "action": action, "status": problem.status() });
        let payload = Payload::with_personal(&what, &[("workspace", &without_controls(workspace.as_str()))])?;
        let now = self.store.now();
        Ok(audit::append(tx, &Chain::Instance, now, &self.actor, "access.denied", None, &payload).await?)
    }
}

/// What came from outside, short and without characters that a database refuses.
pub(crate) fn without_controls(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(254).collect()
}

/// What a person is told of a failure. The one place where a fault of ours gets its number and goes to the log.
pub(crate) fn told(failure: Failure, action: &str) -> Problem {
    match failure {
        Failure::Problem(problem) | Failure::Denied(problem) => problem,
        Failure::Store(StoreError::TooLarge(column)) => Problem::field(column, FieldCode::NotANumber),
        Failure::Store(error) if error.is_transient() || error.is_busy() => {
            tracing::warn!(action, error = causes(&error), "the database is busy");
            Problem::TooMany(1)
        }
        Failure::Store(error) => {
            let incident = random_key::<6>().unwrap_or_else(|_| "unnumbered".to_owned());
            tracing::error!(%incident, action, error = causes(&error), "the store failed");
            Problem::Broken { incident }
        }
    }
}

#[async_trait]
impl Backend for Gate {
    async fn account(&self) -> Result<Account, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let account = signed_in(&mut tx, &self.actor).await?;
            tx.rollback().await?;
            Ok(account.into())
        };
        outcome.await.map_err(|failure| told(failure, "account"))
    }

    async fn workspaces(&self) -> Result<Vec<WorkspaceEntry>, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let entries = match &self.actor {
                Actor::Token(claim) => self.workspace_of_token(&mut tx, claim).await?,
                actor => {
                    let account = signed_in(&mut tx, actor).await?;
                    workspace::of_account(&mut tx, account.id).await?
                }
            };
            tx.rollback().await?;
            Ok(entries)
        };
        outcome.await.map_err(|failure| told(failure, "workspaces"))
    }

    async fn create_workspace(&self, name: &str, sample: bool) -> Result<WorkspaceId, Problem> {
        let outcome = async {
            let plan = workspace::Plan::parse(name, sample)?;
            let _turn = self.store.turn_to_make().await;
            let made = transact!(self.store.db(), serial, |tx| async {
                let owners = match self.actor {
                    Actor::Operator => account::instance_admins(tx).await?,
                    _ => vec![signed_in(tx, &self.actor).await?],
                };
                workspace::create(tx, &self.store, &self.actor, &owners, &plan).await
            })?;
            Ok(made.keep(&self.store))
        };
        outcome.await.map_err(|failure| told(failure, "workspace.create"))
    }

    async fn estate(&self, workspace: &WorkspaceId) -> Result<Arc<Estate>, Problem> {
        let outcome = self.read_estate(workspace).await;
        self.told(outcome, "estate", workspace).await
    }

    async fn execute(&self, workspace: &WorkspaceId, command: Command) -> Result<Receipt, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_execute(tx, workspace, &command));
        let outcome = outcome.map(|(id, written)| {
            if let Some(live) = written.live {
                self.store.copies().keep(id, live);
            }
            written.receipt
        });
        drop(turn);
        self.told(outcome, command.name(), workspace).await
    }

    async fn receipt(&self, workspace: &WorkspaceId, revision: Revision) -> Result<Receipt, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = permit(&mut tx, &self.actor, workspace, Capability::ReadModel).await?;
            let receipt = receipt::by_revision(&mut tx, &permit, revision).await?;
            tx.rollback().await?;
            receipt.ok_or(Failure::Problem(Problem::NotFound))
        };
        let outcome = outcome.await;
        self.told(outcome, "receipt", workspace).await
    }

    async fn stage_import(&self, workspace: &WorkspaceId, staged: StagedImport) -> Result<ImportId, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_stage(tx, workspace, &staged));
        drop(turn);
        self.told(outcome, "import.stage", workspace).await
    }

    async fn staged_import(&self, workspace: &WorkspaceId, import: &ImportId) -> Result<StagedImport, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = permit(&mut tx, &self.actor, workspace, Capability::ImportModel).await?;
            let staged = import::staged(&mut tx, &permit, self.store.now(), import).await?;
            tx.rollback().await?;
            staged.ok_or(Failure::Problem(Problem::NotFound))
        };
        let outcome = outcome.await;
        self.told(outcome, "import", workspace).await
    }

    async fn drop_import(&self, workspace: &WorkspaceId, import: &ImportId) -> Result<(), Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_drop(tx, workspace, import));
        drop(turn);
        self.told(outcome, "import.drop", workspace).await
    }

    async fn audit_trail(&self, workspace: &WorkspaceId, most: u32) -> Result<Vec<AuditLine>, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = permit(&mut tx, &self.actor, workspace, Capability::ReadAudit).await?;
            let lines = audit::newest(&mut tx, &permit, most).await?;
            tx.rollback().await?;
            Ok(lines)
        };
        let outcome = outcome.await;
        self.told(outcome, "audit", workspace).await
    }
}
