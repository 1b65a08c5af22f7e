//! From one scale to another: which step becomes which, and which levels move by that.

use serde::Serialize;

use super::{Level, Rating, Scheme, Step};
use crate::risk::record::{Risk, RiskKey, Stand};
use crate::text::text_enum;

text_enum! {
    /// How a scale is laid over another one with a different number of steps.
    Way {
        /// The lowest becomes the lowest, the highest the highest, the others lie in between: 3 steps become 1, 3, 5.
        Spread = "spread": "From end to end",
        /// The middle becomes the middle, and neighbours stay neighbours: 3 steps become 2, 3, 4.
        Centre = "centre": "Around the middle",
    }
}

/// Which step of one scale becomes which of the scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversion {
    /// The scheme that ratings are taken to.
    to: Scheme,
    /// The step that each step of the old scale becomes, the lowest first.
    steps: Vec<Step>,
}

impl Conversion {
    /// Lays a scale of so many steps over that of a scheme.
    #[must_use]
    pub fn by(way: Way, from: u8, to: Scheme) -> Self {
        let (last_from, last_to) = (i32::from(from.max(1)) - 1, i32::from(to.steps()) - 1);
        let place = |at: i32| match way {
            _ if last_from == 0 => last_to,
            // Rounded to the nearest, in doubt up: nothing gets milder by a change of scales.
            Way::Spread => (2 * at * last_to + last_from) / (2 * last_from),
            Way::Centre => (2 * at - last_from + last_to + 1).div_euclid(2).clamp(0, last_to),
        };
        let step = |at| u8::try_from(place(at) + 1).ok().and_then(Step::new).expect("places are clamped to the scale");
        Self { to, steps: (0..=last_from).map(step).collect() }
    }

    /// The steps that a person chose, the one for the lowest first; `None` where one lies off the scale of the scheme,
    /// or where a higher step would become a lower one.
    #[must_use]
    pub fn chosen(steps: &[u8], to: Scheme) -> Option<Self> {
        let on_scale = |it: &u8| Step::new(*it).filter(|step| step.number() <= to.steps());
        let steps: Vec<Step> = steps.iter().map(on_scale).collect::<Option<_>>()?;
        (!steps.is_empty() && steps.is_sorted()).then_some(Self { to, steps })
    }

    /// What a step becomes; `None` off the old scale, which is never clamped.
    #[must_use]
    pub fn step(&self, step: u8) -> Option<Step> {
        self.steps.get(usize::from(step.checked_sub(1)?)).copied()
    }

    /// How many steps the old scale has.
    #[must_use]
    pub fn from_steps(&self) -> usize {
        self.steps.len()
    }

    /// Every step with what it becomes.
    pub fn pairs(&self) -> impl Iterator<Item = (u8, Step)> + '_ {
        (1..).zip(self.steps.iter().copied())
    }
}

/// A rating that another scheme gives another level, or puts on other steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Move {
    /// The risk.
    pub risk: RiskKey,
    /// Inherent, residual or target.
    pub stand: Stand,
    /// As it is rated now.
    pub before: (Rating, Level),
    /// As it is rated then.
    pub after: (Rating, Level),
}

/// The conversion speaks of another scale than that of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the conversion is for another number of steps than the register has")]
pub struct OtherScale;

/// What the risks of a register become in the scheme of the conversion, and every rating whose level or steps move, by
/// risk. Factors are dropped where the new scheme has none, and nobody makes some up where it has.
///
/// # Errors
/// The conversion is for another number of steps than the register has.
pub fn rerate<'a>(
    risks: impl IntoIterator<Item = &'a Risk>,
    from: Scheme,
    conversion: &Conversion,
) -> Result<(Vec<Risk>, Vec<Move>), OtherScale> {
    if conversion.from_steps() != usize::from(from.steps()) {
        return Err(OtherScale);
    }
    let to = conversion.to;
    let mut moves = Vec::new();
    let mut after: Vec<Risk> = risks.into_iter().cloned().collect();
    for risk in &mut after {
        for stand in Stand::ALL.iter().copied() {
            let Some(before) = risk.rating(stand).filter(|_| from != to) else { continue };
            let step = |step: Step| conversion.step(step.number()).unwrap_or(step);
            let rating = Rating { likelihood: step(before.likelihood), impact: step(before.impact), factors: None };
            *risk.rating_mut(stand) = Some(rating);
            let (was, is) = (before.level(from), rating.level(to));
            if was != is || (before.likelihood, before.impact) != (rating.likelihood, rating.impact) {
                moves.push(Move { risk: risk.key, stand, before: (before, was), after: (rating, is) });
            }
        }
    }
    moves.sort_by_key(|it| (it.risk, it.stand));
    Ok((after, moves))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn numbers(way: Way, from: u8, to: Scheme) -> Vec<u8> {
        Conversion::by(way, from, to).pairs().map(|(_, step)| step.number()).collect()
    }

    #[test]
    fn three_steps_become_five_in_the_way_that_was_chosen() {
        assert_eq!(numbers(Way::Spread, 3, Scheme::Nist), [1, 3, 5]);
        assert_eq!(numbers(Way::Centre, 3, Scheme::Nist), [2, 3, 4]);
        assert_eq!(numbers(Way::Spread, 5, Scheme::Three), [1, 2, 2, 3, 3]);
        assert_eq!(numbers(Way::Centre, 5, Scheme::Owasp), [1, 1, 2, 3, 3]);
        assert_eq!(numbers(Way::Spread, 5, Scheme::Four), [1, 2, 3, 3, 4]);
    }

    #[test]
    fn a_choice_must_be_on_the_scale_and_in_order() {
        assert!(Conversion::chosen(&[1, 3, 5], Scheme::Nist).is_some());
        assert_eq!(Conversion::chosen(&[1, 3, 5], Scheme::Four), None);
        assert_eq!(Conversion::chosen(&[3, 1], Scheme::Nist), None);
        assert_eq!(Conversion::by(Way::Spread, 3, Scheme::Nist).step(4), None);
    }

    #[test]
    fn another_scheme_shows_every_level_that_moves() {
        let rating =
            |likelihood, impact| Rating::new(Scheme::Nist, Step::new(likelihood).unwrap(), Step::new(impact).unwrap());
        let mut risk = Risk::new(RiskKey(7));
        (risk.inherent, risk.residual) = (rating(5, 1), rating(3, 3));
        let same = Conversion::by(Way::Spread, 5, Scheme::Product);
        let (after, moves) = rerate(&[risk], Scheme::Nist, &same).unwrap();
        let [only] = &moves[..] else { panic!("{moves:?}") };
        assert_eq!((only.stand, only.before.1, only.after.1), (Stand::Inherent, Level::VeryLow, Level::Moderate));
        assert_eq!(after[0].residual, rating(3, 3));
        assert_eq!(rerate(&after, Scheme::Four, &same), Err(OtherScale));
    }

    proptest! {
        #[test]
        fn a_conversion_keeps_the_order_and_stays_on_the_scale(
            way in proptest::sample::select(Way::ALL), from in 1u8..=5, to in proptest::sample::select(Scheme::ALL),
        ) {
            let steps = numbers(way, from, to);
            prop_assert_eq!(steps.len(), usize::from(from));
            prop_assert!(steps.is_sorted());
            prop_assert!(steps.iter().all(|it| (1..=to.steps()).contains(it)));
            if from == to.steps() {
                prop_assert_eq!(steps, (1..=from).collect::<Vec<_>>());
            }
        }
    }
}
