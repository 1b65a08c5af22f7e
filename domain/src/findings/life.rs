//! The life of a finding: what people decided about it survives every run of the rules, as long as the facts stay.
//!
//! A record belongs to an identity (rule, subject, discriminator), so a renaming loses nothing. Beside it stands the
//! hash of the facts that people saw: when the facts change, a decision no longer covers them, and the finding is open
//! again. [`reconcile`] compares what is recorded with what the rules find now and says what happened.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::finding::{Finding, Identity, ShownFact};
use super::rule::Severity;
use crate::id::PersonId;
use crate::model::object::ObjectRef;
use crate::text::text_enum;
use crate::time::{Day, Timestamp};

/// The longest time for which a finding may be called not applicable, in days.
pub const NOT_APPLICABLE_DAYS: i32 = 365;

/// What stands in the place of a rule where a person reported a finding.
pub const REPORTED: &str = "reported";

text_enum! {
    /// Where a finding stands.
    State {
        /// Nobody has looked at it yet.
        New = "new": "New",
        /// Somebody has looked at it, and it is to be dealt with.
        Open = "open": "Open",
        /// The risk is accepted for a time.
        Accepted = "accepted": "Accepted",
        /// A compensating control stands in for what is missing.
        Compensated = "compensated": "Compensated",
        /// It is a false positive, or out of context.
        NotApplicable = "not_applicable": "Not applicable",
        /// The rules no longer find it.
        Fixed = "fixed": "Fixed",
    }
}

impl State {
    /// Whether somebody decided that nothing needs to be done for now.
    #[must_use]
    pub const fn is_decided(self) -> bool {
        matches!(self, Self::Accepted | Self::Compensated | Self::NotApplicable)
    }
}

text_enum! {
    /// Where a finding comes from.
    Source {
        Rule = "rule": "Found by a rule",
        Reported = "reported": "Reported by a person",
    }
}

/// What is kept about a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Which finding.
    pub identity: Identity,
    /// A rule found it, or a person reported it. What a person reported is never fixed by a run of the rules.
    pub source: Source,
    /// Where it stands.
    pub state: State,
    /// What was wrong, in the words of the run that first found these facts, or of the person who reported it.
    pub sentence: String,
    /// How urgent it was when it was last seen.
    pub severity: Severity,
    /// The hash of the facts when it was last seen.
    pub facts_hash: String,
    /// The facts when it was last seen.
    pub facts: Vec<ShownFact>,
    /// When it was seen first.
    pub first_seen: Timestamp,
    /// When it was last seen.
    pub last_seen: Timestamp,
    /// The last day of a decision.
    pub decided_until: Option<Day>,
}

/// A decision that somebody wants to make about a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Accepted, compensated or not applicable.
    pub state: State,
    /// Who asks for it.
    pub requester: PersonId,
    /// Who approves it.
    pub approver: Option<PersonId>,
    /// The last day on which it holds.
    pub until: Day,
    /// Why.
    pub reason: String,
}

/// Why a decision cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecisionError {
    /// New, open and fixed are no decisions.
    #[error("only accepted, compensated and not applicable are decisions")]
    NoDecision,
    /// There is no reason.
    #[error("say why")]
    NoReason,
    /// It would end before it begins.
    #[error("the last day is over")]
    Over,
    /// It would hold for too long.
    #[error("a finding is not applicable for 365 days at most; then somebody looks again")]
    TooLong,
    /// A second person is missing.
    #[error("a critical or high finding needs a second person who approves")]
    NeedsApprover,
}

impl Record {
    /// The record of a finding that was never seen before.
    #[must_use]
    pub fn of(finding: &Finding, now: Timestamp) -> Self {
        Self {
            identity: finding.identity(),
            source: Source::Rule,
            state: State::New,
            sentence: finding.sentence.clone(),
            severity: finding.severity,
            facts_hash: finding.facts_hash(),
            facts: finding.facts.clone(),
            first_seen: now,
            last_seen: now,
            decided_until: None,
        }
    }

    /// The record of a concern that a person raises on an object. The number tells it from others on the object; it is
    /// open from the beginning, because a person has looked at it.
    #[must_use]
    pub fn reported(subject: ObjectRef, number: u32, severity: Severity, concern: &str, now: Timestamp) -> Self {
        Self {
            identity: Identity { rule: REPORTED.to_owned(), subject, discriminator: number.to_string() },
            source: Source::Reported,
            state: State::Open,
            sentence: concern.to_owned(),
            severity,
            facts_hash: String::new(),
            facts: Vec::new(),
            first_seen: now,
            last_seen: now,
            decided_until: None,
        }
    }

    /// The record after a decision.
    ///
    /// # Errors
    /// The decision is none, has no reason, is over or too long, or lacks a second person.
    pub fn decide(&self, decision: &Decision, today: Day) -> Result<Self, DecisionError> {
        if !decision.state.is_decided() {
            return Err(DecisionError::NoDecision);
        }
        if decision.reason.trim().is_empty() {
            return Err(DecisionError::NoReason);
        }
        if decision.until < today {
            return Err(DecisionError::Over);
        }
        if decision.state == State::NotApplicable && decision.until > today.plus_days(NOT_APPLICABLE_DAYS) {
            return Err(DecisionError::TooLong);
        }
        let grave = matches!(self.severity, Severity::Critical | Severity::High);
        let second = decision.approver.as_ref().is_some_and(|it| *it != decision.requester);
        if grave && !second {
            return Err(DecisionError::NeedsApprover);
        }
        Ok(Self { state: decision.state, decided_until: Some(decision.until), ..self.clone() })
    }
}

/// What happened to a finding between two runs of the rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// It was found for the first time.
    Appeared {
        /// The new record.
        record: Record,
    },
    /// It was fixed or decided, and is open again.
    Reopened {
        /// The record as it is now.
        record: Record,
        /// Where it stood.
        was: State,
        /// Why.
        because: Reopening,
    },
    /// It is still there, and something about it is different; nobody had decided about it.
    Changed {
        /// The record as it is now.
        record: Record,
        /// The facts that differ.
        facts: Vec<FactChange>,
    },
    /// The rules no longer find it.
    Fixed {
        /// The record as it is now.
        record: Record,
    },
}

impl Event {
    /// The record as it is after the event.
    #[must_use]
    pub const fn record(&self) -> &Record {
        match self {
            Self::Appeared { record }
            | Self::Reopened { record, .. }
            | Self::Changed { record, .. }
            | Self::Fixed { record } => record,
        }
    }
}

/// Why a finding is open again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reopening {
    /// It was fixed, and is back.
    Back,
    /// The decision has ended.
    Ended(Day),
    /// The facts that were decided about are other ones now.
    Facts(Vec<FactChange>),
    /// It is more urgent than it was.
    Worse {
        /// What it was.
        was: Severity,
        /// What it is.
        is: Severity,
    },
}

/// A fact that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactChange {
    /// What was shown; absent where the fact is new.
    pub was: Option<ShownFact>,
    /// What is shown; absent where the fact is gone.
    pub is: Option<ShownFact>,
}

/// What happened since the records were made: one event for each finding to which anything happened, by identity. A
/// finding that is only still there has none, and neither has one of which nothing but the sentence changed, so that
/// a renaming loses no decision.
#[must_use]
pub fn reconcile(records: &BTreeMap<Identity, Record>, current: &[Finding], now: Timestamp) -> Vec<Event> {
    let found: BTreeMap<Identity, &Finding> = current.iter().map(|it| (it.identity(), it)).collect();
    let mut events: BTreeMap<&Identity, Event> = BTreeMap::new();
    for (identity, finding) in &found {
        let event = match records.get(identity) {
            None => Some(Event::Appeared { record: Record::of(finding, now) }),
            Some(record) => seen_again(record, finding, now),
        };
        events.extend(event.map(|event| (identity, event)));
    }
    for (identity, record) in records {
        let gone = record.source == Source::Rule && record.state != State::Fixed && !found.contains_key(identity);
        if gone {
            let record = Record { state: State::Fixed, decided_until: None, ..record.clone() };
            events.insert(identity, Event::Fixed { record });
        }
    }
    events.into_values().collect()
}

/// What happened to a finding that is on record and is found again.
fn seen_again(record: &Record, finding: &Finding, now: Timestamp) -> Option<Event> {
    let facts_hash = finding.facts_hash();
    let other_facts = facts_hash != record.facts_hash;
    let worse = finding.severity < record.severity;
    let ended = record.decided_until.filter(|last| *last < now.day() && record.state.is_decided());
    let changes = || changes(&record.facts, &finding.facts);
    let because = match record.state {
        State::Fixed => Some(Reopening::Back),
        state if state.is_decided() && worse => Some(Reopening::Worse { was: record.severity, is: finding.severity }),
        state if state.is_decided() && other_facts => Some(Reopening::Facts(changes())),
        state if state.is_decided() => ended.map(Reopening::Ended),
        _ => None,
    };
    let is = Record {
        sentence: finding.sentence.clone(),
        severity: finding.severity,
        facts_hash,
        facts: finding.facts.clone(),
        last_seen: now,
        ..record.clone()
    };
    match because {
        Some(because) => {
            let reopened = Record { state: State::Open, decided_until: None, ..is };
            Some(Event::Reopened { record: reopened, was: record.state, because })
        }
        None if other_facts || finding.severity != record.severity => {
            Some(Event::Changed { record: is, facts: changes() })
        }
        None => None,
    }
}

/// The facts that differ, by object and name.
fn changes(was: &[ShownFact], is: &[ShownFact]) -> Vec<FactChange> {
    let gone = was.iter().filter(|fact| !is.contains(fact));
    let mut new: Vec<&ShownFact> = is.iter().filter(|fact| !was.contains(fact)).collect();
    let mut changes: Vec<FactChange> = Vec::new();
    for before in gone {
        let same = new.iter().position(|after| after.of == before.of && after.name == before.name);
        let after = same.map(|place| new.remove(place).clone());
        changes.push(FactChange { was: Some(before.clone()), is: after });
    }
    changes.extend(new.into_iter().map(|after| FactChange { was: None, is: Some(after.clone()) }));
    changes.sort_by(|one, other| {
        let key = |it: &FactChange| it.was.as_ref().or(it.is.as_ref()).map(|it| (it.of.clone(), it.name.clone()));
        key(one).cmp(&key(other))
    });
    changes
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::findings::finding::FactValue;
    use crate::findings::tests::{found, model};

    const LEAK: &str = r#""systems":[{"id":"db","name":"Database","holdings":[{"element":"pan","ops":["store"]}]}]"#;

    fn leaks(members: &str) -> Vec<Finding> {
        found(&model(members)).findings.into_iter().filter(|it| it.rule == "F-PAN-READABLE").collect()
    }

    fn records(events: &[Event]) -> BTreeMap<Identity, Record> {
        events.iter().map(|it| (it.record().identity.clone(), it.record().clone())).collect()
    }

    fn accepted(until: &str) -> BTreeMap<Identity, Record> {
        let decision = Decision {
            state: State::Accepted,
            requester: "lead".into(),
            approver: Some("ciso".into()),
            until: until.parse().unwrap(),
            reason: "replaced in spring".to_owned(),
        };
        let known = records(&reconcile(&BTreeMap::new(), &leaks(LEAK), Timestamp(0)));
        let decided = known.into_iter().map(|(id, it)| (id, it.decide(&decision, Day(0)).unwrap()));
        decided.collect()
    }

    #[test]
    fn what_is_found_first_is_new_and_what_stays_has_no_event() {
        let events = reconcile(&BTreeMap::new(), &leaks(LEAK), Timestamp(5));
        let [Event::Appeared { record }] = &events[..] else { panic!("{events:?}") };
        assert_eq!((record.state, record.first_seen), (State::New, Timestamp(5)));
        assert_eq!(reconcile(&records(&events), &leaks(LEAK), Timestamp(9)), []);
    }

    #[test]
    fn a_renaming_loses_no_decision() {
        let renamed = LEAK.replace("Database", "Card store");
        assert_eq!(reconcile(&accepted("2030-01-01"), &leaks(&renamed), Timestamp(1)), []);
    }

    #[test]
    fn what_is_gone_is_fixed_and_what_comes_back_is_open() {
        let known = accepted("2030-01-01");
        let events = reconcile(&known, &[], Timestamp(1));
        let [Event::Fixed { record }] = &events[..] else { panic!("{events:?}") };
        assert_eq!(record.state, State::Fixed);
        let events = reconcile(&records(&events), &leaks(LEAK), Timestamp(2));
        let [Event::Reopened { record, was: State::Fixed, because: Reopening::Back }] = &events[..] else {
            panic!("{events:?}")
        };
        assert_eq!((record.state, record.first_seen), (State::Open, Timestamp(0)));
        assert_eq!(reconcile(&BTreeMap::new(), &[], Timestamp(3)), []);
    }

    #[test]
    fn other_facts_reopen_a_decision_and_say_what_changed() {
        let other = LEAK.replace(r#""ops""#, r#""form":"unknown","ops""#);
        let events = reconcile(&accepted("2030-01-01"), &leaks(&other), Timestamp(1));
        let [Event::Reopened { was: State::Accepted, because: Reopening::Facts(facts), .. }] = &events[..] else {
            panic!("{events:?}")
        };
        let [FactChange { was: Some(was), is: Some(is) }] = &facts[..] else { panic!("{facts:?}") };
        assert_eq!((was.name.as_str(), &was.value), ("form", &FactValue::from("clear")));
        assert_eq!(is.value, FactValue::from("unknown"));
    }

    #[test]
    fn a_decision_ends_after_its_last_day() {
        let known = accepted("2026-01-31");
        let on = |day: &str| reconcile(&known, &leaks(LEAK), day.parse::<Day>().unwrap().start());
        assert_eq!(on("2026-01-31"), []);
        let events = on("2026-02-01");
        assert!(matches!(&events[..], [Event::Reopened { because: Reopening::Ended(_), .. }]), "{events:?}");
    }

    #[test]
    fn a_grave_finding_needs_a_second_person_and_not_applicable_ends_within_a_year() {
        let known = records(&reconcile(&BTreeMap::new(), &leaks(LEAK), Timestamp(0)));
        let record = known.values().next().unwrap();
        let decision = |state, approver: Option<&str>, until| Decision {
            state,
            requester: "lead".into(),
            approver: approver.map(PersonId::from),
            until: Day(until),
            reason: "test".to_owned(),
        };
        let decide = |decision: &Decision| record.decide(decision, Day(0)).map(|it| it.state);
        assert_eq!(decide(&decision(State::Accepted, None, 10)), Err(DecisionError::NeedsApprover));
        assert_eq!(decide(&decision(State::Accepted, Some("lead"), 10)), Err(DecisionError::NeedsApprover));
        assert_eq!(decide(&decision(State::NotApplicable, Some("ciso"), 366)), Err(DecisionError::TooLong));
        assert_eq!(decide(&decision(State::NotApplicable, Some("ciso"), 365)), Ok(State::NotApplicable));
        assert_eq!(decide(&decision(State::Fixed, Some("ciso"), 10)), Err(DecisionError::NoDecision));
        assert_eq!(decide(&decision(State::Accepted, Some("ciso"), -1)), Err(DecisionError::Over));
    }

    #[test]
    fn what_a_person_reported_is_not_fixed_by_a_run_of_the_rules() {
        let subject = ObjectRef::System("db".into());
        let concern = Record::reported(subject, 1, Severity::Low, "Nobody knows who uses this.", Timestamp(0));
        assert_eq!(concern.state, State::Open);
        let known = BTreeMap::from([(concern.identity.clone(), concern)]);
        assert_eq!(reconcile(&known, &[], Timestamp(1)), []);
    }
}
