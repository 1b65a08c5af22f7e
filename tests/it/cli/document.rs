//! Documents as the program makes them for the server: data in, PDF out, in a process with limits.

use std::fs;
use std::io::Write as _;
use std::process::{Child, Command, Stdio};

use bench::estate::Estate;
use domain::evidence::Index;
use domain::export::model_file::to_json;
use domain::pack::{Profile, Requirements, Source, name, scope_report};
use domain::paper::{Block, Paper, Part};
use domain::review::content::Registered;
use domain::review::entity::EntityProfile;
use domain::risk::Register;
use domain::time::Day;
use server::cli::Exit;
use server::compiler::{self, COMMAND, MEMORY};

use super::data::{Data, unzipped};

fn paper(blocks: Vec<Block>) -> Paper {
    Paper {
        title: "Measures".to_owned(),
        subject: "Shop".to_owned(),
        origin: "As of 2026-11-21".to_owned(),
        draft: false,
        cover: false,
        date: [2026, 11, 21],
        facts: Vec::new(),
        sentences: vec!["#panic() $ * _ @nobody".to_owned()],
        sections: vec![Part::new("Part", blocks)],
    }
}

/// The program as the server starts it.
fn program() -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plumbline-under-test"));
    command.arg(COMMAND).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

#[test]
fn the_program_makes_a_tagged_document_and_the_same_one_again() {
    compiler::use_program(env!("CARGO_BIN_EXE_plumbline-under-test").into());
    let paper = paper(vec![Block::text("Words.")]);
    let made = compiler::compile(&paper).unwrap();
    let text = String::from_utf8_lossy(&made);
    for words in ["%PDF-1.7", "/MarkInfo", "<pdfuaid:part>1</pdfuaid:part>"] {
        assert!(text.contains(words), "{words}");
    }
    assert!(compiler::compile(&paper).unwrap() == made, "two documents of the same data differ");
}

#[test]
fn what_is_no_document_ends_with_3_and_one_sentence() {
    let mut child = program();
    child.stdin.take().unwrap().write_all(b"{}").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(output.stdout.is_empty());
    assert_eq!(String::from_utf8(output.stderr).unwrap().lines().count(), 1);
}

#[test]
fn a_document_that_takes_more_memory_than_it_may_ends_without_harm() {
    let mut child = program();
    let mut input = child.stdin.take().unwrap();
    // Each number takes two bytes here and thirty-two when it is read.
    let writer = std::thread::spawn(move || {
        let _ =
            input.write_all(b"[0").and_then(|()| (0..90 * 1024).try_for_each(|_| input.write_all(&b",0".repeat(512))));
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert_eq!(output.status.code(), None, "it ended by itself: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_pack_has_the_report_as_a_document() {
    let data = Data::new();
    let workspace = data.with_sample();
    let out = format!("{}-pack.zip", data.folder());
    let made = data.run(&["export-pack"], &["--workspace", &workspace, "--out", &out], b"");
    assert_eq!(made.exit, Exit::Done, "{}", made.errors);
    let files = unzipped(out.as_ref());
    fs::remove_file(&out).unwrap();
    let report = files[name::REPORT].bytes().unwrap();
    assert!(report.starts_with(b"%PDF-1.7"), "{} bytes", report.len());
    assert!(files["MANIFEST.sha256"].text().unwrap().contains(name::REPORT));
}

/// Takes minutes in a build that is not optimised: `cargo test --release -- --ignored ten_thousand`.
#[test]
#[ignore = "takes minutes in a build that is not optimised"]
fn the_report_of_ten_thousand_systems_is_made_within_its_limits() {
    compiler::use_program(env!("CARGO_BIN_EXE_plumbline-under-test").into());
    let day = Day(20_778);
    let source = Source {
        profile: Profile::Full,
        workspace: "large".to_owned(),
        name: "Large".to_owned(),
        model: to_json(&Estate::new(10_000, 100_000).model()),
        sealed: None,
        as_of: day,
        at: day.start(),
        register: Registered::of(&Register::default(), std::iter::empty(), std::iter::empty()),
        entity: EntityProfile::default(),
        trail: Vec::new(),
        chain: "workspace/large".to_owned(),
        members: Vec::new(),
        evidence: Vec::new(),
        index: Index::default(),
        requirements: Requirements::default(),
        salt: [3; 32],
        report: None,
        page: None,
        public_key: [7; 32],
        checkpoint_key: String::new(),
    };
    #[expect(clippy::disallowed_methods, reason = "it prints how long the parts take")]
    let begun = std::time::Instant::now();
    let paper = scope_report(&source).unwrap();
    let written = begun.elapsed();
    let made = compiler::compile(&paper).unwrap();
    let maps = paper.sections.iter().flat_map(|it| &it.blocks).filter(|it| matches!(it, Block::Picture { .. }));
    eprintln!(
        "{} maps, {} bytes of data, {} bytes of PDF; written in {written:?}, set in {:?} with at most {MEMORY} bytes",
        maps.count(),
        paper.json().len(),
        made.len(),
        begun.elapsed() - written
    );
    if let Some(folder) = std::env::var_os("DOCUMENTS") {
        fs::write(std::path::Path::new(&folder).join("large.pdf"), made).unwrap();
        fs::write(std::path::Path::new(&folder).join("large.json"), paper.json()).unwrap();
    }
}
