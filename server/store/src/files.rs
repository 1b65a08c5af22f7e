//! The files of evidence: on disk, by the SHA-256 of their content, beside the database.
//!
//! A file comes in under a name of its own, is hashed while it is written, and gets its place by a rename when every byte
//! is on the disk: there is never a half of one under a hash. The same content is kept once. A file that no record names is
//! set aside first and removed a month later, so that a database that was put back finds its files again.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use domain::evidence::file::{FileName, FileNameError, Quota, QuotaError, Sha256};
use domain::evidence::item::StoredFile;
use domain::evidence::media::{HEAD_BYTES, MediaError, MediaType};
use domain::problem::{FieldCode, Problem};
use sha2::Digest as _;
use unicode_normalization::UnicodeNormalization as _;

use crate::clock::random_key;
use crate::error::StoreError;

/// Where files are until they are whole.
const INCOMING: &str = "incoming";
/// Where files are that no record names any more.
const GOING: &str = "going";
/// So many bytes are written at once.
const PIECE: usize = 256 * 1024;
/// A file that came in so lately may be named by a record that is being written.
const FRESH: Duration = Duration::from_secs(24 * 3600);
/// For so long a file stays set aside.
const KEPT_ASIDE: Duration = Duration::from_secs(30 * 24 * 3600);

/// The folder of the files. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Files(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    quota: Quota,
}

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// Its name.
    #[error(transparent)]
    Name(#[from] FileNameError),
    /// Its type.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// Its size.
    #[error(transparent)]
    Size(#[from] QuotaError),
    /// The disk.
    #[error("the file cannot be written")]
    Disk(#[from] io::Error),
    /// The name for the time that it is not whole.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a file cannot be given out.
#[derive(Debug, thiserror::Error)]
pub enum Unkept {
    /// It is not there.
    #[error("the file is not in the folder")]
    Gone,
    /// Its bytes are not those that were taken in.
    #[error("the file has other bytes than it had")]
    Altered,
    /// The disk.
    #[error("the file cannot be read")]
    Disk(#[from] io::Error),
}

impl Unkept {
    /// What a person is told, where it is not a fault of the disk.
    pub(crate) fn problem(&self) -> Option<Problem> {
        match self {
            Self::Gone => Some(Problem::field("file", FieldCode::FileGone)),
            Self::Altered => Some(Problem::field("file", FieldCode::FileAltered)),
            Self::Disk(_) => None,
        }
    }
}

/// What a sweep did, as numbers of files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Set aside, because no record names them.
    pub aside: usize,
    /// Put back, because a record names them again.
    pub back: usize,
    /// Removed for good.
    pub removed: usize,
    /// Uploads that were never finished, removed.
    pub unfinished: usize,
}

impl Files {
    /// The files in a folder, which is made with the first one.
    #[must_use]
    pub fn new(folder: PathBuf, quota: Quota) -> Self {
        Self(Arc::new(Inner { folder, quota }))
    }

    /// How large a file may be, and all of a workspace together.
    #[must_use]
    pub fn quota(&self) -> Quota {
        self.0.quota
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.0.folder
    }

    /// Where the file with this content is, whether it is there or not.
    #[must_use]
    pub fn path(&self, sha256: Sha256) -> PathBuf {
        place(&self.0.folder, &sha256.to_string())
    }

    /// Begins to take a file in, under the name that a browser gives.
    ///
    /// # Errors
    /// The name, or the disk.
    pub fn begin(&self, name: &str) -> Result<Incoming, NotTaken> {
        let name = FileName::parse(&name.nfc().collect::<String>())?;
        let folder = self.0.folder.join(INCOMING);
        make_folder(&folder)?;
        let path = folder.join(random_key::<16>()?);
        let file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&path)?;
        let writer = Some(Writer { file, hash: sha2::Sha256::new() });
        let (buffer, head) = (Vec::new(), Vec::new());
        Ok(Incoming { files: self.clone(), name, unfinished: Unfinished(path), writer, buffer, head, bytes: 0 })
    }

    /// Whether the file is there with as many bytes as it had. Its content is not looked at.
    #[must_use]
    pub fn has(&self, file: &StoredFile) -> bool {
        fs::symlink_metadata(self.path(file.sha256)).is_ok_and(|it| it.is_file() && it.len() == file.bytes)
    }

    /// The file, after all of it was compared with its hash. Blocks.
    ///
    /// # Errors
    /// It is not there, or not what it was.
    pub fn open(&self, file: &StoredFile) -> Result<File, Unkept> {
        let path = self.path(file.sha256);
        let found = fs::symlink_metadata(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Unkept::Gone,
            _ => Unkept::Disk(error),
        })?;
        if !found.is_file() || found.len() != file.bytes {
            return Err(Unkept::Altered);
        }
        let mut opened = File::open(&path)?;
        if hash_of(&mut opened)? != file.sha256 {
            return Err(Unkept::Altered);
        }
        opened.rewind()?;
        Ok(opened)
    }

    /// The first bytes of a file, after all of it was compared with its hash. Blocks.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn head(&self, file: &StoredFile, most: usize) -> Result<Vec<u8>, Unkept> {
        let mut head = Vec::new();
        self.open(file)?.take(most as u64).read_to_end(&mut head)?;
        Ok(head)
    }

    /// Sets aside what no record names, puts back what one names again, and removes what was set aside long ago. Blocks.
    ///
    /// # Errors
    /// The disk. What was done by then stays done.
    pub fn sweep(&self, named: &BTreeSet<Sha256>, now: SystemTime) -> io::Result<Swept> {
        let mut swept = Swept::default();
        let folder = &self.0.folder;
        let is_older = |path: &Path, than: Duration| {
            let changed = fs::symlink_metadata(path).and_then(|it| it.modified());
            changed.is_ok_and(|it| now.duration_since(it).is_ok_and(|age| age > than))
        };
        let going = folder.join(GOING);
        for (sha256, path) in entries(&going)? {
            if named.contains(&sha256) {
                let back = self.path(sha256);
                make_folder(back.parent().unwrap_or(folder))?;
                fs::rename(&path, &back)?;
                swept.back += 1;
            } else if is_older(&path, KEPT_ASIDE) {
                fs::remove_file(&path)?;
                swept.removed += 1;
            }
        }
        for (sha256, path) in kept(folder)? {
            if !named.contains(&sha256) && is_older(&path, FRESH) {
                make_folder(&going)?;
                let aside = going.join(sha256.to_string());
                fs::rename(&path, &aside)?;
                // From now on the month counts.
                File::options().append(true).open(&aside)?.set_modified(now)?;
                swept.aside += 1;
            }
        }
        for path in files_in(&folder.join(INCOMING))? {
            if is_older(&path, FRESH) {
                fs::remove_file(&path)?;
                swept.unfinished += 1;
            }
        }
        Ok(swept)
    }

    /// Which of these a folder lacks.
    #[must_use]
    pub fn lacking(folder: &Path, named: &BTreeSet<Sha256>) -> Vec<Sha256> {
        named.iter().filter(|it| !place(folder, &it.to_string()).is_file()).copied().collect()
    }

    /// Copies every file of a folder into another one, which must not have it yet, and compares each with its hash. Gives
    /// how many there are, and how many bytes they have.
    ///
    /// # Errors
    /// The disk, or a file that is not what its name says: then it is named.
    pub fn copy(from: &Path, into: &Path) -> io::Result<(usize, u64)> {
        let (mut count, mut bytes) = (0, 0);
        for (sha256, path) in kept(from)? {
            let target = place(into, &sha256.to_string());
            make_folder(target.parent().unwrap_or(into))?;
            let mut file = File::open(&path)?;
            if hash_of(&mut file)? != sha256 {
                let words = format!("{} does not have the content that its name says", path.display());
                return Err(io::Error::new(io::ErrorKind::InvalidData, words));
            }
            file.rewind()?;
            let mut copy = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&target)?;
            bytes += io::copy(&mut file, &mut copy)?;
            copy.sync_all()?;
            count += 1;
        }
        Ok((count, bytes))
    }
}

/// A file that is coming in. Dropped before its end, nothing of it stays.
#[derive(Debug)]
pub struct Incoming {
    files: Files,
    name: FileName,
    unfinished: Unfinished,
    writer: Option<Writer>,
    buffer: Vec<u8>,
    head: Vec<u8>,
    bytes: u64,
}

#[derive(Debug)]
struct Writer {
    file: File,
    hash: sha2::Sha256,
}

/// A file without a place yet, removed when nobody waits for it any more.
#[derive(Debug)]
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        // After the rename it is not there, as a rule. A sweep removes what stays.
        let _ = fs::remove_file(&self.0);
    }
}

impl Incoming {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// It is too large, not what its name says, or the disk fails.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), NotTaken> {
        self.bytes += bytes.len() as u64;
        if self.bytes > self.files.quota().file_bytes {
            return Err(QuotaError::FileTooLarge.into());
        }
        if self.head.len() < HEAD_BYTES {
            let missing = HEAD_BYTES - self.head.len();
            self.head.extend_from_slice(&bytes[..bytes.len().min(missing)]);
            if self.head.len() == HEAD_BYTES {
                MediaType::judge(self.name.as_str(), &self.head, false)?;
            }
        }
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= PIECE { self.flush().await } else { Ok(()) }
    }

    async fn flush(&mut self) -> Result<(), NotTaken> {
        let Some(mut writer) = self.writer.take() else { return Err(broken().into()) };
        let piece = std::mem::take(&mut self.buffer);
        let written = blocking(move || {
            writer.hash.update(&piece);
            writer.file.write_all(&piece)?;
            Ok(writer)
        });
        self.writer = Some(written.await?);
        Ok(())
    }

    /// The file, when all of it is on the disk. It has no place yet: dropped, nothing of it stays.
    ///
    /// # Errors
    /// It is empty, not what its name says, or the disk fails.
    pub async fn finish(mut self) -> Result<Ready, NotTaken> {
        if self.bytes == 0 {
            return Err(QuotaError::Empty.into());
        }
        let media = MediaType::judge(self.name.as_str(), &self.head, self.bytes <= HEAD_BYTES as u64)?;
        self.flush().await?;
        let Some(writer) = self.writer.take() else { return Err(broken().into()) };
        let sha256 = blocking(move || {
            writer.file.sync_all()?;
            Ok(Sha256::of_bytes(writer.hash.finalize().into()))
        });
        let file = StoredFile { name: self.name.clone(), media, bytes: self.bytes, sha256: sha256.await? };
        Ok(Ready { files: self.files.clone(), unfinished: self.unfinished, file })
    }
}

/// A file that came in whole and has no place yet. Dropped, nothing of it stays.
#[derive(Debug)]
pub struct Ready {
    files: Files,
    unfinished: Unfinished,
    file: StoredFile,
}

impl Ready {
    /// What it is.
    #[must_use]
    pub const fn file(&self) -> &StoredFile {
        &self.file
    }

    /// Gives the file its place. The same content again takes the place of what is there: how long that takes tells nobody
    /// anything.
    ///
    /// # Errors
    /// The disk.
    pub async fn place(self) -> io::Result<()> {
        let (files, sha256) = (self.files, self.file.sha256);
        blocking(move || {
            let path = files.path(sha256);
            let folder = path.parent().unwrap_or(files.folder());
            make_folder(folder)?;
            fs::rename(&self.unfinished.0, &path)?;
            File::open(folder)?.sync_all()?;
            File::open(files.folder())?.sync_all()
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

/// A write that failed before leaves nothing to write on.
fn broken() -> io::Error {
    io::Error::other("an earlier write failed")
}

fn place(folder: &Path, hash: &str) -> PathBuf {
    folder.join(hash.get(..2).unwrap_or_default()).join(hash)
}

fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn hash_of(file: &mut File) -> io::Result<Sha256> {
    let mut hash = sha2::Sha256::new();
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(Sha256::of_bytes(hash.finalize().into())),
            count => hash.update(&piece[..count]),
        }
    }
}

/// The files that are kept in a folder, by their hash. Whatever else is there is none of ours.
fn kept(folder: &Path) -> io::Result<Vec<(Sha256, PathBuf)>> {
    let mut all = Vec::new();
    for byte in 0..=u8::MAX {
        all.extend(entries(&folder.join(hex::encode([byte])))?);
    }
    Ok(all)
}

/// The files of one folder that are named by a hash.
fn entries(folder: &Path) -> io::Result<Vec<(Sha256, PathBuf)>> {
    let hash = |path: PathBuf| Some((path.file_name()?.to_str()?.parse().ok()?, path));
    Ok(files_in(folder)?.into_iter().filter_map(hash).collect())
}

/// The files of a folder, in order; none where there is no such folder.
fn files_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let found = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        found => found?,
    };
    let mut files = Vec::new();
    for entry in found {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}
