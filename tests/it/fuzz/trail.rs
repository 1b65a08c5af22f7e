//! The audit trail: the bytes that are hashed, any bit of an entry that is stored, and the notes of where it stood.

use std::collections::BTreeMap;

use domain::backend::Backend as _;
use domain::command::Command;
use domain::id::SystemId;
use domain::model::system::System;
use serde_json::Value;
use store::inspect::canonical;
use store::{ChainVerdict, CheckpointKey, Head, SealingKey};
use tests::estate::Instance;
use tests::fuzz::{Corpus, fuzz};
use tests::place::Place;
use tokio::runtime::Runtime;

/// Whether every number in it is whole, as all in the audit trail are.
fn is_whole_numbered(value: &Value) -> bool {
    match value {
        Value::Number(number) => !number.is_f64(),
        Value::Array(items) => items.iter().all(is_whole_numbered),
        Value::Object(members) => members.values().all(is_whole_numbered),
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}

#[test]
fn two_entries_never_have_the_same_bytes() {
    let seeds: [&[u8]; 3] = [
        br#"{"chain_id":"instance","seq":1,"actor_id":null,"action":"sign_in.done","time":1795253400000000}"#,
        br#"{"before":{"name":"A","facts":{"note":{"value":"x\n\u0001"}}},"after":null,"list":[1,-2,true,"\ud83d\ude00"]}"#,
        "{\"é\":1,\"e\u{301}\":2,\"\u{fb33}\":3,\"\u{1f600}\":4}".as_bytes(),
    ];
    let pieces =
        ["{", "}", "[", "]", ",", ":", "\"", "null", "\\u0000", "\\\\", "\\\"", "\"a\":\"", "18446744073709551615"];
    let mut known: BTreeMap<String, Value> = BTreeMap::new();
    fuzz(2000, &Corpus { seeds: &seeds, pieces: &pieces }, |bytes| {
        let Some(value) = serde_json::from_slice::<Value>(bytes).ok().filter(is_whole_numbered) else { return };
        let text = canonical(&value);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value, "{text}");
        if let Some(other) = known.insert(text, value.clone()) {
            assert_eq!(other, value);
        }
        if known.len() > 5000 {
            known.pop_first();
        }
    });
}

/// The columns of an entry that are texts, with the table and the entries that have something in them.
const COLUMNS: [(&str, &str); 7] = [
    ("audit_entry", "prev_hash"),
    ("audit_entry", "actor_kind"),
    ("audit_entry", "actor_id"),
    ("audit_entry", "action"),
    ("audit_entry", "payload_hash"),
    ("audit_entry", "hash"),
    ("audit_payload", "payload"),
];

#[test]
fn one_bit_that_is_flipped_in_an_entry_breaks_the_chain() {
    let runtime = Runtime::new().unwrap();
    let place = Place::sqlite();
    let instance = runtime.block_on(Instance::new(&place));
    let (store, workspace) = (&instance.store, &instance.workspace);
    let chain = format!("chain = 'workspace/{workspace}'");
    runtime.block_on(async {
        for key in ["checkout", "orders", "ledger"] {
            let system = System::new(SystemId::new(key), "Ours & \"theirs\"");
            instance.gate().execute(workspace, Command::AddSystem(Box::new(system))).await.unwrap();
        }
        let triggers = "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'";
        for statement in store.texts(triggers).await.unwrap() {
            store.run_raw(&statement).await.unwrap();
        }
    });
    let whole = runtime.block_on(store.verify_chain(Some(workspace))).unwrap();
    assert!(matches!(whole, ChainVerdict::Whole { entries: 4 }), "{whole}");
    let mut flipped = 0;
    fuzz(150, &Corpus { seeds: &[b"\x00\x01\x02\x03\x04\x05\x06\x07"], pieces: &[] }, |bytes| {
        let at = |index: usize| usize::from(bytes.get(index).copied().unwrap_or_default());
        let (table, column) = COLUMNS[at(0) % COLUMNS.len()];
        let sequence = at(1) % 4 + 1;
        let place = at(2) * 256 + at(3);
        runtime.block_on(async {
            let of = format!("FROM {table} WHERE {chain} AND seq = {sequence}");
            let stored = store.texts(&format!("SELECT coalesce({column}, '') {of}")).await.unwrap().remove(0);
            if stored.is_empty() {
                return;
            }
            let mut changed = stored.clone().into_bytes();
            let place = place % changed.len();
            changed[place] ^= 1 << (at(4) % 7);
            let Ok(changed) = String::from_utf8(changed) else { return };
            if changed.contains('\0') {
                return;
            }
            let write = async |text: &str| {
                let text = text.replace('\'', "''");
                let change = format!("UPDATE {table} SET {column} = '{text}' WHERE {chain} AND seq = {sequence}");
                store.run_raw(&change).await
            };
            // Some words come from a list that the database itself knows.
            if write(&changed).await.is_ok() {
                flipped += 1;
                let verdict = store.verify_chain(Some(workspace)).await.unwrap();
                assert!(!matches!(verdict, ChainVerdict::Whole { .. }), "{table}.{column} of {sequence}, byte {place}");
                assert_eq!(write(&stored).await.unwrap(), 1);
            }
        });
    });
    assert_eq!(runtime.block_on(store.verify_chain(Some(workspace))).unwrap(), whole);
    assert!(flipped >= 50, "{flipped} bits were flipped");
}

#[test]
fn a_checkpoint_is_taken_to_the_byte_or_refused() {
    let key = CheckpointKey::of(&SealingKey::new([3; 32])).unwrap();
    let head = |chain: &str, sequence| Head { chain: chain.to_owned(), sequence, hash: "0a".repeat(32) };
    let notes = [key.sign(&[head("instance", 3), head("workspace/shop", 1_200)]), key.sign(&[])];
    let other = CheckpointKey::of(&SealingKey::new([4; 32])).unwrap().sign(&[head("instance", 9)]);
    let seeds = [notes[0].as_bytes(), notes[1].as_bytes(), other.as_bytes()];
    let pieces = ["\n\n", "\u{2014} ", "head 3 ", "plumbline/", "=", "+", " ", "instance"];
    let public = key.public();
    fuzz(2000, &Corpus { seeds: &seeds, pieces: &pieces }, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let is_ours = notes.iter().any(|note| *note == text);
        assert_eq!(public.open(&text).is_ok(), is_ours, "{text}");
    });
}
