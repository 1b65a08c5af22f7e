//! Evidence packs as archives: made from a source in one place, for the pages and for the command line, with everything in
//! them looked through for card numbers on the way.

pub mod child;
pub mod folder;
pub mod job;

use std::io::{self, BufWriter, Write};

use domain::pack::scan::{FileScan, Scanned};
use domain::pack::{Content, Files, Source, Unfit, files, fits, scope_report};
use sha2::{Digest as _, Sha256};
use store::PackKey;

use crate::archive::{Open, write_watched};
use crate::{assets, compiler};

/// How far a pack is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// How many files were written; nothing while they are still computed.
    pub files: usize,
    /// How many there are; 0 while they are still computed.
    pub of: usize,
    /// How many bytes of the archive there are.
    pub bytes: u64,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// How many files are in it.
    pub files: usize,
    /// How many bytes the archive has.
    pub bytes: u64,
    /// SHA-256 of the archive, in hexadecimal.
    pub sha256: String,
    /// What was found in the files.
    pub scanned: Scanned,
}

/// Why nothing was made.
#[derive(Debug, thiserror::Error)]
pub enum Unbuilt {
    /// The source does not fit together.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// The archive cannot be written, or a file that belongs into it cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The report cannot be made.
    #[error("the PDF was not made: {0}")]
    Document(#[from] compiler::Failed),
    /// Another key signs by now than when it was read what it is made from.
    #[error("the key that signs packs was changed meanwhile")]
    OtherKey,
    /// Somebody stopped it.
    #[error("it was stopped")]
    Stopped,
}

/// Puts what is made outside of the domain into a source: the report as a document and the page that verifies.
///
/// # Errors
/// What keeps one of them from being made.
pub fn complete(mut source: Source) -> Result<Source, Unbuilt> {
    source.report = Some(compiler::compile(&scope_report(&source)?)?);
    source.page = assets::verifier().map(<[u8]>::to_vec);
    Ok(source)
}

/// Writes the archive of a source. `watch` is told how far it is, and stops it with `false`.
///
/// # Errors
/// Those of [`Unbuilt`].
pub fn build(
    source: Source,
    key: &PackKey,
    out: &mut dyn Write,
    open: Open<'_>,
    watch: &mut dyn FnMut(Progress) -> bool,
) -> Result<Built, Unbuilt> {
    let go_on = |it: bool| if it { Ok(()) } else { Err(Unbuilt::Stopped) };
    go_on(watch(Progress::default()))?;
    if key.public() != source.public_key {
        return Err(Unbuilt::OtherKey);
    }
    fits(&source)?;
    let source = complete(source)?;
    let at = source.at;
    let made: Files = files(&source, |bytes| Ok::<_, Unfit>(key.sign(bytes)))?;
    // What it was made from is as large as what was made, and is needed no more.
    drop(source);
    let of = made.len();
    go_on(watch(Progress { files: 0, of, bytes: 0 }))?;
    let mut counted = Counted { out, hash: Sha256::new(), bytes: 0 };
    let mut looking = Looking { files: &made, scan: None, scanned: Scanned::default(), begun: 0, bytes: 0 };
    let mut stopped = false;
    let written = {
        let mut buffered = BufWriter::with_capacity(1 << 20, &mut counted);
        let watch = &mut |name: &str, piece: &[u8]| {
            looking.see(name, piece)?;
            // Every piece of an archive is shown before it is written, which is near enough.
            let progress = Progress { files: looking.begun.saturating_sub(1), of, bytes: looking.bytes };
            if !watch(progress) {
                stopped = true;
                return Err(io::ErrorKind::Interrupted.into());
            }
            Ok(())
        };
        write_watched(&mut buffered, &made, at, open, watch)
    };
    if stopped {
        return Err(Unbuilt::Stopped);
    }
    written?;
    let scanned = looking.end()?;
    Ok(Built { files: of, bytes: counted.bytes, sha256: hex::encode(counted.hash.finalize()), scanned })
}

/// Counts and hashes what is written.
struct Counted<'a> {
    out: &'a mut dyn Write,
    hash: Sha256,
    bytes: u64,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Looks through the files while they are written, one after the other.
struct Looking<'a> {
    files: &'a Files,
    scan: Option<(String, FileScan, Sha256)>,
    scanned: Scanned,
    begun: usize,
    bytes: u64,
}

impl Looking<'_> {
    fn see(&mut self, name: &str, piece: &[u8]) -> io::Result<()> {
        if self.scan.as_ref().is_none_or(|(current, ..)| current != name) {
            self.file_ends()?;
            self.scan = Some((name.to_owned(), FileScan::new(name), Sha256::new()));
            self.begun += 1;
        }
        if let Some((_, scan, hash)) = &mut self.scan {
            scan.feed(piece);
            if matches!(self.files.get(name), Some(Content::Kept { .. })) {
                hash.update(piece);
            }
        }
        self.bytes += piece.len() as u64;
        Ok(())
    }

    /// What lies elsewhere must be what the list of hashes says.
    fn file_ends(&mut self) -> io::Result<()> {
        let Some((name, scan, hash)) = self.scan.take() else { return Ok(()) };
        if let Some(Content::Kept { sha256, .. }) = self.files.get(&name)
            && hex::encode(hash.finalize()) != *sha256
        {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("{name} is not what was uploaded")));
        }
        scan.end(&mut self.scanned);
        Ok(())
    }

    fn end(mut self) -> io::Result<Scanned> {
        self.file_ends()?;
        Ok(self.scanned)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn kept(text: &str, sha256: String) -> Files {
        [("evidence/a".to_owned(), Content::Kept { sha256, bytes: text.len() as u64 })].into()
    }

    #[test]
    fn what_lies_elsewhere_is_looked_through_and_must_be_what_was_uploaded() {
        let text = "note\nsee 4003-1298-7654-3214\n".to_owned();
        for (sha256, is_whole) in [(hex::encode(Sha256::digest(&text)), true), ("ab".repeat(32), false)] {
            let files = kept(&text, sha256);
            let mut looking = Looking { files: &files, scan: None, scanned: Scanned::default(), begun: 0, bytes: 0 };
            text.as_bytes().chunks(7).for_each(|piece| looking.see("evidence/a", piece).unwrap());
            assert_eq!(looking.end().is_ok(), is_whole);
        }
    }
}
