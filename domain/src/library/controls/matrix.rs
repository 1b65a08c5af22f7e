//! Integrations by controls: what the model says, and what a person says where they know more.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::facts::{Index, derive};
use super::{Derived, IntegrationControl, Presence};
use crate::id::{PersonId, SystemId};
use crate::model::Model;
use crate::model::draft::Form;
use crate::model::draft::fields::Fields;
use crate::model::relations::{Boundary, Lifecycle};
use crate::model::system::System;
use crate::problem::{FieldCode, FieldError};
use crate::time::Day;

/// The longest reason, in characters.
const REASON_MAX: usize = 1_000;
/// The fields of the form of a statement.
pub const STATEMENT_FIELDS: [&str; 2] = ["presence", "reason"];

/// What a person says of a control on an integration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The system whose integrations they are.
    pub system: SystemId,
    /// The control.
    pub control: IntegrationControl,
    /// Whether it is in place.
    pub presence: Presence,
    /// Why they say so.
    pub reason: String,
    /// Who says so.
    pub by: PersonId,
    /// Since when.
    pub on: Day,
}

/// A control on an integration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What the model says.
    pub derived: Derived,
    /// What a person says.
    pub said: Option<Statement>,
}

impl Cell {
    /// What counts: the word of a person, else what the model says.
    #[must_use]
    pub fn presence(&self) -> Presence {
        self.said.as_ref().map_or(self.derived.presence, |it| it.presence)
    }

    /// Whether a person says something else than the facts of the model, where these tell.
    #[must_use]
    pub fn is_contradicted(&self) -> bool {
        let told = self.derived.presence;
        told != Presence::Unknown && self.said.as_ref().is_some_and(|it| it.presence != told)
    }
}

/// Integrations by controls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matrix {
    /// The controls of each integration, by system.
    pub rows: BTreeMap<SystemId, BTreeMap<IntegrationControl, Cell>>,
}

impl Matrix {
    /// On how many integrations a control is how far in place.
    #[must_use]
    pub fn counts(&self, control: IntegrationControl) -> BTreeMap<Presence, usize> {
        let mut counts = BTreeMap::new();
        for cell in self.rows.values().filter_map(|row| row.get(&control)) {
            *counts.entry(cell.presence()).or_default() += 1;
        }
        counts
    }
}

/// The integrations: systems of ours that exchange data with another one, in use or planned.
pub fn integrations(model: &Model) -> impl Iterator<Item = &System> {
    let in_use = model.flows.values().filter(|it| it.stage != Lifecycle::Retired);
    let ends: std::collections::BTreeSet<&SystemId> = in_use.flat_map(|it| [&it.from, &it.to]).collect();
    model.systems.values().map(AsRef::as_ref).filter(move |it: &&System| {
        it.boundary == Boundary::Own && it.lifecycle != Lifecycle::Retired && !it.undeclared && ends.contains(&it.id)
    })
}

/// The matrix of a model with what people say. A statement about what is no integration any more is not shown.
#[must_use]
pub fn matrix(model: &Model, said: &[Statement]) -> Matrix {
    let mut by_cell: BTreeMap<(&SystemId, IntegrationControl), &Statement> = BTreeMap::new();
    for statement in said {
        by_cell.insert((&statement.system, statement.control), statement);
    }
    let index = Index::of(model);
    let row = |system: &System| {
        let cell = |control: IntegrationControl| Cell {
            derived: derive(&index, system, control),
            said: by_cell.get(&(&system.id, control)).map(|it| (*it).clone()),
        };
        IntegrationControl::ALL.iter().map(|it| (*it, cell(*it))).collect()
    };
    Matrix { rows: integrations(model).map(|it| (it.id.clone(), row(it))).collect() }
}

/// One control on one system of ours, whether it has flows or not; `None` where there is no such system.
#[must_use]
pub fn cell(model: &Model, system: &SystemId, control: IntegrationControl, said: Option<&Statement>) -> Option<Cell> {
    let system = model.systems.get(system).filter(|it| it.boundary == Boundary::Own && !it.undeclared)?;
    Some(Cell { derived: derive(&Index::of(model), system, control), said: said.cloned() })
}

/// Reads what a person says of a control on an integration: `presence`, empty to take it back, and `reason`. Everything but
/// "in place" and "unknown" needs a reason.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn statement_from_form(
    form: &Form,
    system: &SystemId,
    control: IntegrationControl,
    by: &PersonId,
    today: Day,
) -> Result<Option<Statement>, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let presence: Option<Presence> = fields.optional_choice("presence", None);
    let reason = fields.lines("reason", REASON_MAX).unwrap_or_default();
    let needs = matches!(presence, Some(Presence::Partly | Presence::Absent | Presence::NotApplicable));
    if needs && reason.is_empty() {
        fields.error("reason", FieldCode::Missing);
    }
    let said = presence.map(|presence| Statement {
        system: system.clone(),
        control,
        presence,
        reason,
        by: by.clone(),
        on: today,
    });
    fields.finish(said)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::findings::tests::model;

    const SHOP: &str = r#""systems":[{"id":"shop"},{"id":"psp","boundary":"third_party"},{"id":"alone"},
        {"id":"old","lifecycle":"retired"}],
        "flows":[{"id":"f","from":"shop","to":"psp","auth":"mtls"},{"id":"g","from":"old","to":"psp"}]"#;

    fn say(presence: &str, reason: &str) -> Result<Option<Statement>, Vec<FieldError>> {
        let form = [("presence", presence), ("reason", reason)].map(|(name, it)| (name.to_owned(), it.to_owned()));
        let control = IntegrationControl::ApiAuthentication;
        statement_from_form(&form, &"shop".into(), control, &"lead".into(), Day(20_500))
    }

    #[test]
    fn systems_of_ours_with_flows_are_the_integrations() {
        let matrix = matrix(&model(SHOP), &[]);
        assert_eq!(matrix.rows.keys().map(SystemId::as_str).collect::<Vec<_>>(), ["shop"]);
        assert_eq!(matrix.rows["shop"].len(), 8);
        let counts = matrix.counts(IntegrationControl::ApiAuthentication);
        assert_eq!(counts, [(Presence::InPlace, 1)].into());
    }

    #[test]
    fn the_word_of_a_person_counts_and_what_speaks_against_it_is_shown() {
        let said = say("absent", "The certificate is not checked").unwrap().unwrap();
        let matrix = matrix(&model(SHOP), &[said]);
        let cell = &matrix.rows["shop"][&IntegrationControl::ApiAuthentication];
        assert_eq!((cell.presence(), cell.is_contradicted()), (Presence::Absent, true));
        let unknown = &matrix.rows["shop"][&IntegrationControl::CentralisedLogging];
        assert!(!unknown.is_contradicted());
    }

    #[test]
    fn what_does_not_apply_has_a_reason_and_a_word_is_taken_back() {
        assert_eq!(say("not_applicable", "").unwrap_err()[0].field, "reason");
        assert_eq!(say("", ""), Ok(None));
        assert_eq!(say("sometimes", "").unwrap_err()[0].field, "presence");
    }
}
