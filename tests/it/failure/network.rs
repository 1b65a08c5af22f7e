//! Real connections: what a client sees that sends before it listens, and what one sees beside slow ones.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use server::clock::instant;
use server::http::serve::{Patience, serve};
use store::Start;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::http::app::{Browser, TestApp};

async fn listening(app: &TestApp) -> (SocketAddr, watch::Sender<bool>, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = watch::channel(false);
    (address, stop, tokio::spawn(serve(listener, app.router.clone(), Patience::default(), stopped)))
}

/// Sends head and body to the end, and only then reads: as browsers do.
async fn exchange(address: SocketAddr, head: String, body: Vec<u8>) -> String {
    let talk = move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    };
    tokio::task::spawn_blocking(talk).await.unwrap()
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
}

fn upload(address: SocketAddr, browser: &Browser, bytes: usize) -> String {
    format!(
        "POST /w/shop/import HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nSec-Fetch-Site: same-origin\r\n\
         Cookie: sid={}\r\nContent-Type: multipart/form-data; boundary=edge\r\nContent-Length: {bytes}\r\n\
         Connection: close\r\n\r\n",
        browser.cookies["sid"]
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_sends_50_mb_before_it_listens_still_reads_why_not() {
    let (app, browser) = TestApp::set_up(Start::Empty).await;
    let (address, _stop, _server) = listening(&app).await;
    let body = vec![b'a'; 50 * 1024 * 1024];
    let answer = exchange(address, upload(address, &browser, body.len()), body).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer:.200}");
    assert!(answer.contains("plumbline import --data DIR --workspace WORKSPACE FILE"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_drip_headers_do_not_hold_up_others() {
    let app = TestApp::new().await;
    let (address, _stop, _server) = listening(&app).await;
    let drip = || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ").unwrap();
        stream
    };
    let slow: Vec<TcpStream> = (0..200).map(|_| drip()).collect();
    let started = instant();
    let answer = exchange(address, get("/sign-in"), Vec::new()).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer:.200}");
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    drop(slow);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_does_not_say_what_it_is_made_of() {
    let app = TestApp::new().await;
    let (address, stop, server) = listening(&app).await;
    let answer = exchange(address, get("/sign-in"), Vec::new()).await;
    let head = answer.split("\r\n\r\n").next().unwrap().to_lowercase();
    assert!(!head.contains("server:") && !head.contains("hyper") && !head.contains("axum"), "{head}");
    assert!(head.contains("content-length:"), "{head}");
    stop.send_replace(true);
    server.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_whose_end_is_ambiguous_is_refused() {
    let app = TestApp::new().await;
    let (address, _stop, _server) = listening(&app).await;
    let smuggled = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    for heads in [
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Content-Length: +5\r\n",
        "Transfer-Encoding : chunked\r\n",
    ] {
        let head = format!("POST /sign-in HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{heads}\r\n");
        let answer = exchange(address, head, smuggled.as_bytes().to_vec()).await;
        assert_eq!(answer.matches("HTTP/1.1 ").count(), usize::from(!answer.is_empty()), "{heads}: {answer}");
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{heads}: {answer:.200}");
    }
}
