//! A part as a sequence of tags and texts. Entities are the five of XML and numbers of characters; a document type, which
//! could declare more, is refused.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::WorkbookError;
use super::archive::{Archive, UNPACKED_MAX};

/// One step through a part. Tags have their names without namespace.
pub(super) enum Step<'s> {
    /// A tag opens. One that closes at once opens and closes.
    Open(&'s str, Attributes<'s>),
    /// A tag closes.
    Close(&'s str),
    /// Text, or a piece of it.
    Text(&'s str),
}

/// The attributes of a tag.
pub(super) struct Attributes<'s>(&'s BytesStart<'s>);

impl Attributes<'_> {
    /// The value of an attribute, by its name without namespace.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let mut all = self.0.attributes();
        let found = all.with_checks(false).flatten().find(|it| it.key.local_name().as_ref() == name)?;
        found.normalized_value(XmlVersion::Implicit1_0).ok().map(|it| it.into_owned())
    }
}

/// Walks through a part.
pub(super) fn walk(
    archive: &Archive<'_>,
    name: &str,
    mut step: impl FnMut(Step<'_>) -> Result<(), WorkbookError>,
) -> Result<(), WorkbookError> {
    let mut reader = Reader::from_reader(archive.part(name)?);
    let mut buffer = Vec::new();
    let damaged = |what: String| WorkbookError::Damaged { part: name.to_owned(), what };
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|error| match archive.is_used_up() {
            true => WorkbookError::Unpacked { most: UNPACKED_MAX / 1024 / 1024 },
            false => damaged(error.to_string()),
        })?;
        match event {
            Event::Start(tag) => step(Step::Open(tag.local_name().as_ref(), Attributes(&tag)))?,
            Event::Empty(tag) => {
                step(Step::Open(tag.local_name().as_ref(), Attributes(&tag)))?;
                step(Step::Close(tag.local_name().as_ref()))?;
            }
            Event::End(tag) => step(Step::Close(tag.local_name().as_ref()))?,
            Event::Text(text) => step(Step::Text(&text.xml10_content()))?,
            Event::CData(text) => step(Step::Text(&text.xml10_content()))?,
            Event::GeneralRef(entity) => {
                let number = entity.resolve_char_ref().map_err(|error| damaged(error.to_string()))?;
                let name = entity.into_inner();
                let named = match &*name {
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "amp" => Some('&'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => None,
                };
                let character = number.or(named).ok_or_else(|| damaged(format!("the entity {name:?} is unknown")))?;
                step(Step::Text(character.encode_utf8(&mut [0; 4])))?;
            }
            Event::DocType(_) => return Err(WorkbookError::DocumentType(name.to_owned())),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => return Ok(()),
        }
    }
}
