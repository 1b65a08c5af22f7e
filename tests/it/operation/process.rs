//! A server as a process, and a client that speaks to it over a socket.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::backend::tokens::ApiTokens as _;
use domain::id::WorkspaceId;
use domain::token::TokenWish;
use server::clock::{SystemClock, instant};
use store::{SetUp, SignedIn, Start, Store};

/// The password of the one account.
pub const PASSWORD: &str = "a long sentence nobody guesses";

/// Its address.
pub const MAIL: &str = "security@shop.example";

/// How long a server may take until it answers, before a test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// The program itself.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plumbline-under-test"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PLUMBLINE_")) {
        command.env_remove(name);
    }
    command
}

/// Runs a command to its end; its exit code, and what it wrote.
pub fn ended(arguments: &[&str]) -> (i32, String) {
    let output = program().args(arguments).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&text).into_owned())
}

/// Where the servers of a test keep their data.
#[derive(Clone)]
pub struct Location {
    /// The folder.
    pub data: String,
    /// The URL of a database on PostgreSQL, where it is there.
    pub database: Option<String>,
}

impl Location {
    /// The options that say so.
    pub fn options(&self) -> Vec<&str> {
        let mut options = vec!["--data", self.data.as_str()];
        options.extend(self.database.iter().flat_map(|url| ["--database", url.as_str()]));
        options
    }

    /// Opens the database beside the server, as it is.
    pub async fn store(&self) -> Store {
        let file = Path::new(&self.data).join("plumbline.db").display().to_string();
        Store::open(self.database.as_ref().unwrap_or(&file), Arc::new(SystemClock)).await.unwrap()
    }

    /// Makes the first account with the workspace `shop`, and a token that writes into it.
    pub async fn set_up(&self) -> String {
        let migrate = [&["migrate"], self.options().as_slice()].concat();
        let (code, text) = ended(&migrate);
        assert_eq!(code, 0, "{text}");
        let store = self.store().await;
        let form = SetUp {
            token: store.setup_token().await.unwrap().unwrap(),
            organisation: "Shop".to_owned(),
            name: "Security lead".to_owned(),
            mail: MAIL.to_owned(),
            password: PASSWORD.to_owned(),
            start: Start::Empty,
        };
        let owner: SignedIn = store.set_up(&form).await.unwrap();
        let wish = TokenWish::parse("Driver", "write", "1").unwrap();
        let token = store.gate(owner.actor()).make_api_token(&WorkspaceId::new("shop"), wish).await.unwrap();
        store.close().await;
        token.secret
    }
}

/// A server that is killed when it is dropped.
pub struct Server {
    child: Child,
    /// Where the pages are.
    pub pages: SocketAddr,
    /// Where health is.
    pub admin: SocketAddr,
    /// How long it took from the start of the process until it said that it is ready.
    pub ready_after: Duration,
}

impl Server {
    /// Starts a server and waits until it is ready.
    pub fn start(location: &Location) -> Self {
        Self::start_with(location, &[])
    }

    /// As [`Self::start`], with more options.
    pub fn start_with(location: &Location, more: &[&str]) -> Self {
        let admin = free_address();
        let begun = instant();
        let mut child = program()
            .arg("serve")
            .args(location.options())
            .args(["--listen", "127.0.0.1:0", "--admin-listen", &admin.to_string(), "--log", "error"])
            .args(more)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let pages = line.trim().rsplit("http://").next().and_then(|address| address.parse().ok());
        let pages = pages.unwrap_or_else(|| panic!("the server did not start: {line}"));
        let mut server = Self { child, pages, admin, ready_after: Duration::MAX };
        server.ready_after = server.wait_until_ready(begun);
        server
    }

    /// Waits until it is ready; how long that is after an instant.
    pub fn wait_until_ready(&self, begun: Instant) -> Duration {
        let waiting = instant();
        loop {
            if ask(self.admin, "GET", "/readyz", &[], "").is_ok_and(|answer| answer.status == 200) {
                return begun.elapsed();
            }
            assert!(waiting.elapsed() < PATIENCE, "the server is not ready");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Ends it as the loss of power would: without a last word.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it politely to stop; its exit code.
    pub fn stop(mut self) -> Option<i32> {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address on which nobody listens at this moment.
fn free_address() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    /// The value of a header; the name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// The revision in its entity tag.
    pub fn revision(&self) -> i64 {
        self.header("etag").and_then(|tag| tag.trim_matches('"').parse().ok()).unwrap_or_else(|| panic!("{self:?}"))
    }
}

/// Sends one request over a connection of its own. An error is a server that went away before it had answered.
pub fn ask(to: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&to, Duration::from_secs(5))?;
    stream.set_read_timeout(Some(Duration::from_secs(40)))?;
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    stream.write_all(text.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    read(&String::from_utf8_lossy(&answer)).ok_or_else(|| std::io::ErrorKind::UnexpectedEof.into())
}

/// A whole answer; `None` where its end is missing.
fn read(text: &str) -> Option<Answer> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let answer = Answer { status, headers, body: body.to_owned() };
    let whole = answer.header("content-length").is_none_or(|length| length.parse() == Ok(body.len()));
    whole.then_some(answer)
}
