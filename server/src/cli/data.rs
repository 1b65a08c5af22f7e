//! Where the data is, and the commands that need nothing but the data.

use std::fs::{DirBuilder, OpenOptions};
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
const DATABASE_FILE: &str = "plumbline.db";

/// Brings the database to the schema of this version.
pub(super) fn migrate(location: &Location, streams: &mut Streams<'_>) -> Result<(), Failure> {
    block_on(async {
        open(location).await?.close().await;
        Ok(())
    })?;
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
    let place = match (&location.database, &location.database_file) {
        (Some(url), _) => url.expose().to_owned(),
        (None, Some(file)) => std::fs::read_to_string(file)
            .map(|url| url.trim().to_owned())
            .map_err(|error| Failure::usage(format!("{} cannot be read: {error}. Check --database-file.", file.display())))?,
        (None, None) => private_database(&location.data).map_err(|error| {
            Failure::usage(format!(
                "The data folder {} cannot be used: {error}. Choose one that this user may write with --data.",
                location.data.display()
            ))
        })?,
    };
    let store = Store::open(&place, Arc::new(SystemClock)).await.map_err(unavailable)?;
    store.migrate().await.map_err(unavailable)?;
    Ok(store)
}

/// What to say of a database that cannot be used. The address of a database may hold a password, so it is not repeated.
pub(super) fn unavailable(error: StoreError) -> Failure {
    let causes = causes(&error);
    Failure::fault(format!("The database cannot be used: {causes}. Check --data or --database, and that the database runs."))
}

/// The path of the SQLite file, in a folder and with a mode that shut out other users of the machine. SQLite gives
/// the mode of the file to those that it makes beside it.
fn private_database(folder: &Path) -> io::Result<String> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let path: PathBuf = folder.join(DATABASE_FILE);
    OpenOptions::new().create(true).append(true).mode(0o600).open(&path)?;
    path.into_os_string().into_string().map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "its name is not UTF-8"))
}
