//! Who does what, per vendor and requirement (PCI DSS 12.8.5): the entity, the provider, or both.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::reference::RequirementKey;
use crate::id::VendorId;
use crate::model::draft::fields::Fields;
use crate::model::draft::{Form, NAME_MAX};
use crate::problem::{FieldCode, FieldError};
use crate::text::text_enum;
use crate::time::Day;

/// The most rows of the matrix of one vendor.
pub const ROWS_MAX: usize = 1_000;

/// The fields of the form that stand alone.
pub const FIELDS: [&str; 1] = ["as_of"];
/// The fields of a row: `row.0.requirement`.
pub const ROW_FIELDS: [&str; 3] = ["requirement", "party", "note"];

text_enum! {
    /// Who does what a requirement asks for.
    Party {
        Entity = "entity": "We do",
        Provider = "provider": "The provider does",
        Shared = "shared": "Both do",
    }
}

/// The matrix of one vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorMatrix {
    /// The vendor.
    pub vendor: VendorId,
    /// The day on which it was agreed or last confirmed.
    pub as_of: Option<Day>,
    /// Its rows, by requirement.
    pub rows: Vec<Duty>,
}

/// Who does what one requirement asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// The requirement.
    pub requirement: RequirementKey,
    /// Who does it.
    pub party: Party,
    /// What each does, where both do.
    pub note: String,
}

impl VendorMatrix {
    /// The matrix of a vendor of which nothing is said.
    #[must_use]
    pub const fn new(vendor: VendorId) -> Self {
        Self { vendor, as_of: None, rows: Vec::new() }
    }

    /// Who does what a requirement asks for; `None` where nobody has said.
    #[must_use]
    pub fn of(&self, requirement: &RequirementKey) -> Option<&Duty> {
        self.rows.iter().find(|it| it.requirement == *requirement)
    }
}

/// Who does what a requirement asks for, by vendor. Vendors of which nobody has said it are left out.
pub fn duties<'a>(
    matrices: impl IntoIterator<Item = &'a VendorMatrix>,
    requirement: &RequirementKey,
) -> BTreeMap<&'a VendorId, &'a Duty> {
    matrices.into_iter().filter_map(|it| Some((&it.vendor, it.of(requirement)?))).collect()
}

/// Reads the form of a matrix: `as_of`, and its rows. A row says who does one requirement, and takes that back where it
/// names nobody and says nothing; requirements that the form has no row for stay as they are. A row without a requirement
/// is an empty one of the page. What both do says what each does. `is_known` tells whether a framework lists the
/// requirement.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn matrix_from_form(
    form: &Form,
    existing: &VendorMatrix,
    today: Day,
    is_known: impl Fn(&RequirementKey) -> bool,
) -> Result<VendorMatrix, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let mut it = existing.clone();
    it.as_of = fields.day("as_of", it.as_of);
    if it.as_of.is_some_and(|day| day > today) {
        fields.error("as_of", FieldCode::InTheFuture);
    }
    let rows = fields.rows("row");
    let mut seen = BTreeSet::new();
    let mut duties = Vec::new();
    for (_, mut row) in rows {
        let text = row.posted("requirement").unwrap_or_default();
        let note = row.line("note", NAME_MAX).unwrap_or_default();
        let party = row.optional_choice("party", None);
        if !text.is_empty() {
            match text.parse::<RequirementKey>().ok().filter(|key| is_known(key)) {
                None => row.error("requirement", FieldCode::NoSuchObject),
                Some(key) if !seen.insert(key.clone()) => row.error("requirement", FieldCode::Taken),
                Some(requirement) => match party {
                    None if note.is_empty() => {}
                    None => row.error("party", FieldCode::Missing),
                    Some(Party::Shared) if note.is_empty() => row.error("note", FieldCode::Missing),
                    Some(party) => duties.push(Duty { requirement, party, note }),
                },
            }
        }
        fields.absorb(row);
    }
    it.rows.retain(|row| !seen.contains(&row.requirement));
    it.rows.append(&mut duties);
    if it.rows.len() > ROWS_MAX {
        fields.error("as_of", FieldCode::TooMany);
    }
    it.rows.sort_by(|one, other| one.requirement.cmp(&other.requirement));
    fields.finish(it)
}

/// The matrix as the fields of its form. Reading them back changes nothing.
#[must_use]
pub fn matrix_to_form(it: &VendorMatrix) -> Vec<(String, String)> {
    let mut form = vec![("as_of".to_owned(), it.as_of.map(|day| day.to_string()).unwrap_or_default())];
    for (place, row) in it.rows.iter().enumerate() {
        form.push((format!("row.{place}.requirement"), row.requirement.to_string()));
        form.push((format!("row.{place}.party"), row.party.to_string()));
        form.push((format!("row.{place}.note"), row.note.clone()));
    }
    form
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<VendorMatrix, Vec<String>> {
        let form: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let told = |errors: Vec<FieldError>| errors.into_iter().map(|it| it.field).collect();
        matrix_from_form(&form, &VendorMatrix::new("psp".into()), Day(20_500), |_| true).map_err(told)
    }

    #[test]
    fn a_matrix_says_who_does_what() {
        let it = read(&[
            ("as_of", "2026-01-01"),
            ("row.0.requirement", "pci:12.8.5"),
            ("row.0.party", "entity"),
            ("row.1.requirement", "pci:3.5.1"),
            ("row.1.party", "shared"),
            ("row.1.note", "They encrypt, we keep no copy"),
            ("row.2.requirement", ""),
        ])
        .unwrap();
        let key = RequirementKey::pci("3.5.1").unwrap();
        assert_eq!(it.rows[0].requirement, key);
        let other = VendorMatrix::new("cdn".into());
        let said = duties([&it, &other], &key);
        assert_eq!(said.values().map(|duty| duty.party).collect::<Vec<_>>(), [Party::Shared]);
        let back = matrix_from_form(&matrix_to_form(&it), &it, Day(20_500), |_| true);
        assert_eq!(back, Ok(it));
    }

    #[test]
    fn a_row_that_names_nobody_takes_back_and_what_has_no_row_stays() {
        let said = |key: &str| Duty { requirement: key.parse().unwrap(), party: Party::Entity, note: String::new() };
        let matrix =
            VendorMatrix { rows: vec![said("pci:3.5.1"), said("pci:12.8.5")], ..VendorMatrix::new("psp".into()) };
        let form = [("row.0.requirement", "pci:3.5.1"), ("row.0.party", ""), ("row.0.note", "")];
        let form: Vec<_> = form.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let it = matrix_from_form(&form, &matrix, Day(20_500), |_| true).unwrap();
        assert_eq!(it.rows, [said("pci:12.8.5")]);
    }

    #[test]
    fn what_is_wrong_is_told_beside_its_row() {
        let wrong = read(&[
            ("as_of", "2027-01-01"),
            ("row.0.requirement", "pci:6.4.1"),
            ("row.1.requirement", "pci:3.5.1"),
            ("row.1.party", "shared"),
            ("row.2.requirement", "pci:3.5.1"),
            ("row.2.party", "entity"),
            ("row.3.requirement", "pci:3.6.1"),
            ("row.3.note", "Somebody does"),
        ]);
        let mut fields = wrong.unwrap_err();
        fields.sort();
        let expected = ["as_of", "row.0.requirement", "row.1.note", "row.2.requirement", "row.3.party"];
        assert_eq!(fields, expected);
    }
}
