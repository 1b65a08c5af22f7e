#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use super::*;
use crate::import::Limits;
use crate::import::recogniser::recognise;
use crate::model::object::Object;
use crate::model::system::System;

const SPECIFICATION: &str = r#"{"openapi":"3.0.0","info":{"title":"Pay","version":"1"},"paths":{"/pay":{"post":{
    "requestBody":{"content":{"application/json":{"schema":{"type":"object","properties":{
        "card_number":{"type":"string"},"card":{"type":"object","properties":{"name":{"type":"string"}}}}}}}},
    "responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"type":"object","properties":{
        "last4":{"type":"string","maxLength":4}}}}}}}}}}}"#;

const TODAY: Day = Day(20_000);

fn read(name: &str, text: &str) -> Recognition {
    recognise(name, text.as_bytes(), &Limits::browser()).unwrap()
}

fn model() -> Model {
    let mut model = Model::default();
    for (key, name) in [("shop", "Web shop"), ("psp", "Provider")] {
        model.put(Object::System(Arc::new(System::new(key.into(), name))));
    }
    model
}

fn form(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn adopted(recognition: &Recognition, model: &Model, pairs: &[(&str, &str)]) -> Adopted {
    adopt(recognition, model, &Adoption::from_form(&form(pairs), recognition, model), TODAY).unwrap()
}

fn with(mut model: Model, flow: Flow) -> Model {
    model.put(Object::Flow(Arc::new(flow)));
    model
}

#[test]
fn what_is_sure_is_ticked_what_is_likely_is_asked_and_what_comes_back_is_another_part() {
    let it = read("pay.json", SPECIFICATION);
    let proposed = Adoption::proposed(&it);
    assert_eq!(proposed.part, Part::Requests);
    assert!(proposed.has_no_target());
    let groups = groups(&it, Part::Requests);
    let said: Vec<_> = groups.iter().map(|it| (it.key(), it.confidence, proposed.answer(it))).collect();
    assert_eq!(
        said,
        [
            ("pan:clear".to_owned(), Confidence::High, Answer::Yes),
            ("cardholder_name:clear".to_owned(), Confidence::Medium, Answer::LeaveOut),
        ]
    );
    let answers = super::groups(&it, Part::Answers);
    assert_eq!(answers.iter().map(Group::key).collect::<Vec<_>>(), ["pan:truncated"]);
}

#[test]
fn only_what_was_confirmed_is_part_of_the_flow() {
    let it = read("pay.json", SPECIFICATION);
    let ends = [("from", "Web shop"), ("to", "psp"), ("part", "requests"), ("shown", "requests")];
    let nothing = adopted(&it, &model(), &ends);
    assert!(nothing.flow.fields.is_empty() && nothing.flow.wire_names.is_empty() && nothing.flow.facts.is_empty());

    let mut all = ends.to_vec();
    all.extend([("take", "pan:clear"), ("ask.cardholder_name:clear", "later"), ("take", "loyalty:clear")]);
    let some = adopted(&it, &model(), &all);
    let [field] = some.flow.fields.as_slice() else { panic!("{:?}", some.flow) };
    assert_eq!((field.element.as_str(), field.form), ("pan", Form::Clear));
    let name = &field.facts[FIELD_NAME];
    assert_eq!((name.source.as_deref(), name.as_of), (Some("pay.json"), Some(TODAY)));
    assert_eq!(some.flow.wire_names.len(), 1);
    assert_eq!((some.flow.from.as_str(), some.flow.name.as_str()), ("shop", "Pay"));
    assert_eq!(some.flow.facts["seen_source"].text(), Some("pay.json"));
}

#[test]
fn the_same_answers_a_second_time_change_nothing() {
    let it = read("pay.json", SPECIFICATION);
    let answers = [
        ("from", "shop"),
        ("to", "psp"),
        ("part", "requests"),
        ("shown", "requests"),
        ("take", "pan:clear"),
        ("ask.cardholder_name:clear", "no"),
    ];
    let first = adopted(&it, &model(), &answers);
    assert_eq!(first.before, None);
    let again = adopted(&it, &with(model(), first.flow.clone()), &answers);
    assert_eq!(again.before.as_ref(), Some(&first.flow));
    assert_eq!(again.flow, first.flow);
    assert_eq!(again.effects[0], Effect::Seen { element: "pan".into(), form: Form::Clear });
}

#[test]
fn a_form_that_tells_more_than_the_declared_one_is_called_worse() {
    let it = read("pay.json", SPECIFICATION);
    let mut flow = Flow::new("f".into(), "shop".into(), "psp".into());
    flow.fields.push(Holding::new("pan".into(), Form::Truncated, &[Op::Transmit]));
    flow.fields.push(Holding::new("expiry".into(), Form::Clear, &[Op::Transmit]));
    let model = with(model(), flow);
    let it = adopted(&it, &model, &[("flow", "f"), ("part", "requests"), ("shown", "requests"), ("take", "pan:clear")]);
    assert!(
        matches!(&it.effects[..], [Effect::Added { worse, .. }] if *worse == [Form::Truncated]),
        "{:?}",
        it.effects
    );
    assert_eq!(it.flow.fields.len(), 3, "nothing that was declared is taken away");
    assert_eq!(it.not_in_file, [("expiry".into(), Form::Clear), ("pan".into(), Form::Truncated)]);
}

#[test]
fn another_part_than_the_one_that_was_shown_begins_with_what_is_sure_there() {
    let it = read("pay.json", SPECIFICATION);
    let said = form(&[("part", "answers"), ("shown", "requests"), ("take", "pan:clear")]);
    let adoption = Adoption::from_form(&said, &it, &model());
    assert_eq!(adoption.answers.keys().collect::<Vec<_>>(), ["pan:truncated"]);
}

#[test]
fn ends_that_are_missing_or_unknown_are_told_by_field() {
    let it = read("pay.json", SPECIFICATION);
    let said = |pairs: &[(&str, &str)]| {
        let adoption = Adoption::from_form(&form(pairs), &it, &model());
        let errors = adopt(&it, &model(), &adoption, TODAY).unwrap_err();
        errors.into_iter().map(|it| (it.field, it.code)).collect::<Vec<_>>()
    };
    assert_eq!(
        said(&[("from", "nobody")]),
        [("from".to_owned(), FieldCode::NoSuchObject), ("to".to_owned(), FieldCode::Missing)]
    );
    assert_eq!(said(&[("flow", "none")]), [("flow".to_owned(), FieldCode::NoSuchObject)]);
}

#[test]
fn a_sample_is_adopted_without_a_value_of_it() {
    let sample = r#"{"card":{"number":"4929341985721172","holder_name":"Ada"},"iban":"DE89370400440532013000"}"#;
    let it = read("sample.json", sample);
    let staged = it.to_json();
    for value in ["4929341985721172", "Ada", "DE89370400440532013000"] {
        assert!(!staged.contains(value), "{staged}");
    }
    assert_eq!(Recognition::from_json(&staged), Some(it));
    assert!(crate::import::Reading::from_json(&staged).is_err(), "it is no import");
}
