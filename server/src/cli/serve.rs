//! `plumbline serve`: the pages on one listener, health on another, until the process is asked to stop.

use std::net::SocketAddr;
use std::time::Duration;

use domain::evidence::file::Quota;
use store::{Clock as _, Files, Store, Swept};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use super::checkpoint::Checkpoints;
use super::{Exit, Failure, Streams, block_on, data};
use crate::clock::SystemClock;
use crate::config::{ServeOptions, Serving};
use crate::digest;
use crate::http::Site;
use crate::http::crowd::this_machine;
use crate::http::serve::{Patience, serve as accept};
use crate::http::{health, router};
use crate::mail::Courier;
use crate::metrics::Metrics;
use crate::pack::child::Child;

/// How often sessions that have ended are cleared away, and what time does to findings and schedules is written down.
const SWEEP: Duration = Duration::from_secs(60);

/// In every so many sweeps the files of evidence are looked through.
const FILES_EVERY: u32 = 60;

/// Serves until the process is told to stop.
pub(super) fn serve(options: &ServeOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let started = SystemClock.now();
    let serving = options.check().map_err(|sentences| Failure { exit: Exit::Usage, sentences })?;
    block_on(async {
        // From here on a wish to stop is heard, however early it comes.
        let stop_wish = asked_to_stop();
        let pages = listen(serving.listen, "--listen").await?;
        let admin = listen(serving.admin_listen, "--admin-listen").await?;
        let _only = data::alone(&options.location)?;
        let store = data::open(&options.location).await?.with_files(files(options));
        // Also the first key is there to be told before a pack is signed with it.
        store.pack_key().await.map_err(data::unavailable)?;
        let checkpoints = Checkpoints::begin(store.clone(), &options.location, options.checkpoints.as_deref()).await?;
        announce(&serving, &pages, &store, streams).await?;
        let (stop, stopped) = watch::channel(false);
        let child = Child::of(&options.location)
            .map_err(|error| Failure::fault(format!("The program cannot find itself: {error}.")))?;
        let site = Site::new(store.clone(), &serving).map_err(Failure::usage)?.with_packs_in(child);
        if options.location.is_sqlite() {
            site.packs().tidy().await;
        }
        let metrics = Metrics::new(store.clone(), site.meters(), started);
        let second = health::router(store.clone(), metrics);
        let health = tokio::spawn(accept(admin, second, Patience::default(), stopped.clone()));
        let sweeper = tokio::spawn(sweep(store.clone()));
        let letters = match &serving.mail {
            Some(mail) => {
                let courier = Courier::open(mail).map_err(Failure::usage)?;
                Some(tokio::spawn(letters(store.clone(), courier, serving.origin.url(serving.listen))))
            }
            None => None,
        };
        let checkpoints = tokio::spawn(checkpoints.keep(stopped.clone()));
        let packs = site.packs().clone();
        let router = router::router(site);
        let exempt = serving.proxies.iter().copied().chain(this_machine()).collect();
        let patience = Patience { exempt, ..Patience::default() };
        let served = tokio::spawn(accept(pages, router, patience, stopped));
        stop_wish.await;
        tracing::info!("stopping: no new connections, requests that were begun come to their end");
        stop.send_replace(true);
        packs.stop();
        let _ = served.await;
        let _ = health.await;
        sweeper.abort();
        if let Some(letters) = letters {
            letters.abort();
        }
        if let Ok(mut checkpoints) = checkpoints.await {
            checkpoints.write().await;
        }
        store.close().await;
        Ok(())
    })
}

/// Where the files of evidence are, and how much room they have.
fn files(options: &ServeOptions) -> Files {
    let file_bytes = u64::from(options.evidence_limit) * 1024 * 1024;
    let quota = Quota { file_bytes, bytes: file_bytes.saturating_mul(40), ..Quota::default() };
    Files::new(options.location.data.join(data::EVIDENCE_FOLDER), quota)
}

async fn listen(address: SocketAddr, option: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        let sentence = match error.kind() {
            std::io::ErrorKind::AddrInUse => format!("{address} is in use by another program. Stop that one, or"),
            std::io::ErrorKind::PermissionDenied => {
                format!("This user may not listen on {address}. Take a port above 1023:")
            }
            _ => format!("Nothing can listen on {address}: {error}. Check the address, or"),
        };
        Failure::usage(format!(
            "{sentence} choose another address with {option}, for example {option} 127.0.0.1:0 for any free port."
        ))
    })
}

/// Says where the pages are, and how to make the first account while there is none.
async fn announce(
    serving: &Serving,
    pages: &TcpListener,
    store: &Store,
    streams: &mut Streams<'_>,
) -> Result<(), Failure> {
    let address =
        pages.local_addr().map_err(|error| Failure::fault(format!("The listener has no address: {error}.")))?;
    let url = serving.origin.url(address);
    writeln!(streams.output, "Plumbline listens on {url}")?;
    if !serving.origin.is_https() {
        tracing::warn!("plain HTTP on this machine only: cookies are not marked Secure");
    }
    if let Some(token) = store.setup_token().await.map_err(data::unavailable)? {
        writeln!(streams.output, "Set-up link: {url}/setup#token={token}")?;
    }
    Ok(streams.output.flush()?)
}

async fn sweep(store: Store) {
    let mut minute = interval(SWEEP);
    minute.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut turns = 0_u32;
    loop {
        minute.tick().await;
        if turns.is_multiple_of(FILES_EVERY) {
            match store.sweep_files().await {
                Ok(swept) if swept == Swept::default() => {}
                Ok(swept) => tracing::info!(?swept, "files of evidence that nobody names were cleared away"),
                Err(error) => tracing::error!(?error, "files of evidence could not be cleared away"),
            }
        }
        turns = turns.wrapping_add(1);
        if let Err(error) = store.sessions().sweep().await {
            tracing::error!(?error, "sessions that have ended could not be cleared away");
        }
        if let Err(error) = store.bring_due().await {
            tracing::error!(?error, "findings could not be brought up to the day");
        }
        if let Err(error) = store.tick_schedules().await {
            tracing::error!(?error, "schedules could not be brought up to the day");
        }
        match store.break_off_silent_packs().await {
            Ok(0) => {}
            Ok(packs) => tracing::warn!(packs, "nothing is heard of packs any more; they can be made again"),
            Err(error) => tracing::error!(?error, "packs that broke off could not be marked"),
        }
    }
}

/// Sends the digests that are due, minute by minute, in a task of its own: a mail server that is slow holds up nothing.
async fn letters(store: Store, courier: Courier, address: String) {
    let mut minute = interval(SWEEP);
    minute.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        minute.tick().await;
        digest::send_due(&store, &courier, &address).await;
    }
}

/// Ctrl-C in a terminal, or the polite signal of whatever supervises the process.
///
/// The signals are received from the call on, not only once the answer is awaited.
fn asked_to_stop() -> impl Future<Output = ()> {
    let (terminate, interrupt) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    async {
        tokio::select! {
            () = received(terminate) => {}
            () = received(interrupt) => {}
        }
    }
}

async fn received(signal: std::io::Result<Signal>) {
    match signal {
        Ok(mut signal) => {
            signal.recv().await;
        }
        // There is still the other one.
        Err(error) => {
            tracing::warn!(%error, "a signal cannot be received");
            std::future::pending::<()>().await;
        }
    }
}
