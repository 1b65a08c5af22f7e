//! Where the data is, and the commands that need nothing but the data.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::backend::Backend as _;
use store::{Actor, Store, StoreError};

use super::accounts::refused;
use super::{Failure, Streams, block_on};
use crate::clock::SystemClock;
use crate::config::Location;
use crate::http::causes;

/// The file of the SQLite database in the data folder.
pub(super) const DATABASE_FILE: &str = "plumbline.db";

/// The folder of the files of evidence.
pub(super) const EVIDENCE_FOLDER: &str = "evidence";

/// The file that the server of a data folder holds.
pub(super) const LOCK_FILE: &str = "plumbline.lock";

/// Brings the database to the schema of this version.
pub(super) fn migrate(location: &Location, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let kept = block_on(async {
        let (store, kept) = open_and_migrate(location).await?;
        store.close().await;
        Ok(kept)
    })?;
    if let Some(kept) = kept {
        writeln!(streams.output, "The database as it was is in {}.", kept.display())?;
    }
    Ok(writeln!(streams.output, "The database has the schema of version {}.", env!("CARGO_PKG_VERSION"))?)
}

/// Makes a workspace with the sample estate.
pub(super) fn load_demo(location: &Location, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let workspace = block_on(async {
        let store = open(location).await?;
        let made = store.gate(Actor::Operator).create_workspace("", true).await;
        store.close().await;
        made.map_err(refused)
    })?;
    Ok(writeln!(streams.output, "The workspace {workspace} holds the sample estate: /w/{workspace}")?)
}

/// Opens the database and brings its schema to this version.
pub(super) async fn open(location: &Location) -> Result<Store, Failure> {
    let (store, kept) = open_and_migrate(location).await?;
    if let Some(kept) = kept {
        tracing::warn!(copy = %kept.display(), "the schema was brought to this version; the database as it was is kept");
    }
    Ok(store)
}

/// Opens the database that there is, whatever its schema.
pub(super) async fn open_as_is(location: &Location) -> Result<Store, Failure> {
    let database = location.data.join(DATABASE_FILE);
    if location.is_sqlite() && !database.is_file() {
        return Err(Failure::usage(format!("There is no database {}. Check --data.", database.display())));
    }
    Store::open(&place(location)?, Arc::new(SystemClock)).await.map_err(unavailable)
}

async fn open_and_migrate(location: &Location) -> Result<(Store, Option<PathBuf>), Failure> {
    let store = Store::open(&place(location)?, Arc::new(SystemClock)).await.map_err(unavailable)?;
    let store = store.with_sealing_key(super::key::read_or_make(location)?);
    let kept = store.migrate().await.map_err(unavailable)?;
    Ok((store, kept))
}

/// The URL of the database; `None` where it is a file in the data folder.
pub(super) fn url(location: &Location) -> Result<Option<String>, Failure> {
    let url = match (&location.database, &location.database_file) {
        (Some(url), _) => url.expose().to_owned(),
        (None, Some(file)) => std::fs::read_to_string(file).map(|url| url.trim().to_owned()).map_err(|error| {
            Failure::usage(format!("{} cannot be read: {error}. Check --database-file.", file.display()))
        })?,
        (None, None) => return Ok(None),
    };
    if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
        return Err(Failure::usage(
            "The URL of the database must begin with postgres://. Without one, the data is a SQLite file in --data.",
        ));
    }
    Ok(Some(url))
}

/// The URL or path of the database. The folder and an empty file are made where there is nothing yet.
fn place(location: &Location) -> Result<String, Failure> {
    if let Some(url) = url(location)? {
        return Ok(url);
    }
    let made = private_file(&location.data, DATABASE_FILE);
    made.and_then(|(path, _)| utf8(path)).map_err(|error| unusable(&location.data, &error))
}

/// Makes sure that this is the only server on a data folder, as long as what it gives is kept. Servers that share a
/// database on PostgreSQL are as many as they like.
pub(super) fn alone(location: &Location) -> Result<Option<File>, Failure> {
    if !location.is_sqlite() {
        return Ok(None);
    }
    let folder = location.data.display();
    let locked = private_file(&location.data, LOCK_FILE).map_err(TryLockError::Error);
    match locked.and_then(|(_, file)| file.try_lock().map(|()| file)) {
        Ok(file) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(Failure::usage(format!(
            "Another server uses the data folder {folder}. Stop that one, or choose another folder with --data."
        ))),
        Err(TryLockError::Error(error)) => Err(unusable(&location.data, &error)),
    }
}

pub(super) fn unusable(folder: &Path, error: &io::Error) -> Failure {
    let folder = folder.display();
    Failure::usage(format!(
        "The data folder {folder} cannot be used: {error}. Choose one that this user may write with --data."
    ))
}

/// What to say of a database that cannot be used. The address of a database may hold a password, so it is not repeated.
pub(super) fn unavailable(error: StoreError) -> Failure {
    let causes = causes(&error);
    Failure::fault(format!(
        "The database cannot be used: {causes}. Check --data or --database, and that the database runs."
    ))
}

/// A file in a folder, both made where they are missing, with modes that shut out other users of the machine. SQLite
/// gives the mode of its file to those that it makes beside it.
fn private_file(folder: &Path, name: &str) -> io::Result<(PathBuf, File)> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let path = folder.join(name);
    let file = OpenOptions::new().create(true).append(true).mode(0o600).open(&path)?;
    Ok((path, file))
}

fn utf8(path: PathBuf) -> io::Result<String> {
    path.into_os_string()
        .into_string()
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "its name is not UTF-8"))
}
