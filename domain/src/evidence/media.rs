//! Which files are taken, and whether a file is what its name says. Judged by its first bytes; nothing is ever run.

use crate::problem::FieldCode;
use crate::text::text_enum;

/// So many bytes from the beginning of a file decide what it is; all of it, where it has fewer.
pub const HEAD_BYTES: usize = 4_096;

text_enum! {
    /// The types of files that are taken.
    MediaType {
        Pdf = "application/pdf": "PDF",
        Png = "image/png": "PNG picture",
        Jpeg = "image/jpeg": "JPEG picture",
        Gif = "image/gif": "GIF picture",
        Webp = "image/webp": "WebP picture",
        Text = "text/plain": "Text",
        Csv = "text/csv": "Table (CSV)",
        Json = "application/json": "JSON",
        Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word document",
        Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel workbook",
    }
}

/// Why a file is not taken as what its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MediaError {
    /// Its ending is none of the allowed ones.
    #[error("files with this ending are not taken")]
    Ending,
    /// Its first bytes are those of something else.
    #[error("the file is not what its name says")]
    Mismatch,
    /// It begins like a page or a drawing that a browser would run.
    #[error("the file holds something that a browser would run")]
    Active,
    /// A text that is not UTF-8, or has bytes that no text has.
    #[error("the file is not a text in UTF-8")]
    NotText,
}

impl MediaError {
    /// What a form says.
    #[must_use]
    pub const fn code(self) -> FieldCode {
        match self {
            Self::Ending => FieldCode::FileTypeNotTaken,
            Self::Mismatch | Self::Active | Self::NotText => FieldCode::FileNotWhatItSays,
        }
    }
}

impl MediaType {
    /// The endings that name it, in lower case.
    #[must_use]
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Gif => &["gif"],
            Self::Webp => &["webp"],
            Self::Text => &["txt", "log", "md"],
            Self::Csv => &["csv"],
            Self::Json => &["json"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
        }
    }

    /// The type that the ending of a name says.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let (stem, ending) = name.rsplit_once('.')?;
        let ending = ending.to_ascii_lowercase();
        let it = Self::ALL.iter().copied().find(|it| it.endings().contains(&ending.as_str()))?;
        (!stem.is_empty()).then_some(it)
    }

    /// The type of a file by its name and its first bytes: at least [`HEAD_BYTES`] of them, or all. `whole` says that there
    /// are no more.
    ///
    /// # Errors
    /// Says why it is not taken.
    pub fn judge(name: &str, head: &[u8], whole: bool) -> Result<Self, MediaError> {
        let it = Self::of_name(name).ok_or(MediaError::Ending)?;
        if is_active(head) {
            return Err(MediaError::Active);
        }
        let fits = match it {
            Self::Pdf => head.starts_with(b"%PDF-"),
            Self::Png => head.starts_with(b"\x89PNG\r\n\x1a\n"),
            Self::Jpeg => head.starts_with(b"\xff\xd8\xff"),
            Self::Gif => head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a"),
            Self::Webp => head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP"),
            Self::Docx => is_office(head, "word/"),
            Self::Xlsx => is_office(head, "xl/"),
            Self::Text | Self::Csv => return if is_text(head, whole) { Ok(it) } else { Err(MediaError::NotText) },
            Self::Json if !is_text(head, whole) => return Err(MediaError::NotText),
            Self::Json => {
                let bare = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
                bare.starts_with(b"{") || bare.starts_with(b"[")
            }
        };
        if fits { Ok(it) } else { Err(MediaError::Mismatch) }
    }

    /// How a page may show it, where it may at all. Everything else is only ever downloaded.
    #[must_use]
    pub const fn preview(self) -> Option<Preview> {
        match self {
            Self::Png | Self::Jpeg | Self::Gif | Self::Webp => Some(Preview::Picture),
            Self::Text | Self::Csv | Self::Json => Some(Preview::Text),
            Self::Pdf | Self::Docx | Self::Xlsx => None,
        }
    }
}

/// How a file is shown on its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preview {
    /// As a picture.
    Picture,
    /// As text without markup.
    Text,
}

/// Whether something that a browser would run stands in the first bytes, in any type: a file can be two things at once.
fn is_active(head: &[u8]) -> bool {
    const MARKS: [&[u8]; 9] =
        [b"<!doctype", b"<html", b"<script", b"<svg", b"<iframe", b"<body", b"<?xml-stylesheet", b"<object", b"<embed"];
    let lower: Vec<u8> = head.iter().take(HEAD_BYTES).map(u8::to_ascii_lowercase).collect();
    let wide: Vec<u8> = lower.iter().copied().filter(|it| *it != 0).collect();
    // Without its zero bytes a text in UTF-16 shows its marks too.
    [&lower, &wide].iter().any(|bytes| MARKS.iter().any(|mark| bytes.windows(mark.len()).any(|it| it == *mark)))
}

/// Whether the bytes are UTF-8 with no control characters but those of lines. A character that the end of the head cuts
/// counts where the file goes on.
fn is_text(head: &[u8], whole: bool) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if !whole && error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.is_empty() && !text.chars().any(|it| it.is_control() && !matches!(it, '\n' | '\r' | '\t' | '\u{c}'))
}

/// Whether it is a package of an office program: an archive whose first member is one that these programs write.
fn is_office(head: &[u8], own: &str) -> bool {
    let length = |at: usize| head.get(at..at + 2).map(|it| usize::from(it[0]) | usize::from(it[1]) << 8);
    let Some(name_length) = length(26).filter(|_| head.starts_with(b"PK\x03\x04")) else { return false };
    let Some(name) = head.get(30..30 + name_length).and_then(|it| std::str::from_utf8(it).ok()) else { return false };
    name == "[Content_Types].xml"
        || ["_rels/", "docProps/", "customXml/", own].iter().any(|folder| name.starts_with(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(first: &str) -> Vec<u8> {
        let mut bytes = b"PK\x03\x04".to_vec();
        bytes.resize(26, 0);
        bytes.extend([u8::try_from(first.len()).unwrap_or_default(), 0, 0, 0]);
        bytes.extend(first.as_bytes());
        bytes
    }

    #[test]
    fn a_file_is_what_its_name_says() {
        let judge = |name: &str, head: &[u8]| MediaType::judge(name, head, true);
        assert_eq!(judge("a.PDF", b"%PDF-1.7\n"), Ok(MediaType::Pdf));
        assert_eq!(judge("a.png", b"\x89PNG\r\n\x1a\n\0"), Ok(MediaType::Png));
        assert_eq!(judge("a.jpeg", b"\xff\xd8\xff\xe0"), Ok(MediaType::Jpeg));
        assert_eq!(judge("a.gif", b"GIF89a\x01\0\x01\0"), Ok(MediaType::Gif));
        assert_eq!(judge("a.webp", b"RIFF\x10\0\0\0WEBPVP8 "), Ok(MediaType::Webp));
        assert_eq!(judge("a.log", b"<34>1 2026-01-01 host su\n"), Ok(MediaType::Text));
        assert_eq!(judge("a.csv", "name;größe\n".as_bytes()), Ok(MediaType::Csv));
        assert_eq!(judge("a.json", b"\xef\xbb\xbf \n{\"a\":1}"), Ok(MediaType::Json));
        assert_eq!(judge("a.docx", &archive("word/document.xml")), Ok(MediaType::Docx));
        assert_eq!(judge("a.xlsx", &archive("[Content_Types].xml")), Ok(MediaType::Xlsx));
    }

    #[test]
    fn what_is_something_else_is_refused() {
        let wrong: [(&str, &[u8], MediaError); 12] = [
            ("a.svg", b"<svg xmlns=", MediaError::Ending),
            ("a.html", b"<html>", MediaError::Ending),
            ("a.exe", b"MZ", MediaError::Ending),
            ("a.pdf", b"MZ\x90\0", MediaError::Mismatch),
            ("a.pdf", b"<html><script>", MediaError::Active),
            ("a.pdf", b"%PDF-1.7 <ScRiPt>alert(1)", MediaError::Active),
            ("a.png", b"\x89PNG\r\n\x1a\n<svg onload=", MediaError::Active),
            ("a.txt", b" <!DOCTYPE html>", MediaError::Active),
            ("a.txt", b"<\0s\0c\0r\0i\0p\0t\0", MediaError::Active),
            ("a.txt", b"MZ\x90\0", MediaError::NotText),
            ("a.json", b"not json", MediaError::Mismatch),
            ("a.docx", &archive("evil.exe"), MediaError::Mismatch),
        ];
        for (name, head, why) in wrong {
            assert_eq!(MediaType::judge(name, head, true), Err(why), "{name} {head:?}");
        }
        assert_eq!(MediaType::judge("a.xlsx", &archive("word/document.xml"), true), Err(MediaError::Mismatch));
        assert_eq!(MediaType::judge("a.txt", b"", true), Err(MediaError::NotText));
    }

    #[test]
    fn a_character_may_be_cut_where_the_file_goes_on() {
        let cut = &"größe".as_bytes()[..3];
        assert_eq!(MediaType::judge("a.txt", cut, false), Ok(MediaType::Text));
        assert_eq!(MediaType::judge("a.txt", cut, true), Err(MediaError::NotText));
    }

    #[test]
    fn every_type_has_an_ending_of_its_own() {
        let mut all: Vec<&str> = MediaType::ALL.iter().flat_map(|it| it.endings()).copied().collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(MediaType::Pdf.preview().is_none() && MediaType::Csv.preview() == Some(Preview::Text));
    }
}
