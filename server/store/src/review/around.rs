//! What a review is judged by: the model and the register as they are now, and as they were sealed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::findings::{Finding, Findings};
use domain::review::board::{Explanation, board, is_explained};
use domain::review::content::{Registered, needed};
use domain::review::elements::{Beside, Sources, said_by_model};
use domain::review::gate::health_inside;
use domain::review::kind::ReviewKind;
use domain::review::seal::{Seal, in_force};
use domain::review::session::Phase;
use domain::review::{Base, Difference, ReviewKey, SealKey, Session};
use domain::risk::acceptance::Current;
use domain::risk::{Level, Risk, RiskKey};
use domain::schedule::Zone;
use domain::time::Timestamp;

use super::kept;
use super::sealed::{self, Row};
use super::signing::SealSigner;
use crate::acceptance::{self, Facts};
use crate::db::Tx;
use crate::entity;
use crate::error::{Failure, StoreError};
use crate::findings::of_judged;
use crate::gate::Permit;
use crate::live::Live;
use crate::risk::{self, setting};
use crate::snapshot::{self, Past};
use crate::store::Store;

/// Everything beside the events.
pub(crate) struct Around {
    pub(crate) live: Live,
    pub(crate) difference: Difference,
    pub(crate) found: Arc<Findings>,
    pub(crate) acceptances: Vec<Current>,
    pub(crate) register: Registered,
    /// When the seals were made from which the difference starts.
    pub(crate) bases: BTreeMap<SealKey, Timestamp>,
    /// When a confirmation of the scope was sealed last.
    pub(crate) scope_sealed: Option<Timestamp>,
    /// Why stages of payment channels have no flow.
    explanations: Vec<Explanation>,
}

/// What was sealed before.
#[derive(Default)]
struct Before {
    /// The states from which the difference starts, in order.
    bases: Vec<Sealed>,
    /// The last seal of the same kind over the same owners: decisions are carried over from there.
    since: Option<SealKey>,
    scope_sealed: Option<Timestamp>,
}

/// The state that one base starts from, owned.
struct Sealed {
    seal: Seal,
    past: Past,
    levels: BTreeMap<RiskKey, Option<Level>>,
}

/// The seals that nobody altered. What is not what was sealed proves nothing, so nothing starts from it.
fn trusted(chain: &[Row], store: &Store) -> Vec<Seal> {
    let Some(signer) = store.sealing_key().ok().and_then(|key| SealSigner::of(key).ok()) else { return Vec::new() };
    let verify = |payload: &[u8], signature: &[u8], key: &str| signer.verify(payload, signature, key);
    chain.iter().filter_map(|it| it.sealed.read(&verify).ok()).collect()
}

impl Around {
    /// Reads what a review that is going on is judged by. Of one that is over nothing is different any more.
    pub(crate) async fn read(
        tx: &mut Tx,
        permit: &Permit,
        store: &Store,
        session: &Session,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let live = store.copies().current(tx, permit).await?;
        let judged = live.judge(Zone::of(&live.model).day_of(now)).await?;
        let facts = Facts::of(&judged, now).await?;
        let found = of_judged(&judged, now).await?;
        let setting = setting::current(tx, permit).await?.register;
        let risks: BTreeMap<RiskKey, Arc<Risk>> =
            risk::kept_risks(tx, permit).await?.into_iter().map(|(_, it)| (it.key, Arc::new(it))).collect();
        // All of them: one that was asked for again ended all the same.
        let kept = acceptance::all(tx, permit).await?;
        let acceptances = acceptance::currents(kept, &risks, Some((&judged, &facts)), (setting.scheme, now));
        let register =
            Registered::of(&setting, risks.values().map(|it| &**it), acceptances.iter().map(|it| &it.acceptance));
        let over = matches!(session.phase(), Phase::Sealed | Phase::Withdrawn);
        let before = if over { Before::default() } else { before(tx, permit, store, session).await? };
        let Before { bases: sealed, since, scope_sealed } = before;
        let at = sealed.iter().map(|it| (it.seal.key, it.seal.sealed_at)).collect();
        let entity = entity::current(tx, permit).await?.entity;
        let explanations = entity.explanations.clone();
        let difference = if over {
            Difference::default()
        } else {
            let levels: BTreeMap<RiskKey, (String, Option<Level>)> =
                risks.iter().map(|(key, it)| (*key, (it.title.clone(), it.level(setting.scheme)))).collect();
            let cover = session.opening().cover.clone();
            let answers = cover.kind == ReviewKind::Scope;
            let (model, scope, currents) = (Arc::clone(&judged.model), Arc::clone(&judged.scope), acceptances.clone());
            let compared = tokio::task::spawn_blocking(move || {
                let bases: Vec<Base<'_>> = sealed.iter().map(base).collect();
                let now = domain::review::difference::Now {
                    model: &model,
                    scope: &scope,
                    risks: &levels,
                    acceptances: &currents,
                };
                let mut difference = Difference::between(&cover, &bases, since, now);
                if answers {
                    let board = board(&model, &entity.channels, &entity.explanations);
                    let beside = Beside::default();
                    difference.elements =
                        said_by_model(&Sources { model: &model, scope: &scope, board: &board, beside });
                }
                difference
            });
            compared.await.map_err(StoreError::from)?
        };
        Ok(Self { live, difference, found, acceptances, register, bases: at, scope_sealed, explanations })
    }

    /// The gaps of the model that block a signature: those for which nobody gave a reason.
    pub(crate) fn health(&self, kind: ReviewKind) -> Vec<&Finding> {
        health_inside(&self.found, kind, &self.difference.covers(), &|it| is_explained(it, &self.explanations))
    }
}

fn base(it: &Sealed) -> Base<'_> {
    Base {
        seal: it.seal.key,
        at: it.seal.sealed_at,
        covers: &it.seal.covers,
        model: &it.past.judged.model,
        scope: &it.past.judged.scope,
        risks: &it.levels,
    }
}

/// What was sealed before, of each object the last that covers it. A review that was opened again starts from where it
/// started at first, not from its own seal.
async fn before(tx: &mut Tx, permit: &Permit, store: &Store, session: &Session) -> Result<Before, Failure> {
    let chain = sealed::chain(tx, permit).await?;
    let seals = trusted(&chain, store);
    let reviews: BTreeMap<ReviewKey, Session> =
        kept::all(tx, permit).await?.into_iter().map(|it| (it.session.key, it.session)).collect();
    // Of a review that was opened again, or given up after that, nothing is signed any more.
    let holds = |it: &&Seal| reviews.get(&it.review).is_some_and(|it| it.phase() == Phase::Sealed);
    let counting: Vec<&Seal> =
        in_force(&seals).into_iter().filter(holds).filter(|it| it.review != session.key).collect();
    let covers: Vec<_> = counting.iter().map(|it| &it.covers).collect();
    let same = |it: &&Seal| reviews.get(&it.review).is_some_and(|it| it.opening().cover == session.opening().cover);
    let since = counting.iter().rposition(same);
    let places: BTreeSet<usize> = needed(&covers).into_iter().chain(since).collect();
    let scope_sealed = counting.iter().rfind(|it| it.kind == ReviewKind::Scope).map(|it| it.sealed_at);
    let mut all = Vec::new();
    for place in places {
        let Some(seal) = counting.get(place).copied() else { continue };
        let Some(key) = chain.iter().find(|it| it.key == seal.key).and_then(|it| it.snapshot) else { continue };
        let Some(taken) = snapshot::one(tx, permit, key).await? else { continue };
        // What is no longer what was sealed is nothing to start from: its objects are looked at as new ones.
        let fits =
            seal.contents.get(&domain::review::seal::Content::Snapshot).is_some_and(|it| it.sha256 == taken.hash);
        let past = match snapshot::open(tx, permit, store.opened(), &taken).await {
            Ok(past) if fits => past,
            Ok(_) | Err(StoreError::Snapshot(_)) => continue,
            Err(error) => return Err(error.into()),
        };
        let register = if since == Some(place) { sealed::register(tx, permit, seal).await? } else { None };
        let levels = register.map(|it| it.levels).unwrap_or_default();
        all.push(Sealed { seal: seal.clone(), past, levels });
    }
    let since = since.and_then(|place| counting.get(place)).map(|it| it.key);
    Ok(Before { bases: all, since, scope_sealed })
}
