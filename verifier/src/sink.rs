//! Where the bytes of one file go: into memory where they are read, else into a hash only.

use std::io::{self, Write};

use domain::pack::Content;
use flate2::Crc;
use sha2::{Digest, Sha256};

/// The bytes of one file so far.
#[derive(Debug)]
pub struct Sink {
    crc: Crc,
    hash: Sha256,
    kept: Option<Vec<u8>>,
    length: u64,
    most: u64,
}

impl Sink {
    /// For a file of that size, whose bytes are kept or not.
    pub fn new(size: u64, is_kept: bool) -> Self {
        let kept = is_kept.then(|| Vec::with_capacity(usize::try_from(size).unwrap_or_default()));
        Self { crc: Crc::new(), hash: Sha256::new(), kept, length: 0, most: size }
    }

    /// The content, and its checksum (CRC-32); `None` where the length is another one.
    pub fn finish(self) -> Option<(Content, u32)> {
        let content = match self.kept {
            Some(bytes) => Content::Bytes(bytes),
            None => Content::Kept { sha256: hex::encode(self.hash.finalize()), bytes: self.length },
        };
        (self.length == self.most).then(|| (content, self.crc.sum()))
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.length += bytes.len() as u64;
        // What unpacks to more than was said is not taken.
        if self.length > self.most {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.crc.update(bytes);
        match &mut self.kept {
            Some(kept) => kept.extend_from_slice(bytes),
            None => self.hash.update(bytes),
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
