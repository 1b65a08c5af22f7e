//! ZIP archives of packs (PKWARE APPNOTE 6.3): written so that the same files give the same bytes, and read with limits.

mod read;
mod write;

use domain::pack::archive::{CENTRAL, END, LOCAL};

pub use domain::pack::archive::Limits;
pub use read::{Refused, read};
pub use write::{Open, write, write_watched};

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::io::{self, Cursor};

    use domain::pack::{Content, Files};
    use domain::time::Day;
    use sha2::{Digest as _, Sha256};

    use super::*;

    fn files() -> Files {
        [("02_a.csv", "x".repeat(5000)), ("MANIFEST.sha256", "y".to_owned()), ("seal/seal.json", String::new())]
            .map(|(name, text)| (name.to_owned(), Content::Bytes(text.into_bytes())))
            .into()
    }

    fn no_file(_: &str) -> io::Result<Box<dyn io::Read>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn archive(files: &Files) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, files, Day(20_778).start(), &mut no_file).unwrap();
        bytes
    }

    fn refused(bytes: &[u8], limits: &Limits) -> String {
        read(&mut Cursor::new(bytes), limits).err().map(|it| it.to_string()).unwrap_or_default()
    }

    #[test]
    fn the_same_files_give_the_same_bytes_and_are_read_again() {
        let bytes = archive(&files());
        assert_eq!(bytes, archive(&files()));
        assert_eq!(read(&mut Cursor::new(&bytes), &Limits::default()).unwrap(), files());
    }

    #[test]
    fn what_lies_elsewhere_is_streamed_in() {
        let content = b"what somebody uploaded";
        let kept = Content::Kept { sha256: hex::encode(Sha256::digest(content)), bytes: content.len() as u64 };
        let files: Files = [("evidence/ab-report.txt".to_owned(), kept)].into();
        let mut bytes = Vec::new();
        let mut open = |_: &str| -> io::Result<Box<dyn io::Read>> { Ok(Box::new(&content[..])) };
        write(&mut bytes, &files, Day(20_778).start(), &mut open).unwrap();
        let again = read(&mut Cursor::new(&bytes), &Limits::default()).unwrap();
        assert_eq!(again, files, "it is hashed, and not kept in memory");
        let mut cut = |_: &str| -> io::Result<Box<dyn io::Read>> { Ok(Box::new(&content[..4])) };
        assert!(write(&mut Vec::new(), &files, Day(20_778).start(), &mut cut).is_err(), "another length");
    }

    #[test]
    fn an_archive_that_was_made_to_harm_is_refused() {
        let bytes = archive(&files());
        let replaced = |from: &str, to: &str| {
            let mut bytes = bytes.clone();
            let places: Vec<usize> =
                (0..bytes.len() - from.len()).filter(|at| bytes[*at..].starts_with(from.as_bytes())).collect();
            places.into_iter().for_each(|at| bytes[at..at + to.len()].copy_from_slice(to.as_bytes()));
            bytes
        };
        let usual = Limits::default();
        for (bytes, why) in [
            (replaced("seal/seal.json", "../../../etc/x"), "leads out"),
            (replaced("seal/seal.json", "/etc/passwd-xx"), "leads out"),
            (replaced("MANIFEST.sha256", "seal/seal.jsonx"), ""),
            (replaced("xxxx", "xxyx"), "checksum"),
            (bytes[..bytes.len() - 3].to_vec(), "directory"),
            (bytes[..40].to_vec(), "directory"),
            (Vec::new(), "directory"),
        ] {
            let told = refused(&bytes, &usual);
            assert!(told.contains(why) && (why.is_empty() || !told.is_empty()), "{why}: {told}");
        }
        // What lies between two files would be seen by programs that read an archive from its beginning.
        let mut gap = bytes.clone();
        let begins = gap.windows(4).rposition(|it| it == LOCAL).unwrap();
        gap.splice(begins..begins, [0; 40]);
        let end = gap.len() - 22;
        let moved = u32::from_le_bytes(gap[end + 16..end + 20].try_into().unwrap()) + 40;
        gap[end + 16..end + 20].copy_from_slice(&moved.to_le_bytes());
        let last = gap.windows(4).rposition(|it| it == CENTRAL).unwrap();
        gap[last + 42..last + 46].copy_from_slice(&u32::try_from(begins + 40).unwrap().to_le_bytes());
        assert!(refused(&gap, &usual).contains("directory"), "{}", refused(&gap, &usual));
        assert!(refused(&bytes, &Limits { files: 2, ..usual }).contains("files"));
        assert!(refused(&bytes, &Limits { unpacked: 4000, ..usual }).contains("unpacks"));
        let mut linked = bytes.clone();
        let central = linked.windows(4).position(|it| it == CENTRAL).unwrap();
        linked[central + 38..central + 42].copy_from_slice(&(0o120_777_u32 << 16).to_le_bytes());
        assert!(refused(&linked, &usual).contains("link"));
    }
}
