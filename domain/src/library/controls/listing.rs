//! The matrix of integrations and controls as a list that can be filtered, and as a file.

use std::collections::BTreeMap;

use super::{Cell, IntegrationControl, Matrix, Presence};
use crate::export::csv::table_of;
use crate::filter::Filter;
use crate::findings::said;
use crate::id::SystemId;
use crate::model::Model;

/// The controls of one integration.
pub type Row = BTreeMap<IntegrationControl, Cell>;

/// What a filter of the matrix can ask for: `absent:rate_limiting`, `unknown:any`, `is:contradicted`, `owner:ann`.
pub const MATRIX_KEYS: [&str; 7] = ["in_place", "partly", "absent", "not_applicable", "unknown", "is", "owner"];

impl Matrix {
    /// The integrations that a filter lets through, by their keys.
    #[must_use]
    pub fn listed(&self, filter: &Filter, model: &Model) -> Vec<(&SystemId, &Row)> {
        self.rows.iter().filter(|(id, row)| passes(filter, model, id, row)).collect()
    }

    /// How many cells a person spoke about otherwise than the model.
    #[must_use]
    pub fn contradicted(&self) -> usize {
        self.rows.values().flat_map(BTreeMap::values).filter(|it| it.is_contradicted()).count()
    }
}

fn passes(filter: &Filter, model: &Model, id: &SystemId, row: &Row) -> bool {
    let system = model.systems.get(id);
    let text = format!("{id} {}", system.map_or("", |it| it.name.as_str()));
    let any = |holds: &dyn Fn(&Cell) -> bool| row.values().any(holds);
    filter.lets_through(&text, |key, value| match key {
        "owner" => match system.and_then(|it| said::text(&it.facts, "owner")) {
            Some(owner) => owner.to_lowercase() == value,
            None => value == "none",
        },
        "is" => match value {
            "contradicted" => any(&Cell::is_contradicted),
            "said" => any(&|it| it.said.is_some()),
            _ => false,
        },
        word => word.parse::<Presence>().is_ok_and(|presence| {
            let matches = |(control, cell): (&IntegrationControl, &Cell)| {
                cell.presence() == presence && (value == "any" || control.as_str() == value)
            };
            row.iter().any(matches)
        }),
    })
}

/// One row for each integration and control, with where the answer comes from.
#[must_use]
pub fn csv(rows: &[(&SystemId, &Row)], model: &Model) -> String {
    let head =
        ["system", "name", "control", "presence", "source", "model_says", "facts", "reason", "said_by", "said_on"]
            .map(str::to_owned);
    let cells = rows.iter().flat_map(|(id, row)| row.iter().map(move |(control, cell)| (*id, control, cell)));
    let rows = cells.map(|(id, control, cell)| {
        let name = model.systems.get(id).map(|it| it.name.clone()).unwrap_or_default();
        let source = match (&cell.said, cell.derived.presence) {
            (Some(_), _) => "person",
            (None, Presence::Unknown) => "",
            (None, _) => "model",
        };
        let said = cell.said.as_ref();
        let facts: Vec<&str> = cell.derived.facts.iter().map(|it| it.sentence.as_str()).collect();
        [
            id.to_string(),
            name,
            control.to_string(),
            cell.presence().to_string(),
            source.to_owned(),
            cell.derived.presence.to_string(),
            facts.join(" "),
            said.map(|it| it.reason.clone()).unwrap_or_default(),
            said.map(|it| it.by.to_string()).unwrap_or_default(),
            said.map(|it| it.on.to_string()).unwrap_or_default(),
        ]
    });
    table_of(std::iter::once(head).chain(rows))
}

#[cfg(test)]
mod tests {
    use super::super::{Statement, matrix};
    use super::*;
    use crate::findings::tests::model;
    use crate::time::Day;

    fn said() -> Statement {
        Statement {
            system: "shop".into(),
            control: IntegrationControl::ApiAuthentication,
            presence: Presence::Absent,
            reason: "The certificate is not checked".to_owned(),
            by: "lead".into(),
            on: Day(20_500),
        }
    }

    #[test]
    fn a_filter_asks_for_a_presence_of_a_control_or_of_any() {
        let model = model(
            r#""systems":[{"id":"shop"},{"id":"till","name":"Counter"},{"id":"psp","boundary":"third_party"}],
               "flows":[{"id":"f","from":"shop","to":"psp","auth":"mtls"},{"id":"g","from":"till","to":"psp","auth":"mtls"}]"#,
        );
        let matrix = matrix(&model, &[said()]);
        let ids = |filter: &str| -> Vec<String> {
            matrix.listed(&Filter::parse(filter), &model).into_iter().map(|(id, _)| id.to_string()).collect()
        };
        assert_eq!(ids(""), ["shop", "till"]);
        assert_eq!(ids("in_place:api_authentication"), ["till"]);
        assert_eq!(ids("absent:any"), ["shop"]);
        assert_eq!(ids("is:contradicted is:said"), ["shop"]);
        assert_eq!(ids("-is:said counter owner:none"), ["till"]);
        assert_eq!(ids("sometimes:any"), Vec::<String>::new());
        assert_eq!(matrix.contradicted(), 1);
        let text = csv(&matrix.listed(&Filter::default(), &model), &model);
        assert_eq!(text.lines().count(), 17);
        let shop = text.lines().find(|it| it.contains("The certificate is not checked")).unwrap_or_default();
        assert!(shop.contains("\"api_authentication\",\"absent\",\"person\",\"in_place\""), "{text}");
        assert!(text.contains("\"till\",\"Counter\",\"api_authentication\",\"in_place\",\"model\""), "{text}");
    }
}
