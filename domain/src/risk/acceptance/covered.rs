//! What an acceptance of a risk covers, as the model has it now.

use std::collections::{BTreeMap, BTreeSet};

use super::Content;
use crate::findings::{Finding, Identity};
use crate::model::Model;
use crate::risk::bound::Bound;
use crate::risk::record::{Link, Risk};
use crate::risk::scheme::{Level, Scheme};
use crate::scope::Scope;

/// The facts of now about what an acceptance of the risk covers: what the risk is linked to, and the findings that are
/// accepted with it, whether the risk still names them or not. A risk that nobody rates any more counts as the worst.
#[must_use]
pub fn covered(
    risk: &Risk,
    content: &Content,
    scheme: Scheme,
    (model, scope): (&Model, &Scope),
    findings: &BTreeMap<Identity, &Finding>,
) -> Bound {
    let asked = content.findings.iter().cloned().map(Link::Finding);
    let links: BTreeSet<Link> = risk.links.iter().cloned().chain(asked).collect();
    let level = risk.level(scheme).unwrap_or(Level::VeryHigh);
    Bound::of(&links, level, model, scope, findings)
}
