//! Documents as they are made: tagged and to the standard, the same bytes twice, and deaf to markup in what people wrote.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use document::{Refused, pdf};
use domain::evidence::Index;
use domain::export::model_file::to_json;
use domain::model::Model;
use domain::model::sample::sample;
use domain::pack::{Profile, Requirements, SealedState, Source, scope_report};
use domain::paper::{Block, Fact, Paper, Part, Sheet};
use domain::review::content::Registered;
use domain::review::entity::EntityProfile;
use domain::review::kind::ReviewKind;
use domain::review::outcome::Engine;
use domain::review::seal::{GENESIS, Seal, SealKey};
use domain::review::session::{Part as Share, ReviewKey, Signature};
use domain::risk::Register;
use domain::time::Day;

const DAY: Day = Day(20_778);

fn source(model: &Model, sealed: bool) -> Source {
    let signature = Signature {
        review: ReviewKey(1),
        snapshot: "ab".repeat(32),
        statement: "The scope is as it should be.".to_owned(),
        shown: "cd".repeat(32),
        signer: "lead".into(),
        account: "account-1".into(),
        part: Share::Attests,
        role: "Payments lead of the shop".to_owned(),
        method: "password, code".to_owned(),
        at: DAY.start(),
        comment: String::new(),
        previous: GENESIS.to_owned(),
        hash: String::new(),
    }
    .hashed();
    let seal = Seal {
        version: Seal::current_version(),
        key: SealKey(1),
        workspace: "shop".to_owned(),
        review: ReviewKey(1),
        kind: ReviewKind::Scope,
        name: "Scope 2026-Q4".to_owned(),
        sealed_at: DAY.start(),
        as_of: DAY,
        previous: GENESIS.to_owned(),
        supersedes: None,
        covers: BTreeSet::new(),
        contents: BTreeMap::new(),
        audit_head: "ef".repeat(32),
        engine: Engine::current(),
        signatures: vec![signature],
    };
    let made = seal.seal("09", |_| Ok::<_, ()>(vec![7; 64])).unwrap();
    Source {
        profile: Profile::Full,
        workspace: "shop".to_owned(),
        name: "Web shop of the sample".to_owned(),
        model: to_json(model),
        sealed: sealed.then(|| SealedState { sealed: made, seal, contents: BTreeMap::new() }),
        as_of: DAY,
        at: DAY.start(),
        register: Registered::of(&Register::default(), std::iter::empty(), std::iter::empty()),
        entity: EntityProfile { legal_name: "Sample Shop Limited".to_owned(), ..EntityProfile::default() },
        trail: Vec::new(),
        chain: "workspace/shop".to_owned(),
        members: Vec::new(),
        evidence: Vec::new(),
        index: Index::default(),
        requirements: Requirements::default(),
        salt: [3; 32],
        report: None,
        page: None,
        public_key: [7; 32],
        checkpoint_key: String::new(),
    }
}

fn estate() -> Model {
    let mut model = Model::default();
    sample(DAY).into_iter().for_each(|object| model.put(object));
    model
}

/// How often the words occur in the bytes that are not compressed.
fn occurs(pdf: &[u8], words: &str) -> usize {
    pdf.windows(words.len()).filter(|it| *it == words.as_bytes()).count()
}

/// Keeps it for whoever wants to look at its pages.
fn keep(name: &str, pdf: &[u8]) {
    if let Some(folder) = std::env::var_os("DOCUMENTS") {
        std::fs::write(std::path::Path::new(&folder).join(name), pdf).unwrap();
    }
}

#[test]
fn the_scope_report_is_tagged_and_the_same_to_the_byte() {
    let paper = scope_report(&source(&estate(), true)).unwrap();
    assert!(!paper.draft && paper.origin.starts_with("SEAL-1, SHA-256 "), "{}", paper.origin);
    let titles: Vec<&str> = paper.sections.iter().map(|it| it.title.as_str()).collect();
    assert_eq!(titles.first(), Some(&"1. What is in scope, in short"));
    let data = paper.json();
    let once = pdf(&data).unwrap();
    keep("scope.pdf", &once);
    assert!(once.starts_with(b"%PDF-1.7"));
    for words in ["/MarkInfo", "/StructTreeRoot", "<pdfuaid:part>1</pdfuaid:part>", "/Lang(en)", "D:20261121"] {
        assert!(occurs(&once, words) > 0, "{words}");
    }
    assert_eq!(pdf(&data).unwrap(), once);
}

#[test]
fn a_state_that_nobody_signed_is_a_draft() {
    let paper = scope_report(&source(&estate(), false)).unwrap();
    assert!(paper.draft && paper.origin.contains("DRAFT"), "{}", paper.origin);
    keep("draft.pdf", &pdf(&paper.json()).unwrap());
}

#[test]
fn a_pack_without_names_has_a_document_without_names() {
    let told = |profile| {
        let paper = scope_report(&Source { profile, ..source(&estate(), true) }).unwrap();
        String::from_utf8(paper.json()).unwrap()
    };
    let (full, redacted) = (told(Profile::Full), told(Profile::Redacted));
    for words in
        ["Sample Shop Limited", "Web shop of the sample", "Payments lead of the shop", "The scope is as it should be."]
    {
        assert!(full.contains(words) && !redacted.contains(words), "{words}");
    }
    for system in estate().systems.values().filter(|it| it.name.contains("Payment ")) {
        assert!(!redacted.contains(&system.name), "{}", system.name);
    }
}

fn paper(texts: &[&str]) -> Paper {
    let rows: Vec<Vec<String>> = texts.iter().map(|it| vec![(*it).to_owned(), (*it).to_owned()]).collect();
    let facts: Vec<Fact> = texts.iter().map(|it| Fact::new(*it, *it)).collect();
    let mut blocks = vec![
        Block::Facts { facts: facts.clone() },
        Block::Lines { lines: texts.iter().map(|it| (*it).to_owned()).collect() },
        Block::Table(Sheet::new(&["Key", "Category"], rows, 100, "a.csv").with_chips("Category")),
    ];
    blocks.extend(texts.iter().flat_map(|it| [Block::text(*it), Block::note(*it)]));
    Paper {
        title: texts.first().copied().unwrap_or("Title").to_owned(),
        subject: texts.last().copied().unwrap_or("Shop").to_owned(),
        origin: "As of 2026-11-21".to_owned(),
        draft: true,
        cover: true,
        date: [2026, 11, 21],
        facts,
        sentences: texts.iter().map(|it| (*it).to_owned()).collect(),
        sections: vec![Part::new(texts.first().copied().unwrap_or("Part"), blocks)],
    }
}

#[test]
fn what_people_wrote_is_never_markup() {
    let hostile = [
        "#panic(\"no\")",
        "#read(\"/etc/passwd\") #import \"@preview/x:1.0.0\"",
        "$ 1/0 $ *bold* _it_ = head @ref <label> `raw` \\ ~ https://x.example //",
        "]] ) } \"; #{ while true {} }",
        "漢字 🙂 \u{202e}right\u{0}to left\u{7f} \u{301}",
        "",
        "CDE",
        "a-very-long-key-without-any-place-to-break-0123456789abcdef0123456789abcdef0123456789abcdef",
        "zero\u{200b}width\u{ad}soft\nline\r\nend",
    ];
    let made = pdf(&paper(&hostile).json()).unwrap();
    keep("hostile.pdf", &made);
    assert!(made.starts_with(b"%PDF-"));
}

#[test]
fn what_is_no_document_is_refused() {
    assert!(matches!(pdf(b"no"), Err(Refused::Unreadable(_))));
    assert!(matches!(pdf(b"[]"), Err(Refused::Unreadable(_))));
    assert!(matches!(pdf(b"{}"), Err(Refused::Unset(_))));
}
