//! `plumbline export-pack` and `plumbline verify-pack`.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use domain::backend::packs::Signer;
use domain::pack::Source;
use domain::pack::scan::Hit;
use domain::pack::signature::{TrustedKey, fingerprint, line};
use domain::pack::verify::{Report, Trust, Verdict, verify};
use domain::problem::Problem;
use store::{Actor, PackKey, verifies};

use super::accounts::refused;
use super::exchange::workspace;
use super::{Exit, Failure, Streams, block_on, data};
use crate::archive;
use crate::assets;
use crate::config::{ExportPackOptions, Location, MakePackOptions, VerifyPackOptions};
use crate::http::causes;
use crate::pack::folder::Folder;
use crate::pack::job::Workshop;
use crate::pack::{Built, Unbuilt, build};

/// Largest file that is read as a key or a checkpoint, in bytes.
const TRUSTED_MAX: u64 = 8 * 1024 * 1024;

/// Writes the pack of a workspace into one file.
pub(super) fn export(options: &ExportPackOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let workspace = workspace(&options.workspace)?;
    if options.out.exists() {
        return Err(Failure::usage(format!(
            "{} exists already, and a pack never replaces a file. Choose another name with --out.",
            options.out.display()
        )));
    }
    let (source, signer) = block_on(async {
        let store = data::open(&options.location).await?;
        let source = store.gate(Actor::Operator).pack_source(&workspace, options.snapshot, options.profile).await;
        let signer = store.pack_key().await;
        store.close().await;
        let source = source.map_err(|problem| match problem {
            Problem::NotFound if options.snapshot.is_some() => Failure::usage(
                "There is no such workspace, or no such snapshot in it. Give the key of the workspace from its address, /w/KEY, \
                 and that of the snapshot from its page.",
            ),
            other => refused(other),
        })?;
        let signer =
            signer.map_err(|error| Failure::fault(format!("The pack cannot be signed: {}.", causes(&error))))?;
        Ok((source, signer))
    })?;
    let what = match &source.sealed {
        Some(it) => format!("{}, sealed at {}", it.seal.key, source.at),
        None => format!("DRAFT, as of {}: nobody signed it", source.as_of),
    };
    let built = save(&options.out, source, &signer, &Folder::of(&options.location.data))?;
    let shown = options.out.display();
    writeln!(streams.output, "{shown}: {what}, {} files, SHA-256 {}.", built.files, built.sha256)?;
    for hit in &built.scanned.warnings {
        writeln!(streams.errors, "{}: a test number of a card, {}.", place(hit), hit.mask)?;
    }
    for file in &built.scanned.unread {
        writeln!(streams.errors, "{file}: holds no text and was not looked through for card numbers.")?;
    }
    if assets::verifier().is_none() {
        writeln!(streams.errors, "verify.html is not in it: this program was built without scripts/verifier.sh.")?;
    }
    Ok(writeln!(
        streams.output,
        "Signed by {}. Give that to whoever verifies it, on another way than with the pack.",
        fingerprint(&signer.public())
    )?)
}

/// Prints the public keys with which this instance signs packs, and did, newest first.
pub(super) fn list_keys(location: &Location, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let all = block_on(async {
        let store = data::open(location).await?;
        let all = async {
            store.pack_key().await?;
            store.pack_signers().await
        };
        let all = all.await;
        store.close().await;
        all.map_err(data::unavailable)
    })?;
    for Signer { generation, public, since } in all {
        writeln!(streams.output, "{generation}  since {since}  {}\n{}", fingerprint(&public), line(&public))?;
    }
    Ok(())
}

/// Signs packs with a new key from now on.
pub(super) fn rotate_key(location: &Location, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let key = block_on(async {
        let store = data::open(location).await?;
        let key = store.rotate_pack_key().await;
        store.close().await;
        key.map_err(data::unavailable)
    })?;
    Ok(writeln!(
        streams.output,
        "From now on packs are signed by {}. Give that to whoever verifies them, on another way than with a pack. Packs \
         that were signed before stay as they are, and so do their keys: plumbline pack-key list.",
        fingerprint(&key.public())
    )?)
}

/// Makes a pack that somebody asked for, in this process. What became of it the database says.
pub(super) fn make(options: &MakePackOptions) -> Result<(), Failure> {
    let workspace = workspace(&options.workspace)?;
    block_on(async {
        let store = data::open(&options.location).await?;
        Workshop::new(store.clone(), &options.location.data).make_now(&workspace, options.pack).await;
        store.close().await;
        Ok(())
    })
}

/// Writes the archive beside its place and gives it its name last of all, so that none is ever half there, and none with a
/// card number in it.
fn save(out: &Path, source: Source, key: &PackKey, folder: &Folder) -> Result<Built, Failure> {
    let mut draft = out.as_os_str().to_owned();
    draft.push(".part");
    let mut open = |sha256: &str| folder.evidence(sha256);
    let unwritten = |error: io::Error| {
        Failure::usage(format!("{} cannot be written: {error}. Choose another place with --out.", out.display()))
    };
    // A draft that is there already may be one that somebody else is writing, or no draft at all.
    let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&draft).map_err(|error| {
        if error.kind() != io::ErrorKind::AlreadyExists {
            return unwritten(error);
        }
        let draft = Path::new(&draft).display();
        Failure::usage(format!("{draft} exists already: another export may be writing it. Wait, or remove it."))
    })?;
    let written = (|| {
        let built = build(source, key, &mut file, &mut open, &mut |_| true)?;
        file.sync_all()?;
        if !built.scanned.stops() {
            fs::hard_link(&draft, out)?;
        }
        Ok(built)
    })();
    // It is there where anything was written at all.
    let _ = fs::remove_file(&draft);
    let built = written.map_err(|error| match error {
        Unbuilt::Unfit(error) => {
            Failure::fault(format!("The pack was not made: {error}. {}", error.remedy()))
        }
        Unbuilt::Document(failed) => Failure::fault(format!("The PDF of the pack was not made: {}.", causes(&failed))),
        Unbuilt::OtherKey => Failure::fault("The pack was not made: its key was changed meanwhile. Try again."),
        Unbuilt::Stopped => Failure::fault("The pack was not made: it was stopped."),
        Unbuilt::Io(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidData) => {
            Failure::fault(format!(
                "The pack was not made: a file of evidence is missing or is not what was uploaded ({error}). Restore the \
                 folder evidence from a backup."
            ))
        }
        Unbuilt::Io(error) => unwritten(error),
    })?;
    if !built.scanned.stops() {
        return Ok(built);
    }
    let mut sentences: Vec<String> =
        built.scanned.stops.iter().map(|hit| format!("{}: a card number, {}.", place(hit), hit.mask)).collect();
    if built.scanned.more_stops > 0 {
        sentences.push(format!("{} more card numbers.", built.scanned.more_stops));
    }
    sentences.push(
        "The pack was not made. Take the numbers out of the text where they stand, or make the pack on its page, where a second \
         person can release it."
            .to_owned(),
    );
    Err(Failure { exit: Exit::Findings, sentences })
}

/// Where a number stands.
fn place(hit: &Hit) -> String {
    format!("{}, line {}, from character {} on", hit.file, hit.line, hit.column)
}

/// Says whether a pack is what was made.
pub(super) fn check(options: &VerifyPackOptions, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let shown = options.file.display();
    let trusted = options.trusted_key.as_deref().map(trusted_key).transpose()?;
    let checkpoint = options.checkpoint.as_deref().map(|file| text(file, "--checkpoint")).transpose()?;
    let mut file = File::open(&options.file)
        .map_err(|error| Failure::usage(format!("{shown} cannot be read: {error}. Give the path of a pack.")))?;
    let found = match archive::read(&mut file, &archive::Limits::default()) {
        Ok(found) => found,
        Err(archive::Refused::Input(error)) => {
            return Err(Failure::usage(format!("{shown} cannot be read: {error}. Give the path of a pack.")));
        }
        // What is no archive any more is not what was made.
        Err(refused) => {
            writeln!(streams.output, "{shown}: {}", Verdict::Altered.words())?;
            writeln!(streams.output, "The archive: {refused}.")?;
            return Ok(Exit::Findings);
        }
    };
    let trust = Trust { key: trusted.as_ref(), checkpoint: checkpoint.as_deref(), ed25519: &verifies };
    let report = verify(&found, &trust);
    writeln!(streams.output, "{shown}: {}", report.verdict.words())?;
    told(&report, streams)?;
    Ok(if report.verdict == Verdict::Altered { Exit::Findings } else { Exit::Done })
}

fn told(report: &Report, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let out = &mut streams.output;
    if let Some(about) = &report.about {
        let of = about.seal.as_ref().map_or_else(|| "DRAFT".to_owned(), |it| it.key.to_string());
        let (workspace, as_of, profile) = (&about.workspace, about.as_of, about.profile);
        writeln!(out, "Workspace {workspace}, {of}, as of {as_of}, profile {profile}.")?;
    }
    if let Some(signer) = &report.signer {
        writeln!(out, "Signed by {signer}.")?;
    }
    if let Some(it) = &report.agreement {
        let ((verdicts, same), (findings, again), (files, equal)) = (it.verdicts, it.findings, it.files);
        writeln!(out, "Computed again: {same} of {verdicts} verdicts, {again} of {findings} findings agree.")?;
        match files {
            0 => writeln!(out, "Another version made the files that follow from the model; they were not compared.")?,
            _ => writeln!(
                out,
                "{equal} of {files} files that follow from the model and the seal are the same to the byte."
            )?,
        }
        for sentence in &it.explained {
            writeln!(out, "A rule changed since: {sentence}")?;
        }
    }
    for fault in &report.faults {
        writeln!(out, "{}: {}", fault.file(), fault.sentence())?;
    }
    if report.verdict == Verdict::SignerUnknown {
        writeln!(
            out,
            "Nobody said whose key signs: give the public key or its fingerprint, got on another way, with --trusted-key."
        )?;
    }
    Ok(())
}

fn trusted_key(file: &Path) -> Result<TrustedKey, Failure> {
    let shown = file.display();
    let text = text(file, "--trusted-key")?;
    text.parse().map_err(|error| Failure::usage(format!("{shown} holds no public key: {error}.")))
}

/// A small text that somebody trusts.
fn text(file: &Path, option: &str) -> Result<String, Failure> {
    let shown = file.display();
    let mut text = String::new();
    let read = File::open(file).and_then(|file| file.take(TRUSTED_MAX).read_to_string(&mut text));
    read.map_err(|error| Failure::usage(format!("{shown} cannot be read: {error}. Check {option}.")))?;
    Ok(text)
}
