//! Requirements and evidence, behind the gate.

use async_trait::async_trait;
use domain::backend::incidents::Kept;
use domain::backend::library::{ItemHistory, Library, LibraryBook, SHOWN_BYTES, Taking};
use domain::evidence::draft::About;
use domain::evidence::item::{ItemChange, StoredFile, Version};
use domain::evidence::media::Preview;
use domain::evidence::policy::{Policy, PolicyKey};
use domain::evidence::request::Request;
use domain::evidence::training::{Training, TrainingKey};
use domain::evidence::{EvidenceKey, Item};
use domain::id::{PersonId, SystemId, WorkspaceId};
use domain::library::controls::{IntegrationControl, Preset, Statement};
use domain::library::responsibility::VendorMatrix;
use domain::library::{OwnFramework, Position, RequirementKey};
use domain::problem::{FieldCode, Problem};
use domain::role::Capability;
use domain::time::Day;
use serde_json::json;

use super::incidents::who;
use super::requests::given;
use super::risks::{me, refuse_nul};
use super::{Gate, Permit, permit};
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, transact};
use crate::error::{Failure, StoreError};
use crate::execute::Act;
use crate::files::Unkept;
use crate::library::{self, Word, kept};

#[async_trait]
impl Library for Gate {
    async fn library(&self, workspace: &WorkspaceId) -> Result<LibraryBook, Problem> {
        let outcome = self.read_library(workspace).await;
        self.told(outcome, "library", workspace).await
    }

    async fn save_position(&self, workspace: &WorkspaceId, position: Position, seen: i64) -> Result<bool, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| async {
            let (permit, by, today) = self.may_say(tx, workspace).await?;
            let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
            refuse_nul(&position)?;
            kept::position(tx, &act, (position.clone(), seen), (&by, today)).await
        });
        drop(turn);
        self.told(outcome, "position.edit", workspace).await
    }

    async fn approve_position(
        &self,
        workspace: &WorkspaceId,
        requirement: &RequirementKey,
        seen: i64,
    ) -> Result<bool, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| async {
            let (permit, by, today) = self.may_say(tx, workspace).await?;
            let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
            kept::approve_position(tx, &act, (requirement, seen), (&by, today)).await
        });
        drop(turn);
        self.told(outcome, "position.approve", workspace).await
    }

    async fn position_versions(
        &self,
        workspace: &WorkspaceId,
        requirement: &RequirementKey,
    ) -> Result<Vec<Position>, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadModel).await?;
            if !permit.sees_working() {
                return Ok(Vec::new());
            }
            let versions = library::versions::<Position>(&mut tx, &permit, &requirement.to_string()).await?;
            tx.rollback().await?;
            Ok(versions.into_iter().map(|(_, it)| it).collect())
        };
        let outcome = outcome.await;
        self.told(outcome, "library", workspace).await
    }

    async fn save_responsibility(
        &self,
        workspace: &WorkspaceId,
        matrix: VendorMatrix,
        seen: i64,
    ) -> Result<bool, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| async {
            let (permit, _, _) = self.may_say(tx, workspace).await?;
            let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
            refuse_nul(&matrix)?;
            if !self.store.copies().current(tx, &permit).await?.model.vendors.contains_key(&matrix.vendor) {
                return Err(Problem::NotFound.into());
            }
            for row in &matrix.rows {
                kept::listed(tx, &act, &row.requirement).await?;
            }
            kept::plain(tx, &act, (&matrix, seen), "responsibility.edit").await
        });
        drop(turn);
        self.told(outcome, "responsibility.edit", workspace).await
    }

    async fn save_framework(
        &self,
        workspace: &WorkspaceId,
        framework: OwnFramework,
        seen: i64,
    ) -> Result<bool, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| async {
            let (permit, _, _) = self.may_say(tx, workspace).await?;
            let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
            refuse_nul(&framework)?;
            kept::framework(tx, &act, (&framework, seen)).await
        });
        drop(turn);
        self.told(outcome, "framework.edit", workspace).await
    }

    async fn state_control(
        &self,
        workspace: &WorkspaceId,
        (system, control): (SystemId, IntegrationControl),
        said: Option<Statement>,
        seen: i64,
    ) -> Result<bool, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| async {
            let (permit, by, today) = self.may_say(tx, workspace).await?;
            let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
            refuse_nul(&said)?;
            // What was said of a system that is gone can still be taken back.
            let known = self.store.copies().current(tx, &permit).await?.model.systems.contains_key(&system);
            if !known && said.is_some() {
                return Err(Problem::NotFound.into());
            }
            let word = Word { system: system.clone(), control, said: said.clone() };
            kept::word(tx, &act, (word, seen), (&by, today)).await
        });
        drop(turn);
        self.told(outcome, "control.state", workspace).await
    }

    async fn save_preset(&self, workspace: &WorkspaceId, preset: Preset, seen: i64) -> Result<bool, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| async {
            let (permit, _, _) = self.may_say(tx, workspace).await?;
            let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
            refuse_nul(&preset)?;
            kept::plain(tx, &act, (&preset, seen), "preset.edit").await
        });
        drop(turn);
        self.told(outcome, "preset.edit", workspace).await
    }

    async fn item(&self, workspace: &WorkspaceId, item: EvidenceKey) -> Result<ItemHistory, Problem> {
        let outcome = self.read_item(workspace, item).await;
        self.told(outcome, "item", workspace).await
    }

    async fn take_file(
        &self,
        workspace: &WorkspaceId,
        version: (EvidenceKey, u32),
        taking: Taking,
    ) -> Result<StoredFile, Problem> {
        let outcome = self.taken(workspace, version, taking, 0).await;
        self.told(outcome, taking.word(), workspace).await.map(|(file, _)| file)
    }

    async fn shown_text(&self, workspace: &WorkspaceId, version: (EvidenceKey, u32)) -> Result<String, Problem> {
        let attempt = async {
            let (file, head) = self.taken(workspace, version, Taking::Preview, SHOWN_BYTES).await?;
            if file.media.preview() != Some(Preview::Text) {
                return Err(Problem::NotFound.into());
            }
            // The end of the head may cut a character.
            Ok(head.utf8_chunks().map(|it| it.valid()).collect())
        };
        let outcome = attempt.await;
        self.told(outcome, Taking::Preview.word(), workspace).await
    }

    async fn add_item(&self, workspace: &WorkspaceId, about: About, first: Version) -> Result<EvidenceKey, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| async {
            let (permit, _, _) = self.may_say(tx, workspace).await?;
            let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
            refuse_nul(&Item::new(about.title.clone(), about.proves.clone(), first.clone()))?;
            refuse_nul(&about.note)?;
            kept::add_item(tx, &act, about.clone(), first.clone(), self.store.files()).await
        });
        drop(turn);
        self.told(outcome, "item.add", workspace).await.map(EvidenceKey)
    }

    async fn change_item(
        &self,
        workspace: &WorkspaceId,
        item: EvidenceKey,
        change: ItemChange,
        seen: i64,
    ) -> Result<bool, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| async {
            let (permit, by, _) = self.may_say(tx, workspace).await?;
            let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
            refuse_nul(&texts(&change))?;
            kept::change_item(tx, &act, (item, seen), change.clone(), (&by, self.store.files())).await
        });
        drop(turn);
        self.told(outcome, change.word(), workspace).await
    }

    async fn save_policy(
        &self,
        workspace: &WorkspaceId,
        policy: Policy,
        seen: i64,
    ) -> Result<(PolicyKey, bool), Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| async {
            let (permit, _, _) = self.may_say(tx, workspace).await?;
            let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
            refuse_nul(&policy)?;
            kept::policy(tx, &act, (policy.clone(), seen)).await
        });
        drop(turn);
        let (number, changed) = self.told(outcome, "policy.save", workspace).await?;
        Ok((PolicyKey(number), changed))
    }

    async fn approve_policy(&self, workspace: &WorkspaceId, policy: PolicyKey, seen: i64) -> Result<bool, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| async {
            let (permit, by, today) = self.may_say(tx, workspace).await?;
            let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
            kept::approve_policy(tx, &act, (&policy.to_string(), seen), (&by, today)).await
        });
        drop(turn);
        self.told(outcome, "policy.approve", workspace).await
    }

    async fn save_training(
        &self,
        workspace: &WorkspaceId,
        training: Training,
        seen: i64,
    ) -> Result<(TrainingKey, bool), Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| async {
            let (permit, _, _) = self.may_say(tx, workspace).await?;
            let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
            refuse_nul(&training)?;
            if training.key.0 == 0 {
                return Ok((library::add(tx, &act, training.clone(), "training.add").await?, true));
            }
            let before = library::seen_as::<Training>(tx, &act, &training.key.to_string(), seen).await?;
            let changed = library::put(tx, &act, Some(&before), &training, "training.edit").await?;
            Ok((training.key.0, changed))
        });
        drop(turn);
        let (number, changed) = self.told(outcome, "training.save", workspace).await?;
        Ok((TrainingKey(number), changed))
    }
}

/// Whether the actor sees an item: who audits sees what they were given.
async fn seen(tx: &mut Tx, permit: &Permit, item: EvidenceKey) -> Result<(), Failure> {
    if permit.sees_working() {
        return Ok(());
    }
    let requests = library::list(tx, permit, |it: &Request| it.key).await?;
    if given(&requests).contains(&item) { Ok(()) } else { Err(Failure::Problem(Problem::NotFound)) }
}

/// What a person wrote with a change of an item.
fn texts(change: &ItemChange) -> Vec<String> {
    match change {
        ItemChange::About(about) => vec![about.title.clone(), about.note.clone()],
        ItemChange::Hold(reason) | ItemChange::Withdraw(reason) => vec![reason.clone()],
        ItemChange::Add(_) | ItemChange::Lift => Vec::new(),
    }
}

impl Gate {
    async fn read_item(&self, workspace: &WorkspaceId, key: EvidenceKey) -> Result<ItemHistory, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadModel).await?;
        let name = key.to_string();
        seen(&mut tx, &permit, key).await?;
        let item = library::find(&mut tx, &permit, &name).await?.ok_or(Failure::Problem(Problem::NotFound))?;
        // How it came to be is the business of those who work here.
        let saves = if permit.sees_working() { library::saves(&mut tx, &permit, &name).await? } else { Vec::new() };
        let today = self.zone(&mut tx, &permit).await?.day_of(self.store.now());
        tx.rollback().await?;
        Ok(ItemHistory { item, saves, today })
    }

    /// The file of a version with its first bytes, compared with its hash and noted. Nothing is noted of a file that is not
    /// given out.
    async fn taken(
        &self,
        workspace: &WorkspaceId,
        (key, number): (EvidenceKey, u32),
        taking: Taking,
        most: usize,
    ) -> Result<(StoredFile, Vec<u8>), Failure> {
        let mut tx = self.store.db().read().await?;
        let allowed = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ExportModel).await?;
        seen(&mut tx, &allowed, key).await?;
        let item = library::find::<Item>(&mut tx, &allowed, &key.to_string()).await?;
        tx.rollback().await?;
        let version = item.and_then(|it| it.value.versions.into_iter().find(|it| it.number == number));
        let file = version.and_then(|it| it.file().cloned()).ok_or(Failure::Problem(Problem::NotFound))?;
        let files = self.store.files().cloned().ok_or(Problem::field("file", FieldCode::FileGone))?;
        let asked = file.clone();
        let read = tokio::task::spawn_blocking(move || files.head(&asked, most)).await.map_err(StoreError::from)?;
        let head = read.map_err(|why| {
            tracing::error!(sha256 = %file.sha256, error = %why, "a file of evidence cannot be given out");
            match (why.problem(), why) {
                (Some(problem), _) => Failure::Problem(problem),
                (None, Unkept::Disk(error)) => StoreError::File(error).into(),
                (None, _) => Failure::Problem(Problem::NotFound),
            }
        })?;
        transact!(self.store.db(), locking, |tx| async {
            let permit = permit(tx, &self.actor, workspace, self.today(), Capability::ExportModel).await?;
            let payload = Payload::plain(&json!({ "version": number, "sha256": file.sha256 }));
            let name = key.to_string();
            let subject = Subject { kind: "item", key: &name, revision: None };
            let (chain, now) = (Chain::Workspace(&permit), self.store.now());
            Ok::<_, Failure>(
                audit::append(tx, &chain, now, &self.actor, taking.word(), Some(&subject), &payload).await?,
            )
        })?;
        Ok((file, head))
    }

    async fn read_library(&self, workspace: &WorkspaceId) -> Result<LibraryBook, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadModel).await?;
        let now = self.store.now();
        let given = match permit.sees_working() {
            true => None,
            false => Some(given(&library::list(&mut tx, &permit, |it: &Request| it.key).await?)),
        };
        let until = library::until(&mut tx, &permit).await?;
        let words = library::list_until(&mut tx, &permit, until, |it: &Word| (it.system.clone(), it.control)).await?;
        let mut book = LibraryBook {
            positions: library::list_until(&mut tx, &permit, until, |it: &Position| it.requirement.clone()).await?,
            responsibilities: library::list_until(&mut tx, &permit, until, |it: &VendorMatrix| it.vendor.clone())
                .await?,
            frameworks: library::list_until(&mut tx, &permit, until, |it: &OwnFramework| it.key.clone()).await?,
            statements: words
                .into_iter()
                .map(|(cell, it)| (cell, Kept { revision: it.revision, value: it.value.said }))
                .collect(),
            presets: library::list_until(&mut tx, &permit, until, |it: &Preset| it.control).await?,
            items: library::list(&mut tx, &permit, |it: &Item| it.key).await?,
            policies: library::list(&mut tx, &permit, |it: &Policy| it.key).await?,
            trainings: library::list(&mut tx, &permit, |it: &Training| it.key).await?,
            today: self.zone(&mut tx, &permit).await?.day_of(now),
            now,
            me: me(&mut tx, &permit).await?,
        };
        tx.rollback().await?;
        // Who audits sees what they were given, and no register of what else there is.
        if let Some(given) = given {
            book.items.retain(|key, _| given.contains(key));
            book.policies.clear();
            book.trainings.clear();
        }
        Ok(book)
    }

    /// The permit of somebody who may change the library, who they are, and the day in the workspace's zone.
    async fn may_say(&self, tx: &mut Tx, workspace: &WorkspaceId) -> Result<(Permit, PersonId, Day), Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::EditModel).await?;
        let by = who(tx, &permit).await?;
        let today = self.zone(tx, &permit).await?.day_of(self.store.now());
        Ok((permit, by, today))
    }
}
