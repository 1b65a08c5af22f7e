//! What a member may ask about registers of risks that come from a file.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::StagedImport;
use crate::id::{ImportId, WorkspaceId};
use crate::problem::Problem;
use crate::risk::sheet::Counts;
use crate::risk::{Risk, RiskKey, Scheme};
use crate::text::text_enum;

text_enum! {
    /// How far a register from a file is.
    ImportState {
        /// Nobody decided yet.
        Waiting = "waiting": "Waits for a decision",
        /// Its rows are being read; it can be stopped.
        Reading = "reading": "Is being read",
        /// Its risks are in the register.
        Done = "done": "Imported",
        /// Somebody stopped it before anything was written.
        Stopped = "stopped": "Stopped",
        /// What would be written is not what was shown, as the register or the map changed since.
        Outdated = "outdated": "Out of date",
        /// Rows cannot be read, or something is not answered.
        Rejected = "rejected": "Rejected",
        /// It broke off.
        Failed = "failed": "Broken off",
    }
}

impl ImportState {
    /// Whether a person can decide about it, again or for the first time.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Reading | Self::Done)
    }
}

/// Registers of risks on their way in: kept for a day, looked at, read, and written all at once or not at all.
#[async_trait]
pub trait RegisterImports: Send + Sync {
    /// Keeps a table that was read until somebody decides or a day has passed.
    ///
    /// # Errors
    /// As `Backend::stage_import`.
    async fn stage_register(&self, workspace: &WorkspaceId, staged: StagedImport) -> Result<ImportId, Problem>;

    /// A register that is kept, and how far it is.
    ///
    /// # Errors
    /// As `Backend::staged_import`.
    async fn register_import(&self, workspace: &WorkspaceId, import: &ImportId) -> Result<RegisterImport, Problem>;

    /// Forgets a register, unless it is being read.
    ///
    /// # Errors
    /// As `Backend::drop_import`.
    async fn drop_register(&self, workspace: &WorkspaceId, import: &ImportId) -> Result<(), Problem>;

    /// Begins to read the rows of a register, as a person confirmed it with this form.
    ///
    /// # Errors
    /// As [`Self::register_import`], and `Conflict` where it is being read already or was imported.
    async fn begin_register(
        &self,
        workspace: &WorkspaceId,
        import: &ImportId,
        choices: &[(String, String)],
        rows: usize,
    ) -> Result<(), Problem>;

    /// Notes how many rows were read. Whether to go on: false once somebody stopped it.
    ///
    /// # Errors
    /// As [`Self::register_import`].
    async fn note_register(&self, workspace: &WorkspaceId, import: &ImportId, read: usize) -> Result<bool, Problem>;

    /// Ends the reading of a register in a state in which nothing was written. Nothing happens where it is not being read.
    ///
    /// # Errors
    /// As [`Self::register_import`].
    async fn end_register(&self, workspace: &WorkspaceId, import: &ImportId, state: ImportState)
    -> Result<(), Problem>;

    /// How often each risk was saved.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn risk_revisions(&self, workspace: &WorkspaceId) -> Result<BTreeMap<RiskKey, i64>, Problem>;

    /// Writes the risks of a register that is being read, all of them or none. False where somebody stopped it first.
    ///
    /// # Errors
    /// As `Backend::execute`: `Conflict` where a risk changed or was added since.
    async fn import_risks(
        &self,
        workspace: &WorkspaceId,
        import: &ImportId,
        risks: ImportedRisks,
    ) -> Result<bool, Problem>;
}

/// A register that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterImport {
    /// The name of the file, without folders.
    pub file_name: String,
    /// The table, as it writes itself; empty once it was imported.
    pub content: String,
    /// What was confirmed last, as the form says it; nothing before.
    pub choices: Vec<(String, String)>,
    /// How far it is.
    pub state: ImportState,
    /// How many of how many rows were read.
    pub read: (usize, usize),
    /// What became of the rows, once it was imported. Rejected are those that were left out.
    pub counts: Counts,
}

/// The risks that a register brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedRisks {
    /// Each that is new or changed, with how often it was saved when it was looked at; 0 for a new one.
    pub risks: Vec<(Risk, i64)>,
    /// The scheme in which they are rated.
    pub scheme: Scheme,
    /// What becomes of the rows. Rejected are those that are left out.
    pub counts: Counts,
    /// SHA-256, in hexadecimal, of the rows: what the entry in the audit trail names.
    pub rows_sha256: String,
}
