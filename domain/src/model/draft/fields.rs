//! The fields of a posted form, read one by one; every error is kept, with the name of its field.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::str::FromStr;

use super::Form;
use crate::id::{KEY_MAX, KeyError, check_key};
use crate::model::card_number::looks_like_card_number;
use crate::problem::{FieldCode, FieldError};
use crate::time::{Day, Timestamp};

/// The fields of a form, or of one row of a group.
pub(crate) struct Fields<'a> {
    /// What stands before the names in the whole form, for example `holding.2.`.
    prefix: String,
    pairs: Vec<(&'a str, &'a str)>,
    errors: Vec<FieldError>,
}

impl<'a> Fields<'a> {
    /// The fields of a whole form. A card number in any of them is an error.
    pub(crate) fn of(form: &'a Form) -> Self {
        let pairs: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let errors = pairs
            .iter()
            .filter(|(name, value)| *name != "rev" && looks_like_card_number(value))
            .map(|(name, _)| FieldError::new(name, FieldCode::CardNumber))
            .collect();
        Self { prefix: String::new(), pairs, errors }
    }

    /// The rows of a group such as `holding.<n>.element`, by their number.
    pub(crate) fn rows(&self, group: &str) -> BTreeMap<usize, Self> {
        let mut rows: BTreeMap<usize, Self> = BTreeMap::new();
        for (name, value) in &self.pairs {
            let rest = name.strip_prefix(group).and_then(|rest| rest.strip_prefix('.'));
            let Some((number, name)) = rest.and_then(|rest| rest.split_once('.')) else { continue };
            let Some(number) =
                number.bytes().all(|b| b.is_ascii_digit()).then(|| number.parse::<usize>().ok()).flatten()
            else {
                continue;
            };
            let row = rows.entry(number).or_insert_with(|| Self {
                prefix: format!("{}{group}.{number}.", self.prefix),
                pairs: Vec::new(),
                errors: Vec::new(),
            });
            row.pairs.push((name, value));
        }
        rows
    }

    /// Takes over the errors of a row.
    pub(crate) fn absorb(&mut self, row: Self) {
        self.errors.extend(row.errors);
    }

    /// Notes what is wrong with a field.
    pub(crate) fn error(&mut self, name: &str, code: FieldCode) {
        self.errors.push(FieldError { field: format!("{}{name}", self.prefix), code });
    }

    /// The value, unless something is wrong: then one error per field, in the order of the form.
    pub(crate) fn finish<T>(self, value: T) -> Result<T, Vec<FieldError>> {
        if self.errors.is_empty() {
            return Ok(value);
        }
        let mut errors: Vec<FieldError> = Vec::new();
        for error in self.errors {
            if !errors.iter().any(|earlier| earlier.field == error.field) {
                errors.push(error);
            }
        }
        errors.sort_by_key(|error| self.pairs.iter().position(|(name, _)| *name == error.field));
        Err(errors)
    }

    /// Every value posted under the name, in order.
    pub(crate) fn all(&self, name: &str) -> Vec<&'a str> {
        self.pairs.iter().filter(|(posted, _)| *posted == name).map(|(_, value)| *value).collect()
    }

    /// Names and values in the order of the form.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.pairs.iter().copied()
    }

    /// The value without blanks around it; `None` where the field was not posted, the last where it was repeated.
    pub(crate) fn posted(&self, name: &str) -> Option<&'a str> {
        self.pairs.iter().rev().find(|(posted, _)| *posted == name).map(|(_, value)| value.trim())
    }

    /// A text on one line of at most so many characters.
    pub(crate) fn line(&mut self, name: &str, most: usize) -> Option<String> {
        let text = self.posted(name)?;
        if let Err(code) = check_line(text, most) {
            self.error(name, code);
        }
        Some(text.to_owned())
    }

    /// A key; empty is `Some(None)`.
    pub(crate) fn key(&mut self, name: &str) -> Option<Option<String>> {
        let text = self.posted(name)?;
        match check_key(text) {
            Ok(()) => Some(Some(text.to_owned())),
            Err(KeyError::Empty) => Some(None),
            Err(KeyError::TooLong) => {
                self.error(name, FieldCode::TooLong(characters(KEY_MAX)));
                Some(None)
            }
            Err(KeyError::Control) => {
                self.error(name, FieldCode::ControlCharacter);
                Some(None)
            }
        }
    }

    /// A value of a closed list; as it was where nothing was posted or chosen.
    pub(crate) fn choice<T: FromStr + Copy>(&mut self, name: &str, as_it_was: T) -> T {
        self.optional_choice(name, Some(as_it_was)).unwrap_or(as_it_was)
    }

    /// A value of a closed list, or none.
    pub(crate) fn optional_choice<T: FromStr + Copy>(&mut self, name: &str, as_it_was: Option<T>) -> Option<T> {
        match self.posted(name) {
            None => as_it_was,
            Some("") => None,
            Some(text) => {
                let value = text.parse().ok();
                if value.is_none() {
                    self.error(name, FieldCode::NotInList);
                }
                value
            }
        }
    }

    /// Yes or no; as it was where nothing was posted.
    pub(crate) fn yes_or_no(&mut self, name: &str, as_it_was: bool) -> bool {
        match self.posted(name) {
            None | Some("") => as_it_was,
            Some("yes" | "true" | "on") => true,
            Some("no" | "false") => false,
            Some(_) => {
                self.error(name, FieldCode::NotInList);
                as_it_was
            }
        }
    }

    /// Yes, no, or nobody has said; as it was where nothing was posted.
    pub(crate) fn optional_yes_or_no(&mut self, name: &str, as_it_was: Option<bool>) -> Option<bool> {
        match self.posted(name) {
            None => as_it_was,
            Some("") => None,
            Some(_) => Some(self.yes_or_no(name, as_it_was.unwrap_or_default())),
        }
    }

    /// Several of a closed list, as checkboxes post them; as they were where nothing was posted.
    pub(crate) fn several<T: FromStr + Copy>(&mut self, name: &str, as_they_were: &[T]) -> Vec<T> {
        let posted = self.all(name);
        if posted.is_empty() {
            return as_they_were.to_vec();
        }
        let mut values: Vec<T> = Vec::new();
        for word in posted.into_iter().map(str::trim).filter(|word| !word.is_empty()) {
            match word.parse::<T>() {
                Ok(value) => values.push(value),
                Err(_) => self.error(name, FieldCode::NotInList),
            }
        }
        values
    }

    /// The key of another object, or none. What stood there before stands, whether the model knows it or not.
    pub(crate) fn reference<I>(&mut self, name: &str, as_it_was: Option<I>, known: impl Fn(&str) -> bool) -> Option<I>
    where
        I: Borrow<str> + for<'b> From<&'b str>,
    {
        match self.posted(name) {
            None => as_it_was,
            Some("") => None,
            Some(text) if as_it_was.as_ref().is_some_and(|id| id.borrow() == text) => as_it_was,
            Some(text) => {
                if !known(text) {
                    self.error(name, FieldCode::NoSuchObject);
                }
                Some(I::from(text))
            }
        }
    }

    /// The keys of several other objects: each posted as a value of its own, or several in one divided by `;`. What
    /// stood there before stands, whether the model knows it or not.
    pub(crate) fn keys<I>(&mut self, name: &str, as_they_were: &[I], known: impl Fn(&str) -> bool) -> Vec<I>
    where
        I: Borrow<str> + Clone + PartialEq + for<'b> From<&'b str>,
    {
        let posted = self.all(name);
        if posted.is_empty() {
            return as_they_were.to_vec();
        }
        let stands = |text: &str| known(text) || as_they_were.iter().any(|id| id.borrow() == text);
        let mut keys: Vec<I> = Vec::new();
        for text in posted.into_iter().map(str::trim) {
            let pieces = if stands(text) { vec![text] } else { text.split(';').map(str::trim).collect() };
            for piece in pieces.into_iter().filter(|piece| !piece.is_empty()) {
                if !stands(piece) {
                    self.error(name, FieldCode::NoSuchObject);
                } else if !keys.iter().any(|key| key.borrow() == piece) {
                    keys.push(I::from(piece));
                }
            }
        }
        keys
    }

    /// Several texts on one line, divided by `;`.
    pub(crate) fn texts(&mut self, name: &str, most: usize, as_they_were: &[String]) -> Vec<String> {
        let Some(text) = self.posted(name) else { return as_they_were.to_vec() };
        if text == as_they_were.join("; ") {
            return as_they_were.to_vec();
        }
        let mut texts: Vec<String> = Vec::new();
        for piece in text.split(';').map(str::trim).filter(|piece| !piece.is_empty()) {
            if let Err(code) = check_line(piece, most) {
                self.error(name, code);
            }
            if !texts.iter().any(|earlier| earlier == piece) {
                texts.push(piece.to_owned());
            }
        }
        texts
    }

    /// A text of several lines. Browsers send line breaks as CR LF; one of them is kept.
    pub(crate) fn lines(&mut self, name: &str, most: usize) -> Option<String> {
        let text = self.posted(name)?.replace("\r\n", "\n");
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            self.error(name, FieldCode::ControlCharacter);
        } else if text.chars().count() > most {
            self.error(name, FieldCode::TooLong(characters(most)));
        }
        Some(text)
    }

    /// A day, or none.
    pub(crate) fn day(&mut self, name: &str, as_it_was: Option<Day>) -> Option<Day> {
        match self.posted(name) {
            None => as_it_was,
            Some("") => None,
            Some(text) => {
                let day = text.parse().ok();
                if day.is_none() {
                    self.error(name, FieldCode::NotADay);
                }
                day
            }
        }
    }

    /// An instant in UTC, or none.
    pub(crate) fn instant(&mut self, name: &str, as_it_was: Option<Timestamp>) -> Option<Timestamp> {
        match self.posted(name) {
            None => as_it_was,
            Some("") => None,
            Some(text) => {
                let instant = text.parse().ok();
                if instant.is_none() {
                    self.error(name, FieldCode::NotAnInstant);
                }
                instant
            }
        }
    }

    /// A whole number that is not negative, or none; blanks between its digits do not matter.
    pub(crate) fn count(&mut self, name: &str, as_it_was: Option<u64>) -> Option<u64> {
        let Some(text) = self.posted(name) else { return as_it_was };
        if text.is_empty() {
            return None;
        }
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let number = digits.parse::<i64>().ok().and_then(|number| u64::try_from(number).ok());
        if number.is_none() {
            self.error(name, FieldCode::NotANumber);
        }
        number
    }
}

/// What a text on one line must satisfy.
pub(crate) fn check_line(text: &str, most: usize) -> Result<(), FieldCode> {
    if text.chars().any(char::is_control) {
        return Err(FieldCode::ControlCharacter);
    }
    if text.chars().count() > most {
        return Err(FieldCode::TooLong(characters(most)));
    }
    Ok(())
}

/// A limit as errors carry it.
pub(crate) fn characters(most: usize) -> u32 {
    u32::try_from(most).unwrap_or(u32::MAX)
}
