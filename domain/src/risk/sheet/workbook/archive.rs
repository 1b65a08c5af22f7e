//! The archive that a workbook is (PKWARE APPNOTE 6.3): its directory, and its parts as they unpack.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::DeflateDecoder;

use super::WorkbookError;

/// What all parts that are read may unpack to, in bytes.
pub(super) const UNPACKED_MAX: u64 = 128 * 1024 * 1024;

/// How many parts an archive may have.
const PARTS_MAX: usize = 10_000;

/// The record at the end of the directory, without its comment, and the most that the comment may have.
const END: usize = 22;
const COMMENT_MAX: usize = 65_535;

/// A part as the directory has it.
#[derive(Debug, Clone, Copy)]
struct Part {
    /// Where its own header begins.
    offset: usize,
    packed: usize,
    is_deflated: bool,
    is_read_here: bool,
}

/// An archive in memory.
pub(super) struct Archive<'a> {
    bytes: &'a [u8],
    /// By name in lower case: names of parts differ by more than that.
    parts: BTreeMap<String, Part>,
    /// How many bytes may still be unpacked.
    left: Cell<u64>,
}

impl<'a> Archive<'a> {
    /// Reads the directory.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, WorkbookError> {
        let parts = directory(bytes)?;
        Ok(Self { bytes, parts, left: Cell::new(UNPACKED_MAX) })
    }

    /// Whether there is such a part.
    pub(super) fn has(&self, name: &str) -> bool {
        self.parts.contains_key(&key(name))
    }

    /// Whether reading stopped because too much was unpacked.
    pub(super) fn is_used_up(&self) -> bool {
        self.left.get() == 0
    }

    /// What a part unpacks to, as it is read.
    pub(super) fn part<'s>(&'s self, name: &str) -> Result<impl BufRead + use<'s, 'a>, WorkbookError> {
        let part = self.parts.get(&key(name)).ok_or_else(|| WorkbookError::NoPart(name.to_owned()))?;
        if !part.is_read_here {
            return Err(WorkbookError::Packed);
        }
        let cut = || WorkbookError::NoArchive("a part lies outside of it");
        let header = self.bytes.get(part.offset..).ok_or_else(cut)?;
        if !header.starts_with(b"PK\x03\x04") {
            return Err(WorkbookError::NoArchive("a part is not where the directory has it"));
        }
        let skipped =
            30 + usize::from(u16_at(header, 26).ok_or_else(cut)?) + usize::from(u16_at(header, 28).ok_or_else(cut)?);
        let packed = header.get(skipped..).and_then(|rest| rest.get(..part.packed)).ok_or_else(cut)?;
        let content: Box<dyn Read + 's> =
            if part.is_deflated { Box::new(DeflateDecoder::new(packed)) } else { Box::new(packed) };
        Ok(BufReader::new(Counted { content, left: &self.left }))
    }
}

/// Counts what is unpacked, and stops where it is too much.
struct Counted<'s> {
    content: Box<dyn Read + 's>,
    left: &'s Cell<u64>,
}

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.content.read(into)?;
        let left = self.left.get().saturating_sub(read as u64);
        self.left.set(left);
        if left == 0 { Err(io::Error::other("too much is unpacked")) } else { Ok(read) }
    }
}

fn key(name: &str) -> String {
    name.trim_start_matches('/').to_ascii_lowercase()
}

fn directory(bytes: &[u8]) -> Result<BTreeMap<String, Part>, WorkbookError> {
    let cut = || WorkbookError::NoArchive("its directory is cut off");
    let from = bytes.len().saturating_sub(END + COMMENT_MAX);
    let tail = &bytes[from..];
    let end = (0..=tail.len().saturating_sub(END)).rev().find(|at| tail[*at..].starts_with(b"PK\x05\x06"));
    let end = tail.get(end.ok_or(WorkbookError::NoArchive("it has no directory"))?..).ok_or_else(cut)?;
    let count = usize::from(u16_at(end, 10).ok_or_else(cut)?);
    let mut at = usize::try_from(u32_at(end, 16).ok_or_else(cut)?).map_err(|_| cut())?;
    // The numbers of archives that are larger than 4 GiB or have more parts than fit stand elsewhere; no workbook is one.
    if count > PARTS_MAX || at == u32::MAX as usize {
        return Err(WorkbookError::NoArchive("it has too many parts"));
    }
    let mut parts = BTreeMap::new();
    for _ in 0..count {
        let entry = bytes.get(at..).ok_or_else(cut)?;
        if !entry.starts_with(b"PK\x01\x02") {
            return Err(WorkbookError::NoArchive("its directory is damaged"));
        }
        let word = |place: usize| u16_at(entry, place).ok_or_else(cut);
        let long = |place: usize| u32_at(entry, place).and_then(|it| usize::try_from(it).ok()).ok_or_else(cut);
        let (flags, method) = (word(8)?, word(10)?);
        let (name, extra, comment) = (usize::from(word(28)?), usize::from(word(30)?), usize::from(word(32)?));
        let text = entry.get(46..46 + name).ok_or_else(cut)?;
        let part = Part {
            offset: long(42)?,
            packed: long(20)?,
            is_deflated: method == 8,
            is_read_here: flags & 1 == 0 && matches!(method, 0 | 8),
        };
        // Of two parts of one name the first counts, and the second is nobody's.
        parts.entry(key(&String::from_utf8_lossy(text))).or_insert(part);
        at += 46 + name + extra + comment;
    }
    Ok(parts)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}
