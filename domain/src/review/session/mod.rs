//! A review while it is going on: who looked at what, what was decided, who signed.
//!
//! A session is nothing but what its events say: [`decide`](Session::decide) takes a command, who gives it, and what the
//! difference is now, and gives events or a refusal. A tick is bound to what was seen: as soon as that changes the tick
//! no longer counts, whether anybody noted it or not, and [`Command::Observe`] writes down that it fell off. A signature
//! is bound to everything that was signed, and is never deleted: what is wrong is superseded, and stays readable.

mod command;
mod event;
#[cfg(test)]
mod properties;
mod refused;
mod signature;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::canonical::{canonical, hash};
use super::difference::{Carried, Difference, Item};
use super::elements::Element;
use super::seal::SealKey;
use crate::id::PersonId;
use crate::model::object::ObjectRef;
use crate::schedule::plan::numbered_key;
use crate::text::text_enum;
use crate::time::Timestamp;
pub use command::{Actor, Command, Context, Refusal, open};
pub use event::{Event, Fallen, LeadsTo, Opening, Part, Said, Settlement, Signer, Tick, TickSaid};
pub use signature::Signature;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

numbered_key! {
    /// The key of a review, written `REV-3`.
    ReviewKey, "REV-", NoReviewKey
}

text_enum! {
    /// How far a review is.
    Phase {
        Open = "open": "Open",
        /// At least one has signed, and not all.
        Signing = "signing": "Being signed",
        /// Everybody has signed; the seal is made in the same commit.
        Signed = "signed": "Signed",
        Sealed = "sealed": "Sealed",
        Withdrawn = "withdrawn": "Withdrawn",
    }
}

/// What somebody was asked about an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its number within the review, from 1.
    pub number: u32,
    /// The item.
    pub item: ObjectRef,
    /// Who asked.
    pub by: PersonId,
    /// Who was asked.
    pub whom: PersonId,
    /// What.
    pub question: String,
    /// The answer, and who gave it.
    pub answer: Option<(PersonId, String)>,
}

/// That a signer did not sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Who.
    pub by: PersonId,
    /// Why.
    pub reason: String,
    /// What was done about it; absent while it blocks.
    pub answered: Option<String>,
}

/// What was decided about a carried decision, and about what.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Settled {
    /// What the decision said then: [`Carried::sentence`].
    seen: String,
    how: Settlement,
}

/// Whether a tick counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TickState<'s> {
    /// Nobody looked.
    Open,
    /// Somebody looked, and what they saw is no longer there.
    FellOff,
    /// Somebody looked at what is there.
    Holds(&'s Tick),
}

/// How far a review is, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// All items.
    pub items: usize,
    /// Those that are as they were when they were last signed.
    pub unchanged: usize,
    /// Those with a tick that counts.
    pub done: usize,
    /// Those whose tick fell off.
    pub fell_off: usize,
    /// Decisions of before that are to be made again.
    pub carried_open: usize,
    /// Signatures that count.
    pub signed: usize,
    /// All signers.
    pub signers: usize,
}

/// A review: what its events say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The key.
    pub key: ReviewKey,
    opening: Opening,
    opened_by: PersonId,
    opened_at: Timestamp,
    ticks: BTreeMap<ObjectRef, Tick>,
    fell_off: BTreeMap<ObjectRef, Timestamp>,
    questions: Vec<Question>,
    settled: BTreeMap<String, Settled>,
    elements: BTreeMap<Element, Said>,
    refusals: Vec<Refused>,
    signatures: Vec<Signature>,
    superseded: Vec<(Signature, String)>,
    authors: BTreeSet<PersonId>,
    seals: Vec<SealKey>,
    phase: Phase,
    /// Everything that happened, in order.
    pub history: Vec<Event>,
}

impl Session {
    /// What the events make; `None` where the first is not that it was opened.
    #[must_use]
    pub fn replay(key: ReviewKey, events: &[Event]) -> Option<Self> {
        let (first, others) = events.split_first()?;
        let Event::Opened { by, at, opening } = first else { return None };
        let mut session = Self {
            key,
            opening: opening.clone(),
            opened_by: by.clone(),
            opened_at: *at,
            ticks: BTreeMap::new(),
            fell_off: BTreeMap::new(),
            questions: Vec::new(),
            settled: BTreeMap::new(),
            elements: BTreeMap::new(),
            refusals: Vec::new(),
            signatures: Vec::new(),
            superseded: Vec::new(),
            authors: BTreeSet::new(),
            seals: Vec::new(),
            phase: Phase::Open,
            history: vec![first.clone()],
        };
        for event in others {
            session.apply(event);
        }
        Some(session)
    }

    /// Takes an event over. Events come from [`Self::decide`] and are never refused here.
    pub fn apply(&mut self, event: &Event) {
        self.history.push(event.clone());
        match event {
            // A session is opened once; a second opening would be an event of another one.
            Event::Opened { .. } => {}
            Event::Ticked { by, items, .. } => {
                for (item, tick) in items {
                    self.fell_off.remove(item);
                    self.ticks.insert(item.clone(), tick.clone());
                }
                self.authors.insert(by.clone());
            }
            Event::Unticked { by, item, .. } => {
                self.ticks.remove(item);
                self.authors.insert(by.clone());
            }
            Event::FellOff { at, items } => {
                for it in items {
                    self.ticks.remove(&it.item);
                    self.fell_off.insert(it.item.clone(), *at);
                }
                self.void("What was signed changed afterwards.");
            }
            Event::Voided { .. } => self.void("What was signed changed afterwards."),
            Event::Asked { by, item, whom, question, .. } => {
                let number = u32::try_from(self.questions.len() + 1).unwrap_or(u32::MAX);
                self.questions.push(Question {
                    number,
                    item: item.clone(),
                    by: by.clone(),
                    whom: whom.clone(),
                    question: question.clone(),
                    answer: None,
                });
            }
            Event::Answered { by, question, words, .. } => {
                if let Some(it) = self.questions.iter_mut().find(|it| it.number == *question) {
                    it.answer = Some((by.clone(), words.clone()));
                }
            }
            Event::Settled { by, carried, seen, how, .. } => {
                self.settled.insert(carried.clone(), Settled { seen: seen.clone(), how: how.clone() });
                self.authors.insert(by.clone());
            }
            Event::ElementAnswered { by, element, said, .. } => {
                self.elements.insert(*element, said.clone());
                self.authors.insert(by.clone());
            }
            Event::Signed { signature } => {
                self.signatures.push(signature.clone());
                let all = self.signatures.len() >= self.opening.signers.len();
                self.phase = if all { Phase::Signed } else { Phase::Signing };
            }
            Event::Refused { by, reason, items, .. } => {
                for item in items {
                    self.ticks.remove(item);
                }
                self.refusals.push(Refused { by: by.clone(), reason: reason.clone(), answered: None });
                self.void(&format!("Opened again, because a signer refused: {reason}"));
            }
            Event::RefusalAnswered { by, words, .. } => {
                for it in self.refusals.iter_mut().filter(|it| it.answered.is_none()) {
                    it.answered = Some(words.clone());
                }
                self.authors.insert(by.clone());
            }
            Event::Sealed { seal, .. } => {
                self.seals.push(*seal);
                self.phase = Phase::Sealed;
            }
            Event::Superseded { reason, .. } => self.void(reason),
            Event::Withdrawn { .. } => self.phase = Phase::Withdrawn,
        }
    }

    /// Every signature that counted is kept as superseded, and the review is open again.
    fn void(&mut self, reason: &str) {
        self.superseded.extend(self.signatures.drain(..).map(|it| (it, reason.to_owned())));
        if self.phase != Phase::Withdrawn {
            self.phase = Phase::Open;
        }
    }

    /// What was fixed when it was opened.
    #[must_use]
    pub const fn opening(&self) -> &Opening {
        &self.opening
    }

    /// Who opened it, and when.
    #[must_use]
    pub const fn opened(&self) -> (&PersonId, Timestamp) {
        (&self.opened_by, self.opened_at)
    }

    /// How far it is.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        self.phase
    }

    /// Whether a tick on an item counts now.
    #[must_use]
    pub fn tick_state(&self, item: &Item) -> TickState<'_> {
        match self.ticks.get(&item.object) {
            Some(tick) if tick.seen == item.fingerprint => TickState::Holds(tick),
            Some(_) => TickState::FellOff,
            None if self.fell_off.contains_key(&item.object) => TickState::FellOff,
            None => TickState::Open,
        }
    }

    /// The questions, by number.
    #[must_use]
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// The questions that nobody has answered.
    pub fn open_questions(&self) -> impl Iterator<Item = &Question> {
        self.questions.iter().filter(|it| it.answer.is_none())
    }

    /// What was decided about a carried decision, while it says what it said then: a risk that moved once more is decided
    /// once more.
    #[must_use]
    pub fn settlement(&self, carried: &Carried) -> Option<&Settlement> {
        self.settled.get(&carried.key()).filter(|it| it.seen == carried.sentence()).map(|it| &it.how)
    }

    /// Whether a carried decision, as it is now, was made again, or left standing with words.
    #[must_use]
    pub fn is_settled(&self, carried: &Carried) -> bool {
        self.settlement(carried).is_some()
    }

    /// Whether an element was answered, and the model still says of it what it said then.
    #[must_use]
    pub fn is_answered(&self, element: Element, difference: &Difference) -> bool {
        let now = difference.elements.get(&element);
        self.elements.get(&element).is_some_and(|said| now.is_none_or(|it| *it == said.model_said))
    }

    /// The answers to the elements of requirement 12.5.2.
    #[must_use]
    pub const fn elements(&self) -> &BTreeMap<Element, Said> {
        &self.elements
    }

    /// A refusal to sign about which nobody has done anything.
    #[must_use]
    pub fn open_refusal(&self) -> Option<&Refused> {
        self.refusals.iter().find(|it| it.answered.is_none())
    }

    /// Every refusal to sign, in order.
    #[must_use]
    pub fn refusals(&self) -> &[Refused] {
        &self.refusals
    }

    /// The signatures that count, in order.
    #[must_use]
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// The signatures that no longer count, each with the reason.
    #[must_use]
    pub fn superseded(&self) -> &[(Signature, String)] {
        &self.superseded
    }

    /// Everybody who ticked, answered or settled something: where a second person is asked for, none of them approves.
    #[must_use]
    pub const fn authors(&self) -> &BTreeSet<PersonId> {
        &self.authors
    }

    /// The seals that were made of it; only the last counts, where it is sealed.
    #[must_use]
    pub fn seals(&self) -> &[SealKey] {
        &self.seals
    }

    /// Whether somebody other than the authors approves.
    #[must_use]
    pub const fn needs_second_person(&self) -> bool {
        self.opening.four_eyes || self.opening.cover.kind.needs_second_person()
    }

    /// SHA-256, in hexadecimal, of everything that a signer is shown: statement, items as they are, what was decided.
    #[must_use]
    pub fn content_hash(&self, difference: &Difference) -> String {
        let items: Vec<_> =
            difference.items.values().map(|it| (&it.object, &it.fingerprint, self.ticks.get(&it.object))).collect();
        let carried: Vec<_> =
            difference.carried.iter().map(|it| (it.key(), it.sentence(), self.settlement(it))).collect();
        let questions: Vec<_> = self.questions.iter().map(|it| (it.number, &it.question, &it.answer)).collect();
        let shown = (self.key, &self.opening, items, carried, (&self.elements, &difference.elements), questions);
        hash("plumbline-review-v1", &canonical(&shown))
    }

    /// The items of which somebody said that something is to be done, with what they said.
    pub fn to_be_changed(&self) -> impl Iterator<Item = (&ObjectRef, &Tick)> {
        self.ticks.iter().filter(|(_, tick)| matches!(tick.said, TickSaid::NeedsChange { .. }))
    }

    /// How far it is, in numbers.
    #[must_use]
    pub fn progress(&self, difference: &Difference) -> Progress {
        let states: Vec<TickState<'_>> = difference.items.values().map(|it| self.tick_state(it)).collect();
        Progress {
            items: difference.items.len(),
            unchanged: difference.unchanged().count(),
            done: states.iter().filter(|it| matches!(it, TickState::Holds(_))).count(),
            fell_off: states.iter().filter(|it| matches!(it, TickState::FellOff)).count(),
            carried_open: difference.carried.iter().filter(|it| !self.is_settled(it)).count(),
            signed: self.signatures.len(),
            signers: self.opening.signers.len(),
        }
    }
}
