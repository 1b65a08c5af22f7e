//! Model files that nobody means well with: each gives gaps or an error with its place, and nothing ever panics.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fmt::Write as _;

use domain::blast::{self, Start};
use domain::id::SystemId;
use domain::model::Model;
use domain::model::element::Form;
use domain::model::file::{DEPTH_MAX, PARTS_MAX, TEXT_BYTES_MAX};
use domain::model::reader::{Gap, GapKind, ReadError, read_json, read_yaml};
use domain::scope::explain::explain;
use domain::scope::verdict::{Category, Scope};
use domain::scope::{compute, report};

/// What an accepted file gives after everything was asked of it: verdicts, sentences, reports and blast radii.
struct Judged {
    model: Model,
    gaps: Vec<Gap>,
    scope: Scope,
}

impl Judged {
    fn kinds(&self) -> Vec<GapKind> {
        self.gaps.iter().map(|gap| gap.kind).collect()
    }

    fn category(&self, id: &str) -> Category {
        self.scope.systems[id].category
    }
}

/// Asks everything of a file. For many systems sentences and radii are asked of the first and the last few.
fn judged(text: impl AsRef<[u8]>) -> Judged {
    let (model, gaps) = read_json(text.as_ref()).unwrap();
    let scope = compute(&model);
    assert_eq!(scope.systems.len(), model.systems.len());
    let written: serde_json::Value = serde_json::from_str(&report::json(&model, &scope, &gaps)).unwrap();
    assert_eq!(written["systems"].as_object().unwrap().len(), model.systems.len());
    assert!(report::table(&model, &scope, &gaps).lines().count() > model.systems.len());
    let few: Vec<&SystemId> = model.systems.keys().take(3).chain(model.systems.keys().rev().take(3)).collect();
    for id in few {
        assert!(!explain(&model, &scope, id).is_empty());
        let blast = blast::radius(&model, &scope, &Start::System { id: id.clone() }).unwrap();
        assert!(blast::report::blast_json(&blast).ends_with('\n'));
    }
    for id in model.credentials.keys().take(3) {
        assert!(blast::radius(&model, &scope, &Start::Credential { id: id.clone() }).is_ok());
    }
    assert!(blast::radius(&model, &scope, &Start::System { id: "no such system".into() }).is_err());
    Judged { model, gaps, scope }
}

fn refused(text: impl AsRef<[u8]>) -> ReadError {
    read_json(text.as_ref()).unwrap_err()
}

/// The members of a system, in a file of one system.
fn system(members: &str) -> String {
    format!("{{\"systems\":[\n{{\"id\":\"a\",{members}}}]}}")
}

fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

#[test]
fn an_empty_model_has_nothing_in_scope() {
    for text in ["{}", r#"{"systems":[],"flows":null}"#, r#"{"settings":null}"#] {
        let judged = judged(text);
        assert_eq!((judged.model.systems.len(), judged.gaps.len()), (0, 0));
    }
}

#[test]
fn what_is_no_object_is_refused() {
    for text in ["", " ", "[]", "null", "1", "\"systems\"", "{\"systems\":{}}", "{\"flows\":[null]}", "{\"flows\":[7]}"]
    {
        assert!(refused(text).line <= 1, "{text}");
    }
}

#[test]
fn a_file_that_breaks_off_is_refused_wherever_it_does() {
    let text = r#"{"systems":[{"id":"a\u00e9","holdings":[{"element":"pan","ops":["store"]}]}],"note":{"x":[1,-2]}}"#;
    judged(text);
    for end in 0..text.len() {
        refused(&text[..end]);
    }
    refused(format!("{text}}}"));
    refused(format!("{text} x"));
}

#[test]
fn text_that_is_not_utf_8_is_refused_with_its_place() {
    let error = refused(b"{\"systems\":[\n{\"id\":\"\xff\"}]}");
    assert_eq!((error.line, error.column, error.message.as_str()), (2, 8, "this is not UTF-8"));
    refused(b"\xff\xfe{\x00}\x00");
}

#[test]
fn half_a_surrogate_pair_is_refused() {
    refused(r#"{"systems":[{"id":"\ud800"}]}"#);
}

#[test]
fn brackets_may_be_nested_as_deep_as_the_bound_and_no_deeper() {
    judged(system(&format!("\"note\":{}", nested(DEPTH_MAX - 3))));
    let error = refused(system(&format!("\"note\":{}", nested(DEPTH_MAX - 2))));
    assert_eq!((error.line, error.message.as_str()), (2, "brackets are nested more than 64 deep"));
    for depth in [200, 100_000] {
        refused(system(&format!("\"note\":{}", nested(depth))));
        refused(system(&format!("\"holdings\":{}", nested(depth))));
        refused(nested(depth));
        refused(format!("{}1", "{\"a\":".repeat(depth)));
    }
}

#[test]
fn a_member_that_stands_twice_is_refused_at_every_level() {
    for text in [
        r#"{"systems":[],"systems":[]}"#.to_owned(),
        r#"{"made up":1,"made up":2}"#.to_owned(),
        system(r#""kind":"web","kind":"web""#),
        system(r#""note":"x","note":null"#),
        system(r#""made up":{"x":1,"x":1}"#),
        system(r#""holdings":[{"element":"pan","element":"pan"}]"#),
        system(r#""note":"x","fact_details":{"note":{"source":"y"},"note":{}}"#),
    ] {
        assert!(refused(&text).message.ends_with("stands twice in one object"), "{text}");
    }
}

#[test]
fn numbers_out_of_range_are_refused() {
    for number in ["-1", "1.5", "18446744073709551616", "1e999", "-1e999", "0x1", "NaN", "01", "1e", "true", "\"1\""] {
        let text = system(&format!("\"detect_minutes\":{number}"));
        assert_eq!(refused(&text).line, 2, "{number}");
    }
    judged(system("\"detect_minutes\":18446744073709551615"));
    refused(system("\"made up\":1e999"));
}

#[test]
fn the_largest_numbers_overflow_nothing() {
    let most = u64::MAX;
    let held = format!(r#"{{"element":"pan","records":{most}}},{{"element":"pan","records":{most},"population":"p"}}"#);
    judged(format!(
        r#"{{"systems":[{{"id":"a","detect_minutes":{most},"holdings":[{held}]}},{{"id":"b","holdings":[{held}]}}],
        "controls":[{{"id":"c","frequency_days":{most}}}],
        "credentials":[{{"id":"k","held_by":["a"],"ttl_minutes":{most},"grants":[{{"on":"b","priv":"admin"}}]}}],
        "flows":[{{"from":"a","to":"b","latency_seconds":{most},"data":[{held}]}},
                 {{"from":"b","to":"a","period_minutes":{most},"data":[{held}]}}]}}"#
    ));
}

#[test]
fn an_id_is_as_long_as_keys_may_be_and_no_longer() {
    judged(format!(r#"{{"systems":[{{"id":"{}"}}]}}"#, "é".repeat(120)));
    let error = refused(format!("{{\"systems\":[\n{{\"id\":\"{}\"}}]}}", "x".repeat(121)));
    assert_eq!((error.line, error.message.as_str()), (2, "an id is longer than 120 characters"));
}

#[test]
fn a_segment_that_is_only_referred_to_has_a_key_like_any_other() {
    let inside = |id: &str| format!("{{\"systems\": [\n{{\"id\": \"a\", \"segment\": \"{id}\"}}]}}");
    assert_eq!(judged(inside(&"s".repeat(120))).kinds(), []);
    let error = refused(inside(&"s".repeat(121)));
    assert_eq!((error.line, error.message.as_str()), (2, "an id is longer than 120 characters"));
}

#[test]
fn a_text_or_a_name_is_as_long_as_the_bound_and_no_longer() {
    for (before, after) in [("\"name\":\"", "\""), ("\"note\":\"", "\""), ("\"", "\":1"), ("\"note\":{\"", "\":1}")] {
        judged(system(&format!("{before}{}{after}", "x".repeat(TEXT_BYTES_MAX))));
        let error = refused(system(&format!("{before}{}{after}", "x".repeat(TEXT_BYTES_MAX + 1))));
        assert_eq!((error.line, error.message.as_str()), (2, "a text is longer than 32 KiB"));
    }
}

#[test]
fn a_list_of_one_object_is_as_long_as_the_bound_and_no_longer() {
    let controls = |count: usize| system(&format!("\"controls\":[{}\"x\"]", "\"x\",".repeat(count - 1)));
    judged(controls(PARTS_MAX));
    assert_eq!(refused(controls(PARTS_MAX + 1)).message, "`controls` has more than 100000 items");
}

#[test]
fn ids_may_have_quotes_line_breaks_and_anything_else() {
    let ids =
        ["\"", "a\nb", "\r\n", "\t", "<b>&amp;", "segment:x", "../..", "\u{202e}", "\u{0}", "{}", "'; --", "—", " "];
    let list = |members: &dyn Fn(&str) -> String| ids.map(|id| members(&serde_json::to_string(id).unwrap())).join(",");
    let systems = list(&|id| format!(r#"{{"id":{id},"name":{id},"segment":{id},"holdings":[{{"element":"pan"}}]}}"#));
    let flows = list(&|id| format!(r#"{{"id":{id},"from":{id},"to":"\"","data":[{{"element":"pan","key":{id}}}]}}"#));
    let judged = judged(format!(r#"{{"systems":[{systems}],"flows":[{flows}]}}"#));
    assert_eq!((judged.model.systems.len(), judged.model.flows.len()), (ids.len(), ids.len()));
    assert!(ids.iter().all(|id| judged.category(id) == Category::Cde));
    let table = report::table(&judged.model, &judged.scope, &judged.gaps);
    assert!(table.lines().take_while(|line| !line.is_empty()).count() == ids.len() + 1, "one line for each\n{table}");
}

#[test]
fn objects_without_an_id_are_left_out_with_a_gap() {
    let judged = judged(
        r#"{"systems":[{},{"id":""},{"id":null}],"keys":[{}],"credentials":[{"grants":[{}]}],"segments":[{}],
        "segment_links":[{}],"controls":[{}],"people":[{}],"vendors":[{}],"overrides":[{}],"flows":[{}],
        "certificates":[{}]}"#,
    );
    assert_eq!(judged.model.objects().count(), 1, "the settings alone");
    assert!(judged.kinds().iter().all(|kind| *kind == GapKind::MissingId));
    assert_eq!(judged.gaps.len(), 13);
}

#[test]
fn of_objects_with_the_same_id_the_last_one_counts_with_a_gap() {
    let text = r#"{"systems":[{"id":"b"},{"id":"a","name":"one"},{"id":"a","name":"other"}]}"#;
    let judged = judged(text);
    assert_eq!((judged.kinds(), judged.model.systems["a"].name.as_str()), (vec![GapKind::DuplicateId], "other"));
    assert_eq!(judged.gaps[0].place, "systems[2].id");
}

#[test]
fn a_form_outside_the_catalogue_is_unknown_and_counts() {
    let judged = judged(system(r#""holdings":[{"element":"pan","form":"smoke \" signals\n"}]"#));
    assert_eq!(judged.kinds(), [GapKind::UnknownForm]);
    assert_eq!(judged.model.systems["a"].holdings[0].form, Form::Unknown);
    assert_eq!(judged.category("a"), Category::Cde);
}

#[test]
fn an_element_outside_the_catalogue_is_a_gap() {
    let judged = judged(system(r#""holdings":[{"element":"\n"},{"element":""},{"form":"clear"}]"#));
    assert_eq!(judged.kinds(), [GapKind::UnknownElement, GapKind::UnknownElement, GapKind::MissingId]);
}

#[test]
fn a_closed_list_refuses_other_words() {
    for members in [r#""boundary":"ours""#, r#""lifecycle":"""#, r#""manages":[{"target":"a","how":"owns"}]"#] {
        assert_eq!(refused(system(members)).line, 2, "{members}");
    }
}

#[test]
fn a_system_may_flow_into_itself() {
    let flows = r#"{"from":"a","to":"a","data":[{"element":"pan"}],"via":[{"node":"a","mode":"inspect"}],"page":"a"}"#;
    let judged = judged(format!(
        r#"{{"systems":[{{"id":"a","copies":[{{"from":"a"}}],"manages":[{{"target":"a","how":"admin"}}]}}],"flows":[{flows}]}}"#
    ));
    assert_eq!((judged.category("a"), judged.gaps.len()), (Category::Cde, 0));
}

#[test]
fn systems_may_copy_manage_and_hold_each_other_in_a_circle() {
    let mut systems = String::new();
    for at in 0..50 {
        let next = (at + 1) % 50;
        let holds = if at == 7 { r#","holdings":[{"element":"pan","ops":["store"]}]"# } else { "" };
        let _ = write!(
            systems,
            r#"{}{{"id":"s{at}","copies":[{{"from":"s{next}"}}],"manages":[{{"target":"s{next}","how":"admin"}}]{holds}}}"#,
            if at == 0 { "" } else { "," }
        );
    }
    let judged = judged(format!(
        r#"{{"systems":[{systems}],"credentials":[{{"id":"k","held_by":["s1"],"grants":[{{"on":"s1","priv":"admin"}}]}}]}}"#
    ));
    assert!(judged.scope.systems.values().all(|it| it.category == Category::Cde));
}

#[test]
fn a_hundred_thousand_parallel_flows_are_one_connection() {
    let mut flows = String::new();
    for at in 0..100_000 {
        let _ = write!(flows, r#"{}{{"from":"a","to":"b"}}"#, if at == 0 { "" } else { "," });
    }
    let systems = r#"{"id":"a","holdings":[{"element":"pan"}]},{"id":"b"}"#;
    let judged = judged(format!(r#"{{"systems":[{systems}],"flows":[{flows}]}}"#));
    assert_eq!((judged.model.flows.len(), judged.category("b")), (100_000, Category::ConnectedTo));
    assert_eq!(judged.scope.systems["b"].witness.len(), 2);
}

#[test]
fn references_to_nothing_are_gaps() {
    let judged = judged(
        r#"{"systems":[{"id":"a","segment":"s","copies":[{"from":"x"}],"manages":[{"target":"x","how":"log"},
        {"target":"segment:t","how":"log"}],"holdings":[{"element":"pan","form":"encrypted","key":"x"}]}],
        "flows":[{"from":"x","to":"y","via":[{"node":"x","mode":"inspect"}],"page":"x","control":"x","credential":"x"}],
        "keys":[{"id":"k","holders":["x"]}],"overrides":[{"system":"x","category":"cde"}],
        "credentials":[{"id":"c","held_by":["x"],"bound_to":["x"],"grants":[{"on":"x"}]}],
        "segment_links":[{"b":"s","a":"t"},{"a":"s","b":"s"},{"a":"s","b":"t","control":"x"}]}"#,
    );
    assert_eq!(judged.gaps.len(), 17, "{:#?}", judged.gaps);
    assert_eq!(judged.model.segments.len(), 2, "segments that are named are there");
    assert_eq!(judged.category("a"), Category::Cde);
}

#[test]
fn yaml_with_anchors_or_aliases_is_refused() {
    let bomb = "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b]\n";
    for text in [bomb, "systems:\n- &x {id: a}\n- *x\n", "systems: &x\n- id: a\nnote: *x\n", "<<: *x\n"] {
        let error = read_yaml(text).unwrap_err();
        assert_eq!(error.message, "the file uses an anchor or alias (& or *)");
        assert!(error.line > 0);
    }
}

#[test]
fn yaml_has_the_bounds_of_json() {
    for text in [
        format!("note: {}", nested(65)),
        format!("systems:\n- id: a\n  note: {}", nested(62)),
        (0..200).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect(),
        "- ".repeat(10_000),
        "systems:\n- id: a\n  id: b\n".to_owned(),
        "systems:\n- id: a\n  made up: {x: 1, x: 2}\n".to_owned(),
        format!("systems:\n- id: {}\n", "x".repeat(121)),
        "systems:\n- id: a\n  made up: .nan\n".to_owned(),
        "systems:\n- id: a\n  made up: !tag x\n".to_owned(),
        "systems:\n\t- id: a\n".to_owned(),
    ] {
        assert!(read_yaml(&text).is_err(), "{}", &text[..text.len().min(80)]);
    }
    let (model, gaps) = read_yaml("systems:\n- id: \"a\\nb\"\n  holdings: [{element: pan}]\nflows:\n").unwrap();
    assert_eq!((model.systems.len(), gaps.len()), (1, 0));
}
