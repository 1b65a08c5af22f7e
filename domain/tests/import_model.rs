//! Model files: what is refused and with which sentence, and that export and import are each other's inverse.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use domain::export::model_file::to_json;
use domain::import::{Choices, Format, Limits, Reading, Rejection, plan, preview, read};
use domain::model::Model;
use domain::model::fact::Fact;
use domain::model::object::Object;
use domain::model::reader::{read_json, read_yaml};
use domain::model::sample::sample;
use domain::model::system::System;
use domain::time::Day;

fn refused(name: &str, text: &str) -> Vec<String> {
    read(name, text.as_bytes(), &Limits::browser()).unwrap_err().iter().map(Rejection::to_string).collect()
}

fn reading(name: &str, text: &str) -> Reading {
    read(name, text.as_bytes(), &Limits::browser()).unwrap()
}

fn imported(model: &Model, reading: &Reading) -> Model {
    let mut model = model.clone();
    for object in plan(reading, &model, &Choices::default()).unwrap() {
        model.put(object);
    }
    model
}

fn sample_model() -> Model {
    let mut model = Model::default();
    for object in sample(Day::from_ymd(2026, 11, 21).unwrap()) {
        model.put(object);
    }
    model
}

#[test]
fn a_dangling_flow_is_refused_with_file_line_field_and_remedy() {
    let text = "{\"systems\": [\n  {\"id\": \"a\"}],\n \"flows\": [\n  {\"id\": \"x\", \"from\": \"a\",\n   \"to\": \"nowhere\"}]}";
    let expected = "line 5, field \"flows[0].to\": \"x\" refers to a system that does not exist: \"nowhere\"; \
                    add the system to the file or correct its id.";
    assert_eq!(refused("shop.json", text), [format!("shop.json, {expected}")]);
    let text = "systems:\n  - id: a\nflows:\n  - id: x\n    to: nowhere\n    from: a\n";
    assert_eq!(refused("shop.yaml", text), [format!("shop.yaml, {expected}")]);
}

#[test]
fn an_unknown_element_is_refused_with_its_line() {
    let text = "{\"systems\": [{\"id\": \"a\"}, {\"id\": \"b\"}],\n\"flows\": [{\"from\": \"a\", \"to\": \"b\",\n\"data\": [{\"element\": \"pan\"},\n{\"element\": \"card_no\"}]}]}";
    let sentences = refused("shop.json", text);
    assert_eq!(sentences.len(), 1);
    assert!(
        sentences[0].starts_with("shop.json, line 4, field \"flows[0].data[1].element\": \"f0\" names an element"),
        "{sentences:?}"
    );
    assert!(sentences[0].contains("such as pan, cardholder_name"), "{sentences:?}");
}

#[test]
fn everything_that_would_be_lost_is_refused_at_once() {
    let text = r#"{
      "systems": [
        {"id": "a", "kind": "toaster"},
        {"id": "a"},
        {"name": "nameless"},
        {"id": "b", "colour": "red"},
        {"id": "c", "manages": [{"target": "gone", "how": "admin"}]}
      ],
      "flows": [
        {"from": "a", "to": "b", "data": [{"element": "pan", "form": "shredded"}]},
        {"from": "a", "to": "gone"},
        {"id": "c", "from": "a", "to": "b", "credential": "gone"}
      ],
      "segment_links": [{"a": "s", "b": "s"}, {"a": "s", "b": "t", "control": "gone"}],
      "overrides": [{"system": "gone"}]
    }"#;
    let found = read("a.json", text.as_bytes(), &Limits::browser()).unwrap_err();
    let places: Vec<(Option<usize>, &str)> = found.iter().map(|it| (it.line, it.field.as_str())).collect();
    assert_eq!(
        places,
        [
            (Some(3), "systems[0].kind"),
            (Some(4), "systems[1].id"),
            (Some(5), "systems[2].id"),
            (Some(6), "systems[3].colour"),
            (Some(7), "systems[4].manages"),
            (Some(10), "flows[0].data[0].form"),
            (Some(11), "flows[1].to"),
            (Some(12), "flows[2].credential"),
            (Some(14), "segment_links[0]"),
            (Some(14), "segment_links[1].control"),
            (Some(15), "overrides[0].system"),
        ]
    );
}

#[test]
fn a_value_outside_its_list_and_a_wrong_type_are_refused_with_what_was_expected() {
    let sentences = refused("a.json", "{\"systems\": [\n{\"id\": \"a\",\n\"boundary\": \"ours\"}]}");
    assert!(sentences[0].starts_with("a.json, line 3, field \"systems[0].boundary\""), "{sentences:?}");
    assert!(sentences[0].contains("use one of own, third_party, external"), "{sentences:?}");
    let sentences = refused("a.yaml", "systems:\n- id: a\n  boundary: ours\n");
    assert!(sentences[0].starts_with("a.yaml, line 3, field \"systems[0].boundary\""), "{sentences:?}");
    assert!(sentences[0].contains("third_party"), "{sentences:?}");
    let sentences = refused("a.json", "{\"systems\": 3}");
    assert!(sentences[0].starts_with("a.json, line 1, field \"systems\""), "{sentences:?}");
    let sentences = refused("a.json", "{\"systems\": [{\"id\": \"a\",\n\"relay\": \"yes\"}]}");
    assert!(
        sentences[0].contains("line 2, field \"systems[0].relay\"") && sentences[0].ends_with("use true or false.")
    );
    let sentences = refused("a.json", "{\"systems\": [{\"id\": \"a\", }]}");
    assert!(sentences[0].contains("line 1"), "{sentences:?}");
}

#[test]
fn facts_are_checked_against_their_attribute() {
    let text = "{\"systems\": [{\"id\": \"a\",\n\"time_server\": \"perhaps\",\n\"last_scan\": \"soon\",\n\
                \"log_change_detection\": \"gone\", \"owner\": \"payments-lead\",\n\
                \"holdings\": [{\"element\": \"pan\", \"retention_days\": \"30\"}]}]}";
    let found = read("a.json", text.as_bytes(), &Limits::browser()).unwrap_err();
    let places: Vec<(Option<usize>, &str)> = found.iter().map(|it| (it.line, it.field.as_str())).collect();
    assert_eq!(
        places,
        [
            (Some(2), "systems[0].time_server"),
            (Some(3), "systems[0].last_scan"),
            (Some(4), "systems[0].log_change_detection"),
            (Some(5), "systems[0].holdings[0].retention_days"),
        ]
    );
    assert!(found[0].to_string().contains("write true or false"), "{}", found[0]);
}

#[test]
fn people_vendors_and_segments_that_a_file_names_are_created() {
    let file = reading(
        "a.json",
        r#"{"systems": [{"id": "a", "owner": "payments-lead", "vendor": "psp", "operated_by": "host", "segment": "web"}]}"#,
    );
    let model = imported(&Model::default(), &file);
    assert_eq!(model.people["payments-lead"].name, "payments-lead");
    assert_eq!(model.vendors.keys().map(ToString::to_string).collect::<Vec<_>>(), ["host", "psp"]);
    assert!(model.segments.contains_key("web"));
    assert_eq!(plan(&file, &model, &Choices::default()).unwrap(), []);
    let mut named = model.clone();
    let mut person = named.people["payments-lead"].as_ref().clone();
    person.name = "Payments lead".to_owned();
    named.put(Object::Person(Arc::new(person)));
    assert_eq!(plan(&file, &named, &Choices::default()).unwrap(), []);
}

#[test]
fn a_member_that_stands_twice_is_refused() {
    let sentences = refused("a.json", "{\"systems\": [{\"id\": \"a\",\n\"kind\": \"web\", \"kind\": \"api\"}]}");
    assert!(sentences[0].contains("line 2") && sentences[0].contains("\"kind\" stands twice"), "{sentences:?}");
    let sentences = refused("a.json", "{\"systems\": [{\"id\": \"a\", \"note\": \"x\", \"no\\u0074e\": \"y\"}]}");
    assert!(sentences[0].contains("\"note\" stands twice"), "{sentences:?}");
    assert!(!refused("a.yaml", "systems:\n- id: a\n  note: x\n  note: y\n").is_empty());
}

#[test]
fn aliases_and_deep_nesting_are_refused_before_they_are_read() {
    let bomb = "a: &a [x,x]\nb: &b [*a,*a]\nsystems: [*b,*b]\n";
    assert!(refused("a.yaml", bomb)[0].contains("line 1: the file uses an anchor or alias"));
    for text in [format!("{{\"systems\": {}", "[".repeat(100_000)), "[".repeat(100_000)] {
        assert!(refused("a.json", &text)[0].contains("nested more than 64 deep"));
        assert!(!refused("a.yaml", &text).is_empty());
    }
}

#[test]
fn a_card_number_in_a_model_file_is_refused_and_never_repeated() {
    for (name, text) in [
        ("a.json", "{\"systems\": [{\"id\": \"a\",\n\"note\": \"for 4111 1111 1111 1111\"}]}"),
        ("a.json", "{\"systems\": [{\"id\": \"a\",\n\"rto_minutes\": 4111111111111111}]}"),
        ("a.json", "{\"systems\": [{\"id\": \"a\",\n\"4111111111111111\": 1}]}"),
        ("a.json", "{\"systems\": [{\"id\": \"a\",\n\"kind\": \"4111111111111111\"}]}"),
        ("a.yaml", "systems:\n- id: a\n  note: 4111111111111111\n"),
        ("a.yaml", "systems:\n- id: a\n  4111111111111111: 1\n"),
        ("a.yaml", "systems:\n- id: a\n  kind: test_4035501428146300\n"),
    ] {
        let sentences = refused(name, text);
        let joined = sentences.join(" ");
        assert!(joined.contains("full card number") && joined.contains("line "), "{joined}");
        assert!(!joined.contains("1111") && !joined.contains("4035"), "{joined}");
    }
    // Syntax errors and doubles quote what they stumble over.
    for (name, text) in [
        ("a.yaml", "systems:\n- id: a\n  4111111111111111: 1\n  4111111111111111: 2\n"),
        ("a.json", "{\"systems\": [{\"id\": 4111111111111111"),
        ("4111111111111111.json", "{"),
    ] {
        let joined = refused(name, text).join(" ");
        assert!(!joined.contains("1111"), "{joined}");
    }
}

#[test]
fn a_file_that_is_wrong_throughout_lists_the_first_problems() {
    let flows: Vec<String> =
        (0..5000).map(|n| format!("{{\"id\": \"x{n}\", \"from\": \"a\", \"to\": \"b\"}}")).collect();
    let sentences = refused("a.json", &format!("{{\"flows\": [\n{}]}}", flows.join(",\n")));
    assert_eq!(sentences.len(), 201);
    assert!(sentences[0].starts_with("a.json, line 2, field \"flows[0].from\""), "{}", sentences[0]);
    assert!(sentences[200].contains("9800 more problems follow"), "{}", sentences[200]);
    let notes: Vec<String> = (0..5000).map(|_| "{\"note\": \"4111111111111111\"}".to_owned()).collect();
    let sentences = refused("a.json", &format!("{{\"systems\": [{}]}}", notes.join(",")));
    assert!(sentences.len() == 201 && sentences[200].contains("more problems follow"), "{}", sentences[200]);
}

#[test]
fn an_id_that_cannot_be_a_key_is_refused() {
    let long = "x".repeat(121);
    let sentences = refused("a.json", &format!("{{\"systems\": [\n{{\"id\": \"a\\nb\"}}, {{\"id\": \"{long}\"}}]}}"));
    assert_eq!(sentences.len(), 2, "{sentences:?}");
    assert!(sentences.iter().all(|it| it.contains("line 2") && it.contains("].id\"")), "{sentences:?}");
    let sentences = refused("a.json", "{\"systems\": [{\"id\": \"a\", \"name\": \"x\\u0000\"}]}");
    assert!(sentences[0].contains("NUL"), "{sentences:?}");
}

#[test]
fn another_kind_of_json_is_no_model_file() {
    let sentences = refused("api.json", "{\"openapi\": \"3.1.0\", \"paths\": {}}");
    assert!(sentences[0].contains("this is no model file"), "{sentences:?}");
    let sentences = refused("a.json", "{\"systems\": [],\n\"risks\": [1],\n\"flows\": [{\"from\": \"a\"}]}");
    assert!(
        sentences.iter().any(|it| it.starts_with("a.json, line 2, field \"risks\": the file has an attribute")),
        "{sentences:?}"
    );
    assert!(refused("a.json", "[]")[0].starts_with("a.json, line 1"));
    assert!(refused("a.json", "")[0].starts_with("a.json, line 1"));
    assert!(!refused("a.yaml", "").is_empty());
    assert_eq!(plan(&reading("a.json", "{}"), &Model::default(), &Choices::default()).unwrap(), []);
}

#[test]
fn a_file_without_settings_leaves_those_of_the_workspace() {
    let mut model = Model::default();
    model.settings.strict_flat = true;
    let budgets = Fact::of(serde_json::json!([{"function": "support", "max_actions": 1}]));
    model.settings.facts.insert("budgets".to_owned(), budgets.clone());
    model.settings.as_of = Day::from_ymd(2026, 11, 21).unwrap();
    let silent = reading("a.json", "{\"systems\": []}");
    assert_eq!(plan(&silent, &model, &Choices::default()).unwrap(), []);
    assert_eq!(plan(&Reading::from_json(&silent.to_json()).unwrap(), &model, &Choices::default()).unwrap(), []);
    let says = reading("a.json", "{\"settings\": {\"service_provider\": true, \"as_of\": \"2026-01-01\"}}");
    let after = imported(&model, &says);
    assert!(after.settings.service_provider && !after.settings.strict_flat);
    assert_eq!(after.settings.as_of, model.settings.as_of);
    assert_eq!(after.settings.facts["budgets"], budgets, "a fact that the file leaves out stays");
}

#[test]
fn what_nobody_said_about_a_connection_is_written_out() {
    let mut model = Model::default();
    for id in ["a", "b"] {
        model.put(Object::System(Arc::new(System::new(id.into(), id))));
    }
    let flow = domain::model::flow::Flow::new("f".into(), "a".into(), "b".into());
    model.put(Object::Flow(Arc::new(flow)));
    let text = to_json(&model);
    assert!(text.contains("\"encryption\": \"unknown\"") && text.contains("\"auth\": \"unknown\""), "{text}");
    assert_eq!(read_json(text.as_bytes()).unwrap().0, model);
}

#[test]
fn the_sample_estate_comes_back_from_its_file_and_imports_without_a_change() {
    let model = sample_model();
    let text = to_json(&model);
    assert_eq!(read_json(text.as_bytes()).unwrap(), (model.clone(), Vec::new()));
    assert_eq!(read_yaml(&text).unwrap().0, model);
    let file = reading("export.json", &text);
    assert_eq!(file.format(), Format::ModelJson);
    assert_eq!(plan(&file, &model, &Choices::default()).unwrap(), []);
    let it = preview(&file, &model, &Choices::default());
    assert_eq!((it.new, it.changed, it.rejected), (0, 0, 0));
    let mut copy = imported(&Model::default(), &file);
    copy.settings.as_of = model.settings.as_of;
    assert_eq!(copy, model);
    assert_eq!(Reading::from_json(&file.to_json()).unwrap(), file);
    for text in [domain::export::csv::systems(&model), domain::export::csv::flows(&model)] {
        assert_eq!(plan(&reading("a.csv", &text), &model, &Choices::default()).unwrap(), []);
    }
}

#[test]
fn objects_come_in_the_order_in_which_references_resolve() {
    let objects = plan(&reading("a.json", &to_json(&sample_model())), &Model::default(), &Choices::default()).unwrap();
    let kinds: Vec<_> = objects.iter().map(|it| it.reference().kind()).collect();
    let last_segment = kinds.iter().rposition(|it| *it == domain::model::object::ObjectKind::Segment).unwrap();
    let first_system = kinds.iter().position(|it| *it == domain::model::object::ObjectKind::System).unwrap();
    let first_flow = kinds.iter().position(|it| *it == domain::model::object::ObjectKind::Flow).unwrap();
    assert!(last_segment < first_system && first_system < first_flow);
    let import =
        domain::command::Command::Import { source: "a".to_owned(), objects, seen: domain::command::Revision(0) };
    assert!(Model::default().apply(&import, |_| None).is_ok());
}
