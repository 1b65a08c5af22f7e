//! The matrix of a register: how many risks lie in each cell.

use serde::Serialize;

use crate::risk::record::{Risk, RiskKey, Stage, Stand};
use crate::risk::scheme::{Level, Scheme, Step};

/// The matrix of one of the three ratings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Matrix {
    /// What a likelihood and an impact make together.
    pub scheme: Scheme,
    /// Which rating.
    pub stand: Stand,
    /// Rows by likelihood, the highest first; in each the cells by impact, the lowest first.
    pub rows: Vec<Vec<Cell>>,
    /// The risks that nobody rated this way.
    pub unrated: Vec<RiskKey>,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// How likely.
    pub likelihood: Step,
    /// How bad.
    pub impact: Step,
    /// What both make.
    pub level: Level,
    /// The number that stands in the cell, where the scheme multiplies.
    pub number: Option<u8>,
    /// The risks in it, by key.
    pub risks: Vec<RiskKey>,
}

/// The filter of the register that shows what lies in a cell, or with none what nobody rated this way.
#[must_use]
pub fn filter_of(stand: Stand, cell: Option<&Cell>) -> String {
    match cell {
        Some(cell) => format!("-is:closed {stand}:{}x{}", cell.likelihood.number(), cell.impact.number()),
        None => format!("-is:closed {stand}:none"),
    }
}

impl Cell {
    /// Where the cell lies, for somebody who does not see it: `likelihood High, impact Low: Low`.
    #[must_use]
    pub fn words(&self, scheme: Scheme) -> String {
        format!(
            "likelihood {}, impact {}: {}",
            scheme.step_label(self.likelihood),
            scheme.step_label(self.impact),
            scheme.level_label(self.level)
        )
    }
}

impl Matrix {
    /// The matrix of the risks that are not closed.
    #[must_use]
    pub fn of<'a>(risks: impl IntoIterator<Item = &'a Risk>, scheme: Scheme, stand: Stand) -> Self {
        let cell = |likelihood: Step, impact: Step| Cell {
            likelihood,
            impact,
            level: scheme.level(likelihood, impact),
            number: scheme.number(likelihood, impact),
            risks: Vec::new(),
        };
        let steps = scheme.steps();
        let mut rows: Vec<Vec<Cell>> = Step::scale(steps)
            .rev()
            .map(|likelihood| Step::scale(steps).map(|impact| cell(likelihood, impact)).collect())
            .collect();
        let mut unrated = Vec::new();
        for risk in risks.into_iter().filter(|risk| risk.stage != Stage::Closed) {
            let place = risk.rating(stand).as_ref().and_then(|it| {
                let row = steps.checked_sub(it.likelihood().number())?;
                rows.get_mut(usize::from(row))?.get_mut(usize::from(it.impact().number()) - 1)
            });
            match place {
                Some(cell) => cell.risks.push(risk.key),
                None => unrated.push(risk.key),
            }
        }
        for keys in rows.iter_mut().flatten().map(|cell| &mut cell.risks).chain([&mut unrated]) {
            keys.sort_unstable();
        }
        Self { scheme, stand, rows, unrated }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::risk::scheme::Rating;

    #[test]
    fn every_open_risk_lies_in_one_cell_or_is_unrated() {
        let step = |number| Step::new(number).unwrap();
        let mut risks: Vec<Risk> = (1..=30).map(|number| Risk::new(RiskKey(number))).collect();
        for (number, risk) in (0u8..).zip(&mut risks).take(25) {
            risk.residual = Rating::new(Scheme::Nist, step(number / 5 + 1), step(number % 5 + 1));
        }
        risks[0].stage = Stage::Closed;
        let matrix = Matrix::of(&risks, Scheme::Nist, Stand::Residual);
        let counts: Vec<usize> = matrix.rows.iter().flatten().map(|cell| cell.risks.len()).collect();
        assert_eq!((counts.len(), counts.iter().sum::<usize>(), matrix.unrated.len()), (25, 24, 5));
        let top_right = &matrix.rows[0][4];
        assert_eq!(top_right.words(Scheme::Nist), "likelihood Very high, impact Very high: Very high");
        assert!(matrix.rows.iter().flatten().all(|cell| cell.number.is_none()));
        assert_eq!(Matrix::of(&risks, Scheme::Product, Stand::Target).rows[0][4].number, Some(25));
    }
}
