//! `plumbline check`: what a pipeline asks of a change before it takes it.

mod junit;
mod sarif;
mod text;

use std::collections::BTreeSet;
use std::path::Path;

use domain::delta::rise::rises;
use domain::findings::answers::answers_of;
use domain::findings::{Finding, Identity, Severity, evaluate};
use domain::scope::delta::{CategoryChange, delta};
use domain::scope::verdict::{Category, Sub};
use domain::scope::{Scope, compute};

use super::files::{ModelFile, one_standard_input, print, read_model_noting_gaps};
use super::{Exit, Failure, Streams};
use crate::config::engine::{CheckFormat, CheckOptions, FailOn};

/// The names of the checks in every format.
const SCOPE_RISE: &str = "scope-rise";
const NEW_CRITICAL: &str = "new-critical";

/// What a check found.
struct Checked<'a> {
    model: &'a ModelFile,
    /// Where the model is, as the command line has it; `None` for standard input.
    path: Option<&'a Path>,
    /// The name of the file that it was compared with.
    base: &'a str,
    /// The systems that rose, by key; `None` where nobody asked.
    rises: Option<Vec<CategoryChange>>,
    /// The critical findings of the model; `None` where nobody asked.
    critical: Option<Vec<Critical>>,
}

/// A critical finding of the model.
struct Critical {
    finding: Finding,
    /// The earlier model does not have it, or has it as less than critical.
    is_new: bool,
}

/// Compares a model with an earlier one, and fails where the caller asked to.
pub(super) fn check(options: &CheckOptions, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    one_standard_input(&[&options.base, &options.model])?;
    let base = read_model_noting_gaps(&options.base, streams)?;
    let model = read_model_noting_gaps(&options.model, streams)?;
    let scopes = (compute(&base.model), compute(&model.model));
    let asked = |what: FailOn| options.fail_on.contains(&what);
    let changes = || delta((&base.model, &scopes.0), (&model.model, &scopes.1));
    let critical = || {
        let before: BTreeSet<Identity> = critical(&base, &scopes.0).iter().map(Finding::identity).collect();
        let marked = |finding: Finding| Critical { is_new: !before.contains(&finding.identity()), finding };
        critical(&model, &scopes.1).into_iter().map(marked).collect()
    };
    let path = options.model.as_path();
    let checked = Checked {
        model: &model,
        path: (path != Path::new("-")).then_some(path),
        base: &base.name,
        rises: asked(FailOn::ScopeRise).then(|| rises(changes()).collect()),
        critical: asked(FailOn::NewCritical).then(critical),
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
        _ if checked.fails() => Ok(Exit::Findings),
        _ => Ok(Exit::Done),
    }
}

/// What is critical in a model file as of its own day, as `plumbline findings` has it.
fn critical(file: &ModelFile, scope: &Scope) -> Vec<Finding> {
    let found = evaluate(&file.model, scope, &answers_of(&file.model), file.model.settings.as_of.start());
    found.findings.into_iter().filter(|it| it.severity == Severity::Critical).collect()
}

impl Checked<'_> {
    fn fails(&self) -> bool {
        self.rises.as_ref().is_some_and(|it| !it.is_empty()) || self.new_critical().next().is_some()
    }

    /// The critical findings that are new.
    fn new_critical(&self) -> impl Iterator<Item = &Finding> {
        self.critical.iter().flatten().filter(|it| it.is_new).map(|it| &it.finding)
    }

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
