//! What a register is set to: its scheme, what is tolerated without treatment, and for how long risks may be accepted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::acceptance::Authority;
use super::record::{Category, Risk, Treatment};
use super::scheme::{Level, Scheme};

/// The settings of a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Register {
    /// What a likelihood and an impact make together.
    pub scheme: Scheme,
    /// What is tolerated.
    pub appetite: Appetite,
    /// For how long, and by how many, a risk of each level may be accepted.
    pub authority: Authority,
}

impl Default for Register {
    fn default() -> Self {
        Self { scheme: Scheme::Nist, appetite: Appetite::default(), authority: Authority::default() }
    }
}

/// The highest level that is tolerated without treatment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appetite {
    /// Where no category says otherwise.
    pub usual: Level,
    /// By category.
    pub by_category: BTreeMap<Category, Level>,
}

impl Default for Appetite {
    fn default() -> Self {
        Self { usual: Level::Low, by_category: BTreeMap::new() }
    }
}

/// How a risk compares with the appetite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody rated it.
    Unrated,
    /// It is tolerated.
    Within,
    /// It lies above, and something is done about it.
    Treated,
    /// It lies above, and nobody said what is to be done with it.
    NeedsTreatment,
    /// It lies above and is retained, for which an acceptance must be in force.
    NeedsAcceptance,
}

impl Appetite {
    /// The highest level that is tolerated.
    #[must_use]
    pub fn of(&self, category: Option<Category>) -> Level {
        category.and_then(|it| self.by_category.get(&it)).copied().unwrap_or(self.usual)
    }

    /// How a risk compares with it. `accepted` says whether an acceptance of the risk is in force.
    #[must_use]
    pub fn verdict(&self, risk: &Risk, scheme: Scheme, accepted: bool) -> Verdict {
        let Some(level) = risk.level(scheme) else { return Verdict::Unrated };
        if level <= self.of(risk.category) {
            return Verdict::Within;
        }
        match risk.treatment {
            None => Verdict::NeedsTreatment,
            Some(Treatment::Retain) if !accepted => Verdict::NeedsAcceptance,
            Some(_) => Verdict::Treated,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::risk::record::RiskKey;
    use crate::risk::scheme::{Rating, Step};

    #[test]
    fn above_the_appetite_a_risk_is_treated_or_accepted() {
        let mut risk = Risk::new(RiskKey(1));
        let mut appetite = Appetite::default();
        let verdict = |risk: &Risk, appetite: &Appetite, accepted| appetite.verdict(risk, Scheme::Nist, accepted);
        assert_eq!(verdict(&risk, &appetite, false), Verdict::Unrated);
        risk.inherent = Rating::new(Scheme::Nist, Step::new(3).unwrap(), Step::new(3).unwrap());
        assert_eq!(verdict(&risk, &appetite, false), Verdict::NeedsTreatment);
        risk.treatment = Some(Treatment::Retain);
        assert_eq!(verdict(&risk, &appetite, false), Verdict::NeedsAcceptance);
        assert_eq!(verdict(&risk, &appetite, true), Verdict::Treated);
        risk.category = Some(Category::Availability);
        appetite.by_category.insert(Category::Availability, Level::Moderate);
        assert_eq!(verdict(&risk, &appetite, false), Verdict::Within);
    }
}
