//! Reads an archive into memory, or hashes what is too large for it. Nothing is ever written to a disk; what the archive
//! says of itself is examined by [`domain::pack::archive`].

use std::io::{self, Read, Seek, SeekFrom};

use domain::pack::archive::{Entry, Limits, Refused as Archive, Slice, directory, tail};
use domain::pack::{Content, Files};
use flate2::Crc;
use flate2::read::DeflateDecoder;
use sha2::{Digest, Sha256};

/// Why an archive is not read.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Input(#[from] io::Error),
    /// What it says of itself cannot be.
    #[error(transparent)]
    Archive(#[from] Archive),
}

/// Something that can be read from any place.
pub trait Input: Read + Seek {}
impl<T: Read + Seek> Input for T {}

/// The files of an archive.
///
/// # Errors
/// Why it is not read.
pub fn read(input: &mut dyn Input, limits: &Limits) -> Result<Files, Refused> {
    let length = input.seek(SeekFrom::End(0))?;
    let directory = directory(&bytes_at(input, tail(length))?, length, limits)?;
    let entries = directory.entries(&bytes_at(input, directory.slice)?, limits)?;
    let mut files = Files::new();
    // In the order in which they lie there, one behind the other.
    let mut free = 0;
    for entry in entries {
        entry.begins_at(free)?;
        let header = bytes_at(input, entry.header()).map_err(|_| Archive::Directory)?;
        let begins = entry.begins(&header)?;
        free = begins + entry.packed;
        let content = content(input, begins, &entry, limits)?;
        if !entry.is_folder {
            files.insert(entry.name, content);
        }
    }
    directory.begins_at(free)?;
    Ok(files)
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
    let is_kept = limits.keeps(&entry.name, entry.size);
    loop {
        let read = unpacked.read(&mut buffer).map_err(|_| Archive::Checksum(entry.name.clone()))?;
        if read == 0 {
            break;
        }
        crc.update(&buffer[..read]);
        length += read as u64;
        if is_kept {
            kept.extend_from_slice(&buffer[..read]);
        } else {
            hash.update(&buffer[..read]);
        }
    }
    if length != entry.size || crc.sum() != entry.sum {
        return Err(Archive::Checksum(entry.name.clone()).into());
    }
    if is_kept {
        return Ok(Content::Bytes(kept));
    }
    Ok(Content::Kept { sha256: hex::encode(hash.finalize()), bytes: length })
}

fn bytes_at(input: &mut dyn Input, slice: Slice) -> io::Result<Vec<u8>> {
    input.seek(SeekFrom::Start(slice.from))?;
    let mut bytes = Vec::new();
    input.take(slice.length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == slice.length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}
