//! Which addresses are proxies of ours, and from which address a request really came.

use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

/// A network: an address and how many of its leading bits count. An IPv4 network also matches mapped IPv6 addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: u128,
    bits: u32,
}

impl Network {
    /// Whether the address lies in the network.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        let differs = self.address ^ as_bits(address);
        self.bits == 0 || differs >> (128 - self.bits) == 0
    }
}

impl FromStr for Network {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const ADVICE: &str = "write an IP address or a network, for example 10.0.0.5 or 10.0.0.0/24";
        let (address, length) = text.trim().split_once('/').map_or((text.trim(), None), |(a, l)| (a, Some(l)));
        let address: IpAddr = address.parse().map_err(|_| ADVICE)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let length = length.map_or(Ok(most), str::parse::<u32>).map_err(|_| ADVICE)?;
        if length > most {
            return Err(ADVICE);
        }
        Ok(Self { address: as_bits(address), bits: 128 - most + length })
    }
}

/// The address that a request came from: the peer, or where the peer is a proxy of ours, the right-most address
/// in `X-Forwarded-For` that is not one. What stands further left was written by somebody we do not know.
#[must_use]
pub fn client_address<'a>(
    peer: IpAddr,
    forwarded_for: impl DoubleEndedIterator<Item = &'a str>,
    proxies: &[Network],
) -> IpAddr {
    let ours = |address: IpAddr| proxies.iter().any(|network| network.contains(address));
    let mut client = peer;
    let mut hops = forwarded_for.rev().flat_map(|value| value.rsplit(',')).map(str::trim);
    while ours(client) {
        let Some(Ok(before)) = hops.next().map(str::parse) else { break };
        client = before;
    }
    client
}

fn as_bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_ipv6_mapped()),
        IpAddr::V6(address) => u128::from(Ipv6Addr::from(address.octets())),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn networks(texts: &[&str]) -> Vec<Network> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_network_contains_its_addresses_only() {
        let network: Network = "10.1.2.0/23".parse().unwrap();
        assert!(network.contains(ip("10.1.3.255")) && network.contains(ip("::ffff:10.1.2.1")));
        assert!(!network.contains(ip("10.1.4.0")) && !network.contains(ip("::1")));
        assert!("0.0.0.0/0".parse::<Network>().unwrap().contains(ip("203.0.113.9")));
        assert!(!"0.0.0.0/0".parse::<Network>().unwrap().contains(ip("2001:db8::1")));
        assert!("2001:db8::/32".parse::<Network>().unwrap().contains(ip("2001:db8:1::9")));
        for text in ["10.0.0.0/33", "10.0.0", "shop.example", "10.0.0.1/-1", ""] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_stranger_cannot_choose_the_address_under_which_it_counts() {
        let proxies = networks(&["10.0.0.0/24"]);
        let client =
            |peer: &str, forwarded: &[&str]| client_address(ip(peer), forwarded.iter().copied(), &proxies).to_string();
        assert_eq!(client("203.0.113.9", &["198.51.100.1"]), "203.0.113.9", "a peer that is no proxy is not believed");
        assert_eq!(client("10.0.0.5", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(
            client("10.0.0.5", &["1.1.1.1, 198.51.100.1, 10.0.0.6"]),
            "198.51.100.1",
            "right-most that is not ours"
        );
        assert_eq!(client("10.0.0.5", &["1.1.1.1", "198.51.100.1"]), "198.51.100.1", "several headers are one list");
        assert_eq!(client("10.0.0.5", &["nonsense"]), "10.0.0.5");
        assert_eq!(client("10.0.0.5", &[]), "10.0.0.5");
    }

    #[test]
    fn without_proxies_the_header_is_not_read() {
        assert_eq!(client_address(ip("127.0.0.1"), ["9.9.9.9"].into_iter(), &[]), ip("127.0.0.1"));
    }
}
