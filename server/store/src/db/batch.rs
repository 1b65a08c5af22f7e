//! Rows on their way into the database, many at a time: PostgreSQL answers every statement over the network, so that the
//! rows of a large file would wait for it half a million times.
//!
//! What is written stays one SQL text per table, for one row; the text for several rows is made of it.

use std::collections::HashMap;

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::{Tx, on};
use crate::error::StoreError;

/// How many rows wait at most.
const WAITING: usize = 4096;

/// How many rows one statement takes: few sizes, so that each is prepared once, and so many that no database runs out of
/// placeholders.
const SIZES: [usize; 4] = [64, 16, 4, 1];

/// Rows that are written in the order in which their tables were named first: what others refer to is named first.
///
/// Nothing is written before [`Self::flush`], unless more rows wait than fit into memory with ease.
pub(crate) struct Batch<'t> {
    tx: &'t mut Tx,
    tables: Vec<(&'static str, Vec<Row>)>,
    waiting: usize,
    texts: HashMap<(&'static str, usize), String>,
}

type Row = Vec<Value>;

/// The value of a column.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Uuid(Option<Uuid>),
    Bool(Option<bool>),
    Number(Option<i64>),
    Text(Option<String>),
}

impl<'t> Batch<'t> {
    pub(crate) fn new(tx: &'t mut Tx) -> Self {
        Self { tx, tables: Vec::new(), waiting: 0, texts: HashMap::new() }
    }

    /// The transaction, for what has to happen at once: removing what an object had before.
    pub(crate) const fn tx(&mut self) -> &mut Tx {
        self.tx
    }

    /// Adds a row; `sql` inserts one with these values.
    pub(crate) async fn add(&mut self, sql: &'static str, row: Row) -> Result<(), StoreError> {
        match self.tables.iter_mut().find(|(known, _)| *known == sql) {
            Some((_, rows)) => rows.push(row),
            None => self.tables.push((sql, vec![row])),
        }
        self.waiting += 1;
        if self.waiting < WAITING { Ok(()) } else { self.flush().await }
    }

    /// Writes everything that waits.
    pub(crate) async fn flush(&mut self) -> Result<(), StoreError> {
        self.waiting = 0;
        for (sql, rows) in &mut self.tables {
            let mut rest = std::mem::take(rows);
            while !rest.is_empty() {
                let size = SIZES.into_iter().find(|size| *size <= rest.len()).unwrap_or(1);
                let later = rest.split_off(size);
                let text = self.texts.entry((*sql, size)).or_insert_with(|| of_rows(sql, size));
                run_rows(self.tx, text, std::mem::replace(&mut rest, later)).await?;
            }
        }
        Ok(())
    }
}

async fn run_rows(tx: &mut Tx, sql: &str, rows: Vec<Row>) -> Result<(), StoreError> {
    // Made of a constant of ours and numbers of placeholders.
    on!(tx, |connection| {
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for value in rows.into_iter().flatten() {
            query = match value {
                Value::Uuid(value) => query.bind(value),
                Value::Bool(value) => query.bind(value),
                Value::Number(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
            };
        }
        query.execute(connection).await.map(drop)
    })?;
    Ok(())
}

/// The statement for so many rows, from the one for a single row.
fn of_rows(sql: &str, rows: usize) -> String {
    const VALUES: &str = "VALUES (";
    let start = sql.find(VALUES).expect("a row is added by an INSERT with VALUES") + VALUES.len() - 1;
    let end = start + sql[start..].find(')').expect("the list of values ends") + 1;
    let columns = sql[start..end].split(',').count();
    let tuple = |row: usize| {
        let places: Vec<String> = (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
        format!("({})", places.join(", "))
    };
    let tuples: Vec<String> = (0..rows).map(tuple).collect();
    format!("{}{}{}", &sql[..start], tuples.join(", "), &sql[end..])
}

/// Adds a row with these values to a batch.
macro_rules! put {
    ($batch:expr, $sql:expr, $($value:expr),+ $(,)?) => {
        $batch.add($sql, vec![$($crate::db::batch::Value::from($value)),+]).await
    };
}

pub(crate) use put;

impl From<Uuid> for Value {
    fn from(value: Uuid) -> Self {
        Self::Uuid(Some(value))
    }
}

impl From<Option<Uuid>> for Value {
    fn from(value: Option<Uuid>) -> Self {
        Self::Uuid(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(Some(value))
    }
}

impl From<Option<bool>> for Value {
    fn from(value: Option<bool>) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(Some(value))
    }
}

impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(Some(value.to_owned()))
    }
}

impl From<Option<&str>> for Value {
    fn from(value: Option<&str>) -> Self {
        Self::Text(value.map(str::to_owned))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statement_for_several_rows_is_that_for_one_with_more_places() {
        let one = "INSERT INTO via (a, b) VALUES ($1, $2) ON CONFLICT (a) DO UPDATE SET b = excluded.b";
        assert_eq!(of_rows(one, 1), one);
        assert_eq!(
            of_rows(one, 3),
            "INSERT INTO via (a, b) VALUES ($1, $2), ($3, $4), ($5, $6) ON CONFLICT (a) DO UPDATE SET b = excluded.b"
        );
    }

    #[test]
    fn no_statement_has_more_places_than_sqlite_takes() {
        const MOST_COLUMNS: usize = 40;
        assert!(SIZES[0] * MOST_COLUMNS < 32_766);
    }
}
