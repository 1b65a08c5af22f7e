//! The commands: what they print, where, and what they end with.

mod backup;
mod cases;
mod change;
mod check_config;
mod data;
mod document;
mod engine;
mod findings;
mod formulas;
mod large_archive;
mod map;
mod observe;
mod pack_keys;
mod packs;
mod proof;
mod recognise;
mod scope;

use server::cli::{Exit, Streams, run};
use server::compiler;

/// What a command left behind.
#[derive(Debug)]
pub struct Ended {
    pub exit: Exit,
    pub output: String,
    pub errors: String,
}

/// Runs `plumbline` with these arguments and this standard input.
pub fn plumbline(arguments: &[&str], input: &[u8]) -> Ended {
    // The tests are another program than the one with the command that makes documents.
    compiler::use_program(env!("CARGO_BIN_EXE_plumbline-under-test").into());
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let mut input = input;
    let mut streams = Streams { input: &mut input, output: &mut output, errors: &mut errors };
    let exit = run(std::iter::once("plumbline").chain(arguments.iter().copied()), &mut streams);
    Ended { exit, output: String::from_utf8(output).unwrap(), errors: String::from_utf8(errors).unwrap() }
}

#[test]
fn wrong_usage_ends_with_2_and_help_with_0() {
    for arguments in [&["frobnicate"][..], &["serve", "--listen", "nowhere"], &["import", "--data", "x"], &[]] {
        let ended = plumbline(arguments, b"");
        assert_eq!(ended.exit, Exit::Usage, "{arguments:?}");
        assert!(!ended.errors.is_empty() && ended.output.is_empty(), "{arguments:?}");
    }
    for arguments in [&["--help"][..], &["--version"], &["serve", "--help"]] {
        let ended = plumbline(arguments, b"");
        assert_eq!(ended.exit, Exit::Done, "{arguments:?}");
        assert!(!ended.output.is_empty() && ended.errors.is_empty(), "{arguments:?}");
    }
}

#[test]
fn serving_other_machines_without_tls_ends_with_2_and_says_what_to_add() {
    let ended = plumbline(&["serve", "--listen", "0.0.0.0:0"], b"");
    assert_eq!(ended.exit, Exit::Usage);
    assert!(ended.errors.contains("--public-url") && ended.errors.contains("--trusted-proxy"), "{}", ended.errors);
}

#[test]
fn an_address_in_use_ends_with_2_and_names_the_option() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::TempDir::new().unwrap();
    let data = folder.path().to_str().unwrap();
    let ended = plumbline(&["serve", "--data", data, "--listen", "127.0.0.1:0", "--admin-listen", &address], b"");
    assert_eq!(ended.exit, Exit::Usage);
    let named = ended.errors.contains(&format!("{address} is in use")) && ended.errors.contains("--admin-listen");
    assert!(named, "{}", ended.errors);
}
