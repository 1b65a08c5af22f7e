//! What a run of the rules does to the records.

use std::collections::BTreeMap;

use super::{FactChange, Happening, Record, Reopening, Source, State};
use crate::findings::finding::{Finding, Identity};
use crate::time::Timestamp;

/// Something that happened to a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The record as it is now.
    pub record: Record,
    /// What happened.
    pub what: Happening,
}

/// What happened since the records were made: one event for each finding to which anything happened, by identity. A
/// finding that is only still there has none, and neither has one of which nothing but the sentence changed, so that
/// a renaming loses no decision.
#[must_use]
pub fn reconcile<'f>(
    records: &BTreeMap<Identity, Record>,
    current: impl IntoIterator<Item = &'f Finding>,
    now: Timestamp,
) -> Vec<Event> {
    let found: BTreeMap<Identity, &Finding> = current.into_iter().map(|it| (it.identity(), it)).collect();
    let mut events: BTreeMap<&Identity, Event> = BTreeMap::new();
    for (identity, finding) in &found {
        let event = match records.get(identity) {
            None => Some(Event { record: Record::of(finding, now), what: Happening::Appeared }),
            Some(record) => seen_again(record, finding, now),
        };
        events.extend(event.map(|event| (identity, event)));
    }
    for (identity, record) in records {
        let event = match record.source {
            Source::Rule if record.state != State::Fixed && !found.contains_key(identity) => Some(gone(record, now)),
            Source::Rule => None,
            Source::Reported => ended(record, now).map(|because| reopened(record.clone(), record.state, because)),
        };
        events.extend(event.map(|event| (identity, event)));
    }
    events.into_values().collect()
}

/// Every record as it is now: as it was recorded, and as the facts and the time since then have moved it. What a page
/// shows therefore never waits for anybody to write it down.
#[must_use]
pub fn overlay<'f>(
    mut records: BTreeMap<Identity, Record>,
    current: impl IntoIterator<Item = &'f Finding>,
    now: Timestamp,
) -> BTreeMap<Identity, Record> {
    for event in reconcile(&records, current, now) {
        records.insert(event.record.identity.clone(), event.record);
    }
    records
}

fn gone(record: &Record, now: Timestamp) -> Event {
    let record = Record {
        state: State::Fixed,
        decision: None,
        request: None,
        last_seen: now,
        version: record.version + 1,
        ..record.clone()
    };
    Event { record, what: Happening::Fixed }
}

fn reopened(record: Record, was: State, because: Reopening) -> Event {
    let version = record.version + 1;
    let record = Record { state: State::Open, decision: None, request: None, version, ..record };
    Event { record, what: Happening::Reopened { was, because } }
}

/// Whether the last day of the decision is over.
fn ended(record: &Record, now: Timestamp) -> Option<Reopening> {
    let last = record.decision.as_ref().filter(|_| record.state.is_decided())?.until();
    (last < now.day()).then_some(Reopening::Ended(last))
}

/// What happened to a finding that is on record and is found again.
fn seen_again(record: &Record, finding: &Finding, now: Timestamp) -> Option<Event> {
    // The hash does not read the order of the facts; where nothing moved at all it need not be computed.
    let facts_hash = if finding.facts == record.facts { record.facts_hash.clone() } else { finding.facts_hash() };
    let other_facts = facts_hash != record.facts_hash;
    let worse = finding.severity < record.severity;
    let differing = || FactChange::between(&record.facts, &finding.facts);
    let because = match record.state {
        State::Fixed => Some(Reopening::Back),
        state if state.is_decided() && worse => Some(Reopening::Worse { was: record.severity, is: finding.severity }),
        state if state.is_decided() && other_facts => Some(Reopening::Facts(differing())),
        state if state.is_decided() => ended(record, now),
        _ => None,
    };
    if because.is_none() && !other_facts && finding.severity == record.severity {
        return None;
    }
    let is = Record {
        sentence: finding.sentence.clone(),
        severity: finding.severity,
        facts_hash,
        facts: finding.facts.clone(),
        last_seen: now,
        ..record.clone()
    };
    Some(match because {
        Some(because) => reopened(is, record.state, because),
        None => {
            let what = Happening::Changed { facts: differing(), voided: record.request.is_some() };
            Event { record: Record { request: None, version: record.version + 1, ..is }, what }
        }
    })
}
