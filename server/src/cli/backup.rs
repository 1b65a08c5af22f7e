//! `plumbline backup`, `plumbline restore` and `plumbline audit verify`.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use store::backup::{self, Examined};
use store::{ChainVerdict, Files, StoreError};

use super::{Exit, Failure, Streams, block_on, checkpoint, data, key};
use crate::clock::SystemClock;
use crate::config::{BackupOptions, Location, RestoreOptions, VerifyOptions};
use crate::http::causes;

/// The name of what is being restored, until it is whole. A later restoration removes what an earlier one left.
const STAGED: &str = "plumbline.db.restoring";

/// The files of evidence that are being restored, until the database is there.
const STAGED_FILES: &str = "evidence.restoring";

/// What SQLite adds to the name of a file.
const BESIDE: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// Writes a backup while the server may go on.
pub(super) fn back_up(options: &BackupOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    refuse_postgres(&options.location, "pg_dump --format=custom --file=FILE URL")?;
    let database = options.location.data.join(data::DATABASE_FILE);
    if !database.is_file() {
        return Err(Failure::usage(format!("There is no database {}. Check --data.", database.display())));
    }
    if options.out.exists() {
        return Err(Failure::usage(format!(
            "{} exists already, and a backup never replaces a file. Choose another name with --out.",
            options.out.display()
        )));
    }
    let (evidence, beside) = (options.location.data.join(data::EVIDENCE_FOLDER), files_of(&options.out));
    if beside.exists() {
        return Err(Failure::usage(format!(
            "{} exists already, and a backup never replaces anything. Choose another name with --out.",
            beside.display()
        )));
    }
    let examined = block_on(async {
        backup::back_up(&database, &options.out).await.map_err(|error| unfit(&error, "The backup was not made"))
    })?;
    writeln!(streams.output, "{}: {}.", options.out.display(), told(examined))?;
    // After the database: every file that it names is there by then, and none is removed within a month.
    copy_files(&evidence, &beside, streams)?;
    let key = key::path(&options.location);
    Ok(writeln!(
        streams.output,
        "The key of the second factors is not in it: keep {} at another place.",
        key.display()
    )?)
}

/// Puts a backup in place of a database that does not exist yet.
pub(super) fn restore(options: &RestoreOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    refuse_postgres(&options.location, "createdb, pg_restore --dbname=URL FILE, and then `plumbline audit verify`")?;
    let folder = &options.location.data;
    let file = options.file.display();
    if !options.file.is_file() {
        return Err(Failure::usage(format!("{file} is no file. Give the path of a backup.")));
    }
    let mut log = options.file.as_os_str().to_owned();
    log.push("-wal");
    if fs::metadata(&log).is_ok_and(|it| it.len() > 0) {
        return Err(Failure::usage(format!(
            "{file} is a database in use: what it has beside it in -wal would be lost. Make a backup with `plumbline backup`."
        )));
    }
    let _only = data::alone(&options.location)?;
    let staged = folder.join(STAGED);
    remove_staged(&staged);
    let staged_files = folder.join(STAGED_FILES);
    // What an earlier restoration left, as a rule nothing.
    let _ = fs::remove_dir_all(&staged_files);
    refuse_occupied(folder, &key::path(&options.location))?;
    copy_files(&files_of(&options.file), &staged_files, streams).inspect_err(|_| {
        // Nothing of it stays: the next attempt begins anew.
        let _ = fs::remove_dir_all(&staged_files);
    })?;
    let restored = put_back(&options.file, &staged, &folder.join(data::DATABASE_FILE));
    remove_staged(&staged);
    let database = folder.join(data::DATABASE_FILE);
    if restored.is_err() {
        let _ = fs::remove_dir_all(&staged_files);
    }
    writeln!(streams.output, "{}: {}.", database.display(), told(restored?))?;
    if staged_files.exists() {
        let evidence = folder.join(data::EVIDENCE_FOLDER);
        fs::rename(&staged_files, &evidence)
            .map_err(|error| Failure::fault(format!("{} cannot be made: {error}.", evidence.display())))?;
    }
    tell_lost_files(options, streams)?;
    writeln!(
        streams.output,
        "Everybody signs in again. Accounts, members and API tokens are those of the backup: end again what was ended since."
    )?;
    if !key::path(&options.location).is_file() {
        writeln!(
            streams.output,
            "The key of the second factors is missing. Put it to {} before you serve, or everybody with a second factor \
             needs `plumbline user remove-second-factor`.",
            key::path(&options.location).display()
        )?;
    }
    Ok(())
}

/// Says where files of evidence did not come with the database.
fn tell_lost_files(options: &RestoreOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let evidence = options.location.data.join(data::EVIDENCE_FOLDER);
    let lost = block_on(async {
        let store = data::open_as_is(&options.location).await?;
        let lost = store.lost_files(&evidence).await;
        store.close().await;
        lost.map_err(data::unavailable)
    })?;
    match lost.as_slice() {
        [] => Ok(()),
        [first, ..] => Ok(writeln!(
            streams.output,
            "Files of evidence are missing: {}, the first is {first}. They belong into {}, and were looked for in {}. Packs with \
             them cannot be made until they are there.",
            lost.len(),
            evidence.display(),
            files_of(&options.file).display()
        )?),
    }
}

/// Checks every audit chain of a database, also one on PostgreSQL, and compares them with checkpoints.
pub(super) fn verify(options: &VerifyOptions, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let recorded = checkpoint::recorded(options)?;
    let verdicts = block_on(async {
        let store = data::open_as_is(&options.location).await?;
        let verdicts = store.verify_chains_against(&recorded).await;
        store.close().await;
        verdicts.map_err(data::unavailable)
    })?;
    for (chain, verdict) in &verdicts {
        writeln!(streams.output, "{chain}: {verdict}")?;
    }
    let is_whole = verdicts.iter().all(|(_, verdict)| matches!(verdict, ChainVerdict::Whole { .. }));
    Ok(if is_whole { Exit::Done } else { Exit::Findings })
}

/// The folder beside a backup that has the files of evidence.
fn files_of(backup: &Path) -> PathBuf {
    let mut name = backup.as_os_str().to_owned();
    name.push(".evidence");
    name.into()
}

/// Copies the files of evidence, each compared with its hash.
fn copy_files(from: &Path, into: &Path, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let copied = Files::copy(from, into).map_err(|error| {
        Failure::fault(format!("The files of evidence cannot be copied into {}: {error}.", into.display()))
    })?;
    match copied {
        (0, _) => Ok(()),
        (count, bytes) => Ok(writeln!(
            streams.output,
            "{}: {count} files of evidence with {bytes} bytes, each compared with its hash.",
            into.display()
        )?),
    }
}

/// Copies a backup beside its future place, makes it ready there, and gives it its name last of all.
fn put_back(file: &Path, staged: &Path, database: &Path) -> Result<Examined, Failure> {
    let copied = OpenOptions::new().create_new(true).write(true).mode(0o600).open(staged).and_then(|mut to| {
        io::copy(&mut File::open(file)?, &mut to)?;
        to.sync_all()
    });
    copied.map_err(|error| Failure::fault(format!("{} cannot be written: {error}.", staged.display())))?;
    let examined = block_on(async {
        backup::make_ready(staged, Arc::new(SystemClock)).await.map_err(|error| unfit(&error, "Nothing was restored"))
    })?;
    backup::place(staged, database)
        .map_err(|error| Failure::fault(format!("{} cannot be made: {error}.", database.display())))?;
    Ok(examined)
}

fn remove_staged(staged: &Path) {
    for ending in BESIDE {
        let mut name = staged.as_os_str().to_owned();
        name.push(ending);
        // It is not there, as a rule. Where it cannot be removed, the folder counts as occupied.
        let _ = fs::remove_file(name);
    }
}

/// Refuses a folder that holds anything but the key and the lock.
fn refuse_occupied(folder: &Path, key: &Path) -> Result<(), Failure> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let entries = entries.map_err(|error| data::unusable(folder, &error))?;
    let other = entries.iter().map(fs::DirEntry::path).find(|path| path != key && !path.ends_with(data::LOCK_FILE));
    match other {
        None => Ok(()),
        Some(path) => Err(Failure::usage(format!(
            "The data folder is not empty: {} is in it. Restore into an empty one with --data; only the key may lie there.",
            path.display()
        ))),
    }
}

/// The tools of PostgreSQL see its transactions and large installations better than we do.
fn refuse_postgres(location: &Location, instead: &str) -> Result<(), Failure> {
    if location.is_sqlite() {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "The database is on PostgreSQL, whose own tools back it up and restore it: {instead}. docs/operation.md has the steps."
    )))
}

/// A file that must not be used is input that cannot be used; the rest are faults.
fn unfit(error: &StoreError, outcome: &str) -> Failure {
    match error {
        StoreError::Unfit(reason) => Failure::usage(format!("{outcome}: {reason}.")),
        error => Failure::fault(format!("{outcome}: {}.", causes(error))),
    }
}

fn told(Examined { schema, chains, entries }: Examined) -> String {
    format!("schema {schema}, {chains} audit chains with {entries} entries, all whole")
}
