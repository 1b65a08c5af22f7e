//! Verdicts in sentences, with the objects they name as links.

use crate::id::{FlowId, SystemId};

/// A sentence in parts, so that a page can link what it names and a report can print it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sentence(pub Vec<Part>);

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Words.
    Text(String),
    /// A system, with its name.
    System(SystemId, String),
    /// A flow, with its name or its key.
    Flow(FlowId, String),
}

impl std::fmt::Display for Sentence {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for part in &self.0 {
            match part {
                Part::Text(text) | Part::System(_, text) | Part::Flow(_, text) => out.write_str(text)?,
            }
        }
        Ok(())
    }
}
