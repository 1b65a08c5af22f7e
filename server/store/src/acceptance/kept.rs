//! The rows of acceptances: events, and how many there are.

use domain::command::Revision;
use domain::problem::Problem;
use domain::risk::RiskKey;
use domain::risk::acceptance::{Acceptance, AcceptanceKey, Event};
use domain::time::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::{consequence, word};
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, row, rows, run};
use crate::error::{Failure, StoreError};
use crate::execute::Act;
use crate::gate::Permit;
use crate::rows::{Reader, statements};

statements! {
    NEXT = "SELECT COALESCE(MAX(number), 0) + 1 FROM acceptance WHERE workspace_id = $1";
    INSERT = "INSERT INTO acceptance (workspace_id, number, risk_number, version) VALUES ($1, $2, $3, 1)";
    /// Of two who write at once the second one touches no row.
    ADVANCE = "UPDATE acceptance SET version = $4, ended_at = $5 \
        WHERE workspace_id = $1 AND number = $2 AND version = $3";
    ADD_EVENT = "INSERT INTO acceptance_event (workspace_id, number, place, account_id, content) \
        VALUES ($1, $2, $3, $4, $5)";
    EVENTS = "SELECT number, account_id, content FROM acceptance_event WHERE workspace_id = $1 ORDER BY number, place";
    EVENTS_OF_RISK = "SELECT acceptance_event.number, acceptance_event.account_id, acceptance_event.content \
        FROM acceptance_event JOIN acceptance ON acceptance.workspace_id = acceptance_event.workspace_id \
        AND acceptance.number = acceptance_event.number \
        WHERE acceptance.workspace_id = $1 AND acceptance.risk_number = $2 \
        ORDER BY acceptance_event.number, acceptance_event.place";
    EVENTS_OF_OPEN = "SELECT acceptance_event.number, acceptance_event.account_id, acceptance_event.content \
        FROM acceptance_event JOIN acceptance ON acceptance.workspace_id = acceptance_event.workspace_id \
        AND acceptance.number = acceptance_event.number \
        WHERE acceptance.workspace_id = $1 AND acceptance.ended_at IS NULL \
        ORDER BY acceptance_event.number, acceptance_event.place";
    /// Of each risk what is open and what was asked for last: earlier ones say nothing about where it stands.
    EVENTS_OF_LATEST = "SELECT acceptance_event.number, acceptance_event.account_id, acceptance_event.content \
        FROM acceptance_event JOIN acceptance ON acceptance.workspace_id = acceptance_event.workspace_id \
        AND acceptance.number = acceptance_event.number \
        WHERE acceptance.workspace_id = $1 AND (acceptance.ended_at IS NULL OR acceptance.number = \
        (SELECT MAX(newer.number) FROM acceptance newer WHERE newer.workspace_id = $1 \
        AND newer.risk_number = acceptance.risk_number)) \
        ORDER BY acceptance_event.number, acceptance_event.place";
}

/// An acceptance with the accounts behind its events.
pub(crate) struct Kept {
    pub(crate) acceptance: Acceptance,
    /// As many as there are events.
    accounts: Vec<Option<Uuid>>,
}

impl Kept {
    /// Whether the account asked for it, changed it, or put it into review.
    pub(super) fn is_author(&self, account: Uuid) -> bool {
        self.by(account)
            .any(|event| matches!(event, Event::Proposed { .. } | Event::Edited { .. } | Event::Submitted { .. }))
    }

    /// Whether the account approved it since it was last put into review.
    pub(super) fn has_approved(&self, account: Uuid) -> bool {
        let begins = |event: &Event| matches!(event, Event::Submitted { .. });
        let from = self.acceptance.history.iter().rposition(begins).unwrap_or_default();
        let both = self.acceptance.history.iter().zip(&self.accounts).skip(from);
        both.into_iter().any(|(event, by)| matches!(event, Event::Approved { .. }) && *by == Some(account))
    }

    /// When it was last put into review.
    pub(super) fn submitted_at(&self) -> Option<Timestamp> {
        self.acceptance.history.iter().rev().find_map(|event| match event {
            Event::Submitted { at, .. } => Some(*at),
            _ => None,
        })
    }

    fn by(&self, account: Uuid) -> impl Iterator<Item = &Event> {
        let both = self.acceptance.history.iter().zip(&self.accounts);
        both.filter(move |(_, by)| **by == Some(account)).map(|(event, _)| event)
    }
}

type EventRow = (i64, Option<Uuid>, String);

/// Every acceptance of the workspace.
pub(crate) async fn all(tx: &mut Tx, permit: &Permit) -> Result<Vec<Kept>, StoreError> {
    read(rows!(tx, EventRow, EVENTS, permit.workspace())?)
}

/// Of each risk those that say where it stands.
pub(crate) async fn latest(tx: &mut Tx, permit: &Permit) -> Result<Vec<Kept>, StoreError> {
    read(rows!(tx, EventRow, EVENTS_OF_LATEST, permit.workspace())?)
}

/// Every acceptance as it was before an instant.
pub(crate) async fn before(tx: &mut Tx, permit: &Permit, at: Timestamp) -> Result<Vec<Acceptance>, StoreError> {
    let then = |kept: Kept| {
        let count = kept.acceptance.history.iter().take_while(|event| event.at() < at).count();
        Acceptance::replay(kept.acceptance.key, &kept.acceptance.history[..count])
    };
    Ok(all(tx, permit).await?.into_iter().filter_map(then).collect())
}

/// Those of a risk.
pub(crate) async fn of_risk(tx: &mut Tx, permit: &Permit, risk: RiskKey) -> Result<Vec<Kept>, StoreError> {
    read(rows!(tx, EventRow, EVENTS_OF_RISK, permit.workspace(), i64::from(risk.0))?)
}

/// Those to which something can still happen.
pub(super) async fn open(tx: &mut Tx, permit: &Permit) -> Result<Vec<Kept>, StoreError> {
    read(rows!(tx, EventRow, EVENTS_OF_OPEN, permit.workspace())?)
}

fn read(rows: Vec<EventRow>) -> Result<Vec<Kept>, StoreError> {
    let mut all: Vec<(i64, Vec<Event>, Vec<Option<Uuid>>)> = Vec::new();
    for (number, account, content) in rows {
        let key = number.to_string();
        let event: Event = Reader::new("acceptance_event", &key).json("content", &content)?;
        match all.last_mut() {
            Some((of, events, accounts)) if *of == number => {
                events.push(event);
                accounts.push(account);
            }
            _ => all.push((number, vec![event], vec![account])),
        }
    }
    let kept = |(number, events, accounts): (i64, Vec<Event>, Vec<Option<Uuid>>)| {
        let text = number.to_string();
        let bad = |column| Reader::new("acceptance_event", &text).bad(column);
        let key = AcceptanceKey(u32::try_from(number).map_err(|_| bad("number"))?);
        let acceptance = Acceptance::replay(key, &events).ok_or_else(|| bad("content"))?;
        Ok(Kept { acceptance, accounts })
    };
    all.into_iter().map(kept).collect()
}

/// Keeps the first event of an acceptance under the next number.
pub(super) async fn begin(
    tx: &mut Tx,
    permit: &Permit,
    risk: RiskKey,
    (account, first): (Option<Uuid>, &Event),
) -> Result<Kept, Failure> {
    let number = row!(tx, (i64,), NEXT, permit.workspace())?.map_or(1, |(next,)| next);
    let text = number.to_string();
    let bad = || StoreError::bad_row("acceptance", "number", &text);
    let key = AcceptanceKey(u32::try_from(number).map_err(|_| bad())?);
    run!(tx, INSERT, permit.workspace(), number, i64::from(risk.0))?;
    run!(tx, ADD_EVENT, permit.workspace(), number, 1_i64, account, serde_json::to_string(first)?)?;
    let acceptance = Acceptance::replay(key, std::slice::from_ref(first)).ok_or_else(bad)?;
    Ok(Kept { acceptance, accounts: vec![account] })
}

/// Writes what happened, with everything that follows from it. `account` and `revision` are who and which change brought
/// it about; the passing of time is neither.
pub(super) async fn write(
    tx: &mut Tx,
    act: &Act<'_>,
    kept: &mut Kept,
    (account, revision): (Option<Uuid>, Option<Revision>),
    events: &[Event],
) -> Result<(), Failure> {
    let Act { permit, actor, now } = *act;
    if events.is_empty() {
        return Ok(());
    }
    let (number, was) = (i64::from(kept.acceptance.key.0), kept.acceptance.history.len());
    for (place, event) in events.iter().enumerate() {
        let place = i64::try_from(was + place + 1).map_err(|_| StoreError::TooLarge("place"))?;
        run!(tx, ADD_EVENT, permit.workspace(), number, place, account, serde_json::to_string(event)?)?;
        kept.acceptance.apply(event);
        kept.accounts.push(account);
    }
    let count = |count: usize| i64::try_from(count).map_err(|_| StoreError::TooLarge("version"));
    let ended = (!kept.acceptance.is_open()).then_some(now.0);
    let (was, is) = (count(was)?, count(kept.acceptance.history.len())?);
    if run!(tx, ADVANCE, permit.workspace(), number, was, is, ended)? != 1 {
        return Err(Problem::Conflict.into());
    }
    let (risk, key) = (kept.acceptance.content.risk, kept.acceptance.key.to_string());
    let subject_key = risk.map_or_else(|| key.clone(), |risk| risk.to_string());
    for event in events {
        consequence::carry_out(tx, act, &kept.acceptance, revision, event).await?;
        let told = json!({
            "acceptance": key,
            "level": kept.acceptance.level(),
            "expires": kept.acceptance.content.expires,
            "bound": kept.acceptance.bound.as_ref().map(domain::risk::bound::Bound::hash),
        });
        let payload = match event {
            Event::Proposed { content, .. } | Event::Edited { content, .. } => Payload::with_personal(
                &told,
                &[("justification", &content.justification), ("conditions", &content.conditions)],
            )?,
            Event::Rejected { reason, .. } | Event::Revoked { reason, .. } => {
                Payload::with_personal(&told, &[("reason", reason)])?
            }
            Event::Submitted { .. } => {
                let content = &kept.acceptance.content;
                Payload::with_personal(&told, &[("justification", &content.justification)])?
            }
            _ => Payload::plain(&told),
        };
        let subject = Subject { kind: "risk", key: &subject_key, revision: revision.map(|it| it.0) };
        audit::append(tx, &Chain::Workspace(permit), now, actor, word(event), Some(&subject), &payload).await?;
    }
    Ok(())
}
