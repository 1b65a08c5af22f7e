//! Reads a folder into which somebody unpacked a pack: file after file, each piece by piece.

use std::io::Write as _;

use domain::pack::Files;
use domain::pack::archive::{Limits, Refused};

use super::sink::Sink;

/// The longest name of a file that is noted, in bytes: what lies beside a pack may have any.
const NAME_MAX: usize = 4096;

/// A folder that is being read.
#[derive(Debug)]
pub struct Folder {
    limits: Limits,
    files: Files,
    bytes: u64,
    kept: u64,
    open: Option<(String, Sink)>,
}

impl Folder {
    /// Nothing is read yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, files: Files::new(), bytes: 0, kept: 0, open: None }
    }

    /// A file of that size begins.
    ///
    /// # Errors
    /// Why the folder is not read, as the end of a sentence.
    pub fn begin(&mut self, name: &str, size: u64) -> Result<(), String> {
        self.bytes = self.bytes.saturating_add(size);
        if self.files.len() >= self.limits.files {
            return Err(format!("it has more than {} files", self.limits.files));
        }
        if self.bytes > self.limits.unpacked {
            return Err(format!("it has more than {} bytes", self.limits.unpacked));
        }
        if name.len() > NAME_MAX {
            return Err("the name of a file is too long".to_owned());
        }
        let is_kept = self.limits.keeps(name, size);
        self.kept = self.kept.saturating_add(if is_kept { size } else { 0 });
        if self.kept > self.limits.kept_together {
            return Err(Refused::Kept(self.limits.kept_together).to_string());
        }
        self.open = Some((name.to_owned(), Sink::new(size, is_kept)));
        Ok(())
    }

    /// The next bytes of the file.
    ///
    /// # Errors
    /// The file is longer than was said.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), String> {
        match &mut self.open {
            Some((name, sink)) => sink.write_all(bytes).map_err(|_| changed(name)),
            None => Ok(()),
        }
    }

    /// The file ends.
    ///
    /// # Errors
    /// The file is shorter than was said.
    pub fn end(&mut self) -> Result<(), String> {
        let Some((name, sink)) = self.open.take() else { return Ok(()) };
        let (content, _) = sink.finish().ok_or_else(|| changed(&name))?;
        self.files.insert(name, content);
        Ok(())
    }

    /// The files.
    #[must_use]
    pub fn into_files(self) -> Files {
        self.files
    }
}

fn changed(name: &str) -> String {
    format!("{name} changed while it was read")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_taken_in_pieces() -> Result<(), String> {
        let mut folder = Folder::new(Limits { files: 2, ..Limits::default() });
        folder.begin("seal/seal.json", 4)?;
        folder.take(b"ab")?;
        folder.take(b"cd")?;
        folder.end()?;
        folder.begin("evidence/x", 2)?;
        assert!(folder.take(b"abc").is_err(), "longer than it was said to be");
        folder.begin("evidence/x", 2)?;
        folder.take(b"a")?;
        assert!(folder.end().is_err(), "shorter than it was said to be");
        folder.begin("evidence/x", 0)?;
        folder.end()?;
        assert!(folder.begin("more", 1).is_err());
        let files = folder.into_files();
        assert_eq!(files["seal/seal.json"].text(), Some("abcd"));
        assert_eq!(files["evidence/x"].bytes(), None);
        Ok(())
    }
}
