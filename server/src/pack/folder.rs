//! Where archives of packs and evidence files lie in the data folder.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// The folder of the archives.
const PACKS: &str = "packs";
/// The folder of the evidence files, each below the first two digits of its hash.
const EVIDENCE: &str = "evidence";
/// What the name of an archive ends with, and that of one that is not whole yet.
const ARCHIVE: &str = "zip";
const DRAFT: &str = "part";

/// The folders of the archives and of what is put into them.
#[derive(Debug, Clone)]
pub struct Folder {
    data: PathBuf,
    evidence: PathBuf,
}

impl Folder {
    /// Below a data folder.
    #[must_use]
    pub fn of(data: &Path) -> Self {
        Self { data: data.to_owned(), evidence: data.join(EVIDENCE) }
    }

    /// With the evidence files in a folder of their own.
    #[must_use]
    pub fn with_evidence(self, evidence: &Path) -> Self {
        Self { evidence: evidence.to_owned(), ..self }
    }

    /// The archive with a key.
    ///
    /// # Errors
    /// `NotFound` where there is none: it was made on another machine, or the folder was not restored.
    pub fn open(&self, key: &str) -> io::Result<File> {
        File::open(self.archive(key, ARCHIVE)?)
    }

    /// Whether the archive with a key lies here.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.archive(key, ARCHIVE).is_ok_and(|path| path.is_file())
    }

    /// Begins an archive, which nobody finds before it is whole.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn begin(&self, key: &str) -> io::Result<File> {
        DirBuilder::new().recursive(true).mode(0o700).create(self.data.join(PACKS))?;
        OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(self.archive(key, DRAFT)?)
    }

    /// Gives an archive that is whole its name.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn finish(&self, key: &str, file: &File) -> io::Result<()> {
        file.sync_all()?;
        fs::rename(self.archive(key, DRAFT)?, self.archive(key, ARCHIVE)?)?;
        File::open(self.data.join(PACKS))?.sync_all()
    }

    /// Removes an archive, whole or not.
    pub fn remove(&self, key: &str) {
        for ending in [ARCHIVE, DRAFT] {
            if let Ok(path) = self.archive(key, ending) {
                // It may well not be there.
                let _ = fs::remove_file(path);
            }
        }
    }

    /// Removes the archives that nothing refers to any more, as those of workspaces that were deleted.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn clear(&self, kept: &BTreeSet<String>) -> io::Result<usize> {
        let entries = match fs::read_dir(self.data.join(PACKS)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(error),
        };
        let mut removed = 0;
        for entry in entries {
            let path = entry?.path();
            let ending = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
            let key = path.file_stem().and_then(|it| it.to_str()).unwrap_or_default();
            if [ARCHIVE, DRAFT].contains(&ending) && is_key(key) && !kept.contains(key) {
                fs::remove_file(&path)?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// Opens an evidence file by its hash.
    ///
    /// # Errors
    /// Those of the disk; `InvalidInput` where it is no hash.
    pub fn evidence(&self, sha256: &str) -> io::Result<Box<dyn Read>> {
        let is_hash = sha256.len() == 64 && sha256.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let first = sha256.get(..2).filter(|_| is_hash).ok_or(io::ErrorKind::InvalidInput)?;
        Ok(Box::new(File::open(self.evidence.join(first).join(sha256))?))
    }

    fn archive(&self, key: &str, ending: &str) -> io::Result<PathBuf> {
        let key = Some(key).filter(|key| is_key(key)).ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.data.join(PACKS).join(format!("{key}.{ending}")))
    }
}

/// Whether it is one of the keys that are drawn for archives: no path is ever made of anything else.
fn is_key(key: &str) -> bool {
    key.len() == 32 && key.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn an_archive_has_its_name_only_when_it_is_whole() {
        let data = std::env::temp_dir().join(format!("plumbline-packs-{}", hex::encode(crate::http::random::<8>())));
        let (folder, key) = (Folder::of(&data), "ab".repeat(16));
        assert_eq!(folder.clear(&BTreeSet::new()).unwrap(), 0);
        let mut file = folder.begin(&key).unwrap();
        file.write_all(b"PK").unwrap();
        assert!(!folder.has(&key) && folder.open(&key).is_err());
        folder.finish(&key, &file).unwrap();
        assert!(folder.has(&key));
        assert_eq!(folder.clear(&BTreeSet::from([key.clone()])).unwrap(), 0);
        assert_eq!(folder.clear(&BTreeSet::new()).unwrap(), 1);
        assert!(!folder.has(&key));
        for bad in ["", "../../etc/passwd", &"AB".repeat(16)] {
            assert!(folder.begin(bad).is_err() && folder.evidence(bad).is_err(), "{bad}");
        }
        fs::remove_dir_all(&data).unwrap();
    }
}
