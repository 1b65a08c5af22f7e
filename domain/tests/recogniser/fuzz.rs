//! Bytes that nobody wrote by hand: the recogniser never panics, and says nothing of a value.

use std::fs;
use std::sync::LazyLock;

use domain::import::Limits;
use domain::import::recogniser::{Bounds, recognise_within};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// The own documents, with the ends of their names.
static SEEDS: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let entries = fs::read_dir(super::here().join("fixtures")).unwrap().map(|entry| entry.unwrap().path());
    let mut seeds: Vec<(String, Vec<u8>)> = entries
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap()))
        .collect();
    seeds.sort();
    seeds
});

/// What readers of such documents stumble over.
const PIECES: [&str; 24] = [
    "null",
    "{}",
    "[]",
    "\"$ref\":\"#\"",
    "$ref: '#/components'",
    "\"$ref\":\"#/components/schemas/CardBase/properties/name\"",
    "\"allOf\":[{\"$ref\":\"#\"}],",
    "4111111111111111",
    "\"4111 1111 1111 1111\"",
    "&a ",
    "*a",
    "<<: ",
    "\u{feff}",
    "\0",
    "\r",
    "\t",
    "é",
    "\u{1f600}",
    "\"",
    "properties:",
    "\"enum\":[\"X.PAN\"],",
    "~1",
    "%zz",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
];

/// One change of a document.
#[derive(Debug, Clone)]
enum Change {
    Cut(Index, usize),
    Put(Index, &'static str),
    Copy(Index, Index, usize),
    Byte(Index, u8),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<Index>(), 1..40_usize).prop_map(|(at, length)| Change::Cut(at, length)),
        (any::<Index>(), select(&PIECES[..])).prop_map(|(at, piece)| Change::Put(at, piece)),
        (any::<Index>(), any::<Index>(), 1..200_usize).prop_map(|(from, to, length)| Change::Copy(from, to, length)),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
    ]
}

fn changed(mut bytes: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        let length = bytes.len().max(1);
        match change {
            Change::Cut(at, most) => {
                let start = at.index(length).min(bytes.len());
                bytes.drain(start..(start + most).min(bytes.len()));
            }
            Change::Put(at, piece) => {
                let at = at.index(length).min(bytes.len());
                bytes.splice(at..at, piece.bytes());
            }
            Change::Copy(from, to, most) => {
                let from = from.index(length).min(bytes.len());
                let part = bytes[from..(from + most).min(bytes.len())].to_vec();
                let to = to.index(length).min(bytes.len());
                bytes.splice(to..to, part);
            }
            Change::Byte(at, byte) => {
                if let Some(place) = bytes.get_mut(at.index(length)) {
                    *place = *byte;
                }
            }
        }
    }
    bytes
}

/// Few enough that a document can pass them.
const TIGHT: Bounds = Bounds { nodes: 20_000, steps: 20_000, fields: 2_000, listed: 3 };

fn says_nothing_of_a_value(file: &str, bytes: &[u8]) {
    for bounds in [&Bounds::USUAL, &TIGHT] {
        let said = match recognise_within(file, bytes, &Limits::browser(), bounds) {
            Ok(result) => format!("{result:?}"),
            Err(error) => {
                assert!(!error.reason.is_empty() && !error.remedy.is_empty());
                format!("{error} {error:?}")
            }
        };
        for digits in ["1111111111", "5554444", "1111 1111", "4242 4242", "0532013000"] {
            assert!(!said.contains(digits), "{said}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_document_is_read_or_refused(seed in any::<Index>(), changes in vec(change(), 1..12)) {
        let (file, bytes) = &SEEDS[seed.index(SEEDS.len())];
        says_nothing_of_a_value(file, &changed(bytes.clone(), &changes));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..400), end in select(&["json", "yaml", "csv", "txt"][..])) {
        says_nothing_of_a_value(&format!("a.{end}"), &bytes);
    }
}
