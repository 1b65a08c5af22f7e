//! From which address does a request come?

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::config::proxy::{Network, client_address};

/// The other end of the connection. The accept loop puts it into each request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// The address under which a client's tries are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Finds the client's address, past the proxies that we trust.
pub async fn identify(State(proxies): State<Arc<[Network]>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |Peer(address)| *address);
    let forwarded = request.headers().get_all("x-forwarded-for");
    let values: Vec<&str> = forwarded.iter().filter_map(|value| value.to_str().ok()).collect();
    let address = client_address(peer, values.into_iter(), &proxies);
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}
