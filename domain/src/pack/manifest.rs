//! The list of hashes: one line `<sha256>  <path>` for each file, as `sha256sum -c` reads it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::content::{Files, is_name};
use super::name;

/// The most files that a list may name.
pub const FILES_MAX: usize = 10_000;

/// The list of the files, ordered by the bytes of their names, without itself and its signature.
#[must_use]
pub fn write(files: &Files) -> String {
    let mut text = String::new();
    for (name, content) in files.iter().filter(|(name, _)| is_listed(name)) {
        let _ = writeln!(text, "{}  {name}", content.sha256());
    }
    text
}

/// Whether the list names such a file.
#[must_use]
pub fn is_listed(name: &str) -> bool {
    name != name::MANIFEST && name != name::SIGNATURE
}

/// The hashes by name.
///
/// # Errors
/// The number of the first line, from 1, that is not in the one form that the list has.
pub fn read(text: &str) -> Result<BTreeMap<&str, &str>, usize> {
    let mut hashes: BTreeMap<&str, &str> = BTreeMap::new();
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let entry = line.strip_suffix('\n').and_then(|line| line.split_once("  ")).filter(|(hash, name)| {
            let hexadecimal = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
            hash.len() == 64 && hash.bytes().all(hexadecimal) && is_name(name) && is_listed(name)
        });
        let (hash, name) = entry.ok_or(number + 1)?;
        let follows = hashes.last_key_value().is_none_or(|(before, _)| *before < name);
        if !follows || number >= FILES_MAX {
            return Err(number + 1);
        }
        hashes.insert(name, hash);
    }
    Ok(hashes)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read_in_one_form_only() {
        let files: Files =
            [("b".to_owned(), "2".to_owned().into()), ("a/x.csv".to_owned(), "1".to_owned().into())].into();
        let text = write(&files);
        assert_eq!(text.lines().count(), 2);
        assert!(text.starts_with("6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b  a/x.csv\n"));
        assert_eq!(read(&text).unwrap().len(), 2);
        let lines: Vec<&str> = text.lines().collect();
        let swapped = format!("{}\n{}\n", lines[1], lines[0]);
        let hash = "0".repeat(64);
        for (wrong, line) in [
            (swapped.as_str(), 2),
            (&format!("{text}{}\n", lines[1]), 3),
            (text.trim_end(), 2),
            (&text.to_uppercase(), 1),
            (&format!("{hash}  ../passwd\n"), 1),
            (&format!("{hash} *a\n"), 1),
            (&format!("{hash}  MANIFEST.sha256\n"), 1),
        ] {
            assert_eq!(read(wrong), Err(line), "{wrong}");
        }
    }
}
