//! PCI DSS scope: which systems are in it, by which rule, along which path.
//!
//! [`compute`] runs once over the whole model: `graph` interns it, `holdings` finds what each system holds, `effect`
//! what that does, `labels` what follows for the others, `classify` the categories; `witness` and `provenance` keep
//! the proofs. `explain`, `delta` and `report` only put the result into words and files.

pub mod chain;
mod classify;
mod compute;
pub mod delta;
mod effect;
pub mod explain;
pub mod fingerprint;
pub(crate) mod graph;
mod holdings;
mod labels;
mod overrides;
mod provenance;
pub mod report;
mod saq;
mod separation;
pub mod verdict;
mod witness;
mod zones;

pub use compute::compute;
pub use verdict::Scope;
