//! Keys and credentials: what decides who can read ciphertext and who can do what where.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::fact::Facts;
use super::kinds::{Action, CredentialKind, SecretLocation};
use super::relations::{KeyUse, Privilege};
use crate::id::{CredentialId, DomainId, ElementId, KeyId, SystemId};

/// A cryptographic key. Never the key material.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// The key's key.
    pub id: KeyId,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub usage: KeyUse,
    /// The systems that can use it.
    pub holders: BTreeSet<SystemId>,
    /// It belongs to a PCI-listed P2PE solution.
    pub p2pe_listed: bool,
    /// Evidence on file says that we cannot decrypt.
    pub attested: bool,
    /// Registered facts.
    pub facts: Facts,
}

/// A secret that gives access, never the secret itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// The key.
    pub id: CredentialId,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub kind: CredentialKind,
    /// The systems that have it.
    pub held_by: BTreeSet<SystemId>,
    /// What it may do where.
    pub grants: Vec<Grant>,
    /// The only systems from which it works; `None` is from anywhere.
    pub bound_to: Option<BTreeSet<SystemId>>,
    /// A second factor is asked for.
    pub mfa: bool,
    /// Minutes until it expires by itself.
    pub ttl_minutes: Option<u64>,
    /// It cannot be copied off its holder.
    pub non_exportable: bool,
    /// Several people or integrations use it.
    pub shared: bool,
    /// Where it is kept.
    pub location: SecretLocation,
    /// Registered facts.
    pub facts: Facts,
}

/// What a credential may do on one system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The system.
    pub on: SystemId,
    /// How far it goes.
    pub privilege: Privilege,
    /// What it moves or changes; empty is unknown.
    pub action: Vec<Action>,
    /// The only elements it shows; `None` is all.
    pub elements: Option<BTreeSet<ElementId>>,
    /// The token domain of a right to de-tokenise.
    pub domain: Option<DomainId>,
    /// Registered facts.
    pub facts: Facts,
}
