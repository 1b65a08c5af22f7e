//! `plumbline import` and `plumbline export`: files in and out of a workspace.

use std::io::Write;

use domain::backend::{Backend as _, Estate};
use domain::command::Command;
use domain::export::model_file;
use domain::id::WorkspaceId;
use domain::import::{Choice, Choices, Limits, Outcome, Preview, Reading, Rejection, plan, preview, read};
use store::{Actor, Store};

use super::accounts::refused;
use super::files::contents;
use super::{Exit, Failure, Streams, block_on, data};
use crate::config::{ExportOptions, ImportOptions};

/// Prints what a file would change, then changes all of it or nothing.
pub(super) fn import(options: &ImportOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let workspace = workspace(&options.workspace)?;
    let (name, bytes) = contents(&options.file, streams.input)?;
    let reading = read(&name, &bytes, &Limits::command_line()).map_err(|them| rejected(&them))?;
    drop(bytes);
    let choices = match options.accept {
        Some(_) => Choices::accepting_high(&reading),
        None => Choices::unanswered(&reading),
    };
    block_on(async {
        let store = data::open(&options.location).await?;
        let outcome = commit(&store, &workspace, &reading, &choices, options.dry_run, streams.output).await;
        store.close().await;
        outcome
    })
}

/// Prints the model of a workspace.
pub(super) fn export(options: &ExportOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let workspace = workspace(&options.workspace)?;
    let estate = block_on(async {
        let store = data::open(&options.location).await?;
        let estate = store.gate(Actor::Operator).estate(&workspace).await;
        store.close().await;
        estate.map_err(refused)
    })?;
    streams.output.write_all(model_file::to_json(&estate.stored).as_bytes())?;
    Ok(streams.output.flush()?)
}

async fn commit(
    store: &Store,
    workspace: &WorkspaceId,
    reading: &Reading,
    choices: &Choices,
    dry_run: bool,
    output: &mut dyn Write,
) -> Result<(), Failure> {
    let gate = store.gate(Actor::Operator);
    let estate = gate.estate(workspace).await.map_err(refused)?;
    let shown = preview(reading, &estate.stored, choices);
    print(&shown, reading, &estate, output)?;
    let objects = plan(reading, &estate.stored, choices).map_err(|them| rejected(&them))?;
    if dry_run {
        return Ok(writeln!(output, "Nothing was changed, as --dry-run asks.")?);
    }
    let source = reading.file_name().to_owned();
    let receipt =
        gate.execute(workspace, Command::Import { source, objects, seen: estate.revision }).await.map_err(refused)?;
    if receipt.objects == 0 {
        return Ok(writeln!(output, "Nothing to change: the workspace stays at revision {}.", receipt.revision.0)?);
    }
    writeln!(output, "Imported: {}, revision {}.", counted(receipt.objects, "object"), receipt.revision.0)?;
    for change in &receipt.scope_changes {
        let word =
            |side: Option<(domain::scope::verdict::Category, _)>, absent| side.map_or(absent, |(it, _)| it.label());
        writeln!(output, "  {}: {} -> {}", change.name, word(change.before, "new"), word(change.after, "gone"))?;
    }
    Ok(())
}

/// The preview, for people: what is new, what changes and how, and what is left as work.
fn print(shown: &Preview, reading: &Reading, estate: &Estate, output: &mut dyn Write) -> Result<(), Failure> {
    writeln!(
        output,
        "{} ({}) into {}: {} new, {} changed, {} unchanged, {} rejected",
        reading.file_name(),
        reading.format().label(),
        estate.workspace.name,
        shown.new,
        shown.changed,
        shown.unchanged,
        shown.rejected
    )?;
    for entry in &shown.entries {
        match &entry.outcome {
            Outcome::New => writeln!(output, "  + {}", entry.title)?,
            Outcome::Changed(fields) => {
                writeln!(output, "  ~ {}", entry.title)?;
                for field in fields {
                    writeln!(output, "      {}: {:?} -> {:?}", field.name, field.before, field.after)?;
                }
            }
            // Rejections stop the import and are named as the reason.
            Outcome::Unchanged | Outcome::Rejected(_) => {}
        }
    }
    for column in &shown.ignored_columns {
        writeln!(output, "  column {column:?} is left out")?;
    }
    for name in shown.wire_names.iter().filter(|name| name.open > 0) {
        write!(output, "  field {:?} on {}: {}", name.name, counted(name.flows, "flow"), name.choice.value())?;
        match &name.proposed {
            Some(it) if name.choice == Choice::Unrecognised => {
                writeln!(output, " (perhaps {}:{})", it.element, it.form)?
            }
            _ => writeln!(output)?,
        }
    }
    for system in &shown.undeclared {
        writeln!(
            output,
            "  system {:?} is only named by flows: an open end until somebody confirms it",
            system.as_str()
        )?;
    }
    Ok(())
}

fn counted(number: usize, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}

pub(super) fn workspace(key: &str) -> Result<WorkspaceId, Failure> {
    WorkspaceId::parse(key).map_err(|error| {
        Failure::usage(format!("--workspace cannot be used: {error}. Give the key from the address of the workspace."))
    })
}

pub(super) fn rejected(rejections: &[Rejection]) -> Failure {
    let mut sentences: Vec<String> = rejections.iter().map(ToString::to_string).collect();
    sentences.push("Nothing was imported.".to_owned());
    Failure { exit: Exit::Usage, sentences }
}
