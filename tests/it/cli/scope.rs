//! `plumbline scope`.

use serde_json::Value;
use server::cli::Exit;

use super::plumbline;

const MODEL: &str = r#"{
    "systems": [
        {"id": "till", "name": "Till", "boundary": "own", "holdings": [{"element": "pan", "form": "clear", "ops": ["store"]}]},
        {"id": "wiki", "name": "Wiki", "boundary": "own"}
    ]
}"#;

#[test]
fn a_model_in_json_and_the_same_in_yaml_have_the_same_scope() {
    let json = plumbline(&["scope", "-", "--format", "json"], MODEL.as_bytes());
    assert_eq!(json.exit, Exit::Done, "{}", json.errors);
    let yaml = "systems:\n  - {id: till, name: Till, boundary: own, holdings: [{element: pan, form: clear, ops: [store]}]}\n  \
                - {id: wiki, name: Wiki, boundary: own}\n";
    assert_eq!(plumbline(&["scope", "-", "--format", "json"], yaml.as_bytes()).output, json.output);
    let result: Value = serde_json::from_str(&json.output).unwrap();
    assert_eq!(result["systems"]["till"]["category"], "cde");
    assert!(result["saq_hint"].is_string(), "{result}");
}

#[test]
fn a_table_is_for_people() {
    let table = plumbline(&["scope", "-"], MODEL.as_bytes());
    assert_eq!(table.exit, Exit::Done);
    assert!(table.output.contains("Till") && table.output.contains("cde"), "{}", table.output);
    assert!(table.output.ends_with('\n') && !table.output.starts_with('{'));
}

#[test]
fn a_byte_order_mark_is_read_over() {
    let marked = [b"\xEF\xBB\xBF".as_slice(), MODEL.as_bytes()].concat();
    assert_eq!(plumbline(&["scope", "-"], &marked).exit, Exit::Done);
}

#[test]
fn what_is_no_model_ends_with_2_and_names_file_line_and_remedy() {
    let cases: [(&[u8], &[&str]); 5] = [
        (b"{\n  \"systems\": [\n", &["standard input, line"]),
        (b"{\"systems\": 7}", &["standard input, line 1"]),
        (b"systems:\n  - id: [a\n", &["standard input", "Correct the file"]),
        (b"{\n\"systems\": \"\xff\"}", &["standard input, line 2", "UTF-8"]),
        (b"  \n", &["standard input is empty"]),
    ];
    for (input, parts) in cases {
        let ended = plumbline(&["scope", "-"], input);
        assert_eq!(ended.exit, Exit::Usage, "{}", ended.errors);
        assert!(ended.output.is_empty());
        for part in parts {
            assert!(ended.errors.contains(part), "{part}: {}", ended.errors);
        }
    }
    let missing = plumbline(&["scope", "/nowhere/model.json"], b"");
    assert_eq!(missing.exit, Exit::Usage);
    assert!(missing.errors.contains("/nowhere/model.json cannot be read: there is no such file"), "{}", missing.errors);
}
