//! What people do in a review, and why it may be refused.

use std::collections::BTreeSet;

use super::event::{Event, Fallen, LeadsTo, Opening, Part, Said, Settlement, Tick, TickSaid};
use super::signature::{GENESIS, Signature};
use super::{Phase, Session, TickState};
use crate::findings::Finding;
use crate::id::{AccountId, PersonId};
use crate::model::object::ObjectRef;
use crate::problem::FieldCode;
use crate::review::difference::{Difference, Item};
use crate::review::elements::Element;
use crate::review::gate::{Gate, gates};
use crate::review::seal::SealKey;
use crate::role::Role;
use crate::schedule::late::wrong;
use crate::time::Timestamp;

/// Who gives a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A member who is signed in, as a person of the workspace.
    Member {
        /// Which person.
        person: PersonId,
        /// Their role: it gives the right.
        role: Role,
    },
    /// A program with a token: it looks, and decides nothing.
    Token,
    /// The passing of time, or a change of the model.
    Clock,
}

/// What is to happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Says of many items at once that they are as they were: each with what was seen.
    AttestUnchanged(Vec<(ObjectRef, String)>),
    /// Says of one item that what changed is right.
    Confirm {
        /// The item.
        item: ObjectRef,
        /// What was seen.
        seen: String,
    },
    /// Says of one item that something is to be done.
    NeedsChange {
        /// The item.
        item: ObjectRef,
        /// What was seen.
        seen: String,
        /// What is to be done.
        words: String,
        /// Where that is followed.
        leads_to: LeadsTo,
    },
    /// Takes a tick back.
    Untick(ObjectRef),
    /// Asks somebody about an item.
    Ask {
        /// The item.
        item: ObjectRef,
        /// Whom.
        whom: PersonId,
        /// What.
        question: String,
    },
    /// Answers a question, or takes it back with words.
    Answer {
        /// Its number.
        question: u32,
        /// The answer.
        words: String,
    },
    /// Decides again about a decision of before, or leaves it standing.
    Settle {
        /// Its key: [`crate::review::Carried::key`].
        carried: String,
        /// How.
        how: Settlement,
    },
    /// Answers an element of requirement 12.5.2.
    AnswerElement {
        /// Which.
        element: Element,
        /// Whether it is as the requirement asks.
        confirmed: bool,
        /// The answer.
        words: String,
        /// What the model said.
        model_said: String,
    },
    /// Signs.
    Sign {
        /// What was shown: [`Session::content_hash`].
        shown: String,
        /// SHA-256 of the snapshot that is taken in the same commit.
        snapshot: String,
        /// With which account, and how the signer proved that it is theirs.
        account: AccountId,
        /// How: password, code.
        method: String,
        /// What they add; may be empty.
        comment: String,
    },
    /// Does not sign, and says why; these ticks are taken back.
    Refuse {
        /// Why.
        reason: String,
        /// The items that are to be looked at again.
        items: BTreeSet<ObjectRef>,
    },
    /// Says what was done about a refusal.
    AnswerRefusal {
        /// What.
        words: String,
    },
    /// Notes that the seal was made, in the commit of the last signature.
    Seal {
        /// The seal.
        seal: SealKey,
        /// Its hash.
        hash: String,
    },
    /// Says that a signature was wrong, so that it is signed again.
    Supersede {
        /// The hash of the signature.
        signature: String,
        /// Why.
        reason: String,
    },
    /// Gives the review up.
    Withdraw {
        /// Why.
        reason: String,
    },
    /// Looks at what is there now: which ticks and signatures no longer count.
    Observe,
}

/// What a command is judged by beside who gives it.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// When.
    pub now: Timestamp,
    /// What is different now.
    pub difference: &'a Difference,
    /// The gaps of the model inside the review: [`crate::review::gate::health_inside`].
    pub health: &'a [&'a Finding],
}

/// Why a command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A token or the clock does what only a person may.
    #[error("only a person who is signed in can do this")]
    NoPerson,
    /// The role does not give the right.
    #[error("your role does not allow this")]
    Role,
    /// The review is not where this is possible.
    #[error("this is not possible now: the review is {}", .0.label().to_lowercase())]
    Phase(Phase),
    /// The review has no such item, question or carried decision.
    #[error("the review has no such item")]
    NoSuchItem,
    /// An item is no longer what was seen, or was attested as unchanged and is not.
    #[error("this changed since you opened it; look at it again")]
    Changed,
    /// Words are missing.
    #[error("say what or why")]
    NoWords,
    /// Something is wrong with the words.
    #[error("{}", .0.advice())]
    Words(FieldCode),
    /// Who signs was fixed when the review was opened.
    #[error("only those who were named when the review was opened sign it")]
    NotASigner,
    /// The person was linked to another account when the review was opened.
    #[error("you are linked to the person who signs since the review was opened")]
    OtherAccount,
    /// The same person signed already.
    #[error("you have signed already")]
    SignedAlready,
    /// Who approves looks at what others did.
    #[error("who approves has decided nothing in this review themselves")]
    OwnReview,
    /// Who approves signs last.
    #[error("those who attest sign first")]
    OthersFirst,
    /// It is no longer what was shown.
    #[error("what is signed changed since you opened it; look at it again")]
    OtherContent,
    /// Something blocks the signature.
    #[error("{} things are open", .0.len())]
    Gates(Vec<Gate>),
    /// Nobody is named who signs.
    #[error("name at least one person who signs")]
    NoSigner,
    /// A second person is asked for, and nobody is named who approves.
    #[error("name somebody who approves")]
    NoApprover,
    /// The same person is named twice.
    #[error("each person signs once")]
    SignerTwice,
    /// There is no statement to sign.
    #[error("say what is signed")]
    NoStatement,
}

/// Whether a role gives the right to take part in reviews.
#[must_use]
pub const fn may_review(role: Role) -> bool {
    match role {
        Role::Owner | Role::Admin | Role::Editor | Role::Reviewer => true,
        Role::Viewer | Role::Auditor => false,
    }
}

/// Opens a review: the first of its events.
///
/// # Errors
/// The actor is no person or may not, nobody is named who signs or approves, or the statement is missing.
pub fn open(opening: Opening, actor: &Actor, now: Timestamp) -> Result<Event, Refusal> {
    let by = person(actor)?.clone();
    let people: BTreeSet<&PersonId> = opening.signers.iter().map(|it| &it.person).collect();
    let approves = opening.signers.iter().any(|it| it.part == Part::Approves);
    if people.is_empty() {
        return Err(Refusal::NoSigner);
    }
    if people.len() != opening.signers.len() {
        return Err(Refusal::SignerTwice);
    }
    if (opening.four_eyes || opening.cover.kind.needs_second_person()) && !approves {
        return Err(Refusal::NoApprover);
    }
    match wrong(&opening.statement) {
        Some(FieldCode::Missing) => return Err(Refusal::NoStatement),
        Some(code) => return Err(Refusal::Words(code)),
        None => {}
    }
    Ok(Event::Opened { by, at: now, opening })
}

impl Session {
    /// What a command makes happen; nothing where there is nothing to note. What changed meanwhile comes first, whether
    /// anybody looked before or not. The events are to be taken over in order, in one commit.
    ///
    /// # Errors
    /// Why it is refused. A refusal changes nothing.
    pub fn decide(&self, command: Command, actor: &Actor, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
        let mut events = self.observe(context);
        let mut current = self.clone();
        events.iter().for_each(|event| current.apply(event));
        if command != Command::Observe {
            events.push(current.step(command, actor, context)?);
        }
        Ok(events)
    }

    /// What happened without anybody asking for it.
    fn observe(&self, context: &Context<'_>) -> Vec<Event> {
        let at = context.now;
        if !matches!(self.phase, Phase::Open | Phase::Signing | Phase::Signed) {
            return Vec::new();
        }
        let no_longer = |item: &ObjectRef| match context.difference.items.get(item) {
            Some(item) => matches!(self.tick_state(item), TickState::FellOff),
            None => true,
        };
        let fallen: Vec<Fallen> = self
            .ticks
            .iter()
            .filter(|(item, _)| no_longer(item))
            .map(|(item, tick)| Fallen { item: item.clone(), by: tick.by.clone(), ticked_at: tick.at })
            .collect();
        if !fallen.is_empty() {
            return vec![Event::FellOff { at, items: fallen }];
        }
        let content = self.content_hash(context.difference);
        if self.signatures.iter().any(|it| it.shown != content) { vec![Event::Voided { at }] } else { Vec::new() }
    }

    fn step(&self, command: Command, actor: &Actor, context: &Context<'_>) -> Result<Event, Refusal> {
        let at = context.now;
        if let Command::Seal { seal, hash } = command {
            self.expect(&[Phase::Signed])?;
            return Ok(Event::Sealed { at, seal, hash });
        }
        let by = person(actor)?.clone();
        match command {
            Command::AttestUnchanged(items) => {
                self.expect(&[Phase::Open])?;
                let tick = |(item, seen): (ObjectRef, String)| -> Result<(ObjectRef, Tick), Refusal> {
                    let tick = self.tick(context, &item, seen, &by, TickSaid::Unchanged)?;
                    Ok((item, tick))
                };
                let items: Vec<_> = items.into_iter().map(tick).collect::<Result<_, Refusal>>()?;
                if items.is_empty() { Err(Refusal::NoSuchItem) } else { Ok(Event::Ticked { by, at, items }) }
            }
            Command::Confirm { item, seen } => {
                self.expect(&[Phase::Open])?;
                let tick = self.tick(context, &item, seen, &by, TickSaid::Confirmed)?;
                Ok(Event::Ticked { by, at, items: vec![(item, tick)] })
            }
            Command::NeedsChange { item, seen, words, leads_to } => {
                self.expect(&[Phase::Open])?;
                let said = TickSaid::NeedsChange { words: said(words)?, leads_to };
                let tick = self.tick(context, &item, seen, &by, said)?;
                Ok(Event::Ticked { by, at, items: vec![(item, tick)] })
            }
            Command::Untick(item) => {
                self.expect(&[Phase::Open])?;
                if !self.ticks.contains_key(&item) {
                    return Err(Refusal::NoSuchItem);
                }
                Ok(Event::Unticked { by, at, item })
            }
            Command::Ask { item, whom, question } => {
                self.expect(&[Phase::Open])?;
                self.item(context, &item)?;
                Ok(Event::Asked { by, at, item, whom, question: said(question)? })
            }
            Command::Answer { question, words } => {
                self.expect(&[Phase::Open])?;
                if !self.open_questions().any(|it| it.number == question) {
                    return Err(Refusal::NoSuchItem);
                }
                Ok(Event::Answered { by, at, question, words: said(words)? })
            }
            Command::Settle { carried, how } => {
                self.expect(&[Phase::Open])?;
                let about = context.difference.carried.iter().find(|it| it.key() == carried);
                let seen = about.ok_or(Refusal::NoSuchItem)?.sentence();
                let how = match how {
                    Settlement::Stands(words) => Settlement::Stands(said(words)?),
                    again @ Settlement::Again(_) => again,
                };
                Ok(Event::Settled { by, at, carried, seen, how })
            }
            Command::AnswerElement { element, confirmed, words, model_said } => {
                self.expect(&[Phase::Open])?;
                let said = Said { by: by.clone(), confirmed, words: said(words)?, model_said };
                Ok(Event::ElementAnswered { by, at, element, said })
            }
            Command::Sign { shown, snapshot, account, method, comment } => {
                self.sign(by, context, Proof { shown, snapshot, account, method, comment })
            }
            Command::Refuse { reason, items } => {
                self.expect(&[Phase::Open, Phase::Signing])?;
                self.signer(&by)?;
                Ok(Event::Refused { by, at, reason: said(reason)?, items })
            }
            Command::AnswerRefusal { words } => {
                self.expect(&[Phase::Open])?;
                self.open_refusal().ok_or(Refusal::NoSuchItem)?;
                Ok(Event::RefusalAnswered { by, at, words: said(words)? })
            }
            Command::Supersede { signature, reason } => {
                self.expect(&[Phase::Signing, Phase::Sealed])?;
                self.signer(&by)?;
                if !self.signatures.iter().any(|it| it.hash == signature) {
                    return Err(Refusal::NoSuchItem);
                }
                Ok(Event::Superseded { by, at, signature, reason: said(reason)? })
            }
            Command::Withdraw { reason } => {
                self.expect(&[Phase::Open, Phase::Signing])?;
                Ok(Event::Withdrawn { by, at, reason: said(reason)? })
            }
            Command::Seal { .. } | Command::Observe => Err(Refusal::Phase(self.phase)),
        }
    }

    fn sign(&self, by: PersonId, context: &Context<'_>, proof: Proof) -> Result<Event, Refusal> {
        self.expect(&[Phase::Open, Phase::Signing])?;
        let signer = self.signer(&by)?;
        if signer.account.as_ref().is_some_and(|it| *it != proof.account) {
            return Err(Refusal::OtherAccount);
        }
        let signed = |person: &PersonId| self.signatures.iter().any(|it| it.signer == *person);
        if signed(&by) {
            return Err(Refusal::SignedAlready);
        }
        if signer.part == Part::Approves {
            if self.needs_second_person() && self.authors.contains(&by) {
                return Err(Refusal::OwnReview);
            }
            let mut attest = self.opening.signers.iter().filter(|it| it.part == Part::Attests);
            if !attest.all(|it| signed(&it.person)) {
                return Err(Refusal::OthersFirst);
            }
        }
        let open = gates(self, context.difference, context.health);
        if !open.is_empty() {
            return Err(Refusal::Gates(open));
        }
        if proof.shown != self.content_hash(context.difference) {
            return Err(Refusal::OtherContent);
        }
        match wrong(&proof.comment) {
            None | Some(FieldCode::Missing) => {}
            Some(code) => return Err(Refusal::Words(code)),
        }
        let last = self.history.iter().rev().find_map(|event| match event {
            Event::Signed { signature } => Some(signature.hash.clone()),
            _ => None,
        });
        let signature = Signature {
            review: self.key,
            snapshot: proof.snapshot,
            statement: self.opening.statement.clone(),
            shown: proof.shown,
            signer: by,
            account: proof.account,
            part: signer.part,
            role: signer.role.clone(),
            method: proof.method,
            at: context.now,
            comment: proof.comment,
            previous: last.unwrap_or_else(|| GENESIS.to_owned()),
            hash: String::new(),
        };
        Ok(Event::Signed { signature: signature.hashed() })
    }

    fn signer(&self, by: &PersonId) -> Result<&super::Signer, Refusal> {
        self.opening.signers.iter().find(|it| it.person == *by).ok_or(Refusal::NotASigner)
    }

    fn item<'c>(&self, context: &Context<'c>, item: &ObjectRef) -> Result<&'c Item, Refusal> {
        context.difference.items.get(item).ok_or(Refusal::NoSuchItem)
    }

    fn tick(
        &self,
        context: &Context<'_>,
        item: &ObjectRef,
        seen: String,
        by: &PersonId,
        said: TickSaid,
    ) -> Result<Tick, Refusal> {
        let item = self.item(context, item)?;
        if item.fingerprint != seen || (said == TickSaid::Unchanged && !item.is_unchanged()) {
            return Err(Refusal::Changed);
        }
        Ok(Tick { by: by.clone(), at: context.now, seen, said })
    }

    fn expect(&self, possible: &[Phase]) -> Result<(), Refusal> {
        if possible.contains(&self.phase) { Ok(()) } else { Err(Refusal::Phase(self.phase)) }
    }
}

/// What a signer brings.
struct Proof {
    shown: String,
    snapshot: String,
    account: AccountId,
    method: String,
    comment: String,
}

fn person(actor: &Actor) -> Result<&PersonId, Refusal> {
    match actor {
        Actor::Member { person, role } if may_review(*role) => Ok(person),
        Actor::Member { .. } => Err(Refusal::Role),
        Actor::Token | Actor::Clock => Err(Refusal::NoPerson),
    }
}

fn said(words: String) -> Result<String, Refusal> {
    match wrong(&words) {
        None => Ok(words),
        Some(FieldCode::Missing) => Err(Refusal::NoWords),
        Some(code) => Err(Refusal::Words(code)),
    }
}
