//! Which state of a workspace somebody looks at: the one of now, one of before, or one that is proposed.

use crate::proposal::ProposalKey;
use crate::role::Capability;
use crate::snapshot::{Snapshot, SnapshotKey};
use crate::time::Timestamp;

/// The state of a workspace that an estate shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Moment {
    /// The model as it is.
    #[default]
    Now,
    /// The model as a snapshot has it. Nothing in it can be changed.
    Then(Snapshot),
    /// The model as an open proposal would have it.
    Drafted(Draft),
    /// Nothing was signed yet, for somebody who sees only what was: a model with nothing in it.
    Unsigned,
}

/// What pages say of a proposal with whose edits they show the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The proposal.
    pub key: ProposalKey,
    /// What it is, in a line.
    pub title: String,
    /// How many objects it touches.
    pub edits: usize,
    /// Who looks at it is its requester, who alone edits it.
    pub own: bool,
}

impl Moment {
    /// The snapshot, where it is one.
    #[must_use]
    pub const fn snapshot(&self) -> Option<&Snapshot> {
        match self {
            Self::Then(snapshot) => Some(snapshot),
            Self::Now | Self::Drafted(_) | Self::Unsigned => None,
        }
    }

    /// The proposal, where it is one.
    #[must_use]
    pub const fn draft(&self) -> Option<&Draft> {
        match self {
            Self::Drafted(draft) => Some(draft),
            Self::Now | Self::Then(_) | Self::Unsigned => None,
        }
    }

    /// The key of the snapshot, where it is one.
    #[must_use]
    pub fn key(&self) -> Option<SnapshotKey> {
        self.snapshot().map(|it| it.key)
    }

    /// The instant as of which it is judged, where that is not now.
    #[must_use]
    pub fn instant(&self) -> Option<Timestamp> {
        self.snapshot().map(|it| it.taken_at)
    }

    /// Whether something that a role allows means anything in this state. The trail goes on after a snapshot, so it is no
    /// part of it.
    #[must_use]
    pub const fn allows(&self, capability: Capability) -> bool {
        match self {
            Self::Now => true,
            Self::Drafted(draft) if draft.own => capability.only_reads() || matches!(capability, Capability::EditModel),
            Self::Then(_) | Self::Drafted(_) | Self::Unsigned => matches!(
                capability,
                Capability::ReadModel | Capability::ReadAddresses | Capability::ExportModel | Capability::ReadMembers
            ),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::command::Revision;
    use crate::snapshot::Summary;

    #[test]
    fn nothing_can_be_changed_in_a_snapshot_whoever_asks() {
        let then = Moment::Then(Snapshot {
            key: "snap-1".parse().unwrap(),
            name: "Then".to_owned(),
            taken_at: Timestamp(0),
            taken_by: None,
            revision: Revision(1),
            hash: String::new(),
            summary: Summary::default(),
            signed: None,
        });
        for capability in Capability::ALL {
            assert!(Moment::Now.allows(*capability));
            assert!(!then.allows(*capability) || capability.only_reads(), "{capability}");
            assert_eq!(Moment::Unsigned.allows(*capability), then.allows(*capability), "{capability}");
        }
        assert!(then.allows(Capability::ReadModel) && !then.allows(Capability::ReadAudit));
    }
}
