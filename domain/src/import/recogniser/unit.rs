//! One field before it is judged: where it stands, and everything that may tell what it is.

use std::collections::BTreeSet;

use super::Direction;
use super::value::{Values, is_identifier};
use crate::import::names::{Name, segments, words};

/// One field: a distinct pair of schema and property.
#[derive(Debug, Clone, Default)]
pub(super) struct Unit {
    /// The schema or operation; empty in samples and tables.
    pub(super) schema: String,
    /// The names from the schema to the field.
    pub(super) steps: Vec<String>,
    /// What refers to the schema, or another word for where it is used.
    pub(super) referrers: BTreeSet<String>,
    /// What a schema says of the field.
    pub(super) facets: Facets,
    /// What the values of a sample look like.
    pub(super) values: Values,
    /// Where the field is used.
    pub(super) direction: Option<Direction>,
}

/// What a schema says of a field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Facets {
    pub(super) description: String,
    pub(super) is_container: bool,
    pub(super) is_boolean: bool,
    pub(super) is_listed: bool,
    pub(super) is_text: bool,
    pub(super) max_length: Option<u64>,
    pub(super) pattern: Option<String>,
    pub(super) write_only: bool,
    /// One of the listed values is a scheme under which a number of a card may stand.
    pub(super) names_card_scheme: bool,
}

impl Unit {
    /// The property as people read it.
    pub(super) fn property(&self) -> String {
        self.steps.join(".")
    }

    /// Schema and property.
    pub(super) fn path(&self) -> String {
        match (self.schema.as_str(), self.property()) {
            ("", property) => property,
            (schema, property) if schema.contains(' ') => format!("{schema}: {property}"),
            (schema, property) => format!("{schema}.{property}"),
        }
    }

    /// The name with its surroundings, as the patterns see it.
    pub(super) fn name(&self) -> Name {
        let mut inner: Vec<String> = self.steps.iter().flat_map(|step| segments(step)).collect();
        let leaf = inner.pop().unwrap_or_default();
        let direct_parents = match inner.last() {
            Some(parent) => vec![parent.clone()],
            None => {
                let schema = words(&self.schema);
                let referrers = self.referrers.iter().map(|it| words(it));
                std::iter::once(schema).chain(referrers).filter(|parent| !parent.is_empty()).collect()
            }
        };
        let parents = std::iter::once(words(&self.schema)).chain(inner).filter(|it| !it.is_empty());
        Name { leaf, parents: parents.collect::<Vec<_>>().join("_"), direct_parents }
    }

    /// What the fields beside this one share with it.
    pub(super) fn group(&self) -> (String, String) {
        let above = self.steps.len().saturating_sub(1);
        (self.schema.clone(), self.steps[..above].join("."))
    }
}

/// A name of the file as a result may show it. Names that are values, as the keys of a map of cards or of e-mail
/// addresses are, become `*`.
pub(super) fn shown(name: &str) -> String {
    let digits = name.chars().filter(|c| c.is_numeric()).count();
    if digits >= 6 || name.contains('@') || (digits >= 3 && is_identifier(name)) {
        return "*".to_owned();
    }
    let short: String = name.chars().filter(|c| !c.is_control()).take(80).collect();
    short
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn unit(schema: &str, steps: &[&str]) -> Unit {
        Unit { schema: schema.to_owned(), steps: steps.iter().map(|it| (*it).to_owned()).collect(), ..Unit::default() }
    }

    #[test]
    fn the_schema_stands_before_its_properties_and_what_refers_to_it_counts_too() {
        let mut it = unit("Details", &["number"]);
        it.referrers.insert("creditCard".to_owned());
        let name = it.name();
        assert_eq!(
            (name.leaf.as_str(), name.direct_parents),
            ("number", vec!["details".to_owned(), "credit_card".to_owned()])
        );
        assert_eq!(unit("A", &["card", "number"]).name().direct_parents.first().unwrap(), "card");
    }

    #[test]
    fn a_path_reads_as_people_write_it() {
        assert_eq!(unit("Card", &["expiry"]).path(), "Card.expiry");
        assert_eq!(unit("", &["cards[]", "number"]).path(), "cards[].number");
        assert_eq!(unit("POST /pay request", &["cvc"]).path(), "POST /pay request: cvc");
    }

    #[test]
    fn a_name_that_is_a_value_is_not_shown() {
        assert_eq!(shown("4111111111111111"), "*");
        assert_eq!(shown("DE89 3704 0044"), "*");
        assert_eq!(shown("anna@example.com"), "*");
        assert_eq!(shown("tok_1Pgag4B7WZ01zgkW"), "*");
        assert_eq!(shown("last4"), "last4");
    }
}
