//! What must hold for every rule.

mod demo;
mod registry;

use super::evaluation::{Answers, evaluate};
use super::finding::Findings;
use crate::model::Model;
use crate::model::reader::read_json;
use crate::scope::compute;

/// The model of a file's members, such as `"systems":[..],"flows":[..]`, judged as of its own day.
#[expect(clippy::unwrap_used, reason = "tests")]
pub(crate) fn model(members: &str) -> Model {
    let (model, gaps) = read_json(format!("{{{members}}}").as_bytes()).unwrap();
    assert!(gaps.is_empty(), "{members}: {gaps:?}");
    model.as_of(model.settings.as_of)
}

/// Everything that the rules find in a model.
pub(crate) fn found(model: &Model) -> Findings {
    evaluate(model, &compute(model), &Answers::new(), model.settings.as_of.start())
}
