//! What the typesetter can see: the template, the data and two fonts.

use serde_json::Value;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};

use super::Refused;
use super::legible;

/// The template.
const TEMPLATE: &str = include_str!("paper.typ");
/// Inter, cut down to Latin, Greek and Cyrillic: the same files with which pictures of pixels are drawn.
const FONTS: [&[u8]; 2] =
    [include_bytes!("../../picture/fonts/inter-400.ttf"), include_bytes!("../../picture/fonts/inter-600.ttf")];

/// Everything that there is while a document is set.
pub(super) struct Desk {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Source,
    data: (FileId, Bytes),
}

impl Desk {
    pub(super) fn new() -> Result<Self, Refused> {
        let fonts: Vec<Font> = FONTS.iter().filter_map(|it| Font::new(Bytes::new(*it), 0)).collect();
        Ok(Self {
            library: LazyHash::new(Library::builder().build()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            template: Source::new(file("/paper.typ")?, TEMPLATE.to_owned()),
            data: (file("/data.json")?, Bytes::new([])),
        })
    }

    /// Replaces what the fonts cannot show in every text of the data; how many characters those were.
    pub(super) fn make_legible(&self, value: &mut Value) -> u64 {
        let shown = |character: char| self.fonts.iter().all(|it| it.info().coverage.contains(character.into()));
        legible::every_text(value, &shown)
    }

    pub(super) fn with_data(mut self, data: Vec<u8>) -> Self {
        self.data.1 = Bytes::new(data);
        self
    }
}

fn file(path: &str) -> Result<FileId, Refused> {
    let path = VirtualPath::new(path).map_err(|error| Refused::Unset(format!("{error:?}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data.0 { Ok(self.data.1.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    /// There is no clock.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn names_of_europe_and_vietnam_are_shown_as_they_are_written() {
        let names = serde_json::json!(["Πληρωμές", "Київ", "Беларусь ў", "Știință", "Nguyễn", "Łódź", "Ŵyr", "₴ ₫ €"]);
        let mut shown = names.clone();
        assert_eq!(Desk::new().unwrap().make_legible(&mut shown), 0);
        assert_eq!(shown, names);
        assert_eq!(Desk::new().unwrap().make_legible(&mut serde_json::json!("支付 café")), 2);
    }
}
