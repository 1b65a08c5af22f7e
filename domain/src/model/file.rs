//! The model file: the shapes that JSON and YAML files have, both ways.
//!
//! Everything may be absent, and `null` means absent. What is not a column is a registered fact and stands
//! beside the columns under its own name.

mod details;
mod objects;
mod relations;
mod shape;
mod text;
mod value;

use std::collections::BTreeMap;

use serde_json::Value;

use shape::{Absent, shape};

pub use details::{FactDetail, FactDetails};
pub use objects::{
    ControlShape, CredentialShape, FlowShape, HoldingShape, KeyShape, LinkShape, OverrideShape, PersonShape,
    RecordShape, SegmentShape, SettingsShape, SystemShape,
};
pub use relations::{CapabilityShape, ControlInFlow, CopyShape, GrantShape, ManagesShape, ViaShape};
pub use shape::PARTS_MAX;
pub use text::{TEXT_BYTES_MAX, Text};
pub use value::DEPTH_MAX;

pub(super) use shape::{Member, MemberSeed, twice};
pub(super) use value::Bounded;

shape! {
    /// A whole model file.
    ModelFile<T> at 1 {
        settings: Option<SettingsShape>,
        people: Vec<PersonShape<T>>,
        vendors: Vec<RecordShape<T>>,
        segments: Vec<SegmentShape<T>>,
        segment_links: Vec<LinkShape<T>>,
        controls: Vec<ControlShape<T>>,
        systems: Vec<SystemShape<T>>,
        keys: Vec<KeyShape<T>>,
        credentials: Vec<CredentialShape<T>>,
        flows: Vec<FlowShape<T>>,
        overrides: Vec<OverrideShape<T>>,
        connectors: Vec<RecordShape<T>>,
        certificates: Vec<RecordShape<T>>,
        token_domains: Vec<RecordShape<T>>,
        element_policies: Vec<RecordShape<T>>,
        pages: Vec<RecordShape<T>>,
        scripts: Vec<RecordShape<T>>,
        access_groups: Vec<RecordShape<T>>,
        observations: Vec<RecordShape<T>>,
    }
}

/// Attributes that are no columns.
pub type Rest = BTreeMap<String, Value>;
