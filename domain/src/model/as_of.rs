//! The model as of a day: what dates say of the controls on that day.

use std::ops::RangeInclusive;
use std::sync::Arc;

use super::Model;
use super::relations::ControlStatus;
use super::segment::Control;
use crate::time::Day;

impl Model {
    /// The model as it is to be judged on a day: the day is set, and each control is as verified as its dates say.
    ///
    /// A control is verified where its last test lies within twelve months (six for a service provider) and is no
    /// older than its last change (PCI DSS 11.4.5, 11.4.6). A control that failed its last test stays failed.
    #[must_use]
    pub fn as_of(&self, today: Day) -> Self {
        let mut model = self.clone();
        model.settings.as_of = today;
        // Only where there is one, so that otherwise the table stays shared.
        for (id, control) in &self.controls {
            let status = status_on(control, today, self.settings.service_provider);
            if control.status != status {
                model.controls.insert(id.clone(), Arc::new(Control { status, ..Control::clone(control) }));
            }
        }
        model
    }
}

fn status_on(control: &Control, today: Day, service_provider: bool) -> ControlStatus {
    match control.verified_days(service_provider) {
        _ if control.status == ControlStatus::Failed => ControlStatus::Failed,
        Some(days) if days.contains(&today) => ControlStatus::Verified,
        _ => ControlStatus::Unverified,
    }
}

impl Control {
    /// The days on which the last test proves that the control works, first and last: from the test until twelve
    /// months later (six for a service provider). `None` where it proves nothing: there was no test, it failed, or
    /// the control changed since.
    #[must_use]
    pub fn verified_days(&self, service_provider: bool) -> Option<RangeInclusive<Day>> {
        let tested = self.last_tested?;
        let changed_since = self.last_change.is_some_and(|change| change > tested);
        if self.status == ControlStatus::Failed || changed_since {
            return None;
        }
        Some(tested..=months_later(tested, if service_provider { 6 } else { 12 }))
    }
}

/// The same day of the month so many months later, or the last day of that month where it is shorter.
fn months_later(day: Day, months: i32) -> Day {
    let (year, month, day_of_month) = day.ymd();
    let since_year_zero = year * 12 + month - 1 + months;
    let (year, month) = (since_year_zero.div_euclid(12), since_year_zero.rem_euclid(12) + 1);
    (28..=day_of_month.max(28))
        .rev()
        .map(|last| last.min(day_of_month))
        .find_map(|wanted| Day::from_ymd(year, u32::try_from(month).ok()?, u32::try_from(wanted).ok()?))
        .unwrap_or(day)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::reader::read_json;
    use super::*;

    fn status(control: &str, provider: bool, today: &str) -> ControlStatus {
        let text = format!(r#"{{"settings":{{"service_provider":{provider}}},"controls":[{{"id":"fw",{control}}}]}}"#);
        let model = read_json(text.as_bytes()).unwrap().0.as_of(today.parse().unwrap());
        assert_eq!(model.settings.as_of.to_string(), today);
        model.controls["fw"].status
    }

    #[test]
    fn a_test_counts_for_twelve_months_and_for_six_at_a_service_provider() {
        let tested = r#""last_tested":"2025-08-31""#;
        assert_eq!(status(tested, false, "2026-08-31"), ControlStatus::Verified);
        assert_eq!(status(tested, false, "2026-09-01"), ControlStatus::Unverified);
        assert_eq!(status(tested, true, "2026-02-28"), ControlStatus::Verified);
        assert_eq!(status(tested, true, "2026-03-01"), ControlStatus::Unverified);
    }

    #[test]
    fn a_change_after_the_test_asks_for_another_test() {
        let changed = r#""last_tested":"2026-01-10","last_change":"2026-01-11""#;
        assert_eq!(status(changed, false, "2026-01-12"), ControlStatus::Unverified);
        let tested_after = r#""last_tested":"2026-01-11","last_change":"2026-01-11""#;
        assert_eq!(status(tested_after, false, "2026-01-12"), ControlStatus::Verified);
    }

    #[test]
    fn a_failed_test_stays_failed_and_a_claim_without_a_test_does_not_count() {
        assert_eq!(
            status(r#""status":"failed","last_tested":"2026-01-01""#, false, "2026-01-02"),
            ControlStatus::Failed
        );
        assert_eq!(status(r#""status":"verified""#, false, "2026-01-02"), ControlStatus::Unverified);
    }

    #[test]
    fn a_test_in_the_future_proves_nothing_yet() {
        assert_eq!(status(r#""last_tested":"2026-01-03""#, false, "2026-01-02"), ControlStatus::Unverified);
    }
}
