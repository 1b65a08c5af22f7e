//! Reads an archive into memory, or hashes what is too large for it. Nothing is ever written to a disk, and every number
//! that the archive says of itself is held against a limit and against what is there.

use std::io::{self, Read, Seek, SeekFrom};

use domain::pack::{Content, Files};
use flate2::Crc;
use flate2::read::DeflateDecoder;
use sha2::{Digest, Sha256};

use super::{CENTRAL, END, LOCAL};

/// The record at the end without its comment, and the most that the comment may have.
const END_SIZE: u64 = 22;
const COMMENT_MAX: u64 = 65_535;
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
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: u64 = 1024 * 1024;
        Self { files: domain::pack::manifest::FILES_MAX, unpacked: 8192 * MIB, ratio: 100, kept: 256 * MIB }
    }
}

/// Why an archive is not read.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Input(#[from] io::Error),
    /// It is no archive.
    #[error("it is no ZIP archive: its directory is missing or damaged")]
    Directory,
    /// It has too many files.
    #[error("it has more than {0} files")]
    Files(usize),
    /// It unpacks to too much.
    #[error("it unpacks to more than {0} bytes")]
    Unpacked(u64),
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

/// One file as the directory has it.
struct Entry {
    name: String,
    offset: u64,
    packed: u64,
    size: u64,
    sum: u32,
    is_deflated: bool,
}

/// Something that can be read from any place.
pub trait Input: Read + Seek {}
impl<T: Read + Seek> Input for T {}

/// The files of an archive.
///
/// # Errors
/// Why it is not read.
pub fn read(input: &mut dyn Input, limits: &Limits) -> Result<Files, Refused> {
    let mut entries = directory(input, limits)?;
    // In the order in which they lie there, so that one that lies within another is noticed.
    entries.sort_by_key(|it| it.offset);
    let mut files = Files::new();
    let mut free = 0;
    for entry in entries {
        if entry.offset < free {
            return Err(Refused::Directory);
        }
        let begins = begin(input, &entry)?;
        free = begins + entry.packed;
        let content = content(input, begins, &entry, limits)?;
        if files.insert(entry.name.clone(), content).is_some() {
            return Err(Refused::Twice(entry.name));
        }
    }
    Ok(files)
}

fn directory(input: &mut dyn Input, limits: &Limits) -> Result<Vec<Entry>, Refused> {
    let length = input.seek(SeekFrom::End(0))?;
    let from = length.saturating_sub(END_SIZE + COMMENT_MAX);
    let tail = bytes_at(input, from, length - from)?;
    let end = (0..tail.len()).rev().find(|at| tail[*at..].starts_with(END)).ok_or(Refused::Directory)?;
    let end = &tail[end..];
    let count = usize::from(u16_at(end, 10)?);
    let (size, begins) = (u64::from(u32_at(end, 12)?), u64::from(u32_at(end, 16)?));
    if count > limits.files {
        return Err(Refused::Files(limits.files));
    }
    if begins.checked_add(size).is_none_or(|it| it > length) {
        return Err(Refused::Directory);
    }
    let bytes = bytes_at(input, begins, size)?;
    let (mut at, mut entries, mut unpacked) = (0, Vec::new(), 0_u64);
    for _ in 0..count {
        let it = bytes.get(at..).filter(|it| it.starts_with(CENTRAL)).ok_or(Refused::Directory)?;
        let name = usize::from(u16_at(it, 28)?);
        let text = it.get(46..46 + name).and_then(|it| std::str::from_utf8(it).ok()).ok_or(Refused::Directory)?;
        at += 46 + name + usize::from(u16_at(it, 30)?) + usize::from(u16_at(it, 32)?);
        let (flags, method, mode) = (u16_at(it, 8)?, u16_at(it, 10)?, u32_at(it, 38)? >> 16);
        let entry = Entry {
            name: text.to_owned(),
            offset: u32_at(it, 42)?.into(),
            packed: u32_at(it, 20)?.into(),
            size: u32_at(it, 24)?.into(),
            sum: u32_at(it, 16)?,
            is_deflated: method == 8,
        };
        let name = || text.to_owned();
        // A folder has nothing in it; some programs that pack again write one.
        if text.ends_with('/') && entry.size == 0 && domain::pack::content::is_name(text.trim_end_matches('/')) {
            continue;
        }
        if !domain::pack::content::is_name(text) {
            return Err(Refused::Name(name()));
        }
        if mode & 0o170_000 != 0 && mode & 0o170_000 != 0o100_000 {
            return Err(Refused::Link(name()));
        }
        if flags & 1 != 0 || !matches!(method, 0 | 8) || (method == 0 && entry.packed != entry.size) {
            return Err(Refused::Packed(name()));
        }
        if entry.size > RATIO_FROM && entry.size / limits.ratio > entry.packed {
            return Err(Refused::Ratio(name()));
        }
        unpacked = unpacked.saturating_add(entry.size);
        if unpacked > limits.unpacked {
            return Err(Refused::Unpacked(limits.unpacked));
        }
        entries.push(entry);
    }
    Ok(entries)
}

/// Where the content of a file begins, behind its own header.
fn begin(input: &mut dyn Input, entry: &Entry) -> Result<u64, Refused> {
    let header = bytes_at(input, entry.offset, 30).map_err(|_| Refused::Directory)?;
    if !header.starts_with(LOCAL) {
        return Err(Refused::Directory);
    }
    let (name, extra) = (u64::from(u16_at(&header, 26)?), u64::from(u16_at(&header, 28)?));
    let text = bytes_at(input, entry.offset + 30, name).map_err(|_| Refused::Directory)?;
    if text != entry.name.as_bytes() {
        return Err(Refused::Directory);
    }
    Ok(entry.offset + 30 + name + extra)
}

/// Unpacks one file, never more than the directory says of it.
fn content(input: &mut dyn Input, begins: u64, entry: &Entry, limits: &Limits) -> Result<Content, Refused> {
    input.seek(SeekFrom::Start(begins))?;
    let packed = input.take(entry.packed);
    let unpacked: Box<dyn Read + '_> =
        if entry.is_deflated { Box::new(DeflateDecoder::new(packed)) } else { Box::new(packed) };
    let mut unpacked = unpacked.take(entry.size + 1);
    let (mut crc, mut hash, mut length) = (Crc::new(), Sha256::new(), 0_u64);
    let (mut kept, mut buffer) = (Vec::new(), vec![0_u8; 64 * 1024]);
    loop {
        let read = unpacked.read(&mut buffer).map_err(|_| Refused::Checksum(entry.name.clone()))?;
        if read == 0 {
            break;
        }
        crc.update(&buffer[..read]);
        length += read as u64;
        if entry.size <= limits.kept {
            kept.extend_from_slice(&buffer[..read]);
        } else {
            hash.update(&buffer[..read]);
        }
    }
    if length != entry.size || crc.sum() != entry.sum {
        return Err(Refused::Checksum(entry.name.clone()));
    }
    if entry.size <= limits.kept {
        return Ok(Content::Bytes(kept));
    }
    Ok(Content::Kept { sha256: hex::encode(hash.finalize()), bytes: length })
}

fn bytes_at(input: &mut dyn Input, from: u64, length: u64) -> io::Result<Vec<u8>> {
    input.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    input.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, Refused> {
    let found = bytes.get(at..at + 2).and_then(|it| it.try_into().ok()).map(u16::from_le_bytes);
    found.ok_or(Refused::Directory)
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32, Refused> {
    let found = bytes.get(at..at + 4).and_then(|it| it.try_into().ok()).map(u32::from_le_bytes);
    found.ok_or(Refused::Directory)
}
