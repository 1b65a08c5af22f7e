//! What a vendor promised, and what of it ends or is missing: told before it does.

use crate::findings::said;
use crate::id::VendorId;
use crate::model::Model;
use crate::model::party::Vendor;
use crate::risk::acceptance::months_later;
use crate::schedule::on_time::WARNING_DAYS;
use crate::text::text_enum;
use crate::time::Day;

/// So many days before an agreement ends it is announced first: leaving takes longer than renewing a certificate.
pub const AGREEMENT_DAYS: i32 = 90;
/// So many months after the exit was tried it is tried again.
pub const EXIT_MONTHS: u32 = 12;
/// A promise to tell of an incident later than this leaves too little time for whom we have to tell ourselves.
pub const NOTIFY_HOURS: u64 = 48;

text_enum! {
    /// What is told of a promise.
    AlertKind {
        AgreementOver = "agreement_over": "The agreement is over",
        AgreementEnds = "agreement_ends": "The agreement ends soon",
        AttestationOver = "attestation_over": "The attestation is over",
        AttestationEnds = "attestation_ends": "The attestation ends soon",
        NotifiesLate = "notifies_late": "Tells us of an incident too late",
        NoTerms = "no_terms": "A promise is missing",
        ExitUntried = "exit_untried": "Nobody tried to leave for a year",
    }
}

/// What a vendor promised. What nobody entered is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceLevel {
    /// The vendor.
    pub vendor: VendorId,
    /// Promised availability, in per mille.
    pub availability_permille: Option<u64>,
    /// Hours until they tell us of an incident.
    pub notify_hours: Option<u64>,
    /// Where the security terms are.
    pub security_terms: Option<String>,
    /// Whether we may audit them.
    pub right_to_audit: Option<bool>,
    /// The last day of the agreement.
    pub ends: Option<Day>,
    /// The plan for leaving.
    pub exit_plan: Option<String>,
    /// When leaving was tried last.
    pub exit_tested: Option<Day>,
}

/// One alert.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alert {
    /// What it is about.
    pub kind: AlertKind,
    /// The vendor.
    pub vendor: VendorId,
    /// What is the case, as one sentence.
    pub sentence: String,
    /// The day that it is about.
    pub day: Option<Day>,
}

/// What a vendor promised.
#[must_use]
pub fn service_level(vendor: &Vendor) -> ServiceLevel {
    let facts = &vendor.facts;
    let text = |name: &str| said::text(facts, name).map(str::to_owned);
    ServiceLevel {
        vendor: vendor.id.clone(),
        availability_permille: said::number(facts, "sla_availability_permille"),
        notify_hours: said::number(facts, "sla_notify_hours"),
        security_terms: text("security_terms"),
        right_to_audit: said::yes(facts, "right_to_audit"),
        ends: said::day(facts, "end_date"),
        exit_plan: text("exit_plan"),
        exit_tested: said::day(facts, "exit_tested_at"),
    }
}

/// Everything to tell about the vendors on a day, by kind and vendor, and the next day on which that changes by the
/// passing of time alone.
#[must_use]
pub fn alerts(model: &Model, today: Day) -> (Vec<Alert>, Option<Day>) {
    let mut all = Vec::new();
    let mut turns: Vec<Day> = Vec::new();
    for vendor in model.vendors.values() {
        of_vendor(vendor, today, &mut all, &mut turns);
    }
    all.sort();
    (all, turns.into_iter().filter(|day| *day > today).min())
}

fn of_vendor(vendor: &Vendor, today: Day, all: &mut Vec<Alert>, turns: &mut Vec<Day>) {
    let (level, name) = (service_level(vendor), &vendor.name);
    let mut tell = |kind, day, sentence: String| all.push(Alert { kind, vendor: vendor.id.clone(), sentence, day });
    let earliest = i32::from(WARNING_DAYS[0]);
    for (what, day, days, over, soon) in [
        ("agreement", level.ends, AGREEMENT_DAYS, AlertKind::AgreementOver, AlertKind::AgreementEnds),
        (
            "attestation",
            said::day(&vendor.facts, "aoc_expires"),
            earliest,
            AlertKind::AttestationOver,
            AlertKind::AttestationEnds,
        ),
    ] {
        let Some(day) = day else { continue };
        turns.extend([day.plus_days(-days), day.plus_days(1)]);
        if day < today {
            tell(over, Some(day), format!("The {what} of {name} was over on {day}."));
        } else if day.plus_days(-days) <= today {
            tell(soon, Some(day), format!("The {what} of {name} ends on {day}."));
        }
    }
    if let Some(hours) = level.notify_hours.filter(|hours| *hours > NOTIFY_HOURS) {
        tell(AlertKind::NotifiesLate, None, format!("{name} tells us of an incident within {hours} hours only."));
    }
    let missing: Vec<&str> = [
        ("the availability", level.availability_permille.is_none()),
        ("when they tell us of an incident", level.notify_hours.is_none()),
        ("security terms", level.security_terms.is_none()),
        ("a right to audit", level.right_to_audit != Some(true)),
        ("an exit plan", level.exit_plan.is_none()),
    ]
    .into_iter()
    .filter_map(|(what, missing)| missing.then_some(what))
    .collect();
    if !missing.is_empty() {
        tell(AlertKind::NoTerms, None, format!("With {name} this is not agreed: {}.", missing.join(", ")));
    }
    if level.exit_plan.is_some() {
        let again = level.exit_tested.map(|day| months_later(day, EXIT_MONTHS));
        turns.extend(again.map(|day| day.plus_days(1)));
        if again.is_none_or(|day| day < today) {
            tell(AlertKind::ExitUntried, again, format!("Nobody tried for a year to leave {name}."));
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::reader::read_json;

    fn told(facts: &str, today: &str) -> Vec<AlertKind> {
        let text = format!(
            r#"{{"vendors":[{{"id":"v","name":"PSP","sla_availability_permille":999,"right_to_audit":true,
                "security_terms":"EV-0001","sla_notify_hours":24,"exit_plan":"EV-0002","exit_tested_at":"2026-01-10"{facts}}}]}}"#
        );
        let model = read_json(text.as_bytes()).unwrap().0;
        alerts(&model, today.parse().unwrap()).0.into_iter().map(|it| it.kind).collect()
    }

    #[test]
    fn an_agreement_is_announced_before_it_ends() {
        let ends = r#","end_date":"2026-12-31""#;
        assert_eq!(told(ends, "2026-10-01"), []);
        assert_eq!(told(ends, "2026-10-02"), [AlertKind::AgreementEnds]);
        assert_eq!(told(ends, "2026-12-31"), [AlertKind::AgreementEnds]);
        assert_eq!(told(ends, "2027-01-01"), [AlertKind::AgreementOver]);
    }

    #[test]
    fn what_is_not_agreed_or_not_tried_is_told() {
        assert_eq!(told("", "2027-01-10"), []);
        assert_eq!(told("", "2027-01-11"), [AlertKind::ExitUntried]);
        let model = read_json(br#"{"vendors":[{"id":"v","name":"PSP","sla_notify_hours":72}]}"#).unwrap().0;
        let (all, next) = alerts(&model, Day(20_454));
        assert_eq!(all.iter().map(|it| it.kind).collect::<Vec<_>>(), [AlertKind::NotifiesLate, AlertKind::NoTerms]);
        assert_eq!(next, None);
    }

    #[test]
    fn it_says_when_it_changes() {
        let model = read_json(br#"{"vendors":[{"id":"v","name":"PSP","end_date":"2026-12-31"}]}"#).unwrap().0;
        let day = |text: &str| text.parse::<Day>().unwrap();
        assert_eq!(alerts(&model, day("2026-01-01")).1, Some(day("2026-10-02")));
        assert_eq!(alerts(&model, day("2026-10-02")).1, Some(day("2027-01-01")));
        assert_eq!(alerts(&model, day("2027-01-01")).1, None);
    }
}
