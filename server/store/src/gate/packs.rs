//! Evidence packs, behind the gate: what one is made from, read in one transaction; asking for one, making it, releasing
//! it and taking it away, each noted in the audit trail.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::backend::packs::{PackRecord, Packs, Signer};
use domain::evidence::{Index, Item};
use domain::id::WorkspaceId;
use domain::pack::job::{PackNumber, PackOrigin, PackState, PackWish, reason_from_form};
use domain::pack::scan::Scanned;
use domain::pack::{Evidence, Profile, Source};
use domain::problem::{FieldCode, Problem};
use domain::review::access::Access;
use domain::review::seal::Content;
use domain::review::statements::Statements;
use domain::role::{Capability, Role};
use domain::snapshot::SnapshotKey;
use domain::time::Timestamp;
use serde_json::{Value, json};

use super::{Gate, Permit, permit};
use crate::account::{member, standing};
use crate::actor::Actor;
use crate::audit::checkpoint::CheckpointKey;
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, transact};
use crate::error::{Failure, StoreError};
use crate::pack::asked::{self, Finished};
use crate::pack::{self, From, signers};
use crate::review::sealed;
use crate::store::Store;
use crate::{library, snapshot, workspace};

#[async_trait]
impl Packs for Gate {
    async fn packs(&self, workspace: &WorkspaceId) -> Result<Vec<PackRecord>, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = self.exporting(&mut tx, workspace).await?;
            let mut all = asked::list(&mut tx, &permit, self.store.now()).await?;
            tx.rollback().await?;
            all.retain(|it| is_shown(permit.entry().role, it));
            Ok(all)
        };
        let outcome = outcome.await;
        self.told(outcome, "pack", workspace).await
    }

    async fn pack(&self, workspace: &WorkspaceId, pack: PackNumber) -> Result<PackRecord, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = self.exporting(&mut tx, workspace).await?;
            let found = self.shown(&mut tx, &permit, pack).await;
            tx.rollback().await?;
            found
        };
        let outcome = outcome.await;
        self.told(outcome, "pack", workspace).await
    }

    async fn ask_pack(&self, workspace: &WorkspaceId, wish: PackWish) -> Result<PackRecord, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_ask_pack(tx, workspace, wish));
        drop(turn);
        self.told(outcome, "pack.make", workspace).await
    }

    async fn cancel_pack(&self, workspace: &WorkspaceId, pack: PackNumber) -> Result<(), Problem> {
        let outcome = transact!(self.store.db(), locking, |tx| async {
            let permit = self.exporting(tx, workspace).await?;
            self.shown(tx, &permit, pack).await?;
            if !asked::end(tx, &permit, self.store.now(), pack, (PackState::Cancelled, "")).await? {
                return Err(Failure::Problem(Problem::Conflict));
            }
            self.note(tx, &permit, "pack.cancel", pack, &Payload::plain(&json!({}))).await
        });
        self.told(outcome, "pack.cancel", workspace).await
    }

    async fn release_pack(&self, workspace: &WorkspaceId, pack: PackNumber, reason: &str) -> Result<(), Problem> {
        let outcome = transact!(self.store.db(), locking, |tx| self.try_release(tx, workspace, pack, reason));
        self.told(outcome, "pack.release", workspace).await
    }

    async fn pack_signers(&self, workspace: &WorkspaceId) -> Result<Vec<Signer>, Problem> {
        let attempt = async {
            let mut tx = self.store.db().read().await?;
            self.exporting(&mut tx, workspace).await?;
            let all = signers::list(&mut tx).await?;
            tx.rollback().await?;
            Ok(all)
        };
        let outcome = attempt.await;
        self.told(outcome, "packs", workspace).await
    }

    async fn take_pack(&self, workspace: &WorkspaceId, pack: PackNumber) -> Result<PackRecord, Problem> {
        let outcome = transact!(self.store.db(), locking, |tx| async {
            let permit = self.exporting(tx, workspace).await?;
            let found = self.shown(tx, &permit, pack).await?;
            if !found.profile.is_for(permit.entry().role) {
                return Err(Failure::Denied(Problem::Forbidden));
            }
            self.recently_proved(tx).await?;
            if !asked::take(tx, &permit, pack).await? {
                return Err(Failure::Problem(Problem::Conflict));
            }
            let payload = Payload::plain(&json!({ "sha256": found.sha256 }));
            self.note(tx, &permit, "pack.download", pack, &payload).await?;
            Ok(found)
        });
        self.told(outcome, "pack.download", workspace).await
    }
}

/// Whether a role may see a pack: not what holds addresses or drafts, where it sees neither.
fn is_shown(role: Role, it: &PackRecord) -> bool {
    (it.profile != Profile::Full || role.may(Capability::ReadAddresses))
        && (!it.origin.is_draft() || role.may(Capability::ReadProposals))
}

impl Gate {
    async fn try_ask_pack(&self, tx: &mut Tx, workspace: &WorkspaceId, wish: PackWish) -> Result<PackRecord, Failure> {
        let permit = self.exporting(tx, workspace).await?;
        self.recently_proved(tx).await?;
        let role = permit.entry().role;
        if wish.origin.is_draft() && !role.may(Capability::ReadProposals) {
            return Err(Problem::field("of", FieldCode::NotInList).into());
        }
        let is_there = match wish.origin {
            PackOrigin::Seal(key) => sealed::chain(tx, &permit).await?.iter().any(|it| it.key == key),
            PackOrigin::Snapshot(key) => snapshot::one(tx, &permit, key).await?.is_some(),
            PackOrigin::Now => true,
        };
        if !is_there {
            return Err(Problem::field("of", FieldCode::NoSuchObject).into());
        }
        // The key is needed at the end; that it is missing is told before the work.
        self.store.sealing_key()?;
        let wish = PackWish { profile: wish.profile.given_to(role), ..wish };
        let number = asked::insert(tx, &permit, self.store.now(), &wish).await?;
        let payload = Payload::plain(&json!({ "profile": wish.profile, "of": wish.origin.to_string() }));
        self.note(tx, &permit, "pack.make", number, &payload).await?;
        self.shown(tx, &permit, number).await
    }

    async fn try_release(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        pack: PackNumber,
        reason: &str,
    ) -> Result<(), Failure> {
        self.exporting(tx, workspace).await?;
        // Taking packs away is one right, letting one out as a second person another.
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::ApproveFindings).await?;
        let found = self.shown(tx, &permit, pack).await?;
        let reason = reason_from_form(reason)?;
        // A second person is somebody: neither the command line nor whoever asked for it.
        let asker = asked::asked_by(tx, &permit, pack).await?;
        if permit.account().is_none() || permit.account() == asker {
            return Err(Problem::field("reason", FieldCode::OwnDecision).into());
        }
        self.recently_proved(tx).await?;
        if !asked::release(tx, &permit, self.store.now(), pack, &reason).await? {
            return Err(Failure::Problem(Problem::Conflict));
        }
        let what = json!({ "sha256": found.sha256, "card_numbers": found.scanned.stop_count() });
        let payload = Payload::with_personal(&what, &[("reason", &reason)])?;
        self.note(tx, &permit, "pack.release", pack, &payload).await
    }

    async fn exporting(&self, tx: &mut Tx, workspace: &WorkspaceId) -> Result<Permit, Failure> {
        permit(tx, &self.actor, workspace, self.today(), Capability::ExportModel).await
    }

    /// A token was made with such a proof, and its use cannot give one.
    async fn recently_proved(&self, tx: &mut Tx) -> Result<(), Failure> {
        match self.actor {
            Actor::Token(_) => Ok(()),
            _ => standing::require_recent(tx, &self.actor, self.store.now()).await,
        }
    }

    async fn shown(&self, tx: &mut Tx, permit: &Permit, pack: PackNumber) -> Result<PackRecord, Failure> {
        let found = asked::one(tx, permit, self.store.now(), pack).await?;
        found.filter(|it| is_shown(permit.entry().role, it)).ok_or(Failure::Problem(Problem::NotFound))
    }

    async fn note(
        &self,
        tx: &mut Tx,
        permit: &Permit,
        action: &str,
        pack: PackNumber,
        payload: &Payload,
    ) -> Result<(), Failure> {
        let key = pack.to_string();
        let subject = Subject { kind: "pack", key: &key, revision: None };
        let chain = Chain::Workspace(permit);
        Ok(audit::append(tx, &chain, self.store.now(), &self.actor, action, Some(&subject), payload).await?)
    }
}

/// The making of a pack that was asked for. Whoever makes it is the program itself, as the operator's.
impl Gate {
    /// Begins to make a pack: what it is made from, and the name of its archive. `None` where nobody waits for it any more.
    ///
    /// # Errors
    /// Those of reading what it is made from.
    pub async fn begin_pack(
        &self,
        workspace: &WorkspaceId,
        pack: PackNumber,
    ) -> Result<Option<(Source, String)>, Problem> {
        let attempt = async {
            let found = transact!(self.store.db(), locking, |tx| async {
                let permit = self.exporting(tx, workspace).await?;
                let found = self.shown(tx, &permit, pack).await?;
                Ok(asked::begin(tx, &permit, self.store.now(), pack).await?.then_some(found))
            })?;
            let Some(found) = found else { return Ok(None) };
            let source = self.read_pack(workspace, From::Chosen(found.origin), found.profile).await?;
            Ok(Some((source, found.file)))
        };
        let outcome = attempt.await;
        self.told(outcome, "pack.make", workspace).await
    }

    /// Notes that a pack still waits until it is its turn. Whether anybody waits for it.
    ///
    /// # Errors
    /// The database.
    pub async fn wait_for_pack(&self, workspace: &WorkspaceId, pack: PackNumber) -> Result<bool, Problem> {
        let outcome = transact!(self.store.db(), locking, |tx| async {
            let permit = self.exporting(tx, workspace).await?;
            Ok(asked::wait(tx, &permit, self.store.now(), pack).await?)
        });
        self.told(outcome, "pack.make", workspace).await
    }

    /// Notes how many of how many files and how many bytes there are. Whether to go on.
    ///
    /// # Errors
    /// The database.
    pub async fn note_pack(
        &self,
        workspace: &WorkspaceId,
        pack: PackNumber,
        progress: (usize, usize, u64),
    ) -> Result<bool, Problem> {
        let outcome = transact!(self.store.db(), locking, |tx| async {
            let permit = self.exporting(tx, workspace).await?;
            Ok(asked::note(tx, &permit, self.store.now(), pack, progress).await?)
        });
        self.told(outcome, "pack.make", workspace).await
    }

    /// Ends the making with an archive: it is finished, or stopped where card numbers are in it. False where somebody gave
    /// it up meanwhile.
    ///
    /// # Errors
    /// The database.
    pub async fn finish_pack(
        &self,
        workspace: &WorkspaceId,
        pack: PackNumber,
        (files, bytes, sha256): (usize, u64, &str),
        scanned: &Scanned,
    ) -> Result<bool, Problem> {
        let made = Finished { files, bytes, sha256, scanned };
        let outcome = transact!(self.store.db(), locking, |tx| async {
            let permit = self.exporting(tx, workspace).await?;
            if !asked::finish(tx, &permit, self.store.now(), pack, &made).await? {
                return Ok(false);
            }
            let action = if scanned.stops() { "pack.stop" } else { "pack.finish" };
            let what: Value = json!({
                "sha256": sha256,
                "files": files,
                "card_numbers": scanned.stop_count(),
                "test_numbers": scanned.warning_count(),
            });
            self.note(tx, &permit, action, pack, &Payload::plain(&what)).await?;
            Ok(true)
        });
        self.told(outcome, "pack.finish", workspace).await
    }

    /// Ends the making without an archive, with a sentence that says why.
    ///
    /// # Errors
    /// The database.
    pub async fn fail_pack(&self, workspace: &WorkspaceId, pack: PackNumber, why: &str) -> Result<(), Problem> {
        let outcome = transact!(self.store.db(), locking, |tx| async {
            let permit = self.exporting(tx, workspace).await?;
            if asked::end(tx, &permit, self.store.now(), pack, (PackState::Failed, why)).await? {
                self.note(tx, &permit, "pack.fail", pack, &Payload::plain(&json!({}))).await?;
            }
            Ok(())
        });
        self.told(outcome, "pack.fail", workspace).await
    }
}

impl Store {
    /// The names of the archives of all packs.
    ///
    /// # Errors
    /// The database.
    pub async fn pack_files(&self) -> Result<BTreeSet<String>, StoreError> {
        let mut tx = self.db().read().await?;
        let files = asked::files(&mut tx).await?;
        tx.rollback().await?;
        Ok(files)
    }

    /// Marks as failed every pack that an earlier process did not finish, where no other one uses the database. Gives how
    /// many there were.
    ///
    /// # Errors
    /// The database.
    pub async fn break_off_packs(&self) -> Result<usize, StoreError> {
        self.break_off(self.now()).await
    }

    /// Marks as failed every pack of which nothing is heard any more, whoever made it. Gives how many there were.
    ///
    /// # Errors
    /// The database.
    pub async fn break_off_silent_packs(&self) -> Result<usize, StoreError> {
        self.break_off(self.now().plus_seconds(-asked::SILENCE)).await
    }

    async fn break_off(&self, since: Timestamp) -> Result<usize, StoreError> {
        let mut tx = self.db().read().await?;
        let all = workspace::packing(&mut tx, since).await?;
        tx.rollback().await?;
        let gate = self.gate(Actor::Operator);
        for (workspace, pack) in &all {
            if let Err(problem) = gate.fail_pack(workspace, *pack, asked::BROKEN_OFF).await {
                tracing::error!(%workspace, %pack, ?problem, "the end of a pack could not be noted");
            }
        }
        Ok(all.len())
    }
}

/// What a pack is made from.
impl Gate {
    /// What a pack of a workspace is made from: a seal, that of a snapshot where one is named, or else the last; without
    /// one the state of now, as a draft.
    ///
    /// # Errors
    /// `NotFound`, or whatever keeps the actor from taking the model away.
    pub async fn pack_source(
        &self,
        workspace: &WorkspaceId,
        snapshot: Option<SnapshotKey>,
        profile: Profile,
    ) -> Result<Source, Problem> {
        let attempt = async {
            transact!(self.store.db(), locking, |tx| self.note_pack_export(tx, workspace, snapshot, profile))?;
            let from = snapshot.map_or(From::Last, |key| From::Chosen(PackOrigin::Snapshot(key)));
            self.read_pack(workspace, from, profile).await
        };
        let outcome = attempt.await;
        self.told(outcome, pack::EXPORT, workspace).await
    }

    async fn note_pack_export(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        snapshot: Option<SnapshotKey>,
        profile: Profile,
    ) -> Result<(), Failure> {
        let permit = self.exporting(tx, workspace).await?;
        self.recently_proved(tx).await?;
        let snapshot = snapshot.map(|it| it.to_string());
        let payload = Payload::plain(&json!({ "profile": profile, "snapshot": snapshot }));
        let subject = Subject { kind: "workspace", key: permit.key().as_str(), revision: None };
        let (chain, now) = (Chain::Workspace(&permit), self.store.now());
        Ok(audit::append(tx, &chain, now, &self.actor, pack::EXPORT, Some(&subject), &payload).await?)
    }

    async fn read_pack(&self, workspace: &WorkspaceId, from: From, profile: Profile) -> Result<Source, Failure> {
        let signer = self.store.pack_key().await?;
        let mut tx = self.store.db().read().await?;
        let permit = self.exporting(&mut tx, workspace).await?;
        let profile = profile.given_to(permit.entry().role);
        let sealed = pack::seal_of(sealed::chain(&mut tx, &permit).await?, from);
        let state = match (&sealed, from) {
            (Some(row), _) => pack::of_seal(&mut tx, &permit, row).await?,
            // Nobody signed it, so it is not for who sees only what was.
            (None, _) if !permit.sees_working() => return Err(Failure::Problem(Problem::NotFound)),
            (None, From::Chosen(PackOrigin::Seal(_))) => return Err(Failure::Problem(Problem::NotFound)),
            (None, From::Chosen(PackOrigin::Snapshot(key))) => {
                let taken = snapshot::one(&mut tx, &permit, key).await?.ok_or(Failure::Problem(Problem::NotFound))?;
                pack::of_snapshot(&mut tx, &permit, &taken).await?
            }
            (None, From::Last | From::Chosen(PackOrigin::Now)) => {
                let live = self.store.copies().current(&mut tx, &permit).await?;
                pack::of_now(&mut tx, &permit, &live, self.today()).await?
            }
        };
        // What was said since it was sealed is no part of it; a draft of now has all of it. Of what fixes no statements, a
        // snapshot and a seal of before, the clock tells.
        let of_now = state.sealed.is_none() && matches!(from, From::Last | From::Chosen(PackOrigin::Now));
        let until = if of_now { self.store.now() } else { state.at };
        let sealed_statements = state.sealed.as_ref().and_then(|it| it.contents.get(&Content::Statements));
        let said = match sealed_statements.and_then(|text| Statements::read(text)) {
            Some(said) => said,
            None if of_now => pack::statements(&mut tx, &permit).await?,
            None => pack::statements_at(&mut tx, &permit, until).await?,
        };
        // What the seal fixes; of a seal of before there was an index, the versions that were kept by then.
        let sealed_index = state.sealed.as_ref().and_then(|it| it.contents.get(&Content::Evidence));
        let index = match sealed_index.and_then(|text| Index::read(text)) {
            Some(index) => index,
            None => {
                let items = library::list::<Item, _>(&mut tx, &permit, |it| it.key).await?;
                Index::of(items.values().map(|it| &it.value), until)
            }
        };
        // Who might do what, too: as it was sealed, and of older seals as it is.
        let sealed_access = state.sealed.as_ref().and_then(|it| it.contents.get(&Content::Access));
        let access = match sealed_access.and_then(|text| Access::read(text)) {
            Some(access) => access,
            None => {
                let members = member::list(&mut tx, &permit).await?.into_iter().map(pack::member).collect();
                Access::of(&permit.entry().name, members)
            }
        };
        tx.rollback().await?;
        let sealing = self.store.sealing_key()?;
        // Drawn once for each seal; a draft has that of its model.
        let salted = state.sealed.as_ref().map_or(state.model.as_str(), |it| it.sealed.hash.as_str());
        Ok(Source {
            profile,
            workspace: permit.key().to_string(),
            name: access.name,
            salt: signer.salt(salted),
            public_key: signer.public(),
            checkpoint_key: CheckpointKey::of(sealing)?.public().to_string(),
            model: state.model,
            sealed: state.sealed,
            as_of: state.as_of,
            at: state.at,
            register: state.register,
            entity: said.entity,
            trail: state.trail,
            chain: state.chain,
            members: access.members,
            evidence: Evidence::of(&index),
            index,
            requirements: said.requirements,
            report: None,
            page: None,
        })
    }
}
