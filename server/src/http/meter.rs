//! Counts requests and times them, by the route and never by the address, which holds what people typed.

use std::sync::atomic::AtomicI64;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::Method;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use store::meter::seconds;

use super::routes::ROUTES;
use crate::clock::instant;

/// What is known of all requests so far. Copies count into the same.
#[derive(Debug, Clone)]
pub struct HttpMeters {
    requests: Family<Answered, Counter>,
    durations: Family<Template, Histogram, fn() -> Histogram>,
    in_flight: Gauge<i64, AtomicI64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: &'static str,
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Template {
    route: &'static str,
}

impl Default for HttpMeters {
    fn default() -> Self {
        Self {
            requests: Family::default(),
            durations: Family::new_with_constructor(seconds),
            in_flight: Gauge::default(),
        }
    }
}

impl HttpMeters {
    /// Lists what is counted here.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "plumbline_http_requests",
            "Requests by method, template of the route (none: no such route) and class of the status",
            self.requests.clone(),
        );
        registry.register(
            "plumbline_http_request_duration_seconds",
            "Time until the head of an answer, by template of the route",
            self.durations.clone(),
        );
        registry.register("plumbline_http_requests_in_flight", "Requests being answered now", self.in_flight.clone());
    }
}

/// Counts one request.
pub async fn count(State(meters): State<HttpMeters>, request: Request, next: Next) -> Response {
    let route = template(request.extensions().get::<MatchedPath>().map(MatchedPath::as_str));
    let method = word(request.method());
    let under_way = UnderWay::begin(&meters.in_flight);
    let started = instant();
    let response = next.run(request).await;
    drop(under_way);
    let status = class(response.status().as_u16());
    meters.requests.get_or_create(&Answered { method, route, status }).inc();
    meters.durations.get_or_create(&Template { route }).observe(started.elapsed().as_secs_f64());
    response
}

/// A request counts as under way until this is dropped, also where its client goes away.
struct UnderWay<'a>(&'a Gauge<i64, AtomicI64>);

impl<'a> UnderWay<'a> {
    fn begin(gauge: &'a Gauge<i64, AtomicI64>) -> Self {
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// The route's own text from our list.
fn template(matched: Option<&str>) -> &'static str {
    ROUTES.iter().map(|route| route.path).find(|path| Some(*path) == matched).unwrap_or("none")
}

fn word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}

const fn class(status: u16) -> &'static str {
    match status {
        0..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_typed_is_never_a_label() {
        assert_eq!(template(Some("/w/{ws}/map")), "/w/{ws}/map");
        assert_eq!(template(Some("/w/shop/map")), "none");
        assert_eq!(template(None), "none");
        let odd = Method::from_bytes(b"BREW").expect("a method may be any word");
        assert_eq!(word(&odd), "other");
    }

    #[test]
    fn a_request_that_is_given_up_is_under_way_no_longer() {
        let gauge = Gauge::<i64, AtomicI64>::default();
        let under_way = UnderWay::begin(&gauge);
        assert_eq!(gauge.get(), 1);
        drop(under_way);
        assert_eq!(gauge.get(), 0);
    }
}
