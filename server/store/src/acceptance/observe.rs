//! What edits of the map, of the risk, and the passing of time do to acceptances.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::command::Revision;
use domain::findings::{Finding, Findings, Identity};
use domain::risk::acceptance::{Acceptance, Actor as Deciding, Command, Context, Current, Standing, covered};
use domain::risk::{Risk, RiskKey, Scheme};
use domain::time::Timestamp;

use super::kept::{self, Kept};
use crate::db::Tx;
use crate::error::{Failure, StoreError};
use crate::execute::Act;
use crate::findings::of_judged;
use crate::live::Judged;
use crate::risk::{self, setting};

/// What the rules find in a model.
pub(crate) struct Facts {
    found: Arc<Findings>,
}

impl Facts {
    pub(crate) async fn of(judged: &Judged, now: Timestamp) -> Result<Self, StoreError> {
        Ok(Self { found: of_judged(judged, now).await? })
    }

    pub(super) fn by_identity(&self) -> BTreeMap<Identity, &Finding> {
        self.found.findings.iter().map(|it| (it.identity(), it)).collect()
    }
}

/// Writes down what the facts of now and the clock make of every acceptance to which something can still happen.
/// `revision` is the change that brought it about; the passing of time and the edit of a risk have none. Tells to how many
/// anything happened.
pub(crate) async fn observe(
    tx: &mut Tx,
    act: &Act<'_>,
    judged: &Judged,
    revision: Option<Revision>,
) -> Result<usize, Failure> {
    let open = kept::open(tx, act.permit).await?;
    if open.is_empty() {
        return Ok(0);
    }
    let register = setting::current(tx, act.permit).await?.register;
    let risks = risk::with_open_acceptance(tx, act.permit).await?;
    let facts = Facts::of(judged, act.now).await?;
    let (findings, owners) = (facts.by_identity(), BTreeSet::new());
    let mut happened = 0;
    for mut kept in open {
        let Some(risk) = kept.acceptance.content.risk.and_then(|key| risks.get(&key)) else { continue };
        let content = &kept.acceptance.content;
        let bound = covered(risk, content, register.scheme, (&judged.model, &judged.scope), &findings);
        let context =
            Context { now: act.now, facts: &bound, owners: &owners, authority: &register.authority, others: &[] };
        // Nobody asked for it, so nobody can be refused.
        let Ok(events) = kept.acceptance.decide(Command::Observe, &Deciding::Clock, &context) else { continue };
        happened += usize::from(!events.is_empty());
        kept::write(tx, act, &mut kept, (None, revision), &events).await?;
    }
    Ok(happened)
}

/// Where acceptances stand now, whether anybody wrote it down or not. `judged` is only asked for where something can
/// still happen to one.
pub(crate) fn currents(
    kept: Vec<Kept>,
    risks: &BTreeMap<RiskKey, Arc<Risk>>,
    judged: Option<(&Judged, &Facts)>,
    (scheme, now): (Scheme, Timestamp),
) -> Vec<Current> {
    let findings = judged.map(|(_, facts)| facts.by_identity()).unwrap_or_default();
    let standing = |acceptance: &Acceptance| {
        let risk = acceptance.content.risk.and_then(|key| risks.get(&key));
        match (risk, judged) {
            (Some(risk), Some((judged, _))) if acceptance.is_open() => {
                let around = (&*judged.model, &*judged.scope);
                acceptance.standing(now, &covered(risk, &acceptance.content, scheme, around, &findings))
            }
            _ => Standing { state: acceptance.state(now), changes: Vec::new(), next_change: None },
        }
    };
    let current = |kept: Kept| {
        let acceptance = kept.acceptance;
        Current { standing: standing(&acceptance), acceptance }
    };
    kept.into_iter().map(current).collect()
}
