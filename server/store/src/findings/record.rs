//! The rows of findings: where each stands, what happened to it, and up to which revision that is written down.

use std::collections::{BTreeMap, BTreeSet};

use domain::command::Revision;
use domain::findings::Identity;
use domain::findings::life::{Event, Happening, HistoryLine, Record};
use domain::id::PersonId;
use domain::model::object::ObjectRef;
use domain::time::{Day, Timestamp};

use crate::actor::Actor;
use crate::db::{Tx, row, rows, run};
use crate::error::StoreError;
use crate::gate::Permit;
use crate::rows::{Reader, day_column, key_or_none, statements};

statements! {
    ALL_OF_THEM = "SELECT rule, subject, discriminator, source, state, severity, sentence, facts_hash, facts, first_seen, \
        last_seen, decision, request, owner_key, due, version FROM finding WHERE workspace_id = $1 \
        ORDER BY rule, subject, discriminator";
    ONE = "SELECT rule, subject, discriminator, source, state, severity, sentence, facts_hash, facts, first_seen, \
        last_seen, decision, request, owner_key, due, version FROM finding \
        WHERE workspace_id = $1 AND rule = $2 AND subject = $3 AND discriminator = $4";
    DECIDED = "SELECT rule, subject, discriminator, source, state, severity, sentence, facts_hash, facts, first_seen, \
        last_seen, decision, request, owner_key, due, version FROM finding \
        WHERE workspace_id = $1 AND state IN ('accepted', 'compensated', 'not_applicable') \
        ORDER BY rule, subject, discriminator";
    /// What waits for a second person, and what has a day and is somebody's to deal with.
    WAITING = "SELECT rule, subject, discriminator, source, state, severity, sentence, facts_hash, facts, first_seen, \
        last_seen, decision, request, owner_key, due, version FROM finding \
        WHERE workspace_id = $1 AND state <> 'fixed' AND (request IS NOT NULL OR (owner_key = $2 AND due IS NOT NULL)) \
        ORDER BY rule, subject, discriminator";
    OF_SUBJECT = "SELECT discriminator FROM finding WHERE workspace_id = $1 AND rule = $2 AND subject = $3 \
        ORDER BY discriminator";
    /// The version is compared in the statement, so that of two who write one is told.
    PUT = "INSERT INTO finding (workspace_id, rule, subject, discriminator, source, state, severity, sentence, facts_hash, \
        facts, first_seen, last_seen, decision, request, owner_key, due, version) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) \
        ON CONFLICT (workspace_id, rule, subject, discriminator) DO UPDATE SET state = excluded.state, \
        severity = excluded.severity, sentence = excluded.sentence, facts_hash = excluded.facts_hash, \
        facts = excluded.facts, last_seen = excluded.last_seen, decision = excluded.decision, \
        request = excluded.request, owner_key = excluded.owner_key, due = excluded.due, version = excluded.version \
        WHERE finding.version = excluded.version - 1";
    HAND_OVER = "UPDATE finding SET owner_key = $3 WHERE workspace_id = $1 AND owner_key = $2";
    ADD_EVENT = "INSERT INTO finding_event (workspace_id, rule, subject, discriminator, version, at, actor_id, revision, \
        content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    HISTORY = "SELECT finding_event.at, account.name AS actor_name, finding_event.actor_id, finding_event.revision, \
        finding_event.content FROM finding_event LEFT JOIN account ON account.key = finding_event.actor_id \
        WHERE finding_event.workspace_id = $1 AND finding_event.rule = $2 AND finding_event.subject = $3 \
        AND finding_event.discriminator = $4 ORDER BY finding_event.version DESC LIMIT 200";
    WRITTEN = "SELECT revision, day, next_change FROM finding_run WHERE workspace_id = $1";
    PUT_WRITTEN = "INSERT INTO finding_run (workspace_id, revision, day, next_change) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (workspace_id) DO UPDATE SET revision = excluded.revision, day = excluded.day, \
        next_change = excluded.next_change";
}

#[derive(sqlx::FromRow)]
struct FindingRow {
    rule: String,
    subject: String,
    discriminator: String,
    source: String,
    state: String,
    severity: String,
    sentence: String,
    facts_hash: String,
    facts: String,
    first_seen: i64,
    last_seen: i64,
    decision: Option<String>,
    request: Option<String>,
    owner_key: Option<String>,
    due: Option<i64>,
    version: i64,
}

impl FindingRow {
    fn record(self) -> Result<Record, StoreError> {
        let key = format!("{} {} {}", self.rule, self.subject, self.discriminator);
        let read = Reader::new("finding", &key);
        Ok(Record {
            source: read.word("source", &self.source)?,
            state: read.word("state", &self.state)?,
            sentence: self.sentence,
            severity: read.word("severity", &self.severity)?,
            facts_hash: self.facts_hash,
            facts: read.json("facts", &self.facts)?,
            first_seen: Timestamp(self.first_seen),
            last_seen: Timestamp(self.last_seen),
            decision: read.json_or_none("decision", self.decision.as_deref())?,
            request: read.json_or_none("request", self.request.as_deref())?,
            owner: self.owner_key.as_deref().map(PersonId::from),
            due: read.day("due", self.due)?,
            version: self.version,
            identity: Identity {
                subject: read.json("subject", &self.subject)?,
                rule: self.rule,
                discriminator: self.discriminator,
            },
        })
    }
}

/// Of how many findings each is read by itself; of more, all are read at once.
const FEW: usize = 200;

/// What is recorded of every finding.
pub(crate) async fn all(tx: &mut Tx, permit: &Permit) -> Result<BTreeMap<Identity, Record>, StoreError> {
    read(rows!(tx, FindingRow, ALL_OF_THEM, permit.workspace())?)
}

/// What is recorded of the findings that were set aside.
pub(crate) async fn decided(tx: &mut Tx, permit: &Permit) -> Result<BTreeMap<Identity, Record>, StoreError> {
    read(rows!(tx, FindingRow, DECIDED, permit.workspace())?)
}

/// What is recorded of the findings that wait for a second person, or that this person is to deal with by a day.
pub(crate) async fn waiting(
    tx: &mut Tx,
    permit: &Permit,
    person: Option<&PersonId>,
) -> Result<BTreeMap<Identity, Record>, StoreError> {
    let person = person.map(PersonId::as_str).unwrap_or_default();
    read(rows!(tx, FindingRow, WAITING, permit.workspace(), person)?)
}

fn read(found: Vec<FindingRow>) -> Result<BTreeMap<Identity, Record>, StoreError> {
    found.into_iter().map(|row| row.record().map(|record| (record.identity.clone(), record))).collect()
}

/// What is recorded of some findings.
pub(super) async fn some(
    tx: &mut Tx,
    permit: &Permit,
    findings: &BTreeSet<Identity>,
) -> Result<BTreeMap<Identity, Record>, StoreError> {
    if findings.len() > FEW {
        let mut all = all(tx, permit).await?;
        all.retain(|identity, _| findings.contains(identity));
        return Ok(all);
    }
    let mut records = BTreeMap::new();
    for finding in findings {
        records.extend(one(tx, permit, finding).await?.map(|record| (finding.clone(), record)));
    }
    Ok(records)
}

/// What is recorded of one finding.
pub(crate) async fn one(tx: &mut Tx, permit: &Permit, of: &Identity) -> Result<Option<Record>, StoreError> {
    let subject = subject_column(of)?;
    let (rule, discriminator) = (of.rule.as_str(), of.discriminator.as_str());
    let found = row!(tx, FindingRow, ONE, permit.workspace(), rule, subject.as_str(), discriminator)?;
    found.map(FindingRow::record).transpose()
}

/// The number of the next finding of a rule on a subject whose findings are numbered.
pub(super) async fn next_number(
    tx: &mut Tx,
    permit: &Permit,
    rule: &str,
    subject: &ObjectRef,
) -> Result<u32, StoreError> {
    let subject = serde_json::to_string(subject)?;
    let known = rows!(tx, (String,), OF_SUBJECT, permit.workspace(), rule, subject.as_str())?;
    Ok(known.iter().filter_map(|(number,)| number.parse::<u32>().ok()).max().map_or(1, |last| last.saturating_add(1)))
}

/// Writes a record as an event left it, with its line in the history. `caused` is who and which change brought it about;
/// the passing of time is neither.
pub(crate) async fn put(
    tx: &mut Tx,
    permit: &Permit,
    at: Timestamp,
    caused: (Option<&Actor>, Option<Revision>),
    event: &Event,
) -> Result<(), StoreError> {
    let Event { record, what } = event;
    let subject = subject_column(&record.identity)?;
    let (rule, discriminator) = (record.identity.rule.as_str(), record.identity.discriminator.as_str());
    let written = run!(
        tx,
        PUT,
        permit.workspace(),
        rule,
        subject.as_str(),
        discriminator,
        record.source.as_str(),
        record.state.as_str(),
        record.severity.as_str(),
        record.sentence.as_str(),
        record.facts_hash.as_str(),
        serde_json::to_string(&record.facts)?,
        record.first_seen.0,
        record.last_seen.0,
        record.decision.as_ref().map(serde_json::to_string).transpose()?,
        record.request.as_ref().map(serde_json::to_string).transpose()?,
        key_or_none!(record.owner),
        day_column(record.due),
        record.version,
    )?;
    if written != 1 {
        return Err(StoreError::bad_row("finding", "version", record.identity.to_string()));
    }
    // That a rule found it first, the record itself tells: a large import brings thousands.
    if *what == Happening::Appeared {
        return Ok(());
    }
    let (actor, revision) = caused;
    run!(
        tx,
        ADD_EVENT,
        permit.workspace(),
        rule,
        subject.as_str(),
        discriminator,
        record.version,
        at.0,
        actor.and_then(Actor::id),
        revision.map(|revision| revision.0),
        serde_json::to_string(what)?,
    )?;
    Ok(())
}

/// Somebody else answers for what a person answered for, or nobody.
pub(crate) async fn hand_over(
    tx: &mut Tx,
    permit: &Permit,
    from: &PersonId,
    to: Option<&PersonId>,
) -> Result<(), StoreError> {
    run!(tx, HAND_OVER, permit.workspace(), from.as_str(), to.map(PersonId::as_str))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct EventRow {
    at: i64,
    actor_name: Option<String>,
    actor_id: Option<String>,
    revision: Option<i64>,
    content: String,
}

/// What happened to a finding, the newest first.
pub(crate) async fn history(tx: &mut Tx, permit: &Permit, of: &Identity) -> Result<Vec<HistoryLine>, StoreError> {
    let subject = subject_column(of)?;
    let (rule, discriminator) = (of.rule.as_str(), of.discriminator.as_str());
    let found = rows!(tx, EventRow, HISTORY, permit.workspace(), rule, subject.as_str(), discriminator)?;
    let key = of.to_string();
    let read = Reader::new("finding_event", &key);
    let line = |row: EventRow| {
        Ok(HistoryLine {
            at: Timestamp(row.at),
            actor: row.actor_name.or(row.actor_id),
            revision: row.revision.map(Revision),
            what: read.json("content", &row.content)?,
        })
    };
    found.into_iter().map(line).collect()
}

/// Up to where the records are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) revision: Revision,
    /// The day as of which the model was judged.
    pub(super) day: Day,
    /// The first instant at which time alone makes something else of them.
    pub(super) next_change: Option<Timestamp>,
}

pub(super) async fn written(tx: &mut Tx, permit: &Permit) -> Result<Option<Written>, StoreError> {
    let Some((revision, day, next)) = row!(tx, (i64, i64, Option<i64>), WRITTEN, permit.workspace())? else {
        return Ok(None);
    };
    let key = permit.key().to_string();
    let read = Reader::new("finding_run", &key);
    let day = read.day("day", Some(day))?.ok_or_else(|| read.bad("day"))?;
    Ok(Some(Written { revision: Revision(revision), day, next_change: next.map(Timestamp) }))
}

pub(super) async fn put_written(tx: &mut Tx, permit: &Permit, is: Written) -> Result<(), StoreError> {
    let day = i64::from(is.day.0);
    run!(tx, PUT_WRITTEN, permit.workspace(), is.revision.0, day, is.next_change.map(|next| next.0))?;
    Ok(())
}

/// The subject as its column holds it: kind and key of some objects are more than two texts.
fn subject_column(identity: &Identity) -> Result<String, StoreError> {
    Ok(serde_json::to_string(&identity.subject)?)
}
