//! What a review does, step by step.

use std::collections::BTreeMap;

use super::command::may_review;
use super::*;
use crate::id::AccountId;
use crate::problem::{FieldCode, Problem};
use crate::review::covered::Cover;
use crate::review::difference::Carried;
use crate::review::gate::{GateKind, gates};
use crate::review::kind::ReviewKind;
use crate::review::open::OpenReview;
use crate::risk::{Level, RiskKey};
use crate::role::Role;
use crate::time::Day;

/// An item that is unchanged where `version` is 0.
pub(super) fn item(key: &str, version: u32) -> Item {
    let object = ObjectRef::System(key.into());
    let base = (version == 0).then_some(SealKey(1));
    let fingerprint = format!("{key}-{version}");
    let (lines, parts) = (Vec::new(), BTreeSet::new());
    Item { name: key.to_owned(), object, base, lines, category: None, parts, fingerprint }
}

pub(super) fn difference(items: &[(&str, u32)]) -> Difference {
    let items: BTreeMap<_, _> =
        items.iter().map(|(key, version)| item(key, *version)).map(|it| (it.object.clone(), it)).collect();
    Difference { items, ..Difference::default() }
}

pub(super) fn opening(kind: ReviewKind, signers: &[(&str, Part)], four_eyes: bool) -> Opening {
    let signer = |(person, part): &(&str, Part)| Signer {
        person: (*person).into(),
        part: *part,
        role: "Lead".to_owned(),
        account: None,
    };
    Opening {
        name: "2026-Q4".to_owned(),
        cover: Cover::all(kind),
        schedule: None,
        trigger: String::new(),
        due: Day(20_800),
        statement: "Everything is as it should be.".to_owned(),
        signers: signers.iter().map(signer).collect(),
        four_eyes,
    }
}

pub(super) fn member(person: &str) -> Actor {
    Actor::Member { person: person.into(), role: Role::Reviewer }
}

fn started(signers: &[(&str, Part)], four_eyes: bool) -> Session {
    let event = open(opening(ReviewKind::Integrations, signers, four_eyes), &member("lead"), Timestamp(0))
        .unwrap_or_else(|it| panic!("{it}"));
    Session::replay(ReviewKey(1), &[event]).unwrap_or_else(|| panic!("no start"))
}

fn object(key: &str) -> ObjectRef {
    ObjectRef::System(key.into())
}

fn attest(items: &[&str]) -> Command {
    Command::AttestUnchanged(items.iter().map(|key| (object(key), format!("{key}-0"))).collect())
}

fn sign(session: &Session, now: &Difference) -> Command {
    Command::Sign {
        shown: session.content_hash(now),
        snapshot: "ab".repeat(32),
        account: AccountId::new("a-1"),
        method: "password, code".to_owned(),
        comment: String::new(),
    }
}

/// Carries a command out.
fn go(session: &mut Session, who: &str, command: Command, now: &Difference) -> Result<(), Refusal> {
    let context = Context { now: Timestamp(1), difference: now, health: &[] };
    for event in session.decide(command, &member(who), &context)? {
        session.apply(&event);
    }
    Ok(())
}

#[test]
fn an_unchanged_quarter_is_attested_at_once_and_signed() {
    let (mut it, now) = (started(&[("lead", Part::Attests)], false), difference(&[("a", 0), ("b", 0)]));
    assert_eq!(go(&mut it, "lead", attest(&["a", "b"]), &now), Ok(()));
    assert_eq!(it.progress(&now).done, 2);
    let command = sign(&it, &now);
    assert_eq!(go(&mut it, "lead", command, &now), Ok(()));
    assert_eq!(it.phase(), Phase::Signed);
    let signature = &it.signatures()[0];
    assert_eq!((signature.hash.clone(), signature.part), (signature.computed_hash(), Part::Attests));
    let seal = Command::Seal { seal: SealKey(1), hash: "cd".repeat(32) };
    assert_eq!(go(&mut it, "lead", seal, &now), Ok(()));
    assert_eq!((it.phase(), it.seals()), (Phase::Sealed, &[SealKey(1)][..]));
    assert_eq!(Session::replay(it.key, &it.history), Some(it.clone()));
}

#[test]
fn what_changed_is_not_attested_in_bulk_but_confirmed_or_changed() {
    let (mut it, now) = (started(&[("lead", Part::Attests)], false), difference(&[("a", 1)]));
    let bulk = Command::AttestUnchanged(vec![(object("a"), "a-1".to_owned())]);
    assert_eq!(go(&mut it, "lead", bulk, &now), Err(Refusal::Changed));
    let stale = Command::Confirm { item: object("a"), seen: "a-0".to_owned() };
    assert_eq!(go(&mut it, "lead", stale, &now), Err(Refusal::Changed));
    let change = |words: &str| Command::NeedsChange {
        item: object("a"),
        seen: "a-1".to_owned(),
        words: words.to_owned(),
        leads_to: LeadsTo::Task { who: "dev".into(), due: Day(20_900) },
    };
    assert_eq!(go(&mut it, "lead", change(" "), &now), Err(Refusal::NoWords));
    assert_eq!(go(&mut it, "lead", change("Drop the field"), &now), Ok(()));
    assert_eq!(gates(&it, &now, &[]), []);
}

#[test]
fn a_tick_whose_object_changes_falls_off_and_blocks_the_signature() {
    let (mut it, now) = (started(&[("lead", Part::Attests)], false), difference(&[("a", 0), ("b", 0)]));
    assert_eq!(go(&mut it, "lead", attest(&["a", "b"]), &now), Ok(()));
    let later = difference(&[("a", 0), ("b", 2)]);
    let command = sign(&it, &later);
    let Err(Refusal::Gates(open)) = go(&mut it, "lead", command, &later) else { panic!("it was signed") };
    assert_eq!(
        open.iter().map(|it| (it.kind, it.object.clone())).collect::<Vec<_>>(),
        [(GateKind::FellOff, Some(object("b")))]
    );
    let context = Context { now: Timestamp(2), difference: &later, health: &[] };
    let noted = it.decide(Command::Observe, &Actor::Clock, &context);
    let Ok(noted) = noted else { panic!("{noted:?}") };
    assert!(
        matches!(&noted[..], [Event::FellOff { items, .. }] if items[0].item == object("b") && items[0].by == "lead".into())
    );
    noted.iter().for_each(|event| it.apply(event));
    assert_eq!(it.decide(Command::Observe, &Actor::Clock, &context), Ok(Vec::new()), "it is noted once");
    assert_eq!((it.progress(&later).fell_off, it.progress(&later).done), (1, 1));
    let again = Command::Confirm { item: object("b"), seen: "b-2".to_owned() };
    assert_eq!(go(&mut it, "lead", again, &later), Ok(()));
    assert_eq!(gates(&it, &later, &[]), []);
}

#[test]
fn who_approves_has_decided_nothing_and_signs_last() {
    let (mut it, now) = (started(&[("lead", Part::Attests), ("boss", Part::Approves)], true), difference(&[("a", 0)]));
    assert_eq!(go(&mut it, "lead", attest(&["a"]), &now), Ok(()));
    let command = sign(&it, &now);
    assert_eq!(go(&mut it, "other", command.clone(), &now), Err(Refusal::NotASigner));
    assert_eq!(go(&mut it, "boss", command.clone(), &now), Err(Refusal::OthersFirst));
    assert_eq!(go(&mut it, "lead", command.clone(), &now), Ok(()));
    assert_eq!(it.phase(), Phase::Signing);
    assert_eq!(go(&mut it, "lead", command.clone(), &now), Err(Refusal::SignedAlready));
    assert_eq!(go(&mut it, "boss", command, &now), Ok(()));
    assert_eq!(it.phase(), Phase::Signed);
    assert_eq!(it.signatures()[1].previous, it.signatures()[0].hash);

    let mut own = started(&[("boss", Part::Approves)], true);
    assert_eq!(go(&mut own, "boss", attest(&["a"]), &now), Ok(()));
    let command = sign(&own, &now);
    assert_eq!(go(&mut own, "boss", command, &now), Err(Refusal::OwnReview));
}

#[test]
fn a_refusal_opens_the_review_again_until_it_is_answered() {
    let (mut it, now) = (started(&[("lead", Part::Attests), ("boss", Part::Approves)], false), difference(&[("a", 0)]));
    assert_eq!(go(&mut it, "lead", attest(&["a"]), &now), Ok(()));
    let command = sign(&it, &now);
    assert_eq!(go(&mut it, "lead", command, &now), Ok(()));
    let refuse = Command::Refuse { reason: "The owner of a left".to_owned(), items: [object("a")].into() };
    assert_eq!(go(&mut it, "boss", refuse, &now), Ok(()));
    assert_eq!((it.phase(), it.signatures().len(), it.superseded().len()), (Phase::Open, 0, 1));
    let kinds: Vec<GateKind> = gates(&it, &now, &[]).iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [GateKind::OpenItem, GateKind::Refusal]);
    assert_eq!(go(&mut it, "lead", attest(&["a"]), &now), Ok(()));
    assert_eq!(go(&mut it, "lead", Command::AnswerRefusal { words: "There is a new one".to_owned() }, &now), Ok(()));
    let command = sign(&it, &now);
    assert_eq!(go(&mut it, "lead", command, &now), Ok(()));
    assert_eq!(it.signatures()[0].previous, it.superseded()[0].0.hash, "superseded signatures stay in the chain");
}

#[test]
fn a_wrong_signature_is_superseded_and_stays_readable() {
    let (mut it, now) = (started(&[("lead", Part::Attests)], false), difference(&[("a", 0)]));
    assert_eq!(go(&mut it, "lead", attest(&["a"]), &now), Ok(()));
    let command = sign(&it, &now);
    assert_eq!(go(&mut it, "lead", command, &now), Ok(()));
    assert_eq!(go(&mut it, "lead", Command::Seal { seal: SealKey(4), hash: String::new() }, &now), Ok(()));
    let wrong = it.signatures()[0].hash.clone();
    let supersede = Command::Supersede { signature: wrong.clone(), reason: "Signed the wrong quarter".to_owned() };
    assert_eq!(go(&mut it, "other", supersede.clone(), &now), Err(Refusal::NotASigner));
    assert_eq!(go(&mut it, "lead", supersede, &now), Ok(()));
    assert_eq!((it.phase(), it.superseded()[0].0.hash.clone(), it.seals()), (Phase::Open, wrong, &[SealKey(4)][..]));
}

#[test]
fn questions_and_carried_decisions_block_until_they_are_settled() {
    let (mut it, mut now) = (started(&[("lead", Part::Attests)], false), difference(&[("a", 0)]));
    now.carried.push(Carried::ProofExpired {
        object: ObjectRef::Control("fw".into()),
        name: "Firewall".to_owned(),
        until: Day(1),
    });
    assert_eq!(go(&mut it, "lead", attest(&["a"]), &now), Ok(()));
    let ask = Command::Ask { item: object("a"), whom: "dev".into(), question: "Is it still used?".to_owned() };
    assert_eq!(go(&mut it, "lead", ask, &now), Ok(()));
    let kinds: Vec<GateKind> = gates(&it, &now, &[]).iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [GateKind::Question, GateKind::Carried]);
    assert_eq!(go(&mut it, "dev", Command::Answer { question: 1, words: "Yes".to_owned() }, &now), Ok(()));
    let settle = |how| Command::Settle { carried: "proof:control:fw".to_owned(), how };
    assert_eq!(go(&mut it, "lead", settle(Settlement::Stands(String::new())), &now), Err(Refusal::NoWords));
    assert_eq!(go(&mut it, "lead", settle(Settlement::Stands("Tested tomorrow".to_owned())), &now), Ok(()));
    assert_eq!(gates(&it, &now, &[]), []);
}

#[test]
fn the_scope_needs_seven_answers_and_somebody_who_approves() {
    let no_approver = opening(ReviewKind::Scope, &[("lead", Part::Attests)], false);
    assert_eq!(open(no_approver, &member("lead"), Timestamp(0)), Err(Refusal::NoApprover));
    let whole = opening(ReviewKind::Scope, &[("lead", Part::Attests), ("boss", Part::Approves)], false);
    let Ok(first) = open(whole, &member("lead"), Timestamp(0)) else { panic!("refused") };
    let Some(mut it) = Session::replay(ReviewKey(1), &[first]) else { panic!("no start") };
    let now = difference(&[("a", 0)]);
    assert_eq!(gates(&it, &now, &[]).iter().filter(|it| it.kind == GateKind::Element).count(), 7);
    for element in Element::ALL {
        let (words, model_said) = ("Yes, see the facts".to_owned(), String::new());
        let answer = Command::AnswerElement { element: *element, confirmed: true, words, model_said };
        assert_eq!(go(&mut it, "lead", answer, &now), Ok(()));
    }
    assert_eq!(gates(&it, &now, &[]).iter().filter(|it| it.kind == GateKind::Element).count(), 0);
}

#[test]
fn what_was_settled_is_open_again_when_it_says_something_else() {
    let moved = |after| Carried::RiskMoved {
        risk: RiskKey(1),
        title: "Skimming".to_owned(),
        before: Some(Level::Low),
        after: Some(after),
    };
    let (mut it, mut now) = (started(&[("lead", Part::Attests)], false), difference(&[("a", 0)]));
    now.carried.push(moved(Level::High));
    assert_eq!(go(&mut it, "lead", attest(&["a"]), &now), Ok(()));
    let settle = Command::Settle { carried: "risk:R-1".to_owned(), how: Settlement::Stands("It is known".to_owned()) };
    assert_eq!(go(&mut it, "lead", settle, &now), Ok(()));
    let (shown, command) = (it.content_hash(&now), sign(&it, &now));
    assert_eq!(go(&mut it, "lead", command, &now), Ok(()));
    now.carried = vec![moved(Level::VeryHigh)];
    let kinds: Vec<GateKind> = gates(&it, &now, &[]).iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [GateKind::Carried]);
    assert_ne!(it.content_hash(&now), shown);
    let context = Context { now: Timestamp(2), difference: &now, health: &[] };
    assert_eq!(it.decide(Command::Observe, &Actor::Clock, &context), Ok(vec![Event::Voided { at: Timestamp(2) }]));
}

#[test]
fn an_answer_counts_while_the_model_says_what_it_said() {
    let whole = opening(ReviewKind::Scope, &[("lead", Part::Attests), ("boss", Part::Approves)], false);
    let Ok(first) = open(whole, &member("lead"), Timestamp(0)) else { panic!("refused") };
    let Some(mut it) = Session::replay(ReviewKey(1), &[first]) else { panic!("no start") };
    let mut now = difference(&[("a", 0)]);
    now.elements = BTreeMap::from([(Element::Flows, "Flows: 1.".to_owned())]);
    let (words, model_said) = ("All of them".to_owned(), "Flows: 1.".to_owned());
    let answer = Command::AnswerElement { element: Element::Flows, confirmed: true, words, model_said };
    assert_eq!(go(&mut it, "lead", answer, &now), Ok(()));
    assert!(it.is_answered(Element::Flows, &now));
    now.elements = BTreeMap::from([(Element::Flows, "Flows: 2.".to_owned())]);
    assert!(!it.is_answered(Element::Flows, &now));
    let open = gates(&it, &now, &[]);
    let about = open.iter().find(|it| it.about == "flows").map(|it| it.sentence.as_str());
    assert!(about.is_some_and(|it| it.starts_with("The model says something else")), "{open:?}");
}

#[test]
fn nobody_signs_for_a_person_whom_they_were_linked_to_afterwards() {
    let mut of_lead = opening(ReviewKind::Integrations, &[("lead", Part::Attests)], false);
    of_lead.signers[0].account = Some(AccountId::new("a-2"));
    let Ok(first) = open(of_lead, &member("lead"), Timestamp(0)) else { panic!("refused") };
    let Some(mut it) = Session::replay(ReviewKey(1), &[first]) else { panic!("no start") };
    let now = difference(&[("a", 0)]);
    assert_eq!(go(&mut it, "lead", attest(&["a"]), &now), Ok(()));
    let by_other = sign(&it, &now);
    assert_eq!(go(&mut it, "lead", by_other.clone(), &now), Err(Refusal::OtherAccount));
    let Command::Sign { shown, snapshot, method, comment, .. } = by_other else { panic!("no signature") };
    let own = Command::Sign { shown, snapshot, account: AccountId::new("a-2"), method, comment };
    assert_eq!(go(&mut it, "lead", own, &now), Ok(()));
    assert_eq!(it.signatures()[0].account, AccountId::new("a-2"));
}

#[test]
fn what_waits_for_whom_is_told_until_it_is_over() {
    let mut it = started(&[("lead", Part::Attests), ("head", Part::Approves)], false);
    let now = difference(&[("a", 0)]);
    let waits = |it: &Session| {
        let open = OpenReview::of(it)?;
        let keys = |all: Vec<PersonId>| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        Some((keys(open.next.clone()), keys(open.who()), open.void))
    };
    let is = |next: &str, who: &str, void| Some((next.to_owned(), who.to_owned(), void));
    assert_eq!(waits(&it), is("lead", "lead head", 0));
    let ask = Command::Ask { item: object("a"), whom: "dev".into(), question: "Since when?".to_owned() };
    assert_eq!(go(&mut it, "lead", ask, &now), Ok(()));
    assert_eq!(waits(&it), is("lead", "lead head dev", 0));
    let answer = Command::Answer { question: 1, words: "Since May.".to_owned() };
    assert_eq!(go(&mut it, "dev", answer, &now), Ok(()));
    assert_eq!(go(&mut it, "lead", attest(&["a"]), &now), Ok(()));
    let command = sign(&it, &now);
    assert_eq!(go(&mut it, "lead", command, &now), Ok(()));
    assert_eq!(waits(&it), is("head", "head", 0));
    it.apply(&Event::Voided { at: Timestamp(2) });
    assert_eq!(waits(&it), is("lead", "lead head", 1));
    it.apply(&Event::Withdrawn { by: "lead".into(), at: Timestamp(3), reason: "Another one covers it.".to_owned() });
    assert_eq!(waits(&it), None);
}

#[test]
fn only_who_may_review_takes_part() {
    let it = started(&[("lead", Part::Attests)], false);
    let now = difference(&[("a", 0)]);
    let context = Context { now: Timestamp(1), difference: &now, health: &[] };
    let viewer = Actor::Member { person: "lead".into(), role: Role::Viewer };
    assert_eq!(it.decide(attest(&["a"]), &viewer, &context), Err(Refusal::Role));
    assert_eq!(it.decide(attest(&["a"]), &Actor::Token, &context), Err(Refusal::NoPerson));
    assert!(may_review(Role::Reviewer) && !may_review(Role::Auditor));
    let twice = opening(ReviewKind::Integrations, &[("lead", Part::Attests), ("lead", Part::Approves)], true);
    assert_eq!(open(twice, &member("lead"), Timestamp(0)), Err(Refusal::SignerTwice));
    assert_eq!(Problem::from(Refusal::Gates(Vec::new())), Problem::field("step", FieldCode::GateOpen));
}
