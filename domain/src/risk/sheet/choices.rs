//! What a person says about a file: what its columns mean, which scales it has, how these are laid over that of the
//! register, and whether rows that cannot be read are left out.

use std::collections::BTreeSet;

use super::scale::SCALES;
use super::{Answers, Axis, Column, Mapping, SourceScale, Table, source_scale};
use crate::model::draft::Form;
use crate::problem::{FieldCode, FieldError, Problem};
use crate::risk::scheme::Scheme;
use crate::risk::scheme::convert::{Conversion, Way};
use crate::text::text_enum;

text_enum! {
    /// How a person lays a scale over that of the register.
    Laid {
        Spread = "spread": "From end to end",
        Centre = "centre": "Around the middle",
        /// Each step by itself.
        Own = "own": "As chosen for each step",
    }
}

/// What a person says about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices {
    /// What the columns mean.
    pub mapping: Mapping,
    /// Which scales the file has, and how they are laid over that of the register.
    pub answers: Answers,
    /// How that was said, by side; `None` where nobody did.
    pub laid: [Option<Laid>; 2],
    /// Rows that cannot be read are left out, and the others imported.
    pub leaves_out: bool,
}

impl Choices {
    /// What the header says, and no answer: how scales become others is for a person to say.
    #[must_use]
    pub fn proposed(table: &Table) -> Self {
        let answers = Answers::default();
        Self { mapping: Mapping::guess(table), answers, laid: [None; 2], leaves_out: false }
    }

    /// The answers of a posted form: `column.<n>` with what the n-th column means, from 0, empty to leave it out;
    /// `scale.<side>` as `1-5`, empty for the one that was found; `way.<side>`; `step.<side>.<k>` with what the k-th step
    /// becomes, from 1; `leave_out`. A form that names no column at all leaves them as they are proposed.
    ///
    /// # Errors
    /// Everything that is wrong, by field.
    pub fn from_form(form: &Form, table: &Table, scheme: Scheme) -> Result<Self, Vec<FieldError>> {
        let value = |name: &str| form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
        let mut errors = Vec::new();
        let mut choices = Self::proposed(table);
        if form.iter().any(|(name, _)| name.starts_with("column.")) {
            for (place, column) in choices.mapping.columns.iter_mut().enumerate() {
                let name = format!("column.{place}");
                *column = match value(&name) {
                    "" => None,
                    word => match word.parse::<Column>() {
                        Ok(column) => Some(column),
                        Err(_) => {
                            errors.push(FieldError::new(&name, FieldCode::NotInList));
                            None
                        }
                    },
                };
            }
        }
        choices.leaves_out = value("leave_out") == "yes";
        for (place, axis) in Axis::ALL.iter().copied().enumerate() {
            let name = format!("scale.{axis}");
            match value(&name) {
                "" => {}
                text => match SCALES.into_iter().find(|it| it.to_string() == text) {
                    Some(scale) => choices.answers.scales[place] = Some(scale),
                    None => errors.push(FieldError::new(&name, FieldCode::NotInList)),
                },
            }
            let from = source_scale(table, &choices.mapping, axis, choices.answers.scale(axis));
            let name = format!("way.{axis}");
            let laid = match value(&name) {
                "" => None,
                text => {
                    text.parse::<Laid>().map_err(|_| errors.push(FieldError::new(&name, FieldCode::NotInList))).ok()
                }
            };
            choices.laid[place] = laid;
            // Where the scales have the same steps there is nothing to lay.
            let Some(from) = from.filter(|it| it.steps() != scheme.steps()) else { continue };
            let conversion = match laid {
                None => None,
                Some(Laid::Spread) => Some(Conversion::by(Way::Spread, from.steps(), scheme)),
                Some(Laid::Centre) => Some(Conversion::by(Way::Centre, from.steps(), scheme)),
                Some(Laid::Own) => own(value, axis, from, scheme).map_err(|error| errors.push(error)).ok(),
            };
            match axis {
                Axis::Likelihood => choices.answers.likelihood = conversion,
                Axis::Impact => choices.answers.impact = conversion,
            }
        }
        if errors.is_empty() { Ok(choices) } else { Err(errors) }
    }

    /// The form that says this; [`Self::from_form`] reads it back.
    #[must_use]
    pub fn to_form(&self) -> Vec<(String, String)> {
        let mut form: Vec<(String, String)> = Vec::new();
        for (place, column) in self.mapping.columns.iter().enumerate() {
            form.push((format!("column.{place}"), column.map_or("", Column::as_str).to_owned()));
        }
        for (place, axis) in Axis::ALL.iter().copied().enumerate() {
            form.push((format!("scale.{axis}"), self.answers.scale(axis).map(|it| it.to_string()).unwrap_or_default()));
            let laid = self.laid.get(place).copied().flatten();
            form.push((format!("way.{axis}"), laid.map_or("", Laid::as_str).to_owned()));
            for (step, becomes) in self.answers.of(axis).into_iter().flat_map(Conversion::pairs) {
                form.push((format!("step.{axis}.{step}"), becomes.number().to_string()));
            }
        }
        if self.leaves_out {
            form.push(("leave_out".to_owned(), "yes".to_owned()));
        }
        form
    }
}

/// What each step becomes, as it was chosen one by one.
fn own<'f>(
    value: impl Fn(&str) -> &'f str,
    axis: Axis,
    from: SourceScale,
    scheme: Scheme,
) -> Result<Conversion, FieldError> {
    let mut steps = Vec::new();
    for step in 1..=from.steps() {
        let name = format!("step.{axis}.{step}");
        match value(&name) {
            "" => return Err(FieldError::new(&name, FieldCode::Missing)),
            text => steps.push(text.parse::<u8>().map_err(|_| FieldError::new(&name, FieldCode::NotInList))?),
        }
    }
    Conversion::chosen(&steps, scheme).ok_or_else(|| FieldError::new(&format!("way.{axis}"), FieldCode::NotInOrder))
}

/// Refuses a form with a field that the page of an import does not have, or with one twice.
///
/// # Errors
/// `Invalid` with the field `form`; what was posted is not repeated.
pub fn only_known(form: &Form) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    let is_axis = |text: &str| text.parse::<Axis>().is_ok();
    let is_number = |text: &str| text.parse::<u16>().is_ok();
    let known = |name: &str| match name.split_once('.') {
        None => matches!(name, "action" | "hash" | "leave_out"),
        Some(("column", place)) => is_number(place),
        Some(("scale" | "way", axis)) => is_axis(axis),
        Some(("step", rest)) => rest.split_once('.').is_some_and(|(axis, step)| is_axis(axis) && is_number(step)),
        Some(_) => false,
    };
    let fits = form.iter().all(|(name, _)| known(name) && seen.insert(name.as_str()));
    if fits { Ok(()) } else { Err(Problem::field("form", FieldCode::UnknownField)) }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::import::Limits;

    fn table() -> Table {
        let text = "Risk,Likelihood (1-3),Impact (1-3)\nx,1,3\n";
        Table::from_csv("r.csv", text.as_bytes(), &Limits::register()).unwrap()
    }

    fn form(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn nothing_is_answered_before_a_person_did() {
        let choices = Choices::from_form(&form(&[("action", "preview")]), &table(), Scheme::Nist).unwrap();
        assert_eq!(choices, Choices::proposed(&table()));
        assert_eq!(super::super::questions(&table(), &choices.mapping, Scheme::Nist, &choices.answers).len(), 2);
    }

    #[test]
    fn what_was_chosen_survives_the_way_through_a_form() {
        let posted = form(&[
            ("column.0", "title"),
            ("column.1", "inherent_likelihood"),
            ("column.2", "inherent_impact"),
            ("way.likelihood", "spread"),
            ("way.impact", "own"),
            ("step.impact.1", "1"),
            ("step.impact.2", "2"),
            ("step.impact.3", "5"),
            ("leave_out", "yes"),
        ]);
        let choices = Choices::from_form(&posted, &table(), Scheme::Nist).unwrap();
        assert!(choices.leaves_out);
        assert_eq!(choices.answers.impact.as_ref().unwrap().step(3).unwrap().number(), 5);
        assert_eq!(Choices::from_form(&choices.to_form(), &table(), Scheme::Nist).unwrap(), choices);
        assert_eq!(only_known(&choices.to_form()), Ok(()));
    }

    #[test]
    fn an_answer_is_whole_in_order_and_on_the_scale() {
        let ask = |pairs: &[(&str, &str)]| {
            let errors = Choices::from_form(&form(pairs), &table(), Scheme::Nist).unwrap_err();
            errors.into_iter().map(|it| (it.field, it.code)).collect::<Vec<_>>()
        };
        let own = ("way.impact", "own");
        assert_eq!(ask(&[own]), [("step.impact.1".to_owned(), FieldCode::Missing)]);
        let down = [own, ("step.impact.1", "3"), ("step.impact.2", "2"), ("step.impact.3", "5")];
        assert_eq!(ask(&down), [("way.impact".to_owned(), FieldCode::NotInOrder)]);
        assert_eq!(ask(&[("column.0", "moon")]), [("column.0".to_owned(), FieldCode::NotInList)]);
        assert_eq!(ask(&[("scale.impact", "1-99")]), [("scale.impact".to_owned(), FieldCode::NotInList)]);
    }

    #[test]
    fn a_person_may_say_that_the_file_has_another_scale() {
        let posted = form(&[("scale.likelihood", "1-5"), ("scale.impact", "0-4")]);
        let choices = Choices::from_form(&posted, &table(), Scheme::Nist).unwrap();
        assert!(super::super::questions(&table(), &choices.mapping, Scheme::Nist, &choices.answers).is_empty());
    }

    #[test]
    fn a_field_that_the_page_does_not_have_is_refused() {
        for name in ["moon", "column.x", "column.99999999", "step.impact", "step.moon.1", "way.moon", "x.y"] {
            assert!(only_known(&form(&[(name, "")])).is_err(), "{name}");
        }
        assert!(only_known(&form(&[("action", "x"), ("action", "y")])).is_err());
    }
}
