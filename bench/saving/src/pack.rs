//! How long a pack of a large workspace takes with its evidence, and how much memory the process that makes it.
//!
//! `saving pack [SYSTEMS FLOWS MIB]` fills a workspace and a folder of evidence files, then calls itself for the rest, so
//! that what is measured has a process of its own, as with the server.

use std::error::Error;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::Command as Process;
use std::time::Instant;

use bench::estate::Estate;
use domain::backend::Backend as _;
use domain::command::{Command, Revision};
use domain::id::WorkspaceId;
use domain::model::object::{Object, ObjectRef};
use domain::pack::{Evidence, Profile};
use server::pack::build;
use server::pack::folder::Folder;
use sha2::{Digest as _, Sha256};
use store::Actor;

use crate::{open, sign_in};

/// How large an evidence file is, in MiB.
const FILE: usize = 32;

/// Fills a folder, and calls this program again on it.
pub async fn measure(systems: u32, flows: u32, mebibytes: usize) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let database = folder.path().join("plumbline.db");
    let store = open(&database.display().to_string()).await?;
    sign_in(&store).await?;
    let model = Estate::new(systems, flows).model();
    let objects: Vec<Object> = model.objects().filter(|it| it.reference() != ObjectRef::Settings).collect();
    let import = Command::Import { source: "estate.json".to_owned(), objects, seen: Revision(i64::MAX) };
    let imported = store.gate(Actor::Operator).execute(&WorkspaceId::new("shop"), import).await;
    imported.map_err(|problem| format!("{problem:?}"))?;
    store.close().await;
    for number in 0..mebibytes.div_ceil(FILE) {
        evidence(folder.path(), number)?;
    }
    println!("## A pack of {systems} systems, {flows} flows and {mebibytes} MiB of evidence\n");
    let status = Process::new(std::env::current_exe()?).arg("pack-of").arg(folder.path()).status()?;
    if status.success() { Ok(()) } else { Err(format!("it ended with {status}").into()) }
}

/// Writes one evidence file: lines of text, each different.
fn evidence(data: &Path, number: usize) -> Result<(), Box<dyn Error>> {
    let mut text = String::with_capacity(FILE << 20);
    let mut line = 0_u64;
    while text.len() < FILE << 20 {
        line += 1;
        text.push_str(&format!(
            "2026-11-21T09:30:00Z host-{number} accepted port 443 from 10.0.{}.7, entry {line}\n",
            line % 256
        ));
    }
    let sha256 = hex::encode(Sha256::digest(&text));
    let folder = data.join("evidence").join(&sha256[..2]);
    fs::create_dir_all(&folder)?;
    Ok(fs::write(folder.join(sha256), text)?)
}

/// Makes the pack of a folder, and prints what that took.
pub async fn of(data: &Path) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let store = open(&data.join("plumbline.db").display().to_string()).await?;
    let gate = store.gate(Actor::Operator);
    let source = gate.pack_source(&WorkspaceId::new("shop"), None, Profile::Full).await;
    let mut source = source.map_err(|problem| format!("{problem:?}"))?;
    for folder in fs::read_dir(data.join("evidence"))? {
        for file in fs::read_dir(folder?.path())? {
            let file = file?;
            let sha256 = file.file_name().to_string_lossy().into_owned();
            let (key, name) = (format!("EV-{sha256:.4}"), "log of the gateway.txt".to_owned());
            source.evidence.push(Evidence { key, name, sha256, bytes: file.metadata()?.len() });
        }
    }
    source.evidence.sort_by(|one, other| one.sha256.cmp(&other.sha256));
    let read = begun.elapsed();
    let (key, folder) = (store.pack_key()?, Folder::of(data));
    let made = tokio::task::block_in_place(|| -> Result<_, Box<dyn Error>> {
        let mut out = BufWriter::new(fs::File::create(data.join("pack.zip"))?);
        let built = build(source, &key, &mut out, &mut |sha256| folder.evidence(sha256), &mut |_| true)?;
        out.flush()?;
        Ok(built)
    })?;
    store.close().await;
    println!("| What | |\n|---|---:|");
    println!("| Reading what it is made from | {:.1} s |", read.as_secs_f64());
    println!("| **All of it** (wanted: under 600 s) | {:.1} s |", begun.elapsed().as_secs_f64());
    println!("| Files | {} |", made.files);
    println!("| Archive | {} MiB |", made.bytes >> 20);
    println!("| Numbers that would stop it | {} |", made.scanned.stop_count());
    println!("| Most memory of the process that makes it | {} MiB |", peak()? >> 10);
    Ok(())
}

/// The most memory that this process had, in KiB.
fn peak() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
