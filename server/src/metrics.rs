//! What the second listener tells a scraper: counters, durations, and how full what is limited is, as OpenMetrics text.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;

use domain::time::Timestamp;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use store::{Store, meter};

use crate::http::meter::HttpMeters;

/// The media type of the text.
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Everything that is told.
pub struct Metrics {
    registry: Registry,
    store: Store,
    /// Held while the values that are read from elsewhere are put in and the text is written.
    read: Mutex<Read>,
}

/// What is read when somebody asks.
#[derive(Default)]
struct Read {
    connections: Family<Connections, Gauge>,
    connections_max: Family<Pool, Gauge>,
    hashes: Family<Hashes, Gauge>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Connections {
    pool: &'static str,
    state: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Pool {
    pool: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Hashes {
    state: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Build {
    version: &'static str,
}

impl Metrics {
    /// What is told of a process that began at `started`.
    #[must_use]
    pub fn new(store: Store, http: &HttpMeters, started: Timestamp) -> Self {
        let mut registry = Registry::default();
        let read = Read::default();
        let build = Family::<Build, Gauge>::default();
        build.get_or_create(&Build { version: env!("CARGO_PKG_VERSION") }).set(1);
        registry.register("plumbline_build_info", "Always 1; the label says which version runs", build);
        let start = Gauge::<f64, AtomicU64>::default();
        #[expect(clippy::cast_precision_loss, reason = "microseconds since 1970 fit into 53 bits until the year 2255")]
        start.set(started.0 as f64 / 1e6);
        registry.register("process_start_time_seconds", "When the process began, in seconds since 1970", start);
        http.register(&mut registry);
        meter::register(&mut registry);
        registry.register(
            "plumbline_database_connections",
            "Open connections to the database, by pool and state",
            read.connections.clone(),
        );
        registry.register(
            "plumbline_database_connections_max",
            "How many connections a pool may have",
            read.connections_max.clone(),
        );
        registry.register(
            "plumbline_password_hashes",
            "Password hashes being computed, and sign-ins that wait for one",
            read.hashes.clone(),
        );
        Self { registry, store, read: Mutex::new(read) }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> String {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        for pool in self.store.connections() {
            let set = |state, number: u32| {
                read.connections.get_or_create(&Connections { pool: pool.name, state }).set(i64::from(number));
            };
            set("idle", pool.idle);
            set("in_use", pool.open.saturating_sub(pool.idle));
            read.connections_max.get_or_create(&Pool { pool: pool.name }).set(i64::from(pool.most));
        }
        let hashing = self.store.hashing();
        for (state, number) in [("running", hashing.running), ("waiting", hashing.waiting)] {
            read.hashes.get_or_create(&Hashes { state }).set(i64::try_from(number).unwrap_or(i64::MAX));
        }
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("writing into a text does not fail");
        text
    }
}
