//! The model file: the shapes that JSON and YAML files have, both ways.
//!
//! Everything may be absent, and `null` means absent. What is not a column is a registered fact and stands
//! beside the columns under its own name.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::element::{Op, Phase};
use super::fact::Fact;
use super::flow::WireName;
use super::relations::{
    Access, Boundary, CapabilityType, Channel, ControlMode, ControlStatus, Environment, Exposure, How, Initiator,
    KeyUse, Lifecycle, LinkPolicy, PaymentPage, Privilege, Sync, Trust, ViaMode, View,
};
use super::settings::OverrideCategory;
use crate::time::Day;

/// Attributes that are no columns.
pub type Rest = BTreeMap<String, Value>;

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

/// Declares a shape of the file: all members optional, `null` like absent, absent not written.
///
/// The reader is written out instead of derived with `flatten`: it keeps the line of an error, needs no
/// second pass over the object, and refuses a member that stands twice.
macro_rules! shape {
    ($(#[$doc:meta])* $name:ident { $($field:ident : $type:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, Serialize)]
        #[expect(missing_docs, reason = "the members are the attributes of the object that the shape is named after")]
        pub struct $name {
            $(#[serde(skip_serializing_if = "is_default")] pub $field: $type,)+
            #[serde(skip_serializing_if = "BTreeMap::is_empty")]
            pub fact_details: FactDetails,
            #[serde(flatten)]
            pub rest: Rest,
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                struct Members;

                impl<'de> Visitor<'de> for Members {
                    type Value = $name;

                    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                        out.write_str("an object with named members")
                    }

                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                        const MEMBERS: &[&str] = &["fact_details", $(stringify!($field)),+];
                        let mut shape = $name::default();
                        let mut seen = [false; MEMBERS.len()];
                        while let Some(member) = map.next_key_seed(MemberSeed(MEMBERS))? {
                            let index = match member {
                                Member::Known(index) => index,
                                Member::Other(name) => {
                                    let value: Value = map.next_value()?;
                                    if shape.rest.contains_key(&name) {
                                        return Err(A::Error::custom(format_args!("`{name}` stands twice in one object")));
                                    }
                                    if !value.is_null() {
                                        shape.rest.insert(name, value);
                                    }
                                    continue;
                                }
                            };
                            if std::mem::replace(&mut seen[index], true) {
                                let name = plain(MEMBERS[index]);
                                return Err(A::Error::custom(format_args!("`{name}` stands twice in one object")));
                            }
                            let mut number = 0;
                            if index == number {
                                shape.fact_details = map.next_value::<Option<_>>()?.unwrap_or_default();
                                continue;
                            }
                            $(
                                number += 1;
                                if index == number {
                                    shape.$field = map.next_value::<Option<_>>()?.unwrap_or_default();
                                    continue;
                                }
                            )+
                        }
                        Ok(shape)
                    }
                }

                from.deserialize_map(Members)
            }
        }
    };
}

/// A member of an object: its place in the list of known ones, or its name.
enum Member {
    Known(usize),
    Other(String),
}

/// Recognises the members of an object by their names.
struct MemberSeed(&'static [&'static str]);

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

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Member, E> {
        let known = self.0.iter().position(|member| plain(member) == name);
        Ok(known.map_or_else(|| Member::Other(name.to_owned()), Member::Known))
    }
}

/// The name of a member without the mark that Rust needs for its own words.
fn plain(member: &str) -> &str {
    member.strip_prefix("r#").unwrap_or(member)
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

shape! {
    /// A whole model file.
    ModelFile {
        settings: Option<SettingsShape>,
        people: Vec<PersonShape>,
        vendors: Vec<RecordShape>,
        segments: Vec<SegmentShape>,
        segment_links: Vec<LinkShape>,
        controls: Vec<ControlShape>,
        systems: Vec<SystemShape>,
        keys: Vec<KeyShape>,
        credentials: Vec<CredentialShape>,
        flows: Vec<FlowShape>,
        overrides: Vec<OverrideShape>,
        connectors: Vec<RecordShape>,
        certificates: Vec<RecordShape>,
        token_domains: Vec<RecordShape>,
        element_policies: Vec<RecordShape>,
        pages: Vec<RecordShape>,
        scripts: Vec<RecordShape>,
        access_groups: Vec<RecordShape>,
    }
}

macro_rules! never_equal {
    ($($name:ident),+ $(,)?) => {$(
        /// Shapes are compared only to leave out absent ones, and a shape that is there is never absent.
        impl PartialEq for $name {
            fn eq(&self, _: &Self) -> bool {
                false
            }
        }
    )+};
}

never_equal!(
    SettingsShape,
    PersonShape,
    RecordShape,
    SegmentShape,
    LinkShape,
    ControlShape,
    SystemShape,
    KeyShape,
    CredentialShape,
    GrantShape,
    FlowShape,
    OverrideShape,
    HoldingShape,
    ControlInFlow
);

shape! {
    /// The settings.
    SettingsShape { view: Option<View>, strict_flat: Option<bool>, as_of: Option<Day>, service_provider: Option<bool> }
}

shape! {
    /// A person or team.
    PersonShape { id: Option<String>, name: Option<String>, kind: Option<super::party::PartyKind>, mail: Option<String>, function: Option<String> }
}

shape! {
    /// An object of facts only: a vendor, a connector, a certificate and so on.
    RecordShape { id: Option<String>, name: Option<String> }
}

shape! {
    /// A segment.
    SegmentShape { id: Option<String>, name: Option<String>, trust: Option<Trust>, microsegmented: Option<bool> }
}

shape! {
    /// A link between two segments.
    LinkShape { a: Option<String>, b: Option<String>, policy: Option<LinkPolicy>, control: Option<String> }
}

shape! {
    /// A control.
    ControlShape {
        id: Option<String>,
        name: Option<String>,
        r#type: Option<String>,
        between: Vec<String>,
        applies_to: Vec<String>,
        mode: Option<ControlMode>,
        status: Option<ControlStatus>,
        last_change: Option<Day>,
        last_review: Option<Day>,
        last_tested: Option<Day>,
        frequency_days: Option<u64>,
        report_ref: Option<String>,
    }
}

shape! {
    /// A system.
    SystemShape {
        id: Option<String>,
        name: Option<String>,
        kind: Option<String>,
        function: Option<String>,
        boundary: Option<Boundary>,
        vendor: Option<String>,
        operated_by: Option<String>,
        environment: Option<Environment>,
        segment: Option<String>,
        lifecycle: Option<Lifecycle>,
        disposed: Option<bool>,
        holdings: Vec<HoldingShape>,
        capabilities: Vec<CapabilityShape>,
        copies: Vec<CopyShape>,
        manages: Vec<ManagesShape>,
        payment_page: Option<PaymentPage>,
        relay: Option<bool>,
        sealed_scd: Option<bool>,
        exposure: Option<Exposure>,
        controls: Vec<String>,
        detect_minutes: Option<u64>,
        undeclared: Option<bool>,
    }
}

shape! {
    /// An element in a form, on a system or on a flow.
    HoldingShape {
        element: Option<String>,
        form: Option<String>,
        ops: Option<Vec<Op>>,
        key: Option<String>,
        domain: Option<String>,
        alg: Option<String>,
        mask: Option<String>,
        live: Option<bool>,
        phase: Option<Phase>,
        records: Option<u64>,
        population: Option<String>,
    }
}

/// What a system can do with the tokens of a domain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "see `system::Capability`")]
pub struct CapabilityShape {
    pub r#type: CapabilityType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
}

/// A copy of another system's stores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "see `system::CopyOf`")]
pub struct CopyShape {
    pub from: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encrypt_key: Option<String>,
}

/// A management relation; the target is a system, or `segment:` and the key of a segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "see `system::Manages`")]
pub struct ManagesShape {
    pub target: String,
    pub how: How,
}

shape! {
    /// A key.
    KeyShape {
        id: Option<String>,
        name: Option<String>,
        r#use: Option<KeyUse>,
        holders: Vec<String>,
        p2pe_listed: Option<bool>,
        attested: Option<bool>,
    }
}

shape! {
    /// A credential.
    CredentialShape {
        id: Option<String>,
        name: Option<String>,
        kind: Option<String>,
        held_by: Vec<String>,
        grants: Vec<GrantShape>,
        bound_to: Option<Vec<String>>,
        mfa: Option<bool>,
        ttl_minutes: Option<u64>,
        non_exportable: Option<bool>,
        shared: Option<bool>,
        location: Option<String>,
    }
}

shape! {
    /// A grant of a credential.
    GrantShape {
        on: Option<String>,
        r#priv: Option<Privilege>,
        action: Vec<String>,
        elements: Option<Vec<String>>,
        domain: Option<String>,
    }
}

shape! {
    /// A flow.
    FlowShape {
        id: Option<String>,
        name: Option<String>,
        from: Option<String>,
        to: Option<String>,
        kind: Option<String>,
        data: Vec<HoldingShape>,
        wire_names: Vec<WireName>,
        protocol: Option<String>,
        auth: Option<String>,
        credential: Option<String>,
        encryption: Option<super::relations::Encryption>,
        initiator: Option<Initiator>,
        channel: Option<Channel>,
        access: Option<Access>,
        control: Option<ControlInFlow>,
        via: Vec<ViaShape>,
        stage: Option<Lifecycle>,
        page: Option<String>,
        connector: Option<String>,
        action: Vec<String>,
        sync: Option<Sync>,
        latency_seconds: Option<u64>,
        period_minutes: Option<u64>,
    }
}

/// A node on the way of a flow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "see `flow::Via`")]
pub struct ViaShape {
    pub node: String,
    pub mode: ViaMode,
}

/// The control of a flow: the key of a record, or a description in place.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ControlInFlow {
    /// The key of a control.
    Record(String),
    /// A control without a record.
    Inline {
        /// What it is.
        #[serde(rename = "type", default)]
        kind: String,
        /// Whether it is known to work.
        status: ControlStatus,
    },
}

shape! {
    /// An override.
    OverrideShape {
        system: Option<String>,
        category: Option<OverrideCategory>,
        justification: Option<String>,
        evidence: Vec<String>,
        author: Option<String>,
        approver: Option<String>,
        role: Option<String>,
        decided_at: Option<Day>,
        expires: Option<Day>,
        fingerprint: Option<String>,
        stale: Option<bool>,
    }
}
