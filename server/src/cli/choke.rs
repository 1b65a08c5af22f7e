//! `plumbline choke`: where one control protects most, and what is cheapest to cut.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::Path;

use domain::blast::choke::ArcCostError;
use domain::blast::{ArcCosts, report, table};
use domain::id::SystemId;
use domain::model::Model;

use super::files::{json_contents, line_of_member, one_standard_input, print, read_model_noting_gaps};
use super::{Failure, Streams, near};
use crate::config::engine::{ChokeOptions, ReportFormat};

/// Prints the choke points between sources and targets.
pub(super) fn choke(options: &ChokeOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let mut paths = vec![options.model.as_path()];
    paths.extend(options.arc_cost.as_deref());
    one_standard_input(&paths)?;
    let file = read_model_noting_gaps(&options.model, streams)?;
    let costs = match &options.arc_cost {
        Some(path) => {
            let (name, costs) = costs(path, streams.input)?;
            note_useless(&name, &file.name, &file.model, &costs, streams.errors);
            costs
        }
        None => ArcCosts::default(),
    };
    let (sources, targets) = (ids(&options.sources), ids(&options.targets));
    let choke = domain::blast::choke(&file.model, &sources, &targets, &costs)
        .map_err(|error| near::unknown(&file.name, &file.model, &error))?;
    print(
        streams.output,
        &match options.format {
            ReportFormat::Json => report::choke_json(&choke),
            ReportFormat::Table => table::choke_table(&file.model, (&sources, &targets), &costs, &choke),
        },
    )
}

/// The keys of systems in a list of the command line.
pub(super) fn ids(list: &[String]) -> BTreeSet<SystemId> {
    list.iter().map(|key| SystemId::new(key.trim())).collect()
}

/// The name of a file of costs, and the costs.
fn costs(path: &Path, input: &mut dyn Read) -> Result<(String, ArcCosts), Failure> {
    let (name, bytes) = json_contents(path, input)?;
    let costs = ArcCosts::from_json(&bytes).map_err(|error| {
        let place = |label: &str| {
            line_of_member(&bytes, label).map_or_else(|| name.clone(), |line| format!("{name}, line {line}"))
        };
        let (place, remedy) = match &error {
            ArcCostError::Syntax { .. } => {
                return Failure::usage(format!("{name}, {error}. Write for example {{\"cred:db\": 5}}."));
            }
            ArcCostError::Label(label) => (place(label), "Labels are named as in the result of `plumbline choke`."),
            ArcCostError::Cost { label, .. } => (place(label), "The unit is yours, for example days."),
        };
        Failure::usage(format!("{place}: {error}. {remedy}"))
    })?;
    Ok((name, costs))
}

/// Says which costs count nowhere, because the model has nothing of that name.
fn note_useless(name: &str, file: &str, model: &Model, costs: &ArcCosts, errors: &mut dyn Write) {
    for label in costs.labels() {
        let unknown = match label.split_once(':') {
            Some(("cred", key)) if !model.credentials.contains_key(key) => Some(("credential", key)),
            Some(("unauth", key)) if !model.flows.contains_key(key) => Some(("flow", key)),
            _ => None,
        };
        if let Some((kind, key)) = unknown {
            // The result is right without this sentence.
            let _ = writeln!(errors, "{name}: {label} counts nowhere. {}", near::no_such(file, model, kind, key));
        }
    }
}
