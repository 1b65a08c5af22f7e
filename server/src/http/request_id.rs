//! The number under which a request is found in the log.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue};

/// The number of a request: 16 hexadecimal digits, made by us for each request and never taken from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    fn new() -> Self {
        Self(hex::encode(super::random::<8>()))
    }
}

impl std::fmt::Display for RequestId {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

/// Gives the request its number, and tells it to the client.
pub async fn number(mut request: Request, next: Next) -> Response {
    const NAME: HeaderName = HeaderName::from_static("x-request-id");
    let id = RequestId::new();
    let header = HeaderValue::from_str(&id.0).expect("hexadecimal digits are a header value");
    request.extensions_mut().insert(id);
    let mut response = next.run(request).await;
    response.headers_mut().insert(NAME, header);
    response
}
