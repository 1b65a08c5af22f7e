//! Directories as they should be, and as somebody made them to deceive.

use super::*;

#[test]
fn what_lies_at_the_end_is_read_once() {
    assert_eq!(tail(10), Slice { from: 0, length: 10 });
    assert_eq!(tail(1_000_000), Slice { from: 1_000_000 - 65_633, length: 65_633 });
}

#[test]
fn a_directory_that_is_not_there_or_lies_outside_is_refused() {
    let limits = Limits::default();
    assert_eq!(directory(b"PK", 2, &limits), Err(Refused::Directory));
    let end = |count: u16, size: u32, from: u32| {
        let mut end = END.to_vec();
        end.extend([0; 6]);
        end.extend(count.to_le_bytes());
        end.extend(size.to_le_bytes());
        end.extend(from.to_le_bytes());
        end.extend([0; 2]);
        end
    };
    assert_eq!(directory(&end(0, 0, 0), 22, &limits).map(|it| it.slice.length), Ok(0));
    assert_eq!(directory(&end(1, 46, 0), 22, &limits), Err(Refused::Directory));
    assert_eq!(directory(&end(1, u32::MAX, u32::MAX), 22, &limits), Err(Refused::Directory));
    assert_eq!(directory(&end(u16::MAX, 0, 0), 22, &limits), Err(Refused::Files(FILES_MAX)));
}

/// The end of an archive of 5 GiB, whose one file begins behind the fourth, and its directory.
fn large() -> (Vec<u8>, u64, Vec<u8>) {
    const GIB: u64 = 1 << 30;
    let (file_at, from) = (5 * GIB - 100, 5 * GIB);
    let mut file = CENTRAL.to_vec();
    file.extend([0; 24]);
    file.extend([1_u16.to_le_bytes(), 17_u16.to_le_bytes()].concat());
    file.extend([0; 10]);
    file.extend(ELSEWHERE.to_le_bytes());
    file.push(b'a');
    // A part of something else first.
    file.extend([[7, 0, 1, 0].as_slice(), &[9], &LARGE_PART.to_le_bytes(), &8_u16.to_le_bytes()].concat());
    file.extend(file_at.to_le_bytes());
    let size = file.len() as u64;
    let mut tail = file.clone();
    tail.extend(LARGE_END);
    tail.extend(44_u64.to_le_bytes());
    tail.extend([45, 3, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    tail.extend([1, 1, size, from].map(u64::to_le_bytes).concat());
    tail.extend(LARGE_PLACE);
    tail.extend([0; 4]);
    tail.extend((from + size).to_le_bytes());
    tail.extend(1_u32.to_le_bytes());
    tail.extend(END);
    tail.extend([0, 0, 0, 0, 1, 0, 1, 0]);
    tail.extend([u32::try_from(size).unwrap(), ELSEWHERE].map(u32::to_le_bytes).concat());
    tail.extend([0; 2]);
    (tail, from + size + 98, file)
}

#[test]
fn a_large_archive_says_where_its_files_lie_and_says_it_once() {
    let limits = Limits::default();
    let (tail, length, file) = large();
    let found = directory(&tail, length, &limits).unwrap();
    assert_eq!(found.slice, Slice { from: 5 << 30, length: file.len() as u64 });
    let entries = found.entries(&file, &limits).unwrap();
    assert_eq!(entries.iter().map(|it| it.offset).collect::<Vec<_>>(), [(5 << 30) - 100]);
    // Whatever is changed about the two records, no other directory is read.
    for at in file.len()..tail.len() - 22 {
        let mut altered = tail.clone();
        altered[at] ^= 1;
        if let Ok(other) = directory(&altered, length, &limits) {
            assert_eq!(other, found, "byte {at}");
        }
    }
    assert_eq!(directory(&tail[file.len() + 1..], length, &limits), Err(Refused::Directory), "a record is cut off");
    for cut in [4, 12] {
        let mut part = file.clone();
        part.truncate(file.len() - cut);
        assert_eq!(found.entries(&part, &limits), Err(Refused::Directory));
    }
    let mut size = file.clone();
    size[24..28].fill(0xff);
    assert!(matches!(found.entries(&size, &limits), Err(Refused::Packed(_))), "a file of 4 GiB");
}

#[test]
fn nothing_hides_behind_the_directory_or_beside_its_count() {
    let limits = Limits::default();
    let mut file = CENTRAL.to_vec();
    file.extend([0; 24]);
    file.extend(1_u16.to_le_bytes());
    file.extend([0; 16]);
    file.push(b'a');
    let of = |count: u16, extra: &[u8], behind: &[u8]| {
        let directory = [file.as_slice(), &file, extra].concat();
        let mut bytes = directory.clone();
        bytes.extend(END);
        bytes.extend([0; 6]);
        bytes.extend(count.to_le_bytes());
        bytes.extend(u32::try_from(2 * file.len()).unwrap().to_le_bytes());
        bytes.extend([0; 6]);
        bytes.extend(behind);
        (super::directory(&bytes, bytes.len() as u64, &limits), directory)
    };
    let (found, bytes) = of(2, b"", b"");
    assert_eq!(found.unwrap().entries(&bytes, &limits), Err(Refused::Twice("a".to_owned())));
    let (found, bytes) = of(1, b"", b"");
    assert_eq!(found.unwrap().entries(&bytes, &limits), Err(Refused::Directory), "an entry that is not counted");
    assert_eq!(of(2, b"more", b"").0, Err(Refused::Directory), "something between the directory and its end");
    assert_eq!(of(2, b"", b"more").0, Err(Refused::Directory), "something behind the end");
}

#[test]
fn no_second_directory_stands_beside_a_file() {
    let limits = Limits::default();
    // Some programs follow the place of a large directory wherever it is named.
    let place = [LARGE_PLACE.as_slice(), &[0; 16]].concat();
    let with = |more: &[u8], comment: &[u8]| {
        let mut file = CENTRAL.to_vec();
        file.extend([0; 24]);
        file.extend([1, more.len(), comment.len()].map(|it| u16::try_from(it).unwrap().to_le_bytes()).concat());
        file.extend([0; 12]);
        file.extend([b"a", more, comment].concat());
        let mut bytes = file.clone();
        bytes.extend(END);
        bytes.extend([0, 0, 0, 0, 1, 0, 1, 0]);
        bytes.extend(u32::try_from(file.len()).unwrap().to_le_bytes());
        bytes.extend([0; 6]);
        directory(&bytes, bytes.len() as u64, &limits).and_then(|it| it.entries(&file, &limits))
    };
    assert_eq!(with(b"", b"").map(|it| it.len()), Ok(1));
    assert_eq!(with(b"", &place), Err(Refused::Directory));
    assert_eq!(with(b"", b"a comment"), Err(Refused::Directory));
    assert_eq!(with(b"\x75\x70\x01\x00b", b""), Err(Refused::Directory), "another name of the file");
    assert_eq!(with(b"\x55\x54\x01\x00b", b"").map(|it| it.len()), Ok(1), "a time of the file");
    assert_eq!(with(b"\x55\x54\x09\x00b", b""), Err(Refused::Directory), "a part that is longer than all parts");
}

#[test]
fn one_file_lies_behind_the_other() {
    for (free, is_next) in [(99, true), (100, true), (76, true), (75, false), (101, false), (0, false)] {
        let entry = Entry {
            name: "a".to_owned(),
            offset: 100,
            packed: 0,
            size: 0,
            sum: 0,
            is_deflated: false,
            is_folder: false,
        };
        assert_eq!(entry.begins_at(free).is_ok(), is_next, "{free}");
    }
}

#[test]
fn what_is_kept_has_an_end() {
    let limits = Limits { kept_together: 100, ..Limits::default() };
    let of = |name: &str, size: u32| {
        let mut file = CENTRAL.to_vec();
        file.extend([0; 16]);
        file.extend([size, size].map(u32::to_le_bytes).concat());
        file.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        file.extend([0; 16]);
        file.extend(name.as_bytes());
        file
    };
    let read = |files: &[Vec<u8>]| {
        let bytes = files.concat();
        let slice = Slice { from: 0, length: bytes.len() as u64 };
        Directory { slice, count: files.len() }.entries(&bytes, &limits).map(|it| it.len())
    };
    assert_eq!(read(&[of("a.csv", 60), of("b.csv", 40), of("evidence/c.pdf", 1_000)]), Ok(3));
    assert_eq!(read(&[of("a.csv", 60), of("b.csv", 41)]), Err(Refused::Kept(100)));
}

#[test]
fn what_nobody_reads_is_not_kept() {
    let limits = Limits { kept: 100, ..Limits::default() };
    assert!(limits.keeps("02_inventory.csv", 100) && !limits.keeps("02_inventory.csv", 101));
    assert!(!limits.keeps("evidence/ab12-report.pdf", 1) && !limits.keeps(name::PAGE, 1));
}
