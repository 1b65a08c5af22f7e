//! Reads an archive piece by piece: it says which bytes it wants next, and is given them. So nobody ever holds the whole,
//! and whoever brings the bytes decides how.

use std::io::Write as _;
use std::vec::IntoIter;

use domain::pack::Files;
use domain::pack::archive::{Directory, Entry, Limits, Refused, Slice, directory, tail};
use flate2::write::DeflateDecoder;

use super::sink::Sink;

/// The most bytes that are wanted at once.
const PIECE: u64 = 4 * 1024 * 1024;

/// An archive that is being read.
#[derive(Debug)]
pub struct Reader {
    length: u64,
    limits: Limits,
    stage: Stage,
    directory: Option<Directory>,
    entries: IntoIter<Entry>,
    files: Files,
    /// Where the file that is being read, or the one before, ends.
    free: u64,
    read: u64,
}

#[derive(Debug)]
enum Stage {
    Tail,
    Directory(Directory),
    Header(Entry),
    Content { entry: Entry, at: u64, sink: Unpacked },
    Done,
}

#[derive(Debug)]
enum Unpacked {
    Stored(Sink),
    Deflated(Box<DeflateDecoder<Sink>>),
}

impl Reader {
    /// For an archive of that many bytes.
    #[must_use]
    pub fn new(length: u64, limits: Limits) -> Self {
        let entries = Vec::new().into_iter();
        Self { length, limits, stage: Stage::Tail, directory: None, entries, files: Files::new(), free: 0, read: 0 }
    }

    /// The bytes that it wants next; `None` where everything is read.
    #[must_use]
    pub fn wants(&self) -> Option<Slice> {
        match &self.stage {
            Stage::Tail => Some(tail(self.length)),
            Stage::Directory(directory) => Some(directory.slice),
            Stage::Header(entry) => Some(entry.header()),
            Stage::Content { at, .. } => Some(Slice { from: *at, length: PIECE.min(self.free - at) }),
            Stage::Done => None,
        }
    }

    /// Takes what [`Self::wants`] asked for.
    ///
    /// # Errors
    /// Why the archive is not read; then nothing more is to be given.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        // Where less is there than was asked for, the archive ends before it says.
        if self.wants().is_none_or(|it| it.length != bytes.len() as u64) {
            return Err(Refused::Directory);
        }
        self.read = self.read.saturating_add(bytes.len() as u64).min(self.length);
        self.stage = match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Tail => Stage::Directory(directory(bytes, self.length, &self.limits)?),
            Stage::Directory(directory) => {
                self.entries = directory.entries(bytes, &self.limits)?.into_iter();
                self.directory = Some(directory);
                self.next()?
            }
            Stage::Header(entry) => {
                let begins = entry.begins(bytes)?;
                self.free =
                    begins.checked_add(entry.packed).filter(|it| *it <= self.length).ok_or(Refused::Directory)?;
                let sink = Sink::new(entry.size, self.limits.keeps(&entry.name, entry.size));
                let sink = match entry.is_deflated {
                    true => Unpacked::Deflated(Box::new(DeflateDecoder::new(sink))),
                    false => Unpacked::Stored(sink),
                };
                self.content(entry, begins, sink)?
            }
            Stage::Content { entry, at, mut sink } => {
                let taken = match &mut sink {
                    Unpacked::Stored(sink) => sink.write_all(bytes),
                    Unpacked::Deflated(sink) => sink.write_all(bytes),
                };
                taken.map_err(|_| Refused::Checksum(entry.name.clone()))?;
                self.content(entry, at + bytes.len() as u64, sink)?
            }
            Stage::Done => Stage::Done,
        };
        Ok(())
    }

    /// Bytes read so far, of how many.
    #[must_use]
    pub const fn progress(&self) -> (u64, u64) {
        (self.read, self.length)
    }

    /// The files.
    #[must_use]
    pub fn into_files(self) -> Files {
        self.files
    }

    fn next(&mut self) -> Result<Stage, Refused> {
        match self.entries.next() {
            Some(entry) => entry.begins_at(self.free).map(|()| Stage::Header(entry)),
            None => self.directory.map_or(Ok(()), |it| it.begins_at(self.free)).map(|()| Stage::Done),
        }
    }

    fn content(&mut self, entry: Entry, at: u64, sink: Unpacked) -> Result<Stage, Refused> {
        if at < self.free {
            return Ok(Stage::Content { entry, at, sink });
        }
        let sink = match sink {
            Unpacked::Stored(sink) => Some(sink),
            Unpacked::Deflated(sink) => sink.finish().ok(),
        };
        match sink.and_then(Sink::finish).filter(|(_, sum)| *sum == entry.sum) {
            Some(_) if entry.is_folder => None,
            Some((content, _)) => self.files.insert(entry.name, content),
            None => return Err(Refused::Checksum(entry.name)),
        };
        self.next()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use domain::pack::Content;
    use domain::pack::archive::{CENTRAL, END, LOCAL};
    use flate2::{Compression, Crc};

    fn archive(files: &[(&str, &[u8])], is_deflated: bool) -> Vec<u8> {
        let (mut bytes, mut central) = (Vec::new(), Vec::new());
        for (name, content) in files {
            let mut packed = content.to_vec();
            if is_deflated {
                let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), Compression::best());
                encoder.write_all(content).unwrap();
                packed = encoder.finish().unwrap();
            }
            let mut crc = Crc::new();
            crc.update(content);
            let size = |it: usize| u32::try_from(it).unwrap().to_le_bytes();
            let mut both = vec![20, 0, 0, 0, if is_deflated { 8 } else { 0 }, 0, 0, 0, 0, 0];
            both.extend(crc.sum().to_le_bytes());
            both.extend([size(packed.len()), size(content.len())].concat());
            both.extend([u8::try_from(name.len()).unwrap(), 0, 0, 0]);
            let offset = size(bytes.len());
            central.extend([&CENTRAL[..], &[20, 0], &both, &[0; 10], &offset, name.as_bytes()].concat());
            bytes.extend([&LOCAL[..], &both, name.as_bytes(), &packed].concat());
        }
        let count = u8::try_from(files.len()).unwrap();
        let (size, from) = (u32::try_from(central.len()).unwrap(), u32::try_from(bytes.len()).unwrap());
        bytes.extend(central);
        bytes.extend(
            [&END[..], &[0; 4], &[count, 0, count, 0], &size.to_le_bytes(), &from.to_le_bytes(), &[0; 2]].concat(),
        );
        bytes
    }

    fn read(bytes: &[u8], limits: Limits) -> Result<Files, Refused> {
        let mut reader = Reader::new(bytes.len() as u64, limits);
        while let Some(Slice { from, length }) = reader.wants() {
            let (from, length) = (usize::try_from(from).unwrap(), usize::try_from(length).unwrap());
            reader.take(bytes.get(from..(from + length).min(bytes.len())).unwrap_or_default())?;
        }
        Ok(reader.into_files())
    }

    #[test]
    fn files_are_read_as_they_are_packed_or_not() {
        let large: Vec<u8> = (0..9_000_000_u32).map(|it| u8::try_from(it % 251).unwrap()).collect();
        let files: [(&str, &[u8]); 3] =
            [("02_a.csv", b"one"), ("evidence/ab-large.bin", &large), ("seal/empty.json", b"")];
        for is_deflated in [false, true] {
            let limits = Limits { ratio: u64::MAX, ..Limits::default() };
            let found = read(&archive(&files, is_deflated), limits).unwrap();
            assert_eq!(found.len(), 3);
            assert_eq!(found["02_a.csv"].bytes(), Some(&b"one"[..]));
            let kept = &found["evidence/ab-large.bin"];
            assert_eq!((kept.bytes(), kept.len()), (None, 9_000_000), "evidence is only hashed");
            assert_eq!(kept.sha256(), Content::Bytes(large.clone()).sha256());
        }
    }

    #[test]
    fn an_archive_that_was_made_to_harm_is_refused() {
        let usual = Limits::default();
        let good = archive(&[("02_a.csv", b"some text"), ("03_b.csv", b"more text")], false);
        let with = |from: &[u8], to: &[u8]| {
            let mut bytes = good.clone();
            let places: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
            places.into_iter().for_each(|at| bytes[at..at + to.len()].copy_from_slice(to));
            bytes
        };
        for (bytes, why) in [
            (with(b"03_b.csv", b"../b.csv"), "leads out"),
            (with(b"03_b.csv", b"02_a.csv"), "two files"),
            (with(b"some", b"sane"), "checksum"),
            (good[..good.len() / 2].to_vec(), "directory"),
            (Vec::new(), "directory"),
        ] {
            let told = read(&bytes, usual).unwrap_err().to_string();
            assert!(told.contains(why), "{why}: {told}");
        }
        let bomb = archive(&[("02_a.csv", &vec![0; 3_000_000])], true);
        assert!(read(&bomb, usual).unwrap_err().to_string().contains("many times"));
        // No prefix of an archive and no flipped byte of it makes the reader do anything but say no, or read it.
        for cut in 0..good.len() {
            // The last two bytes are the length of a comment, which nobody reads.
            assert!(cut + 2 >= good.len() || read(&good[..cut], usual).is_err());
            for bit in [1, 0x80] {
                let mut flipped = good.clone();
                flipped[cut] ^= bit;
                let _ = read(&flipped, usual);
            }
        }
    }
}
