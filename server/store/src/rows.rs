//! Between columns and the domain's types, for the modules that read and write rows.

use std::str::FromStr;

use domain::time::Day;
use serde::de::DeserializeOwned;

use crate::error::StoreError;

/// Declares the statements of a module: one constant each, and `ALL`, the list that the tests walk.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:literal;)+) => {
        $($(#[$doc])* const $name: &str = $sql;)+
        /// Every statement of this module, by name.
        #[cfg(feature = "inspect")]
        pub(crate) const ALL: &[(&str, &str)] = &[$((stringify!($name), $sql)),+];
    };
}

pub(crate) use statements;

/// Reads the columns of one row, with the table and the row's key for the message when one is bad.
pub(crate) struct Reader<'a> {
    table: &'static str,
    row: &'a str,
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(table: &'static str, row: &'a str) -> Self {
        Self { table, row }
    }

    /// A value of a closed list.
    pub(crate) fn word<T: FromStr>(&self, column: &'static str, text: &str) -> Result<T, StoreError> {
        text.parse().map_err(|_| self.bad(column))
    }

    /// A value of a closed list, where there is one.
    pub(crate) fn word_or_none<T: FromStr>(
        &self,
        column: &'static str,
        text: Option<&str>,
    ) -> Result<Option<T>, StoreError> {
        text.map(|text| self.word(column, text)).transpose()
    }

    /// A number that is not negative, where there is one.
    pub(crate) fn count(&self, column: &'static str, number: Option<i64>) -> Result<Option<u64>, StoreError> {
        number.map(|number| u64::try_from(number).map_err(|_| self.bad(column))).transpose()
    }

    /// A day, where there is one.
    pub(crate) fn day(&self, column: &'static str, days: Option<i64>) -> Result<Option<Day>, StoreError> {
        days.map(|days| i32::try_from(days).map(Day).map_err(|_| self.bad(column))).transpose()
    }

    /// A list kept as a JSON array of texts.
    pub(crate) fn list(&self, column: &'static str, json: &str) -> Result<Vec<String>, StoreError> {
        serde_json::from_str(json).map_err(|_| self.bad(column))
    }

    /// A list of values of a closed list.
    pub(crate) fn words<T: FromStr>(&self, column: &'static str, json: &str) -> Result<Vec<T>, StoreError> {
        self.list(column, json)?.iter().map(|text| self.word(column, text)).collect()
    }

    /// A value kept as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self, column: &'static str, json: &str) -> Result<T, StoreError> {
        serde_json::from_str(json).map_err(|_| self.bad(column))
    }

    /// A value kept as JSON, where there is one.
    pub(crate) fn json_or_none<T: DeserializeOwned>(
        &self,
        column: &'static str,
        json: Option<&str>,
    ) -> Result<Option<T>, StoreError> {
        json.map(|json| self.json(column, json)).transpose()
    }

    pub(crate) fn bad(&self, column: &'static str) -> StoreError {
        StoreError::bad_row(self.table, column, self.row)
    }
}

/// A number as its column holds it.
pub(crate) fn count_column(name: &'static str, number: Option<u64>) -> Result<Option<i64>, StoreError> {
    number.map(|number| i64::try_from(number).map_err(|_| StoreError::TooLarge(name))).transpose()
}

/// A day as its column holds it.
pub(crate) fn day_column(day: Option<Day>) -> Option<i64> {
    day.map(|day| i64::from(day.0))
}

/// A position in a list as its column holds it.
pub(crate) fn position_column(position: usize) -> Result<i64, StoreError> {
    i64::try_from(position).map_err(|_| StoreError::TooLarge("position"))
}

/// A list of texts as a JSON array.
pub(crate) fn list_column<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<String, StoreError> {
    Ok(serde_json::to_string(&texts.into_iter().collect::<Vec<_>>())?)
}

/// The key of an optional reference.
macro_rules! key_or_none {
    ($id:expr) => {
        $id.as_ref().map(|id| id.as_str())
    };
}

pub(crate) use key_or_none;
