//! After a change, looking only where something was touched finds what looking everywhere finds.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::findings::answers::{Answer, Answers, answers_of, with_answer};
use domain::findings::evaluation::Difference;
use domain::findings::survey::{Survey, Wiring};
use domain::findings::{Course, Evaluation, Finding, Findings, Identity};
use domain::model::Model;
use domain::model::fact::Fact;
use domain::model::object::{Object, ObjectKind, ObjectRef};
use domain::model::reader::read_json;
use domain::scope::compute;
use domain::time::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

const SAMPLE: &[u8] = include_bytes!("../data/sample.json");

/// One change of a model, by places in the lists of its objects.
#[derive(Debug, Clone)]
enum Change {
    /// An object goes.
    Remove(Index),
    /// An object becomes what another one of its kind is, but for its key.
    Become(Index, Index),
    /// An object says something, or no longer says anything.
    Say(Index, &'static str, Option<Value>),
    /// An object is called something else.
    Rename(Index),
    /// Days go by.
    Wait(u16),
    /// Somebody answers a question, for good or for so many days.
    Answer(Index, bool, Option<u16>),
}

/// Facts that rules read, with values that make them fire and values that do not.
fn facts() -> Vec<(&'static str, Value)> {
    vec![
        ("owner", json!("ciso")),
        ("config_standard", json!("standard")),
        ("internet_egress", json!(true)),
        ("declared_category", json!("out_of_scope")),
        ("last_scan", json!("2026-08-22")),
        ("access_review", json!("2026-05-20")),
        ("bespoke", json!(true)),
        ("payment_stage", json!(["refund"])),
        ("payment_channel", json!(["e_commerce"])),
        ("tls_version", json!("tls1.0")),
        ("net", json!("open")),
        ("echo_of", json!("psp-log")),
        ("human", json!(true)),
        ("signature", json!("hmac")),
        ("interactive", json!(true)),
        ("enabled", json!(false)),
        ("last_rotated", json!("2026-09-01")),
        ("rotate_days", json!(90)),
        ("exception", json!({"reason": "test", "until": "2026-11-25", "approved_by": "ciso"})),
        ("kind", json!("wireless")),
        ("failure_alert", json!(false)),
        ("remote_access", json!("always_on")),
        ("on_tpsp_list", json!(false)),
        ("aoc_expires", json!("2026-11-30")),
        ("agreement_ref", json!("AG-1")),
        ("storage_form", json!("clear")),
        ("expires", json!("2026-11-22")),
        ("system", json!("web")),
        ("page", json!("checkout-page")),
        ("authorised_by", json!("ciso")),
        ("restore_tested_at", json!("2026-01-01")),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        2 => any::<Index>().prop_map(Change::Remove),
        3 => (any::<Index>(), any::<Index>()).prop_map(|(one, other)| Change::Become(one, other)),
        6 => (any::<Index>(), select(facts()), any::<bool>())
            .prop_map(|(object, (name, value), there)| Change::Say(object, name, there.then_some(value))),
        1 => any::<Index>().prop_map(Change::Rename),
        1 => (1_u16..400).prop_map(Change::Wait),
        3 => (any::<Index>(), any::<bool>(), proptest::option::of(0_u16..200))
            .prop_map(|(question, satisfied, days)| Change::Answer(question, satisfied, days)),
    ]
}

/// The object with the key of another one.
fn with_key_of(object: &Object, other: &Object) -> Option<Object> {
    use std::sync::Arc;
    Some(match (object, other) {
        (Object::System(it), Object::System(like)) => {
            Object::System(Arc::new(domain::model::system::System { id: it.id.clone(), ..(**like).clone() }))
        }
        (Object::Flow(it), Object::Flow(like)) => {
            Object::Flow(Arc::new(domain::model::flow::Flow { id: it.id.clone(), ..(**like).clone() }))
        }
        (Object::Credential(it), Object::Credential(like)) => {
            let like = (**like).clone();
            Object::Credential(Arc::new(domain::model::credential::Credential { id: it.id.clone(), ..like }))
        }
        (Object::Control(it), Object::Control(like)) => {
            Object::Control(Arc::new(domain::model::segment::Control { id: it.id.clone(), ..(**like).clone() }))
        }
        (Object::Segment(it), Object::Segment(like)) => {
            Object::Segment(Arc::new(domain::model::segment::Segment { id: it.id.clone(), ..(**like).clone() }))
        }
        (Object::Link(it), Object::Link(like)) => {
            Object::Link(Arc::new(domain::model::segment::Link { key: it.key.clone(), ..(**like).clone() }))
        }
        (Object::Vendor(it), Object::Vendor(like)) => {
            Object::Vendor(Arc::new(domain::model::party::Vendor { id: it.id.clone(), ..(**like).clone() }))
        }
        _ => return None,
    })
}

/// The model and the instant after a change.
fn carried_out(model: &Model, now: Timestamp, change: &Change) -> (Model, Timestamp) {
    let objects: Vec<Object> = model.objects().collect();
    let mut changed = model.clone();
    let mut now = now;
    match change {
        Change::Remove(place) => changed.remove(&place.get(&objects).reference()),
        Change::Become(place, other) => {
            let object = place.get(&objects);
            let same: Vec<&Object> =
                objects.iter().filter(|it| it.reference().kind() == object.reference().kind()).collect();
            let other = same[other.index(same.len())];
            changed.put(with_key_of(object, other).unwrap_or_else(|| object.clone()));
        }
        Change::Say(place, name, value) => {
            let mut object = place.get(&objects).clone();
            let everything = object.reference() == ObjectRef::Settings;
            if let Some(facts) = object.facts_mut().filter(|_| !everything) {
                match value {
                    Some(value) => drop(facts.insert((*name).to_owned(), Fact::of(value.clone()))),
                    None => drop(facts.remove(*name)),
                }
                changed.put(object);
            }
        }
        Change::Rename(place) => {
            if let Object::System(system) = place.get(&objects) {
                let system = domain::model::system::System { name: "New name".to_owned(), ..(**system).clone() };
                changed.put(Object::System(Arc::new(system)));
            }
        }
        Change::Answer(place, satisfied, days) => {
            let scope = compute(model);
            let questions = Course::of(&Survey::of(model, &scope, now)).findings().questions.clone();
            if !questions.is_empty() {
                let question = place.get(&questions).identity();
                let valid_until = days.map(|days| now.day().plus_days(i32::from(days)));
                let answer =
                    Answer { satisfied: *satisfied, valid_until, evidence: "the report".to_owned(), facts: None };
                let object = model.get(&question.subject);
                let answered = object.and_then(|object| with_answer(object, &question, Some(&answer)));
                answered.into_iter().for_each(|object| changed.put(object));
            }
        }
        Change::Wait(days) => now = now.plus_seconds(i64::from(*days) * 86_400),
    }
    (changed.as_of(now.day()), now)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn incremental_equals_full(changes in vec(change(), 1..6)) {
        let (model, _) = read_json(SAMPLE).unwrap();
        let mut now = model.settings.as_of.start();
        let mut model = model.as_of(now.day());
        let mut scope = compute(&model);
        let mut wiring = Wiring::of(&model);
        let mut evaluation = Evaluation::of(&Survey::of(&model, &scope, now));
        let mut course = Course::of(&Survey::of(&model, &scope, now));
        for change in &changes {
            let (next, later) = carried_out(&model, now, change);
            let next_scope = compute(&next);
            let next_wiring = wiring.after(&model, &next);
            let before = Survey::wired(&model, &scope, now, &wiring);
            let after = Survey::wired(&next, &next_scope, later, &next_wiring);
            evaluation.update(&before, &after);
            let full = Evaluation::of(&Survey::of(&next, &next_scope, later));
            let answers = Answers::new();
            let (one, other) = (evaluation.findings(&after, &answers), full.findings(&after, &answers));
            for (found, expected) in one.findings.iter().zip(&other.findings) {
                prop_assert_eq!(found, expected, "after {:?}", change);
            }
            prop_assert_eq!(&one, &other, "after {:?}", change);
            prop_assert_eq!(&evaluation, &full, "after {:?}", change);
            let (was, difference) = (Arc::clone(course.findings()), course.difference(&before, &after));
            course = course.onward(&before, &after);
            let expected = full.findings(&after, &answers_of(&next));
            prop_assert_eq!(&**course.findings(), &expected, "after {:?}", change);
            let identities = |found: &Findings| -> BTreeSet<Identity> {
                found.findings.iter().map(Finding::identity).collect()
            };
            let (was, is) = (identities(&was), identities(&expected));
            let gone: BTreeSet<Identity> = was.difference(&is).cloned().collect();
            let new: BTreeSet<Identity> = is.difference(&was).cloned().collect();
            prop_assert_eq!(difference, Difference { gone, new }, "after {:?}", change);
            (model, scope, now, wiring) = (next, next_scope, later, next_wiring);
        }
    }

    #[test]
    fn nothing_changes_before_the_instant_that_is_named(days in 0_i32..900) {
        let (model, _) = read_json(SAMPLE).unwrap();
        let now = model.settings.as_of.start();
        let scope = compute(&model);
        let evaluation = Evaluation::of(&Survey::of(&model, &scope, now));
        let later = model.settings.as_of.plus_days(days).start();
        let same = evaluation.next_change().is_none_or(|next| later < next);
        let found = |at: Timestamp| {
            let survey = Survey::of(&model, &scope, at);
            let found = Evaluation::of(&survey).findings(&survey, &Answers::new());
            let identities = |list: &[Finding]| list.iter().map(|it| it.identity()).collect::<Vec<_>>();
            (identities(&found.findings), identities(&found.questions), identities(&found.health))
        };
        if same {
            prop_assert_eq!(found(now), found(later));
        }
    }
}

#[test]
fn the_sample_has_objects_of_every_kind_that_rules_look_at() {
    let (model, _) = read_json(SAMPLE).unwrap();
    let kinds: Vec<ObjectKind> = model.objects().map(|it| it.reference().kind()).collect();
    for kind in [ObjectKind::System, ObjectKind::Flow, ObjectKind::Credential, ObjectKind::Key, ObjectKind::Control] {
        assert!(kinds.contains(&kind), "{kind}");
    }
}
