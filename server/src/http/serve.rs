//! Accepts connections, and ends them in time.
//!
//! The loop is our own because the ready-made one sets no timer: without it, a client that sends its headers
//! slowly holds its connection for ever.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};
use tower::ServiceExt as _;

use super::client::Peer;

/// How many connections are open at once; more wait in the system's queue.
const CONNECTIONS: usize = 1024;

/// How long a client may take to send the head of a request, and how long an idle connection stays open.
const HEAD_WITHIN: Duration = Duration::from_secs(10);

/// How many headers a request may have.
const HEADERS: usize = 64;

/// How large the head of a request may be, in bytes.
const HEAD_BYTES: usize = 64 * 1024;

/// How long requests that were begun may go on after the server was asked to stop.
const STOPPED_WITHIN: Duration = Duration::from_secs(25);

/// Serves until `stop` says so, then lets requests that were begun come to their end.
pub async fn serve(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) {
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    let (ended, mut all_ended) = tokio::sync::mpsc::channel::<Infallible>(1);
    loop {
        let slot = tokio::select! {
            slot = Arc::clone(&slots).acquire_owned() => slot.expect("the semaphore is never closed"),
            () = stopped(&mut stop) => break,
        };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, most likely. Connections that end give some back.
                    tracing::warn!(%error, "no connection could be accepted");
                    sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            () = stopped(&mut stop) => break,
        };
        let (router, stop, ended) = (router.clone(), stop.clone(), ended.clone());
        tokio::spawn(async move {
            connection(stream, peer, router, stop).await;
            drop((slot, ended));
        });
    }
    drop((listener, ended));
    if timeout(STOPPED_WITHIN, all_ended.recv()).await.is_err() {
        tracing::warn!("requests were cut off because they did not end in time");
    }
}

/// Waits for the wish to stop; whoever could wish it being gone counts as one.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Serves one connection until it ends, or until the request on it when the server stops.
async fn connection(stream: TcpStream, peer: SocketAddr, router: Router, mut stop: watch::Receiver<bool>) {
    // Answers are written in one piece, and waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer.ip()));
        router.clone().oneshot(request)
    });
    // HTTP/1 only: TLS, and with it HTTP/2, ends at the proxy, and guessing the version would wait without a limit.
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_headers(HEADERS)
        .max_buf_size(HEAD_BYTES);
    let served = builder.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(served);
    let result = tokio::select! {
        result = served.as_mut() => result,
        () = stopped(&mut stop) => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(?error, "a connection ended early");
    }
}
