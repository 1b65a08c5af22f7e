//! The forms of a targeted risk analysis: its content, its approval, and its yearly review.

use std::collections::BTreeSet;

use super::activity_draft::objects_into;
use super::analysis::{Analysis, AnalysisKey, REQUIREMENTS, TEXT_MAX};
use super::late::WORDS_MAX;
use super::noted::{Noted, noted_from_form};
use super::zone::Zone;
use crate::findings::requirement::Requirement;
use crate::id::PersonId;
use crate::library::approach::pci_can_be_customised;
use crate::model::Model;
use crate::model::draft::Form;
use crate::model::draft::fields::Fields;
use crate::problem::{FieldCode, FieldError, Problem};
use crate::risk::record::Link;
use crate::time::Timestamp;

/// The fields of the form; `link` repeats.
pub const ANALYSIS_FIELDS: [&str; 11] = [
    "requirement",
    "customised",
    "link",
    "find",
    "assets",
    "threats",
    "factors",
    "frequency",
    "process",
    "justification",
    "change_triggers",
];
/// The fields of the form of a step.
pub const ANALYSIS_STEP_FIELDS: [&str; 7] = ["step", "done", "result", "cause", "told", "caught_up", "rev"];

/// What people do about an analysis that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnalysisStep {
    /// Approves it: never the author.
    Approve,
    /// Notes that it was looked at again, with the result as its reference.
    Renew(Noted),
}

impl AnalysisStep {
    /// The word of the audit trail.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Approve => "analysis.approve",
            Self::Renew(_) => "analysis.renew",
        }
    }
}

impl Analysis {
    /// An analysis of which nothing is said. Its key is given when it is kept.
    #[must_use]
    pub const fn new(author: PersonId) -> Self {
        Self {
            key: AnalysisKey(0),
            requirement: String::new(),
            customised: false,
            protects: BTreeSet::new(),
            assets: String::new(),
            threats: String::new(),
            factors: String::new(),
            frequency: None,
            process: String::new(),
            justification: String::new(),
            change_triggers: String::new(),
            author,
            approved: None,
            reviews: Vec::new(),
        }
    }
}

/// Reads the form of a step.
///
/// # Errors
/// Everything that is wrong, one error per field; the field `step` where there is no such step.
pub fn analysis_step_from_form(
    form: &Form,
    existing: &Analysis,
    zone: &Zone,
    now: Timestamp,
) -> Result<AnalysisStep, Problem> {
    let value = |name: &str| form.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim());
    match value("step") {
        "approve" => Ok(AnalysisStep::Approve),
        "renew" => {
            let last = existing.reviews.iter().map(|it| it.done_at).max();
            let mut noted = noted_from_form(form, zone, now, last).map_err(Problem::Invalid)?;
            let mut fields = Fields::of(form);
            noted.reference = fields.lines("result", WORDS_MAX).unwrap_or_default();
            if noted.reference.is_empty() {
                fields.error("result", FieldCode::Missing);
            }
            fields.finish(AnalysisStep::Renew(noted)).map_err(Problem::Invalid)
        }
        _ => Err(Problem::field("step", FieldCode::NotInList)),
    }
}

/// Reads the form of an analysis. A change takes the approval back, because it was given to something else.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn analysis_from_form(form: &Form, existing: &Analysis, model: &Model) -> Result<Analysis, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let mut it = existing.clone();
    if let Some(requirement) = fields.line("requirement", 20) {
        it.requirement = requirement;
    }
    it.customised = fields.yes_or_no("customised", it.customised);
    let known = it.requirement.parse::<Requirement>().is_ok();
    if !known || !(it.customised || REQUIREMENTS.contains(&it.requirement.as_str())) {
        fields.error("requirement", FieldCode::NotInList);
    } else if it.customised && !pci_can_be_customised(&it.requirement) {
        fields.error("requirement", FieldCode::AsWritten);
    }
    objects_into(&mut fields, &mut it.protects, model);
    for (name, needed, text) in [
        ("assets", true, &mut it.assets),
        ("threats", true, &mut it.threats),
        ("factors", true, &mut it.factors),
        ("process", false, &mut it.process),
        ("justification", true, &mut it.justification),
        ("change_triggers", true, &mut it.change_triggers),
    ] {
        if let Some(posted) = fields.lines(name, TEXT_MAX) {
            *text = posted;
        }
        if needed && text.trim().is_empty() {
            fields.error(name, FieldCode::Missing);
        }
    }
    match fields.posted("frequency") {
        None => {}
        Some("") => it.frequency = None,
        Some(text) => match text.parse() {
            Ok(cadence) => it.frequency = Some(cadence),
            Err(_) => fields.error("frequency", FieldCode::NotACadence),
        },
    }
    if it.frequency.is_none() && it.process.trim().is_empty() {
        fields.error("frequency", FieldCode::Missing);
    }
    if it != *existing {
        it.approved = None;
    }
    fields.finish(it)
}

/// The analysis as the fields of its form. Reading them back changes nothing.
#[must_use]
pub fn analysis_to_form(it: &Analysis) -> Vec<(String, String)> {
    let mut form: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: &str| form.push((name.to_owned(), value.to_owned()));
    put("requirement", &it.requirement);
    put("customised", if it.customised { "yes" } else { "no" });
    for object in &it.protects {
        put("link", &Link::Object(object.clone()).text());
    }
    put("assets", &it.assets);
    put("threats", &it.threats);
    put("factors", &it.factors);
    put("frequency", &it.frequency.map(|it| it.to_string()).unwrap_or_default());
    put("process", &it.process);
    put("justification", &it.justification);
    put("change_triggers", &it.change_triggers);
    form
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::reader::read_json;
    use crate::time::Day;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn an_analysis_comes_back_as_it_was() {
        let model = read_json(br#"{"systems":[{"id":"till"}]}"#).unwrap().0;
        let said = pairs(&[
            ("requirement", "7.2.5.1"),
            ("link", "system:till"),
            ("assets", "Service accounts"),
            ("threats", "Rights that nobody needs"),
            ("factors", "Few changes"),
            ("frequency", "6m"),
            ("justification", "Half a year bounds it"),
            ("change_triggers", "A new product"),
        ]);
        let it = analysis_from_form(&said, &Analysis::new("security".into()), &model).unwrap();
        assert_eq!(it.protects.len(), 1);
        assert_eq!(analysis_from_form(&analysis_to_form(&it), &it, &model), Ok(it.clone()));
        assert_eq!(analysis_from_form(&Vec::new(), &it, &model), Ok(it.clone()));
        // A customised approach needs one too, where the standard has such an approach.
        let customised = |id| pairs(&[("requirement", id), ("customised", "yes")]);
        assert!(analysis_from_form(&customised("8.3.9"), &it, &model).is_ok());
        let refused = analysis_from_form(&customised("3.3.2"), &it, &model).unwrap_err();
        assert_eq!(refused.iter().map(|it| it.code).collect::<Vec<_>>(), [FieldCode::AsWritten]);
    }

    #[test]
    fn a_review_says_what_came_out() {
        let it = Analysis::new("security".into());
        let now = "2026-11-21".parse::<Day>().unwrap().start();
        let read = |form: &[(&str, &str)]| analysis_step_from_form(&pairs(form), &it, &Zone::utc(), now);
        assert_eq!(read(&[("step", "approve")]), Ok(AnalysisStep::Approve));
        assert_eq!(read(&[("step", "forget")]), Err(Problem::field("step", FieldCode::NotInList)));
        let renewed = read(&[("step", "renew"), ("done", "2026-11-21"), ("result", "Still right")]);
        assert!(matches!(renewed, Ok(AnalysisStep::Renew(noted)) if noted.reference == "Still right"));
        assert_eq!(
            read(&[("step", "renew"), ("done", "2026-11-21")]),
            Err(Problem::field("result", FieldCode::Missing))
        );
    }
}
