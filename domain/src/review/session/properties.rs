//! Whatever people do, in whatever order, and whatever changes meanwhile: the promises of a signature hold.

use proptest::prelude::*;

use super::tests::{difference, member, opening};
use super::*;
use crate::id::AccountId;
use crate::review::difference::Carried;
use crate::review::gate::gates;
use crate::review::kind::ReviewKind;
use crate::time::Day;

const ITEMS: [&str; 3] = ["a", "b", "c"];
const PEOPLE: [&str; 4] = ["lead", "second", "boss", "other"];

/// What may happen next.
#[derive(Debug, Clone)]
enum Step {
    Do(usize, Deed),
    /// An item becomes another version; 0 is unchanged.
    Change(usize, u32),
    /// An item comes or goes.
    Toggle(usize),
    /// A decision of before no longer holds, or holds again.
    Carry(bool),
    /// Time goes by; the job that notes it may run.
    Tick,
}

#[derive(Debug, Clone)]
enum Deed {
    AttestAll,
    Confirm(usize),
    NeedsChange(usize),
    Untick(usize),
    Ask(usize),
    Answer(u32),
    Settle,
    /// Signs what is there, or what was there before.
    Sign(bool),
    Refuse(usize),
    AnswerRefusal,
    Seal,
    Supersede,
}

fn steps() -> impl Strategy<Value = Step> {
    let deed = prop_oneof![
        4 => Just(Deed::AttestAll),
        4 => (0..ITEMS.len()).prop_map(Deed::Confirm),
        1 => (0..ITEMS.len()).prop_map(Deed::NeedsChange),
        1 => (0..ITEMS.len()).prop_map(Deed::Untick),
        1 => (0..ITEMS.len()).prop_map(Deed::Ask),
        2 => (1u32..4).prop_map(Deed::Answer),
        1 => Just(Deed::Settle),
        8 => proptest::bool::weighted(0.8).prop_map(Deed::Sign),
        1 => (0..ITEMS.len()).prop_map(Deed::Refuse),
        1 => Just(Deed::AnswerRefusal),
        2 => Just(Deed::Seal),
        1 => Just(Deed::Supersede),
    ];
    prop_oneof![
        12 => (0..PEOPLE.len(), deed).prop_map(|(who, deed)| Step::Do(who, deed)),
        1 => (0..ITEMS.len(), 0u32..3).prop_map(|(item, version)| Step::Change(item, version)),
        1 => (0..ITEMS.len()).prop_map(Step::Toggle),
        1 => any::<bool>().prop_map(Step::Carry),
        1 => Just(Step::Tick),
    ]
}

fn command(deed: &Deed, it: &Session, now: &Difference, shown_before: &str) -> Command {
    let object = |number: usize| ObjectRef::System(ITEMS[number].into());
    let seen = |number: usize| now.items.get(&object(number)).map(|it| it.fingerprint.clone()).unwrap_or_default();
    match deed {
        Deed::AttestAll => {
            Command::AttestUnchanged(now.unchanged().map(|it| (it.object.clone(), it.fingerprint.clone())).collect())
        }
        Deed::Confirm(item) => Command::Confirm { item: object(*item), seen: seen(*item) },
        Deed::NeedsChange(item) => Command::NeedsChange {
            item: object(*item),
            seen: seen(*item),
            words: "Drop it".to_owned(),
            leads_to: LeadsTo::Proposal("P-1".to_owned()),
        },
        Deed::Untick(item) => Command::Untick(object(*item)),
        Deed::Ask(item) => Command::Ask { item: object(*item), whom: "other".into(), question: "Why?".to_owned() },
        Deed::Answer(question) => Command::Answer { question: *question, words: "So".to_owned() },
        Deed::Settle => Command::Settle {
            carried: "proof:control:fw".to_owned(),
            how: Settlement::Stands("It is tested tomorrow".to_owned()),
        },
        Deed::Sign(current) => Command::Sign {
            shown: if *current { it.content_hash(now) } else { shown_before.to_owned() },
            snapshot: "ab".repeat(32),
            account: AccountId::new("a-1"),
            method: "password".to_owned(),
            comment: String::new(),
        },
        Deed::Refuse(item) => Command::Refuse { reason: "No".to_owned(), items: [object(*item)].into() },
        Deed::AnswerRefusal => Command::AnswerRefusal { words: "Done".to_owned() },
        Deed::Seal => Command::Seal { seal: SealKey(1), hash: String::new() },
        Deed::Supersede => Command::Supersede {
            signature: it.signatures().first().map(|it| it.hash.clone()).unwrap_or_default(),
            reason: "Wrong".to_owned(),
        },
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn nobody_signs_over_an_open_gate_or_who_is_not_named_or_what_they_decided_themselves(
        script in proptest::collection::vec(steps(), 1..60), four_eyes in any::<bool>(),
    ) {
        let signers = [("lead", Part::Attests), ("second", Part::Attests), ("boss", Part::Approves)];
        let named: BTreeSet<PersonId> = signers.iter().map(|it| it.0.into()).collect();
        let first = open(opening(ReviewKind::Integrations, &signers, four_eyes), &member("lead"), Timestamp(0))
            .map_err(|it| TestCaseError::fail(it.to_string()))?;
        let mut it = Session::replay(ReviewKey(1), &[first]).ok_or_else(|| TestCaseError::fail("no start"))?;
        let mut versions = [0u32, 0, 1];
        let mut there = [true, true, true];
        let mut carry = false;
        let mut shown_before = String::new();
        for (clock, step) in script.into_iter().enumerate() {
            let mut to_do = None;
            match step {
                Step::Change(item, version) => versions[item] = version,
                Step::Toggle(item) => there[item] = !there[item],
                Step::Carry(now) => carry = now,
                Step::Tick => to_do = Some((Command::Observe, Actor::Clock)),
                Step::Do(who, deed) => {
                    let command = command(&deed, &it, &now(versions, there, carry), &shown_before);
                    to_do = Some((command, member(PEOPLE[who])));
                }
            }
            let now = now(versions, there, carry);
            let context = Context {
                now: Timestamp(i64::try_from(clock).unwrap_or_default()), difference: &now, health: &[],
            };
            let before = it.clone();
            shown_before = it.content_hash(&now);
            if let Some((command, actor)) = to_do
                && let Ok(events) = it.decide(command, &actor, &context)
            {
                for event in &events {
                    if let Event::Signed { signature } = event {
                        // On what is there now, with nothing open, by somebody who was named, once.
                        prop_assert!(gates(&it, &now, &[]).is_empty(), "{:?}", gates(&it, &now, &[]));
                        prop_assert!(named.contains(&signature.signer));
                        prop_assert!(!it.signatures().iter().any(|other| other.signer == signature.signer));
                        prop_assert_eq!(&signature.shown, &it.content_hash(&now));
                        prop_assert_eq!(&signature.hash, &signature.computed_hash());
                        if signature.part == Part::Approves {
                            prop_assert!(!four_eyes || !it.authors().contains(&signature.signer));
                            prop_assert_eq!(it.signatures().len(), 2);
                        }
                    }
                    it.apply(event);
                }
            }
            // What counts is signed over one and the same content.
            let shown: BTreeSet<&String> = it.signatures().iter().map(|it| &it.shown).collect();
            prop_assert!(shown.len() <= 1);
            if matches!(it.phase(), Phase::Signed | Phase::Sealed) {
                prop_assert_eq!(it.signatures().len(), signers.len());
            }
            // No signature ever goes away.
            let all = |it: &Session| it.signatures().len() + it.superseded().len();
            prop_assert!(all(&it) >= all(&before));
            prop_assert_eq!(Session::replay(it.key, &it.history), Some(it.clone()));
        }
    }
}

fn now(versions: [u32; 3], there: [bool; 3], carry: bool) -> Difference {
    let items: Vec<(&str, u32)> =
        (0..ITEMS.len()).filter(|it| there[*it]).map(|it| (ITEMS[it], versions[it])).collect();
    let mut now = difference(&items);
    if carry {
        let (object, name) = (ObjectRef::Control("fw".into()), "Firewall".to_owned());
        now.carried.push(Carried::ProofExpired { object, name, until: Day(1) });
    }
    now
}
