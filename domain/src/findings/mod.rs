//! What does the map say by itself? Rules that read the model and its scope, and what they find.
//!
//! [`registry::RULES`] lists every rule; each stands in a file of its own under `rules`, with its record and its
//! examples. A rule looks at one subject at a time (a system, a flow, a credential) through a [`survey::Survey`], so that
//! after a change only what the change touches is looked at again ([`evaluation`]). It never changes a category, reads no
//! clock and never sees a sample value. [`life`] keeps what people decided about a finding from one run to the next.
//!
//! A finding says "the model shows" or "evidence is missing", never "not compliant". What nobody said is unknown, and an
//! unknown fact makes a rule fire only where the rule says so; elsewhere it is work: an open question or a health check.

pub mod answers;
pub mod data;
pub mod evaluation;
pub mod finding;
pub mod fix;
pub mod hit;
pub mod life;
pub mod registry;
pub mod report;
pub mod requirement;
pub mod rule;
mod rules;
pub mod said;
pub mod settings;
pub mod standing;
pub mod survey;
#[cfg(test)]
pub(crate) mod tests;
mod touched;

pub use evaluation::{Course, Evaluation, evaluate};
pub use finding::{Finding, Findings, Identity};
pub use rule::{Kind, Rule, Severity};
