//! `plumbline rules`, `findings` and `tick`: which rules there are, what they find in a model, and what time did.

use domain::findings::answers::answers_of;
use domain::findings::evaluation::Evaluation;
use domain::findings::report::{findings_json, findings_table, rules_json, rules_table};
use domain::findings::survey::Survey;
use domain::scope::compute;

use super::files::{print, read_model_noting_gaps};
use super::{Exit, Failure, Streams, block_on, data};
use crate::config::Location;
use crate::config::engine::{FindingsOptions, ReportFormat, RulesOptions};

/// Prints every rule.
pub(super) fn rules(options: &RulesOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let text = match options.format {
        ReportFormat::Json => rules_json(),
        ReportFormat::Table => rules_table(),
    };
    print(streams.output, &text)
}

/// Prints what the rules find in a model file as of its own day; ends with 1 where the caller asked to fail on it.
pub(super) fn findings(options: &FindingsOptions, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let file = read_model_noting_gaps(&options.model, streams)?;
    let scope = compute(&file.model);
    let survey = Survey::of(&file.model, &scope, file.model.settings.as_of.start());
    let found = Evaluation::of(&survey).findings(&survey, &answers_of(&file.model));
    let text = match options.format {
        ReportFormat::Json => findings_json(&survey, &found),
        ReportFormat::Table => findings_table(&found),
    };
    print(streams.output, &text)?;
    let fails = options.fail_on.is_some_and(|limit| found.findings.iter().any(|it| it.severity <= limit.severity()));
    Ok(if fails { Exit::Findings } else { Exit::Done })
}

/// Writes down what the passing of time did to the findings of every workspace.
pub(super) fn tick(location: &Location, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let done = block_on(async {
        let store = data::open(location).await?;
        let done = store.bring_due().await;
        store.close().await;
        done.map_err(data::unavailable)
    })?;
    if done.is_empty() {
        writeln!(streams.output, "Nothing was due.")?;
    }
    for (workspace, findings) in done {
        let things = if findings == 1 { "finding" } else { "findings" };
        writeln!(streams.output, "{workspace}: {findings} {things} written down.")?;
    }
    Ok(streams.output.flush()?)
}
