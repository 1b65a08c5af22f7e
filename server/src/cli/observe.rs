//! `plumbline observe`: what a source saw, beside what a workspace declares.

use std::io::Write;
use std::sync::Arc;

use domain::backend::Backend as _;
use domain::command::Command;
use domain::model::object::Object;
use domain::observation::{Seen, Stated, brought, drifts_of, key, read};
use store::{Actor, Store};

use super::accounts::refused;
use super::exchange::{rejected, workspace};
use super::files::contents;
use super::{Failure, Streams, block_on, data};
use crate::config::ObserveOptions;

/// Stores the list of a source in the place of what it saw before, and prints where it differs from what is declared.
pub(super) fn observe(options: &ObserveOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let (name, bytes) = contents(&options.file, streams.input)?;
    let listed = read(&name, &bytes).map_err(|them| rejected(&them))?;
    block_on(async {
        let store = data::open(&options.location).await?;
        let outcome = keep(&store, options, listed, streams.output).await;
        store.close().await;
        outcome
    })
}

async fn keep(store: &Store, options: &ObserveOptions, listed: Seen, output: &mut dyn Write) -> Result<(), Failure> {
    let workspace = workspace(&options.workspace)?;
    let gate = store.gate(Actor::Operator);
    let estate = gate.estate(&workspace).await.map_err(refused)?;
    let stated = Stated {
        name: &options.source,
        seen_at: options.seen_at.as_deref().unwrap_or_default(),
        complete_for: options.complete_for.as_deref().unwrap_or_default(),
        complete_since: options.complete_since.as_deref().unwrap_or_default(),
    };
    let source = brought(listed, &stated, &estate.stored, estate.today).map_err(|errors| {
        let sentences = errors.iter().map(|it| format!("--{}: {}", option(&it.field), it.code.advice()));
        Failure::usage(sentences.collect::<Vec<_>>().join("\n"))
    })?;
    let drifts = drifts_of(&estate.stored, &source);
    let (name, number) = (source.name.clone(), source.seen.len());
    let before = estate.stored.records.get(&key(&source.id)).map(|it| &**it);
    let objects = vec![Object::Record(Arc::new(source.into_record(before)))];
    let command = Command::Import { source: name.clone(), objects, seen: estate.revision };
    let receipt = gate.execute(&workspace, command).await.map_err(refused)?;
    if receipt.objects == 0 {
        writeln!(output, "Nothing to change: the workspace stays at revision {}.", receipt.revision.0)?;
    } else {
        writeln!(output, "Stored what {name} saw ({number}), revision {}.", receipt.revision.0)?;
    }
    for drift in drifts {
        writeln!(output, "  {}: {}", drift.kind.label(), drift.sentence)?;
    }
    Ok(())
}

/// The option of a field.
fn option(field: &str) -> String {
    if field == "name" { "source".to_owned() } else { field.replace('_', "-") }
}
