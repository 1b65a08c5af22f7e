//! What people look at: the matrix, the table of the register, levels over time, what is at risk most, what to do next.

pub mod columns;
pub mod matrix;
pub mod mine;
pub mod next;
pub mod table;
pub mod tasks;
pub mod top;
pub mod trend;

pub use columns::{RiskColumn, Words};
pub use matrix::{Cell, Matrix};
pub use mine::{Mine, mine};
pub use next::{NextStep, next_steps};
pub use table::{Order, Row, SavedView, Standings, rows};
pub use tasks::{Task, TaskKind, tasks};
pub use top::{AtRisk, top_systems, top_vendors};
pub use trend::{Moment, Span, Trend, trend};

use std::collections::BTreeMap;

use serde::Serialize;

use super::scheme::Level;

/// How many risks there are of each level.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Counts(BTreeMap<Level, usize>);

impl Counts {
    /// Counts one more.
    pub fn add(&mut self, level: Level) {
        *self.0.entry(level).or_default() += 1;
    }

    /// How many there are of a level.
    #[must_use]
    pub fn of(&self, level: Level) -> usize {
        self.0.get(&level).copied().unwrap_or(0)
    }

    /// How many there are in all.
    #[must_use]
    pub fn total(&self) -> usize {
        self.0.values().sum()
    }

    /// The numbers from the worst level down: what to order by, so that one very high risk outweighs any number below.
    fn weight(&self) -> [usize; 5] {
        let mut weight = [0; 5];
        for (place, level) in weight.iter_mut().zip(Level::ALL.iter().rev()) {
            *place = self.of(*level);
        }
        weight
    }
}
