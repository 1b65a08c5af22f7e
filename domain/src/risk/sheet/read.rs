//! From a table to risks: what each row becomes, one after the other or all at once without storing anything.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::row::Cells;
use super::scale::source_scale;
use super::{Answers, Axis, Column, Mapping, Question, Row, SourceScale, Table, questions};
use crate::id::PersonId;
use crate::import::rejection::Rejection;
use crate::model::Model;
use crate::model::object::ObjectRef;
use crate::risk::appetite::Register;
use crate::risk::record::{Risk, RiskKey};

/// What one row becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The line of the row.
    pub line: usize,
    /// The risk as it is to be stored.
    pub risk: Risk,
    /// New, changed or as it was.
    pub outcome: Outcome,
    /// What is read differently from how it is written, or left out, as sentences.
    pub notes: Vec<String>,
}

/// What a row does to the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The register has no such risk.
    New,
    /// The risk is changed.
    Changed,
    /// The risk stays as it is.
    Unchanged,
}

/// A whole table, read without storing anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DryRun {
    /// What has to be answered first; then nothing else is there.
    pub questions: Vec<Question>,
    /// What the rows become, in their order.
    pub rows: Vec<Imported>,
    /// Every problem, in the order of the lines. Where there is any, nothing is imported.
    pub rejections: Vec<Rejection>,
    /// Columns that are left out, as the file calls them.
    pub ignored: Vec<String>,
}

/// What a table is read against.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// The risks that the register has.
    pub existing: &'a BTreeMap<RiskKey, Arc<Risk>>,
    /// What the register is set to.
    pub register: &'a Register,
    /// People and objects.
    pub model: &'a Model,
}

/// How many rows become what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Risks that the register does not have yet.
    pub new: usize,
    /// Risks that become different.
    pub changed: usize,
    /// Risks that stay as they are.
    pub unchanged: usize,
    /// Rows that cannot be read.
    pub rejected: usize,
}

impl DryRun {
    /// How many rows become what.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let of = |outcome| self.rows.iter().filter(|row| row.outcome == outcome).count();
        let mut lines: Vec<Option<usize>> = self.rejections.iter().map(|it| it.line).collect();
        lines.sort_unstable();
        lines.dedup();
        Counts {
            new: of(Outcome::New),
            changed: of(Outcome::Changed),
            unchanged: of(Outcome::Unchanged),
            rejected: lines.len(),
        }
    }
}

/// How many rows are read between two looks at whether to go on.
const AT_ONCE: usize = 250;

/// The highest key that a row may give to a new risk, unless the register is beyond it already.
const KEY_MAX: u32 = 1_000_000;

/// Reads a whole table.
#[must_use]
pub fn dry_run(table: &Table, mapping: &Mapping, answers: &Answers, around: Around<'_>) -> DryRun {
    let mut run = DryRun { questions: Vec::new(), rows: Vec::new(), rejections: Vec::new(), ignored: Vec::new() };
    // Nobody stops it, so it always comes to its end.
    if let Some(whole) = dry_run_watched(table, mapping, answers, around, |_| true) {
        run = whole;
    }
    run
}

/// As [`dry_run`]; `goes_on` is told now and then how many rows were read, and says whether to go on. `None` where it
/// did not.
#[must_use]
pub fn dry_run_watched(
    table: &Table,
    mapping: &Mapping,
    answers: &Answers,
    around: Around<'_>,
    mut goes_on: impl FnMut(usize) -> bool,
) -> Option<DryRun> {
    let ignored = mapping.ignored(table).into_iter().map(str::to_owned).collect();
    let mut run = DryRun { questions: Vec::new(), rows: Vec::new(), rejections: Vec::new(), ignored };
    match Reader::new(table, mapping, answers, around) {
        Err(Stop::Questions(questions)) => run.questions = questions,
        Err(Stop::Rejections(rejections)) => run.rejections = rejections,
        Ok(mut reader) => {
            for (number, row) in table.rows.iter().enumerate() {
                if number % AT_ONCE == 0 && !goes_on(number) {
                    return None;
                }
                match reader.row(row) {
                    Ok(imported) => run.rows.push(imported),
                    Err(rejections) => run.rejections.extend(rejections),
                }
            }
        }
    }
    Some(run)
}

/// SHA-256, in hexadecimal, of the risks that an import stores: what its entry in the audit trail names.
#[must_use]
pub fn rows_hash(rows: &[Imported]) -> String {
    let mut hash = Sha256::new();
    for row in rows {
        let text = serde_json::to_string(&row.risk).expect("texts, numbers and lists always have a form in JSON");
        hash.update(text);
        hash.update("\n");
    }
    hex::encode(hash.finalize())
}

/// Why no row can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// Something has to be answered first.
    Questions(Vec<Question>),
    /// The columns are wrong.
    Rejections(Vec<Rejection>),
}

/// Reads rows, one after the other.
pub struct Reader<'a> {
    pub(super) file: &'a str,
    pub(super) header: &'a [String],
    pub(super) mapping: &'a Mapping,
    pub(super) scales: [Option<SourceScale>; 2],
    pub(super) answers: &'a Answers,
    pub(super) existing: &'a BTreeMap<RiskKey, Arc<Risk>>,
    pub(super) by_reference: BTreeMap<&'a str, RiskKey>,
    pub(super) register: &'a Register,
    pub(super) model: &'a Model,
    pub(super) people: BTreeMap<String, PersonId>,
    pub(super) systems: BTreeMap<String, ObjectRef>,
    pub(super) next: u32,
    /// The highest key that a row may name: beyond it, the next risk would soon have no number left.
    pub(super) highest: u32,
    pub(super) seen: BTreeMap<RiskKey, usize>,
    pub(super) references: BTreeMap<String, usize>,
}

impl<'a> Reader<'a> {
    /// A reader for the rows of a table.
    ///
    /// # Errors
    /// Something has to be answered first, or the mapping cannot be used.
    pub fn new(table: &'a Table, mapping: &'a Mapping, answers: &'a Answers, around: Around<'a>) -> Result<Self, Stop> {
        let Around { existing, register, model } = around;
        let mut rejections = Vec::new();
        for column in mapping.doubled() {
            let reason = format!("several columns are mapped to {:?}", column.label());
            rejections.push(Rejection::of_file(&table.file, reason, "choose one of them").at(1));
        }
        let says = |column| mapping.places(column).next().is_some();
        if ![Column::Title, Column::Event, Column::Key, Column::Cause].into_iter().any(says) {
            let remedy = "map a column to the title or to what may happen";
            rejections.push(Rejection::of_file(&table.file, "no column says what the risk is", remedy).at(1));
        }
        if mapping.columns.len() != table.header.len() {
            let remedy = "look at the mapping again";
            rejections.push(Rejection::of_file(&table.file, "the mapping is for another table", remedy));
        }
        if !rejections.is_empty() {
            return Err(Stop::Rejections(rejections));
        }
        let open = questions(table, mapping, register.scheme, answers);
        if !open.is_empty() {
            return Err(Stop::Questions(open));
        }
        let of_name = |name: &str| name.trim().to_lowercase();
        let people = model
            .people
            .values()
            .flat_map(|it| [(of_name(&it.name), it.id.clone()), (of_name(it.id.as_str()), it.id.clone())]);
        let systems = model.systems.values().flat_map(|it| {
            let system = || ObjectRef::System(it.id.clone());
            [(of_name(&it.name), system()), (of_name(it.id.as_str()), system())]
        });
        let reference = |it: &'a Arc<Risk>| it.reference.as_deref().map(|reference| (reference, it.key));
        Ok(Self {
            file: &table.file,
            header: &table.header,
            mapping,
            scales: [Axis::Likelihood, Axis::Impact]
                .map(|axis| source_scale(table, mapping, axis, answers.scale(axis))),
            answers,
            existing,
            by_reference: existing.values().filter_map(reference).collect(),
            register,
            model,
            people: people.collect(),
            systems: systems.collect(),
            next: existing.keys().map(|it| it.0).max().unwrap_or(0).saturating_add(1),
            highest: existing.keys().map(|it| it.0).max().unwrap_or(0).max(KEY_MAX),
            seen: BTreeMap::new(),
            references: BTreeMap::new(),
        })
    }

    /// What a row becomes.
    ///
    /// # Errors
    /// Everything that stops it, each with line and column.
    pub fn row(&mut self, row: &Row) -> Result<Imported, Vec<Rejection>> {
        let Cells { rejections, notes, before, risk, .. } = Cells::read(self, row);
        if !rejections.is_empty() {
            return Err(rejections);
        }
        let key = risk.key;
        let outcome = match before {
            None => Outcome::New,
            Some(before) if *before == risk => Outcome::Unchanged,
            Some(_) => Outcome::Changed,
        };
        if before.is_none() && key.0 >= self.next {
            self.next = key.0.saturating_add(1);
        }
        self.seen.insert(key, row.line);
        self.references.extend(risk.reference.clone().map(|reference| (reference, row.line)));
        Ok(Imported { line: row.line, risk, outcome, notes })
    }
}
