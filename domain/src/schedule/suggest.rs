//! How often somebody should look at a system, suggested from how many payments there are in a year and how close it is
//! to card data. A suggestion: a person decides.

use super::cadence::Cadence;
use crate::scope::verdict::Category;
use crate::text::grouped;

/// A suggested cadence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggested {
    /// How often.
    pub cadence: Cadence,
    /// Why, as one sentence.
    pub sentence: String,
}

/// From so many payments a year on, how many months may lie between two looks. The steps are those by which card brands
/// rank merchants; that more is looked at more often is our own rule.
const STEPS: [(u64, u8); 4] = [(6_000_000, 1), (1_000_000, 3), (20_000, 6), (0, 12)];

/// How often to look at a system of a category where there are so many payments in a year: those of the whole entity,
/// because nobody says of a system which of them go through it. What is in the CDE, or can affect its security, is looked
/// at every quarter at least.
#[must_use]
pub fn suggested(transactions_per_year: Option<u64>, category: Option<Category>) -> Suggested {
    let close = matches!(category, Some(Category::Cde | Category::SecurityImpacting));
    let Some(transactions) = transactions_per_year else {
        let sentence = "Nobody said how many payments there are in a year, so every quarter is suggested.".to_owned();
        return Suggested { cadence: Cadence::Months(3), sentence };
    };
    let by_volume = STEPS.iter().find(|(least, _)| transactions >= *least).map_or(12, |(_, months)| *months);
    let months = if close { by_volume.min(3) } else { by_volume };
    let payments = grouped(transactions);
    let cadence = Cadence::Months(months);
    let sentence = if months < by_volume {
        format!("{payments} payments a year alone would allow less, but it is close to card data: {}.", cadence.words())
    } else {
        format!("{payments} payments a year: {}.", cadence.words())
    };
    Suggested { cadence, sentence }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_payments_depend_on_it_the_more_often_somebody_looks() {
        let months = |transactions, category| suggested(transactions, category).cadence;
        assert_eq!(months(Some(6_000_000), None), Cadence::Months(1));
        assert_eq!(months(Some(5_999_999), None), Cadence::Months(3));
        assert_eq!(months(Some(20_000), Some(Category::ConnectedTo)), Cadence::Months(6));
        assert_eq!(months(Some(10), Some(Category::Cde)), Cadence::Months(3));
        assert_eq!(months(None, Some(Category::OutOfScope)), Cadence::Months(3), "unknown is not few");
        assert!(suggested(Some(1_500_000), None).sentence.starts_with("1,500,000 payments"));
    }
}
