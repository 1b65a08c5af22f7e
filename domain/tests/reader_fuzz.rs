//! Bytes that nobody wrote by hand: the reader of model files never panics, and what it accepts it can write.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::ops::Range;
use std::sync::LazyLock;

use domain::export::model_file::to_json;
use domain::model::Model;
use domain::model::reader::{read_json, read_yaml};
use domain::model::sample::sample;
use domain::scope::{compute, report};
use domain::time::Day;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// A file that uses every list and most members.
static FILES: LazyLock<[String; 2]> = LazyLock::new(|| {
    let mut model = Model::default();
    for object in sample(Day::from_ymd(2026, 11, 21).unwrap()) {
        model.put(object);
    }
    [to_json(&model), SMALL.to_owned()]
});

static YAML_FILES: LazyLock<[String; 2]> = LazyLock::new(|| {
    FILES.each_ref().map(|text| {
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        serde_norway::to_string(&value).unwrap()
    })
});

/// A file in which a mutation hits something that matters.
const SMALL: &str = r#"{"settings":{"view":"target","strict_flat":true,"as_of":"2026-01-01"},
"segments":[{"id":"s","trust":"internal","microsegmented":true}],
"segment_links":[{"a":"s","b":"t","policy":"open","control":"c"}],
"controls":[{"id":"c","type":"firewall","between":["s","t"],"mode":"enforce","status":"verified","frequency_days":180}],
"systems":[{"id":"a","kind":"service","boundary":"own","segment":"s","lifecycle":"live","relay":true,
"holdings":[{"element":"pan","form":"truncated","ops":["store","process"],"mask":"411111******1111","records":7,"phase":"post_auth"}],
"copies":[{"from":"b","encrypt_key":"k"}],"manages":[{"target":"segment:s","how":"admin"}],
"capabilities":[{"type":"detokenise","domain":"d"}],"note":"x","fact_details":{"note":{"source":"y","as_of":"2026-01-01"}}},
{"id":"b\n\"","boundary":"third_party","vendor":"v","payment_page":"iframe","exposure":"internet"}],
"keys":[{"id":"k","use":"decrypt","holders":["a"],"attested":true}],
"credentials":[{"id":"c","kind":"api_key","held_by":["a"],"bound_to":["a"],"grants":[{"on":"b","priv":"admin","action":["refund"],"elements":["pan"]}]}],
"flows":[{"id":"f","from":"a","to":"b\n\"","kind":"api","data":[{"element":"pan","form":"encrypted","key":"k"},{"element":"card_verification_code"}],
"via":[{"node":"a","mode":"inspect"}],"control":{"type":"waf","status":"failed"},"access":"blocked","initiator":"both",
"encryption":"none","auth":"none","wire_names":[{"name":"x.y"}],"latency_seconds":5},{"from":"b","to":"a","control":"c","credential":"c"}],
"overrides":[{"system":"a","category":"out_of_scope","justification":"twenty characters and more","expires":"2027-01-01"}],
"vendors":[{"id":"v","name":"V"}],"people":[{"id":"p","kind":"team"}],"certificates":[{"id":"z"}]}"#;

/// Pieces that readers stumble over.
const PIECES: [&str; 24] = [
    "null",
    "-1",
    "1e999",
    "0.1000000000000000055",
    "18446744073709551616",
    "[]",
    "{}",
    "\"\"",
    "\"\\u0000\"",
    "\"segment:\"",
    "\"\\ud83d\\ude00\"",
    "true",
    "&x ",
    "*x",
    "---\n",
    "? ",
    "!!binary ",
    "\t",
    "\u{feff}",
    "\u{85}",
    "\"a\":",
    "|",
    "<<: ",
    "\r",
];

/// One change of a text, at places that are drawn before the text is known.
#[derive(Debug, Clone)]
enum Change {
    Flip(Index, u8),
    Cut(Index, Index),
    Double(Index, Index),
    SwapTokens(Index, Index),
    Insert(Index, &'static str),
    ReplaceToken(Index, &'static str),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        2 => (at(), 0..8_u8).prop_map(|(at, bit)| Change::Flip(at, bit)),
        1 => (at(), at()).prop_map(|(from, length)| Change::Cut(from, length)),
        1 => (at(), at()).prop_map(|(from, length)| Change::Double(from, length)),
        4 => (at(), at()).prop_map(|(one, other)| Change::SwapTokens(one, other)),
        1 => (at(), select(&PIECES[..])).prop_map(|(at, piece)| Change::Insert(at, piece)),
        3 => (at(), select(&PIECES[..])).prop_map(|(at, piece)| Change::ReplaceToken(at, piece)),
    ]
}

/// The words, numbers and quoted texts.
fn tokens(text: &[u8]) -> Vec<Range<usize>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let start = at;
        if text[at] == b'"' {
            at += 1;
            while at < text.len() && text[at] != b'"' {
                at += if text[at] == b'\\' { 2 } else { 1 };
            }
            at = (at + 1).min(text.len());
            tokens.push(start..at);
        } else if text[at].is_ascii_alphanumeric() || text[at] == b'-' {
            while at < text.len() && (text[at].is_ascii_alphanumeric() || b"-._".contains(&text[at])) {
                at += 1;
            }
            tokens.push(start..at);
        } else {
            at += 1;
        }
    }
    tokens
}

/// A span that begins there: mostly short, so that the rest keeps its meaning.
fn span(text: &[u8], from: Index, length: Index) -> Range<usize> {
    let start = from.index(text.len());
    let most = if length.index(8) == 0 { text.len() } else { 40 };
    start..(start + length.index(most)).min(text.len())
}

fn changed(text: &str, changes: &[Change]) -> Vec<u8> {
    let mut text = text.as_bytes().to_vec();
    for change in changes {
        if text.is_empty() {
            break;
        }
        let tokens = tokens(&text);
        match change {
            Change::Flip(at, bit) => {
                let at = at.index(text.len());
                text[at] ^= 1 << bit;
            }
            Change::Cut(from, length) => drop(text.drain(span(&text, *from, *length))),
            Change::Double(from, length) => {
                let span = span(&text, *from, *length);
                let copy = text[span.clone()].to_vec();
                text.splice(span.end..span.end, copy);
            }
            Change::Insert(at, piece) => {
                let at = at.index(text.len());
                text.splice(at..at, piece.bytes());
            }
            Change::SwapTokens(..) | Change::ReplaceToken(..) if tokens.is_empty() => {}
            Change::SwapTokens(one, other) => {
                let (one, other) = (one.index(tokens.len()), other.index(tokens.len()));
                let (first, second) = (tokens[one.min(other)].clone(), tokens[one.max(other)].clone());
                if first != second {
                    let (former, latter) = (text[first.clone()].to_vec(), text[second.clone()].to_vec());
                    text.splice(second, former);
                    text.splice(first, latter);
                }
            }
            Change::ReplaceToken(at, piece) => {
                let token = tokens[at.index(tokens.len())].clone();
                text.splice(token, piece.bytes());
            }
        }
    }
    text
}

/// What holds for every text that is accepted.
fn check(model: &Model) -> Result<(), TestCaseError> {
    let file = to_json(model);
    let (again, _) = read_json(file.as_bytes()).map_err(|error| TestCaseError::fail(format!("{error}\n{file}")))?;
    prop_assert_eq!(&again, model);
    prop_assert_eq!(to_json(&again), file);
    let scope = compute(model);
    prop_assert_eq!(scope.systems.len(), model.systems.len());
    let written = report::json(model, &scope, &[]);
    prop_assert!(written.ends_with("}\n"), "{}", written);
    Ok(())
}

fn check_both(bytes: &[u8]) -> Result<(), TestCaseError> {
    if let Ok((model, _)) = read_json(bytes) {
        check(&model)?;
    }
    if let Ok((model, _)) = read_yaml(&String::from_utf8_lossy(bytes)) {
        check(&model)?;
    }
    Ok(())
}

/// So many cases, unless the environment asks for another number.
fn cases(usual: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(asked.unwrap_or(usual)) }
}

#[test]
fn the_files_that_are_changed_are_accepted_as_they_are() {
    for (json, yaml) in FILES.iter().zip(YAML_FILES.iter()) {
        let (model, _) = read_json(json.as_bytes()).unwrap();
        assert_eq!(read_yaml(yaml).unwrap().0, model);
        check(&model).unwrap();
    }
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn a_large_file_with_a_change_is_refused_or_understood(change in change()) {
        check_both(&changed(&FILES[0], std::slice::from_ref(&change)))?;
        check_both(&changed(&YAML_FILES[0], &[change]))?;
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn a_file_with_changes_is_refused_or_understood(changes in vec(change(), 1..4)) {
        check_both(&changed(&FILES[1], &changes))?;
    }

    #[test]
    fn a_yaml_file_with_changes_is_refused_or_understood(changes in vec(change(), 1..4)) {
        check_both(&changed(&YAML_FILES[1], &changes))?;
    }

    #[test]
    fn any_bytes_are_refused_or_understood(bytes in vec(any::<u8>(), 0..300)) {
        check_both(&bytes)?;
    }

    #[test]
    fn any_text_of_the_syntax_is_refused_or_understood(
        pieces in vec(prop_oneof![
            select(&["{", "}", "[", "]", ",", ":", "\"", "\n", " ", "- ", "  ", "\"systems\":[", "\"id\":\"a\"", "flows:"][..]),
            select(&PIECES[..]),
        ], 0..40),
    ) {
        check_both(pieces.concat().as_bytes())?;
    }
}
