//! Archives of more than 4 GiB, which say where their files lie as ZIP64 does.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};

use domain::pack::{Content, Files};
use domain::time::Day;
use server::archive::{Limits, read, write};

const GIB: u64 = 1 << 30;
/// SHA-256 of so many zeros.
const ZEROS: &str = "49bc20df15e412a64472421e13fe86ff1c5165e18b2afccf160d4dc19fe68a14";

/// A file of which only what is not zero takes room on the disk.
struct Sparse(File);

impl Write for Sparse {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.iter().any(|it| *it != 0) {
            self.0.write_all(bytes)?;
        } else {
            self.0.seek(SeekFrom::Current(i64::try_from(bytes.len()).unwrap()))?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// By hand: `cargo test -p tests --test it -- --ignored more_than_4_gib`.
#[test]
#[ignore = "reads 20 GiB of zeros"]
fn an_archive_of_more_than_4_gib_is_read_here_and_by_others() {
    let kept = Content::Kept { sha256: ZEROS.to_owned(), bytes: GIB };
    let mut files: Files = (0..5).map(|it| (format!("evidence/{it}.bin"), kept.clone())).collect();
    files.insert("seal/seal.json".to_owned(), Content::Bytes(b"{}".to_vec()));
    let mut zeros = |_: &str| -> io::Result<Box<dyn io::Read>> { Ok(Box::new(io::repeat(0).take(GIB))) };
    let mut file = tempfile::tempfile().unwrap();
    write(&mut Sparse(file.try_clone().unwrap()), &files, Day(20_778).start(), &mut zeros).unwrap();
    // Zeros at the end are there only once the file is as long.
    let length = file.stream_position().unwrap();
    assert!(length > 5 * GIB);
    file.set_len(length).unwrap();

    assert_eq!(read(&mut file, &Limits::default()).unwrap(), files);
    let mut other = zip::ZipArchive::new(file).unwrap();
    assert_eq!(other.len(), 6);
    assert_eq!(other.by_name("evidence/4.bin").unwrap().size(), GIB);
    let mut last = String::new();
    other.by_name("seal/seal.json").unwrap().read_to_string(&mut last).unwrap();
    assert_eq!(last, "{}");
}
