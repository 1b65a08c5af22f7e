//! One change to several risks at once: what would each become, and which of them cannot be changed so?

use super::draft::{Around, risk_from_form};
use super::record::Risk;
use crate::problem::{FieldError, Problem};
use crate::text::text_enum;

/// How many risks one change is for at most.
pub const MOST: usize = 500;

text_enum! {
    /// What can be changed on several risks.
    BulkField {
        Owner = "owner": "Owner",
        NextReview = "next_review": "Next review",
        Category = "category": "Category",
        Treatment = "treatment": "Treatment",
    }
}

/// What one change makes of several risks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Several {
    /// Those that become different, as they would be.
    pub changed: Vec<Risk>,
    /// Those that cannot be changed so, with what is wrong.
    pub refused: Vec<(Risk, Vec<FieldError>)>,
    /// How many have this value already.
    pub unchanged: usize,
}

/// What each risk becomes when a field gets a value, read as its form is.
///
/// # Errors
/// `Invalid` with the field `key` where there are none or too many.
pub fn several<'a>(
    risks: impl IntoIterator<Item = &'a Risk>,
    field: BulkField,
    to: &str,
    around: Around<'_>,
) -> Result<Several, Problem> {
    let form = [(field.as_str().to_owned(), to.to_owned())];
    let mut several = Several::default();
    let mut count = 0;
    for risk in risks {
        count += 1;
        if count > MOST {
            return Err(Problem::field("key", crate::problem::FieldCode::TooMany));
        }
        match risk_from_form(&form, risk, around) {
            Ok(after) if after == *risk => several.unchanged += 1,
            Ok(after) => several.changed.push(after),
            Err(errors) => several.refused.push((risk.clone(), errors)),
        }
    }
    if count == 0 { Err(Problem::field("key", crate::problem::FieldCode::Missing)) } else { Ok(several) }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::Model;
    use crate::risk::record::{Category, Stage};
    use crate::risk::{Register, RiskKey};

    #[test]
    fn each_risk_is_read_as_its_form_is() {
        let (model, register) = (Model::default(), Register::default());
        let around = Around { model: &model, register: &register, is_finding: &|_| false };
        let risk = |number| Risk { title: "x".to_owned(), ..Risk::new(RiskKey(number)) };
        let fraud = Risk { category: Some(Category::Fraud), ..risk(2) };
        // It is open without what an open risk needs, so that no form of it is taken.
        let open = Risk { stage: Stage::Open, ..risk(3) };
        let all = [risk(1), fraud, open];
        let several = several(&all, BulkField::Category, "fraud", around).unwrap();
        assert_eq!((several.changed.len(), several.unchanged, several.refused.len()), (1, 1, 1));
        assert_eq!(several.changed[0].category, Some(Category::Fraud));
        let wrong = super::several(&all[..1], BulkField::NextReview, "soon", around).unwrap();
        assert_eq!(wrong.refused[0].1[0].field, "next_review");
    }

    #[test]
    fn there_are_some_and_not_too_many() {
        let (model, register) = (Model::default(), Register::default());
        let around = Around { model: &model, register: &register, is_finding: &|_| false };
        let many: Vec<Risk> = (1..=501).map(|it| Risk::new(RiskKey(it))).collect();
        for risks in [&many[..], &[]] {
            assert!(several(risks, BulkField::Owner, "", around).is_err());
        }
    }
}
