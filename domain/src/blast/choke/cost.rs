//! What it costs to remove a label: one for each, unless a file says otherwise.

use std::collections::BTreeMap;

use serde_json::Value;

/// The cost of labels, in whatever unit the team counts; a label that is not named costs 1.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ArcCosts(BTreeMap<String, u64>);

/// Why a text is no list of costs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArcCostError {
    /// The text is no JSON object.
    #[error("line {line}, column {column}: expected a JSON object of labels and whole numbers: {message}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// A label of no kind.
    #[error("{0:?} is no label; write cred:, manage: or unauth: and what it names")]
    Label(String),
    /// A cost that is no whole number from 0.
    #[error("the cost of {label:?} is {value}; write a whole number from 0")]
    Cost {
        /// The label.
        label: String,
        /// What stands there, as JSON.
        value: String,
    },
}

impl ArcCosts {
    /// Reads a JSON object that gives labels their costs.
    ///
    /// # Errors
    /// See [`ArcCostError`].
    pub fn from_json(text: &[u8]) -> Result<Self, ArcCostError> {
        let members: BTreeMap<String, Value> = serde_json::from_slice(text).map_err(|error| ArcCostError::Syntax {
            line: error.line(),
            column: error.column(),
            message: error.to_string().split(" at line ").next().unwrap_or_default().to_owned(),
        })?;
        let mut costs = BTreeMap::new();
        for (label, value) in members {
            if !["cred:", "manage:", "unauth:"].iter().any(|kind| label.starts_with(kind)) {
                return Err(ArcCostError::Label(label));
            }
            let Some(cost) = value.as_u64() else {
                return Err(ArcCostError::Cost { label, value: value.to_string() });
            };
            costs.insert(label, cost);
        }
        Ok(Self(costs))
    }

    /// The labels that have a cost of their own, in order.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// What the label costs.
    #[must_use]
    pub fn of(&self, label: &str) -> u64 {
        self.0.get(label).copied().unwrap_or(1)
    }
}

impl FromIterator<(String, u64)> for ArcCosts {
    fn from_iter<T: IntoIterator<Item = (String, u64)>>(costs: T) -> Self {
        Self(costs.into_iter().collect())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_label_costs_one_unless_the_file_says_otherwise() {
        let costs = ArcCosts::from_json(br#"{"cred:a":7,"manage:deploy":0}"#).unwrap();
        assert_eq!([costs.of("cred:a"), costs.of("manage:deploy"), costs.of("cred:b")], [7, 0, 1]);
    }

    #[test]
    fn what_is_no_cost_is_named() {
        let error = |text: &str| ArcCosts::from_json(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(error(r#"{"a":1}"#), r#""a" is no label; write cred:, manage: or unauth: and what it names"#);
        assert_eq!(error(r#"{"cred:a":-1}"#), r#"the cost of "cred:a" is -1; write a whole number from 0"#);
        assert_eq!(error(r#"{"cred:a":1.5}"#), r#"the cost of "cred:a" is 1.5; write a whole number from 0"#);
        assert!(error("[1]").starts_with("line 1, column "), "{}", error("[1]"));
    }
}
