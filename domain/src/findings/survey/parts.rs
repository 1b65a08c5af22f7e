//! A system and a flow as rules see them: with what touches them, and what follows from that.

use super::super::data::Cargo;
use crate::model::credential::{Credential, Grant, Key};
use crate::model::element::Holding;
use crate::model::flow::Flow;
use crate::model::kinds::SystemKind;
use crate::model::object::{ObjectRef, Record};
use crate::model::relations::{Access, Boundary, Channel, Exposure, How};
use crate::model::segment::Control;
use crate::model::system::System;
use crate::scope::verdict::{Category, Rule as ScopeRule, Sub, Verdict};

/// A system, with what touches it.
pub struct Node<'m> {
    /// The system.
    pub system: &'m System,
    /// The verdict of the scope; `None` of a system that the scope does not know.
    pub verdict: Option<&'m Verdict>,
    /// It counts in the view of the settings.
    pub active: bool,
    /// The credentials that it has.
    pub held: Vec<&'m Credential>,
    /// Who may do what on it.
    pub grants: Vec<(&'m Credential, &'m Grant)>,
    /// The control records that it names or that apply to it.
    pub controls: Vec<&'m Control>,
    /// The keys that it can use.
    pub keys: Vec<&'m Key>,
    /// The payment pages that it serves.
    pub pages: Vec<&'m Record>,
    pub(super) managers: Vec<(u32, How)>,
    pub(super) edges: Vec<u32>,
    pub(super) via: Vec<u32>,
}

/// A flow between two systems of the model.
pub struct Edge<'m> {
    /// The flow.
    pub flow: &'m Flow,
    /// It counts in the view of the settings, with both of its ends.
    pub active: bool,
    /// What it carries, whether or not it is blocked.
    pub cargo: Cargo,
    pub(super) from: u32,
    pub(super) to: u32,
}

/// Something that a system keeps, by its own declaration or because it arrives where what arrives is stored.
#[derive(Clone, Copy)]
pub struct Kept<'m> {
    /// The element in its form.
    pub holding: &'m Holding,
    /// The flow by which it arrives; `None` where the system declares it itself.
    pub by: Option<&'m Flow>,
}

impl Node<'_> {
    /// The system as the subject of a finding.
    #[must_use]
    pub fn subject(&self) -> ObjectRef {
        ObjectRef::System(self.system.id.clone())
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.system.name
    }

    /// The scope category; not live where the scope does not know the system.
    #[must_use]
    pub fn category(&self) -> Category {
        self.verdict.map_or(Category::NotLive, |it| it.category)
    }

    /// Whether it is ours.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.system.boundary == Boundary::Own
    }

    /// Whether it is a system of ours that is in scope.
    #[must_use]
    pub fn in_scope(&self) -> bool {
        self.is_own() && self.category().in_scope()
    }

    /// Whether it is a system of ours in the CDE.
    #[must_use]
    pub fn is_cde(&self) -> bool {
        self.is_own() && self.category() == Category::Cde
    }

    /// Whether it handles account data itself: a system of ours, or of a third party.
    #[must_use]
    pub fn handles_account_data(&self) -> bool {
        self.verdict.is_some_and(|it| matches!(it.sub, Some(Sub::Data | Sub::AccountData)))
    }

    /// Whether the scope rests on the rule, first or among the other reasons.
    #[must_use]
    pub fn scope_rests_on(&self, rule: ScopeRule) -> bool {
        self.verdict.is_some_and(|it| it.rule == Some(rule) || it.other_reasons.iter().any(|it| it.rule == rule))
    }

    /// Whether the internet reaches it: as declared, or else because it is somebody else's.
    #[must_use]
    pub fn is_on_the_internet(&self) -> bool {
        match self.system.exposure {
            Some(exposure) => exposure == Exposure::Internet,
            None => self.system.boundary != Boundary::Own,
        }
    }

    /// Whether what arrives here counts as stored until the system declares otherwise.
    #[must_use]
    pub const fn stores_what_arrives(&self) -> bool {
        use SystemKind::{Backup, DeadLetter, LogSink, Queue, Recorder, Warehouse};
        matches!(self.system.kind, LogSink | Queue | DeadLetter | Backup | Warehouse | Recorder)
    }
}

impl Edge<'_> {
    /// The flow as the subject of a finding.
    #[must_use]
    pub fn subject(&self) -> ObjectRef {
        ObjectRef::Flow(self.flow.id.clone())
    }

    /// Whether what it carries arrives: it is active, and not blocked.
    #[must_use]
    pub fn arrives(&self) -> bool {
        self.active && self.flow.access != Access::Blocked
    }

    /// Whether it arrives over a network.
    #[must_use]
    pub fn on_network(&self) -> bool {
        self.arrives() && self.flow.channel == Channel::Network
    }
}
