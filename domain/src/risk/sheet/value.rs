//! What single cells of a register mean: categories, treatments, stages and days as people write them.

use crate::import::words::compact;
use crate::risk::record::{Category, Stage, Treatment};
use crate::time::Day;

/// The category; the second value is true where the word is another one than ours.
pub(super) fn category(text: &str) -> Option<(Category, bool)> {
    if let Ok(own) = text.trim().to_lowercase().parse() {
        return Some((own, false));
    }
    let category = match compact(text).as_str() {
        "informationdisclosure" | "disclosure" | "privacy" | "databreach" | "dataleakage" => Category::Confidentiality,
        "tampering" | "spoofing" | "elevationofprivilege" => Category::Integrity,
        "denialofservice" | "outage" | "continuity" | "resilience" => Category::Availability,
        "financialcrime" | "paymentfraud" => Category::Fraud,
        "repudiation" | "legal" | "regulatory" | "audit" => Category::Compliance,
        _ => return None,
    };
    Some((category, true))
}

/// The treatment.
pub(super) fn treatment(text: &str) -> Option<Treatment> {
    Some(match compact(text).as_str() {
        "modify" | "reduce" | "mitigate" | "treat" | "mitigation" | "reduction" => Treatment::Modify,
        "avoid" | "terminate" | "avoidance" | "eliminate" => Treatment::Avoid,
        "share" | "transfer" | "insure" | "transference" => Treatment::Share,
        "retain" | "accept" | "tolerate" | "acceptance" => Treatment::Retain,
        _ => return None,
    })
}

/// The stage; the second value is true where the word says that the risk is accepted, which only an acceptance makes it.
pub(super) fn stage(text: &str) -> Option<(Stage, bool)> {
    Some(match compact(text).as_str() {
        "draft" | "new" | "identified" | "proposed" => (Stage::Draft, false),
        "open" | "active" | "assessed" | "monitored" | "monitoring" => (Stage::Open, false),
        "treating" | "inprogress" | "ongoing" | "mitigating" | "treatment" => (Stage::Treating, false),
        "closed" | "resolved" | "done" | "mitigated" | "retired" => (Stage::Closed, false),
        "accepted" => (Stage::Open, true),
        _ => return None,
    })
}

/// The day; the second value is true where the text named a longer time and its last day was taken: `Q4-2026`, `2026-12`.
pub(super) fn day(text: &str) -> Option<(Day, bool)> {
    let text = text.trim();
    if let Ok(day) = text.parse() {
        return Some((day, false));
    }
    if let Some(day) = text.split_once(['T', ' ']).and_then(|(day, _)| day.parse().ok()) {
        return Some((day, false));
    }
    let parts: Vec<&str> = text.split(['-', ' ', '/']).filter(|it| !it.is_empty()).collect();
    let [one, other] = parts[..] else { return None };
    let year = |text: &str| (text.len() == 4).then(|| text.parse::<i32>().ok()).flatten();
    let quarter = |text: &str| match text.as_bytes() {
        [b'Q' | b'q', quarter @ b'1'..=b'4'] => Some(u32::from(quarter - b'0') * 3),
        _ => None,
    };
    let (year, month) = match (year(one), year(other)) {
        (Some(year), None) => (year, quarter(other).or_else(|| other.parse().ok())?),
        (None, Some(year)) => (year, quarter(one)?),
        _ => return None,
    };
    (28..=31).rev().find_map(|day| Day::from_ymd(year, month, day)).map(|day| (day, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_and_a_month_end_with_their_last_day() {
        let read = |text| day(text).map(|(day, long)| (day.to_string(), long));
        assert_eq!(read("2026-03-31"), Some(("2026-03-31".to_owned(), false)));
        assert_eq!(read("2026-03-31T10:00:00Z"), Some(("2026-03-31".to_owned(), false)));
        assert_eq!(read("Q4-2026"), Some(("2026-12-31".to_owned(), true)));
        assert_eq!(read("2027 Q1"), Some(("2027-03-31".to_owned(), true)));
        assert_eq!(read("2028-02"), Some(("2028-02-29".to_owned(), true)));
        for text in ["31/03/2026", "03-04-2026", "soon", "Q5-2026", "2026-13", "12-26"] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
