#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use super::*;
use crate::model::object::{Object, ObjectRef};
use crate::model::reader::read_json;

fn model() -> Model {
    let text = r#"{"systems":[{"id":"psp","name":"Provider","boundary":"external"},{"id":"shop","name":"Web shop"},
        {"id":"log","name":"Log store","holdings":[{"element":"pan","form":"truncated","ops":["store"]}]}],
        "credentials":[
          {"id":"psp-key","name":"Provider key","kind":"api_key","location":"vault","last_rotated":"2025-11-01",
           "grants":[{"on":"psp","priv":"act","last_used":"2025-12-30T10:00:00Z"}]},
          {"id":"old-key","name":"Old key","kind":"api_key","location":"vault","enabled":false},
          {"id":"lost-key","name":"Lost key","kind":"api_key","location":"vault"}],
        "flows":[
          {"id":"paid","name":"Paid","from":"psp","to":"shop","kind":"webhook","signature":"hmac",
           "operation":"https://shop.example/hooks/paid"},
          {"id":"refunded","name":"Refunded","from":"psp","to":"shop","kind":"webhook","signature":"none"}]}"#;
    read_json(text.as_bytes()).unwrap().0
}

fn source(seen: Seen, complete_for: &[&str]) -> Source {
    Source {
        id: "it".into(),
        name: "The source".to_owned(),
        seen_at: "2026-01-02".parse::<Day>().unwrap().start(),
        complete_for: complete_for.iter().map(|it| (*it).to_owned()).collect(),
        complete_since: "2025-12-01".parse().ok(),
        seen,
    }
}

fn told(file: &str, complete_for: &[&str]) -> Vec<(DriftKind, String, String)> {
    let seen = read("list.csv", file.as_bytes()).unwrap();
    let drifts = drifts_of(&model(), &source(seen, complete_for));
    drifts.into_iter().map(|it| (it.kind, it.subject.key(), it.about)).collect()
}

fn it(kind: DriftKind, subject: &str, about: &str) -> (DriftKind, String, String) {
    (kind, subject.to_owned(), about.to_owned())
}

#[test]
fn a_list_of_secrets_shows_what_is_unknown_what_moved_and_what_disagrees() {
    let file = "id,location,created,rotated,last_used\n\
        psp-key,repo,2024-01-01,2025-06-01,2025-12-30\n\
        Old key,vault,,,2026-01-01\n\
        mystery,vault,2025-01-01,,\n";
    assert_eq!(
        told(file, &["vault"]),
        [
            it(DriftKind::Undeclared, "it", "secret:mystery"),
            it(DriftKind::Worse, "old-key", "it:disabled"),
            it(DriftKind::Worse, "psp-key", "it:location"),
            it(DriftKind::Differs, "psp-key", "it:rotated"),
            it(DriftKind::Unseen, "lost-key", "it:unseen"),
        ]
    );
}

#[test]
fn what_was_never_seen_counts_only_where_the_source_covers_it_and_after_thirty_days() {
    assert!(told("id\npsp-key\n", &[]).is_empty());
    assert!(told("id\npsp-key\n", &["ci"]).is_empty());
    let seen = read("list.csv", b"id\npsp-key\n").unwrap();
    let drifts = drifts_of(&model(), &source(seen, &["*"]));
    let [lost] = drifts.as_slice() else { panic!("{drifts:?}") };
    assert_eq!((lost.subject.key().as_str(), lost.at.to_string().as_str()), ("lost-key", "2026-01-01T00:00:00Z"));
}

#[test]
fn a_subscription_that_lost_its_signature_is_worse_and_one_that_nobody_knows_is_undeclared() {
    let file = "endpoint,events,signed\n\
        https://user:secret@shop.example/hooks/paid?token=abc,paid;failed,no\n\
        refunded,,yes\n\
        https://elsewhere.example/in,paid,yes\n";
    assert_eq!(
        told(file, &["psp"]),
        [
            it(DriftKind::Undeclared, "it", "webhook:https://elsewhere.example/in"),
            it(DriftKind::Worse, "paid", "it:signed"),
            it(DriftKind::Differs, "refunded", "it:signed"),
        ]
    );
    let Seen::Webhooks(them) = read("list.csv", file.as_bytes()).unwrap() else { panic!() };
    let text = format!("{them:?}");
    assert!(!text.contains("secret") && !text.contains("abc"), "{text}");
    assert_eq!(told("endpoint\nrefunded\n", &["psp"]), [it(DriftKind::Unseen, "paid", "it:unseen")]);
}

#[test]
fn a_hit_of_a_card_number_is_undeclared_or_worse_and_one_as_declared_is_nothing() {
    let file = "system,element,time,form\n\
        log,pan,2026-01-01T08:00:00Z,\n\
        log,pan,2026-01-01T09:00:00Z,\n\
        Log store,pan_truncated,2026-01-01T09:00:00Z,\n\
        shop,card_verification_code,2026-01-01,clear\n\
        attic,pan,2026-01-01,\n";
    assert_eq!(
        told(file, &["*"]),
        [
            it(DriftKind::Undeclared, "shop", "it:element:card_verification_code:clear"),
            it(DriftKind::Undeclared, "it", "attic:element:pan:clear"),
            it(DriftKind::Worse, "log", "it:element:pan:clear"),
        ]
    );
    let seen = read("list.csv", file.as_bytes()).unwrap();
    let drifts = drifts_of(&model(), &source(seen, &[]));
    assert!(drifts.iter().all(|it| it.account_data));
    let worse = drifts.iter().find(|it| it.kind == DriftKind::Worse).unwrap();
    assert!(worse.sentence.contains("2 times") && worse.at.to_string() == "2026-01-01T09:00:00Z", "{worse:?}");
}

#[test]
fn the_newest_check_of_a_standard_decides() {
    let file = "system,standard,passed,time\n\
        shop,CIS Linux,no,2026-01-01\n\
        shop,CIS Linux,yes,2026-01-02\n\
        log,CIS Linux,no,2026-01-02\n\
        attic,CIS Linux,no,2026-01-02\n\
        attic,CIS Docker,no,2026-01-02\n";
    assert_eq!(
        told(file, &["shop", "log"]),
        [it(DriftKind::Undeclared, "it", "system:attic"), it(DriftKind::Worse, "log", "it:standard:CIS Linux"),]
    );
    assert_eq!(
        told("system,standard,passed,time\nlog,CIS Linux,yes,2026-01-02\n", &["*"]),
        [it(DriftKind::Unseen, "shop", "it:unseen")],
        "systems of others are not checked"
    );
}

#[test]
fn what_is_wrong_with_a_list_is_said_with_its_line_and_without_a_card_number() {
    let refused = |file: &str| {
        let rejections = read("list.csv", file.as_bytes()).unwrap_err();
        rejections.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    assert!(refused("name,value\na,b\n").contains("id,location,created,rotated,last_used"));
    assert!(refused("id,value\na,b\n").contains("known"), "a column with values is refused as a whole");
    assert!(refused("").contains("known"));
    let number = refused("id,location\n4929341985721172,vault\n");
    assert!(number.contains("line 2") && !number.contains("4929341985721172"), "{number}");
    assert!(refused("id,rotated\nkey,soon\n").contains("no day"));
    assert!(refused("system,element,time\nshop,loyalty,2026-01-01\n").contains("no element"));
    assert!(refused("endpoint,signed\nhttps://a.example,perhaps\n").contains("neither yes nor no"));
    let many = "id\n".to_owned() + &(0..=ITEMS_MAX).map(|it| format!("k{it}\n")).collect::<String>();
    assert!(refused(&many).contains("more than 5000 rows"));
}

#[test]
fn a_source_survives_the_way_through_its_record() {
    let seen = read("list.csv", b"id,location,rotated\npsp-key,vault,2025-06-01\n").unwrap();
    let source = source(seen, &["vault"]);
    let record = source.clone().into_record(None);
    assert_eq!(Source::of(&record), Some(source));
    let mut model = model();
    model.put(Object::Record(Arc::new(record)));
    let [drift] = &drifts(&model).into_iter().filter(|it| it.kind == DriftKind::Differs).collect::<Vec<_>>()[..] else {
        panic!()
    };
    assert_eq!(drift.source, ObjectRef::Record(key(&"it".into())));
}

#[test]
fn what_is_stated_of_a_source_is_checked_field_by_field() {
    let secrets = || read("list.csv", b"id\npsp-key\n").unwrap();
    let today = "2026-01-02".parse().unwrap();
    let good = Stated { name: "Vault of production", complete_for: "vault; kms", ..Stated::default() };
    let source = brought(secrets(), &good, &model(), today).unwrap();
    assert_eq!((source.id.as_str(), source.complete_for.len()), ("vault-of-production", 2));
    assert_eq!(source.seen_at, today.start());
    let bad = Stated { name: " ", seen_at: "soon", complete_for: "cellar", complete_since: "once" };
    let fields: Vec<String> =
        brought(secrets(), &bad, &model(), today).unwrap_err().into_iter().map(|it| it.field).collect();
    assert_eq!(fields, ["name", "seen_at", "complete_for", "complete_since"]);
    let hits = read("list.csv", b"system,element,time\nshop,pan,2026-01-01\n").unwrap();
    let elsewhere = Stated { name: "Scanner", complete_for: "shop,attic", ..Stated::default() };
    assert!(brought(hits, &elsewhere, &model(), today).is_err(), "a source covers systems of the model");
}
