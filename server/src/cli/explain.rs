//! `plumbline explain`: why one system has its verdict.

use std::fmt::Write as _;

use domain::id::SystemId;
use domain::model::Model;
use domain::scope::explain::{Sentence, explain as sentences};
use domain::scope::reliance::{Reliance, proven_until, reliance};
use domain::scope::second::{Second, second};
use domain::scope::verdict::Verdict;
use domain::scope::{Scope, compute};
use serde_json::{Value, json};

use super::files::{print, read_model_noting_gaps};
use super::{Failure, Streams, near};
use crate::config::engine::{ExplainOptions, ReportFormat};

/// What there is to say of a system.
struct Explained<'a> {
    model: &'a Model,
    scope: &'a Scope,
    system: SystemId,
    verdict: &'a Verdict,
    /// What an exclusion rests on.
    relies_on: Vec<Reliance>,
    /// Another proof, where somebody asked for it.
    second: Option<Second>,
}

/// Prints why a system has its verdict.
pub(super) fn explain(options: &ExplainOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let file = read_model_noting_gaps(&options.model, streams)?;
    let scope = compute(&file.model);
    let system = SystemId::new(options.system.as_str());
    let Some(verdict) = scope.systems.get(&system) else {
        return Err(Failure::usage(near::no_such(&file.name, &file.model, "system", &options.system)));
    };
    let explained = Explained {
        relies_on: reliance(&file.model, &scope, &system),
        second: options.second_path.then(|| second(&file.model, &scope, &system)),
        model: &file.model,
        scope: &scope,
        system,
        verdict,
    };
    print(
        streams.output,
        &match options.format {
            ReportFormat::Json => explained.json(),
            ReportFormat::Table => explained.text(),
        },
    )
}

impl Explained<'_> {
    fn json(&self) -> String {
        let texts = |sentences: &[Sentence]| sentences.iter().map(ToString::to_string).collect::<Vec<_>>();
        let relies_on = self.relies_on.iter().map(|it| {
            let mut value = value(it);
            value["sentence"] = it.sentence(self.model).to_string().into();
            value
        });
        let mut all = json!({
            "system": self.system,
            "name": self.name(),
            "verdict": value(self.verdict),
            "sentences": texts(&sentences(self.model, self.scope, &self.system)),
            "relies_on": relies_on.collect::<Vec<_>>(),
            "proven_until": proven_until(&self.relies_on),
        });
        if let Some(second) = &self.second {
            let told = texts(&second.sentences(self.model, self.scope, &self.system));
            all["second_path"] = json!({ "result": value(second), "sentences": told });
        }
        serde_json::to_string_pretty(&all).expect("texts and lists always have a form in JSON")
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let mut line = |words: &dyn std::fmt::Display| {
            let _ = writeln!(text, "{}", words.to_string().replace(char::is_control, " "));
        };
        sentences(self.model, self.scope, &self.system).iter().for_each(|it| line(it));
        if !self.relies_on.is_empty() {
            line(&"");
            line(&"This rests on:");
            self.relies_on.iter().for_each(|it| line(&format!("  {}", it.sentence(self.model))));
            if let Some(day) = proven_until(&self.relies_on) {
                line(&format!("What is proven of it is proven until {day}."));
            }
        }
        if let Some(second) = &self.second {
            line(&"");
            line(&"A second path:");
            let told = second.sentences(self.model, self.scope, &self.system);
            told.iter().for_each(|it| line(&format!("  {it}")));
        }
        text
    }

    fn name(&self) -> &str {
        self.model.systems.get(&self.system).map_or(self.system.as_str(), |it| &it.name)
    }
}

fn value(it: &impl serde::Serialize) -> Value {
    serde_json::to_value(it).expect("texts and lists always have a form in JSON")
}
