//! The form of an incident: what a person posts becomes an incident, or the list of everything that is wrong with it.
//!
//! As in the other forms a field that was not posted stays as it was, an empty one clears, and lists are posted whole.

use std::collections::BTreeSet;

use super::duty::DataClass;
use super::record::{Incident, Phase};
use crate::blast::Start;
use crate::findings::Identity;
use crate::model::Model;
use crate::model::draft::fields::{Fields, characters, check_line};
use crate::model::draft::{Form, NAME_MAX};
use crate::problem::{FieldCode, FieldError};
use crate::risk::draft::actions::read_into;
use crate::risk::draft::write::write_action;
use crate::risk::draft::{SENTENCE_MAX, links_into};
use crate::risk::record::RiskKey;
use crate::time::Timestamp;

/// Longest root cause, entry or sentence of a step, in characters.
pub const TEXT_MAX: usize = SENTENCE_MAX;
/// Longest name of a jurisdiction, in characters.
pub const JURISDICTION_MAX: usize = 60;
/// The most jurisdictions, risks or links that an incident names.
const NAMED_MAX: usize = 500;

/// The fields of the form that stand alone. Links, risks and kinds of data repeat; its rows are those of actions.
pub const FIELDS: [&str; 14] = [
    "title",
    "drill",
    "level",
    "phase",
    "detected_at",
    "began_at",
    "start",
    "data",
    "jurisdictions",
    "lead",
    "root_cause",
    "link",
    "find",
    "risk",
];

/// Those of [`FIELDS`] that may repeat.
pub const REPEATED: [&str; 3] = ["data", "link", "risk"];

/// What a form is read against.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// People and objects.
    pub model: &'a Model,
    /// Whether there is such a risk.
    pub is_risk: &'a dyn Fn(RiskKey) -> bool,
    /// Whether there is such a finding.
    pub is_finding: &'a dyn Fn(&Identity) -> bool,
    /// The present moment: nothing was detected after it.
    pub now: Timestamp,
}

/// Reads the form of an incident: a new one under the key, or one that exists with what the form changes. What happened
/// and who was told is no part of it, nor is closing: those are steps.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn incident_from_form(form: &Form, existing: &Incident, around: Around<'_>) -> Result<Incident, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let mut incident = existing.clone();
    if let Some(title) = fields.line("title", NAME_MAX) {
        incident.title = title;
    }
    if incident.title.is_empty() {
        fields.error("title", FieldCode::Missing);
    }
    incident.drill = fields.yes_or_no("drill", incident.drill);
    incident.level = fields.optional_choice("level", incident.level);
    phase(&mut fields, &mut incident);
    moments(&mut fields, &mut incident, around.now);
    start(&mut fields, &mut incident, around.model);
    let data: Vec<DataClass> = incident.data.iter().copied().collect();
    incident.data = fields.several("data", &data).into_iter().collect();
    jurisdictions(&mut fields, &mut incident);
    let known = |key: &str| around.model.people.contains_key(key);
    incident.lead = fields.reference("lead", incident.lead.take(), known);
    if let Some(cause) = fields.lines("root_cause", TEXT_MAX) {
        incident.root_cause = cause;
    }
    links_into(&mut fields, &mut incident.links, around.model, around.is_finding);
    risks(&mut fields, &mut incident, around.is_risk);
    for (name, number) in [("link", incident.links.len()), ("risk", incident.risks.len())] {
        if number > NAMED_MAX {
            fields.error(name, FieldCode::TooMany);
        }
    }
    read_into(&mut fields, &mut incident.actions, around.model);
    fields.finish(incident)
}

/// Closing is a step of its own, because something may stand in its way.
fn phase(fields: &mut Fields<'_>, incident: &mut Incident) {
    let phase = fields.choice("phase", incident.phase);
    if (phase == Phase::Closed) == (incident.phase == Phase::Closed) {
        incident.phase = phase;
    } else {
        fields.error("phase", FieldCode::NotInList);
    }
}

fn moments(fields: &mut Fields<'_>, incident: &mut Incident, now: Timestamp) {
    match fields.instant("detected_at", Some(incident.detected_at)) {
        Some(detected) if detected > now => fields.error("detected_at", FieldCode::InTheFuture),
        Some(detected) => incident.detected_at = detected,
        None if fields.posted("detected_at") == Some("") => fields.error("detected_at", FieldCode::Missing),
        None => {}
    }
    incident.began_at = fields.instant("began_at", incident.began_at);
    if incident.began_at.is_some_and(|began| began > incident.detected_at) {
        fields.error("began_at", FieldCode::AfterDetection);
    }
}

/// What is assumed to be hostile. What stood there before stands, whether the model still knows it or not.
fn start(fields: &mut Fields<'_>, incident: &mut Incident, model: &Model) {
    match fields.posted("start") {
        None => {}
        Some("") => incident.start = None,
        Some(text) => match text.parse::<Start>() {
            Ok(start) if incident.start.as_ref() == Some(&start) || is_known(model, &start) => {
                incident.start = Some(start);
            }
            _ => fields.error("start", FieldCode::NoSuchObject),
        },
    }
}

fn is_known(model: &Model, start: &Start) -> bool {
    match start {
        Start::System { id } => model.systems.contains_key(id),
        Start::Credential { id } => model.credentials.contains_key(id),
        Start::Vendor { id } => model.vendors.contains_key(id),
        Start::Connector { id } => model
            .flows
            .values()
            .any(|flow| flow.id.as_str() == id.as_str() || flow.connector.as_ref().is_some_and(|it| it == id)),
        Start::Field { element } => crate::model::catalogue::element(element.as_str()).is_some(),
    }
}

fn jurisdictions(fields: &mut Fields<'_>, incident: &mut Incident) {
    let was: Vec<String> = incident.jurisdictions.iter().cloned().collect();
    incident.jurisdictions = fields.texts("jurisdictions", JURISDICTION_MAX, &was).into_iter().collect();
    if incident.jurisdictions.len() > NAMED_MAX {
        fields.error("jurisdictions", FieldCode::TooMany);
    }
}

fn risks(fields: &mut Fields<'_>, incident: &mut Incident, is_risk: &dyn Fn(RiskKey) -> bool) {
    let posted = fields.all("risk");
    if posted.is_empty() {
        return;
    }
    let mut risks = BTreeSet::new();
    let pieces = posted.into_iter().flat_map(|text| text.split([';', ','])).map(str::trim);
    for text in pieces.filter(|text| !text.is_empty()) {
        match text.parse::<RiskKey>().ok().filter(|key| incident.risks.contains(key) || is_risk(*key)) {
            Some(key) => drop(risks.insert(key)),
            None => fields.error("risk", FieldCode::NoSuchObject),
        }
    }
    incident.risks = risks;
}

/// A text of several lines as a list, one a line; empty lines are none.
pub(super) fn listed(fields: &mut Fields<'_>, name: &str, most: usize, as_they_were: &[String]) -> Vec<String> {
    let Some(text) = fields.lines(name, TEXT_MAX * 4) else { return as_they_were.to_vec() };
    let lines: Vec<String> = text.lines().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
    for line in &lines {
        if let Err(code) = check_line(line, most) {
            fields.error(name, code);
        }
    }
    if lines.len() > crate::risk::draft::ROWS_MAX {
        fields.error(name, FieldCode::TooLong(characters(crate::risk::draft::ROWS_MAX)));
    }
    lines
}

/// An instant as fields of browsers have it: to the minute where it is a full one, else to the second.
#[must_use]
pub fn instant_in_form(at: Timestamp) -> String {
    let text = at.to_string();
    let text = text.trim_end_matches('Z');
    text.strip_suffix(":00").unwrap_or(text).to_owned()
}

/// The incident as the fields of its form. Reading them back onto the incident changes nothing.
#[must_use]
pub fn incident_to_form(incident: &Incident) -> Vec<(String, String)> {
    let mut form: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: &str| form.push((name.to_owned(), value.to_owned()));
    put("title", &incident.title);
    put("drill", if incident.drill { "yes" } else { "no" });
    put("level", incident.level.map_or("", |it| it.as_str()));
    put("phase", incident.phase.as_str());
    put("detected_at", &instant_in_form(incident.detected_at));
    put("began_at", &incident.began_at.map(instant_in_form).unwrap_or_default());
    put("start", &incident.start.as_ref().map(ToString::to_string).unwrap_or_default());
    for data in &incident.data {
        put("data", data.as_str());
    }
    let jurisdictions: Vec<&str> = incident.jurisdictions.iter().map(String::as_str).collect();
    put("jurisdictions", &jurisdictions.join("; "));
    put("lead", incident.lead.as_ref().map_or("", |it| it.as_str()));
    put("root_cause", &incident.root_cause);
    for link in &incident.links {
        put("link", &link.text());
    }
    for risk in &incident.risks {
        put("risk", &risk.to_string());
    }
    for (row, action) in incident.actions.iter().enumerate() {
        write_action(row, action, &mut put);
    }
    form
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::findings::tests::model;
    use crate::incident::record::IncidentKey;

    const NOW: Timestamp = Timestamp(1_800_000_000_000_000);

    fn read(form: &[(&str, &str)], existing: &Incident) -> Result<Incident, Vec<(String, FieldCode)>> {
        let form: Vec<(String, String)> =
            form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        again(&form, existing)
    }

    fn again(form: &[(String, String)], existing: &Incident) -> Result<Incident, Vec<(String, FieldCode)>> {
        let model = model(r#""systems":[{"id":"shop"}],"people":[{"id":"lead","name":"Lead"}]"#);
        let around = Around { model: &model, is_risk: &|key| key.0 < 3, is_finding: &|_| false, now: NOW };
        incident_from_form(form, existing, around)
            .map_err(|errors| errors.into_iter().map(|it| (it.field, it.code)).collect())
    }

    fn new() -> Incident {
        Incident::new(IncidentKey(1), String::new(), Timestamp(0))
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let wrong = [
            ("title", ""),
            ("phase", "closed"),
            ("detected_at", "2099-01-01T00:00"),
            ("began_at", "yesterday"),
            ("start", "system:moon"),
            ("risk", "R-9"),
            ("lead", "nobody"),
        ];
        let errors = read(&wrong, &new()).unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, wrong.map(|(name, _)| name));
        assert_eq!(errors[2].1, FieldCode::InTheFuture);
    }

    #[test]
    fn what_is_said_comes_back_and_nothing_else_changes() {
        let said = [
            ("title", "Key in a public place"),
            ("level", "high"),
            ("phase", "contained"),
            ("detected_at", "2026-11-21T09:30"),
            ("began_at", "2026-11-20T09:30:05"),
            ("start", "system:shop"),
            ("data", "card"),
            ("data", "personal"),
            ("jurisdictions", "EU; UK"),
            ("lead", "lead"),
            ("link", "system:shop"),
            ("risk", "R-1"),
            ("risk", "R-2"),
            ("action.0.what", "Rotate it"),
            ("action.0.who", "lead"),
            ("action.0.due", "2026-11-22"),
        ];
        let incident = read(&said, &new()).unwrap();
        assert_eq!((incident.data.len(), incident.jurisdictions.len(), incident.risks.len()), (2, 2, 2));
        assert_eq!(incident.actions[0].number, 1);
        assert_eq!(incident.began_at.unwrap().to_string(), "2026-11-20T09:30:05Z");
        assert_eq!(again(&incident_to_form(&incident), &incident), Ok(incident.clone()));
        assert_eq!(read(&[], &incident), Ok(incident.clone()));
        let late = read(&[("began_at", "2026-11-21T09:31")], &incident).unwrap_err();
        assert_eq!(late, [("began_at".to_owned(), FieldCode::AfterDetection)]);
    }

    proptest! {
        #[test]
        fn whatever_is_posted_is_an_incident_or_errors_and_comes_back(
            form in proptest::collection::vec((
                proptest::sample::select(FIELDS.to_vec()),
                "(high|open|closed|card|lead|system:shop|R-1|EU; UK|2026-11-21T09:30| |[ -~]{0,12})",
            ), 0..20),
        ) {
            let form: Vec<(String, String)> = form.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            if let Ok(incident) = again(&form, &new()) {
                prop_assert_eq!(again(&incident_to_form(&incident), &incident), Ok(incident));
            }
        }
    }
}
