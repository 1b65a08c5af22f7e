//! From bytes to text: UTF-8 only, with or without byte order mark, within the size that is allowed.

use super::Limits;
use super::rejection::Rejection;

/// The text of a file without its byte order mark.
///
/// # Errors
/// The file is larger than allowed, is not UTF-8, or contains a NUL byte.
pub(crate) fn text<'a>(file: &str, bytes: &'a [u8], limits: &Limits) -> Result<&'a str, Rejection> {
    if bytes.len() > limits.bytes {
        let reason = format!(
            "the file has {} MiB, and at most {} MiB can be imported here",
            bytes.len().div_ceil(1024 * 1024),
            limits.bytes / 1024 / 1024
        );
        return Err(Rejection::of_file(file, reason, limits.way_out(file)));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        let reason = "the file is packed, as Excel workbooks and archives are";
        return Err(
            Rejection::of_file(file, reason, "save the sheet as CSV in UTF-8, or unpack the archive first").at(1)
        );
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Rejection::of_file(file, "byte 1 is not UTF-8: the file is in UTF-16", SAVE_AS_UTF8)
            .at(1)
            .field("byte 1"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let offset_of = |at: usize| format!("byte {}", at + 1);
    match str::from_utf8(bytes) {
        Ok(text) => match text.find('\0') {
            Some(at) => Err(Rejection::of_file(file, "there is a NUL byte", "remove it and save the file as text")
                .at(line_at(bytes, at))
                .field(&offset_of(at))),
            None => Ok(text),
        },
        Err(error) => {
            let at = error.valid_up_to();
            let reason = format!("byte 0x{:02X} at offset {at} is not UTF-8", bytes.get(at).copied().unwrap_or(0));
            Err(Rejection::of_file(file, reason, SAVE_AS_UTF8).at(line_at(bytes, at)).field(&offset_of(at)))
        }
    }
}

const SAVE_AS_UTF8: &str = "save the file as UTF-8 and import it again";

/// The line of an offset, from 1. Lines end with LF, CR LF or CR.
pub(super) fn line_at(bytes: &[u8], offset: usize) -> usize {
    let before = &bytes[..offset.min(bytes.len())];
    let ends = before.iter().enumerate().filter(|(at, byte)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    1 + ends.count()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_latin_1_file_is_refused_with_line_and_offset() {
        let refused = text("shop.csv", b"id,name\n1,Caf\xe9\n", &Limits::browser()).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "shop.csv, line 2, field \"byte 14\": byte 0xE9 at offset 13 is not UTF-8; \
             save the file as UTF-8 and import it again."
        );
    }

    #[test]
    fn a_byte_order_mark_is_no_text_and_utf_16_is_named() {
        assert_eq!(text("a", b"\xef\xbb\xbfid", &Limits::browser()).unwrap(), "id");
        let refused = text("a", b"\xff\xfei\0d\0", &Limits::browser()).unwrap_err();
        assert!(refused.to_string().contains("UTF-16"), "{refused}");
    }

    #[test]
    fn a_workbook_is_named_as_what_it_is() {
        let refused = text("shop.xlsx", b"PK\x03\x04\x14\0", &Limits::browser()).unwrap_err();
        assert!(refused.to_string().contains("save the sheet as CSV"), "{refused}");
    }

    #[test]
    fn a_nul_byte_is_refused_with_its_line() {
        assert_eq!(text("a", b"id\r\nx\0", &Limits::browser()).unwrap_err().line, Some(2));
    }

    #[test]
    fn a_file_that_is_too_large_names_the_command() {
        let limits = Limits { bytes: 3, ..Limits::browser() };
        let refused = text("shop.csv", b"abcd", &limits).unwrap_err().to_string();
        assert!(refused.contains("plumbline import --data DIR --workspace W shop.csv"), "{refused}");
        assert!(text("shop.csv", b"abc", &limits).is_ok());
    }
}
