//! People's decisions on scope.

use std::sync::Arc;

use super::conversion::{Conversion, Words};
use super::gap::GapKind;
use crate::id::SystemId;
use crate::model::file::OverrideShape;
use crate::model::settings::{Override, OverrideCategory, OverrideKey};

impl Conversion {
    pub(super) fn decision<T: Words>(&mut self, shape: OverrideShape<T>) {
        let Some(system) = shape.system.filter(|id| !id.as_ref().is_empty()) else {
            return self.gap("system", GapKind::MissingId, "");
        };
        self.name_object(system.as_ref());
        let system = self.key(system);
        let key = self.next_key(system);
        for name in shape.rest.keys() {
            self.gap(name, GapKind::UnknownAttribute, name);
        }
        let decision = Override {
            key: key.clone(),
            category: shape.category.unwrap_or(OverrideCategory::Cde),
            justification: shape.justification.map(Into::into).unwrap_or_default(),
            evidence: shape.evidence.into_iter().map(Into::into).collect(),
            author: shape.author.map(Into::into),
            approver: shape.approver.map(Into::into),
            role: shape.role.map(Into::into),
            decided_at: shape.decided_at,
            expires: shape.expires,
            fingerprint: shape.fingerprint.map(Into::into),
            stale: shape.stale.unwrap_or(false),
        };
        self.model.overrides.insert(key, Arc::new(decision));
    }

    /// The decisions on a system are numbered in the order of the file.
    fn next_key(&self, system: SystemId) -> OverrideKey {
        let first = OverrideKey { system: system.clone(), number: 0 };
        let last = OverrideKey { system: system.clone(), number: u32::MAX };
        let before = self.model.overrides.range(first..=last).next_back();
        OverrideKey { system, number: before.map_or(0, |(key, _)| key.number.saturating_add(1)) }
    }
}
