//! Reviews and seals, behind the gate.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::backend::reviews::{ReviewBook, ReviewState, Reviews, SealReport, Signing};
use domain::id::WorkspaceId;
use domain::problem::Problem;
use domain::review::content::Reviewed;
use domain::review::examination::{Fault, examine, history_fault, recompute};
use domain::review::gate::gates;
use domain::review::seal::{Content, Seal, verify_chain};
use domain::review::session::{Command, Opening, Phase};
use domain::review::{ReviewKey, SealKey, Sealed};
use domain::role::Capability;

use super::risks::refuse_nul;
use super::{Gate, Permit, permit};
use crate::db::{Tx, transact};
use crate::error::{Failure, StoreError};
use crate::execute::Act;
use crate::proposal;
use crate::review::{self, Around, SealSigner, kept, sealed};

#[async_trait]
impl Reviews for Gate {
    async fn reviews(&self, workspace: &WorkspaceId) -> Result<ReviewBook, Problem> {
        let outcome = self.read_reviews(workspace).await;
        self.told(outcome, "reviews", workspace).await
    }

    async fn review(&self, workspace: &WorkspaceId, review: ReviewKey) -> Result<ReviewState, Problem> {
        let outcome = self.read_review(workspace, review).await;
        self.told(outcome, "review", workspace).await
    }

    async fn open_review(&self, workspace: &WorkspaceId, opening: Opening) -> Result<ReviewKey, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_open_review(tx, workspace, &opening));
        drop(turn);
        self.told(outcome, "review.open", workspace).await
    }

    async fn step_review(&self, workspace: &WorkspaceId, review: ReviewKey, command: Command) -> Result<(), Problem> {
        let turn = self.store.turn(workspace).await;
        let step = (review, &command);
        let outcome = transact!(self.store.db(), serial, |tx| self.try_review_step(tx, workspace, step));
        drop(turn);
        self.told(outcome, "review.step", workspace).await
    }

    async fn sign_review(
        &self,
        workspace: &WorkspaceId,
        review: ReviewKey,
        signing: Signing,
    ) -> Result<Option<SealKey>, Problem> {
        // After the writes that wait already: what is signed is one revision.
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_sign(tx, workspace, review, &signing));
        drop(turn);
        self.told(outcome, "review.sign", workspace).await
    }

    async fn seal(&self, workspace: &WorkspaceId, seal: SealKey, again: bool) -> Result<SealReport, Problem> {
        let outcome = self.read_seal(workspace, seal, again).await;
        self.told(outcome, "seal", workspace).await
    }

    async fn sealed_bytes(
        &self,
        workspace: &WorkspaceId,
        seal: SealKey,
        content: Option<Content>,
    ) -> Result<String, Problem> {
        let outcome = self.read_sealed(workspace, seal, content).await;
        self.told(outcome, "seal.bytes", workspace).await
    }
}

impl Gate {
    async fn read_reviews(&self, workspace: &WorkspaceId) -> Result<ReviewBook, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadModel).await?;
        let mut reviews: Vec<_> = kept::all(&mut tx, &permit).await?.into_iter().map(|it| it.session).collect();
        reviews.retain(|it| permit.sees_working() || it.phase() == Phase::Sealed);
        let rows = sealed::chain(&mut tx, &permit).await?;
        let me = review::acting(&mut tx, &permit, &self.actor).await?.map(|(_, person)| person);
        let four_eyes = proposal::protects(&mut tx, &permit).await?;
        tx.rollback().await?;
        let chain: Vec<Sealed> = rows.iter().map(|it| it.sealed.clone()).collect();
        let signer = self.signer();
        let verify = |payload: &[u8], signature: &[u8], key: &str| verifies(signer.as_ref(), payload, signature, key);
        let broken = verify_chain(&chain, permit.key().as_str(), &verify).err();
        let broken = broken.and_then(|(place, _)| rows.get(place)).map(|it| it.key);
        let seal = |sealed: &Sealed| serde_json::from_str::<Seal>(&sealed.content).ok();
        let seals = rows.into_iter().map(|it| (it.key, seal(&it.sealed), it.sealed)).collect();
        Ok(ReviewBook { reviews, seals, broken, me, four_eyes, now: self.store.now() })
    }

    async fn read_review(&self, workspace: &WorkspaceId, key: ReviewKey) -> Result<ReviewState, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadWorking).await?;
        let now = self.store.now();
        let kept = kept::one(&mut tx, &permit, key).await?;
        let around = Around::read(&mut tx, &permit, &self.store, &kept.session, now).await?;
        let me = review::acting(&mut tx, &permit, &self.actor).await?.map(|(_, person)| person);
        tx.rollback().await?;
        let session = review::observed(kept, &around, now);
        let over = matches!(session.phase(), Phase::Sealed | Phase::Withdrawn);
        let health = around.health(session.opening().cover.kind);
        let gates = if over { Vec::new() } else { gates(&session, &around.difference, &health) };
        let risks = around.register.risks.iter().map(|it| (it.key, it.title.clone())).collect();
        let Around { difference, acceptances, bases, scope_sealed, .. } = around;
        Ok(ReviewState { session, difference, gates, bases, scope_sealed, acceptances, risks, me, now })
    }

    async fn try_open_review(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        opening: &Opening,
    ) -> Result<ReviewKey, Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::Review).await?;
        refuse_nul(opening)?;
        review::open(tx, &self.acts(&permit), opening).await
    }

    async fn try_review_step(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        (key, command): (ReviewKey, &Command),
    ) -> Result<(), Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::Review).await?;
        review::step(tx, &self.acts(&permit), &self.store, key, command).await
    }

    async fn try_sign(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        key: ReviewKey,
        signing: &Signing,
    ) -> Result<Option<SealKey>, Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::Review).await?;
        review::sign(tx, &self.acts(&permit), &self.store, key, signing).await
    }

    async fn read_seal(&self, workspace: &WorkspaceId, key: SealKey, again: bool) -> Result<SealReport, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadModel).await?;
        let rows = sealed::chain(&mut tx, &permit).await?;
        let place = rows.iter().position(|it| it.key == key).ok_or(Failure::Problem(Problem::NotFound))?;
        let row = rows.get(place).ok_or(Failure::Problem(Problem::NotFound))?;
        let contents = sealed::contents(&mut tx, &permit, row).await?;
        let trail = sealed::trail(&mut tx, &permit).await?;
        let (sealed, snapshot_of_row) = (row.sealed.clone(), row.snapshot);
        let chain: Vec<Sealed> = rows.iter().map(|it| it.sealed.clone()).collect();
        let signer = self.signer();
        let verify = |payload: &[u8], signature: &[u8], key: &str| verifies(signer.as_ref(), payload, signature, key);
        let mut examined = examine((&chain, place), permit.key().as_str(), &contents, &trail, &verify);
        let reviewed = contents.get(&Content::Review).and_then(|it| Reviewed::read(it));
        if let Some((seal, reviewed)) = examined.seal.as_ref().zip(reviewed.as_ref()) {
            // What no longer reads as events was changed, too.
            let fault = match kept::one(&mut tx, &permit, seal.review).await {
                Ok(kept) => history_fault(reviewed, &kept.session.history),
                Err(Failure::Problem(_) | Failure::Store(StoreError::BadRow { .. })) => Some(Fault::History),
                Err(failure) => return Err(failure),
            };
            examined.faults.extend(fault);
        }
        tx.rollback().await?;
        let replaces = |seal: &Sealed| serde_json::from_str::<Seal>(&seal.content).ok().and_then(|it| it.supersedes);
        let replaced_by = rows.iter().find(|it| replaces(&it.sealed) == Some(key)).map(|it| it.key);
        let recomputed = match (again, examined.seal.clone()) {
            (true, Some(seal)) => computed_again(seal, contents).await?,
            _ => None,
        };
        let key_now = signer.map(|it| it.public()).unwrap_or_default();
        let (seal, faults, snapshot) = (examined.seal, examined.faults, snapshot_of_row);
        Ok(SealReport { key, sealed, seal, snapshot, faults, recomputed, reviewed, replaced_by, key_now })
    }

    async fn read_sealed(
        &self,
        workspace: &WorkspaceId,
        key: SealKey,
        content: Option<Content>,
    ) -> Result<String, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ExportModel).await?;
        let rows = sealed::chain(&mut tx, &permit).await?;
        let row = rows.into_iter().find(|it| it.key == key).ok_or(Failure::Problem(Problem::NotFound))?;
        let bytes = match content {
            None => Some(row.sealed.content.clone()),
            // The model of then is taken away with its snapshot, which asks for a recent proof and leaves out addresses.
            Some(Content::Snapshot) => None,
            Some(content) => sealed::contents(&mut tx, &permit, &row).await?.remove(&content),
        };
        tx.rollback().await?;
        bytes.ok_or(Failure::Problem(Problem::NotFound))
    }

    fn acts<'a>(&'a self, permit: &'a Permit) -> Act<'a> {
        Act { permit, actor: &self.actor, now: self.store.now() }
    }

    /// The key that signs seals, where the instance has one.
    fn signer(&self) -> Option<SealSigner> {
        self.store.sealing_key().ok().and_then(|key| SealSigner::of(key).ok())
    }
}

fn verifies(signer: Option<&SealSigner>, payload: &[u8], signature: &[u8], key: &str) -> bool {
    signer.is_some_and(|it| it.verify(payload, signature, key))
}

/// What follows from the sealed model today. Computed away from the threads that serve requests.
async fn computed_again(
    seal: Seal,
    contents: BTreeMap<Content, String>,
) -> Result<Option<domain::review::outcome::Recomputed>, Failure> {
    let computed = tokio::task::spawn_blocking(move || {
        let (snapshot, outcome) = (contents.get(&Content::Snapshot)?, contents.get(&Content::Outcome)?);
        recompute(&seal, snapshot, outcome)
    });
    Ok(computed.await.map_err(StoreError::from)?)
}
