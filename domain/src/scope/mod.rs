//! PCI DSS scope: which systems are in it, by which rule, along which path.
//!
//! [`compute`] runs once over the whole model: `graph` interns it, `holdings` finds what each system holds, `effect`
//! what that does, `labels` what follows for the others, `classify` the categories; `witness` keeps
//! the proofs. `explain`, `delta` and `report` only put the result into words and files.
//! On demand, outside that run: `ways` follows the data to where it enters, `second` looks for another proof, `reliance` says what an exclusion rests on and until
//! when, `next_change` when dates alone can change the result.

mod account_data;
mod carried;
pub mod chain;
mod classify;
mod compute;
pub mod delta;
mod effect;
pub mod explain;
pub mod fingerprint;
mod flows;
pub(crate) mod graph;
pub(crate) mod grouped;
mod holdings;
pub(crate) mod index;
mod labels;
pub mod next_change;
mod overrides;
mod payload;
mod provenance;
pub mod reliance;
pub mod report;
mod saq;
pub mod second;
mod separation;
pub mod verdict;
pub mod ways;
mod witness;
mod zones;

pub use compute::compute;
pub use verdict::Scope;

/// Small models as JSON, for the tests of the rules.
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod testing {
    use super::verdict::{Rule, Scope, Verdict};
    use crate::model::Model;
    use crate::model::reader::read_json;

    /// The model of a file's members, such as `"systems":[..],"flows":[..]`.
    pub(super) fn model(members: &str) -> Model {
        read_json(format!("{{{members}}}").as_bytes()).unwrap().0
    }

    pub(super) fn scope(members: &str) -> Scope {
        super::compute(&model(members))
    }

    pub(super) fn verdict(members: &str, id: &str) -> Verdict {
        scope(members).systems[id].clone()
    }

    pub(super) fn rule(members: &str, id: &str) -> Option<Rule> {
        verdict(members, id).rule
    }

    /// The keys of a witness.
    pub(super) fn witness(verdict: &Verdict) -> Vec<&str> {
        verdict.witness.iter().map(|id| id.as_str()).collect()
    }
}
