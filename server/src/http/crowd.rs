//! How many of one address are here at once: connections where they are accepted, requests behind a proxy.
//!
//! An IPv6 address counts with the 64 bits of the network around it, which one customer usually has for themselves.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::client::ClientAddress;
use super::refusal::Refusal;
use crate::config::proxy::Network;

/// How many of one address there may be.
pub const OF_ONE_ADDRESS: usize = 32;

/// Counts by address.
#[derive(Debug)]
pub struct Crowd {
    most: usize,
    /// Who speaks for many: the proxies, and this machine, where everybody has the same address.
    exempt: Arc<[Network]>,
    here: Mutex<HashMap<IpAddr, usize>>,
}

impl Crowd {
    /// Nobody yet.
    #[must_use]
    pub fn new(most: usize, exempt: Arc<[Network]>) -> Arc<Self> {
        Arc::new(Self { most, exempt, here: Mutex::default() })
    }

    /// One more of this address, as long as what it gives is kept; `None` where there are too many already.
    #[must_use]
    pub fn enter(self: &Arc<Self>, address: IpAddr) -> Option<Entered> {
        if self.exempt.iter().any(|network| network.contains(address)) {
            return Some(Entered(None));
        }
        let network = network(address);
        let mut here = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        let count = here.entry(network).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Entered(Some((Arc::clone(self), network))))
    }

    fn leave(&self, network: IpAddr) {
        let mut here = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = here.get_mut(&network) {
            *count -= 1;
            if *count == 0 {
                here.remove(&network);
            }
        }
    }
}

/// One who is counted, until this is dropped.
#[derive(Debug)]
pub struct Entered(Option<(Arc<Crowd>, IpAddr)>);

impl Drop for Entered {
    fn drop(&mut self) {
        if let Some((crowd, network)) = self.0.take() {
            crowd.leave(network);
        }
    }
}

/// This machine.
///
/// # Panics
/// Never: both are networks.
#[must_use]
pub fn this_machine() -> [Network; 2] {
    ["127.0.0.0/8", "::1"].map(|network| network.parse().expect("it is a network"))
}

/// Refuses at once a client of whom too many requests are being worked on, however many connections the proxy uses.
pub async fn requests(State(crowd): State<Arc<Crowd>>, request: Request, next: Next) -> Response {
    let address = request.extensions().get::<ClientAddress>().map(|ClientAddress(address)| *address);
    match address.map(|address| crowd.enter(address)) {
        Some(None) => Refusal::Busy.into_response(),
        _entered => next.run(request).await,
    }
}

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

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn of_one_address_there_are_so_many_and_no_more_until_one_leaves() {
        let crowd = Crowd::new(2, Arc::from([]));
        let (first, second) = (crowd.enter(address("192.0.2.1")), crowd.enter(address("192.0.2.1")));
        assert!(first.is_some() && second.is_some());
        assert!(crowd.enter(address("192.0.2.1")).is_none());
        assert!(crowd.enter(address("::ffff:192.0.2.1")).is_none(), "the same address in other words");
        assert!(crowd.enter(address("192.0.2.2")).is_some());
        drop(first);
        assert!(crowd.enter(address("192.0.2.1")).is_some());
        drop(second);
        assert!(crowd.here.lock().unwrap().is_empty(), "who is gone is forgotten");
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_and_who_speaks_for_many_is_not_counted() {
        let crowd = Crowd::new(1, this_machine().into());
        let _one = crowd.enter(address("2001:db8:1:2::1")).unwrap();
        assert!(crowd.enter(address("2001:db8:1:2:ffff::9")).is_none());
        assert!(crowd.enter(address("2001:db8:1:3::1")).is_some());
        let many: Vec<_> = (0..100).map(|_| crowd.enter(address("127.0.0.1"))).collect();
        assert!(many.iter().all(Option::is_some) && crowd.enter(address("::1")).is_some());
    }
}
