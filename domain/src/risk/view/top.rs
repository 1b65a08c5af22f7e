//! What is at risk most: systems and vendors by the open risks that are linked to them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Counts;
use crate::id::{SystemId, VendorId};
use crate::model::Model;
use crate::model::object::ObjectRef;
use crate::risk::record::{Risk, RiskKey, Stage};
use crate::risk::scheme::Scheme;

/// A system or vendor with its open risks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AtRisk<I> {
    /// Its key.
    pub id: I,
    /// How many risks of each level.
    pub counts: Counts,
    /// The risks, by key.
    pub risks: Vec<RiskKey>,
}

/// The systems with the worst risks first. A risk that is linked to a flow is one of both of its ends, one that is
/// linked to a credential one of its holders.
#[must_use]
pub fn top_systems<'a>(
    risks: impl IntoIterator<Item = &'a Risk>,
    model: &Model,
    scheme: Scheme,
    most: usize,
) -> Vec<AtRisk<SystemId>> {
    top(risks, scheme, most, |risk| systems_of(risk, model))
}

/// The vendors with the worst risks first. A risk of a system is one of the vendor that owns or operates it.
#[must_use]
pub fn top_vendors<'a>(
    risks: impl IntoIterator<Item = &'a Risk>,
    model: &Model,
    scheme: Scheme,
    most: usize,
) -> Vec<AtRisk<VendorId>> {
    top(risks, scheme, most, |risk| {
        let named = risk.objects().filter_map(|object| match object {
            ObjectRef::Vendor(id) => Some(id.clone()),
            _ => None,
        });
        let mut vendors: BTreeSet<VendorId> = named.collect();
        for system in systems_of(risk, model).iter().filter_map(|id| model.systems.get(id)) {
            vendors.extend(system.vendor.iter().chain(&system.operated_by).cloned());
        }
        vendors
    })
}

fn systems_of(risk: &Risk, model: &Model) -> BTreeSet<SystemId> {
    let mut systems = BTreeSet::new();
    for object in risk.objects() {
        match object {
            ObjectRef::System(id) => drop(systems.insert(id.clone())),
            ObjectRef::Flow(id) => {
                systems.extend(model.flows.get(id).into_iter().flat_map(|flow| [flow.from.clone(), flow.to.clone()]));
            }
            ObjectRef::Credential(id) => {
                systems.extend(model.credentials.get(id).into_iter().flat_map(|it| it.held_by.iter().cloned()));
            }
            _ => {}
        }
    }
    systems
}

fn top<'a, I: Ord + Clone>(
    risks: impl IntoIterator<Item = &'a Risk>,
    scheme: Scheme,
    most: usize,
    of: impl Fn(&Risk) -> BTreeSet<I>,
) -> Vec<AtRisk<I>> {
    let mut found: BTreeMap<I, AtRisk<I>> = BTreeMap::new();
    for risk in risks.into_iter().filter(|risk| risk.stage != Stage::Closed) {
        let Some(level) = risk.level(scheme) else { continue };
        for id in of(risk) {
            let at =
                found.entry(id.clone()).or_insert_with(|| AtRisk { id, counts: Counts::default(), risks: Vec::new() });
            at.counts.add(level);
            at.risks.push(risk.key);
        }
    }
    let mut found: Vec<AtRisk<I>> = found.into_values().collect();
    // Stable: what is equally bad stays in the order of the keys.
    found.sort_by_key(|it| std::cmp::Reverse(it.counts.weight()));
    found.truncate(most);
    for at in &mut found {
        at.risks.sort_unstable();
    }
    found
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::findings::tests::model;
    use crate::risk::record::Link;
    use crate::risk::scheme::{Rating, Step};

    fn risk(number: u32, step: u8, link: &str) -> Risk {
        let mut risk = Risk::new(RiskKey(number));
        risk.links.insert(Link::parse(link).unwrap());
        risk.residual = Rating::new(Scheme::Nist, Step::new(step).unwrap(), Step::new(step).unwrap());
        risk
    }

    #[test]
    fn one_very_high_risk_outweighs_many_low_ones() {
        let model = model(
            r#""vendors":[{"id":"psp"}],"systems":[{"id":"a"},{"id":"b","boundary":"third_party","vendor":"psp"}],
            "flows":[{"id":"f","from":"a","to":"b"}]"#,
        );
        let risks = [risk(1, 2, "system:a"), risk(2, 2, "system:a"), risk(3, 5, "system:b"), risk(4, 3, "flow:f")];
        let top = top_systems(&risks, &model, Scheme::Nist, 10);
        let found: Vec<(&str, usize)> = top.iter().map(|it| (it.id.as_str(), it.risks.len())).collect();
        assert_eq!(found, [("b", 2), ("a", 3)]);
        let vendors = top_vendors(&risks, &model, Scheme::Nist, 10);
        assert_eq!((vendors.len(), vendors[0].risks.clone()), (1, vec![RiskKey(3), RiskKey(4)]));
        assert_eq!(top_systems(&risks, &model, Scheme::Nist, 1).len(), 1);
    }
}
