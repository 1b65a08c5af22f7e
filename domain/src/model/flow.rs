//! A flow: an edge of the map, in the direction of the data.

use serde::{Deserialize, Serialize};

use super::element::Holding;
use super::fact::Facts;
use super::kinds::{Action, FlowKind};
use super::relations::{
    Access, Auth, Channel, ControlStatus, Encryption, Initiator, Lifecycle, Protocol, Sync, ViaMode,
};
use crate::id::{ConnectorId, ControlId, CredentialId, FlowId, SystemId};

/// Data that goes from one system to another. What comes back is a second flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// The key.
    pub id: FlowId,
    /// What people call it; empty where "from to to" says enough.
    pub name: String,
    /// The system that the data leaves.
    pub from: SystemId,
    /// The system that the data reaches.
    pub to: SystemId,
    /// The kind of path.
    pub kind: FlowKind,
    /// Which elements travel in which form.
    pub fields: Vec<Holding>,
    /// Names on the wire that nobody has mapped to an element.
    pub wire_names: Vec<WireName>,
    /// The protocol.
    pub protocol: Protocol,
    /// How the initiating end proves who it is.
    pub auth: Auth,
    /// The credential that is used.
    pub credential: Option<CredentialId>,
    /// How it is encrypted.
    pub encryption: Encryption,
    /// Which end opens the connection.
    pub initiator: Initiator,
    /// Network or offline.
    pub channel: Channel,
    /// What the network lets through.
    pub access: Access,
    /// The control that blocks or filters it.
    pub control: Option<FlowControl>,
    /// Nodes on the way that see or carry the traffic.
    pub via: Vec<Via>,
    /// The stage of life.
    pub stage: Lifecycle,
    /// The system that serves the payment page from which the flow starts in the browser.
    pub page: Option<SystemId>,
    /// The connector it belongs to.
    pub connector: Option<ConnectorId>,
    /// What it does: moves money, reads, writes.
    pub action: Vec<Action>,
    /// How the two ends work together; `None` is unknown.
    pub sync: Option<Sync>,
    /// Seconds from one end to the other; `None` is unknown.
    pub latency_seconds: Option<u64>,
    /// Minutes between two batches; `None` is unknown.
    pub period_minutes: Option<u64>,
    /// Registered facts.
    pub facts: Facts,
}

impl Flow {
    /// A live network flow that carries nothing, and of which nobody said how it is encrypted or authenticated.
    #[must_use]
    pub fn new(id: FlowId, from: SystemId, to: SystemId) -> Self {
        Self {
            id,
            name: String::new(),
            from,
            to,
            kind: FlowKind::Api,
            fields: Vec::new(),
            wire_names: Vec::new(),
            protocol: Protocol::Unknown,
            auth: Auth::Unknown,
            credential: None,
            encryption: Encryption::Unknown,
            initiator: Initiator::From,
            channel: Channel::Network,
            access: Access::Restricted,
            control: None,
            via: Vec::new(),
            stage: Lifecycle::Live,
            page: None,
            connector: None,
            action: Vec::new(),
            sync: None,
            latency_seconds: None,
            period_minutes: None,
            facts: Facts::new(),
        }
    }
}

/// A name on the wire without an element.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct WireName {
    /// The path of the field as the source wrote it.
    pub name: String,
    /// True where a person said that it is no payment data; false where it still waits for an answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dismissed: bool,
}

/// The control of a flow: a record of the model, or a description in place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlowControl {
    /// A control record.
    Record(ControlId),
    /// A control without a record.
    Inline {
        /// What it is, in the words of the file.
        kind: String,
        /// Whether it is known to work.
        status: ControlStatus,
    },
}

/// A node on the way of a flow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Via {
    /// The node.
    pub node: SystemId,
    /// What it does with the traffic.
    pub mode: ViaMode,
}
