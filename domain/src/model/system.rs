//! A system: a node of the map.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Model;
use super::element::Holding;
use super::fact::Facts;
use super::kinds::{SystemFunction, SystemKind};
use super::relations::{Boundary, CapabilityType, Environment, Exposure, How, Lifecycle, PaymentPage};
use crate::id::{DomainId, KeyId, SegmentId, SystemId, VendorId};

/// A system that holds, passes on or protects payment data, or manages one that does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct System {
    /// The key.
    pub id: SystemId,
    /// What people call it; the key where nobody gave a name.
    pub name: String,
    /// What it is.
    pub kind: SystemKind,
    /// What it is for.
    pub function: SystemFunction,
    /// Whose it is.
    pub boundary: Boundary,
    /// The vendor that owns a third-party system.
    pub vendor: Option<VendorId>,
    /// The vendor that operates a system of ours.
    pub operated_by: Option<VendorId>,
    /// The environment.
    pub environment: Environment,
    /// The declared network segment.
    pub segment: Option<SegmentId>,
    /// The stage of life.
    pub lifecycle: Lifecycle,
    /// A retired system whose data is gone.
    pub disposed: bool,
    /// What it stores, processes or transmits by declaration.
    pub holdings: Vec<Holding>,
    /// What it can do with tokens.
    pub capabilities: Vec<Capability>,
    /// Which stores it copies.
    pub copies: Vec<CopyOf>,
    /// What it manages, and how.
    pub manages: Vec<Manages>,
    /// How it takes the card, where it serves a payment page.
    pub payment_page: PaymentPage,
    /// Whether who reaches it reaches what it reaches; `None` decides by kind.
    pub relay: Option<bool>,
    /// Clear data never leaves the secure cryptographic device.
    pub sealed_scd: bool,
    /// From where it can be reached; `None` decides by boundary.
    pub exposure: Option<Exposure>,
    /// Controls in place: keys of control records or control types.
    pub controls: Vec<String>,
    /// Minutes until hostile use is noticed.
    pub detect_minutes: Option<u64>,
    /// Named by a flow of an import, declared by nobody yet: drawn as an open end until a person confirms it.
    pub undeclared: bool,
    /// Registered facts.
    pub facts: Facts,
}

impl System {
    /// A live production service of ours with nothing on it.
    #[must_use]
    pub fn new(id: SystemId, name: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            kind: SystemKind::Service,
            function: SystemFunction::Other,
            boundary: Boundary::Own,
            vendor: None,
            operated_by: None,
            environment: Environment::Prod,
            segment: None,
            lifecycle: Lifecycle::Live,
            disposed: false,
            holdings: Vec::new(),
            capabilities: Vec::new(),
            copies: Vec::new(),
            manages: Vec::new(),
            payment_page: PaymentPage::None,
            relay: None,
            sealed_scd: false,
            exposure: None,
            controls: Vec::new(),
            detect_minutes: None,
            undeclared: false,
            facts: Facts::new(),
        }
    }

    /// Whether who can initiate into this system gets a path through it.
    ///
    /// Jump hosts and remote access relay by kind; deployment tools and code repositories do unless
    /// changes need an approval.
    #[must_use]
    pub fn is_relay(&self) -> bool {
        self.relay.unwrap_or(match self.kind {
            SystemKind::JumpHost
            | SystemKind::Bastion
            | SystemKind::Vpn
            | SystemKind::Vdi
            | SystemKind::Pam
            | SystemKind::Ztna => true,
            SystemKind::Cicd | SystemKind::CodeRepo => {
                !self.controls.iter().any(|control| control == "change_approval")
            }
            _ => false,
        })
    }
}

/// What a system can do with the tokens of a domain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Capability {
    /// Keeps the mapping, or may use it.
    #[serde(rename = "type")]
    pub kind: CapabilityType,
    /// The token domain.
    pub domain: Option<DomainId>,
}

/// A copy that a system takes of another system's store.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CopyOf {
    /// The system whose stores are copied.
    pub from: SystemId,
    /// The key under which the copy's clear card data is encrypted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encrypt_key: Option<KeyId>,
}

/// That a system manages another one, or all own systems of a segment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Manages {
    /// What is managed.
    pub target: ManageTarget,
    /// In which way.
    pub how: How,
}

/// What a management relation points at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ManageTarget {
    /// One system.
    System(SystemId),
    /// Every own system of a segment.
    Segment(SegmentId),
}

impl Model {
    /// The open ends: systems that a flow names and nobody has declared, whatever their verdict is, by key.
    ///
    /// Whoever counts them counts these, so that every page tells the same number.
    pub fn open_ends(&self) -> impl Iterator<Item = &Arc<System>> {
        self.systems.values().filter(|system| system.undeclared)
    }
}

impl How {
    /// Whether control over the manager is control over the managed, so that the relation chains.
    /// Supporting services (logs, time, detection, monitoring, physical) do not.
    #[must_use]
    pub const fn bears_control(self) -> bool {
        !matches!(self, Self::Log | Self::Ntp | Self::Ids | Self::Monitor | Self::Physical)
    }
}
