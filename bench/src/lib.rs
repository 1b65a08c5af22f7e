//! How fast the engine is: seeded estates of any size, the yardstick that the engine is compared with, and timings.

pub mod bare;
pub mod estate;
pub mod random;
pub mod timing;
