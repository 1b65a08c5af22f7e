//! What the property tests of the scope engine share: random models, and the rules written a second time.

pub mod models;
pub mod naive;
