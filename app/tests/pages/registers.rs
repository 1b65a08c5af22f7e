//! Registers that come from a file: one that asks what its scale means and has rows that cannot be read, and one in each
//! state.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::backend::StagedImport;
use domain::backend::register_imports::{ImportState, ImportedRisks, RegisterImport, RegisterImports};
use domain::id::{ImportId, WorkspaceId};
use domain::import::Limits;
use domain::problem::Problem;
use domain::risk::RiskKey;
use domain::risk::sheet::{Counts, Table};

use crate::estate::Fake;

const FIVE: &str =
    "Key,Title <b>,Likelihood (1-5),Impact (1-5),Note\nR-1,Changed & more,2,2,x\n,New,1,9,y\n,Other,3,3,z\n";
const THREE: &str = "Title,Likelihood (1-3),Impact (0-4)\nNew,1,3\n";

#[async_trait]
impl RegisterImports for Fake {
    async fn stage_register(&self, _: &WorkspaceId, _: StagedImport) -> Result<ImportId, Problem> {
        Err(Problem::Forbidden)
    }

    async fn register_import(&self, workspace: &WorkspaceId, import: &ImportId) -> Result<RegisterImport, Problem> {
        self.member(workspace)?;
        let file = if import.as_str() == "three" { THREE } else { FIVE };
        let state = match import.as_str() {
            "three" | "five" => ImportState::Waiting,
            word => word.parse().map_err(|_| Problem::NotFound)?,
        };
        let table = Table::from_csv("register.csv", file.as_bytes(), &Limits::register()).unwrap();
        Ok(RegisterImport {
            file_name: "register <1>.csv".to_owned(),
            content: table.to_json(),
            choices: Vec::new(),
            state,
            read: (1, 3),
            counts: Counts { new: 1, changed: 1, unchanged: 0, rejected: 1 },
        })
    }

    async fn drop_register(&self, _: &WorkspaceId, _: &ImportId) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn begin_register(
        &self,
        _: &WorkspaceId,
        _: &ImportId,
        _: &[(String, String)],
        _: usize,
    ) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn note_register(&self, _: &WorkspaceId, _: &ImportId, _: usize) -> Result<bool, Problem> {
        Err(Problem::Forbidden)
    }

    async fn end_register(&self, _: &WorkspaceId, _: &ImportId, _: ImportState) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn risk_revisions(&self, workspace: &WorkspaceId) -> Result<BTreeMap<RiskKey, i64>, Problem> {
        self.member(workspace)?;
        Ok([(RiskKey(1), 2), (RiskKey(2), 1)].into())
    }

    async fn import_risks(&self, _: &WorkspaceId, _: &ImportId, _: ImportedRisks) -> Result<bool, Problem> {
        Err(Problem::Forbidden)
    }
}
