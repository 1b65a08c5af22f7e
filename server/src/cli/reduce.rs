//! `plumbline reduce`: the cheapest change.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use domain::blast::edit::EditError;
use domain::blast::options::{OptionsError, generate, read};
use domain::blast::reduce::{OptionSet, ReduceError};
use domain::blast::{Goal, report, table};
use domain::scope::compute;

use super::choke::ids;
use super::files::{ModelFile, json_contents, line_of_value, one_standard_input, print, read_model_noting_gaps};
use super::{Failure, Streams, near};
use crate::config::engine::{ReduceGoal, ReduceOptions, ReportFormat};

/// The options that a command works with, and the file that they are from.
struct Options {
    list: Vec<OptionSet>,
    file: Option<(String, Vec<u8>)>,
}

/// Prints the cheapest way to a goal.
pub(super) fn reduce(options: &ReduceOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let mut paths = vec![options.model.as_path()];
    paths.extend(options.options.as_deref());
    one_standard_input(&paths)?;
    let file = read_model_noting_gaps(&options.model, streams)?;
    let available = match &options.options {
        Some(path) => Options::read(path, streams.input)?,
        None => Options { list: generate(&file.model, &compute(&file.model)), file: None },
    };
    let goal = goal(&options.goal);
    let reduction =
        domain::blast::reduce(&file.model, &available.list, &goal).map_err(|error| available.refused(&file, &error))?;
    print(
        streams.output,
        &match options.format {
            ReportFormat::Json => report::reduction_json(&available.list, &reduction),
            ReportFormat::Table => table::reduction_table(&file.model, &available.list, &goal, &reduction),
        },
    )
}

fn goal(options: &ReduceGoal) -> Goal {
    match options.budget {
        Some(budget) => Goal::Budget { budget, weights: BTreeMap::new() },
        None => Goal::MustLeave { systems: ids(&options.must_leave) },
    }
}

impl Options {
    fn read(path: &Path, input: &mut dyn Read) -> Result<Self, Failure> {
        let (name, bytes) = json_contents(path, input)?;
        let list = read(&bytes).map_err(|error| {
            let line = |id: &str, occurrence| place(&name, line_of_value(&bytes, "id", id, occurrence));
            Failure::usage(match &error {
                OptionsError::Syntax { .. } => format!(
                    "{name}, {error}. Write a JSON array such as \
                     [{{\"id\": \"a\", \"cost\": 2, \"effects\": [{{\"op\": \"block\", \"flow\": \"f\"}}]}}]."
                ),
                OptionsError::EmptyId { .. } => format!("{name}: {error}. Give it a key of its own."),
                OptionsError::NoEffects(id) => {
                    format!("{}: {error}. Give it at least one, or leave it out.", line(id, 0))
                }
                OptionsError::Duplicate(id) => format!("{}: {error}. Give each option a key of its own.", line(id, 1)),
            })
        })?;
        Ok(Self { list, file: Some((name, bytes)) })
    }

    /// What to say where an option or the goal does not fit the model.
    fn refused(&self, model: &ModelFile, error: &ReduceError) -> Failure {
        let place = |id: &str| match &self.file {
            Some((name, bytes)) => place(name, line_of_value(bytes, "id", id, 0)),
            None => "The options".to_owned(),
        };
        match error {
            ReduceError::Edit { option, error: EditError::Unknown { op, kind, key } } => {
                let unknown = near::no_such(&model.name, &model.model, kind, key);
                Failure::usage(format!("{}: {op} of option {option:?} cannot be carried out. {unknown}", place(option)))
            }
            ReduceError::Edit { option, .. } => {
                Failure::usage(format!("{}: {error}. Name two different segments.", place(option)))
            }
            ReduceError::DuplicateOption(option) => {
                Failure::usage(format!("{}: {error}. Give each option a key of its own.", place(option)))
            }
            ReduceError::UnknownSystem(id) => {
                Failure::usage(near::no_such(&model.name, &model.model, "system", id.as_str()))
            }
            ReduceError::Start(error) => near::unknown(&model.name, &model.model, error),
        }
    }
}

fn place(name: &str, line: Option<usize>) -> String {
    line.map_or_else(|| name.to_owned(), |line| format!("{name}, line {line}"))
}
