//! Blast radius: if something is hostile now, what can it read, act on and corrupt? Where would one control help
//! most, and which changes take the most out of scope for the least effort?
//!
//! `terrain` interns the model, `spread` gains control, credentials and keys, `sight` what is seen with them, `reach`
//! what is touched, `metrics` counts; `radius` puts it together. Every step is kept in the order in which it was
//! gained, so that the result replays.

pub mod budget;
pub mod choke;
pub mod clock;
pub mod edit;
pub mod facts;
pub mod flip;
mod footprint;
pub mod hidden;
mod holdings;
mod likelihood;
pub mod metrics;
pub mod money;
pub mod options;
mod proof;
pub mod radius;
mod reach;
pub mod reduce;
pub mod report;
pub mod sight;
mod spread;
pub mod start;
pub mod table;
mod terrain;

pub use choke::{ArcCosts, Choke, choke};
pub use radius::{Blast, Ground, radius};
pub use reduce::{Goal, OptionSet, Reduction, reduce};
pub use start::{Start, StartError};
