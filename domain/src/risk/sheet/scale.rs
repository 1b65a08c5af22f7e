//! On which scale a file rates, and how that is laid over the scale of the register.

use serde::{Deserialize, Serialize};

use super::{Column, Mapping, Table};
use crate::import::words::{compact, is_blank};
use crate::risk::scheme::Scheme;
use crate::risk::scheme::convert::{Conversion, Way};
use crate::text::text_enum;

text_enum! {
    /// Which of the two sides of a rating.
    Axis {
        Likelihood = "likelihood": "Likelihood",
        Impact = "impact": "Impact",
    }
}

impl Axis {
    /// The columns that rate this side.
    const fn columns(self) -> [Column; 3] {
        match self {
            Self::Likelihood => [Column::InherentLikelihood, Column::ResidualLikelihood, Column::TargetLikelihood],
            Self::Impact => [Column::InherentImpact, Column::ResidualImpact, Column::TargetImpact],
        }
    }
}

/// The scale of a file: from which number to which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceScale {
    /// The lowest step.
    pub lowest: u8,
    /// The highest.
    pub highest: u8,
    /// The header says so; else it follows from the numbers or words that were found.
    pub stated: bool,
}

impl SourceScale {
    /// How many steps it has.
    #[must_use]
    pub const fn steps(self) -> u8 {
        self.highest - self.lowest + 1
    }

    /// The place of a number on it, from 1; `None` off the scale.
    #[must_use]
    pub const fn place(self, number: u8) -> Option<u8> {
        if number >= self.lowest && number <= self.highest { Some(number - self.lowest + 1) } else { None }
    }
}

/// The scales that a person may say a file has, beside the one that was found.
pub const SCALES: [SourceScale; 6] = [
    SourceScale { lowest: 1, highest: 3, stated: true },
    SourceScale { lowest: 1, highest: 4, stated: true },
    SourceScale { lowest: 1, highest: 5, stated: true },
    SourceScale { lowest: 1, highest: 10, stated: true },
    SourceScale { lowest: 0, highest: 3, stated: true },
    SourceScale { lowest: 0, highest: 4, stated: true },
];

/// Written as `1-5`.
impl std::fmt::Display for SourceScale {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}-{}", self.lowest, self.highest)
    }
}

/// Something that the file leaves open and a person has to answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Which side of the ratings.
    pub axis: Axis,
    /// The scale of the file.
    pub from: SourceScale,
    /// What each way of laying it over the register's scale would make of each step.
    pub offers: Vec<(Way, Conversion)>,
}

/// Which scales a file has and how they are laid over that of the register; `None` where they have the same steps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// The scales of likelihood and impact where a person said another one than was found.
    pub scales: [Option<SourceScale>; 2],
    /// For likelihoods.
    pub likelihood: Option<Conversion>,
    /// For impacts.
    pub impact: Option<Conversion>,
}

impl Answers {
    /// The same way for every question.
    #[must_use]
    pub fn all(table: &Table, mapping: &Mapping, scheme: Scheme, way: Way) -> Self {
        let by = |axis| {
            let from = source_scale(table, mapping, axis, None)?;
            (from.steps() != scheme.steps()).then(|| Conversion::by(way, from.steps(), scheme))
        };
        Self { scales: [None; 2], likelihood: by(Axis::Likelihood), impact: by(Axis::Impact) }
    }

    /// The scale that a person said one side has.
    #[must_use]
    pub const fn scale(&self, axis: Axis) -> Option<SourceScale> {
        match axis {
            Axis::Likelihood => self.scales[0],
            Axis::Impact => self.scales[1],
        }
    }

    /// The answer for one side.
    #[must_use]
    pub const fn of(&self, axis: Axis) -> Option<&Conversion> {
        match axis {
            Axis::Likelihood => self.likelihood.as_ref(),
            Axis::Impact => self.impact.as_ref(),
        }
    }
}

/// What has to be answered before the table can be read: each side whose scale has another number of steps than that of
/// the register, and no answer that fits.
#[must_use]
pub fn questions(table: &Table, mapping: &Mapping, scheme: Scheme, answers: &Answers) -> Vec<Question> {
    let open = |axis: &&Axis| {
        let from = source_scale(table, mapping, **axis, answers.scale(**axis))?;
        let fits = answers.of(**axis).is_some_and(|it| it.from_steps() == usize::from(from.steps()));
        (from.steps() != scheme.steps() && !fits).then_some(from)
    };
    let question = |axis: &Axis, from: SourceScale| Question {
        axis: *axis,
        from,
        offers: Way::ALL.iter().map(|way| (*way, Conversion::by(*way, from.steps(), scheme))).collect(),
    };
    Axis::ALL.iter().filter_map(|axis| open(&axis).map(|from| question(axis, from))).collect()
}

/// The scale of one side: as a person said, else as the header states it, else as far as the cells go. `None` where
/// nothing is rated.
#[must_use]
pub fn source_scale(table: &Table, mapping: &Mapping, axis: Axis, said: Option<SourceScale>) -> Option<SourceScale> {
    let places: Vec<usize> =
        axis.columns().into_iter().flat_map(|column| mapping.places(column).collect::<Vec<_>>()).collect();
    if said.is_some() && !places.is_empty() {
        return said;
    }
    if let Some(stated) = places.iter().find_map(|place| stated(&table.header[*place])) {
        return Some(stated);
    }
    let cells = || table.rows.iter().flat_map(|row| places.iter().map(|place| row.cells[*place].as_str()));
    let rated: Vec<Rated> = cells().filter(|cell| !is_blank(cell)).filter_map(rated).collect();
    let numbers = rated.iter().filter_map(|it| if let Rated::Number(number) = it { Some(*number) } else { None });
    if let Some(most) = numbers.max() {
        // Nobody uses fewer than three steps; a file whose worst risk is a 2 of 5 has to be asked about all the same.
        return Some(SourceScale { lowest: 1, highest: most.max(3), stated: false });
    }
    let words: Vec<usize> =
        rated.iter().filter_map(|it| if let Rated::Word(word) = it { Some(*word) } else { None }).collect();
    let outer = words.iter().any(|word| *word == 0 || *word == 4);
    (!words.is_empty()).then_some(SourceScale { lowest: 1, highest: if outer { 5 } else { 3 }, stated: false })
}

/// The scale that a header states: `(1-5)`, `_1to5`, `_1_3`, `(0..4)`.
fn stated(header: &str) -> Option<SourceScale> {
    let mut numbers: Vec<u8> = Vec::new();
    for digits in header.split(|c: char| !c.is_ascii_digit()).filter(|it| !it.is_empty()) {
        numbers.push(digits.parse().ok()?);
    }
    match numbers[..] {
        [lowest, highest] if lowest <= 1 && (lowest + 2..=10).contains(&highest) => {
            Some(SourceScale { lowest, highest, stated: true })
        }
        _ => None,
    }
}

/// A rating as a cell writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rated {
    /// A number, alone or before or behind a word: `4`, `4 - High`, `High (4)`.
    Number(u8),
    /// One of five words, from 0.
    Word(usize),
}

/// The rating of a cell; `None` where it is neither a whole number nor one of the usual words.
pub(super) fn rated(cell: &str) -> Option<Rated> {
    let digits: Vec<&str> = cell
        .split(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
        .filter(|it| it.contains(|c: char| c.is_ascii_digit()))
        .collect();
    match digits[..] {
        [] => word(cell).map(Rated::Word),
        [number] if !cell.contains('-') || !cell.trim_start().starts_with('-') => {
            number.parse().ok().map(Rated::Number)
        }
        _ => None,
    }
}

/// The place of a word among very low, low, moderate, high and very high.
pub(super) fn word(text: &str) -> Option<usize> {
    match compact(text).as_str() {
        "verylow" | "vl" | "negligible" | "insignificant" | "rare" | "remote" | "note" => Some(0),
        "low" | "l" | "minor" | "unlikely" => Some(1),
        "moderate" | "medium" | "m" | "med" | "possible" => Some(2),
        "high" | "h" | "major" | "likely" | "significant" => Some(3),
        "veryhigh" | "vh" | "critical" | "severe" | "catastrophic" | "almostcertain" | "extreme" => Some(4),
        _ => None,
    }
}

/// The place of a rating on the scale, from 1; `None` off the scale.
pub(super) fn place(rated: Rated, scale: SourceScale) -> Option<u8> {
    match rated {
        Rated::Number(number) => scale.place(number),
        Rated::Word(word) => {
            let word = u8::try_from(word).ok()?;
            match scale.steps() {
                5 => Some(word + 1),
                4 => word.checked_sub(1).map(|it| it + 1),
                3 => (1..=3).contains(&word).then_some(word),
                _ => None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_states_its_scale() {
        for (header, highest) in [("Likelihood (1-5)", 5), ("L_1to5", 5), ("Impact_1_3", 3), ("P [1..4]", 4)] {
            assert_eq!(stated(header).map(|it| it.highest), Some(highest), "{header}");
        }
        assert_eq!(stated("Impact (0-4)").map(SourceScale::steps), Some(5));
        for header in ["Likelihood", "Impact 2026", "Risk 1", "Impact (5-1)"] {
            assert_eq!(stated(header), None, "{header}");
        }
    }

    #[test]
    fn a_rating_is_a_whole_number_or_a_usual_word() {
        assert_eq!(rated("4"), Some(Rated::Number(4)));
        assert_eq!(rated("4 - High"), Some(Rated::Number(4)));
        assert_eq!(rated("High (4)"), Some(Rated::Number(4)));
        assert_eq!(rated("Very High"), Some(Rated::Word(4)));
        for cell in ["3.5", "3,5", "-2", "2 of 5", "quite", "999"] {
            assert_eq!(rated(cell), None, "{cell}");
        }
    }

    #[test]
    fn a_place_off_the_scale_is_none() {
        let five = SourceScale { lowest: 1, highest: 5, stated: true };
        assert_eq!(place(Rated::Number(6), five), None);
        assert_eq!(place(Rated::Number(0), five), None);
        let three = SourceScale { lowest: 1, highest: 3, stated: false };
        assert_eq!([1, 3, 4].map(|word| place(Rated::Word(word), three)), [Some(1), Some(3), None]);
    }
}
