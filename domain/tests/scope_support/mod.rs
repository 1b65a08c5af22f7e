//! What the property tests of the scope engine share: random models, and the rules written a second time.

mod invariants;
pub mod models;
pub mod naive;
