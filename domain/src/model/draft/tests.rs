//! Forms as a page posts them.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::id::{ElementId, SegmentId, SystemId};
use crate::model::Model;
use crate::model::element::{Form as ElementForm, Holding, Op};
use crate::model::fact::{Fact, attribute};
use crate::model::flow::{Flow, WireName};
use crate::model::object::ObjectKind;
use crate::model::relations::{Encryption, Exposure, How};
use crate::model::segment::Segment;
use crate::model::system::{ManageTarget, Manages, System};
use crate::problem::{FieldCode, FieldError};
use crate::time::Day;

fn form(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Two systems `web` and `order` in a segment `dmz`.
fn model() -> Model {
    let mut model = Model::default();
    for key in ["web", "order"] {
        model.systems.insert(SystemId::new(key), Arc::new(System::new(SystemId::new(key), key)));
    }
    model.segments.insert(SegmentId::new("dmz"), Arc::new(Segment::new(SegmentId::new("dmz"), "DMZ")));
    model
}

fn errors<T: std::fmt::Debug>(result: Result<T, Vec<FieldError>>) -> Vec<(String, FieldCode)> {
    result.unwrap_err().into_iter().map(|error| (error.field, error.code)).collect()
}

#[test]
fn a_new_system_gets_a_key_from_its_name_that_nobody_has() {
    let made = |name: &str| system_from_form(&form(&[("name", name)]), None, &model()).unwrap().id;
    assert_eq!(made("Checkout  Service").as_str(), "checkout-service");
    assert_eq!(made("Web").as_str(), "web-2");
    assert_eq!(made("***").as_str(), "system");
    let given = system_from_form(&form(&[("id", "web"), ("name", "Web")]), None, &model());
    assert_eq!(errors(given), [("id".to_owned(), FieldCode::Taken)]);
}

#[test]
fn a_new_flow_is_called_after_its_ends_and_name_or_protocol() {
    let made = |last: (&str, &str)| {
        let form = form(&[("from", "web"), ("to", "order"), last]);
        flow_from_form(&form, None, &model()).unwrap().id
    };
    assert_eq!(made(("protocol", "https")).as_str(), "web-order-https");
    assert_eq!(made(("name", "Place order")).as_str(), "web-order-place-order");
    assert_eq!(made(("protocol", "unknown")).as_str(), "web-order");
    let mut taken = model();
    taken.flows.insert("web-order".into(), Arc::new(Flow::new("web-order".into(), "web".into(), "order".into())));
    let second = flow_from_form(&form(&[("from", "web"), ("to", "order")]), None, &taken).unwrap();
    assert_eq!(second.id.as_str(), "web-order-2");
}

#[test]
fn every_error_is_reported_with_its_field_in_the_order_of_the_form() {
    let long = "x".repeat(NAME_MAX + 1);
    let form = form(&[
        ("id", "a\nb"),
        ("name", &long),
        ("kind", "spaceship"),
        ("segment", "nowhere"),
        ("holding.0.element", "pan"),
        ("holding.0.records", "many"),
        ("holding.0.mask", "first six"),
        ("holding.2.element", "moon_phase"),
        ("holding.2.ops", "lose"),
        ("holding.2.key", "nobody"),
        ("rev", "7"),
    ]);
    assert_eq!(
        errors(system_from_form(&form, None, &model())),
        [
            ("id".to_owned(), FieldCode::ControlCharacter),
            ("name".to_owned(), FieldCode::TooLong(200)),
            ("kind".to_owned(), FieldCode::NotInList),
            ("segment".to_owned(), FieldCode::NoSuchObject),
            ("holding.0.records".to_owned(), FieldCode::NotANumber),
            ("holding.0.mask".to_owned(), FieldCode::NotAMask),
            ("holding.2.element".to_owned(), FieldCode::NotInList),
            ("holding.2.ops".to_owned(), FieldCode::NotInList),
            ("holding.2.key".to_owned(), FieldCode::NoSuchObject),
        ]
    );
}

#[test]
fn an_empty_form_lacks_what_nothing_can_stand_in_for() {
    assert_eq!(errors(system_from_form(&[], None, &model())), [("name".to_owned(), FieldCode::Missing)]);
    assert_eq!(
        errors(flow_from_form(&[], None, &model())),
        [("from".to_owned(), FieldCode::Missing), ("to".to_owned(), FieldCode::Missing)]
    );
}

#[test]
fn a_card_number_is_refused_in_every_field() {
    for field in ["name", "holding.0.mask", "holding.0.population", "id", "fact.note", "owner", "no_such_field"] {
        let form = form(&[("name", "Web"), ("holding.0.element", "pan"), (field, "4242 4242 4242 4242")]);
        assert_eq!(
            errors(system_from_form(&form, None, &model())),
            [(field.to_owned(), FieldCode::CardNumber)],
            "{field}"
        );
    }
}

#[test]
fn what_the_form_does_not_show_stays() {
    let mut system = System::new("web".into(), "Web");
    system.manages = vec![Manages { target: ManageTarget::System("order".into()), how: How::Deploy }];
    system.exposure = Some(Exposure::Internet);
    system.undeclared = true;
    let renamed = system_from_form(&form(&[("name", "Storefront"), ("id", "other")]), Some(&system), &model()).unwrap();
    assert_eq!(renamed, System { name: "Storefront".to_owned(), ..system });
}

#[test]
fn a_row_that_moved_up_keeps_what_belongs_to_its_element() {
    let mut system = System::new("web".into(), "Web");
    let mut last4 = Holding::new(ElementId::new("pan"), ElementForm::Truncated, &[Op::Store]);
    last4.live = false;
    system.holdings = vec![Holding::new(ElementId::new("pan"), ElementForm::Clear, &[Op::Process]), last4.clone()];
    let moved = form(&[("holding.0.element", "pan"), ("holding.0.form", "truncated")]);
    assert_eq!(system_from_form(&moved, Some(&system), &model()).unwrap().holdings, [last4.clone()]);
    let emptied = form(&[
        ("holding.0.element", ""),
        ("holding.0.form", "clear"),
        ("holding.1.element", "pan"),
        ("holding.1.form", "truncated"),
    ]);
    assert_eq!(system_from_form(&emptied, Some(&system), &model()).unwrap().holdings, [last4]);
}

#[test]
fn an_element_in_another_form_loses_what_belonged_to_the_old_one() {
    let mut system = System::new("web".into(), "Web");
    let mut token = Holding::new(ElementId::new("pan"), ElementForm::Tokenised, &[Op::Store]);
    token.domain = Some("gw".into());
    token.records = Some(7);
    system.holdings = vec![token];
    let clear = form(&[("holding.0.element", "pan"), ("holding.0.form", "clear")]);
    let after = &system_from_form(&clear, Some(&system), &model()).unwrap().holdings[0];
    assert_eq!((after.form, &after.domain, after.records), (ElementForm::Clear, &None, Some(7)));
}

#[test]
fn a_new_row_is_processed_on_a_system_and_transmitted_on_a_flow() {
    let row = form(&[("name", "Web"), ("holding.4.element", "pan_truncated")]);
    let system = system_from_form(&row, None, &model()).unwrap();
    let expected = Holding::new(ElementId::new("pan"), ElementForm::Truncated, &[Op::Process]);
    assert_eq!(system.holdings, [expected]);
    let row = form(&[("from", "web"), ("to", "order"), ("field.0.element", "expiry"), ("field.0.form", "encrypted")]);
    let flow = flow_from_form(&row, None, &model()).unwrap();
    assert_eq!(flow.fields, [Holding::new(ElementId::new("expiry"), ElementForm::Encrypted, &[Op::Transmit])]);
    assert_eq!(flow.encryption, Encryption::Unknown);
}

#[test]
fn a_mask_keeps_positions_only() {
    let masked = |mask: &str| {
        let row = form(&[("name", "W"), ("holding.0.element", "pan"), ("holding.0.mask", mask)]);
        system_from_form(&row, None, &model()).unwrap().holdings[0].mask.clone()
    };
    assert_eq!(masked("4111 11xx xxxx 1111").as_deref(), Some("dddddd******dddd"));
    assert_eq!(masked("••••1111").as_deref(), Some("****dddd"));
    assert_eq!(masked(" "), None);
}

#[test]
fn a_wire_name_waits_until_it_is_answered_or_dismissed() {
    let base = [("from", "web"), ("to", "order"), ("unrecognised", "card.num"), ("unrecognised", "memo")];
    let waiting = flow_from_form(&form(&base), None, &model()).unwrap();
    let name = |name: &str, dismissed| WireName { name: name.to_owned(), dismissed };
    assert_eq!(waiting.wire_names, [name("card.num", false), name("memo", false)]);
    let mut answered = base.to_vec();
    answered.extend([("field.0.element", "pan"), ("field.0.wire", "card.num"), ("dismissed", "memo")]);
    let flow = flow_from_form(&form(&answered), Some(&waiting), &model()).unwrap();
    assert_eq!(flow.wire_names, [name("memo", true)]);
    assert_eq!(flow.fields[0].facts["field_name"].text(), Some("card.num"));
}

#[test]
fn a_flow_to_itself_must_carry_something() {
    let empty = form(&[("from", "web"), ("to", "web")]);
    assert_eq!(errors(flow_from_form(&empty, None, &model())), [("to".to_owned(), FieldCode::SameSystem)]);
    let full = form(&[("from", "web"), ("to", "web"), ("field.0.element", "pan")]);
    assert!(flow_from_form(&full, None, &model()).is_ok());
}

#[test]
fn facts_are_read_by_their_type_and_refer_to_objects() {
    let wrong = form(&[
        ("name", "W"),
        ("owner", "nobody"),
        ("fact.reviewed_at", "yesterday"),
        ("fact.not_registered", "x"),
        ("fact.poi", "serial 7"),
        ("holding.0.element", "pan"),
        ("holding.0.fact.retention_days", "long"),
    ]);
    assert_eq!(
        errors(system_from_form(&wrong, None, &model())),
        [
            ("owner".to_owned(), FieldCode::NoSuchObject),
            ("fact.reviewed_at".to_owned(), FieldCode::NotADay),
            ("fact.poi".to_owned(), FieldCode::NotAStructure),
            ("holding.0.fact.retention_days".to_owned(), FieldCode::NotANumber),
        ]
    );
    let right =
        form(&[("from", "web"), ("to", "order"), ("fact.no_payment_fields", "yes"), ("fact.port", "443; 8443")]);
    let flow = flow_from_form(&right, None, &model()).unwrap();
    assert_eq!(flow.facts["no_payment_fields"], Fact::of(json!(true)));
    assert_eq!(flow.facts["port"], Fact::of(json!([443, 8443])));
}

#[test]
fn only_a_fact_with_a_new_value_forgets_who_stated_it() {
    let mut system = System::new("web".into(), "Web");
    for name in ["location", "product", "customer"] {
        let fact = Fact { source: Some("scan".to_owned()), ..Fact::of(json!("old")) };
        system.facts.insert(name.to_owned(), fact);
    }
    let posted = form(&[("fact.location", "old"), ("fact.product", "new"), ("fact.customer", "")]);
    let facts = system_from_form(&posted, Some(&system), &model()).unwrap().facts;
    assert_eq!(facts["location"], system.facts["location"]);
    assert_eq!(facts["product"], Fact::of(json!("new")));
    assert!(!facts.contains_key("customer"));
}

#[test]
fn the_options_of_a_model_are_its_objects() {
    let mut model = Model::default();
    for object in crate::model::sample::sample(Day::from_ymd(2026, 11, 21).unwrap()) {
        model.put(object);
    }
    let lanes: Vec<String> = options::segments(&model).into_iter().map(|(key, _)| key).collect();
    assert_eq!(lanes, ["internet", "dmz", "cde", "apps", "shared", "saas", "corp"]);
    assert_eq!(options::domains(&model), ["gw", "own"]);
    let owner = attribute(ObjectKind::System, "owner").unwrap();
    assert!(options::of_attribute(owner, &model).contains(&("ciso".to_owned(), "CISO".to_owned())));
    let tls = attribute(ObjectKind::Flow, "tls_version").unwrap();
    assert!(options::of_attribute(tls, &model).contains(&("tls1.2".to_owned(), "TLS 1.2".to_owned())));
}
