//! How large a picture is, read from its first bytes, so that none is shown that would fill the memory of a browser.

use super::media::{MediaType, Preview};

/// So many bytes from the beginning of a picture are looked at.
pub const LOOKED_AT: usize = 256 * 1024;
/// The largest picture that is shown, in bytes.
pub const SHOWN_BYTES_MAX: u64 = 10 * 1024 * 1024;
/// The longest side of a picture that is shown, in pixels.
pub const SIDE_MAX: u32 = 12_000;
/// The most pixels of a picture that is shown.
pub const PIXELS_MAX: u64 = 40_000_000;

/// Whether a file is a picture that a page may show: of a known type, not too large, with a size that can be read.
#[must_use]
pub fn is_shown(media: MediaType, bytes: u64, head: &[u8]) -> bool {
    media.preview() == Some(Preview::Picture)
        && bytes <= SHOWN_BYTES_MAX
        && dimensions(media, head).is_some_and(|(width, height)| {
            let sides = [width, height];
            sides.iter().all(|side| (1..=SIDE_MAX).contains(side)) && u64::from(width) * u64::from(height) <= PIXELS_MAX
        })
}

/// Width and height in pixels, as the head of the file says; `None` where it does not.
#[must_use]
pub fn dimensions(media: MediaType, head: &[u8]) -> Option<(u32, u32)> {
    match media {
        MediaType::Png => (head.get(12..16)? == b"IHDR").then_some((big(head, 16, 4)?, big(head, 20, 4)?)),
        MediaType::Gif => Some((little(head, 6, 2)?, little(head, 8, 2)?)),
        MediaType::Webp => webp(head),
        MediaType::Jpeg => jpeg(head),
        MediaType::Pdf | MediaType::Text | MediaType::Csv | MediaType::Json | MediaType::Docx | MediaType::Xlsx => None,
    }
}

/// The first frame of a WebP: with loss, without, or with an extended header.
fn webp(head: &[u8]) -> Option<(u32, u32)> {
    match head.get(12..16)? {
        b"VP8 " => Some((little(head, 26, 2)? & 0x3fff, little(head, 28, 2)? & 0x3fff)),
        b"VP8L" => {
            let bits = little(head, 21, 4)?;
            Some(((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1))
        }
        b"VP8X" => Some((little(head, 24, 3)? + 1, little(head, 27, 3)? + 1)),
        _ => None,
    }
}

/// The frame of a JPEG: the first of its segments that says a size.
fn jpeg(head: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        if *head.get(at)? != 0xff {
            return None;
        }
        let marker = *head.get(at + 1)?;
        match marker {
            // Bytes that fill, and segments without content.
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            // Where the content begins, no size was said.
            0xd9 | 0xda => return None,
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return Some((big(head, at + 7, 2)?, big(head, at + 5, 2)?));
            }
            _ => at += 2 + usize::try_from(big(head, at + 2, 2)?.max(2)).ok()?,
        }
    }
}

fn big(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    let found = bytes.get(at..at.checked_add(length)?)?;
    Some(found.iter().fold(0, |all, byte| all << 8 | u32::from(*byte)))
}

fn little(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    let found = bytes.get(at..at.checked_add(length)?)?;
    Some(found.iter().rev().fold(0, |all, byte| all << 8 | u32::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes
    }

    #[test]
    fn the_size_of_a_picture_is_read_from_its_head() {
        assert_eq!(dimensions(MediaType::Png, &png(640, 480)), Some((640, 480)));
        assert_eq!(dimensions(MediaType::Gif, b"GIF89a\x80\x02\xe0\x01"), Some((640, 480)));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc2\0\x11\x08\x01\xe0\x02\x80";
        assert_eq!(dimensions(MediaType::Jpeg, jpeg), Some((640, 480)));
        let extended = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0";
        assert_eq!(dimensions(MediaType::Webp, extended), Some((640, 480)));
        let with_loss = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x80\x02\xe0\x01";
        assert_eq!(dimensions(MediaType::Webp, with_loss), Some((640, 480)));
        let lossless = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x7f\xc2\x77\0";
        assert_eq!(dimensions(MediaType::Webp, lossless), Some((640, 480)));
    }

    #[test]
    fn what_is_too_large_or_unreadable_is_not_shown() {
        assert!(is_shown(MediaType::Png, 100, &png(640, 480)));
        assert!(!is_shown(MediaType::Png, SHOWN_BYTES_MAX + 1, &png(640, 480)));
        for (width, height) in [(0, 1), (SIDE_MAX + 1, 1), (10_000, 10_000), (u32::MAX, u32::MAX)] {
            assert!(!is_shown(MediaType::Png, 100, &png(width, height)), "{width} x {height}");
        }
        let broken: [&[u8]; 5] =
            [b"", b"\xff\xd8", b"\xff\xd8\xff\xda", b"\xff\xd8\xff\xe0\xff\xff", b"\xff\xd8\xff\xff\xff\xff"];
        for head in broken {
            assert_eq!(dimensions(MediaType::Jpeg, head), None, "{head:?}");
        }
        assert!(!is_shown(MediaType::Text, 1, b"a") && !is_shown(MediaType::Pdf, 9, b"%PDF-1.7"));
    }
}
