//! The whole server in one process, on a throw-away database, asked without a network.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::routing::MethodRouter;
use domain::backend::Backend as _;
use domain::id::WorkspaceId;
use domain::role::Role;
use http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use http::{HeaderMap, Method, StatusCode};
use http_body_util::BodyExt as _;
use server::compiler;
use server::config::Serving;
use server::config::mail::{MailServer, Way};
use server::config::origin::Origin;
use server::http::client::Peer;
use server::http::{Site, router};
use store::{Actor, NewAccount, SetUp, Start, Store};
use tests::place::Place;
use tower::ServiceExt as _;

/// The address under which the tests know the server.
pub const HOST_NAME: &str = "127.0.0.1:8080";

/// The password of every account of the tests.
pub const PASSWORD: &str = "a long sentence nobody guesses";

/// A server with its data.
pub struct TestApp {
    /// What is served, behind all guards.
    pub router: Router,
    /// The data.
    pub store: Store,
    /// Where the data is, and the time.
    pub place: Place,
    /// The folder of what lies beside the database.
    pub data: PathBuf,
}

impl TestApp {
    /// A server without an account, as browsers on this machine reach it.
    pub async fn new() -> Self {
        Self::at(Place::sqlite(), Origin::Local).await
    }

    /// A server without an account, behind TLS.
    pub async fn public() -> Self {
        Self::at(Place::sqlite(), Origin::Public("https://plumbline.shop.example".parse().unwrap())).await
    }

    async fn at(place: Place, origin: Origin) -> Self {
        let store = place.store().await;
        Self::serving_as(place, store, &Self::serving(origin))
    }

    fn serving_as(place: Place, store: Store, serving: &Serving) -> Self {
        // The tests are another program than the one with the command that makes documents.
        compiler::use_program(env!("CARGO_BIN_EXE_plumbline-under-test").into());
        let router = router::router(Site::new(store.clone(), serving).unwrap());
        Self { router, store, place, data: serving.data.clone() }
    }

    /// The same server and data, with a mail server at this address of this machine.
    pub fn with_mail(self, address: SocketAddr) -> Self {
        let way = Way::Server(format!("smtp://{address}").parse().unwrap());
        let from = "Plumbline <plumbline@shop.example>".parse().unwrap();
        let serving = Serving { mail: Some(MailServer { way, from }), ..Self::serving(Origin::Local) };
        Self::serving_as(self.place, self.store, &serving)
    }

    /// The same server and data, known by an address behind TLS.
    pub fn behind_tls(self) -> Self {
        let origin = Origin::Public("https://plumbline.shop.example".parse().unwrap());
        Self::serving_as(self.place, self.store, &Self::serving(origin))
    }

    /// What a server is configured with that is known by this origin.
    fn serving(origin: Origin) -> Serving {
        let anywhere = "127.0.0.1:0".parse().unwrap();
        let proxies = vec!["10.0.0.0/24".parse().unwrap()];
        // Archives of packs, which each server has for itself.
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let data = std::env::temp_dir().join(format!("plumbline-tests-{}-{number}", std::process::id()));
        Serving { data, listen: anywhere, admin_listen: anywhere, origin, proxies, mail: None }
    }

    /// A handler of the test's own on the same data, behind the same guards.
    pub fn with_route(&self, path: &str, handler: MethodRouter<Site>) -> Router {
        let site = Site::new(self.store.clone(), &Self::serving(Origin::Local)).unwrap();
        router::behind_guards(Router::new().route(path, handler), site)
    }

    /// A server with its first account, signed in, and one workspace.
    pub async fn set_up(start: Start) -> (Self, Browser) {
        Self::set_up_at(Place::sqlite(), start).await
    }

    /// The same on a database of the test's choice.
    pub async fn set_up_at(place: Place, start: Start) -> (Self, Browser) {
        let app = Self::at(place, Origin::Local).await;
        let token = app.store.setup_token().await.unwrap().unwrap();
        let wish = SetUp {
            token,
            organisation: "Shop".to_owned(),
            name: "Security lead".to_owned(),
            mail: "security@shop.example".to_owned(),
            password: PASSWORD.to_owned(),
            start,
        };
        app.store.set_up(&wish).await.unwrap();
        let browser = app.signed_in("security@shop.example").await;
        (app, browser)
    }

    /// One more account, member of these workspaces.
    pub async fn add_account(&self, mail: &str, memberships: &[(&str, Role)]) {
        let account = NewAccount {
            name: mail.split('@').next().unwrap().to_owned(),
            mail: mail.to_owned(),
            password: PASSWORD.to_owned(),
            instance_admin: false,
            memberships: memberships.iter().map(|(key, role)| (WorkspaceId::new(*key), *role)).collect(),
        };
        self.store.add_account(&account).await.unwrap();
    }

    /// The revision of a workspace: one more with each change.
    pub async fn revision(&self, workspace: &str) -> i64 {
        self.store.gate(Actor::Operator).estate(&WorkspaceId::new(workspace)).await.unwrap().revision.0
    }

    /// A browser in which nobody is signed in.
    pub fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: BTreeMap::new(), peer: "127.0.0.1".parse().unwrap() }
    }

    /// A browser in which this account is signed in.
    pub async fn signed_in(&self, mail: &str) -> Browser {
        let mut browser = self.browser();
        let answer = browser.post("/sign-in", &[("mail", mail), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        browser
    }
}

/// A browser: it keeps cookies, and says where its requests come from.
#[derive(Clone)]
pub struct Browser {
    /// The server that it speaks to.
    pub router: Router,
    /// The cookies, by name.
    pub cookies: BTreeMap<String, String>,
    /// From which address it connects.
    pub peer: IpAddr,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// Where it sends the browser.
    pub fn location(&self) -> &str {
        self.headers.get(LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    /// The nonce of its content security policy.
    pub fn nonce(&self) -> &str {
        let policy = self.headers["content-security-policy"].to_str().unwrap();
        policy.split_once("'nonce-").unwrap().1.split_once('\'').unwrap().0
    }

    /// The page without what differs between two equal answers: the nonce and the request's number.
    pub fn without_chance(&self) -> String {
        let id = self.headers["x-request-id"].to_str().unwrap();
        self.body.replace(id, "(id)").replace(self.nonce(), "(nonce)")
    }
}

impl Browser {
    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(request(Method::GET, path, &[("sec-fetch-site", "same-origin")], Body::empty())).await
    }

    /// Sends a form of a page.
    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let kind = "application/x-www-form-urlencoded";
        let headers = [("sec-fetch-site", "same-origin"), (CONTENT_TYPE.as_str(), kind)];
        self.send(request(Method::POST, path, &headers, Body::from(urlencoded(form)))).await
    }

    /// Sends a file as the form of the import page does.
    pub async fn upload(&mut self, path: &str, file_name: &str, content: &[u8]) -> Answer {
        let mut body = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        let headers =
            [("sec-fetch-site", "same-origin"), (CONTENT_TYPE.as_str(), "multipart/form-data; boundary=edge")];
        self.send(request(Method::POST, path, &headers, Body::from(body))).await
    }

    /// Posts a form with parts, written with the boundary `edge`.
    pub async fn multipart(&mut self, path: &str, body: &str) -> Answer {
        let headers =
            [("sec-fetch-site", "same-origin"), (CONTENT_TYPE.as_str(), "multipart/form-data; boundary=edge")];
        self.send(request(Method::POST, path, &headers, Body::from(body.to_owned()))).await
    }

    /// What a file holds, with the headers that came with it.
    pub async fn file(&mut self, path: &str) -> (HeaderMap, Vec<u8>) {
        let mut request = request(Method::GET, path, &[("sec-fetch-site", "same-origin")], Body::empty());
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request.headers_mut().insert(COOKIE, pairs.join("; ").parse().unwrap());
        request.extensions_mut().insert(Peer(self.peer));
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        assert_eq!(parts.status, StatusCode::OK, "{path}");
        (parts.headers, body.collect().await.unwrap().to_bytes().to_vec())
    }

    /// Sends any request, with the cookies of this browser, and keeps those that come back.
    pub async fn send(&mut self, mut request: Request) -> Answer {
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request.headers_mut().insert(COOKIE, pairs.join("; ").parse().unwrap());
        }
        request.extensions_mut().insert(Peer(self.peer));
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        for cookie in parts.headers.get_all(SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = String::from_utf8_lossy(&body.collect().await.unwrap().to_bytes()).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

/// A request as a browser on this machine sends it.
pub fn request(method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Request {
    let mut request = Request::builder().method(method).uri(path).header(HOST, HOST_NAME);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body).unwrap()
}

/// A form as a browser writes it.
pub fn urlencoded(form: &[(&str, &str)]) -> String {
    let escaped = |text: &str| {
        text.bytes()
            .map(
                |byte| {
                    if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
                },
            )
            .collect::<String>()
    };
    form.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect::<Vec<_>>().join("&")
}
