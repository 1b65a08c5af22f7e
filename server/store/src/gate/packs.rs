//! Evidence packs, behind the gate: what one is made from, read in one transaction, and noted in the audit trail.

use domain::id::WorkspaceId;
use domain::pack::{Profile, Source};
use domain::problem::Problem;
use domain::role::Capability;
use domain::snapshot::SnapshotKey;
use serde_json::json;

use super::{Gate, permit};
use crate::account::{member, standing};
use crate::actor::Actor;
use crate::audit::checkpoint::CheckpointKey;
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, transact};
use crate::error::Failure;
use crate::pack::{self, PackKey};
use crate::review::sealed;
use crate::{entity, snapshot};

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
            transact!(self.store.db(), locking, |tx| self.note_pack(tx, workspace, snapshot, profile))?;
            self.read_pack(workspace, snapshot, profile).await
        };
        let outcome = attempt.await;
        self.told(outcome, pack::EXPORT, workspace).await
    }

    async fn note_pack(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        snapshot: Option<SnapshotKey>,
        profile: Profile,
    ) -> Result<(), Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::ExportModel).await?;
        // A token was made with such a proof, and its use cannot give one.
        if !matches!(self.actor, Actor::Token(_)) {
            standing::require_recent(tx, &self.actor, self.store.now()).await?;
        }
        let snapshot = snapshot.map(|it| it.to_string());
        let payload = Payload::plain(&json!({ "profile": profile, "snapshot": snapshot }));
        let subject = Subject { kind: "workspace", key: permit.key().as_str(), revision: None };
        let (chain, now) = (Chain::Workspace(&permit), self.store.now());
        Ok(audit::append(tx, &chain, now, &self.actor, pack::EXPORT, Some(&subject), &payload).await?)
    }

    async fn read_pack(
        &self,
        workspace: &WorkspaceId,
        key: Option<SnapshotKey>,
        profile: Profile,
    ) -> Result<Source, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ExportModel).await?;
        // Who may not see addresses takes none away, whatever was asked for.
        let profile = match profile {
            Profile::Full if !permit.entry().role.may(Capability::ReadAddresses) => Profile::Auditor,
            other => other,
        };
        let sealed = pack::seal_of(sealed::chain(&mut tx, &permit).await?, key);
        let state = match (&sealed, key) {
            (Some(row), _) => pack::of_seal(&mut tx, &permit, row).await?,
            // Nobody signed it, so it is not for who sees only what was.
            (None, _) if !permit.sees_working() => return Err(Failure::Problem(Problem::NotFound)),
            (None, Some(key)) => {
                let taken = snapshot::one(&mut tx, &permit, key).await?.ok_or(Failure::Problem(Problem::NotFound))?;
                pack::of_snapshot(&mut tx, &permit, &taken).await?
            }
            (None, None) => {
                let live = self.store.copies().current(&mut tx, &permit).await?;
                pack::of_now(&mut tx, &permit, &live, self.today()).await?
            }
        };
        let entity = entity::current(&mut tx, &permit).await?.entity;
        let members = member::list(&mut tx, &permit).await?.into_iter().map(pack::member).collect();
        tx.rollback().await?;
        let sealing = self.store.sealing_key()?;
        let signer = PackKey::of(sealing)?;
        // Drawn once for each seal; a draft has that of its model.
        let salted = state.sealed.as_ref().map_or(state.model.as_str(), |it| it.sealed.hash.as_str());
        Ok(Source {
            profile,
            workspace: permit.key().to_string(),
            name: permit.entry().name.clone(),
            salt: signer.salt(salted),
            public_key: signer.public(),
            checkpoint_key: CheckpointKey::of(sealing)?.public().to_string(),
            model: state.model,
            sealed: state.sealed,
            as_of: state.as_of,
            at: state.at,
            register: state.register,
            entity,
            trail: state.trail,
            chain: state.chain,
            members,
            // Nothing that people collect is kept yet.
            evidence: Vec::new(),
            report: None,
            page: None,
        })
    }
}
