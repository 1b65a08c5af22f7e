//! Pages and files over HTTP: routes, the guards before them, and one handler for each.

pub mod accounts;
pub mod act;
pub mod api;
pub mod audit;
mod calendar;
pub mod client;
mod comments;
mod confirmations;
pub mod crowd;
pub mod download;
mod evidence;
mod findings;
pub mod form;
pub mod headers;
pub mod health;
pub mod held;
pub mod import;
pub mod incidents;
pub mod inventory;
pub mod limits;
pub mod mail;
pub mod members;
pub mod meter;
pub mod model;
pub mod moment;
pub mod next;
pub mod nonce;
mod notices;
pub mod observations;
pub mod own_account;
pub mod packs;
pub mod page;
mod paste;
pub mod people;
mod policies;
pub mod preference;
pub mod proposals;
pub mod recognise;
pub mod refusal;
pub mod registers;
pub mod report;
pub mod request_id;
pub mod requests;
mod requirements;
pub mod reviews;
pub mod risks;
pub mod router;
pub mod routes;
pub mod same_origin;
pub mod schedules;
pub mod serve;
pub mod session;
pub mod settings;
pub mod snapshots;
pub mod taken;
pub mod throttle;
pub mod tokens;
pub mod trace;
mod views;
pub mod visitor;
pub mod workspaces;

use std::sync::Arc;

use domain::problem::Problem;
use store::Store;
use tokio::sync::Semaphore;

use crate::config::Serving;
use crate::config::origin::Origin;
use crate::config::proxy::Network;
use crate::pack::child::Child;
use crate::pack::job::Workshop;

/// What the handlers share.
#[derive(Clone)]
pub struct Site {
    /// The data. Only the session and the handlers of accounts speak to it; all others ask through the caller.
    store: Store,
    /// Under which origin the browser knows us.
    origin: Origin,
    /// The address of the site as links to it begin, from the configuration and never from a request.
    address: Arc<str>,
    /// Whose `X-Forwarded-For` is believed.
    proxies: Arc<[Network]>,
    /// How many browsers' reports were written lately.
    reports: Arc<report::Reports>,
    /// Who makes evidence packs.
    packs: Workshop,
    /// How many files are read at once: each is in memory as a whole.
    readers: Arc<Semaphore>,
    /// How many files of evidence come in at once.
    uploads: Arc<Semaphore>,
    /// Who sends links to new passwords; `None` where the server sends no mail.
    post: Option<mail::Post>,
    /// What is counted of requests.
    meters: meter::HttpMeters,
}

impl Site {
    /// A site on this data, as configured. Where mail is, it is sent by a task of its own, so that this needs a runtime.
    ///
    /// # Errors
    /// The sentence that says what of the configuration cannot be used.
    pub fn new(store: Store, serving: &Serving) -> Result<Self, String> {
        let address: Arc<str> = serving.origin.url(serving.listen).into();
        let post = serving.mail.as_ref().map(|server| mail::Post::open(store.clone(), server, Arc::clone(&address)));
        Ok(Self {
            origin: serving.origin.clone(),
            address,
            proxies: serving.proxies.as_slice().into(),
            reports: Arc::default(),
            packs: Workshop::new(store.clone(), &serving.data),
            readers: Arc::new(Semaphore::new(import::READERS)),
            uploads: Arc::new(Semaphore::new(evidence::UPLOADS)),
            post: post.transpose()?,
            meters: meter::HttpMeters::default(),
            store,
        })
    }

    /// What is counted of requests.
    #[must_use]
    pub const fn meters(&self) -> &meter::HttpMeters {
        &self.meters
    }

    /// The same site, in which a process of its own makes each evidence pack.
    #[must_use]
    pub fn with_packs_in(self, child: Child) -> Self {
        Self { packs: self.packs.in_child(child), ..self }
    }

    /// Who makes evidence packs.
    #[must_use]
    pub const fn packs(&self) -> &Workshop {
        &self.packs
    }

    /// Whether browsers speak TLS to us.
    const fn https(&self) -> bool {
        self.origin.is_https()
    }
}

/// Random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system has random numbers");
    bytes
}

/// A fault of ours: its cause goes to the log, under the number that the person is told.
fn fault(what: &str, error: &dyn std::error::Error) -> Problem {
    let incident = hex::encode(random::<6>());
    tracing::error!(%incident, error = causes(error), "{what}");
    Problem::Broken { incident }
}

/// An error with everything that led to it, in one line.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text.push_str(": ");
        text.push_str(&next.to_string());
        cause = next.source();
    }
    text
}
