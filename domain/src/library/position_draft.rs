//! The form of a position: what a person posts becomes a position, or the list of everything that is wrong.
//!
//! As in the other forms a field that was not posted stays as it was, an empty one clears, and lists are posted whole.

use std::collections::BTreeSet;

use super::position::{Position, Status, Worksheet};
use super::reference::EvidenceKey;
use crate::id::PersonId;
use crate::model::draft::Form;
use crate::model::draft::fields::Fields;
use crate::problem::{FieldCode, FieldError};
use crate::time::Day;

/// The longest reason or part of a worksheet, in characters.
pub const WORDS_MAX: usize = 4_000;
/// The most evidence items that are named.
pub const EVIDENCE_MAX: usize = 100;

/// The fields of the form; `evidence` repeats.
pub const FIELDS: [&str; 10] = [
    "status",
    "approach",
    "reason",
    "evidence",
    "constraints",
    "objective",
    "risk",
    "definition",
    "validation",
    "maintenance",
];

/// Reads the form of a position. Who changes anything has decided it on this day, and takes back the approval that was given
/// to something else. `is_item` tells whether there is such an evidence item.
///
/// What does not apply needs a reason, and a compensating control its whole worksheet.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn position_from_form(
    form: &Form,
    existing: &Position,
    by: &PersonId,
    today: Day,
    is_item: impl Fn(EvidenceKey) -> bool,
) -> Result<Position, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let mut it = existing.clone();
    if fields.posted("status") == Some("") {
        fields.error("status", FieldCode::Missing);
    }
    it.status = fields.choice("status", it.status);
    it.approach = fields.choice("approach", it.approach);
    if !it.approach.is_open_to(&it.requirement) {
        fields.error("approach", FieldCode::AsWritten);
    }
    if let Some(reason) = fields.lines("reason", WORDS_MAX) {
        it.reason = reason;
    }
    items_into(&mut fields, "evidence", &mut it.evidence, is_item);
    if it.status == Status::NotApplicable && it.reason.is_empty() {
        fields.error("reason", FieldCode::Missing);
    }
    worksheet(&mut fields, &mut it);
    // Also where somebody says first what counts as long as nobody says anything.
    if it != *existing || it.decided.is_none() {
        it.decided = Some((by.clone(), today));
        it.approved = None;
    }
    fields.finish(it)
}

/// The worksheet of a compensating control; where there is none, it is gone.
fn worksheet(fields: &mut Fields<'_>, it: &mut Position) {
    if it.status != Status::InPlaceCompensated {
        it.worksheet = None;
        return;
    }
    let mut sheet = it.worksheet.take().unwrap_or_default();
    for (name, text) in sheet.parts_mut() {
        if let Some(posted) = fields.lines(name, WORDS_MAX) {
            *text = posted;
        }
        if text.trim().is_empty() {
            fields.error(name, FieldCode::Missing);
        }
    }
    it.worksheet = Some(sheet);
}

/// Evidence items by their keys, each as a value of its own or several divided by `;`. What stood there before stands.
pub(crate) fn items_into(
    fields: &mut Fields<'_>,
    name: &str,
    items: &mut BTreeSet<EvidenceKey>,
    is_item: impl Fn(EvidenceKey) -> bool,
) {
    let posted = fields.all(name);
    if posted.is_empty() {
        return;
    }
    let mut read = BTreeSet::new();
    for text in posted.iter().flat_map(|it| it.split([';', ','])).map(str::trim).filter(|it| !it.is_empty()) {
        match text.parse::<EvidenceKey>() {
            Ok(key) if items.contains(&key) || is_item(key) => drop(read.insert(key)),
            _ => fields.error(name, FieldCode::NoSuchObject),
        }
    }
    if read.len() > EVIDENCE_MAX {
        fields.error(name, FieldCode::TooMany);
    }
    *items = read;
}

/// The position as the fields of its form. Reading them back changes nothing.
#[must_use]
pub fn position_to_form(it: &Position) -> Vec<(String, String)> {
    let mut form: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: &str| form.push((name.to_owned(), value.to_owned()));
    put("status", it.status.as_str());
    put("approach", it.approach.as_str());
    put("reason", &it.reason);
    for key in &it.evidence {
        put("evidence", &key.to_string());
    }
    for (name, _) in Worksheet::PARTS {
        put(name, it.worksheet.as_ref().map_or("", |sheet| sheet.part(name)));
    }
    form
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::library::approach::Approach;
    use crate::library::reference::RequirementKey;

    fn read(pairs: &[(&str, &str)], existing: &Position) -> Result<Position, Vec<(String, FieldCode)>> {
        let form: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let told = |errors: Vec<FieldError>| errors.into_iter().map(|it| (it.field, it.code)).collect();
        let by = PersonId::new("lead");
        position_from_form(&form, existing, &by, Day(20_500), |key| key == EvidenceKey(1)).map_err(told)
    }

    fn empty() -> Position {
        Position::new(RequirementKey::pci("3.4.2").unwrap())
    }

    const WORKSHEET: [(&str, &str); 8] = [
        ("status", "in_place_ccw"),
        ("evidence", "EV-0001"),
        ("constraints", "The old terminal cannot do it"),
        ("objective", "Nobody copies card numbers"),
        ("risk", "Somebody could photograph the screen"),
        ("definition", "Masked screens in a guarded room"),
        ("validation", "Tried by a second team"),
        ("maintenance", "Looked at each quarter"),
    ];

    #[test]
    fn a_compensating_control_has_its_whole_worksheet() {
        let it = read(&WORKSHEET, &empty()).unwrap();
        assert_eq!(it.decided, Some((PersonId::new("lead"), Day(20_500))));
        assert_eq!(it.worksheet.as_ref().unwrap().part("risk"), "Somebody could photograph the screen");
        let missing = read(&WORKSHEET[..6], &empty()).unwrap_err();
        assert_eq!(missing, ["validation", "maintenance"].map(|it| (it.to_owned(), FieldCode::Missing)));
        assert_eq!(read(&[("status", "in_place")], &it).unwrap().worksheet, None);
    }

    #[test]
    fn a_position_comes_back_as_it_was_and_keeps_its_approval() {
        let mut it = read(&WORKSHEET, &empty()).unwrap();
        it.approve(&"head".into(), Day(20_501)).unwrap();
        let form = position_to_form(&it);
        let back: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(read(&back, &it), Ok(it.clone()));
        assert_eq!(read(&[("reason", "Another one")], &it).unwrap().approved, None);
    }

    #[test]
    fn what_nobody_said_is_asked_for_and_not_assumed() {
        assert_eq!(read(&[("status", "")], &empty()), Err(vec![("status".to_owned(), FieldCode::Missing)]));
        let it = read(&[("status", "not_tested")], &empty()).unwrap();
        assert_eq!(it.decided, Some((PersonId::new("lead"), Day(20_500))));
    }

    #[test]
    fn what_the_standard_excludes_is_met_as_it_is_written() {
        let track_data = Position::new(RequirementKey::pci("3.3.1.1").unwrap());
        let form = [("status", "in_place"), ("approach", "customised")];
        assert_eq!(read(&form, &track_data), Err(vec![("approach".to_owned(), FieldCode::AsWritten)]));
        assert_eq!(read(&form, &empty()).unwrap().approach, Approach::Customised);
        assert_eq!(read(&[("status", "in_place")], &track_data).unwrap().status, Status::InPlace);
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let wrong =
            [("status", "not_applicable"), ("approach", "none"), ("reason", ""), ("evidence", "EV-0001; EV-0002")];
        let told = read(&wrong, &empty()).unwrap_err();
        let expected =
            [("approach", FieldCode::NotInList), ("reason", FieldCode::Missing), ("evidence", FieldCode::NoSuchObject)];
        assert_eq!(told, expected.map(|(field, code)| (field.to_owned(), code)));
        assert_eq!(
            read(&[("status", "not_applicable"), ("reason", "No terminals")], &empty()).unwrap().reason,
            "No terminals"
        );
    }
}
