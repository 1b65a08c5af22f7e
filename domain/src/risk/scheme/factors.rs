//! The factors of the OWASP risk rating methodology: eight that make it likely, eight that make it bad, each 0 to 9.

use serde::{Deserialize, Serialize};

use super::Step;

/// How many factors each side has.
pub const COUNT: usize = 8;

/// The highest score of a factor.
pub const MOST: u8 = 9;

/// What makes it likely, as fields of a form name it, and in words.
pub const LIKELIHOOD: [(&str, &str); COUNT] = [
    ("skill", "Skill of those who try"),
    ("motive", "What they gain"),
    ("opportunity", "What they need to try"),
    ("size", "How many they are"),
    ("discovery", "How easily the weakness is found"),
    ("exploit", "How easily it is used"),
    ("awareness", "How well it is known"),
    ("detection", "How likely nobody notices"),
];

/// What makes it bad, as fields of a form name it, and in words.
pub const IMPACT: [(&str, &str); COUNT] = [
    ("confidentiality", "Data that is disclosed"),
    ("integrity", "Data that is corrupted"),
    ("availability", "Service that is lost"),
    ("accountability", "How far nobody can tell who it was"),
    ("financial", "Money that is lost"),
    ("reputation", "Reputation that is lost"),
    ("compliance", "Obligations that are broken"),
    ("privacy", "People whose data is disclosed"),
];

/// The scores of one risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Factors {
    likelihood: [u8; COUNT],
    impact: [u8; COUNT],
}

impl Factors {
    /// The scores in the order of [`LIKELIHOOD`] and [`IMPACT`]; `None` where one is above 9.
    #[must_use]
    pub fn new(likelihood: [u8; COUNT], impact: [u8; COUNT]) -> Option<Self> {
        let scores = likelihood.iter().chain(&impact);
        scores.copied().all(|score| score <= MOST).then_some(Self { likelihood, impact })
    }

    /// The scores of both sides.
    #[must_use]
    pub const fn scores(&self) -> ([u8; COUNT], [u8; COUNT]) {
        (self.likelihood, self.impact)
    }

    /// 1 low, 2 medium, 3 high.
    #[must_use]
    pub fn likelihood(&self) -> Step {
        band(&self.likelihood)
    }

    /// 1 low, 2 medium, 3 high.
    #[must_use]
    pub fn impact(&self) -> Step {
        band(&self.impact)
    }
}

impl<'de> Deserialize<'de> for Factors {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Shape {
            likelihood: [u8; COUNT],
            impact: [u8; COUNT],
        }
        let Shape { likelihood, impact } = Shape::deserialize(from)?;
        Self::new(likelihood, impact).ok_or_else(|| serde::de::Error::custom("a factor lies between 0 and 9"))
    }
}

/// The band of an average: below 3 low, below 6 medium, else high.
fn band(scores: &[u8; COUNT]) -> Step {
    let sum: usize = scores.iter().map(|score| usize::from(*score)).sum();
    let number = match sum {
        sum if sum < 3 * COUNT => 1,
        sum if sum < 6 * COUNT => 2,
        _ => 3,
    };
    Step::new(number).expect("1, 2 and 3 are steps")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn bands_begin_at_an_average_of_three_and_six() {
        let likelihood = |sum: [u8; COUNT]| Factors::new(sum, [0; COUNT]).unwrap().likelihood().number();
        assert_eq!(likelihood([2, 3, 3, 3, 3, 3, 3, 3]), 1);
        assert_eq!(likelihood([3; COUNT]), 2);
        assert_eq!(likelihood([5, 6, 6, 6, 6, 6, 6, 6]), 2);
        assert_eq!(likelihood([6; COUNT]), 3);
    }

    #[test]
    fn a_factor_above_nine_is_none() {
        assert_eq!(Factors::new([10, 0, 0, 0, 0, 0, 0, 0], [0; COUNT]), None);
        let text = r#"{"likelihood":[10,0,0,0,0,0,0,0],"impact":[0,0,0,0,0,0,0,0]}"#;
        assert!(serde_json::from_str::<Factors>(text).is_err());
    }
}
