//! What the script of the page calls. It runs in a worker of the browser; numbers of bytes are those of JavaScript, which
//! are exact up to 2^53, and what is wrong is thrown as a sentence.

use domain::pack::Files;
use domain::pack::archive::Limits;
use domain::scope::explain::explain;
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;

use super::folder::Folder;
use super::reader::Reader;
use super::told::{Again, Trusted, told};
use super::whatif::{Change, moved, objects, offers};

/// The longest list of changes that is read, in bytes.
const CHANGES_MAX: usize = 256 * 1024;

/// A pack, from the first byte to what follows from it.
#[derive(Debug, Default)]
#[wasm_bindgen]
pub struct Pack {
    archive: Option<Reader>,
    folder: Option<Folder>,
    files: Files,
    again: Option<Again>,
}

#[wasm_bindgen]
impl Pack {
    /// Nothing is read yet.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An archive of that many bytes is to be read.
    pub fn open_archive(&mut self, length: f64) {
        self.archive = Some(Reader::new(length as u64, Limits::default()));
    }

    /// The bytes of the archive that are wanted next: the first, and how many; nothing where everything is read.
    #[must_use]
    pub fn wants(&self) -> Vec<f64> {
        let slice = self.archive.as_ref().and_then(Reader::wants);
        slice.map(|it| vec![it.from as f64, it.length as f64]).unwrap_or_default()
    }

    /// A folder is to be read.
    pub fn open_folder(&mut self) {
        self.folder = Some(Folder::new(Limits::default()));
    }

    /// A file of the folder begins.
    ///
    /// # Errors
    /// Why the folder is not read.
    pub fn begin(&mut self, name: &str, size: f64) -> Result<(), String> {
        self.folder.as_mut().map_or(Ok(()), |it| it.begin(name, size as u64))
    }

    /// The next bytes, of the archive or of the file of a folder.
    ///
    /// # Errors
    /// Why it is not read.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), String> {
        match (&mut self.archive, &mut self.folder) {
            (Some(archive), _) => archive.take(bytes).map_err(|why| why.to_string()),
            (None, Some(folder)) => folder.take(bytes),
            (None, None) => Ok(()),
        }
    }

    /// The file of the folder ends.
    ///
    /// # Errors
    /// It changed while it was read.
    pub fn end(&mut self) -> Result<(), String> {
        self.folder.as_mut().map_or(Ok(()), Folder::end)
    }

    /// Verifies what was read, with what somebody typed in; each may be empty. JSON of what is shown.
    ///
    /// # Errors
    /// What was typed in as a key is none.
    pub fn verify(&mut self, key: &str, checkpoint: &str) -> Result<String, String> {
        let archive = self.archive.take().map(Reader::into_files);
        let folder = self.folder.take().map(Folder::into_files);
        if let Some(files) = archive.or(folder) {
            self.files = files;
            self.again = None;
        }
        let report = super::verified(&self.files, key, checkpoint)?;
        if self.again.is_none() {
            self.again = report.about.as_ref().and_then(|about| Again::of(&self.files, about));
        }
        let trusted = Trusted { key: !key.trim().is_empty(), checkpoint: !checkpoint.trim().is_empty() };
        Ok(json(&told(&self.files, &report, trusted, self.again.as_ref())))
    }

    /// Why a system has its verdict: JSON of sentences.
    #[must_use]
    pub fn why(&self, system: &str) -> String {
        let sentences = self.again.as_ref().map(|it| explain(&it.model, &it.scope, &system.into()));
        json(&sentences.iter().flatten().map(ToString::to_string).collect::<Vec<_>>())
    }

    /// What can be changed: JSON of keys and names by kind.
    #[must_use]
    pub fn objects(&self) -> String {
        json(&self.again.as_ref().map(|it| objects(&it.model)).unwrap_or_default())
    }

    /// What can be changed of an object: JSON of words and changes.
    #[must_use]
    pub fn offers(&self, kind: &str, key: &str) -> String {
        json(&self.again.as_ref().map(|it| offers(&it.model, kind, key)).unwrap_or_default())
    }

    /// What changes do together, from JSON of those that [`Self::offers`] gave.
    ///
    /// # Errors
    /// They cannot be carried out.
    pub fn moved(&self, changes: &str) -> Result<String, String> {
        const NONE: &str = "These are no changes that this page offers.";
        if changes.len() > CHANGES_MAX {
            return Err(NONE.to_owned());
        }
        let changes: Vec<Change> = serde_json::from_str(changes).map_err(|_| NONE)?;
        let again = self.again.as_ref().ok_or("There is no model that could be changed.")?;
        moved((&again.model, &again.scope, &again.findings), &changes, again.at).map(|it| json(&it))
    }
}

/// Texts, lists and numbers always have a form in JSON.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
