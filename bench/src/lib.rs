//! How fast the engine is: seeded estates and interface descriptions of any size, the yardstick that the engine is compared with, and timings.

pub mod bare;
pub mod estate;
pub mod random;
pub mod specification;
pub mod timing;
