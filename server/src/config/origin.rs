//! Under which origin does the browser know us?

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

/// Where requests of our own pages come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A browser on this machine, over plain HTTP.
    Local,
    /// A browser anywhere, over TLS.
    Public(PublicUrl),
}

impl Origin {
    /// Whether the browser speaks TLS, so that cookies can be `Secure` and HSTS makes sense.
    #[must_use]
    pub const fn is_https(&self) -> bool {
        matches!(self, Self::Public(_))
    }

    /// The address to type, for a server that listens at `address`.
    #[must_use]
    pub fn url(&self, address: SocketAddr) -> String {
        match self {
            Self::Public(url) => url.to_string(),
            Self::Local => format!("http://{address}"),
        }
    }

    /// Whether the value of an `Origin` header is ours, byte for byte. `host` is the request's `Host` header.
    ///
    /// On this machine people type different names for the same thing, so there the origin must be a loopback
    /// name and the very host to which the request went.
    #[must_use]
    pub fn is_ours(&self, origin: &[u8], host: Option<&[u8]>) -> bool {
        match self {
            Self::Public(url) => origin == url.origin.as_bytes(),
            Self::Local => {
                let ours = origin.strip_prefix(b"http://").filter(|authority| Some(*authority) == host);
                ours.and_then(|authority| std::str::from_utf8(authority).ok())
                    .is_some_and(|it| is_loopback(host_of(it)))
            }
        }
    }
}

/// The address that people type: scheme, host and port, without a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    /// As browsers write it in the `Origin` header.
    origin: String,
}

impl PublicUrl {
    /// As browsers write it in the `Origin` header: lower case, without the default port.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.origin
    }

    /// Whether the scheme is `https`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.origin.starts_with("https://")
    }

    /// Whether the host is this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.origin.split_once("://").is_some_and(|(_, authority)| is_loopback(host_of(authority)))
    }
}

impl std::fmt::Display for PublicUrl {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.origin)
    }
}

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const ADVICE: &str = "write scheme and host without a path, for example https://plumbline.shop.example";
        let url: http::Uri = text.parse().map_err(|_| ADVICE)?;
        let (Some(scheme), Some(authority)) = (url.scheme_str(), url.authority()) else { return Err(ADVICE) };
        let default_port = match scheme {
            "https" => 443,
            "http" => 80,
            _ => return Err(ADVICE),
        };
        let path = url.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        if path != "/" || authority.as_str().contains('@') || authority.host().is_empty() {
            return Err(ADVICE);
        }
        let port = match authority.port() {
            None => String::new(),
            Some(port) if port.as_u16() == default_port => String::new(),
            Some(port) => format!(":{}", port.as_u16()),
        };
        Ok(Self { origin: format!("{scheme}://{}{port}", authority.host().to_ascii_lowercase()) })
    }
}

/// The host of an authority without its port; brackets of IPv6 stay.
fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => host,
        _ => authority,
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_written_as_browsers_write_an_origin() {
        let cases = [
            ("https://Plumbline.Shop.example", "https://plumbline.shop.example"),
            ("https://plumbline.shop.example:443/", "https://plumbline.shop.example"),
            ("https://plumbline.shop.example:8443", "https://plumbline.shop.example:8443"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ];
        for (given, origin) in cases {
            assert_eq!(given.parse::<PublicUrl>().unwrap().as_str(), origin);
        }
        for given in
            ["shop.example", "https://", "ftp://shop.example", "https://shop.example/app", "https://a@shop.example", ""]
        {
            assert!(given.parse::<PublicUrl>().is_err(), "{given}");
        }
    }

    #[test]
    fn a_public_origin_is_compared_byte_for_byte() {
        let origin = Origin::Public("https://shop.example".parse().unwrap());
        assert!(origin.is_ours(b"https://shop.example", None));
        for other in [
            "http://shop.example",
            "https://shop.example:444",
            "https://shop.example.evil",
            "https://Shop.example",
            "null",
            "",
        ] {
            assert!(!origin.is_ours(other.as_bytes(), Some(b"shop.example")), "{other}");
        }
    }

    #[test]
    fn a_local_origin_is_the_loopback_host_that_was_asked() {
        let local = Origin::Local;
        for host in ["127.0.0.1:8080", "localhost:8080", "[::1]:8080", "localhost"] {
            assert!(local.is_ours(format!("http://{host}").as_bytes(), Some(host.as_bytes())), "{host}");
        }
        for (origin, host) in [
            ("http://127.0.0.1:9000", "127.0.0.1:8080"),
            ("http://evil.example", "evil.example"),
            ("https://127.0.0.1:8080", "127.0.0.1:8080"),
            ("null", "127.0.0.1:8080"),
        ] {
            assert!(!local.is_ours(origin.as_bytes(), Some(host.as_bytes())), "{origin}");
        }
        assert!(!local.is_ours(b"http://127.0.0.1:8080", None));
    }
}
