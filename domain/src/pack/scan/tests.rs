//! Which numbers are found, and which are none of a card.

use super::*;

/// A number that a bank could have issued: it is made here and nowhere published.
fn number() -> String {
    let body = "400312987654321";
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| (place, u32::from(byte - b'0')))
        .map(|(place, digit)| if place % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { digit })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

fn grouped(divider: &str) -> String {
    let number = number();
    [&number[..4], &number[4..8], &number[8..12], &number[12..]].join(divider)
}

fn scan(text: &[u8], piece: usize) -> Scanned {
    let (mut scan, mut scanned) = (FileScan::new("a.csv"), Scanned::default());
    text.chunks(piece.max(1)).for_each(|piece| scan.feed(piece));
    scan.end(&mut scanned);
    scanned
}

fn hits(text: &str) -> Vec<(u64, u64, String)> {
    let told = |scanned: Scanned| scanned.stops.into_iter().map(|it| (it.line, it.column, it.mask)).collect();
    let whole: Vec<_> = told(scan(text.as_bytes(), usize::MAX));
    for piece in [1, 2, 3, 5, 7, 16] {
        assert_eq!(told(scan(text.as_bytes(), piece)), whole, "pieces of {piece}: {text}");
    }
    whole
}

#[test]
fn a_number_is_named_by_where_it_stands_and_never_by_a_digit() {
    let text = format!("key,note\nä-1,\"card {}, until 12/27\"\nx,{}\n", number(), grouped(" "));
    let found = hits(&text);
    assert_eq!(found, [(2, 11, "#".repeat(16)), (3, 3, "#### #### #### ####".to_owned())], "{found:?}");
    let told = serde_json::to_string(&scan(text.as_bytes(), 9)).unwrap_or_default();
    assert!(!told.contains("4003") && !told.contains("9876"), "{told}");
}

#[test]
fn a_number_is_found_in_every_way_in_which_it_stands_alone() {
    let number = number();
    for text in [
        number.clone(),
        format!("\"{number}\""),
        format!("pan={number};cvc="),
        format!("ref-{number}"),
        format!("x_{number}"),
        grouped("-"),
        grouped("\u{a0}"),
        format!("pay {} now", grouped("  ")),
        format!("5 {} 12 27", grouped(" ")),
        number.chars().filter_map(|it| char::from_u32(u32::from(it) - 0x30 + 0xff10)).collect(),
    ] {
        assert_eq!(hits(&text).len(), 1, "{text}");
    }
}

#[test]
fn hashes_keys_times_and_drawings_pass() {
    let number = number();
    for text in [
        format!("a{number}"),
        format!("{number}f"),
        format!("{number}0000"),
        format!("9f86d081{number}9f86d0815d6c15b0f00a08"),
        format!("+{number}"),
        format!("0.{number}"),
        format!("1111-{}", grouped("-")),
        format!("{}-99", grouped("-")),
        grouped("."),
        grouped("\n"),
        "1763719200000000".to_owned(),
        "2026-11-21 09:30:00 2026-11-22".to_owned(),
        "42424242-4242-4242-8242-424242424242".to_owned(),
        "<path d=\"M4003 1298L7654 3210\"/>".to_owned(),
        "0000000000000000".to_owned(),
    ] {
        assert_eq!(hits(&text), [], "{text}");
    }
}

#[test]
fn no_printed_number_has_more_groups_than_are_kept() {
    assert_eq!(GROUPINGS.iter().map(|sizes| sizes.len()).max(), Some(LONGEST));
}

#[test]
fn published_test_numbers_warn_only() {
    for number in &catalogue().known_test_pans {
        let scanned = scan(format!("x,{number}\n").as_bytes(), 4);
        assert!(scanned.stops.is_empty() && scanned.warnings.len() == 1, "{number}");
    }
}

#[test]
fn what_is_no_text_is_told_as_not_read() {
    for bytes in [&b"%PDF-1.7\n"[..], b"PK\x03\x04", b"text\0", b"\xff\xfe4\x00"] {
        let scanned = scan(bytes, 3);
        assert_eq!(scanned.unread, ["a.csv"], "{bytes:?}");
    }
    // Bytes that are no UTF-8 divide words, and the rest is read.
    let text = [b"caf\xe9 ".as_slice(), number().as_bytes(), b" \xe9"].concat();
    assert_eq!(scan(&text, 2).stops.len(), 1);
    assert_eq!(scan(b"", 1), Scanned::default());
    // A zero further on takes nothing back, and hides nothing behind it.
    let text = format!("first {}\0 then {}\0", number(), number());
    assert_eq!(scan(text.as_bytes(), 3).stops.len(), 2);
}

#[test]
fn an_escape_is_no_part_of_a_word() {
    for escape in ["\\n", "\\t", "\\r", "\\u000a", "\\u00e9", "\\\\"] {
        let text = format!("{{\"log\":\"x{escape}{}{escape}y\"}}", number());
        for size in [1, 3, 999] {
            assert_eq!(scan(text.as_bytes(), size).stops.len(), 1, "{text}");
        }
    }
    assert_eq!(scan(format!("n{}", number()).as_bytes(), 3), Scanned::default());
}

#[test]
fn many_hits_are_counted_and_not_kept() {
    let text = format!("{}\n", number()).repeat(HITS_MAX + 50);
    let scanned = scan(text.as_bytes(), 4096);
    assert_eq!((scanned.stops.len(), scanned.stop_count()), (HITS_MAX, HITS_MAX as u64 + 50));
    for begins in ["", "7 ", "7 8 ", "7 8 9 "] {
        let row = begins.to_owned() + &format!("{} ", grouped(" ")).repeat(GROUPS_MAX);
        assert_eq!(scan(row.as_bytes(), 999).stops.len(), GROUPS_MAX, "a long row is cut nowhere");
    }
}
