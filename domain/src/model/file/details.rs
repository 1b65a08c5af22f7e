//! Where facts come from.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::shape::{Member, MemberSeed, twice};
use crate::model::fact::Fact;
use crate::time::Day;

/// Where facts come from, by the name of the fact.
pub type FactDetails = BTreeMap<String, FactDetail>;

/// What is known of a fact beside its value.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct FactDetail {
    /// See [`Fact::source`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// See [`Fact::as_of`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Day>,
    /// See [`Fact::confirmed_by`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_by: Option<String>,
    /// See [`Fact::valid_until`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Day>,
}

impl From<&Fact> for FactDetail {
    fn from(fact: &Fact) -> Self {
        Self {
            source: fact.source.clone(),
            as_of: fact.as_of,
            confirmed_by: fact.confirmed_by.as_ref().map(ToString::to_string),
            valid_until: fact.valid_until,
        }
    }
}

/// Reads where facts come from, no fact twice; `null` for none.
pub(super) struct DetailsSeed;

impl<'de> DeserializeSeed<'de> for DetailsSeed {
    type Value = FactDetails;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<FactDetails, D::Error> {
        from.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for DetailsSeed {
    type Value = FactDetails;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a map")
    }

    fn visit_none<E: Error>(self) -> Result<FactDetails, E> {
        Ok(FactDetails::new())
    }

    fn visit_unit<E: Error>(self) -> Result<FactDetails, E> {
        Ok(FactDetails::new())
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<FactDetails, D::Error> {
        from.deserialize_map(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FactDetails, A::Error> {
        let mut details = FactDetails::new();
        while let Some(Member::Other(name)) = map.next_key_seed(MemberSeed { members: &[], next: 0 })? {
            let detail = map.next_value()?;
            if details.contains_key(&name) {
                return Err(twice(&name));
            }
            details.insert(name, detail);
        }
        Ok(details)
    }
}
