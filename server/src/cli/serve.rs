//! `plumbline serve`: the pages on one listener, health on another, until the process is asked to stop.

use std::net::SocketAddr;
use std::time::Duration;

use store::Store;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use super::{Exit, Failure, Streams, block_on, data};
use crate::config::{ServeOptions, Serving};
use crate::http::Site;
use crate::http::crowd::this_machine;
use crate::http::serve::{Patience, serve as accept};
use crate::http::{health, router};

/// How often sessions that have ended are cleared away.
const SWEEP: Duration = Duration::from_secs(60);

/// Serves until the process is told to stop.
pub(super) fn serve(options: &ServeOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let serving = options.check().map_err(|sentences| Failure { exit: Exit::Usage, sentences })?;
    block_on(async {
        let pages = listen(serving.listen, "--listen").await?;
        let admin = listen(serving.admin_listen, "--admin-listen").await?;
        let _only = data::alone(&options.location)?;
        let store = data::open(&options.location).await?;
        announce(&serving, &pages, &store, streams).await?;
        let (stop, stopped) = watch::channel(false);
        let health = tokio::spawn(accept(admin, health::router(store.clone()), Patience::default(), stopped.clone()));
        let sweeper = tokio::spawn(sweep(store.clone()));
        let router = router::router(Site::new(store.clone(), &serving).map_err(Failure::usage)?);
        let exempt = serving.proxies.iter().copied().chain(this_machine()).collect();
        let patience = Patience { exempt, ..Patience::default() };
        let served = tokio::spawn(accept(pages, router, patience, stopped));
        asked_to_stop().await;
        tracing::info!("stopping: no new connections, requests that were begun come to their end");
        stop.send_replace(true);
        let _ = served.await;
        let _ = health.await;
        sweeper.abort();
        store.close().await;
        Ok(())
    })
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
    loop {
        minute.tick().await;
        if let Err(error) = store.sessions().sweep().await {
            tracing::error!(?error, "sessions that have ended could not be cleared away");
        }
    }
}

/// Ctrl-C in a terminal, or the polite signal of whatever supervises the process.
async fn asked_to_stop() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            // Without the signal there is still Ctrl-C.
            Err(error) => {
                tracing::warn!(%error, "SIGTERM cannot be received");
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
