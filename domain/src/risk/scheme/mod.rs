//! How bad is a risk? What a likelihood and an impact make together, in the scheme of the register.
//!
//! A register has one scheme; ratings of two schemes are never compared. [`convert`] takes ratings from one to another
//! and shows every level that moves.

pub mod convert;
pub mod factors;

use serde::{Deserialize, Serialize};

use crate::role::Tier;
use crate::text::text_enum;
pub use factors::Factors;

text_enum! {
    /// How bad a risk is, the mildest first.
    Level {
        VeryLow = "very_low": "Very low",
        Low = "low": "Low",
        Moderate = "moderate": "Moderate",
        High = "high": "High",
        VeryHigh = "very_high": "Very high",
    }
}

impl Level {
    /// Up to which level a member must be allowed to approve, so that they may accept a risk of this one.
    #[must_use]
    pub const fn tier(self) -> Tier {
        match self {
            Self::VeryLow | Self::Low => Tier::Low,
            Self::Moderate => Tier::Moderate,
            Self::High => Tier::High,
            Self::VeryHigh => Tier::VeryHigh,
        }
    }
}

text_enum! {
    /// What a likelihood and an impact make together.
    Scheme {
        /// NIST SP 800-30 revision 1, table I-2: a lookup, nothing is multiplied.
        Nist = "nist": "NIST SP 800-30, 5 x 5",
        /// The number counts: 1 to 4 low, 5 to 9 moderate, 10 to 14 high, 15 to 25 very high.
        Product = "product": "Likelihood times impact, 5 x 5",
        Four = "four": "4 x 4",
        Three = "three": "3 x 3",
        /// The OWASP risk rating methodology: eight factors for each side, from 0 to 9.
        Owasp = "owasp": "OWASP factors",
    }
}

/// NIST SP 800-30 revision 1, table I-2: a row for each likelihood, a column for each impact, the lowest first.
const NIST: [[Level; 5]; 5] = {
    use Level::{High as H, Low as L, Moderate as M, VeryHigh as VH, VeryLow as VL};
    [[VL, VL, VL, L, L], [VL, L, L, L, M], [VL, L, M, M, H], [VL, L, M, H, VH], [VL, L, M, H, VH]]
};

/// The severity of the OWASP risk rating methodology, and of a 3 x 3 table but for its mildest cell.
const THREE: [[Level; 3]; 3] = {
    use Level::{High as H, Low as L, Moderate as M, VeryHigh as VH};
    [[L, L, M], [L, M, H], [M, H, VH]]
};

impl Scheme {
    /// How many steps likelihood and impact have each.
    #[must_use]
    pub const fn steps(self) -> u8 {
        match self {
            Self::Nist | Self::Product => 5,
            Self::Four => 4,
            Self::Three | Self::Owasp => 3,
        }
    }

    /// The level of a likelihood and an impact. Steps above the scale count as its highest, which [`Rating::new`]
    /// excludes.
    #[must_use]
    pub fn level(self, likelihood: Step, impact: Step) -> Level {
        let place = |step: Step| usize::from(step.number().min(self.steps())) - 1;
        let (row, column) = (place(likelihood), place(impact));
        match self {
            Self::Nist => NIST[row][column],
            Self::Product => match (row + 1) * (column + 1) {
                15.. => Level::VeryHigh,
                10..15 => Level::High,
                5..10 => Level::Moderate,
                _ => Level::Low,
            },
            Self::Four => match (row + 1) * (column + 1) {
                12.. => Level::VeryHigh,
                8..12 => Level::High,
                4..8 => Level::Moderate,
                _ => Level::Low,
            },
            Self::Three => THREE[row][column],
            Self::Owasp if row + column == 0 => Level::VeryLow,
            Self::Owasp => THREE[row][column],
        }
    }

    /// The number that stands in a cell; only where the scheme multiplies.
    #[must_use]
    pub fn number(self, likelihood: Step, impact: Step) -> Option<u8> {
        (self == Self::Product).then(|| likelihood.number() * impact.number())
    }

    /// What people call a level in this scheme.
    #[must_use]
    pub const fn level_label(self, level: Level) -> &'static str {
        match (self, level) {
            (Self::Owasp, Level::VeryLow) => "Note",
            (Self::Owasp | Self::Product, Level::Moderate) => "Medium",
            (Self::Owasp | Self::Product, Level::VeryHigh) => "Critical",
            _ => level.label(),
        }
    }

    /// What people call a step of likelihood or impact.
    #[must_use]
    pub fn step_label(self, step: Step) -> &'static str {
        const FIVE: [&str; 5] = ["Very low", "Low", "Moderate", "High", "Very high"];
        let labels: &[&str] = match self.steps() {
            5 => &FIVE,
            4 => &FIVE[1..],
            _ => &FIVE[1..4],
        };
        labels.get(usize::from(step.number()) - 1).copied().unwrap_or("Off the scale")
    }

    /// What a step of likelihood means within 12 months; only scales of five steps say so.
    #[must_use]
    pub const fn likelihood_meaning(self, step: Step) -> &'static str {
        match (self.steps(), step.0) {
            (5, 1) => "remote",
            (5, 2) => "unlikely: two or more controls in the way",
            (5, 3) => "possible: one control in the way",
            (5, 4) => "likely: a known path, no hard control",
            (5, 5) => "almost certain, or happening now",
            _ => "",
        }
    }

    /// What a step of impact means; only scales of five steps say so.
    #[must_use]
    pub const fn impact_meaning(self, step: Step) -> &'static str {
        match (self.steps(), step.0) {
            (5, 1) => "no payment data, no payment function",
            (5, 2) => "fewer than 100 card numbers, or only truncated ones and tokens",
            (5, 3) => "100 to 10,000 card numbers, or the checkout stands still",
            (5, 4) => "10,000 to 1 million card numbers, or fraud on live payments",
            (5, 5) => "1 million card numbers or more, authentication data, or cards can no longer be taken",
            _ => "",
        }
    }
}

/// A step of a scale, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Step(u8);

impl Step {
    /// The highest step of any scale.
    pub const MOST: u8 = 5;

    /// The step with this number; `None` off every scale.
    #[must_use]
    pub const fn new(number: u8) -> Option<Self> {
        if number >= 1 && number <= Self::MOST { Some(Self(number)) } else { None }
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Every step of a scale, the lowest first.
    pub fn scale(steps: u8) -> impl DoubleEndedIterator<Item = Self> {
        (1..=steps.min(Self::MOST)).map(Self)
    }
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let number = u8::deserialize(from)?;
        Self::new(number).ok_or_else(|| serde::de::Error::custom("a step lies between 1 and 5"))
    }
}

/// A likelihood and an impact on the scale of a scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rating {
    /// How likely it is within 12 months.
    likelihood: Step,
    /// How bad it would be.
    impact: Step,
    /// What the steps were averaged from, in the scheme that has factors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    factors: Option<Factors>,
}

impl Rating {
    /// A rating; `None` where a step is not on the scale of the scheme.
    #[must_use]
    pub fn new(scheme: Scheme, likelihood: Step, impact: Step) -> Option<Self> {
        let on_scale = likelihood.0 <= scheme.steps() && impact.0 <= scheme.steps();
        on_scale.then_some(Self { likelihood, impact, factors: None })
    }

    /// The rating that the factors of the OWASP methodology make.
    #[must_use]
    pub fn of_factors(factors: Factors) -> Self {
        Self { likelihood: factors.likelihood(), impact: factors.impact(), factors: Some(factors) }
    }

    /// How likely it is.
    #[must_use]
    pub const fn likelihood(self) -> Step {
        self.likelihood
    }

    /// How bad it would be.
    #[must_use]
    pub const fn impact(self) -> Step {
        self.impact
    }

    /// The factors, where the steps come from some.
    #[must_use]
    pub const fn factors(self) -> Option<Factors> {
        self.factors
    }

    /// How bad it is in the scheme.
    #[must_use]
    pub fn level(self, scheme: Scheme) -> Level {
        scheme.level(self.likelihood, self.impact)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn step(number: u8) -> Step {
        Step::new(number).unwrap()
    }

    #[test]
    fn the_nist_table_is_a_lookup_and_not_a_product() {
        assert_eq!(Scheme::Nist.level(step(5), step(1)), Level::VeryLow);
        assert_eq!(Scheme::Nist.level(step(1), step(5)), Level::Low);
        assert_eq!(Scheme::Nist.level(step(2), step(5)), Level::Moderate);
        assert_eq!(Scheme::Nist.level(step(4), step(4)), Level::High);
        assert_eq!(Scheme::Nist.level(step(4), step(5)), Level::VeryHigh);
        assert_eq!(Scheme::Nist.number(step(4), step(5)), None);
    }

    #[test]
    fn the_bands_of_the_product_begin_at_five_ten_and_fifteen() {
        let level = |likelihood, impact| Scheme::Product.level(step(likelihood), step(impact));
        assert_eq!([level(2, 2), level(5, 1), level(3, 3)], [Level::Low, Level::Moderate, Level::Moderate]);
        assert_eq!([level(2, 5), level(3, 4), level(3, 5)], [Level::High, Level::High, Level::VeryHigh]);
        assert_eq!(Scheme::Product.number(step(3), step(5)), Some(15));
        assert_eq!(Scheme::Product.level_label(Level::VeryHigh), "Critical");
    }

    #[test]
    fn the_mildest_cell_is_a_note_for_owasp_only() {
        assert_eq!(Scheme::Owasp.level(step(1), step(1)), Level::VeryLow);
        assert_eq!(Scheme::Owasp.level_label(Level::VeryLow), "Note");
        assert_eq!(Scheme::Three.level(step(1), step(1)), Level::Low);
        assert_eq!(Scheme::Three.level(step(3), step(3)), Level::VeryHigh);
    }

    #[test]
    fn a_rating_off_the_scale_cannot_be_made() {
        assert_eq!(Step::new(0), None);
        assert_eq!(Step::new(6), None);
        assert_eq!(Rating::new(Scheme::Three, step(4), step(1)), None);
        assert!(Rating::new(Scheme::Four, step(4), step(1)).is_some());
        assert!(serde_json::from_str::<Step>("9").is_err());
    }

    #[test]
    fn every_step_of_every_scale_has_a_name_of_its_own() {
        for scheme in Scheme::ALL {
            let mut labels: Vec<_> = Step::scale(scheme.steps()).map(|it| scheme.step_label(it)).collect();
            labels.sort_unstable();
            labels.dedup();
            assert_eq!(labels.len(), usize::from(scheme.steps()), "{scheme}");
        }
    }

    proptest! {
        #[test]
        fn more_likely_or_worse_is_never_milder(scheme in proptest::sample::select(Scheme::ALL), a in 1u8..=5, b in 1u8..=5) {
            let (a, b) = (a.min(scheme.steps()), b.min(scheme.steps()));
            let level = scheme.level(step(a), step(b));
            if a < scheme.steps() {
                prop_assert!(scheme.level(step(a + 1), step(b)) >= level);
            }
            if b < scheme.steps() {
                prop_assert!(scheme.level(step(a), step(b + 1)) >= level);
            }
        }
    }
}
