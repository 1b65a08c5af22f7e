//! The time and random numbers: the two things that the store takes from outside.

use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;

/// Tells the time. Everything in the store that depends on time asks this clock and no other.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// So many bytes from the operating system's generator.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// A new row identifier (UUID version 7): rows made later sort later. It never leaves the database.
pub(crate) fn row_id(now: Timestamp) -> Result<Uuid, StoreError> {
    let millis = u64::try_from(now.0.div_euclid(1000)).unwrap_or(0);
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &random()?).into_uuid())
}

/// A new key that cannot be guessed, in hexadecimal.
pub(crate) fn random_key<const N: usize>() -> Result<String, StoreError> {
    Ok(hex::encode(random::<N>()?))
}
