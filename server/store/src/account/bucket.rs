//! How often may one address post? Counted in the database, so that several servers count together.

use std::net::{IpAddr, Ipv6Addr};

use domain::problem::Problem;
use domain::time::Timestamp;

use crate::db::{Tx, row, run, transact};
use crate::error::{Failure, StoreError};
use crate::gate::told;
use crate::rows::statements;
use crate::store::Store;

statements! {
    /// One statement takes a token: `$3` is now, `$4` the time in which one token comes back, `$5` the time in which the
    /// whole bucket fills. No row: the bucket is empty, and nothing was taken.
    TAKE = "INSERT INTO address_bucket (kind, network, full_at) VALUES ($1, $2, CAST($3 AS BIGINT) + $4) \
        ON CONFLICT (kind, network) DO UPDATE SET full_at = $4 + \
        CASE WHEN address_bucket.full_at > $3 THEN address_bucket.full_at ELSE $3 END \
        WHERE $4 + CASE WHEN address_bucket.full_at > $3 THEN address_bucket.full_at ELSE $3 END \
        <= CAST($3 AS BIGINT) + $5 RETURNING full_at";
    FULL_AT = "SELECT full_at FROM address_bucket WHERE kind = $1 AND network = $2";
    REMOVE_FULL = "DELETE FROM address_bucket WHERE full_at <= $1";
    /// However many addresses there are, the table stays small: those that tried least are forgotten first.
    REMOVE_ALL_BUT = "DELETE FROM address_bucket WHERE network NOT IN (SELECT network FROM address_bucket \
        ORDER BY full_at DESC, network LIMIT $1)";
}

/// How many addresses are remembered.
const MOST: i64 = 10_000;

/// What an address does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posting {
    /// It tries to prove who it is: 20 at once, then 10 a minute.
    SignIn,
    /// It sends any form: 120 at once, then 2 a second.
    Form,
}

impl Posting {
    const fn kind(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Form => "post",
        }
    }

    /// Tokens of a full bucket, and microseconds until one comes back.
    const fn bucket(self) -> (i64, i64) {
        match self {
            Self::SignIn => (20, 6_000_000),
            Self::Form => (120, 500_000),
        }
    }
}

impl Store {
    /// Counts something that an address does. An IPv6 address counts with the 64 bits of the network around it.
    ///
    /// # Errors
    /// `TooMany` with the seconds until the next one.
    pub async fn count_address(&self, address: IpAddr, posting: Posting) -> Result<(), Problem> {
        let network = network(address).to_string();
        let outcome = transact!(self.db(), locking, |tx| take(tx, self.now(), &network, posting));
        outcome
            .map_err(|failure| told(failure, "address.count"))?
            .map_or(Ok(()), |seconds| Err(Problem::TooMany(seconds)))
    }
}

/// Takes a token; otherwise says how many seconds to wait for one.
async fn take(tx: &mut Tx, now: Timestamp, network: &str, posting: Posting) -> Result<Option<u32>, Failure> {
    let (size, every) = posting.bucket();
    let taken = row!(tx, (i64,), TAKE, posting.kind(), network, now.0, every, size * every)?;
    if taken.is_some() {
        return Ok(None);
    }
    let full_at = row!(tx, (i64,), FULL_AT, posting.kind(), network)?.map_or(now.0, |(full_at,)| full_at);
    let wait = full_at + every - (now.0 + size * every);
    let seconds = (wait + 999_999).div_euclid(1_000_000).max(1);
    Ok(Some(u32::try_from(seconds).unwrap_or(u32::MAX)))
}

/// Forgets buckets that are full again.
pub(crate) async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
    run!(tx, REMOVE_FULL, now.0)?;
    run!(tx, REMOVE_ALL_BUT, MOST)?;
    Ok(())
}

/// Who has one IPv6 address usually has the 64 bits of the network around it.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from(u128::from(address) >> 64 << 64)),
        address => address,
    }
}
