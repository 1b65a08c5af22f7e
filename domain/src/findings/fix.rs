//! What can be done about a finding, as changes that can be carried out.

use std::sync::Arc;

use serde::Serialize;

use super::finding::Finding;
use super::survey::Survey;
use crate::blast::edit::{self, Edit, EditError};
use crate::model::Model;
use crate::model::credential::Credential;
use crate::model::fact::{Fact, Facts};
use crate::model::flow::Flow;
use crate::model::object::{Object, ObjectRef};
use crate::model::system::System;

/// A way to end a finding, as the record of its rule offers it.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct FixOption {
    /// What to do, as an order.
    pub title: &'static str,
    /// What it costs, in days of one person, where nobody says otherwise.
    pub days: u64,
    /// How it is carried out.
    #[serde(flatten)]
    pub remedy: Remedy,
}

/// How a fix is carried out.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// A person does it, or finds it out, and then fills in these attributes of the subject.
    Fill(&'static [&'static str]),
    /// A change of the model that ends the finding, and can be previewed before anybody does it.
    #[serde(serialize_with = "unit")]
    Change(fn(&Survey<'_>, &Finding) -> Vec<Step>),
}

fn unit<S: serde::Serializer>(_: &fn(&Survey<'_>, &Finding) -> Vec<Step>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_bool(true)
}

impl FixOption {
    /// A fix that a person carries out and then records.
    #[must_use]
    pub const fn fill(title: &'static str, days: u64, attributes: &'static [&'static str]) -> Self {
        Self { title, days, remedy: Remedy::Fill(attributes) }
    }

    /// A fix that is a change of the model.
    #[must_use]
    pub const fn change(title: &'static str, days: u64, make: fn(&Survey<'_>, &Finding) -> Vec<Step>) -> Self {
        Self { title, days, remedy: Remedy::Change(make) }
    }
}

/// A fix for one finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What to do.
    pub title: &'static str,
    /// What it costs, in days of one person.
    pub days: u64,
    /// The changes of the model, in order; empty where a person must find out what to write.
    pub steps: Vec<Step>,
    /// The attributes of the subject that a person fills in.
    pub fill: Vec<&'static str>,
}

/// One change of a fix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A change that plans know, too.
    Edit(Edit),
    /// The object as it should be.
    Put(Box<Object>),
}

/// The fixes that apply to a finding, in the order of its rule's record. A change that does not apply is left out.
#[must_use]
pub fn fixes(survey: &Survey<'_>, finding: &Finding) -> Vec<Fix> {
    let mut fixes = Vec::new();
    for option in finding.rule().fixes {
        let (steps, fill) = match option.remedy {
            Remedy::Fill(attributes) => (Vec::new(), attributes.to_vec()),
            Remedy::Change(make) => (make(survey, finding), Vec::new()),
        };
        if !(steps.is_empty() && fill.is_empty()) {
            fixes.push(Fix { title: option.title, days: option.days, steps, fill });
        }
    }
    fixes
}

/// The model after the steps.
///
/// # Errors
/// A step names an object that the model does not have.
pub fn apply(model: &Model, steps: &[Step]) -> Result<Model, EditError> {
    let mut changed = model.clone();
    for step in steps {
        match step {
            Step::Edit(one) => changed = edit::apply(&changed, std::slice::from_ref(one))?,
            Step::Put(object) => changed.put(Object::clone(object)),
        }
    }
    Ok(changed)
}

/// The finding's subject, where it is a system, changed; nothing otherwise.
#[must_use]
pub fn system(survey: &Survey<'_>, finding: &Finding, change: impl FnOnce(&mut System)) -> Vec<Step> {
    let ObjectRef::System(id) = &finding.subject else { return Vec::new() };
    let Some(system) = survey.model.systems.get(id) else { return Vec::new() };
    let mut system = System::clone(system);
    change(&mut system);
    vec![Step::Put(Box::new(Object::System(Arc::new(system))))]
}

/// The finding's subject, where it is a flow, changed; nothing otherwise.
#[must_use]
pub fn flow(survey: &Survey<'_>, finding: &Finding, change: impl FnOnce(&mut Flow)) -> Vec<Step> {
    let ObjectRef::Flow(id) = &finding.subject else { return Vec::new() };
    let Some(flow) = survey.model.flows.get(id) else { return Vec::new() };
    let mut flow = Flow::clone(flow);
    change(&mut flow);
    vec![Step::Put(Box::new(Object::Flow(Arc::new(flow))))]
}

/// The finding's subject, where it is a credential, changed; nothing otherwise.
#[must_use]
pub fn credential(survey: &Survey<'_>, finding: &Finding, change: impl FnOnce(&mut Credential)) -> Vec<Step> {
    let ObjectRef::Credential(id) = &finding.subject else { return Vec::new() };
    let Some(credential) = survey.model.credentials.get(id) else { return Vec::new() };
    let mut credential = Credential::clone(credential);
    change(&mut credential);
    vec![Step::Put(Box::new(Object::Credential(Arc::new(credential))))]
}

/// States a fact without saying where it comes from.
pub fn state(facts: &mut Facts, name: &str, value: impl Into<serde_json::Value>) {
    facts.insert(name.to_owned(), Fact::of(value.into()));
}
