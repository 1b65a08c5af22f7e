//! The gate: the one way in. It knows who asks, and lets through what their role allows.
//!
//! Store functions take a [`Permit`], and only [`permit`] makes one, from the membership that it reads in the
//! same transaction. Code without a permit has nothing to call.

mod approval;
mod calendar;
mod comments;
mod confirmations;
mod findings_kept;
mod incidents;
mod library;
mod own_account;
mod packs;
mod people;
mod proposals;
mod register_imports;
pub(crate) mod requests;
mod reviews;
mod risks;
mod schedules;
mod signed;
mod snapshots;
mod tokens;
mod trail;
mod views;

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use domain::backend::assessment::Remedy;
use domain::backend::{Account, AuditLine, Backend, Estate, StagedImport, WorkspaceEntry};
use domain::command::{Command, Receipt, Revision};
use domain::creep::Journalled;
use domain::findings::{Finding, Findings};
use domain::id::{ImportId, SystemId, WorkspaceId};
use domain::model::Model;
use domain::model::object::ObjectRef;
use domain::moment::Moment;
use domain::problem::{FieldCode, Problem};
use domain::role::{Capability, Granter, Standing};
use domain::scope::delta::CategoryChange;
use domain::time::{Day, Timestamp};
use serde_json::json;
use uuid::Uuid;

use crate::account::member::StandingRow;
use crate::account::standing::{self, Awaits};
use crate::account::{self, AccountRow};
use crate::actor::Actor;
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::clock::random_key;
use crate::db::{Tx, row, transact};
use crate::error::{Failure, StoreError, causes};
use crate::execute::{Act, Written};
use crate::rows::statements;
use crate::store::Store;
use crate::{execute, findings, import, inverse, meter, receipt, workspace};

statements! {
    MEMBERSHIP = "SELECT workspace.id, workspace.key, workspace.name, workspace.sample, workspace.revision, \
        workspace.archived_at, member.role, member.tier, member.engaged_from, member.engaged_until \
        FROM workspace JOIN member ON member.workspace_id = workspace.id \
        WHERE workspace.key = $1 AND member.account_id = $2 AND workspace.deleted_at IS NULL";
    JOINED = "SELECT workspace.id, workspace.key, workspace.name, workspace.sample, workspace.revision, \
        workspace.archived_at, member.role, member.tier, member.engaged_from, member.engaged_until \
        FROM workspace JOIN member ON member.workspace_id = workspace.id \
        WHERE member.workspace_id = $1 AND member.account_id = $2 AND workspace.deleted_at IS NULL";
    /// A token holds only while its account is a member and not disabled, so both are read with it.
    TOKEN = "SELECT workspace.id, workspace.key, workspace.name, workspace.sample, workspace.revision, \
        workspace.archived_at, member.role, member.tier, member.engaged_from, member.engaged_until, member.account_id \
        FROM workspace JOIN api_token ON api_token.workspace_id = workspace.id \
        JOIN member ON member.workspace_id = workspace.id AND member.account_id = api_token.account_id \
        JOIN account ON account.id = member.account_id \
        WHERE workspace.key = $1 AND api_token.key = $2 AND api_token.expires_at > $3 \
        AND api_token.revoked_at IS NULL AND account.disabled_at IS NULL AND workspace.deleted_at IS NULL";
    OF_TOKEN = "SELECT workspace.key FROM api_token JOIN workspace ON workspace.id = api_token.workspace_id \
        WHERE api_token.key = $1 AND api_token.revoked_at IS NULL AND api_token.expires_at > $2 \
        AND workspace.deleted_at IS NULL";
    /// What reads in place of a member does so only while they are one and not disabled.
    READER = "SELECT workspace.id, workspace.key, workspace.name, workspace.sample, workspace.revision, \
        workspace.archived_at, member.role, member.tier, member.engaged_from, member.engaged_until, member.account_id \
        FROM workspace JOIN member ON member.workspace_id = workspace.id \
        JOIN account ON account.id = member.account_id \
        WHERE workspace.key = $1 AND account.key = $2 AND account.disabled_at IS NULL AND workspace.deleted_at IS NULL";
    ANY = "SELECT id, key, name, sample, revision, archived_at, 'owner' AS role, CAST(4 AS BIGINT) AS tier, \
        CAST(NULL AS BIGINT) AS engaged_from, CAST(NULL AS BIGINT) AS engaged_until FROM workspace \
        WHERE key = $1 AND deleted_at IS NULL";
}

/// What one actor may do in one workspace, during one transaction.
pub(crate) struct Permit {
    id: Uuid,
    entry: WorkspaceEntry,
    standing: Standing,
    account: Option<Uuid>,
    revision: Revision,
    _seal: (),
}

impl Permit {
    /// On whose word the actor can make somebody something.
    pub(crate) const fn granter(&self) -> Granter {
        match self.account {
            Some(_) => Granter::Member(self.standing),
            None => Granter::Operator,
        }
    }

    /// What the actor is in the workspace.
    pub(crate) const fn standing(&self) -> Standing {
        self.standing
    }

    /// The account that acts; the operator has none.
    pub(crate) const fn account(&self) -> Option<Uuid> {
        self.account
    }

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

    /// Whether the actor sees what is being worked on, or only what was signed. The model of now cannot be had without it.
    pub(crate) const fn sees_working(&self) -> bool {
        self.entry.role.may(Capability::ReadWorking)
    }

    /// The revision of the workspace in this transaction.
    pub(crate) const fn revision(&self) -> Revision {
        self.revision
    }
}

#[derive(sqlx::FromRow)]
struct MembershipRow {
    id: Uuid,
    key: String,
    name: String,
    sample: bool,
    revision: i64,
    archived_at: Option<i64>,
    #[sqlx(flatten)]
    standing: StandingRow,
}

/// The membership in whose place a token acts or something reads, with its account.
#[derive(sqlx::FromRow)]
struct TokenMembershipRow {
    account_id: Uuid,
    #[sqlx(flatten)]
    membership: MembershipRow,
}

impl MembershipRow {
    fn permit(self, account: Option<Uuid>) -> Result<Permit, StoreError> {
        let standing = self.standing.read(&self.key)?;
        let entry = WorkspaceEntry {
            id: WorkspaceId::new(self.key),
            name: self.name,
            role: standing.role,
            sample: self.sample,
            archived: self.archived_at.is_some(),
        };
        Ok(Permit { id: self.id, entry, standing, account, revision: Revision(self.revision), _seal: () })
    }
}

/// The maker of a [`Permit`]: reads who asks and what they are in the workspace, in this transaction. `today` decides
/// whether an auditor is engaged.
///
/// A workspace of others, one that is deleted, one whose engagement is over, and one that never was are refused alike.
pub(crate) async fn permit(
    tx: &mut Tx,
    actor: &Actor,
    workspace: &WorkspaceId,
    today: Day,
    needs: Capability,
) -> Result<Permit, Failure> {
    let (membership, account) = match actor {
        // PostgreSQL refuses U+0000 in a text; no workspace has it in its key.
        _ if workspace.as_str().contains('\0') => (None, None),
        Actor::Operator => (row!(tx, MembershipRow, ANY, workspace.as_str())?, None),
        Actor::Token(claim) => {
            let row = row!(tx, TokenMembershipRow, TOKEN, workspace.as_str(), claim.token.as_str(), claim.at.0)?;
            row.map_or((None, None), |row| (Some(row.membership), Some(row.account_id)))
        }
        Actor::Reader(claim) if claim.workspace != *workspace => (None, None),
        Actor::Reader(claim) => {
            let row = row!(tx, TokenMembershipRow, READER, workspace.as_str(), claim.account.as_str())?;
            row.map_or((None, None), |row| (Some(row.membership), Some(row.account_id)))
        }
        actor => {
            let account = signed_in(tx, actor).await?;
            (row!(tx, MembershipRow, MEMBERSHIP, workspace.as_str(), account.id)?, Some(account.id))
        }
    };
    let permit = membership.map(|row| row.permit(account)).transpose()?;
    let engaged = |permit: &Permit| permit.standing.engagement.is_none_or(|days| days.covers(today));
    let Some(permit) = permit.filter(engaged) else {
        return Err(Failure::Denied(Problem::NotFound));
    };
    let covered = match actor {
        Actor::Token(claim) => claim.scope.covers(needs),
        Actor::Reader(_) => matches!(needs, Capability::ReadModel | Capability::ReadWorking),
        Actor::Nobody | Actor::Account { .. } | Actor::Operator => true,
    };
    if !(covered && permit.entry.role.may(needs)) {
        return Err(Failure::Denied(Problem::Forbidden));
    }
    if !permit.entry.allows(needs) {
        return Err(Problem::field("workspace", FieldCode::Archived).into());
    }
    Ok(permit)
}

/// The permit of somebody whom an invitation made a member in this very transaction, for what joining writes.
pub(crate) async fn permit_of_joining(tx: &mut Tx, workspace: Uuid, account: Uuid) -> Result<Permit, Failure> {
    let row = row!(tx, MembershipRow, JOINED, workspace, account)?;
    let row = row.ok_or(Failure::Problem(Problem::NotFound))?;
    Ok(row.permit(Some(account))?)
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

    /// The day as of which engagements and dates count.
    fn today(&self) -> Day {
        self.store.now().day()
    }

    /// As of when an estate is judged: now, or when it was as it is.
    fn instant(&self, estate: &Estate) -> Timestamp {
        estate.moment.instant().unwrap_or_else(|| self.store.now())
    }

    async fn read_estate(&self, workspace: &WorkspaceId) -> Result<Arc<Estate>, Failure> {
        let today = self.store.now().day();
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, today, Capability::ReadModel).await?;
        if !permit.sees_working() {
            let estate = self.signed_estate(&mut tx, &permit).await?;
            tx.rollback().await?;
            return Ok(Arc::new(estate));
        }
        let live = self.store.copies().current(&mut tx, &permit).await?;
        tx.rollback().await?;
        let judged = live.judge(today).await?;
        let shown = |model: &Arc<Model>| match permit.entry().role.may(Capability::ReadAddresses) {
            true => Arc::clone(model),
            false => Arc::new(model.without_addresses()),
        };
        let estate = Estate {
            workspace: permit.entry().clone(),
            revision: live.revision,
            model: shown(&judged.model),
            stored: shown(&live.model),
            scope: Arc::clone(&judged.scope),
            changed: Arc::clone(&live.changed),
            today,
            found: Arc::clone(&judged.found),
            moment: Moment::Now,
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
        // What is merged was decided by a proposal, and comes from there.
        if matches!(command, Command::Merge(_)) {
            return Err(Failure::Denied(Problem::Forbidden));
        }
        let permit = permit(tx, &self.actor, workspace, self.today(), command.needs()).await?;
        self.may_approve(tx, &permit, command).await?;
        let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
        let written = execute::execute(tx, &act, self.store.copies(), command).await?;
        Ok((permit.workspace(), written))
    }

    async fn try_take_back(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        revision: Revision,
    ) -> Result<(Uuid, Written), Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::EditModel).await?;
        let inverse = inverse::by_revision(tx, &permit, revision).await?;
        let inverse = inverse.ok_or_else(|| Problem::field("rev", FieldCode::NoSuchObject))?;
        self.try_execute(tx, workspace, &Command::TakeBack(Box::new(inverse))).await
    }

    async fn try_stage(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        staged: &StagedImport,
    ) -> Result<ImportId, Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::ImportModel).await?;
        let import = import::stage(tx, &permit, self.store.now(), staged).await?;
        let payload = Payload::with_personal(&json!({}), &[("file_name", &staged.file_name)])?;
        self.note_import(tx, &permit, "import.stage", &import, &payload).await?;
        Ok(import)
    }

    async fn try_drop(&self, tx: &mut Tx, workspace: &WorkspaceId, import: &ImportId) -> Result<(), Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::ImportModel).await?;
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
            Err(Failure::Denied(problem)) => Err(self.denied(action, Some(workspace), problem).await),
            outcome => outcome.map_err(|failure| told(failure, action)),
        }
    }

    /// As [`Self::told`], of what is about no workspace.
    async fn told_of_instance<T>(&self, outcome: Result<T, Failure>, action: &str) -> Result<T, Problem> {
        match outcome {
            Err(Failure::Denied(problem)) => Err(self.denied(action, None, problem).await),
            outcome => outcome.map_err(|failure| told(failure, action)),
        }
    }

    async fn denied(&self, action: &str, workspace: Option<&WorkspaceId>, problem: Problem) -> Problem {
        let kept = transact!(self.store.db(), locking, |tx| self.keep_denial(tx, action, workspace, &problem));
        kept.map_or_else(|failure| told(failure, "audit.denial"), |()| problem)
    }

    /// The claimed workspace is what the person typed, so it is kept like any free text.
    async fn keep_denial(
        &self,
        tx: &mut Tx,
        action: &str,
        workspace: Option<&WorkspaceId>,
        problem: &Problem,
    ) -> Result<(), Failure> {
        let what = json!({ "action": action, "status": problem.status() });
        let payload = match workspace {
            Some(key) => Payload::with_personal(&what, &[("workspace", &without_controls(key.as_str()))])?,
            None => Payload::plain(&what),
        };
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
                    workspace::of_account(&mut tx, account.id, self.today()).await?
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

    async fn findings(&self, estate: &Arc<Estate>) -> Result<Arc<Findings>, Problem> {
        findings::of(estate, self.instant(estate)).await.map_err(|failure| told(failure, "findings"))
    }

    async fn remedies(&self, estate: &Arc<Estate>, finding: &Finding) -> Result<Vec<Remedy>, Problem> {
        findings::remedies(estate, finding, self.instant(estate)).await.map_err(|failure| told(failure, "remedies"))
    }

    async fn export(&self, workspace: &WorkspaceId) -> Result<Arc<Estate>, Problem> {
        let attempt = async {
            transact!(self.store.db(), locking, |tx| async {
                let permit = permit(tx, &self.actor, workspace, self.today(), Capability::ExportModel).await?;
                // A token was made with such a proof, and its use cannot give one.
                if !matches!(self.actor, Actor::Token(_)) {
                    standing::require_recent(tx, &self.actor, self.store.now()).await?;
                }
                let subject = Subject { kind: "workspace", key: permit.key().as_str(), revision: None };
                let (chain, payload) = (Chain::Workspace(&permit), Payload::plain(&json!({})));
                let now = self.store.now();
                Ok(audit::append(tx, &chain, now, &self.actor, "model.export", Some(&subject), &payload).await?)
            })?;
            self.read_estate(workspace).await
        };
        let outcome = attempt.await;
        self.told(outcome, "model.export", workspace).await
    }

    async fn execute(&self, workspace: &WorkspaceId, command: Command) -> Result<Receipt, Problem> {
        let begun = meter::instant();
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_execute(tx, workspace, &command));
        let outcome = outcome.map(|(id, written)| {
            if let Some(live) = written.live {
                self.store.copies().keep(id, live);
            }
            written.receipt
        });
        drop(turn);
        let outcome = self.told(outcome, command.name(), workspace).await;
        meter::command(command.name(), &outcome, begun.elapsed());
        outcome
    }

    async fn take_back(&self, workspace: &WorkspaceId, revision: Revision) -> Result<Receipt, Problem> {
        const NAME: &str = "model.take_back";
        let begun = meter::instant();
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_take_back(tx, workspace, revision));
        let outcome = outcome.map(|(id, written)| {
            if let Some(live) = written.live {
                self.store.copies().keep(id, live);
            }
            written.receipt
        });
        drop(turn);
        let outcome = self.told(outcome, NAME, workspace).await;
        meter::command(NAME, &outcome, begun.elapsed());
        outcome
    }

    async fn undoable(&self, workspace: &WorkspaceId) -> Result<BTreeSet<Revision>, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadWorking).await?;
            let revisions = inverse::revisions(&mut tx, &permit).await?;
            tx.rollback().await?;
            Ok(revisions)
        };
        let outcome = outcome.await;
        self.told(outcome, "undoable", workspace).await
    }

    async fn receipt(&self, workspace: &WorkspaceId, revision: Revision) -> Result<Receipt, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadWorking).await?;
            let receipt = receipt::by_revision(&mut tx, &permit, revision).await?;
            tx.rollback().await?;
            receipt.ok_or(Failure::Problem(Problem::NotFound))
        };
        let outcome = outcome.await;
        self.told(outcome, "receipt", workspace).await
    }

    async fn scope_moves(&self, workspace: &WorkspaceId) -> Result<Vec<CategoryChange>, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadWorking).await?;
            let moves = receipt::moves(&mut tx, &permit).await?;
            tx.rollback().await?;
            Ok(moves)
        };
        let outcome = outcome.await;
        self.told(outcome, "scope_moves", workspace).await
    }

    async fn scope_moves_since(
        &self,
        workspace: &WorkspaceId,
        since: Timestamp,
    ) -> Result<Vec<CategoryChange>, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadWorking).await?;
            let moves = receipt::moves_since(&mut tx, &permit, since).await?;
            tx.rollback().await?;
            Ok(moves)
        };
        let outcome = outcome.await;
        self.told(outcome, "scope_moves", workspace).await
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
            let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ImportModel).await?;
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
            let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadAudit).await?;
            let lines = audit::newest(&mut tx, &permit, most).await?;
            tx.rollback().await?;
            Ok(lines)
        };
        let outcome = outcome.await;
        self.told(outcome, "audit", workspace).await
    }

    async fn journal_of_system(
        &self,
        workspace: &WorkspaceId,
        system: &SystemId,
        most: u32,
    ) -> Result<Vec<Journalled>, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadAudit).await?;
            let journal = audit::journal::naming(&mut tx, &permit, system, most).await?;
            tx.rollback().await?;
            Ok(journal)
        };
        let outcome = outcome.await;
        self.told(outcome, "journal", workspace).await
    }

    async fn history_of(
        &self,
        workspace: &WorkspaceId,
        object: &ObjectRef,
        most: u32,
    ) -> Result<Vec<AuditLine>, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadAudit).await?;
            let lines = audit::newest_of(&mut tx, &permit, object, most).await?;
            tx.rollback().await?;
            Ok(lines)
        };
        let outcome = outcome.await;
        self.told(outcome, "audit", workspace).await
    }
}
