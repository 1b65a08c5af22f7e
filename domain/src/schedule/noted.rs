//! The form in which somebody notes that something was done.

use super::late::{LateCause, WORDS_MAX};
use super::zone::Zone;
use crate::model::draft::Form;
use crate::model::draft::fields::Fields;
use crate::problem::{FieldCode, FieldError};
use crate::time::{Day, Timestamp};

/// The fields of the form.
pub const RUN_FIELDS: [&str; 5] = ["done", "reference", "cause", "told", "caught_up"];
/// The longest reference, in characters.
pub const REFERENCE_MAX: usize = 200;

/// What somebody says of one time that something was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// When it was done.
    pub at: Timestamp,
    /// What shows it.
    pub reference: String,
    /// Why it was late, as far as somebody said it; whether that is needed is decided where it is kept.
    pub late: Option<LateCause>,
}

/// Reads the form. A day that is today means now; an earlier one its first instant.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form. `last` is the time that it was done before:
/// nothing is noted before that.
pub fn noted_from_form(
    form: &Form,
    zone: &Zone,
    now: Timestamp,
    last: Option<Timestamp>,
) -> Result<Noted, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let today = zone.day_of(now);
    let day = fields.day("done", None);
    let at = match day {
        Some(day) if day == today => now,
        Some(day) => zone.start_of(day),
        None => now,
    };
    if day.is_none() && fields.posted("done").is_none_or(str::is_empty) {
        fields.error("done", FieldCode::Missing);
    } else if day.is_some_and(|day: Day| day > today) {
        fields.error("done", FieldCode::InTheFuture);
    } else if last.is_some_and(|last| at < last && day != Some(zone.day_of(last))) {
        fields.error("done", FieldCode::BeforeTheLast);
    }
    // Twice on one day: the later one is the later one.
    let at = last.map_or(at, |last| at.max(last));
    let reference = fields.line("reference", REFERENCE_MAX).unwrap_or_default();
    let mut words = |name: &str| fields.lines(name, WORDS_MAX).unwrap_or_default().trim().to_owned();
    let late = LateCause { cause: words("cause"), told: words("told"), caught_up: words("caught_up") };
    let said = [&late.cause, &late.told, &late.caught_up].into_iter().any(|it| !it.is_empty());
    fields.finish(Noted { at, reference, late: said.then_some(late) })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)], last: Option<&str>) -> Result<Noted, Vec<(String, FieldCode)>> {
        let form: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let now = "2026-11-21T09:30:00Z".parse().unwrap();
        let last = last.map(|it| it.parse().unwrap());
        let told = |errors: Vec<FieldError>| errors.into_iter().map(|it| (it.field, it.code)).collect();
        noted_from_form(&form, &Zone::utc(), now, last).map_err(told)
    }

    #[test]
    fn today_is_now_and_an_earlier_day_is_its_beginning() {
        let at = |day: &str| read(&[("done", day)], None).unwrap().at.to_string();
        assert_eq!(at("2026-11-21"), "2026-11-21T09:30:00Z");
        assert_eq!(at("2026-11-20"), "2026-11-20T00:00:00Z");
        let code = |day: &str, last| read(&[("done", day)], last).unwrap_err()[0].1;
        assert_eq!(code("2026-11-22", None), FieldCode::InTheFuture);
        assert_eq!(code("2026-11-18", Some("2026-11-19T10:00:00Z")), FieldCode::BeforeTheLast);
        let same_day = read(&[("done", "2026-11-19")], Some("2026-11-19T10:00:00Z")).unwrap();
        assert_eq!(same_day.at.to_string(), "2026-11-19T10:00:00Z");
        assert_eq!(read(&[], None).unwrap_err()[0], ("done".to_owned(), FieldCode::Missing));
    }

    #[test]
    fn a_cause_counts_as_soon_as_a_part_of_it_is_said() {
        assert_eq!(read(&[("done", "2026-11-21"), ("cause", " ")], None).unwrap().late, None);
        let said = read(&[("done", "2026-11-21"), ("cause", "Two people ill")], None).unwrap();
        assert_eq!(said.late.unwrap().cause, "Two people ill");
    }
}
