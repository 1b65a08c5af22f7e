//! PCI DSS scope: which systems are in it, by which rule, along which path.

pub mod delta;
pub mod explain;
pub mod verdict;
