//! What a person states about a source beside its list.

use super::{EVERYTHING, Format, Seen, Source};
use crate::findings::said;
use crate::id::{RecordId, SystemId};
use crate::import::card;
use crate::import::keys::key_of;
use crate::model::Model;
use crate::model::draft::NAME_MAX;
use crate::model::kinds::SecretLocation;
use crate::problem::{FieldCode, FieldError};
use crate::time::Day;

/// What is stated, as it was typed; empty where nothing was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stated<'a> {
    /// What people call the source. The same name again replaces what it saw before.
    pub name: &'a str,
    /// When it saw all of it; today where empty.
    pub seen_at: &'a str,
    /// What it covers completely, divided by semicolons.
    pub complete_for: &'a str,
    /// Since when; the day on which it saw all of it where empty.
    pub complete_since: &'a str,
}

/// The source that a list and what is stated of it make.
///
/// # Errors
/// The fields `name`, `seen_at`, `complete_for` and `complete_since`, by these names.
pub fn brought(seen: Seen, stated: &Stated<'_>, model: &Model, today: Day) -> Result<Source, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut wrong = |field: &str, code: FieldCode| errors.push(FieldError::new(field, code));
    let name = stated.name.trim();
    match name {
        "" => wrong("name", FieldCode::Missing),
        _ if name.chars().count() > NAME_MAX => {
            wrong("name", FieldCode::TooLong(u32::try_from(NAME_MAX).unwrap_or(u32::MAX)))
        }
        _ if name.chars().any(char::is_control) => wrong("name", FieldCode::ControlCharacter),
        _ if card::find(name).is_some() => wrong("name", FieldCode::CardNumber),
        _ => {}
    }
    let seen_at = match stated.seen_at.trim() {
        "" => Some(today.start()),
        text => said::instant_of(text),
    };
    if seen_at.is_none() {
        wrong("seen_at", FieldCode::NotADay);
    }
    let complete_for: Vec<String> = covered(stated.complete_for).map(str::to_owned).collect();
    if let Some(code) = complete_for.iter().find_map(|it| wrong_cover(seen.format(), it, model)) {
        wrong("complete_for", code);
    }
    let complete_since = match stated.complete_since.trim() {
        "" => Ok(None),
        text => text.parse::<Day>().map(Some),
    };
    if complete_since.is_err() {
        wrong("complete_since", FieldCode::NotADay);
    }
    match (seen_at, complete_since) {
        (Some(seen_at), Ok(complete_since)) if errors.is_empty() => Ok(Source {
            id: RecordId::new(key_of(name)),
            name: name.to_owned(),
            seen_at,
            complete_for,
            complete_since,
            seen,
        }),
        _ => Err(errors),
    }
}

/// The parts of what a source covers.
fn covered(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', ',']).map(str::trim).filter(|it| !it.is_empty())
}

fn wrong_cover(format: Format, text: &str, model: &Model) -> Option<FieldCode> {
    if text == EVERYTHING {
        return None;
    }
    match format {
        Format::SecretStore => text.parse::<SecretLocation>().is_err().then_some(FieldCode::NotInList),
        Format::Webhooks | Format::LogScanner | Format::Configuration => {
            (!model.systems.contains_key(&SystemId::new(text))).then_some(FieldCode::NoSuchObject)
        }
    }
}
