//! How an object of a file is read: all members optional, `null` like absent, none twice.

use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, Visitor};

use super::text::bounded;

/// Declares a shape of the file: all members optional, `null` like absent, absent not written.
///
/// `at` says how many brackets are open inside of it. The texts are `String` unless said otherwise; the reader
/// takes them as [`Text`](super::Text), which is borrowed. The reader of the shape is written out instead of
/// derived with `flatten`: it keeps the line of an error, needs no second pass over the object, and refuses a
/// member that stands twice.
macro_rules! shape {
    ($(#[$doc:meta])* $name:ident $(<$text:ident>)? at $level:literal { $($field:ident : $type:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, serde::Serialize)]
        #[expect(missing_docs, reason = "the members are the attributes of the object that the shape is named after")]
        pub struct $name $(<$text = String>)? {
            $(#[serde(skip_serializing_if = "Absent::is_absent")] pub $field: $type,)+
            #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
            pub fact_details: $crate::model::file::FactDetails,
            #[serde(flatten)]
            pub rest: $crate::model::file::Rest,
        }

        impl<'de $(, $text: serde::Deserialize<'de> + Default)?> serde::Deserialize<'de> for $name $(<$text>)? {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                struct Members<S>(std::marker::PhantomData<S>);

                impl<'de $(, $text: serde::Deserialize<'de> + Default)?> serde::de::Visitor<'de> for Members<$name $(<$text>)?> {
                    type Value = $name $(<$text>)?;

                    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        out.write_str("an object with named members")
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                        const MEMBERS: &[&str] = &["fact_details", $($crate::model::file::shape::plain(stringify!($field))),+];
                        let mut shape = Self::Value::default();
                        let mut seen = [false; MEMBERS.len()];
                        let mut next = 0;
                        let members = |next| $crate::model::file::shape::MemberSeed { members: MEMBERS, next };
                        while let Some(member) = map.next_key_seed(members(next))? {
                            let index = match member {
                                $crate::model::file::shape::Member::Known(index) => index,
                                $crate::model::file::shape::Member::Other(name) => {
                                    let value = map.next_value_seed($crate::model::file::value::Bounded { open: $level })?;
                                    if shape.rest.contains_key(&name) {
                                        return Err($crate::model::file::shape::twice(&name));
                                    }
                                    if !value.is_null() {
                                        shape.rest.insert(name, value);
                                    }
                                    continue;
                                }
                            };
                            next = index + 1;
                            if std::mem::replace(&mut seen[index], true) {
                                return Err($crate::model::file::shape::twice(MEMBERS[index]));
                            }
                            let mut number = 0;
                            if index == number {
                                shape.fact_details = map.next_value_seed($crate::model::file::details::DetailsSeed)?;
                                continue;
                            }
                            $(
                                number += 1;
                                if index == number {
                                    shape.$field = map.next_value::<Option<_>>()?.unwrap_or_default();
                                    if $level > 1 && shape.$field.count() > PARTS_MAX {
                                        let list = MEMBERS[index];
                                        return Err(serde::de::Error::custom(format_args!(
                                            "`{list}` has more than {PARTS_MAX} items"
                                        )));
                                    }
                                    continue;
                                }
                            )+
                        }
                        Ok(shape)
                    }
                }

                from.deserialize_map(Members(std::marker::PhantomData))
            }
        }
    };
}

pub(super) use shape;

/// The most items that a list of one object may have.
pub const PARTS_MAX: usize = 100_000;

/// What a shape leaves out when it is written, and how much there is of the rest.
pub(super) trait Absent {
    fn is_absent(&self) -> bool;

    /// The items of a list; 0 of what is none.
    fn count(&self) -> usize {
        0
    }
}

impl<T> Absent for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> Absent for Vec<T> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn count(&self) -> usize {
        self.len()
    }
}

/// A member of an object: its place in the list of known ones, or its name.
pub(in crate::model) enum Member {
    Known(usize),
    Other(String),
}

/// Recognises the members of an object by their names.
pub(in crate::model) struct MemberSeed {
    /// The names.
    pub(in crate::model) members: &'static [&'static str],
    /// Where to look first: files mostly have their members in the order of the schema.
    pub(in crate::model) next: usize,
}

impl<'de> DeserializeSeed<'de> for MemberSeed {
    type Value = Member;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Member, D::Error> {
        from.deserialize_identifier(self)
    }
}

impl Visitor<'_> for MemberSeed {
    type Value = Member;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the name of a member")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Member, E> {
        let (before, after) = self.members.split_at(self.next.min(self.members.len()));
        if let Some(known) = after.iter().position(|member| *member == name) {
            return Ok(Member::Known(before.len() + known));
        }
        if let Some(known) = before.iter().position(|member| *member == name) {
            return Ok(Member::Known(known));
        }
        bounded(name)?;
        Ok(Member::Other(name.to_owned()))
    }
}

/// The error of a member that stands twice: one of the two would be lost.
pub(in crate::model) fn twice<E: Error>(name: &str) -> E {
    E::custom(format_args!("`{name}` stands twice in one object"))
}

/// The name of a member without the mark that Rust needs for its own words.
pub(super) const fn plain(member: &str) -> &str {
    match member.as_bytes() {
        [b'r', b'#', ..] => member.split_at(2).1,
        _ => member,
    }
}
