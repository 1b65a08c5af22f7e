//! What an attacker gains, by which rule, and from what: the proof of a blast radius.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::id::{CredentialId, DomainId, ElementId, FlowId, KeyId, SystemId};
use crate::model::element::Form;
use crate::model::kinds::Action;
use crate::model::relations::How;
use crate::text::text_enum;

text_enum! {
    /// The rules of the blast radius, in the order that breaks ties.
    Rule {
        Start = "B-START": "Assumed from the start",
        Harvest = "B-HARVEST": "Finds the credential on a system under control",
        Use = "B-USE": "Uses a credential from where it works",
        Manage = "B-MANAGE": "Controls what the system manages",
        Unauth = "B-UNAUTH": "Calls a connection that asks for no authentication",
        Key = "B-KEY": "Finds the key on a system under control",
        Read = "B-READ": "Reads what the system holds",
        Skim = "B-SKIM": "Sees what customers type on the payment page",
        Derive = "B-DERIVE": "Turns it back into clear data",
        Act = "B-ACT": "Triggers what a connection is there for",
        Integrity = "B-INTEGRITY": "Takes data from a hostile system",
        Exposed = "B-EXPOSED": "Can be reached from a hostile system",
    }
}

/// How far control over a system goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Everything.
    Admin,
    /// Use of what it does.
    Act,
    /// Use of its keys.
    Decrypt,
    /// Turning the tokens of a domain back into cards.
    Detokenise(Option<DomainId>),
    /// Reading its stores.
    Read,
}

impl Level {
    /// What somebody with this control does, in words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Admin => "administers it".to_owned(),
            Self::Act => "uses what it does".to_owned(),
            Self::Decrypt => "uses its keys".to_owned(),
            Self::Detokenise(Some(domain)) => format!("turns tokens of {domain} back"),
            Self::Detokenise(None) => "turns tokens back".to_owned(),
            Self::Read => "reads its stores".to_owned(),
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admin => out.write_str("admin"),
            Self::Act => out.write_str("act"),
            Self::Decrypt => out.write_str("decrypt"),
            Self::Detokenise(Some(domain)) => write!(out, "detokenise:{domain}"),
            Self::Detokenise(None) => out.write_str("detokenise"),
            Self::Read => out.write_str("read"),
        }
    }
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// Where data is seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// On a system.
    System(SystemId),
    /// On a flow.
    Flow(FlowId),
    /// In the customer's browser.
    Browser,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System(id) => write!(out, "{id}"),
            Self::Flow(id) => write!(out, "flow:{id}"),
            Self::Browser => out.write_str("browser"),
        }
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// Something that an attacker has, or that happens because of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// Control over a system.
    Control {
        /// The system.
        system: SystemId,
        /// How far it goes.
        level: Level,
    },
    /// A credential is known.
    Credential {
        /// The credential.
        id: CredentialId,
    },
    /// A key can be used.
    Key {
        /// The key.
        id: KeyId,
    },
    /// Data is seen.
    Data {
        /// The element.
        element: ElementId,
        /// The form in which it is seen.
        form: Form,
        /// Where.
        at: Place,
    },
    /// Money can be moved.
    Action {
        /// What is done.
        action: Action,
        /// The system that does it.
        system: SystemId,
    },
    /// A system takes hostile data.
    Integrity {
        /// The system.
        system: SystemId,
    },
    /// A system can be reached, and nothing more.
    Exposed {
        /// The system.
        system: SystemId,
    },
}

/// Over what a step goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// A flow.
    Flow(FlowId),
    /// The zone that both are in.
    Zone,
    /// The internet.
    Internet,
    /// The system itself.
    Same,
    /// A management relation.
    Manages(How),
    /// The payment page of the system.
    Page(SystemId),
}

/// One step of the proof. Its premises stand before it, so the steps in their order replay the attack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Derivation {
    /// What follows.
    #[serde(flatten)]
    pub fact: Fact,
    /// By which rule.
    pub rule: Rule,
    /// Hops from the start.
    pub hops: u32,
    /// Over what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub way: Option<Way>,
    /// From which steps, by their places in the list of all steps.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub premises: Vec<usize>,
}
