//! Which headers protect every answer?

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, SERVER, STRICT_TRANSPORT_SECURITY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::nonce::ScriptNonce;
use super::routes::{self, Endpoint};

const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const REPORTING_ENDPOINTS: HeaderName = HeaderName::from_static("reporting-endpoints");
const POWERED_BY: HeaderName = HeaderName::from_static("x-powered-by");

/// Nothing that a browser offers is used, except what pages need anyway.
const NO_FEATURES: &str = "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), \
                           gamepad=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), \
                           magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), \
                           publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), \
                           window-management=(), xr-spatial-tracking=()";

/// The policy of a file that is downloaded, should a browser show it after all.
pub const FILE_POLICY: &str = "sandbox; default-src 'none'";

/// Makes the nonce of the response, and sets the headers on whatever comes back.
pub async fn protect(State(https): State<bool>, mut request: Request, next: Next) -> Response {
    let nonce = ScriptNonce::new();
    request.extensions_mut().insert(nonce.clone());
    let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let endpoint = path.and_then(|path| routes::find(request.method(), path)).map(|route| route.endpoint);
    let mut response = next.run(request).await;
    // A missing file is an answer like any other; only what is there may be kept.
    let keeps = endpoint == Some(Endpoint::Asset) && response.status().is_success();
    set(response.headers_mut(), &nonce, https, keeps);
    response
}

fn set(headers: &mut HeaderMap, nonce: &ScriptNonce, https: bool, keeps: bool) {
    let fixed = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "same-origin"),
        (CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
        (CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
        (PERMISSIONS_POLICY, NO_FEATURES),
        (REPORTING_ENDPOINTS, "csp=\"/csp-report\""),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        let policy = HeaderValue::from_str(&policy(nonce)).expect("the policy and a base64 nonce are visible ASCII");
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    if !keeps {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(VARY, HeaderValue::from_static("Cookie, Sec-Fetch-Site"));
    }
    if https {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000; includeSubDomains"));
    }
    // Axum names no charset for some of its own texts, and a browser would guess.
    if headers.get(CONTENT_TYPE).is_some_and(|value| value == "text/plain") {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    }
    headers.remove(SERVER);
    headers.remove(POWERED_BY);
}

fn policy(nonce: &ScriptNonce) -> String {
    let nonce = nonce.as_str();
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; manifest-src 'self'; \
         report-to csp; report-uri /csp-report"
    )
}
