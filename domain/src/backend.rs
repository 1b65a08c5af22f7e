//! What a page may ask. Behind it stands the gate: whoever asks is known to it, and nothing else is reachable.

pub mod assessment;
pub mod calendar;
pub mod comments;
pub mod confirmations;
pub mod incidents;
pub mod library;
pub mod own_account;
pub mod packs;
pub mod people;
pub mod proposals;
pub mod register_imports;
pub mod requests;
pub mod reviews;
pub mod risks;
pub mod schedules;
pub mod snapshots;
pub mod tokens;
pub mod trail;
pub mod triage;
pub mod views;

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;

use crate::command::changed::Changed;
use crate::command::{Command, Receipt, Revision};
use crate::creep::Journalled;
use crate::findings::{Finding, Findings};
use crate::id::{AccountId, ImportId, SystemId, WorkspaceId};
use crate::model::Model;
use crate::model::object::ObjectRef;
use crate::moment::Moment;
use crate::problem::Problem;
use crate::role::{Capability, Role};
use crate::scope::delta::CategoryChange;
use crate::scope::verdict::Scope;
use crate::time::{Day, Timestamp};
use assessment::{Memo, Remedy};
use own_account::OwnAccount;

/// Everything that a signed-in person can do. Bound to the person: no method takes an actor.
#[async_trait]
pub trait Backend:
    OwnAccount
    + calendar::Calendar
    + incidents::Incidents
    + library::Library
    + packs::Packs
    + people::People
    + proposals::Proposals
    + register_imports::RegisterImports
    + requests::Requests
    + reviews::Reviews
    + risks::Risks
    + schedules::Schedules
    + snapshots::Snapshots
    + tokens::ApiTokens
    + trail::Trail
    + comments::Comments
    + confirmations::Confirmations
    + triage::FindingRecords
    + views::SavedViews
    + Send
    + Sync
{
    /// Who asks.
    ///
    /// # Errors
    /// `SignedOut` where nobody does.
    async fn account(&self) -> Result<Account, Problem>;

    /// The workspaces in which the person is a member, by name.
    ///
    /// # Errors
    /// `SignedOut`.
    async fn workspaces(&self) -> Result<Vec<WorkspaceEntry>, Problem>;

    /// Makes a workspace of which the person becomes the owner. Its key is made from the name.
    ///
    /// # Errors
    /// `SignedOut`, or `Invalid` with the field `name`.
    async fn create_workspace(&self, name: &str, sample: bool) -> Result<WorkspaceId, Problem>;

    /// The model of a workspace at its current revision, with its scope as of today.
    ///
    /// # Errors
    /// `SignedOut`, `NotFound` where the person is no member, `Forbidden` where the role may not see the live model.
    async fn estate(&self, workspace: &WorkspaceId) -> Result<Arc<Estate>, Problem>;

    /// What the rules find in an estate now.
    ///
    /// # Errors
    /// `Broken` where the rules fail.
    async fn findings(&self, estate: &Arc<Estate>) -> Result<Arc<Findings>, Problem>;

    /// What can be done about a finding of an estate.
    ///
    /// # Errors
    /// As [`Self::findings`].
    async fn remedies(&self, estate: &Arc<Estate>, finding: &Finding) -> Result<Vec<Remedy>, Problem>;

    /// As [`Self::estate`], to take the whole of it away, which is kept in the audit trail.
    ///
    /// # Errors
    /// As [`Self::estate`], `Forbidden` where the role may not export, `Reauthenticate` where a person proved longer than
    /// five minutes ago who they are.
    async fn export(&self, workspace: &WorkspaceId) -> Result<Arc<Estate>, Problem>;

    /// Carries out a command.
    ///
    /// # Errors
    /// As [`Self::estate`], and those of [`Model::apply`].
    async fn execute(&self, workspace: &WorkspaceId, command: Command) -> Result<Receipt, Problem>;

    /// Takes back the change that made a revision. Taking that back in turn is redoing.
    ///
    /// # Errors
    /// As [`Self::execute`], `Invalid` with the field `rev` where nothing is kept of that change.
    async fn take_back(&self, workspace: &WorkspaceId, revision: Revision) -> Result<Receipt, Problem>;

    /// The revisions whose changes can be taken back as far as is kept; something may have changed since.
    ///
    /// # Errors
    /// As [`Self::estate`].
    async fn undoable(&self, workspace: &WorkspaceId) -> Result<BTreeSet<Revision>, Problem>;

    /// What the write that made a revision did, to show it after the redirect.
    ///
    /// # Errors
    /// As [`Self::estate`].
    async fn receipt(&self, workspace: &WorkspaceId, revision: Revision) -> Result<Receipt, Problem>;

    /// What changed category since the workspace was made, in the order in which it happened: the newest of many.
    ///
    /// # Errors
    /// As [`Self::estate`].
    async fn scope_moves(&self, workspace: &WorkspaceId) -> Result<Vec<CategoryChange>, Problem>;

    /// What changed category since an instant, in the order in which it happened: the newest of many.
    ///
    /// # Errors
    /// As [`Self::estate`].
    async fn scope_moves_since(
        &self,
        workspace: &WorkspaceId,
        since: Timestamp,
    ) -> Result<Vec<CategoryChange>, Problem>;

    /// Keeps a parsed file until its preview is confirmed or a day has passed.
    ///
    /// # Errors
    /// As [`Self::execute`].
    async fn stage_import(&self, workspace: &WorkspaceId, staged: StagedImport) -> Result<ImportId, Problem>;

    /// A staged file.
    ///
    /// # Errors
    /// As [`Self::estate`], and `NotFound` where it was confirmed, cancelled or is older than a day.
    async fn staged_import(&self, workspace: &WorkspaceId, import: &ImportId) -> Result<StagedImport, Problem>;

    /// Forgets a staged file.
    ///
    /// # Errors
    /// As [`Self::estate`].
    async fn drop_import(&self, workspace: &WorkspaceId, import: &ImportId) -> Result<(), Problem>;

    /// The newest entries of the audit trail, newest first.
    ///
    /// # Errors
    /// As [`Self::estate`].
    async fn audit_trail(&self, workspace: &WorkspaceId, most: u32) -> Result<Vec<AuditLine>, Problem>;

    /// What the newest changes that name a system did, newest first.
    ///
    /// # Errors
    /// As [`Self::estate`], `Forbidden` where the role may not read the audit trail.
    async fn journal_of_system(
        &self,
        workspace: &WorkspaceId,
        system: &SystemId,
        most: u32,
    ) -> Result<Vec<Journalled>, Problem>;

    /// The newest entries of the audit trail that are about one object, newest first.
    ///
    /// # Errors
    /// As [`Self::estate`].
    async fn history_of(
        &self,
        workspace: &WorkspaceId,
        object: &ObjectRef,
        most: u32,
    ) -> Result<Vec<AuditLine>, Problem>;
}

/// The person who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The account's key.
    pub id: AccountId,
    /// The name.
    pub name: String,
    /// The mail address.
    pub mail: String,
    /// May administer the instance; says nothing about any workspace.
    pub instance_admin: bool,
}

/// One workspace of the person's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceEntry {
    /// The key.
    pub id: WorkspaceId,
    /// The name.
    pub name: String,
    /// The person's role.
    pub role: Role,
    /// It holds the sample estate.
    pub sample: bool,
    /// It is archived: it can be read, and no list shows it by itself.
    pub archived: bool,
}

impl WorkspaceEntry {
    /// Whether the person may do it there, as their role and the workspace are.
    #[must_use]
    pub const fn allows(&self, capability: Capability) -> bool {
        self.role.may(capability) && (!self.archived || capability.works_in_archive())
    }
}

/// The model of a workspace with what follows from it. A copy in memory, shared between requests.
#[derive(Debug, Clone)]
pub struct Estate {
    /// The workspace, with the person's role.
    pub workspace: WorkspaceEntry,
    /// The revision.
    pub revision: Revision,
    /// The model, as of today.
    pub model: Arc<Model>,
    /// The model as it is stored: what files are compared with and what an export holds.
    pub stored: Arc<Model>,
    /// The scope that follows from it.
    pub scope: Arc<Scope>,
    /// When each object changed last.
    pub changed: Arc<Changed>,
    /// The day as of which dates were judged.
    pub today: Day,
    /// What the rules find in it, once somebody has asked.
    pub found: Arc<Memo>,
    /// Which state of the workspace it is.
    pub moment: Moment,
}

impl Estate {
    /// Whether the person may do it in what they look at. The gate checks again; this only decides what is offered.
    #[must_use]
    pub const fn allows(&self, capability: Capability) -> bool {
        self.moment.allows(capability) && self.workspace.allows(capability)
    }
}

/// A file that was read and waits for its confirmation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StagedImport {
    /// The name of the file, without folders.
    pub file_name: String,
    /// What was read, in the importer's own JSON. Never a sample value.
    pub content: String,
}

/// One line of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// The number in the chain.
    pub sequence: i64,
    /// When.
    pub at: Timestamp,
    /// Who, as a name; a job's name where no person acted.
    pub actor: String,
    /// The command's name.
    pub action: String,
    /// The revision that it made, where it changed the model.
    pub revision: Option<Revision>,
    /// The kind and key of the object, where there is one.
    pub object: Option<String>,
    /// The hash of the entry, in hexadecimal.
    pub hash: String,
}
