//! The rows of reviews: events, and how many there are.

use std::collections::BTreeMap;

use domain::problem::Problem;
use domain::review::session::{Event, Phase};
use domain::review::{ReviewKey, Session};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, row, rows, run};
use crate::error::{Failure, StoreError};
use crate::execute::Act;
use crate::gate::Permit;
use crate::rows::{Reader, statements};

statements! {
    NEXT = "SELECT COALESCE(MAX(number), 0) + 1 FROM review WHERE workspace_id = $1";
    INSERT = "INSERT INTO review (workspace_id, number, kind, phase, due, opened_at, version) \
        VALUES ($1, $2, $3, $4, $5, $6, 1)";
    /// Of two who write at once the second one touches no row.
    ADVANCE = "UPDATE review SET version = $4, phase = $5 WHERE workspace_id = $1 AND number = $2 AND version = $3";
    ADD_EVENT = "INSERT INTO review_event (workspace_id, number, place, account_id, content) \
        VALUES ($1, $2, $3, $4, $5)";
    EVENTS = "SELECT number, account_id, content FROM review_event WHERE workspace_id = $1 ORDER BY number, place";
    EVENTS_OPEN = "SELECT review_event.number, review_event.account_id, review_event.content FROM review_event \
        JOIN review ON review.workspace_id = review_event.workspace_id AND review.number = review_event.number \
        WHERE review_event.workspace_id = $1 AND review.phase IN ('open', 'signing') \
        ORDER BY review_event.number, review_event.place";
    EVENTS_OF = "SELECT number, account_id, content FROM review_event WHERE workspace_id = $1 AND number = $2 \
        ORDER BY place";
}

/// A review with the accounts behind its events.
pub(crate) struct Kept {
    pub(crate) session: Session,
    /// As many as there are events.
    accounts: Vec<Option<Uuid>>,
}

impl Kept {
    /// Whether the account ticked, answered or settled something.
    pub(super) fn is_author(&self, account: Uuid) -> bool {
        let authored = |event: &Event| {
            matches!(
                event,
                Event::Ticked { .. }
                    | Event::Unticked { .. }
                    | Event::Settled { .. }
                    | Event::ElementAnswered { .. }
                    | Event::RefusalAnswered { .. }
            )
        };
        self.by(account).any(authored)
    }

    /// Whether one of the signatures that count was given by the account, whoever it was linked to.
    pub(super) fn has_signed(&self, account: Uuid) -> bool {
        let counts = |event: &Event| match event {
            Event::Signed { signature } => self.session.signatures().iter().any(|it| it.hash == signature.hash),
            _ => false,
        };
        self.by(account).any(counts)
    }

    fn by(&self, account: Uuid) -> impl Iterator<Item = &Event> {
        let both = self.session.history.iter().zip(&self.accounts);
        both.filter(move |(_, by)| **by == Some(account)).map(|(event, _)| event)
    }
}

type EventRow = (i64, Option<Uuid>, String);

/// Every review of the workspace, by key.
pub(crate) async fn all(tx: &mut Tx, permit: &Permit) -> Result<Vec<Kept>, StoreError> {
    read(rows!(tx, EventRow, EVENTS, permit.workspace())?)
}

/// The reviews of the workspace that are going on, by key.
pub(crate) async fn open(tx: &mut Tx, permit: &Permit) -> Result<Vec<Kept>, StoreError> {
    read(rows!(tx, EventRow, EVENTS_OPEN, permit.workspace())?)
}

/// One review.
pub(crate) async fn one(tx: &mut Tx, permit: &Permit, key: ReviewKey) -> Result<Kept, Failure> {
    let found = read(rows!(tx, EventRow, EVENTS_OF, permit.workspace(), i64::from(key.0))?)?;
    found.into_iter().next().ok_or(Failure::Problem(Problem::NotFound))
}

fn read(rows: Vec<EventRow>) -> Result<Vec<Kept>, StoreError> {
    let mut all: BTreeMap<i64, (Vec<Event>, Vec<Option<Uuid>>)> = BTreeMap::new();
    for (number, account, content) in rows {
        let key = number.to_string();
        let event: Event = Reader::new("review_event", &key).json("content", &content)?;
        let (events, accounts) = all.entry(number).or_default();
        events.push(event);
        accounts.push(account);
    }
    let kept = |(number, (events, accounts)): (i64, (Vec<Event>, Vec<Option<Uuid>>))| {
        let text = number.to_string();
        let bad = |column| Reader::new("review_event", &text).bad(column);
        let key = ReviewKey(u32::try_from(number).map_err(|_| bad("number"))?);
        let session = Session::replay(key, &events).ok_or_else(|| bad("content"))?;
        Ok(Kept { session, accounts })
    };
    all.into_iter().map(kept).collect()
}

/// Keeps the opening of a review under the next number.
pub(super) async fn begin(tx: &mut Tx, act: &Act<'_>, account: Uuid, opened: &Event) -> Result<ReviewKey, Failure> {
    let workspace = act.permit.workspace();
    let Event::Opened { at, opening, .. } = opened else { return Err(Problem::Forbidden.into()) };
    let next = row!(tx, (i64,), NEXT, workspace)?.map_or(1, |(next,)| next);
    let number = u32::try_from(next).map_err(|_| StoreError::bad_row("review", "number", next.to_string()))?;
    let (kind, due) = (opening.cover.kind.as_str(), i64::from(opening.due.0));
    run!(tx, INSERT, workspace, next, kind, Phase::Open.as_str(), due, at.0)?;
    let content = serde_json::to_string(opened)?;
    run!(tx, ADD_EVENT, workspace, next, 1_i64, account, content.as_str())?;
    note(tx, act, ReviewKey(number), opened, &content).await?;
    Ok(ReviewKey(number))
}

/// Keeps events of a review, and tells the audit trail of each.
pub(super) async fn write(
    tx: &mut Tx,
    act: &Act<'_>,
    kept: &mut Kept,
    account: Option<Uuid>,
    events: &[Event],
) -> Result<(), Failure> {
    if events.is_empty() {
        return Ok(());
    }
    let (workspace, number) = (act.permit.workspace(), i64::from(kept.session.key.0));
    let was = kept.session.history.len();
    for (place, event) in events.iter().enumerate() {
        let place = i64::try_from(was + place + 1).map_err(|_| StoreError::TooLarge("place"))?;
        // Nobody did what merely happened.
        let by = if matches!(event, Event::FellOff { .. } | Event::Voided { .. }) { None } else { account };
        run!(tx, ADD_EVENT, workspace, number, place, by, serde_json::to_string(event)?)?;
        kept.session.apply(event);
        kept.accounts.push(by);
    }
    let count = |count: usize| i64::try_from(count).map_err(|_| StoreError::TooLarge("version"));
    let (was, is) = (count(was)?, count(kept.session.history.len())?);
    if run!(tx, ADVANCE, workspace, number, was, is, kept.session.phase().as_str())? != 1 {
        return Err(Problem::Conflict.into());
    }
    for event in events {
        note(tx, act, kept.session.key, event, &serde_json::to_string(event)?).await?;
    }
    Ok(())
}

/// Tells the audit trail. What people wrote enters it by its salted hash only.
async fn note(tx: &mut Tx, act: &Act<'_>, key: ReviewKey, event: &Event, content: &str) -> Result<(), StoreError> {
    let payload = match event {
        // The hash of the seal stands there in full: a chain that lost its end is found by it.
        Event::Sealed { seal, hash, .. } => Payload::plain(&json!({ "seal": seal, "hash": hash })),
        _ => Payload::with_personal(&told(event), &[("event", content)])?,
    };
    let key = key.to_string();
    let subject = Subject { kind: "review", key: &key, revision: None };
    audit::append(tx, &Chain::Workspace(act.permit), act.now, act.actor, word(event), Some(&subject), &payload).await
}

/// What of an event is nobody's words.
fn told(event: &Event) -> Value {
    match event {
        Event::Opened { opening, .. } => json!({ "kind": opening.cover.kind, "due": opening.due }),
        Event::Ticked { items, .. } => json!({ "items": items.len() }),
        Event::FellOff { items, .. } => json!({ "items": items.len() }),
        Event::Signed { signature } => json!({
            "snapshot": signature.snapshot,
            "shown": signature.shown,
            "previous": signature.previous,
            "hash": signature.hash,
            "method": signature.method,
            "part": signature.part,
        }),
        Event::Superseded { signature, .. } => json!({ "signature": signature }),
        _ => json!({}),
    }
}

/// The word of an event in the audit trail.
const fn word(event: &Event) -> &'static str {
    match event {
        Event::Opened { .. } => "review.open",
        Event::Ticked { .. } => "review.tick",
        Event::Unticked { .. } => "review.untick",
        Event::FellOff { .. } => "review.fall_off",
        Event::Voided { .. } => "review.void",
        Event::Asked { .. } => "review.ask",
        Event::Answered { .. } => "review.answer",
        Event::Settled { .. } => "review.settle",
        Event::ElementAnswered { .. } => "review.element",
        Event::Signed { .. } => "review.sign",
        Event::Refused { .. } => "review.refuse",
        Event::RefusalAnswered { .. } => "review.answer_refusal",
        Event::Sealed { .. } => "review.seal",
        Event::Superseded { .. } => "review.supersede",
        Event::Withdrawn { .. } => "review.withdraw",
    }
}
