//! From where does somebody sign in? Address, browser, and whether that browser is a known one.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};

use axum::extract::FromRequestParts;
use axum::response::Response;
use http::header::{COOKIE, SET_COOKIE, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, HeaderValue};
use store::{DeviceToken, Visit};

use super::client::ClientAddress;

/// Seconds for which a browser stays known.
const LIFETIME: u32 = 90 * 24 * 3600;

/// Where somebody comes from.
#[derive(Clone)]
pub struct Visitor {
    address: String,
    agent: String,
    device: Option<String>,
}

impl Visitor {
    /// As the store takes it.
    #[must_use]
    pub fn visit(&self) -> Visit<'_> {
        Visit { address: &self.address, agent: &self.agent, device: self.device.as_deref() }
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let address = parts.extensions.get().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ClientAddress(it)| *it);
        let agent = parts.headers.get(USER_AGENT).and_then(|it| it.to_str().ok()).unwrap_or_default();
        Ok(Self { address: address.to_string(), agent: agent.to_owned(), device: device(&parts.headers) })
    }
}

/// Makes the browser carry by what it is known, with every later try to sign in.
pub fn remember(response: &mut Response, token: &DeviceToken, https: bool) {
    let (name, secure) = if https { ("__Host-device", "; Secure") } else { ("device", "") };
    let token = token.expose();
    let cookie = format!("{name}={token}; Path=/; Max-Age={LIFETIME}; SameSite=Lax; HttpOnly{secure}");
    let cookie = HeaderValue::from_str(&cookie).expect("hexadecimal digits are a header value");
    response.headers_mut().append(SET_COOKIE, cookie);
}

/// What the cookie of a known browser carries. Both names are read: which one is there, the browser has decided.
fn device(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (_, token) = pairs.find(|(name, _)| matches!(*name, "__Host-device" | "device"))?;
    let is_token = token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_token.then(|| token.to_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_known_by_sixty_four_hexadecimal_digits() {
        let read = |text: &str| device(&HeaderMap::from_iter([(COOKIE, text.parse().unwrap())]));
        let token = "0123456789abcdef".repeat(4);
        assert_eq!(read(&format!("sid=x; __Host-device={token}")), Some(token.clone()));
        assert_eq!(read(&format!("device={token}; theme=dark")), Some(token.clone()));
        for other in ["device=", "device=abc", "sid=x", &format!("device={}", "g".repeat(64))] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
