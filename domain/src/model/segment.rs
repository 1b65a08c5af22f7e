//! Network segments, the links between them, and the controls that separate and protect.

use serde::{Deserialize, Serialize};

use super::fact::Facts;
use super::kinds::ControlType;
use super::relations::{ControlMode, ControlStatus, LinkPolicy, Trust};
use crate::id::{ControlId, SegmentId};
use crate::time::Day;

/// A declared network segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// The key.
    pub id: SegmentId,
    /// What people call it.
    pub name: String,
    /// How far it is trusted.
    pub trust: Trust,
    /// Default deny between its systems: being in it together connects nothing.
    pub microsegmented: bool,
    /// Registered facts, among them the order of its lane.
    pub facts: Facts,
}

impl Segment {
    /// An internal segment that is not microsegmented.
    #[must_use]
    pub fn new(id: SegmentId, name: impl Into<String>) -> Self {
        Self { id, name: name.into(), trust: Trust::Internal, microsegmented: false, facts: Facts::new() }
    }
}

/// A pair of segments, smaller key first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LinkKey(SegmentId, SegmentId);

impl LinkKey {
    /// The pair in its one order.
    #[must_use]
    pub fn new(one: SegmentId, other: SegmentId) -> Self {
        if one <= other { Self(one, other) } else { Self(other, one) }
    }

    /// The segment with the smaller key.
    #[must_use]
    pub const fn a(&self) -> &SegmentId {
        &self.0
    }

    /// The segment with the larger key.
    #[must_use]
    pub const fn b(&self) -> &SegmentId {
        &self.1
    }
}

/// What may pass between two segments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The pair.
    pub key: LinkKey,
    /// Open, filtered or denied.
    pub policy: LinkPolicy,
    /// The control that enforces it.
    pub control: Option<ControlId>,
    /// Registered facts.
    pub facts: Facts,
}

/// A thing that separates or protects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// The key.
    pub id: ControlId,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub kind: ControlType,
    /// The segments that it separates.
    pub between: Vec<SegmentId>,
    /// The objects it applies to: keys of systems, flows, pages, segments.
    pub applies_to: Vec<String>,
    /// What it does.
    pub mode: ControlMode,
    /// Whether it is known to work, as of the settings' day.
    pub status: ControlStatus,
    /// When its configuration changed last.
    pub last_change: Option<Day>,
    /// When its rules were reviewed last.
    pub last_review: Option<Day>,
    /// When it was tested last.
    pub last_tested: Option<Day>,
    /// Days from one test to the next.
    pub frequency_days: Option<u64>,
    /// The report of the last test.
    pub report_ref: Option<String>,
    /// Registered facts, among them the purpose.
    pub facts: Facts,
}
