//! Which state of a workspace somebody looks at: the one of now, or one of before.

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
}

impl Moment {
    /// The snapshot, where it is one.
    #[must_use]
    pub const fn snapshot(&self) -> Option<&Snapshot> {
        match self {
            Self::Now => None,
            Self::Then(snapshot) => Some(snapshot),
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
            Self::Then(_) => matches!(
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
        });
        for capability in Capability::ALL {
            assert!(Moment::Now.allows(*capability));
            assert!(!then.allows(*capability) || capability.only_reads(), "{capability}");
        }
        assert!(then.allows(Capability::ReadModel) && !then.allows(Capability::ReadAudit));
    }
}
