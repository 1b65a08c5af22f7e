//! What people do about an incident that is there: change it, write down what happened and who was told, answer the
//! questions about a card number, close and reopen it.

use super::deadline::deadlines;
use super::draft::{TEXT_MAX, instant_in_form};
use super::duty::Duty;
use super::record::{Entry, Gap, Incident, Phase, Told};
use super::unexpected::CardCase;
use crate::id::{PersonId, SystemId};
use crate::model::Model;
use crate::model::draft::fields::Fields;
use crate::model::draft::{Form, NAME_MAX};
use crate::problem::{FieldCode, Problem};
use crate::time::Timestamp;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The form was saved. Timeline, who was told and the card case stay as they are.
    Edit(Box<Incident>),
    /// Something happened.
    Note {
        /// When.
        at: Timestamp,
        /// What.
        what: String,
    },
    /// Somebody was told.
    Tell {
        /// The number of the duty.
        duty: u32,
        /// Whom exactly.
        whom: String,
        /// When.
        at: Timestamp,
        /// By whom; absent is whoever writes it down.
        by: Option<PersonId>,
        /// Where that is recorded.
        reference: String,
        /// Why it was late, where it was.
        late_because: String,
    },
    /// The answers about a card number where none should be; absent takes the case away.
    Case(Option<CardCase>),
    /// It is over.
    Close,
    /// It is not over.
    Reopen {
        /// Why.
        reason: String,
    },
}

/// Every field of the forms of steps; each at most once.
pub const STEP_FIELDS: [&str; 17] = [
    "step",
    "rev",
    "at",
    "what",
    "duty",
    "whom",
    "told_at",
    "by",
    "reference",
    "late_because",
    "case_system",
    "sad_found",
    "decision",
    "evidence",
    "source",
    "fix",
    "reason",
];

impl Step {
    /// Its name in the audit trail.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Edit(_) => "incident.edit",
            Self::Note { .. } => "incident.note",
            Self::Tell { .. } => "incident.tell",
            Self::Case(_) => "incident.card_case",
            Self::Close => "incident.close",
            Self::Reopen { .. } => "incident.reopen",
        }
    }

    /// Whether it only adds to what is there, so that it overwrites nothing of what others did meanwhile.
    #[must_use]
    pub const fn only_adds(&self) -> bool {
        matches!(self, Self::Note { .. } | Self::Tell { .. })
    }

    /// The incident after the step, taken by this person at this moment.
    ///
    /// # Errors
    /// `Invalid` with the field that is wrong: a closed incident is reopened first, nothing happens in the future, who
    /// is told late says why, and what stands in the way of closing stands in the way.
    pub fn apply(
        self,
        incident: &Incident,
        duties: &[Duty],
        (by, now): (&PersonId, Timestamp),
    ) -> Result<Incident, Problem> {
        let mut after = incident.clone();
        let is_closed = incident.phase == Phase::Closed;
        if is_closed && !matches!(self, Self::Reopen { .. }) {
            return Err(Problem::field("step", FieldCode::IncidentClosed));
        }
        let entry = |at, what| Entry { at, noted_at: now, by: by.clone(), what };
        match self {
            Self::Edit(edited) => {
                after = Incident {
                    key: incident.key,
                    timeline: after.timeline,
                    told: after.told,
                    card_case: after.card_case,
                    closed_at: after.closed_at,
                    ..*edited
                };
            }
            Self::Note { at, what } => {
                not_ahead("at", at, now)?;
                after.note(entry(at, what));
            }
            Self::Tell { duty, whom, at, by: teller, reference, late_because } => {
                not_ahead("told_at", at, now)?;
                // Nobody is told of what nobody knows: a mistyped year would count as in time.
                if at < incident.detected_at {
                    return Err(Problem::field("told_at", FieldCode::BeforeDetection));
                }
                // The table may have changed since; a duty that this incident does not raise can be met all the same.
                let known = duties.iter().find(|it| it.number == duty);
                let known = known.ok_or_else(|| Problem::field("duty", FieldCode::NoSuchObject))?;
                if at > known.due(incident.detected_at) && late_because.is_empty() {
                    return Err(Problem::field("late_because", FieldCode::Missing));
                }
                let by = teller.unwrap_or_else(|| by.clone());
                after.told.push(Told { duty, whom, at, by, reference, late_because });
            }
            Self::Case(case) => after.card_case = case,
            Self::Close => {
                if !gaps(incident, duties, now).is_empty() {
                    return Err(Problem::field("step", FieldCode::IncidentUnfinished));
                }
                (after.phase, after.closed_at) = (Phase::Closed, Some(now));
                after.note(entry(now, "Closed".to_owned()));
            }
            Self::Reopen { reason } => {
                if !is_closed {
                    return Err(Problem::field("step", FieldCode::NotInThisState));
                }
                (after.phase, after.closed_at) = (Phase::Open, None);
                after.note(entry(now, format!("Reopened: {reason}")));
            }
        }
        Ok(after)
    }
}

/// What stands in the way of closing an incident, with these duties.
#[must_use]
pub fn gaps(incident: &Incident, duties: &[Duty], now: Timestamp) -> Vec<Gap> {
    incident.gaps(&deadlines(incident, duties, now))
}

fn not_ahead(field: &str, at: Timestamp, now: Timestamp) -> Result<(), Problem> {
    // A form says the time to the minute, so the one that is running counts as past.
    if at.0 / 60_000_000 > now.0 / 60_000_000 { Err(Problem::field(field, FieldCode::InTheFuture)) } else { Ok(()) }
}

/// The step that a form takes. The form of the incident itself is read elsewhere.
///
/// # Errors
/// `Invalid` with the fields of [`STEP_FIELDS`].
pub fn step_from_form(form: &Form, incident: &Incident, model: &Model) -> Result<Step, Problem> {
    let mut fields = Fields::of(form);
    let step = match fields.posted("step").unwrap_or_default() {
        "note" => {
            let at = needed_instant(&mut fields, "at");
            Step::Note { at, what: needed(&mut fields, "what", TEXT_MAX) }
        }
        "tell" => tell(&mut fields, model),
        "case" => Step::Case(case(&mut fields, incident, model)),
        "close" => Step::Close,
        "reopen" => Step::Reopen { reason: needed(&mut fields, "reason", TEXT_MAX) },
        _ => return Err(Problem::field("step", FieldCode::NotInList)),
    };
    fields.finish(step).map_err(Problem::Invalid)
}

fn tell(fields: &mut Fields<'_>, model: &Model) -> Step {
    let duty = fields.count("duty", None).and_then(|number| u32::try_from(number).ok());
    if duty.is_none() {
        fields.error("duty", FieldCode::Missing);
    }
    Step::Tell {
        duty: duty.unwrap_or_default(),
        whom: needed(fields, "whom", NAME_MAX),
        at: needed_instant(fields, "told_at"),
        by: fields.reference("by", None, |key| model.people.contains_key(key)),
        reference: fields.line("reference", NAME_MAX).unwrap_or_default(),
        late_because: fields.lines("late_because", TEXT_MAX).unwrap_or_default(),
    }
}

/// The answers about the card number. No system is no case.
fn case(fields: &mut Fields<'_>, incident: &Incident, model: &Model) -> Option<CardCase> {
    let was = incident.card_case.as_ref();
    let known = |key: &str| model.systems.contains_key(key);
    let system: SystemId = fields.reference("case_system", was.map(|it| it.system.clone()), known)?;
    let mut case = was.cloned().unwrap_or_else(|| CardCase::new(system.clone()));
    case.system = system;
    case.sad_found = fields.optional_yes_or_no("sad_found", case.sad_found);
    case.decision = fields.optional_choice("decision", case.decision);
    if let Some(evidence) = fields.line("evidence", TEXT_MAX) {
        case.evidence = (!evidence.is_empty()).then_some(evidence);
    }
    for (name, text) in [("source", &mut case.source), ("fix", &mut case.fix)] {
        if let Some(posted) = fields.lines(name, TEXT_MAX) {
            *text = posted;
        }
    }
    Some(case)
}

fn needed(fields: &mut Fields<'_>, name: &str, most: usize) -> String {
    let text = fields.lines(name, most).unwrap_or_default();
    if text.is_empty() {
        fields.error(name, FieldCode::Missing);
    }
    text
}

fn needed_instant(fields: &mut Fields<'_>, name: &str) -> Timestamp {
    if fields.posted(name).is_none_or(str::is_empty) {
        fields.error(name, FieldCode::Missing);
    }
    fields.instant(name, None).unwrap_or(Timestamp(0))
}

/// The card case as the fields of its form.
#[must_use]
pub fn case_to_form(case: Option<&CardCase>) -> Vec<(String, String)> {
    let Some(case) = case else { return Vec::new() };
    let found = case.sad_found.map_or("", |found| if found { "yes" } else { "no" });
    let pairs = [
        ("case_system", case.system.as_str()),
        ("sad_found", found),
        ("decision", case.decision.map_or("", |it| it.as_str())),
        ("evidence", case.evidence.as_deref().unwrap_or_default()),
        ("source", &case.source),
        ("fix", &case.fix),
    ];
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

/// A moment that a form proposes: the present one, to the minute.
#[must_use]
pub fn proposed(now: Timestamp) -> String {
    instant_in_form(Timestamp(now.0 - now.0.rem_euclid(60_000_000)))
}

/// What stands in the way, in words.
#[must_use]
pub fn gap_in_words(gap: &Gap, duties: &[Duty]) -> String {
    match gap {
        Gap::RootCause => "Nobody says yet why it could happen.".to_owned(),
        Gap::OpenActions(1) => "One action is open.".to_owned(),
        Gap::OpenActions(number) => format!("{number} actions are open."),
        Gap::NotTold(numbers) => {
            let whom = |number: &u32| duties.iter().find(|it| it.number == *number).map(|it| it.whom.clone());
            let names: Vec<String> = numbers.iter().filter_map(whom).collect();
            format!("Nobody wrote down that these were told: {}.", names.join("; "))
        }
        Gap::CardCase(gap) => format!("About the card number: {}.", gap.label().to_lowercase()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::findings::tests::model;
    use crate::incident::duty::{DataClass, usual_duties};
    use crate::incident::record::IncidentKey;

    const HOUR: i64 = 3_600_000_000;

    fn incident() -> Incident {
        let mut it = Incident::new(IncidentKey(1), "x".to_owned(), Timestamp(0));
        it.data = [DataClass::Bank].into();
        it.root_cause = "a shared key".to_owned();
        it
    }

    fn taken(step: Step, incident: &Incident, hours: i64) -> Result<Incident, Vec<(String, FieldCode)>> {
        step.apply(incident, &usual_duties(), (&"lead".into(), Timestamp(hours * HOUR))).map_err(
            |problem| match problem {
                Problem::Invalid(errors) => errors.into_iter().map(|it| (it.field, it.code)).collect(),
                _ => Vec::new(),
            },
        )
    }

    fn tell(duty: u32, hours: i64, late_because: &str) -> Step {
        let (whom, late_because) = ("The acquirer".to_owned(), late_because.to_owned());
        Step::Tell { duty, whom, at: Timestamp(hours * HOUR), by: None, reference: String::new(), late_because }
    }

    #[test]
    fn who_is_told_late_says_why_and_nobody_is_told_tomorrow() {
        let refused = |step, hours| taken(step, &incident(), hours).unwrap_err();
        assert_eq!(refused(tell(3, 80, ""), 90), [("late_because".to_owned(), FieldCode::Missing)]);
        assert_eq!(refused(tell(3, 80, ""), 70), [("told_at".to_owned(), FieldCode::InTheFuture)]);
        assert_eq!(refused(tell(99, 1, ""), 70), [("duty".to_owned(), FieldCode::NoSuchObject)]);
        let told = taken(tell(3, 71, ""), &incident(), 90).unwrap();
        assert_eq!(told.told[0].by, "lead".into());
        assert_eq!(taken(tell(3, 80, "It was a holiday."), &incident(), 90).unwrap().told.len(), 1);
    }

    #[test]
    fn what_stands_in_the_way_of_closing_stands_in_the_way_and_a_closed_one_is_reopened_first() {
        let mut open = incident();
        open.root_cause = String::new();
        assert_eq!(taken(Step::Close, &open, 1).unwrap_err(), [("step".to_owned(), FieldCode::IncidentUnfinished)]);
        let closed = taken(Step::Close, &incident(), 1).unwrap();
        assert_eq!((closed.phase, closed.closed_at), (Phase::Closed, Some(Timestamp(HOUR))));
        let note = Step::Note { at: Timestamp(0), what: "seen".to_owned() };
        assert_eq!(taken(note, &closed, 2).unwrap_err(), [("step".to_owned(), FieldCode::IncidentClosed)]);
        let reopened = taken(Step::Reopen { reason: "Again".to_owned() }, &closed, 2).unwrap();
        assert_eq!((reopened.phase, reopened.closed_at, reopened.timeline.len()), (Phase::Open, None, 2));
        let twice = taken(Step::Reopen { reason: "Again".to_owned() }, &reopened, 2).unwrap_err();
        assert_eq!(twice, [("step".to_owned(), FieldCode::NotInThisState)]);
    }

    #[test]
    fn saving_the_form_keeps_what_is_no_part_of_it() {
        let mut before = incident();
        before.card_case = Some(CardCase::new("logs".into()));
        let noted = Step::Note { at: Timestamp(0), what: "seen".to_owned() };
        let before = taken(noted, &before, 1).unwrap();
        let edited = Incident::new(IncidentKey(9), "y".to_owned(), Timestamp(5));
        let after = taken(Step::Edit(Box::new(edited)), &before, 1).unwrap();
        assert_eq!((after.key, after.title.as_str(), after.detected_at), (IncidentKey(1), "y", Timestamp(5)));
        assert_eq!((after.timeline, after.card_case), (before.timeline, before.card_case));
    }

    #[test]
    fn the_answers_about_a_card_number_come_back_and_no_system_is_no_case() {
        let model = model(r#""systems":[{"id":"logs"}]"#);
        let form = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let said = form(&[("step", "case"), ("case_system", "logs"), ("sad_found", "no"), ("decision", "delete")]);
        let Step::Case(Some(case)) = step_from_form(&said, &incident(), &model).unwrap() else { panic!("a case") };
        assert_eq!(case.sad_found, Some(false));
        let mut again = case_to_form(Some(&case));
        again.push(("step".to_owned(), "case".to_owned()));
        assert_eq!(step_from_form(&again, &incident(), &model), Ok(Step::Case(Some(case))));
        let none = form(&[("step", "case"), ("case_system", "")]);
        assert_eq!(step_from_form(&none, &incident(), &model), Ok(Step::Case(None)));
        let card = form(&[("step", "note"), ("at", "1970-01-01T00:00"), ("what", "4111 1111 1111 1111")]);
        assert!(step_from_form(&card, &incident(), &model).is_err());
    }
}
