//! Writes down what a change of the model, or the passing of time, did to the findings.

use std::collections::BTreeMap;

use domain::command::{Receipt, Revision};
use domain::findings::life::{Event, Happening, Reopening, changes, reconcile};
use domain::time::Timestamp;
use serde_json::json;

use super::of_judged;
use super::record::{self, Written};
use crate::acceptance;
use crate::actor::Actor;
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::Tx;
use crate::error::{Failure, StoreError};
use crate::execute::{self, Act};
use crate::gate::Permit;
use crate::live::{Copies, Judged};

/// The way from one model to the next.
pub(crate) struct Run<'a> {
    /// The model before, as of the day of the change.
    pub(crate) before: &'a Judged,
    /// The model after, as of the same day.
    pub(crate) after: &'a Judged,
    /// The revision before.
    pub(crate) was: Revision,
    /// The revision after.
    pub(crate) is: Revision,
}

impl Run<'_> {
    /// Records which findings the change brought, ended or altered. Where the records tell of the model before, only
    /// findings that differ between the two are looked at.
    pub(crate) async fn record(&self, tx: &mut Tx, act: &Act<'_>) -> Result<(), Failure> {
        let Act { permit, actor, now } = *act;
        let written = record::written(tx, permit).await?;
        // What the rules find in the model before comes first: what they find in the one after is made from it.
        let before = match written.is_some_and(|it| self.begins_at(it, now)) {
            true => Some(of_judged(self.before, now).await?),
            false => None,
        };
        let after = of_judged(self.after, now).await?;
        let events = if let Some(before) = before {
            let differing = changes(&before, &after);
            let records = record::some(tx, permit, &differing.identities()).await?;
            reconcile(&records, differing.current.iter().copied(), now)
        } else {
            reconcile(&record::all(tx, permit).await?, &after.findings, now)
        };
        put_all(tx, permit, now, Some((actor, self.is)), &events).await?;
        let written = Written { revision: self.is, day: self.after.today, next_change: after.next_change };
        Ok(record::put_written(tx, permit, written).await?)
    }

    /// Whether what is written down is what the rules find in the model before.
    fn begins_at(&self, written: Written, now: Timestamp) -> bool {
        let by_time = written.day != self.before.today || written.next_change.is_some_and(|next| next <= now);
        written.revision == self.was && !by_time
    }
}

/// Writes down what the passing of time did since the last change.
pub(crate) async fn bring_due(tx: &mut Tx, act: &Act<'_>, copies: &Copies) -> Result<execute::Written, Failure> {
    let Act { permit, actor, now } = *act;
    let live = copies.current(tx, permit).await?;
    let judged = live.judge(now.day()).await?;
    let found = of_judged(&judged, now).await?;
    let events = reconcile(&record::all(tx, permit).await?, &found.findings, now);
    put_all(tx, permit, now, None, &events).await?;
    let written = Written { revision: live.revision, day: judged.today, next_change: found.next_change };
    record::put_written(tx, permit, written).await?;
    let decisions = acceptance::observe(tx, act, &judged, None).await?;
    if !events.is_empty() {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for event in &events {
            *counts.entry(event.record.state.as_str()).or_default() += 1;
        }
        let subject = Subject { kind: "workspace", key: permit.key().as_str(), revision: None };
        let payload = Payload::plain(&json!({ "now": counts }));
        audit::append(tx, &Chain::Workspace(permit), now, actor, "finding.bring_due", Some(&subject), &payload).await?;
    }
    let receipt = Receipt { revision: live.revision, scope_changes: Vec::new(), objects: events.len() + decisions };
    Ok(execute::Written { receipt, live: Some(live.judged(judged)) })
}

/// Writes events down. Who changed the model brought them about, but for decisions whose last day is over.
async fn put_all(
    tx: &mut Tx,
    permit: &Permit,
    now: Timestamp,
    change: Option<(&Actor, Revision)>,
    events: &[Event],
) -> Result<(), StoreError> {
    for event in events {
        let by_time = matches!(event.what, Happening::Reopened { because: Reopening::Ended(_), .. });
        let caused = change.filter(|_| !by_time).map_or((None, None), |(actor, is)| (Some(actor), Some(is)));
        record::put(tx, permit, now, caused, event).await?;
    }
    Ok(())
}
