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
use super::crowd::{Crowd, OF_ONE_ADDRESS, this_machine};
use crate::config::proxy::Network;

/// How many headers a request may have.
const HEADERS: usize = 64;

/// How large the head of a request may be, in bytes.
const HEAD_BYTES: usize = 64 * 1024;

/// How long and for how many the loop waits.
#[derive(Debug, Clone)]
pub struct Patience {
    /// How many connections are open at once; more wait in the system's queue.
    pub connections: usize,
    /// How many connections one address has at once; more are closed at once.
    pub of_one_address: usize,
    /// The networks whose connections are not counted by address: proxies, and this machine.
    pub exempt: Arc<[Network]>,
    /// How long a client may take to send the head of a request, and how long an idle connection stays open.
    pub head: Duration,
    /// How long requests that were begun may go on after the server was asked to stop.
    pub stop: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connections: 1024,
            of_one_address: OF_ONE_ADDRESS,
            exempt: this_machine().into(),
            head: Duration::from_secs(10),
            stop: Duration::from_secs(25),
        }
    }
}

/// Serves until `stop` says so, then lets requests that were begun come to their end.
pub async fn serve(listener: TcpListener, router: Router, patience: Patience, mut stop: watch::Receiver<bool>) {
    let slots = Arc::new(Semaphore::new(patience.connections));
    let crowd = Crowd::new(patience.of_one_address, Arc::clone(&patience.exempt));
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
        let Some(entered) = crowd.enter(peer.ip()) else {
            tracing::debug!("a connection was closed, because its address has too many");
            continue;
        };
        let (router, stop, ended, head) = (router.clone(), stop.clone(), ended.clone(), patience.head);
        tokio::spawn(async move {
            connection(stream, peer, router, head, stop).await;
            drop((slot, entered, ended));
        });
    }
    drop((listener, ended));
    if timeout(patience.stop, all_ended.recv()).await.is_err() {
        tracing::warn!("requests were cut off because they did not end in time");
    }
}

/// Waits for the wish to stop; whoever could wish it being gone counts as one.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Serves one connection until it ends, or until the request on it when the server stops.
async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    head: Duration,
    mut stop: watch::Receiver<bool>,
) {
    // Answers are written in one piece, and waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer.ip()));
        router.clone().oneshot(request)
    });
    // HTTP/1 only: TLS, and with it HTTP/2, ends at the proxy, and guessing the version would wait without a limit.
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(head).max_headers(HEADERS).max_buf_size(HEAD_BYTES);
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use std::io::{Read as _, Write as _};

    use axum::routing::get;

    use crate::clock::instant;

    /// A server with one slow page; its address and the switch that stops it.
    async fn started(patience: Patience) -> (SocketAddr, watch::Sender<bool>, tokio::task::JoinHandle<()>) {
        let slow = get(|| async {
            sleep(Duration::from_millis(300)).await;
            "done"
        });
        let router = Router::new().route("/slow", slow).route("/", get(|| async { "here" }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = watch::channel(false);
        (address, stop, tokio::spawn(serve(listener, router, patience, stopped)))
    }

    /// Sends the text and reads until the other side closes.
    async fn exchange(address: SocketAddr, text: &'static str) -> String {
        tokio::task::spawn_blocking(move || {
            let mut stream = std::net::TcpStream::connect(address).unwrap();
            // So may the write, where the other side closed before it read anything.
            let _ = stream.write_all(text.as_bytes());
            let mut answer = String::new();
            // A connection that is cut may end with a reset instead of an end.
            let _ = stream.read_to_string(&mut answer);
            answer
        })
        .await
        .unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_client_that_never_ends_its_headers_is_cut_off() {
        let (address, _stop, _server) =
            started(Patience { head: Duration::from_millis(200), ..Patience::default() }).await;
        for unfinished in ["", "GET / HTTP/1.1\r\nHost: a\r\n", "PRI * HT"] {
            let started = instant();
            let answer = exchange(address, unfinished).await;
            assert!(!answer.contains("200 OK"), "{answer}");
            assert!(started.elapsed() < Duration::from_secs(5), "{unfinished:?} took {:?}", started.elapsed());
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn one_connection_more_than_there_may_be_waits_and_is_served() {
        let (address, _stop, _server) =
            started(Patience { connections: 1, head: Duration::from_millis(200), ..Patience::default() }).await;
        let idle = tokio::spawn(exchange(address, "GET / HT"));
        sleep(Duration::from_millis(50)).await;
        let answer = exchange(address, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
        assert!(answer.ends_with("here"), "{answer}");
        idle.await.unwrap();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn one_address_has_so_many_connections_and_the_next_is_closed() {
        let patience = Patience { of_one_address: 2, exempt: Arc::from([]), ..Patience::default() };
        let (address, _stop, _server) = started(patience).await;
        let idle: Vec<_> = (0..2).map(|_| std::net::TcpStream::connect(address).unwrap()).collect();
        sleep(Duration::from_millis(100)).await;
        let request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        assert_eq!(exchange(address, request).await, "", "closed before anything was read");
        drop(idle);
        sleep(Duration::from_millis(100)).await;
        assert!(exchange(address, request).await.ends_with("here"));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_request_that_was_begun_ends_before_the_server_does() {
        let (address, stop, server) = started(Patience::default()).await;
        let request = tokio::spawn(exchange(address, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"));
        sleep(Duration::from_millis(100)).await;
        stop.send_replace(true);
        server.await.unwrap();
        assert!(request.await.unwrap().ends_with("done"));
        assert!(std::net::TcpStream::connect(address).is_err(), "new connections are refused");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_request_that_does_not_end_in_time_is_cut_off() {
        let (address, stop, server) =
            started(Patience { stop: Duration::from_millis(50), ..Patience::default() }).await;
        let _request = tokio::spawn(exchange(address, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"));
        sleep(Duration::from_millis(50)).await;
        stop.send_replace(true);
        let begun = instant();
        server.await.unwrap();
        assert!(begun.elapsed() < Duration::from_millis(250), "{:?}", begun.elapsed());
    }
}
