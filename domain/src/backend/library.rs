//! What a member may ask about requirements and evidence: what people say of each requirement, who does it, which controls are
//! in place, and what shows it.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::incidents::Kept;
use crate::evidence::Item;
use crate::evidence::draft::About;
use crate::evidence::item::{ItemChange, StoredFile, Version};
use crate::evidence::policy::{Policy, PolicyKey};
use crate::evidence::requirement_view::Sources;
use crate::evidence::training::{Training, TrainingKey};
use crate::findings::{Finding, Findings};
use crate::id::{PersonId, SystemId, VendorId, WorkspaceId};
use crate::library::controls::{IntegrationControl, Preset, Statement, presets};
use crate::library::reference::Framework;
use crate::library::responsibility::VendorMatrix;
use crate::library::{Entry, EvidenceKey, FrameworkKey, OwnFramework, Position, RequirementKey, entries, entry};
use crate::problem::Problem;
use crate::time::{Day, Timestamp};

/// The library of a workspace. Who may read the model reads it, who may change the model changes it. In every method that
/// saves, `seen` is the number of the save that the person saw, 0 of what was never saved; the answer tells whether anything
/// changed.
#[async_trait]
pub trait Library: Send + Sync {
    /// Everything that was ever said.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn library(&self, workspace: &WorkspaceId) -> Result<LibraryBook, Problem>;

    /// Says where a requirement stands. Who says so, and when, the gate knows; an approval is a step of its own.
    ///
    /// # Errors
    /// As `Backend::execute`; `Conflict` where it was saved since, `NotFound` where no framework lists the requirement.
    async fn save_position(&self, workspace: &WorkspaceId, position: Position, seen: i64) -> Result<bool, Problem>;

    /// Approves a compensating control, or renews its yearly review.
    ///
    /// # Errors
    /// As [`Self::save_position`]; `Forbidden` for programs; `Invalid` with the field `step` where there is none, or where
    /// who wrote it approves.
    async fn approve_position(
        &self,
        workspace: &WorkspaceId,
        requirement: &RequirementKey,
        seen: i64,
    ) -> Result<bool, Problem>;

    /// What was said of a requirement, one version for each save, the first first; none where nobody said anything.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn position_versions(
        &self,
        workspace: &WorkspaceId,
        requirement: &RequirementKey,
    ) -> Result<Vec<Position>, Problem>;

    /// Says who does what, per requirement, between us and a vendor.
    ///
    /// # Errors
    /// As [`Self::save_position`]; `NotFound` where there is no such vendor.
    async fn save_responsibility(
        &self,
        workspace: &WorkspaceId,
        matrix: VendorMatrix,
        seen: i64,
    ) -> Result<bool, Problem>;

    /// Brings a framework, or puts another table in its place.
    ///
    /// # Errors
    /// As `Backend::execute`; `Conflict` where it was saved since; `Invalid` with the field `key` where there are as many as
    /// there may be.
    async fn save_framework(
        &self,
        workspace: &WorkspaceId,
        framework: OwnFramework,
        seen: i64,
    ) -> Result<bool, Problem>;

    /// Says whether a control is in place on the integrations of a system; `None` takes back what was said.
    ///
    /// # Errors
    /// As [`Self::save_position`]; `NotFound` where there is no such system.
    async fn state_control(
        &self,
        workspace: &WorkspaceId,
        cell: (SystemId, IntegrationControl),
        said: Option<Statement>,
        seen: i64,
    ) -> Result<bool, Problem>;

    /// Says what a control keeps off, and how urgent it is.
    ///
    /// # Errors
    /// As [`Self::save_position`].
    async fn save_preset(&self, workspace: &WorkspaceId, preset: Preset, seen: i64) -> Result<bool, Problem>;

    /// One evidence item with everything that it was.
    ///
    /// # Errors
    /// As `Backend::estate`, and `NotFound` where there is no such item.
    async fn item(&self, workspace: &WorkspaceId, item: EvidenceKey) -> Result<ItemHistory, Problem>;

    /// The file of a version, for somebody who takes it away or looks at it, which is noted with its hash. Its bytes were
    /// compared with that hash.
    ///
    /// # Errors
    /// As `Backend::export`; `NotFound` where there is no such version or it is a link; `Invalid` with the field `file`
    /// where the file is not there, or has other bytes.
    async fn take_file(
        &self,
        workspace: &WorkspaceId,
        version: (EvidenceKey, u32),
        taking: Taking,
    ) -> Result<StoredFile, Problem>;

    /// The first [`SHOWN_BYTES`] of a version that is a text.
    ///
    /// # Errors
    /// As [`Self::take_file`]; `NotFound` where it is no text.
    async fn shown_text(&self, workspace: &WorkspaceId, version: (EvidenceKey, u32)) -> Result<String, Problem>;

    /// Adds an evidence item with its first version. A file is taken only where its bytes are kept already.
    ///
    /// # Errors
    /// As `Backend::execute`; `Invalid` with the field `file` where the file is not kept or there is no more room.
    async fn add_item(&self, workspace: &WorkspaceId, about: About, first: Version) -> Result<EvidenceKey, Problem>;

    /// Changes an evidence item.
    ///
    /// # Errors
    /// As [`Self::save_position`], and those of [`ItemChange::apply`]; `NotFound` where there is no such item.
    async fn change_item(
        &self,
        workspace: &WorkspaceId,
        item: EvidenceKey,
        change: ItemChange,
        seen: i64,
    ) -> Result<bool, Problem>;

    /// Saves a policy; one with the number 0 is a new one. An approval is a step of its own.
    ///
    /// # Errors
    /// As [`Self::save_position`].
    async fn save_policy(
        &self,
        workspace: &WorkspaceId,
        policy: Policy,
        seen: i64,
    ) -> Result<(PolicyKey, bool), Problem>;

    /// Approves a policy in its version of now.
    ///
    /// # Errors
    /// As [`Self::save_position`]; `Forbidden` for programs; `Invalid` with the field `document` where none is named, and
    /// `step` where who wrote this version approves.
    async fn approve_policy(&self, workspace: &WorkspaceId, policy: PolicyKey, seen: i64) -> Result<bool, Problem>;

    /// Saves a training; one with the number 0 is a new one.
    ///
    /// # Errors
    /// As [`Self::save_position`].
    async fn save_training(
        &self,
        workspace: &WorkspaceId,
        training: Training,
        seen: i64,
    ) -> Result<(TrainingKey, bool), Problem>;
}

/// So much of a text is shown on the page of its item, in bytes.
pub const SHOWN_BYTES: usize = 64 * 1024;

/// What somebody does with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taking {
    /// They save it.
    Download,
    /// They look at it on the page of the item.
    Preview,
}

impl Taking {
    /// The word of the audit trail.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Download => "item.download",
            Self::Preview => "item.preview",
        }
    }
}

/// An evidence item with everything that it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemHistory {
    /// The item as it is.
    pub item: Kept<Item>,
    /// Every save, the last one first.
    pub saves: Vec<ItemSave>,
    /// The present day in the workspace's zone.
    pub today: Day,
}

/// One save of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemSave {
    /// Its number.
    pub revision: i64,
    /// When.
    pub at: Timestamp,
    /// The name of the account; absent where it is gone or a program saved.
    pub by: Option<String>,
    /// The item as it was then.
    pub item: Item,
}

impl ItemHistory {
    /// What a save did, one sentence for each thing. `place` counts from the last save.
    #[must_use]
    pub fn did(&self, place: usize) -> Vec<String> {
        let Some(save) = self.saves.get(place) else { return Vec::new() };
        let Some(before) = self.saves.get(place + 1).map(|it| &it.item) else { return vec!["Added.".to_owned()] };
        let after = &save.item;
        let mut did: Vec<String> = after.versions[before.versions.len().min(after.versions.len())..]
            .iter()
            .map(|it| format!("Version {} added.", it.number))
            .collect();
        let mut say = |differs: bool, words: String| did.extend(differs.then_some(words));
        say(before.title != after.title, format!("Title was: {}", before.title));
        say(before.note != after.note, "Note changed.".to_owned());
        say(before.proves != after.proves, "What it proves changed.".to_owned());
        match (&before.hold, &after.hold) {
            (None, Some(hold)) => say(true, format!("Legal hold: {}", hold.reason)),
            (Some(_), None) => say(true, "Legal hold lifted.".to_owned()),
            _ => {}
        }
        if let (None, Some(it)) = (&before.withdrawn, &after.withdrawn) {
            say(true, format!("Withdrawn: {}", it.reason));
        }
        did
    }

    /// Who added a version.
    #[must_use]
    pub fn added_by(&self, number: u32) -> Option<&str> {
        let has = |it: &&ItemSave| it.item.versions.iter().any(|version| version.number == number);
        self.saves.iter().rev().find(has)?.by.as_deref()
    }
}

/// What was said about a control on the integrations of a system; taken back where it is none.
pub type Said = Kept<Option<Statement>>;

/// Everything that was ever said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LibraryBook {
    /// Where each requirement stands.
    pub positions: BTreeMap<RequirementKey, Kept<Position>>,
    /// Who does what, by vendor.
    pub responsibilities: BTreeMap<VendorId, Kept<VendorMatrix>>,
    /// The frameworks of the workspace's own.
    pub frameworks: BTreeMap<FrameworkKey, Kept<OwnFramework>>,
    /// What people say of controls, by system and control.
    pub statements: BTreeMap<(SystemId, IntegrationControl), Said>,
    /// What the workspace says of controls where it differs from the defaults.
    pub presets: BTreeMap<IntegrationControl, Kept<Preset>>,
    /// The evidence items.
    pub items: BTreeMap<EvidenceKey, Kept<Item>>,
    /// The policies.
    pub policies: BTreeMap<PolicyKey, Kept<Policy>>,
    /// The trainings.
    pub trainings: BTreeMap<TrainingKey, Kept<Training>>,
    /// The present day in the workspace's zone.
    pub today: Day,
    /// The present moment.
    pub now: Timestamp,
    /// The person of the inventory who asks, where the account is linked to one.
    pub me: Option<PersonId>,
}

impl LibraryBook {
    /// Whether a standard or a framework lists the requirement.
    #[must_use]
    pub fn lists(&self, requirement: &RequirementKey) -> bool {
        match requirement.framework() {
            // A key of a standard is only ever made of an id that it has.
            Framework::Standard(_) => true,
            Framework::Own(key) => self.frameworks.get(key).is_some_and(|it| it.value.has(requirement)),
        }
    }

    /// What the framework of a requirement says of it; `None` where none lists it.
    #[must_use]
    pub fn entry(&self, requirement: &RequirementKey) -> Option<Entry> {
        match requirement.framework() {
            Framework::Standard(_) => entry(requirement),
            Framework::Own(key) => self.frameworks.get(key)?.value.entry(requirement),
        }
    }

    /// The requirements of a framework, in its order; `None` where there is none of that name.
    #[must_use]
    pub fn entries(&self, framework: &Framework) -> Option<Vec<Entry>> {
        match framework {
            Framework::Standard(standard) => Some(entries(*standard)),
            Framework::Own(key) => Some(self.frameworks.get(key)?.value.entries()),
        }
    }

    /// What people call a framework; its key where there is none of that name.
    #[must_use]
    pub fn framework_name<'a>(&'a self, framework: &'a Framework) -> &'a str {
        match framework {
            Framework::Standard(standard) => standard.label(),
            Framework::Own(key) => self.frameworks.get(key).map_or(key.as_str(), |it| it.value.name.as_str()),
        }
    }

    /// What people say, the evidence and who does what, as requirements are looked at with them.
    #[must_use]
    pub fn said(&self) -> SaidOfRequirements {
        SaidOfRequirements {
            positions: self.positions.iter().map(|(key, it)| (key.clone(), it.value.clone())).collect(),
            items: self.items.values().map(|it| it.value.clone()).collect(),
            policies: self.policies.values().map(|it| it.value.clone()).collect(),
            matrices: self.responsibilities.values().map(|it| it.value.clone()).collect(),
            today: self.today,
        }
    }

    /// What people say of controls on integrations.
    #[must_use]
    pub fn stated(&self) -> Vec<Statement> {
        self.statements.values().filter_map(|it| it.value.clone()).collect()
    }

    /// What is said of each control: by the workspace, else by default.
    #[must_use]
    pub fn presets(&self) -> Vec<Preset> {
        let own = |it: Preset| self.presets.get(&it.control).map_or(it, |kept| kept.value.clone());
        presets().into_iter().map(own).collect()
    }
}

/// What requirements are looked at with, beside what the rules find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidOfRequirements {
    positions: BTreeMap<RequirementKey, Position>,
    items: Vec<Item>,
    policies: Vec<Policy>,
    matrices: Vec<VendorMatrix>,
    today: Day,
}

impl SaidOfRequirements {
    /// Together with what the rules find.
    #[must_use]
    pub fn with<'a>(&'a self, findings: &'a Findings, is_open: &'a dyn Fn(&Finding) -> bool) -> Sources<'a> {
        Sources {
            positions: &self.positions,
            items: &self.items,
            policies: &self.policies,
            matrices: &self.matrices,
            findings,
            is_open,
            today: self.today,
        }
    }
}
