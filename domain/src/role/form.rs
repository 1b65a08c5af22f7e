//! The form of a standing: role, tier, and the days of an auditor.

use super::{Engagement, Role, Standing, Tier};
use crate::problem::{FieldCode, FieldError};
use crate::time::Day;

/// The fields of the form.
pub const STANDING_FIELDS: [&str; 4] = ["role", "tier", "engaged_from", "engaged_until"];

/// Reads what somebody should be. An auditor needs both days; for anybody else they are left out.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn standing_from_form(form: &[(String, String)]) -> Result<Standing, Vec<FieldError>> {
    let value = |name: &str| form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
    let mut errors = Vec::new();
    let role: Option<Role> = value("role").parse().ok();
    if role.is_none() {
        errors.push(FieldError::new("role", FieldCode::NotInList));
    }
    let tier: Option<Tier> = match value("tier") {
        "" => role.map(Role::usual_tier),
        text => text.parse().ok(),
    };
    if tier.is_none() && role.is_some() {
        errors.push(FieldError::new("tier", FieldCode::NotInList));
    }
    let engagement = if role == Some(Role::Auditor) {
        let mut day = |name: &str| {
            let code = if value(name).is_empty() { FieldCode::Missing } else { FieldCode::NotADay };
            let day: Option<Day> = value(name).parse().ok();
            if day.is_none() {
                errors.push(FieldError::new(name, code));
            }
            day
        };
        let (from, until) = (day("engaged_from"), day("engaged_until"));
        if from.zip(until).is_some_and(|(from, until)| until < from) {
            errors.push(FieldError::new("engaged_until", FieldCode::EndsBeforeItBegins));
        }
        from.zip(until).map(|(from, until)| Engagement { from, until })
    } else {
        None
    };
    match (role, tier) {
        (Some(role), Some(tier)) if errors.is_empty() => Ok(Standing { role, tier, engagement }),
        _ => Err(errors),
    }
}

/// A standing as the fields of its form. Reading them back gives it again.
#[must_use]
pub fn standing_to_form(standing: Standing) -> Vec<(String, String)> {
    let day = |day: fn(Engagement) -> Day| standing.engagement.map(|it| day(it).to_string()).unwrap_or_default();
    let values =
        [standing.role.as_str().to_owned(), standing.tier.as_str().to_owned(), day(|it| it.from), day(|it| it.until)];
    STANDING_FIELDS.iter().map(|name| (*name).to_owned()).zip(values).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn read(values: [&str; 4]) -> Result<Standing, Vec<(String, FieldCode)>> {
        let form: Vec<_> =
            STANDING_FIELDS.iter().zip(values).map(|(name, value)| ((*name).to_owned(), value.to_owned())).collect();
        standing_from_form(&form).map_err(|errors| errors.into_iter().map(|it| (it.field, it.code)).collect())
    }

    #[test]
    fn an_auditor_needs_a_first_and_a_last_day() {
        let missing = read(["auditor", "", "", "tomorrow"]).unwrap_err();
        let expected =
            [("engaged_from".to_owned(), FieldCode::Missing), ("engaged_until".to_owned(), FieldCode::NotADay)];
        assert_eq!(missing, expected);
        let backwards = read(["auditor", "1", "2026-11-21", "2026-11-20"]).unwrap_err();
        assert_eq!(backwards, [("engaged_until".to_owned(), FieldCode::EndsBeforeItBegins)]);
        let auditor = read(["auditor", "1", "2026-11-21", "2026-11-21"]).unwrap();
        assert_eq!(standing_from_form(&standing_to_form(auditor)), Ok(auditor));
    }

    #[test]
    fn days_of_anybody_else_are_left_out_and_a_tier_has_a_default() {
        assert_eq!(read(["owner", "", "2026-11-21", ""]), Ok(Standing::usual(Role::Owner)));
        assert_eq!(read(["viewer", "3", "", ""]).unwrap().tier, Tier::High);
        let wrong = read(["emperor", "9", "", ""]).unwrap_err();
        assert_eq!(wrong, [("role".to_owned(), FieldCode::NotInList)]);
        assert_eq!(read(["viewer", "9", "", ""]).unwrap_err(), [("tier".to_owned(), FieldCode::NotInList)]);
    }
}
