//! The vocabulary: what a payment estate consists of.
//!
//! A [`Model`] is a plain value. Everything in it is known by its key, ordered by key, and shared
//! cheaply between revisions, so that a change copies only what it touches.

mod addresses;
mod as_of;
pub mod card_number;
pub mod catalogue;
pub mod credential;
pub mod draft;
pub mod duty;
pub mod element;
pub mod fact;
pub mod file;
pub mod flow;
pub mod kinds;
pub mod object;
pub mod ops;
pub mod party;
mod pin;
pub mod reader;
pub mod references;
pub mod relations;
pub mod sample;
pub mod segment;
pub mod settings;
pub mod system;
mod table;

use crate::id::{ControlId, CredentialId, FlowId, KeyId, PersonId, SegmentId, SystemId, VendorId};
use credential::{Credential, Key};
use flow::Flow;
use object::{Record, RecordKey};
use party::{Person, Vendor};
use segment::{Control, Link, LinkKey, Segment};
use settings::{Override, OverrideKey, Settings};
use system::System;
pub use table::Table;

/// The model of one workspace at one revision. A clone shares every table with it that neither changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Model {
    /// What the engine is told beside the objects.
    pub settings: Settings,
    /// Systems: the nodes.
    pub systems: Table<SystemId, System>,
    /// Flows: the edges, in the direction of the data.
    pub flows: Table<FlowId, Flow>,
    /// Declared network segments.
    pub segments: Table<SegmentId, Segment>,
    /// Policies between pairs of segments, keyed by the ordered pair.
    pub links: Table<LinkKey, Link>,
    /// Controls.
    pub controls: Table<ControlId, Control>,
    /// Cryptographic keys.
    pub keys: Table<KeyId, Key>,
    /// Credentials with their grants.
    pub credentials: Table<CredentialId, Credential>,
    /// Vendors.
    pub vendors: Table<VendorId, Vendor>,
    /// People and teams.
    pub people: Table<PersonId, Person>,
    /// Scope overrides. Where a system has several, the last valid one counts.
    pub overrides: Table<OverrideKey, Override>,
    /// Records that consist of facts only: certificates, connectors, payment pages, scripts and the like.
    pub records: Table<RecordKey, Record>,
}
