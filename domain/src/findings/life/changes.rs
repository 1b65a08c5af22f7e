//! To which findings can anything have happened between two runs of the rules?

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::findings::finding::{Finding, Findings, Identity};

/// What differs between two runs. [`super::reconcile`] needs no other finding, and no other record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes<'f> {
    /// Findings that are new, or whose facts or severity differ.
    pub current: Vec<&'f Finding>,
    /// Findings that are gone.
    pub gone: BTreeSet<Identity>,
}

impl Changes<'_> {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.current.is_empty() && self.gone.is_empty()
    }

    /// The identities of all that differs.
    #[must_use]
    pub fn identities(&self) -> BTreeSet<Identity> {
        self.gone.iter().cloned().chain(self.current.iter().map(|it| it.identity())).collect()
    }
}

/// What differs between the findings of two runs. Both are sorted, so that one walk over both finds it.
#[must_use]
pub fn changes<'f>(before: &Findings, after: &'f Findings) -> Changes<'f> {
    let (mut old, mut new) = (before.findings.iter().peekable(), after.findings.iter().peekable());
    let mut changes = Changes::default();
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            // Lists that come from one another share what did not change.
            (Some(one), Some(other)) if one.is_same(other) => {
                old.next();
                new.next();
                continue;
            }
            (Some(one), Some(other)) => one.order().cmp(&other.order()),
        };
        match order {
            Ordering::Less => changes.gone.extend(old.next().map(Finding::identity)),
            Ordering::Greater => changes.current.extend(new.next()),
            Ordering::Equal => {
                let (was, is) = (old.next(), new.next());
                changes.current.extend(is.filter(|is| was.is_none_or(|was| was.facts != is.facts)));
            }
        }
    }
    // A finding of another severity has another place in the order, and is not gone.
    for finding in &changes.current {
        changes.gone.remove(&finding.identity());
    }
    changes
}
