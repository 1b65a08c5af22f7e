//! `plumbline explain`: why one system has its verdict.

use std::fmt::Write as _;

use domain::blast::flip::into_scope::{Intrusion, into_scope};
use domain::blast::flip::words::sentence;
use domain::blast::flip::{Flip, Way, flip};
use domain::id::SystemId;
use domain::model::Model;
use domain::scope::explain::{Sentence, explain as sentences};
use domain::scope::reliance::{Reliance, proven_until, reliance};
use domain::scope::report;
use domain::scope::second::{Second, second};
use domain::scope::verdict::{Category, Sub};
use domain::scope::{Scope, compute};
use serde::Serialize;
use serde_json::{Value, json};

use super::files::{print, read_model_noting_gaps};
use super::{Failure, Streams, near};
use crate::config::engine::{ExplainOptions, ReportFormat};

/// What there is to say of a system.
struct Explained<'a> {
    model: &'a Model,
    scope: &'a Scope,
    system: SystemId,
    /// What an exclusion rests on.
    relies_on: Vec<Reliance>,
    /// Another proof, where somebody asked for it.
    second: Option<Second>,
    /// What would flip the verdict, where somebody asked for it.
    flip: Option<Flips>,
}

/// What would flip a verdict: one of the two says something, as a system is in scope or out of it.
#[derive(Serialize)]
struct Flips {
    /// The smallest change that lowers the category.
    #[serde(skip_serializing_if = "Option::is_none")]
    out_of_scope: Option<Flip>,
    /// The single facts that would bring it into scope, nearest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    into_scope: Vec<Intrusion>,
}

/// Prints why a system has its verdict.
pub(super) fn explain(options: &ExplainOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let file = read_model_noting_gaps(&options.model, streams)?;
    let scope = compute(&file.model);
    let system = SystemId::new(options.system.as_str());
    if !scope.systems.contains_key(&system) {
        return Err(Failure::usage(near::no_such(&file.name, &file.model, "system", &options.system)));
    }
    let explained = Explained {
        relies_on: reliance(&file.model, &scope, &system),
        flip: options.flip.then(|| Flips {
            out_of_scope: flip(&file.model, &scope, &system),
            into_scope: into_scope(&file.model, &scope, &system),
        }),
        second: options.second_path.then(|| second(&file.model, &scope, &system)),
        model: &file.model,
        scope: &scope,
        system,
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
            "verdict": report::verdict(self.model, self.scope, &self.system),
            "sentences": texts(&sentences(self.model, self.scope, &self.system)),
            "relies_on": relies_on.collect::<Vec<_>>(),
            "proven_until": proven_until(&self.relies_on),
        });
        if let Some(second) = &self.second {
            let told = texts(&second.sentences(self.model, self.scope, &self.system));
            all["second_path"] = json!({ "result": value(second), "sentences": told });
        }
        if let Some(flip) = &self.flip {
            all["flip"] = value(flip);
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
        if let Some(flip) = &self.flip {
            line(&"");
            line(&"What would flip it:");
            self.flips(flip).iter().for_each(|it| line(&format!("  {it}")));
        }
        text
    }

    fn flips(&self, flips: &Flips) -> Vec<String> {
        let mut told = Vec::new();
        if let Some(flip) = &flips.out_of_scope {
            // The way out of scope is said once where nothing smaller lowers the category.
            let lower = flip.lower.as_ref().filter(|lower| Some(*lower) != flip.out.as_ref());
            told.extend(lower.map(|it| way(self.model, it)));
            told.push(flip.out.as_ref().map_or_else(
                || "No change that can be proposed takes it out of scope.".to_owned(),
                |it| way(self.model, it),
            ));
        }
        let told_of = |it: &Intrusion| it.sentence(self.model, &self.system).to_string();
        told.extend(flips.into_scope.iter().map(told_of));
        if told.is_empty() {
            told.push("Nothing that can be tried: only systems of ours are in scope or out of it.".to_owned());
        }
        told
    }

    fn name(&self) -> &str {
        self.model.systems.get(&self.system).map_or(self.system.as_str(), |it| &it.name)
    }
}

fn way(model: &Model, way: &Way) -> String {
    let edits = way.options.iter().flat_map(|it| &it.effects);
    let edits: Vec<String> = edits.map(|edit| sentence(edit, model).to_string()).collect();
    let sure = if way.smallest { "no smaller change does it" } else { "the best found" };
    format!("{}: {} Cost {}, {sure}.", side(way.after), edits.join(" "), way.cost)
}

fn side((category, sub): (Category, Option<Sub>)) -> String {
    sub.map_or_else(|| category.label().to_owned(), |sub| format!("{}, {}", category.label(), sub.label()))
}

fn value(it: &impl Serialize) -> Value {
    serde_json::to_value(it).expect("texts and lists always have a form in JSON")
}
