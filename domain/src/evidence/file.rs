//! What a file or a link must be before it is taken: its name, its size, its address, its hash.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::media::MediaType;
use crate::model::card_number::looks_like_card_number;
use crate::problem::FieldCode;

/// The largest file where nobody sets another bound, in bytes: 100 MiB.
pub const BYTES_MAX: u64 = 100 * 1024 * 1024;
/// How many bytes the files of a workspace have at most where nobody sets another bound: 4 GiB.
pub const WORKSPACE_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;
/// How many files a workspace has at most.
pub const WORKSPACE_FILES_MAX: u64 = 5_000;
/// The longest name of a file, in characters.
pub const FILE_NAME_MAX: usize = 200;
/// The longest address, in characters.
pub const LINK_MAX: usize = 2_048;

/// The name of a file as people see it. Never part of a path: files are kept by their hash.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileName(String);

/// Why a text is no name of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileNameError {
    /// Nothing but blanks.
    #[error("the name is empty")]
    Empty,
    /// More than [`FILE_NAME_MAX`] characters.
    #[error("the name is longer than {FILE_NAME_MAX} characters")]
    TooLong,
    /// A control character, or one that turns the direction of writing or is invisible.
    #[error("the name has a character that is invisible or turns the direction of writing")]
    Hidden,
    /// A divider of folders, or a name that means a folder or a device.
    #[error("the name is that of a folder or a device, or has a character that file systems do not take")]
    Path,
    /// It holds a full card number.
    #[error("the name holds a full card number")]
    CardNumber,
    /// Its ending is none of the allowed ones.
    #[error("files with this ending are not taken")]
    Ending,
}

impl FileNameError {
    /// What a form says.
    #[must_use]
    pub const fn code(self) -> FieldCode {
        match self {
            Self::Empty => FieldCode::Missing,
            Self::TooLong => FieldCode::TooLong(200),
            Self::Hidden | Self::Path => FieldCode::NotAFileName,
            Self::CardNumber => FieldCode::CardNumber,
            Self::Ending => FieldCode::FileTypeNotTaken,
        }
    }
}

impl FileName {
    /// The name in its shown form; the caller gives it in normalisation form C.
    ///
    /// # Errors
    /// Says which condition fails.
    pub fn parse(text: &str) -> Result<Self, FileNameError> {
        let name = text.trim();
        if name.is_empty() {
            return Err(FileNameError::Empty);
        }
        if name.chars().count() > FILE_NAME_MAX {
            return Err(FileNameError::TooLong);
        }
        if name.chars().any(|it| it.is_control() || is_hidden(it)) {
            return Err(FileNameError::Hidden);
        }
        let stem = name.split('.').next().unwrap_or_default().trim().to_ascii_lowercase();
        let marks = ['/', '\\', ':', '*', '?', '"', '<', '>', '|'];
        if name.contains(marks) || name.starts_with('.') || name.ends_with('.') || is_device(&stem) {
            return Err(FileNameError::Path);
        }
        if looks_like_card_number(name) {
            return Err(FileNameError::CardNumber);
        }
        if MediaType::of_name(name).is_none() {
            return Err(FileNameError::Ending);
        }
        Ok(Self(name.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Characters that nobody sees, or that make a name read otherwise than it is.
const fn is_hidden(it: char) -> bool {
    matches!(it, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether a name means a device on some systems, whatever its ending.
fn is_device(stem: &str) -> bool {
    let numbered = |word: &str| {
        stem.strip_prefix(word).is_some_and(|it| it.len() == 1 && it.bytes().all(|it| it.is_ascii_digit()))
    };
    matches!(stem, "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

/// An address of the web. Nothing is ever fetched from it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WebLink(String);

/// Why a text is no address that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebLinkError {
    /// It does not begin with `https://` or `http://`.
    #[error("the address does not begin with https:// or http://")]
    Scheme,
    /// Nothing stands where the host should.
    #[error("the address has no host")]
    Host,
    /// Blanks or control characters.
    #[error("the address has blanks or control characters")]
    Blank,
    /// More than [`LINK_MAX`] characters.
    #[error("the address is longer than {LINK_MAX} characters")]
    TooLong,
    /// A name and a password before the host.
    #[error("the address holds a user name or a password")]
    Secret,
    /// It holds a full card number.
    #[error("the address holds a full card number")]
    CardNumber,
}

impl WebLinkError {
    /// What a form says.
    #[must_use]
    pub const fn code(self) -> FieldCode {
        match self {
            Self::TooLong => FieldCode::TooLong(2_048),
            Self::CardNumber => FieldCode::CardNumber,
            Self::Scheme | Self::Host | Self::Blank | Self::Secret => FieldCode::NotAWebLink,
        }
    }
}

impl WebLink {
    /// An address of the web, without a user name in it.
    ///
    /// # Errors
    /// Says which condition fails.
    pub fn parse(text: &str) -> Result<Self, WebLinkError> {
        let text = text.trim();
        let rest =
            text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or(WebLinkError::Scheme)?;
        if text.chars().count() > LINK_MAX {
            return Err(WebLinkError::TooLong);
        }
        if text.chars().any(|it| it.is_control() || it.is_whitespace() || is_hidden(it)) || text.contains('\\') {
            return Err(WebLinkError::Blank);
        }
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err(WebLinkError::Secret);
        }
        if !authority.starts_with(|it: char| it.is_alphanumeric() || it == '[') {
            return Err(WebLinkError::Host);
        }
        if looks_like_card_number(text) {
            return Err(WebLinkError::CardNumber);
        }
        Ok(Self(text.to_owned()))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The SHA-256 of a file, in lower-case hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256([u8; 32]);

/// A text that is no SHA-256 in lower-case hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a SHA-256 of 64 lower-case hexadecimal digits")]
pub struct NoSha256;

impl Sha256 {
    /// The hash with these bytes.
    #[must_use]
    pub const fn of_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&hex::encode(self.0))
    }
}

impl FromStr for Sha256 {
    type Err = NoSha256;

    fn from_str(text: &str) -> Result<Self, NoSha256> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| NoSha256)?;
        let it = Self(bytes);
        if it.to_string() == text { Ok(it) } else { Err(NoSha256) }
    }
}

macro_rules! parsed {
    ($($name:ident: $shown:expr, $read:expr);+ $(;)?) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                let shown: fn(&$name) -> String = $shown;
                to.serialize_str(&shown(self))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                $read(&text).map_err(serde::de::Error::custom)
            }
        }
    )+};
}

parsed! {
    FileName: |it| it.0.clone(), FileName::parse;
    WebLink: |it| it.0.clone(), WebLink::parse;
    Sha256: |it| it.to_string(), <Sha256 as FromStr>::from_str;
}

/// How much the files of a workspace may take, and how much they do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// The largest single file, in bytes.
    pub file_bytes: u64,
    /// All of them together, in bytes.
    pub bytes: u64,
    /// How many there may be.
    pub files: u64,
}

impl Default for Quota {
    fn default() -> Self {
        Self { file_bytes: BYTES_MAX, bytes: WORKSPACE_BYTES_MAX, files: WORKSPACE_FILES_MAX }
    }
}

/// Why a file is not taken for its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuotaError {
    /// It has no byte.
    #[error("the file is empty")]
    Empty,
    /// It is larger than a file may be.
    #[error("the file is larger than a file may be")]
    FileTooLarge,
    /// The workspace would have more bytes than it may.
    #[error("the files of the workspace take as much room as they may")]
    WorkspaceFull,
    /// The workspace has as many files as it may.
    #[error("the workspace has as many files as it may")]
    TooManyFiles,
}

impl QuotaError {
    /// What a form says, under this quota.
    #[must_use]
    pub fn code(self, quota: &Quota) -> FieldCode {
        match self {
            Self::Empty => FieldCode::EmptyFile,
            Self::FileTooLarge => {
                FieldCode::FileTooLarge(u32::try_from(quota.file_bytes / 1024 / 1024).unwrap_or(u32::MAX))
            }
            Self::WorkspaceFull | Self::TooManyFiles => FieldCode::StorageFull,
        }
    }
}

impl Quota {
    /// Whether a file of so many bytes is taken beside what there is already: bytes and files, reserved ones among them.
    ///
    /// # Errors
    /// Says which bound it passes.
    pub const fn admits(&self, bytes: u64, used_bytes: u64, used_files: u64) -> Result<(), QuotaError> {
        if bytes == 0 {
            return Err(QuotaError::Empty);
        }
        if bytes > self.file_bytes {
            return Err(QuotaError::FileTooLarge);
        }
        if used_files >= self.files {
            return Err(QuotaError::TooManyFiles);
        }
        if used_bytes.saturating_add(bytes) > self.bytes {
            return Err(QuotaError::WorkspaceFull);
        }
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_is_refused_and_says_why() {
        for (name, why) in [
            ("", FileNameError::Empty),
            ("../../etc/passwd.txt", FileNameError::Path),
            ("..\\report.pdf", FileNameError::Path),
            (".pdf", FileNameError::Path),
            ("nul.txt", FileNameError::Path),
            ("COM1.pdf", FileNameError::Path),
            ("C:report.pdf", FileNameError::Path),
            ("a\r\nSet-Cookie: x.pdf", FileNameError::Hidden),
            ("report\u{202e}fdp.txt", FileNameError::Hidden),
            ("zero\u{200b}width.pdf", FileNameError::Hidden),
            ("4111 1111 1111 1111.pdf", FileNameError::CardNumber),
            ("page.html", FileNameError::Ending),
            ("drawing.svg", FileNameError::Ending),
            ("report.pdf.exe", FileNameError::Ending),
            ("report", FileNameError::Ending),
        ] {
            assert_eq!(FileName::parse(name), Err(why), "{name:?}");
        }
        assert_eq!(FileName::parse(&format!("{}.pdf", "x".repeat(197))), Err(FileNameError::TooLong));
        for name in ["Scan Q3 (final).PDF", "Prüfbericht.pdf", "監査.csv", "a.b.c.txt", "console.txt"] {
            assert_eq!(FileName::parse(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn only_addresses_of_the_web_are_taken() {
        for (text, why) in [
            ("javascript:alert(1)", WebLinkError::Scheme),
            ("data:text/html,x", WebLinkError::Scheme),
            ("java\tscript:alert(1)", WebLinkError::Scheme),
            ("//shop.example", WebLinkError::Scheme),
            ("https://", WebLinkError::Host),
            ("https:///x", WebLinkError::Host),
            ("https://a b", WebLinkError::Blank),
            ("https://a\tb", WebLinkError::Blank),
            ("https://shop.example\\@evil.example", WebLinkError::Blank),
            ("https://user:secret@shop.example/", WebLinkError::Secret),
            ("https://shop.example/4111111111111111", WebLinkError::CardNumber),
        ] {
            assert_eq!(WebLink::parse(text), Err(why), "{text:?}");
        }
        let long = format!("https://shop.example/{}", "x".repeat(LINK_MAX));
        assert_eq!(WebLink::parse(&long), Err(WebLinkError::TooLong));
        assert!(WebLink::parse(" https://wiki.shop.example/a?b=c@d#e ").is_ok());
    }

    #[test]
    fn a_hash_has_one_spelling() {
        let text = "ab".repeat(32);
        assert_eq!(text.parse::<Sha256>().unwrap().to_string(), text);
        for wrong in ["AB".repeat(32), "ab".repeat(31), "zz".repeat(32)] {
            assert_eq!(wrong.parse::<Sha256>(), Err(NoSha256));
        }
    }

    #[test]
    fn every_bound_is_exact() {
        let quota = Quota { file_bytes: 10, bytes: 25, files: 3 };
        assert_eq!(quota.admits(10, 15, 2), Ok(()));
        assert_eq!(quota.admits(11, 0, 0), Err(QuotaError::FileTooLarge));
        assert_eq!(quota.admits(10, 16, 2), Err(QuotaError::WorkspaceFull));
        assert_eq!(quota.admits(1, 0, 3), Err(QuotaError::TooManyFiles));
        assert_eq!(quota.admits(0, 0, 0), Err(QuotaError::Empty));
        assert_eq!(quota.admits(10, u64::MAX, 0), Err(QuotaError::WorkspaceFull));
    }
}
