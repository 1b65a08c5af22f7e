//! How well fields are recognised, against tables that people wrote after reading the documents.
//!
//! A unit is a distinct pair of schema and property. A unit counts as recognised where the confidence is high or
//! medium, and as right where element and form are those of the table. Positives are the classes of cardholder data
//! and of sensitive authentication data in clear and encrypted form; shortened numbers, tokens, hashes and outcomes
//! of checks are counted apart.
#![expect(clippy::unwrap_used, reason = "tests")]

mod fuzz;
mod score;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use score::{Score, Truth};

/// Less than this is not good enough, for precision and for recall.
const AT_LEAST: f64 = 0.98;

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recogniser")
}

/// Where documents of other people are, where they are.
fn shared() -> PathBuf {
    std::env::var_os("PLUMBLINE_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from)
        .join("corpus")
}

fn tables() -> BTreeMap<String, Truth> {
    let mut tables = BTreeMap::new();
    for entry in fs::read_dir(here().join("truth")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        tables.insert(name, Truth::parse(&fs::read_to_string(&path).unwrap()));
    }
    tables
}

/// The scores by name; documents of other people are left out where they are absent.
fn scores() -> BTreeMap<String, Score> {
    let mut scores = BTreeMap::new();
    for (name, truth) in tables() {
        let own = here().join("fixtures").join(&truth.file);
        let path = if name.starts_with("own-") { own } else { shared().join(&truth.file) };
        let Ok(bytes) = fs::read(&path) else {
            eprintln!("skipped: {} is not here", truth.file);
            continue;
        };
        scores.insert(name, Score::of(&truth, &bytes));
    }
    scores
}

#[test]
fn every_table_is_met() {
    let mut report = String::new();
    for (name, score) in scores() {
        if score.precision().is_some_and(|it| it < AT_LEAST)
            || score.recall().is_some_and(|it| it < AT_LEAST)
            || !score.apart_missed.is_empty()
        {
            let _ = writeln!(report, "{name}: {score:#?}");
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn own_documents_are_always_here() {
    let own = scores().into_keys().filter(|name| name.starts_with("own-")).count();
    assert!(own >= 9, "only {own} own documents");
}

#[test]
fn the_page_on_recognition_says_what_is_measured() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/recogniser.md");
    let (tables, scores) = (tables(), scores());
    let complete = tables.len() == scores.len();
    if complete && std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, score::page(&tables, &scores)).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    let hint = "docs/recogniser.md is out of date: run this test with UPDATE_EXPECT=1 beside the documents";
    if complete {
        assert!(found == score::page(&tables, &scores), "{hint}");
    } else {
        for (name, score) in &scores {
            assert!(found.contains(&score::row(&tables[name], score)), "{hint} ({name})");
        }
    }
}
