//! The file as a whole: each object goes from the parser into the model, without a list of shapes in between.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::conversion::{Conversion, Part};
use crate::id::KEY_MAX;
use crate::model::file::{
    Bounded, ControlShape, CredentialShape, FlowShape, KeyShape, LinkShape, Member, MemberSeed, ModelFile,
    OverrideShape, PersonShape, RecordShape, Rest, SegmentShape, SystemShape, Text, twice,
};
use crate::model::object::ObjectKind;

/// The most objects that a list may have.
pub const OBJECTS_MAX: usize = 2_000_000;

/// The members of a file, in the order in which they are taken apart.
macro_rules! for_each_list {
    ($do:ident) => {
        $do! {
            people: People, PersonShape, Conversion::person;
            vendors: Vendors, RecordShape, Conversion::vendor;
            segments: Segments, SegmentShape, Conversion::segment;
            segment_links: Links, LinkShape, Conversion::link;
            controls: Controls, ControlShape, Conversion::control;
            systems: Systems, SystemShape, Conversion::system;
            keys: Keys, KeyShape, Conversion::cryptographic_key;
            credentials: Credentials, CredentialShape, Conversion::credential;
            connectors: Connectors, RecordShape, |it, shape| it.record(ObjectKind::Connector, shape);
            certificates: Certificates, RecordShape, |it, shape| it.record(ObjectKind::Certificate, shape);
            token_domains: TokenDomains, RecordShape, |it, shape| it.record(ObjectKind::TokenDomain, shape);
            element_policies: ElementPolicies, RecordShape, |it, shape| it.record(ObjectKind::ElementPolicy, shape);
            pages: Pages, RecordShape, |it, shape| it.record(ObjectKind::Page, shape);
            scripts: Scripts, RecordShape, |it, shape| it.record(ObjectKind::Script, shape);
            access_groups: AccessGroups, RecordShape, |it, shape| it.record(ObjectKind::AccessGroup, shape);
            observations: Observations, RecordShape, |it, shape| it.record(ObjectKind::Observation, shape);
            flows: Flows, FlowShape, Conversion::flow;
            overrides: Overrides, OverrideShape, Conversion::decision;
        }
    };
}

/// Turns the lists of a file that is in memory into objects.
pub(super) fn take_apart(file: ModelFile, conversion: &mut Conversion) {
    conversion.settings(file.settings.unwrap_or_default());
    conversion.strangers(file.rest.keys());
    macro_rules! take {
        ($($list:ident: $part:ident, $shape:ident, $read:expr;)+) => {$(
            conversion.begin(Part::$part, stringify!($list));
            for (index, shape) in file.$list.into_iter().enumerate() {
                conversion.begin_object(index);
                let read: fn(&mut Conversion, $shape) = $read;
                read(conversion, shape);
            }
        )+};
    }
    for_each_list!(take);
}

/// Reads a whole file into the conversion.
pub(super) struct WholeFile<'a>(pub(super) &'a mut Conversion);

impl<'de> DeserializeSeed<'de> for WholeFile<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for WholeFile<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object with named members")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        macro_rules! names {
            ($($list:ident: $part:ident, $shape:ident, $read:expr;)+) => { &["settings", "fact_details", $(stringify!($list)),+] };
        }
        const MEMBERS: &[&str] = for_each_list!(names);
        let conversion = self.0;
        let mut seen = [false; MEMBERS.len()];
        let mut rest = Rest::new();
        while let Some(member) = map.next_key_seed(MemberSeed { members: MEMBERS, next: 0 })? {
            let index = match member {
                Member::Known(index) => index,
                Member::Other(name) => {
                    let value = map.next_value_seed(Bounded { open: 1 })?;
                    if rest.contains_key(&name) {
                        return Err(twice(&name));
                    }
                    if !value.is_null() {
                        rest.insert(name, value);
                    }
                    continue;
                }
            };
            if std::mem::replace(&mut seen[index], true) {
                return Err(twice(MEMBERS[index]));
            }
            macro_rules! read_list {
                ($($list:ident: $part:ident, $shape:ident, $read:expr;)+) => {
                    match MEMBERS[index] {
                        $(stringify!($list) => {
                            conversion.begin(Part::$part, stringify!($list));
                            let shape = PhantomData::<$shape<Text<'de>>>;
                            map.next_value_seed(Objects { conversion, read: $read, shape, most: OBJECTS_MAX })?;
                        })+
                        "settings" => {
                            let settings = map.next_value::<Option<_>>()?;
                            conversion.settings(settings.unwrap_or_default());
                        }
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                };
            }
            for_each_list!(read_list);
        }
        conversion.strangers(rest.keys());
        Ok(())
    }
}

/// Reads a list, or `null` for none, object by object.
struct Objects<'a, S, R: Fn(&mut Conversion, S)> {
    conversion: &'a mut Conversion,
    read: R,
    shape: PhantomData<S>,
    /// The most objects that the list may have.
    most: usize,
}

impl<'de, S: Deserialize<'de>, R: Fn(&mut Conversion, S)> DeserializeSeed<'de> for Objects<'_, S, R> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_option(self)
    }
}

impl<'de, S: Deserialize<'de>, R: Fn(&mut Conversion, S)> Visitor<'de> for Objects<'_, S, R> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a sequence")
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let mut index = 0;
        while let Some(shape) = items.next_element()? {
            if index == self.most {
                return Err(A::Error::custom(format_args!("a list has more than {} objects", self.most)));
            }
            self.conversion.begin_object(index);
            (self.read)(self.conversion, shape);
            if self.conversion.long_key {
                return Err(A::Error::custom(format_args!("an id is longer than {KEY_MAX} characters")));
            }
            index += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(), serde_json::Error> {
        let mut conversion = Conversion::default();
        let shape = PhantomData::<FlowShape<Text<'_>>>;
        let objects = Objects { conversion: &mut conversion, read: Conversion::flow, shape, most: 2 };
        objects.deserialize(&mut serde_json::Deserializer::from_str(text))
    }

    #[test]
    fn a_list_with_too_many_objects_is_refused() {
        read("[{},{}]").unwrap();
        read("null").unwrap();
        assert!(read("[{},{},{}]").unwrap_err().to_string().starts_with("a list has more than 2 objects"));
    }
}
