//! The forms of an evidence item: what it is about, and a version of it.
//!
//! As in the other forms a field that was not posted stays as it was, an empty one clears, and lists are posted whole.

use std::collections::BTreeSet;

use super::file::WebLink;
use super::item::{Item, Proves, Source, StoredFile, Version};
use crate::library::reference::RequirementKey;
use crate::model::Model;
use crate::model::draft::fields::Fields;
use crate::model::draft::{Form, NAME_MAX};
use crate::problem::{FieldCode, FieldError};
use crate::review::ReviewKey;
use crate::risk::record::Link;
use crate::schedule::activity_draft::objects_into;
use crate::time::{Day, Timestamp};

/// The longest note, in characters.
pub const NOTE_MAX: usize = 4_000;
/// The longest reason for a hold or a withdrawal, in characters.
pub const REASON_MAX: usize = 1_000;
/// The most requirements that an item proves.
pub const REQUIREMENTS_MAX: usize = 200;

/// The fields of the form of an item; `requirement` and `link` repeat.
pub const ITEM_FIELDS: [&str; 6] = ["title", "note", "requirement", "link", "find", "review"];
/// The fields of the form of a version, beside the file itself.
pub const VERSION_FIELDS: [&str; 6] = ["address", "collected", "covers_from", "covers_until", "expires", "collector"];

/// What a form is read against.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// People and objects.
    pub model: &'a Model,
    /// Whether a framework lists the requirement.
    pub is_requirement: &'a dyn Fn(&RequirementKey) -> bool,
    /// Whether there is such a review.
    pub is_review: &'a dyn Fn(ReviewKey) -> bool,
    /// The day on which the form is read.
    pub today: Day,
    /// The moment.
    pub now: Timestamp,
}

/// What an item is about, read from its form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// What people call it.
    pub title: String,
    /// What an assessor should know about it.
    pub note: String,
    /// What it proves.
    pub proves: Proves,
}

impl About {
    /// What an item is about as it is now.
    #[must_use]
    pub fn of(item: &Item) -> Self {
        Self { title: item.title.clone(), note: item.note.clone(), proves: item.proves.clone() }
    }

    /// Writes it into an item.
    pub fn onto(self, item: &mut Item) {
        item.title = self.title;
        item.note = self.note;
        item.proves = self.proves;
    }
}

/// Reads what an item is about.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn about_from_form(form: &Form, existing: &About, around: Around<'_>) -> Result<About, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let mut it = existing.clone();
    if let Some(title) = fields.line("title", NAME_MAX) {
        it.title = title;
    }
    if it.title.is_empty() {
        fields.error("title", FieldCode::Missing);
    }
    if let Some(note) = fields.lines("note", NOTE_MAX) {
        it.note = note;
    }
    requirements_into(&mut fields, "requirement", &mut it.proves.requirements, around.is_requirement);
    objects_into(&mut fields, &mut it.proves.objects, around.model);
    match fields.posted("review") {
        None => {}
        Some("") => it.proves.review = None,
        Some(text) => match text.parse::<ReviewKey>() {
            Ok(key) if it.proves.review == Some(key) || (around.is_review)(key) => it.proves.review = Some(key),
            _ => fields.error("review", FieldCode::NoSuchObject),
        },
    }
    fields.finish(it)
}

/// Requirements by their keys, each as a value of its own or several divided by `;`. What stood there before stands; a number
/// alone is one of PCI DSS.
pub(crate) fn requirements_into(
    fields: &mut Fields<'_>,
    name: &str,
    existing: &mut BTreeSet<RequirementKey>,
    is_known: &dyn Fn(&RequirementKey) -> bool,
) {
    let posted = fields.all(name);
    if posted.is_empty() {
        return;
    }
    let mut read = BTreeSet::new();
    for text in posted.iter().flat_map(|it| it.split([';', ',', '\n'])).map(str::trim).filter(|it| !it.is_empty()) {
        let key = text.parse::<RequirementKey>().ok().or_else(|| RequirementKey::pci(text));
        match key {
            Some(key) if existing.contains(&key) || is_known(&key) => drop(read.insert(key)),
            _ => fields.error(name, FieldCode::NoSuchRequirement),
        }
    }
    if read.len() > REQUIREMENTS_MAX {
        fields.error(name, FieldCode::TooMany);
    }
    *existing = read;
}

/// Reads the form of a version. `file` is what was uploaded with it; without one the field `address` names a link.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form; the field `file` where there is neither a file
/// nor an address, or both.
pub fn version_from_form(
    form: &Form,
    file: Option<StoredFile>,
    around: Around<'_>,
) -> Result<Version, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let address = fields.posted("address").filter(|it| !it.is_empty());
    let link = address.map(|it| WebLink::parse(it).map_err(|why| fields.error("address", why.code())));
    let source = match (file, link) {
        (Some(file), None) => Some(Source::File(file)),
        (None, Some(Ok(link))) => Some(Source::Link(link)),
        (None, Some(Err(()))) => None,
        (None, None) => {
            fields.error("file", FieldCode::Missing);
            None
        }
        (Some(_), Some(_)) => {
            fields.error("address", FieldCode::OneInEachRow);
            None
        }
    };
    let collected = fields.day("collected", None).unwrap_or(around.today);
    if collected > around.today {
        fields.error("collected", FieldCode::InTheFuture);
    }
    let covers_from = fields.day("covers_from", None);
    let covers_until = fields.day("covers_until", None);
    if covers_from.zip(covers_until).is_some_and(|(from, until)| until < from) {
        fields.error("covers_until", FieldCode::EndsBeforeItBegins);
    }
    let expires = fields.day("expires", None);
    if expires.is_some_and(|day| day < collected) {
        fields.error("expires", FieldCode::ExpiresBeforeCollected);
    }
    let collector = fields.reference("collector", None, |key| around.model.people.contains_key(key));
    match source {
        Some(source) => fields.finish(Version {
            number: 1,
            source,
            collected,
            covers_from,
            covers_until,
            expires,
            collector,
            added: around.now,
        }),
        // Without a source something is wrong, and `finish` tells what; there is no version to give.
        None => match fields.finish(()) {
            Err(errors) => Err(errors),
            Ok(()) => Err(vec![FieldError::new("file", FieldCode::Missing)]),
        },
    }
}

/// What an item is about as the fields of its form. Reading them back changes nothing.
#[must_use]
pub fn about_to_form(it: &About) -> Vec<(String, String)> {
    let mut form: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: &str| form.push((name.to_owned(), value.to_owned()));
    put("title", &it.title);
    put("note", &it.note);
    for key in &it.proves.requirements {
        put("requirement", &key.to_string());
    }
    for object in &it.proves.objects {
        put("link", &Link::Object(object.clone()).text());
    }
    put("review", &it.proves.review.map(|it| it.to_string()).unwrap_or_default());
    form
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::evidence::item::tests::{day, version};
    use crate::model::reader::read_json;

    fn with<T>(read: impl Fn(Around<'_>) -> T) -> T {
        let model = read_json(br#"{"systems":[{"id":"till"}],"people":[{"id":"lead"}]}"#).unwrap().0;
        read(Around {
            model: &model,
            is_requirement: &|_| true,
            is_review: &|key| key == ReviewKey(1),
            today: day("2026-11-21"),
            now: Timestamp(7),
        })
    }

    fn form(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn told<T>(read: Result<T, Vec<FieldError>>) -> Vec<(String, FieldCode)> {
        read.err().unwrap().into_iter().map(|it| (it.field, it.code)).collect()
    }

    #[test]
    fn what_an_item_is_about_comes_back_as_it_was() {
        let said = [
            ("title", "Scan of the third quarter"),
            ("requirement", "pci:11.3.2; 12.5.2"),
            ("requirement", "asvs:15.2.1"),
            ("link", "system:till"),
            ("review", "REV-1"),
        ];
        let it = with(|around| about_from_form(&form(&said), &About::default(), around)).unwrap();
        assert_eq!((it.proves.requirements.len(), it.proves.objects.len()), (3, 1));
        assert_eq!(with(|around| about_from_form(&about_to_form(&it), &it, around)), Ok(it.clone()));
        assert_eq!(with(|around| about_from_form(&Vec::new(), &it, around)), Ok(it));
    }

    #[test]
    fn everything_that_is_wrong_with_it_is_told_at_once() {
        let wrong = [("title", ""), ("requirement", "pci:6.4.1"), ("link", "element:pan"), ("review", "REV-2")];
        let errors = told(with(|around| about_from_form(&form(&wrong), &About::default(), around)));
        let fields: Vec<&str> = errors.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["title", "requirement", "link", "review"]);
    }

    #[test]
    fn a_version_is_a_file_or_a_link() {
        let file = version("2026-01-01", 1).file().cloned();
        let said = [("collected", "2026-11-20"), ("expires", "2027-02-20"), ("collector", "lead")];
        let it = with(|around| version_from_form(&form(&said), file.clone(), around)).unwrap();
        assert_eq!((it.collected, it.added, it.number), (day("2026-11-20"), Timestamp(7), 1));
        let link = form(&[("address", "https://wiki.shop.example/scan")]);
        let it = with(|around| version_from_form(&link, None, around)).unwrap();
        assert!(matches!(it.source, Source::Link(_)) && it.collected == day("2026-11-21"));
        assert_eq!(
            told(with(|around| version_from_form(&link, file.clone(), around))),
            [("address".to_owned(), FieldCode::OneInEachRow)]
        );
        assert_eq!(
            told(with(|around| version_from_form(&Vec::new(), None, around))),
            [("file".to_owned(), FieldCode::Missing)]
        );
    }

    #[test]
    fn days_of_a_version_come_in_their_order() {
        let wrong = [
            ("address", "javascript:alert(1)"),
            ("collected", "2026-11-22"),
            ("covers_from", "2026-02-01"),
            ("covers_until", "2026-01-31"),
            ("expires", "2026-11-01"),
            ("collector", "nobody"),
        ];
        let expected = [
            ("address", FieldCode::NotAWebLink),
            ("collected", FieldCode::InTheFuture),
            ("covers_until", FieldCode::EndsBeforeItBegins),
            ("expires", FieldCode::ExpiresBeforeCollected),
            ("collector", FieldCode::NoSuchObject),
        ];
        let errors = told(with(|around| version_from_form(&form(&wrong), None, around)));
        assert_eq!(errors, expected.map(|(field, code)| (field.to_owned(), code)));
    }
}
