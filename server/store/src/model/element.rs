//! Elements in a form: the holdings of systems and the fields of flows, two tables of the same columns.

use std::collections::BTreeMap;

use domain::id::{DomainId, ElementId, KeyId, PopulationId};
use domain::model::element::{Holding, Op};
use domain::model::object::ObjectKind;

use super::fact::{self, FactIndex};
use crate::db::batch::{Batch, put};
use crate::db::{Tx, rows, run};
use crate::error::StoreError;
use crate::gate::Permit;
use crate::rows::{Reader, count_column, key_or_none, position_column, statements};

statements! {
    HOLDINGS = "SELECT system_key AS owner, position, element, form, op_store, op_process, op_transmit, crypto_key, \
        token_domain, algorithm, mask, live, phase, records, population FROM holding WHERE workspace_id = $1 \
        ORDER BY system_key, position";
    PUT_HOLDING = "INSERT INTO holding (workspace_id, system_key, position, element, form, op_store, op_process, \
        op_transmit, crypto_key, token_domain, algorithm, mask, live, phase, records, population) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    CLEAR_HOLDINGS = "DELETE FROM holding WHERE workspace_id = $1 AND system_key = $2";

    FIELDS = "SELECT flow_key AS owner, position, element, form, op_store, op_process, op_transmit, crypto_key, \
        token_domain, algorithm, mask, live, phase, records, population FROM flow_field WHERE workspace_id = $1 \
        ORDER BY flow_key, position";
    PUT_FIELD = "INSERT INTO flow_field (workspace_id, flow_key, position, element, form, op_store, op_process, \
        op_transmit, crypto_key, token_domain, algorithm, mask, live, phase, records, population) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    CLEAR_FIELDS = "DELETE FROM flow_field WHERE workspace_id = $1 AND flow_key = $2";
}

/// Where elements stand.
#[derive(Clone, Copy)]
pub(super) enum Place {
    System,
    Flow,
}

impl Place {
    const fn kind(self) -> ObjectKind {
        match self {
            Self::System => ObjectKind::Holding,
            Self::Flow => ObjectKind::FlowField,
        }
    }
}

#[derive(sqlx::FromRow)]
struct ElementRow {
    owner: String,
    position: i64,
    element: String,
    form: String,
    op_store: bool,
    op_process: bool,
    op_transmit: bool,
    crypto_key: Option<String>,
    token_domain: Option<String>,
    algorithm: Option<String>,
    mask: Option<String>,
    live: bool,
    phase: String,
    records: Option<i64>,
    population: Option<String>,
}

/// The elements of every system, or of every flow, by its key.
pub(super) async fn load(
    tx: &mut Tx,
    permit: &Permit,
    facts: &mut FactIndex,
    place: Place,
) -> Result<BTreeMap<String, Vec<Holding>>, StoreError> {
    let (table, statement) = match place {
        Place::System => ("holding", HOLDINGS),
        Place::Flow => ("flow_field", FIELDS),
    };
    let mut owners: BTreeMap<String, Vec<Holding>> = BTreeMap::new();
    for row in rows!(tx, ElementRow, statement, permit.workspace())? {
        let read = Reader::new(table, &row.owner);
        let ops = [(row.op_store, Op::Store), (row.op_process, Op::Process), (row.op_transmit, Op::Transmit)];
        let holding = Holding {
            form: read.word("form", &row.form)?,
            ops: ops.into_iter().filter_map(|(done, op)| done.then_some(op)).collect(),
            alg: read.word_or_none("algorithm", row.algorithm.as_deref())?,
            phase: read.word("phase", &row.phase)?,
            records: read.count("records", row.records)?,
            facts: facts.take_part(place.kind(), &row.owner, row.position),
            element: ElementId::new(row.element),
            key: row.crypto_key.map(KeyId::new),
            domain: row.token_domain.map(DomainId::new),
            mask: row.mask,
            live: row.live,
            population: row.population.map(PopulationId::new),
        };
        owners.entry(row.owner).or_default().push(holding);
    }
    Ok(owners)
}

/// Writes the elements of one owner.
pub(super) async fn put(
    batch: &mut Batch<'_>,
    permit: &Permit,
    place: Place,
    owner: &str,
    holdings: &[Holding],
) -> Result<(), StoreError> {
    let statement = match place {
        Place::System => PUT_HOLDING,
        Place::Flow => PUT_FIELD,
    };
    for (position, it) in holdings.iter().enumerate() {
        put!(
            batch,
            statement,
            permit.workspace(),
            owner,
            position_column(position)?,
            it.element.as_str(),
            it.form.as_str(),
            it.ops.contains(Op::Store),
            it.ops.contains(Op::Process),
            it.ops.contains(Op::Transmit),
            key_or_none!(it.key),
            key_or_none!(it.domain),
            key_or_none!(it.alg),
            it.mask.as_deref(),
            it.live,
            it.phase.as_str(),
            count_column("records", it.records)?,
            key_or_none!(it.population),
        )?;
        fact::put_part(batch, permit, place.kind(), owner, position, &it.facts).await?;
    }
    Ok(())
}

/// Removes the elements of one owner.
pub(super) async fn clear(tx: &mut Tx, permit: &Permit, place: Place, owner: &str) -> Result<(), StoreError> {
    let statement = match place {
        Place::System => CLEAR_HOLDINGS,
        Place::Flow => CLEAR_FIELDS,
    };
    run!(tx, statement, permit.workspace(), owner)?;
    Ok(())
}
