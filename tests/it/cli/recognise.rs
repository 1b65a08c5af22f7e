//! `plumbline recognise`.

use serde_json::Value;
use server::cli::Exit;

use super::plumbline;

const SAMPLE: &str = r#"{"card":{"number":"4111111111111111","cvc":"123"},"order":{"number":"7"},"note":"**** 1111"}"#;

#[test]
fn a_table_says_what_why_and_nothing_of_a_value() {
    let ended = plumbline(&["recognise", "-"], SAMPLE.as_bytes());
    assert_eq!((ended.exit, ended.errors.as_str()), (Exit::Done, ""));
    assert!(ended.output.contains("card.number") && ended.output.contains("pan:clear"), "{}", ended.output);
    assert!(!ended.output.contains("1111") && !ended.output.contains("order"), "{}", ended.output);
}

#[test]
fn what_the_caller_accepted_is_part_of_the_result() {
    let json = |more: &[&str]| -> Value {
        let arguments = [&["recognise", "-", "--format", "json"][..], more].concat();
        serde_json::from_str(&plumbline(&arguments, SAMPLE.as_bytes()).output).unwrap()
    };
    assert!(json(&[]).get("accepted").is_none());
    let accepted = json(&["--accept", "high"]);
    assert_eq!(accepted["accepted"]["confidence"], "high");
    let paths: Vec<&Value> = accepted["accepted"]["fields"].as_array().unwrap().iter().map(|it| &it["path"]).collect();
    assert_eq!(paths, ["card.cvc", "card.number"]);
    assert_eq!(accepted["source"], "sample");
}

#[test]
fn a_file_that_cannot_be_read_ends_with_2_and_says_where() {
    for text in ["{\n \"a\": oops}", "{\"a\":1,\"a\":2}", ""] {
        let ended = plumbline(&["recognise", "-"], text.as_bytes());
        assert_eq!((ended.exit, ended.output.as_str()), (Exit::Usage, ""), "{text}");
        assert!(ended.errors.contains("standard input"), "{}", ended.errors);
    }
}
