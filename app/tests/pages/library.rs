//! The library of the backend in memory: nothing was ever said, and nothing can be.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::backend::library::{ItemHistory, Library, LibraryBook, Taking};
use domain::evidence::EvidenceKey;
use domain::evidence::draft::About;
use domain::evidence::item::{ItemChange, StoredFile, Version};
use domain::evidence::policy::{Policy, PolicyKey};
use domain::evidence::training::{Training, TrainingKey};
use domain::id::{SystemId, WorkspaceId};
use domain::library::controls::{IntegrationControl, Preset, Statement};
use domain::library::responsibility::VendorMatrix;
use domain::library::{OwnFramework, Position, RequirementKey};
use domain::problem::Problem;
use domain::time::Timestamp;

use crate::estate::Fake;

#[async_trait]
impl Library for Fake {
    async fn library(&self, _: &WorkspaceId) -> Result<LibraryBook, Problem> {
        let now = Timestamp(0);
        Ok(LibraryBook {
            positions: BTreeMap::new(),
            responsibilities: BTreeMap::new(),
            frameworks: BTreeMap::new(),
            statements: BTreeMap::new(),
            presets: BTreeMap::new(),
            items: BTreeMap::new(),
            policies: BTreeMap::new(),
            trainings: BTreeMap::new(),
            today: now.day(),
            now,
            me: None,
        })
    }

    async fn item(&self, _: &WorkspaceId, _: EvidenceKey) -> Result<ItemHistory, Problem> {
        Err(Problem::NotFound)
    }

    async fn take_file(&self, _: &WorkspaceId, _: (EvidenceKey, u32), _: Taking) -> Result<StoredFile, Problem> {
        Err(Problem::NotFound)
    }

    async fn shown_text(&self, _: &WorkspaceId, _: (EvidenceKey, u32)) -> Result<String, Problem> {
        Err(Problem::NotFound)
    }

    async fn save_position(&self, _: &WorkspaceId, _: Position, _: i64) -> Result<bool, Problem> {
        Err(Problem::Forbidden)
    }

    async fn approve_position(&self, _: &WorkspaceId, _: &RequirementKey, _: i64) -> Result<bool, Problem> {
        Err(Problem::Forbidden)
    }

    async fn position_versions(&self, _: &WorkspaceId, _: &RequirementKey) -> Result<Vec<Position>, Problem> {
        Ok(Vec::new())
    }

    async fn save_responsibility(&self, _: &WorkspaceId, _: VendorMatrix, _: i64) -> Result<bool, Problem> {
        Err(Problem::Forbidden)
    }

    async fn save_framework(&self, _: &WorkspaceId, _: OwnFramework, _: i64) -> Result<bool, Problem> {
        Err(Problem::Forbidden)
    }

    async fn state_control(
        &self,
        _: &WorkspaceId,
        _: (SystemId, IntegrationControl),
        _: Option<Statement>,
        _: i64,
    ) -> Result<bool, Problem> {
        Err(Problem::Forbidden)
    }

    async fn save_preset(&self, _: &WorkspaceId, _: Preset, _: i64) -> Result<bool, Problem> {
        Err(Problem::Forbidden)
    }

    async fn add_item(&self, _: &WorkspaceId, _: About, _: Version) -> Result<EvidenceKey, Problem> {
        Err(Problem::Forbidden)
    }

    async fn change_item(&self, _: &WorkspaceId, _: EvidenceKey, _: ItemChange, _: i64) -> Result<bool, Problem> {
        Err(Problem::Forbidden)
    }

    async fn save_policy(&self, _: &WorkspaceId, _: Policy, _: i64) -> Result<(PolicyKey, bool), Problem> {
        Err(Problem::Forbidden)
    }

    async fn approve_policy(&self, _: &WorkspaceId, _: PolicyKey, _: i64) -> Result<bool, Problem> {
        Err(Problem::Forbidden)
    }

    async fn save_training(&self, _: &WorkspaceId, _: Training, _: i64) -> Result<(TrainingKey, bool), Problem> {
        Err(Problem::Forbidden)
    }
}
