//! The directory of a ZIP archive (PKWARE APPNOTE 6.3), read with limits: every number that an archive says of itself is
//! held against a limit and against what is there. Whoever reads brings the bytes; the command line and the verifier for
//! a browser read an archive by the same rules. Archives of 4 GiB and more say where their files lie as ZIP64 does; one file
//! stays below that.

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;

use std::collections::BTreeSet;

use super::content::is_name;
use super::manifest::FILES_MAX;
use super::name;

/// What the header of a file begins with.
pub const LOCAL: &[u8; 4] = b"PK\x03\x04";
/// What an entry of the directory begins with.
pub const CENTRAL: &[u8; 4] = b"PK\x01\x02";
/// What the end of the directory begins with.
pub const END: &[u8; 4] = b"PK\x05\x06";
/// What the end of the directory of a large archive begins with, before the other one.
pub const LARGE_END: &[u8; 4] = b"PK\x06\x06";
/// What says where that is begins with, between the two.
pub const LARGE_PLACE: &[u8; 4] = b"PK\x06\x07";
/// Which part of an entry has the numbers that are too large for their places.
pub const LARGE_PART: u16 = 1;
/// Stands for a number that is too large for its place.
pub const ELSEWHERE: u32 = u32::MAX;

/// The most bytes that the files of a pack have: such an archive is neither written nor read.
pub const UNPACKED_MAX: u64 = 64 * 1024 * 1024 * 1024;

/// The header of a file without the name, in bytes.
const HEADER: usize = 30;
/// The record at the end without its comment, and the most that the comment may have.
const END_SIZE: u64 = 22;
const COMMENT_MAX: u64 = 65_535;
/// The two records of a large archive before that end.
const LARGE_END_SIZE: usize = 56;
const LARGE_PLACE_SIZE: usize = 20;
/// The part of an entry that has another name of its file, which some programs prefer.
const NAME_PART: u16 = 0x7075;
/// What some programs write behind a file: its checksum and lengths once more. Nothing else lies between two files.
const BEHIND_MAX: u64 = 24;
/// The largest directory that is read, in bytes.
const DIRECTORY_MAX: u64 = 16 * 1024 * 1024;
/// Below this size a ratio says nothing.
const RATIO_FROM: u64 = 1024 * 1024;

/// What an archive may have.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Files.
    pub files: usize,
    /// Bytes that all of them unpack to.
    pub unpacked: u64,
    /// How many times as large as it is packed a file may be.
    pub ratio: u64,
    /// Bytes of a file that is kept in memory; a larger one is hashed as it is read.
    pub kept: u64,
    /// Bytes of all files that are kept in memory.
    pub kept_together: u64,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: u64 = 1024 * 1024;
        Self { files: FILES_MAX, unpacked: UNPACKED_MAX, ratio: 100, kept: 256 * MIB, kept_together: 2048 * MIB }
    }
}

impl Limits {
    /// Whether the bytes of a file are wanted in memory: nothing is read in what is evidence, and in what is made outside
    /// of this crate.
    #[must_use]
    pub fn keeps(&self, file: &str, size: u64) -> bool {
        size <= self.kept && !file.starts_with(name::EVIDENCE) && file != name::REPORT && file != name::PAGE
    }
}

/// Why an archive is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no archive.
    #[error("it is no ZIP archive: its directory is missing or damaged")]
    Directory,
    /// It has too many files.
    #[error("it has more than {0} files")]
    Files(usize),
    /// It unpacks to too much.
    #[error("it unpacks to more than {0} bytes")]
    Unpacked(u64),
    /// What is read of it is too large.
    #[error("its tables and its model have more than {0} bytes")]
    Kept(u64),
    /// A file unpacks to many times its size.
    #[error("{0:?} unpacks to many times its size")]
    Ratio(String),
    /// The name of a file leads somewhere else.
    #[error("the name {0:?} leads out of the pack, or is none that a pack has")]
    Name(String),
    /// Two files have the same name.
    #[error("two files have the name {0:?}")]
    Twice(String),
    /// A file is a link or a folder.
    #[error("{0:?} is a link, not a file")]
    Link(String),
    /// A file is packed in a way that is not read here, or encrypted.
    #[error("{0:?} is encrypted, or packed in a way that is not read here")]
    Packed(String),
    /// A file is not what its header says.
    #[error("{0:?} does not have its checksum or its length: the archive is damaged")]
    Checksum(String),
}

/// Bytes of the archive that are to be read next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// The first.
    pub from: u64,
    /// How many.
    pub length: u64,
}

/// Where the directory lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Directory {
    /// Its bytes.
    pub slice: Slice,
    count: usize,
}

/// One file as the directory has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Where its header lies.
    pub offset: u64,
    /// Bytes in the archive.
    pub packed: u64,
    /// Bytes of the file.
    pub size: u64,
    /// The checksum (CRC-32).
    pub sum: u32,
    /// Packed; otherwise it lies there as it is.
    pub is_deflated: bool,
    /// A folder, which some programs that pack again write; it is no file of the pack.
    pub is_folder: bool,
}

/// The part of an archive of that length in which the end of its directory is found.
#[must_use]
pub const fn tail(length: u64) -> Slice {
    let from = length.saturating_sub((LARGE_END_SIZE + LARGE_PLACE_SIZE) as u64 + END_SIZE + COMMENT_MAX);
    Slice { from, length: length - from }
}

/// Where the directory lies, from the bytes of [`tail`].
///
/// # Errors
/// There is none, or it is too large.
pub fn directory(tail: &[u8], length: u64, limits: &Limits) -> Result<Directory, Refused> {
    let place = (0..tail.len()).rev().find(|at| tail[*at..].starts_with(END)).ok_or(Refused::Directory)?;
    let end = &tail[place..];
    let count = usize::from(u16_at(end, 10)?);
    let mut slice = Slice { from: u64::from(u32_at(end, 16)?), length: u64::from(u32_at(end, 12)?) };
    let mut ends_at = length - tail.len() as u64 + place as u64;
    if slice.from == u64::from(ELSEWHERE) {
        let before = place.checked_sub(LARGE_END_SIZE + LARGE_PLACE_SIZE).ok_or(Refused::Directory)?;
        ends_at -= (LARGE_END_SIZE + LARGE_PLACE_SIZE) as u64;
        let large = large_end(&tail[before..place], ends_at)?;
        // What both of them say, they say alike.
        if large.count != count as u64 || large.slice.length != slice.length {
            return Err(Refused::Directory);
        }
        slice = large.slice;
    } else if place.checked_sub(LARGE_PLACE_SIZE).is_some_and(|at| tail[at..].starts_with(LARGE_PLACE)) {
        // Some programs would follow it.
        return Err(Refused::Directory);
    }
    if count > limits.files {
        return Err(Refused::Files(limits.files));
    }
    if slice.length > DIRECTORY_MAX || slice.from.checked_add(slice.length).is_none_or(|it| it > length) {
        return Err(Refused::Directory);
    }
    // Some programs read the directory by its size and some by its count, and some look behind it: it ends where its end
    // begins, and the archive ends there, so that all of them see the same files.
    let comment = usize::from(u16_at(end, 20)?);
    if slice.from + slice.length != ends_at || end.len() as u64 != END_SIZE + comment as u64 {
        return Err(Refused::Directory);
    }
    Ok(Directory { slice, count })
}

/// What the two records of a large archive say, which lie one behind the other from `begins` on.
fn large_end(records: &[u8], begins: u64) -> Result<LargeEnd, Refused> {
    let place = records.get(LARGE_END_SIZE..).filter(|it| it.starts_with(LARGE_PLACE)).ok_or(Refused::Directory)?;
    let is_whole = records.starts_with(LARGE_END) && u64_at(records, 4)? == LARGE_END_SIZE as u64 - 12;
    if !is_whole || u64_at(place, 8)? != begins {
        return Err(Refused::Directory);
    }
    let slice = Slice { from: u64_at(records, 48)?, length: u64_at(records, 40)? };
    Ok(LargeEnd { slice, count: u64_at(records, 32)? })
}

struct LargeEnd {
    slice: Slice,
    count: u64,
}

impl Directory {
    /// The files, from the bytes of the directory, in the order in which they lie in the archive.
    ///
    /// # Errors
    /// It is damaged, or says something of a file that no pack has.
    pub fn entries(&self, bytes: &[u8], limits: &Limits) -> Result<Vec<Entry>, Refused> {
        let (mut at, mut entries, mut unpacked, mut kept) = (0, Vec::new(), 0_u64, 0_u64);
        for _ in 0..self.count {
            let it = bytes.get(at..).filter(|it| it.starts_with(CENTRAL)).ok_or(Refused::Directory)?;
            let name = usize::from(u16_at(it, 28)?);
            let text = it.get(46..46 + name).and_then(|it| std::str::from_utf8(it).ok()).ok_or(Refused::Directory)?;
            let more = usize::from(u16_at(it, 30)?);
            let parts = it.get(46 + name..46 + name + more).ok_or(Refused::Directory)?;
            // What is told beside a file could hold another directory.
            if u16_at(it, 32)? != 0 || part_of(parts, NAME_PART)?.is_some() {
                return Err(Refused::Directory);
            }
            at += 46 + name + more;
            let entry = entry(it, text, parts, limits)?;
            unpacked = unpacked.saturating_add(entry.size);
            if limits.keeps(&entry.name, entry.size) {
                kept = kept.saturating_add(entry.size);
            }
            if kept > limits.kept_together {
                return Err(Refused::Kept(limits.kept_together));
            }
            if unpacked > limits.unpacked {
                return Err(Refused::Unpacked(limits.unpacked));
            }
            entries.push(entry);
        }
        if at != bytes.len() {
            return Err(Refused::Directory);
        }
        let mut names = BTreeSet::new();
        if let Some(twice) = entries.iter().find(|it| !names.insert(it.name.as_str())) {
            return Err(Refused::Twice(twice.name.clone()));
        }
        entries.sort_by_key(|it| it.offset);
        Ok(entries)
    }

    /// Whether the directory begins where the last file ends.
    ///
    /// # Errors
    /// Something lies between the two.
    pub const fn begins_at(&self, free: u64) -> Result<(), Refused> {
        is_next(self.slice.from, free)
    }
}

/// Whether something begins where what lies before it ends: programs that read an archive from its beginning would see what
/// lies between the two.
const fn is_next(begins: u64, free: u64) -> Result<(), Refused> {
    match begins.checked_sub(free) {
        Some(0..=BEHIND_MAX) => Ok(()),
        _ => Err(Refused::Directory),
    }
}

/// One file of the directory.
fn entry(it: &[u8], text: &str, parts: &[u8], limits: &Limits) -> Result<Entry, Refused> {
    let (flags, method, mode) = (u16_at(it, 8)?, u16_at(it, 10)?, u32_at(it, 38)? >> 16);
    let (packed, size) = (u32_at(it, 20)?, u32_at(it, 24)?);
    if packed == ELSEWHERE || size == ELSEWHERE {
        return Err(Refused::Packed(text.to_owned()));
    }
    let entry = Entry {
        name: text.to_owned(),
        offset: match u32_at(it, 42)? {
            ELSEWHERE => large_offset(parts)?,
            offset => offset.into(),
        },
        packed: packed.into(),
        size: size.into(),
        sum: u32_at(it, 16)?,
        is_deflated: method == 8,
        is_folder: text.ends_with('/'),
    };
    if entry.is_folder && (entry.size, entry.packed) == (0, 0) && is_name(text.trim_end_matches('/')) {
        return Ok(entry);
    }
    if !is_name(text) {
        return Err(Refused::Name(entry.name));
    }
    if mode & 0o170_000 != 0 && mode & 0o170_000 != 0o100_000 {
        return Err(Refused::Link(entry.name));
    }
    if flags & 1 != 0 || !matches!(method, 0 | 8) || (method == 0 && entry.packed != entry.size) {
        return Err(Refused::Packed(entry.name));
    }
    if entry.size > RATIO_FROM && entry.size / limits.ratio > entry.packed {
        return Err(Refused::Ratio(entry.name));
    }
    Ok(entry)
}

/// Where a file lies that begins behind the first 4 GiB: the one number that is too large for its place.
fn large_offset(parts: &[u8]) -> Result<u64, Refused> {
    u64_at(part_of(parts, LARGE_PART)?.ok_or(Refused::Directory)?, 0)
}

/// The part of an entry of this kind.
fn part_of(mut parts: &[u8], kind: u16) -> Result<Option<&[u8]>, Refused> {
    while !parts.is_empty() {
        let (found, length) = (u16_at(parts, 0)?, usize::from(u16_at(parts, 2)?));
        let part = parts.get(4..4 + length).ok_or(Refused::Directory)?;
        if found == kind {
            return Ok(Some(part));
        }
        parts = &parts[4 + length..];
    }
    Ok(None)
}

impl Entry {
    /// Whether it begins where the one before ends.
    ///
    /// # Errors
    /// It lies within another, or something lies between the two.
    pub const fn begins_at(&self, free: u64) -> Result<(), Refused> {
        is_next(self.offset, free)
    }

    /// The header of the file with its name.
    #[must_use]
    pub const fn header(&self) -> Slice {
        Slice { from: self.offset, length: (HEADER + self.name.len()) as u64 }
    }

    /// Where the content begins, from the bytes of [`Self::header`].
    ///
    /// # Errors
    /// There is no header, or it is that of another file.
    pub fn begins(&self, header: &[u8]) -> Result<u64, Refused> {
        let is_whole = header.starts_with(LOCAL) && header.len() == HEADER + self.name.len();
        if !is_whole || usize::from(u16_at(header, 26)?) != self.name.len() || header[HEADER..] != *self.name.as_bytes()
        {
            return Err(Refused::Directory);
        }
        Ok(self.offset + header.len() as u64 + u64::from(u16_at(header, 28)?))
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, Refused> {
    let found = bytes.get(at..at + 2).and_then(|it| it.try_into().ok()).map(u16::from_le_bytes);
    found.ok_or(Refused::Directory)
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32, Refused> {
    let found = bytes.get(at..at + 4).and_then(|it| it.try_into().ok()).map(u32::from_le_bytes);
    found.ok_or(Refused::Directory)
}

fn u64_at(bytes: &[u8], at: usize) -> Result<u64, Refused> {
    let found = bytes.get(at..at + 8).and_then(|it| it.try_into().ok()).map(u64::from_le_bytes);
    found.ok_or(Refused::Directory)
}
