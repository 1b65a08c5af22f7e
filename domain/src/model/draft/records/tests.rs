//! Records through their forms.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::model::fact::{Fact, attributes_of, has_own_page};
use crate::model::reader::read_json;
use crate::model::relations::{ControlStatus, Privilege};
use crate::model::sample::sample;
use crate::time::Day;
use serde_json::json;

fn form(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn today() -> Day {
    "2026-11-21".parse().unwrap()
}

fn shop() -> Model {
    let mut model = Model::default();
    sample(today()).into_iter().for_each(|object| model.put(object));
    model.settings.as_of = today();
    model
}

fn errors(result: Result<Object, Vec<FieldError>>) -> Vec<(String, FieldCode)> {
    result.unwrap_err().into_iter().map(|error| (error.field, error.code)).collect()
}

fn code(field: &str, code: FieldCode) -> (String, FieldCode) {
    (field.to_owned(), code)
}

#[test]
fn every_record_of_the_sample_survives_the_way_through_its_form() {
    let model = shop();
    let mut seen = std::collections::BTreeSet::new();
    for object in model.objects() {
        let written = record_to_form(&object);
        if written.is_empty() {
            continue;
        }
        let kind = object.reference().kind();
        seen.insert(kind);
        let read = record_from_form(kind, &written, Some(&object), &model);
        assert_eq!(read.as_ref(), Ok(&object), "{kind} {written:?}");
        // What is not posted stays.
        assert_eq!(record_from_form(kind, &[], Some(&object), &model), Ok(object));
    }
    assert!(seen.len() >= 8, "{seen:?}");
}

#[test]
fn every_registered_fact_without_a_page_of_its_own_is_read_from_its_form() {
    let model = shop();
    for kind in [
        ObjectKind::Segment,
        ObjectKind::Control,
        ObjectKind::Key,
        ObjectKind::Credential,
        ObjectKind::Vendor,
        ObjectKind::Connector,
        ObjectKind::Certificate,
        ObjectKind::TokenDomain,
        ObjectKind::ElementPolicy,
        ObjectKind::Page,
        ObjectKind::Script,
        ObjectKind::AccessGroup,
    ] {
        let plain = record_from_form(kind, &form(&[("name", "One")]), None, &model).unwrap();
        for attribute in attributes_of(kind).filter(|it| !has_own_page(it)) {
            let facts = Facts::from([(attribute.name.to_owned(), Fact::of(json!("not a value of it")))]);
            let mut with = plain.clone();
            *with.facts_mut().unwrap() = facts;
            let written = record_to_form(&with);
            assert!(written.iter().any(|(name, _)| *name == format!("fact.{}", attribute.name)), "{}", attribute.name);
        }
    }
}

#[test]
fn a_segment_needs_a_name_and_nothing_else() {
    let made = record_from_form(ObjectKind::Segment, &form(&[("name", "Card zone")]), None, &shop()).unwrap();
    assert_eq!(made.reference().key(), "card-zone");
    let nameless = record_from_form(ObjectKind::Segment, &form(&[("trust", "cosy")]), None, &shop());
    assert_eq!(errors(nameless), [code("name", FieldCode::Missing), code("trust", FieldCode::NotInList)]);
}

#[test]
fn a_link_joins_two_segments_that_no_link_joins_yet() {
    let model = read_json(
        br#"{"segments":[{"id":"a"},{"id":"b"},{"id":"c"}],"segment_links":[{"a":"b","b":"a","policy":"open"}]}"#,
    )
    .unwrap()
    .0;
    let link = |a: &str, b: &str| record_from_form(ObjectKind::Link, &form(&[("a", a), ("b", b)]), None, &model);
    assert_eq!(link("c", "a").unwrap().reference().key(), "a/c");
    assert_eq!(errors(link("a", "b")), [code("b", FieldCode::LinkExists)]);
    assert_eq!(errors(link("a", "a")), [code("b", FieldCode::SameSegment)]);
    assert_eq!(errors(link("", "x")), [code("a", FieldCode::Missing), code("b", FieldCode::NoSuchObject)]);
}

#[test]
fn that_a_control_failed_is_said_and_taken_back() {
    let model = shop();
    let control = Object::Control(model.controls.values().next().unwrap().clone());
    let status = |failed: &str, from: &Object| match record_from_form(
        ObjectKind::Control,
        &form(&[("failed", failed)]),
        Some(from),
        &model,
    ) {
        Ok(Object::Control(it)) => (it.status, Object::Control(it)),
        other => panic!("{other:?}"),
    };
    let (failed, object) = status("yes", &control);
    assert_eq!(failed, ControlStatus::Failed);
    assert_eq!(status("no", &object).0, ControlStatus::Unverified);
}

#[test]
fn several_systems_are_ticked_or_written_and_all_must_exist() {
    let model = read_json(br#"{"systems":[{"id":"a"},{"id":"b;c"}]}"#).unwrap().0;
    let holders = |values: &[&str]| {
        let mut form = form(&[("name", "K")]);
        form.extend(values.iter().map(|value| ("holders".to_owned(), (*value).to_owned())));
        match record_from_form(ObjectKind::Key, &form, None, &model) {
            Ok(Object::Key(key)) => Ok(key.holders.iter().map(ToString::to_string).collect::<Vec<_>>()),
            other => Err(errors(other)),
        }
    };
    assert_eq!(holders(&["", "b;c", "a"]), Ok(vec!["a".to_owned(), "b;c".to_owned()]));
    assert_eq!(holders(&[" a ; a"]), Ok(vec!["a".to_owned()]));
    assert_eq!(holders(&["a; z"]), Err(vec![code("holders", FieldCode::NoSuchObject)]));
}

#[test]
fn grants_are_rows_and_a_row_without_a_system_is_gone() {
    let model = read_json(
        br#"{"systems":[{"id":"a"},{"id":"b"}],
            "credentials":[{"id":"c","grants":[{"on":"a","priv":"admin"},{"on":"b","priv":"act","action":["refund"]}]}]}"#,
    )
    .unwrap()
    .0;
    let before = Object::Credential(model.credentials["c"].clone());
    let rows = form(&[("grants", ""), ("grant.0.on", ""), ("grant.1.on", "b"), ("grant.1.priv", "read")]);
    let Ok(Object::Credential(after)) = record_from_form(ObjectKind::Credential, &rows, Some(&before), &model) else {
        panic!("the form is right")
    };
    let [grant] = after.grants.as_slice() else { panic!("{after:?}") };
    assert_eq!((grant.on.as_str(), grant.privilege, grant.action.len()), ("b", Privilege::Read, 1));
    let wrong = form(&[("grants", ""), ("grant.0.on", "z"), ("grant.0.action", "fly"), ("grant.0.priv", "x")]);
    let expected = [
        code("grant.0.on", FieldCode::NoSuchObject),
        code("grant.0.action", FieldCode::NotInList),
        code("grant.0.priv", FieldCode::NotInList),
    ];
    assert_eq!(errors(record_from_form(ObjectKind::Credential, &wrong, Some(&before), &model)), expected);
}

#[test]
fn a_decision_says_why_and_until_when_and_is_approved_again_after_a_change() {
    let model = shop();
    let system = model.systems.keys().next().unwrap().to_string();
    let bare = record_from_form(ObjectKind::Override, &form(&[("system", &system)]), None, &model);
    let expected = [code("justification", FieldCode::TooShort(20)), code("expires", FieldCode::Missing)];
    let mut found = errors(bare);
    found.sort_by_key(|(field, _)| std::cmp::Reverse(field.clone()));
    assert_eq!(found, expected);
    let right = [("system", system.as_str()), ("justification", "A firewall of its own."), ("expires", "2027-11-21")];
    let Ok(Object::Override(made)) = record_from_form(ObjectKind::Override, &form(&right), None, &model) else {
        panic!("the form is right")
    };
    assert_eq!((made.decided_at, made.key.system.as_str()), (Some(today()), system.as_str()));
    let late = [("system", system.as_str()), ("justification", "A firewall of its own."), ("expires", "2027-11-22")];
    let late = record_from_form(ObjectKind::Override, &form(&late), None, &model);
    assert_eq!(errors(late), [code("expires", FieldCode::NotWithinAYear)]);
    let mut approved = (*made).clone();
    approved.approver = Some("lead".to_owned());
    let approved = Object::Override(std::sync::Arc::new(approved));
    let same = record_from_form(ObjectKind::Override, &record_to_form(&approved), Some(&approved), &model);
    assert_eq!(same, Ok(approved.clone()));
    let changed = form(&[("category", "connected_to")]);
    let Ok(Object::Override(changed)) = record_from_form(ObjectKind::Override, &changed, Some(&approved), &model)
    else {
        panic!("the form is right")
    };
    assert_eq!(changed.approver, None);
}

#[test]
fn a_card_number_is_refused_and_a_kind_without_a_form_too() {
    let card = form(&[("name", "Gateway"), ("fact.contact", "4242 4242 4242 4242")]);
    assert_eq!(
        errors(record_from_form(ObjectKind::Vendor, &card, None, &shop())),
        [code("fact.contact", FieldCode::CardNumber)]
    );
    let other = record_from_form(ObjectKind::System, &form(&[("name", "Till")]), None, &shop());
    assert_eq!(errors(other), [code("form", FieldCode::UnknownField)]);
}

#[test]
fn what_is_written_on_pages_of_its_own_is_in_no_form() {
    let model = shop();
    let name = ("name".to_owned(), "Card service".to_owned());
    let new = record_from_form(ObjectKind::Vendor, std::slice::from_ref(&name), None, &model).unwrap();
    let mut with = new.clone();
    let value = serde_json::json!([{ "gate": "onboarding", "item": "identity", "done_at": "2026-01-01" }]);
    with.facts_mut().unwrap().insert("checkpoints".to_owned(), Fact::of(value.clone()));
    assert_eq!(record_to_form(&with), record_to_form(&new));
    let forged = [name, ("fact.checkpoints".to_owned(), value.to_string())];
    assert_eq!(record_from_form(ObjectKind::Vendor, &forged, Some(&new), &model).as_ref(), Ok(&new));
    assert_eq!(record_from_form(ObjectKind::Vendor, &record_to_form(&new), Some(&with), &model).as_ref(), Ok(&with));
}
