//! The values of attributes that are no columns, within the bounds of a file.

use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::shape::{Member, MemberSeed, twice};
use super::text::bounded;

/// How deeply the lists and objects of a file may be nested.
pub const DEPTH_MAX: usize = 64;

/// Reads any value: not too deep, no name twice in one object, no text that is too long.
#[derive(Clone, Copy)]
pub(in crate::model) struct Bounded {
    /// How many brackets are open around the value.
    pub(in crate::model) open: usize,
}

impl Bounded {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        if self.open >= DEPTH_MAX {
            return Err(E::custom(format_args!("brackets are nested more than {DEPTH_MAX} deep")));
        }
        Ok(Self { open: self.open + 1 })
    }
}

impl<'de> DeserializeSeed<'de> for Bounded {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number is not finite"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        bounded(value)?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let within = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(within)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let within = self.deeper()?;
        let mut object = Map::new();
        while let Some(Member::Other(name)) = members.next_key_seed(MemberSeed { members: &[], next: 0 })? {
            let value = members.next_value_seed(within)?;
            if object.contains_key(&name) {
                return Err(twice(&name));
            }
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}
