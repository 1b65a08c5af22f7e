//! `plumbline check`: what a pipeline asks of a change before it takes it.

mod junit;
mod sarif;
mod text;

use std::path::Path;

use domain::delta::rise::rises;
use domain::scope::compute;
use domain::scope::delta::{CategoryChange, delta};
use domain::scope::verdict::{Category, Sub};

use super::files::{ModelFile, one_standard_input, print, read_model_noting_gaps};
use super::{Exit, Failure, Streams};
use crate::config::engine::{CheckFormat, CheckOptions, FailOn};

/// The name of the check in every format.
const SCOPE_RISE: &str = "scope-rise";

/// What a check found.
struct Checked<'a> {
    model: &'a ModelFile,
    /// Where the model is, as the command line has it; `None` for standard input.
    path: Option<&'a Path>,
    /// The name of the file that it was compared with.
    base: &'a str,
    /// The systems that rose, by key.
    rises: Vec<CategoryChange>,
}

/// Compares a model with an earlier one, and fails where the caller asked to.
pub(super) fn check(options: &CheckOptions, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    if options.fail_on.contains(&FailOn::NewCritical) {
        return Err(Failure::usage(
            "--fail-on new-critical needs findings, which this version does not have yet. Use --fail-on scope-rise.",
        ));
    }
    one_standard_input(&[&options.base, &options.model])?;
    let base = read_model_noting_gaps(&options.base, streams)?;
    let model = read_model_noting_gaps(&options.model, streams)?;
    let scopes = (compute(&base.model), compute(&model.model));
    let changes = delta((&base.model, &scopes.0), (&model.model, &scopes.1));
    let path = options.model.as_path();
    let checked = Checked {
        model: &model,
        path: (path != Path::new("-")).then_some(path),
        base: &base.name,
        rises: rises(changes).collect(),
    };
    let result = match options.format {
        CheckFormat::Text => text::text(&checked),
        CheckFormat::Sarif => sarif::sarif(&checked),
        CheckFormat::Junit => junit::junit(&checked),
    };
    let printed = match &options.out {
        None => print(streams.output, &result),
        Some(file) => {
            std::fs::write(file, result).map_err(|error| {
                let file = file.display();
                Failure::usage(format!("{file} cannot be written: {error}. Give another path with --out."))
            })?;
            print(streams.output, &text::text(&checked))
        }
    };
    match printed {
        // A reader that went away (`| head`) must not let a failed check pass.
        Err(failure) if failure.exit != Exit::Done => Err(failure),
        _ if checked.rises.is_empty() => Ok(Exit::Done),
        _ => Ok(Exit::Findings),
    }
}

impl Checked<'_> {
    /// What happened to a system, in one sentence.
    fn sentence(&self, it: &CategoryChange) -> String {
        let word = |(category, _): (Category, Option<Sub>)| category.label();
        let after = it.after.map_or("", word);
        match it.before {
            Some(before) => format!("{} rose from {} to {after}.", called(it), word(before)),
            None => format!("{} is new and in scope: {after}.", called(it)),
        }
    }
}

/// A system as sentences name it, on one line.
fn called(it: &CategoryChange) -> String {
    let name = it.name.replace(char::is_control, " ");
    let key = it.system.as_str().replace(char::is_control, " ");
    if name == key { name } else { format!("{name} ({key})") }
}
