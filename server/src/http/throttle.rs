//! How often may one address try?
//!
//! Tries per account are counted in the database. This is about somebody who tries many accounts, or floods us with
//! forms. Where only this machine is served everybody has the same address, so nobody is counted there.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Site;
use super::client::ClientAddress;
use super::refusal::Refusal;
use super::routes::{self, Endpoint};
use crate::clock::instant;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

/// How many addresses are remembered. The one that was seen longest ago is forgotten first.
const ADDRESSES: usize = 10_000;

/// Refuses who posts more often than a person can.
pub async fn posts(State(site): State<Site>, request: Request, next: Next) -> Response {
    if !request.method().is_safe() && site.https() {
        let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
        let endpoint = routes::find(request.method(), path).map(|route| route.endpoint);
        let address = request.extensions().get().map(|ClientAddress(address)| *address);
        if let Some(Err(wait)) = address.map(|address| site.tries.count(address, endpoint, instant())) {
            let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
            return Refusal::TooMany(seconds).into_response();
        }
    }
    next.run(request).await
}

/// What the addresses did lately.
#[derive(Debug, Default)]
pub struct Tries {
    sign_ins: Buckets,
    posts: Buckets,
}

impl Tries {
    /// Counts a post; the error is how long to wait until the next one.
    fn count(&self, address: IpAddr, endpoint: Option<Endpoint>, now: Instant) -> Result<(), Duration> {
        let address = network(address);
        if matches!(endpoint, Some(Endpoint::SignIn | Endpoint::SetUp | Endpoint::AcceptInvitation)) {
            self.sign_ins.take(address, 20, Duration::from_secs(6), now)?;
        }
        self.posts.take(address, 120, Duration::from_millis(500), now)
    }
}

/// A bucket for each address: every post takes a token, and time puts tokens back.
#[derive(Debug, Default)]
struct Buckets(Mutex<BTreeMap<IpAddr, Bucket>>);

#[derive(Debug)]
struct Bucket {
    /// When the bucket will be full again.
    full_at: Instant,
    seen: Instant,
}

impl Buckets {
    /// Takes a token from a bucket of `size`, into which one comes back `every` so often.
    fn take(&self, address: IpAddr, size: u32, every: Duration, now: Instant) -> Result<(), Duration> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= ADDRESSES && !buckets.contains_key(&address) {
            let oldest = buckets.iter().min_by_key(|(_, bucket)| bucket.seen).map(|(address, _)| *address);
            oldest.and_then(|oldest| buckets.remove(&oldest));
        }
        let bucket = buckets.entry(address).or_insert(Bucket { full_at: now, seen: now });
        bucket.seen = now;
        let full_at = bucket.full_at.max(now) + every;
        match full_at.duration_since(now).checked_sub(every * size) {
            None | Some(Duration::ZERO) => {
                bucket.full_at = full_at;
                Ok(())
            }
            Some(wait) => Err(wait),
        }
    }
}

/// Who has one IPv6 address usually has the 64 bits of the network around it.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from(u128::from(address) >> 64 << 64)),
        address => address,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn twenty_sign_ins_at_once_and_then_ten_a_minute() {
        let (tries, start) = (Tries::default(), instant());
        let address = "203.0.113.9".parse().unwrap();
        let admitted = |seconds| {
            let now = start + Duration::from_secs(seconds);
            (0..100).filter(|_| tries.count(address, Some(Endpoint::SignIn), now).is_ok()).count()
        };
        assert_eq!(admitted(0), 20);
        assert_eq!(admitted(60), 10);
        assert_eq!(admitted(66), 1);
        assert_eq!(
            tries.count(address, Some(Endpoint::SetUp), start + Duration::from_secs(66)),
            Err(Duration::from_secs(6))
        );
        assert!(tries.count("203.0.113.10".parse().unwrap(), Some(Endpoint::SignIn), start).is_ok());
    }

    #[test]
    fn all_forms_of_one_address_are_two_a_second() {
        let (tries, now) = (Tries::default(), instant());
        let posts = |address: &str| {
            let address = address.parse().unwrap();
            (0..300).filter(|_| tries.count(address, Some(Endpoint::AddFlow), now).is_ok()).count()
        };
        assert_eq!(posts("203.0.113.9"), 120);
        assert_eq!(posts("2001:db8::1"), 120);
        assert_eq!(posts("2001:db8::2"), 0, "the same network");
    }
}
