//! The key under which second factors are sealed: a file that only this user can read, never in the database.

use std::fs::{DirBuilder, OpenOptions, hard_link, read_to_string, remove_file};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use store::SealingKey;

use super::Failure;
use crate::config::Location;

/// The file in the data folder, where no other one is named.
const FILE: &str = "plumbline.key";

/// Reads the key, or makes one where there is none yet.
pub(super) fn read_or_make(location: &Location) -> Result<SealingKey, Failure> {
    if let Some(key) = read(location)? {
        return Ok(key);
    }
    let path = path(location);
    make(&path).map_err(|error| unusable(&path, &error))?;
    let lost = || unusable(&path, &io::ErrorKind::NotFound.into());
    read(location)?.ok_or_else(lost)
}

/// Reads the key, where there is one.
pub(super) fn read(location: &Location) -> Result<Option<SealingKey>, Failure> {
    let path = path(location);
    let unusable = |error: &io::Error| unusable(&path, error);
    if !path.exists() {
        return Ok(None);
    }
    let mode = path.metadata().map_err(|error| unusable(&error))?.permissions().mode();
    if mode & 0o077 != 0 {
        let path = path.display();
        return Err(Failure::usage(format!("Other users can read the key file {path}. Run: chmod 600 {path}")));
    }
    let text = read_to_string(&path).map_err(|error| unusable(&error))?;
    let bytes = hex::decode(text.trim()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    bytes.map(SealingKey::new).map(Some).ok_or_else(|| {
        Failure::usage(format!(
            "The key file {} must hold 64 hexadecimal digits. Restore it from a backup: without it, everybody has to set \
             up the second factor again.",
            path.display()
        ))
    })
}

fn unusable(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("The key file {} cannot be used: {error}. Check --key-file.", path.display()))
}

/// Where the key is, or will be.
pub(super) fn path(location: &Location) -> PathBuf {
    location.key_file.clone().unwrap_or_else(|| location.data.join(FILE))
}

/// Makes a key. Of several programs at once, one makes it and all find the same whole file.
fn make(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let draft: PathBuf = folder.join(format!("{FILE}.{}", hex::encode(crate::http::random::<8>())));
    let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&draft)?;
    writeln!(file, "{}", hex::encode(crate::http::random::<32>()))?;
    file.sync_all()?;
    let linked = hard_link(&draft, path);
    remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use std::fs::{Permissions, set_permissions, write};

    fn location(folder: &Path) -> Location {
        Location { data: folder.to_owned(), database: None, database_file: None, key_file: None }
    }

    #[test]
    fn a_key_is_made_once_for_this_user_only() {
        let folder = std::env::temp_dir().join(format!("plumbline-key-{}", hex::encode(crate::http::random::<8>())));
        let path = folder.join(FILE);
        read_or_make(&location(&folder)).unwrap();
        let first = read_to_string(&path).unwrap();
        assert_eq!((first.trim().len(), path.metadata().unwrap().permissions().mode() & 0o777), (64, 0o600));
        read_or_make(&location(&folder)).unwrap();
        assert_eq!(read_to_string(&path).unwrap(), first);
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "nothing is left over");

        set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        let refused = read_or_make(&location(&folder)).err().unwrap();
        assert!(refused.sentences[0].contains("chmod 600"), "{:?}", refused.sentences);

        set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        write(&path, "short").unwrap();
        assert!(read_or_make(&location(&folder)).err().unwrap().sentences[0].contains("64 hexadecimal digits"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
