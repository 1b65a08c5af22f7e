//! Writes an archive: names in the order of their bytes, one instant for all, nothing compressed, since a compressor is one
//! more thing that could change the bytes. Where it has 4 GiB and more it says where things lie as ZIP64 does.

use std::io::{self, Read, Write};

use domain::pack::archive::{ELSEWHERE, LARGE_END, LARGE_PART, LARGE_PLACE};
use domain::pack::{Content, Files};
use domain::time::Timestamp;
use flate2::Crc;

use super::{CENTRAL, END, LOCAL};

/// Opens what lies elsewhere, by its SHA-256.
pub type Open<'a> = &'a mut dyn FnMut(&str) -> io::Result<Box<dyn Read>>;

/// Is shown what is written: the name of a file and a piece of it.
pub type Watch<'a> = &'a mut dyn FnMut(&str, &[u8]) -> io::Result<()>;

/// The version of the format that knows archives of 4 GiB and more.
const LARGE: u16 = 45;

/// How many bytes are read and shown at once.
const PIECE: usize = 64 * 1024;

/// Writes the files, each dated with the instant and readable for everybody. What lies elsewhere is opened twice: for
/// its checksum, and to be copied.
///
/// # Errors
/// Those of the output and of what lies elsewhere; `InvalidInput` where a file is larger than is read again.
pub fn write(out: &mut dyn Write, files: &Files, at: Timestamp, open: Open<'_>) -> io::Result<()> {
    write_watched(out, files, at, open, &mut |_, _| Ok(()))
}

/// As [`write()`]. Every piece of every file is shown, with the name of the file, before it is written; of an empty file
/// one empty piece.
///
/// # Errors
/// As [`write()`], and those of what is shown the pieces.
pub fn write_watched(
    out: &mut dyn Write,
    files: &Files,
    at: Timestamp,
    open: Open<'_>,
    watch: Watch<'_>,
) -> io::Result<()> {
    let (date, time) = dos(at);
    let mut directory = Vec::new();
    let mut offset = 0_u64;
    for (name, content) in files {
        watch(name, &[])?;
        let (sum, size) = match content {
            Content::Bytes(bytes) => {
                for piece in bytes.chunks(PIECE) {
                    watch(name, piece)?;
                }
                let mut crc = Crc::new();
                crc.update(bytes);
                (crc.sum(), bytes.len() as u64)
            }
            Content::Kept { sha256, bytes } => {
                let (sum, found) = copy(&mut *open(sha256)?, &mut |piece| watch(name, piece))?;
                if found != *bytes {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, format!("{name} has another length")));
                }
                (sum, found)
            }
        };
        let mut header = Vec::new();
        // What begins behind the first 4 GiB says so in a part of its own.
        let part = if small(offset).is_ok() { Vec::new() } else { large_part(offset) };
        let version = if part.is_empty() { 20_u16 } else { LARGE };
        // Names in UTF-8, stored.
        for number in [version, 0x0800, 0, time, date] {
            header.extend(number.to_le_bytes());
        }
        for number in [sum, small(size)?, small(size)?] {
            header.extend(number.to_le_bytes());
        }
        header.extend(u16::try_from(name.len()).map_err(too_large)?.to_le_bytes());
        out.write_all(LOCAL)?;
        out.write_all(&header)?;
        out.write_all(&[0_u8; 2])?;
        out.write_all(name.as_bytes())?;
        match content {
            Content::Bytes(bytes) => out.write_all(bytes)?,
            Content::Kept { sha256, .. } => {
                if copy(&mut *open(sha256)?, &mut |piece| out.write_all(piece))? != (sum, size) {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, format!("{name} changed meanwhile")));
                }
            }
        }
        directory.extend(CENTRAL);
        // Made on Unix, where a mode is kept.
        directory.extend(((3_u16 << 8) | version).to_le_bytes());
        directory.extend(&header);
        directory.extend(u16::try_from(part.len()).map_err(too_large)?.to_le_bytes());
        // No comment, first disk, no internal attributes; a plain file that everybody may read.
        directory.extend([0_u8; 6]);
        directory.extend((0o100_644_u32 << 16).to_le_bytes());
        directory.extend(small(offset).unwrap_or(ELSEWHERE).to_le_bytes());
        directory.extend(name.as_bytes());
        directory.extend(part);
        offset += (LOCAL.len() + header.len() + 2 + name.len()) as u64 + size;
    }
    let count = u16::try_from(files.len()).map_err(too_large)?;
    out.write_all(&directory)?;
    let length = directory.len() as u64;
    if small(offset).is_err() {
        large_end(out, count, (offset, length))?;
    }
    out.write_all(END)?;
    out.write_all(&[0_u8; 4])?;
    out.write_all(&count.to_le_bytes())?;
    out.write_all(&count.to_le_bytes())?;
    out.write_all(&small(length)?.to_le_bytes())?;
    out.write_all(&small(offset).unwrap_or(ELSEWHERE).to_le_bytes())?;
    out.write_all(&0_u16.to_le_bytes())?;
    out.flush()
}

/// The part of an entry that says where its file begins.
fn large_part(offset: u64) -> Vec<u8> {
    [&LARGE_PART.to_le_bytes()[..], &8_u16.to_le_bytes(), &offset.to_le_bytes()].concat()
}

/// The end of the directory of a large archive, and where it lies.
fn large_end(out: &mut dyn Write, count: u16, (offset, length): (u64, u64)) -> io::Result<()> {
    out.write_all(LARGE_END)?;
    // Behind this number.
    out.write_all(&44_u64.to_le_bytes())?;
    out.write_all(&((3_u16 << 8) | LARGE).to_le_bytes())?;
    out.write_all(&LARGE.to_le_bytes())?;
    out.write_all(&[0_u8; 8])?;
    for number in [count.into(), count.into(), length, offset] {
        out.write_all(&u64::to_le_bytes(number))?;
    }
    out.write_all(LARGE_PLACE)?;
    out.write_all(&[0_u8; 4])?;
    out.write_all(&(offset + length).to_le_bytes())?;
    out.write_all(&1_u32.to_le_bytes())
}

/// Copies everything; gives its checksum and its length.
fn copy(from: &mut dyn Read, to: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<(u32, u64)> {
    let (mut crc, mut size, mut buffer) = (Crc::new(), 0_u64, vec![0_u8; PIECE]);
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            return Ok((crc.sum(), size));
        }
        crc.update(&buffer[..read]);
        to(&buffer[..read])?;
        size += read as u64;
    }
}

/// A number of the format, whose largest value stands for something else.
fn small(number: u64) -> io::Result<u32> {
    u32::try_from(number).ok().filter(|it| *it < u32::MAX).ok_or_else(|| too_large(()))
}

fn too_large<E>(_: E) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "a file of 4 GiB or more cannot be in a pack")
}

/// Date and time as the format has them, in UTC; the first day that it knows for anything earlier.
fn dos(at: Timestamp) -> (u16, u16) {
    let (year, month, day) = at.day().ymd();
    let Some(since) = u16::try_from(year - 1980).ok().filter(|it| *it < 128) else { return ((1 << 5) | 1, 0) };
    let seconds = (at.0 - at.day().start().0) / 1_000_000;
    let part = |number: i64| u16::try_from(number).unwrap_or_default();
    let date = (since << 9) | (part(month.into()) << 5) | part(day.into());
    (date, (part(seconds / 3600) << 11) | (part(seconds / 60 % 60) << 5) | part(seconds % 60 / 2))
}
