//! What a browser does, without one: it asks the router or a server, and keeps the cookies.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write as _;
use std::net::{IpAddr, SocketAddr};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use server::http::client::Peer;
use tower::ServiceExt as _;

/// A browser on this machine.
pub struct Browser {
    way: Way,
    host: String,
    cookies: BTreeMap<String, String>,
}

/// How it reaches the server.
enum Way {
    /// In this process.
    Router(Router),
    /// Over the network.
    Network(Box<Client<HttpConnector, Body>>),
}

impl Way {
    async fn ask(&self, request: Request) -> Result<Response, Box<dyn Error>> {
        Ok(match self {
            Self::Router(router) => router.clone().oneshot(request).await?,
            Self::Network(client) => client.request(request).await?.map(Body::new),
        })
    }
}

/// What came back.
pub struct Answer {
    status: StatusCode,
    location: String,
    body: String,
}

impl Answer {
    /// Where it sends the browser.
    pub fn redirect(self) -> Result<String, Box<dyn Error>> {
        match self.status {
            StatusCode::SEE_OTHER => Ok(self.location),
            status => Err(format!("the form was answered with {status}: {}", excerpt(&self.body)).into()),
        }
    }
}

impl Browser {
    /// A browser in which nobody is signed in.
    pub fn of(router: Router) -> Self {
        Self { way: Way::Router(router), host: "127.0.0.1:8080".to_owned(), cookies: BTreeMap::new() }
    }

    /// A browser in which nobody is signed in, of a server in a process of its own.
    pub fn at(address: SocketAddr) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { way: Way::Network(Box::new(client)), host: address.to_string(), cookies: BTreeMap::new() }
    }

    /// Signs in.
    pub async fn sign_in(&mut self, mail: &str, password: &str) -> Result<(), Box<dyn Error>> {
        let form = [("mail", mail), ("password", password)].map(|(name, value)| (name.to_owned(), value.to_owned()));
        self.post("/sign-in", &form).await?.redirect()?;
        Ok(())
    }

    /// Opens a page that is there.
    pub async fn page(&mut self, path: &str) -> Result<String, Box<dyn Error>> {
        let answer = self.send(Method::GET, path, Body::empty()).await?;
        match answer.status {
            StatusCode::OK => Ok(answer.body),
            status => Err(format!("{path} was answered with {status}: {}", excerpt(&answer.body)).into()),
        }
    }

    /// How many bytes a file has that is taken away.
    pub async fn bytes(&mut self, path: &str) -> Result<usize, Box<dyn Error>> {
        let request = self.request(Method::GET, path, Body::empty(), "application/x-www-form-urlencoded")?;
        let (parts, body) = self.way.ask(request).await?.into_parts();
        match parts.status {
            StatusCode::OK => Ok(body.collect().await?.to_bytes().len()),
            status => Err(format!("{path} was answered with {status}").into()),
        }
    }

    /// Sends a form.
    pub async fn post(&mut self, path: &str, form: &[(String, String)]) -> Result<Answer, Box<dyn Error>> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.send(Method::POST, path, Body::from(body)).await
    }

    /// Sends a file with the form of a page.
    pub async fn upload(&mut self, path: &str, name: &str, content: &[u8]) -> Result<Answer, Box<dyn Error>> {
        self.upload_with(path, &[], name, content).await
    }

    /// Sends a file with the form of a page and some of its fields.
    pub async fn upload_with(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        name: &str,
        content: &[u8],
    ) -> Result<Answer, Box<dyn Error>> {
        let mut body = Vec::new();
        for (field, value) in fields {
            write!(body, "--edge\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n")?;
        }
        write!(body, "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n")?;
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        self.send_as(Method::POST, path, Body::from(body), "multipart/form-data; boundary=edge").await
    }

    fn request(&self, method: Method, path: &str, body: Body, kind: &'static str) -> Result<Request, Box<dyn Error>> {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.host))
            .header(HOST, &self.host)
            .header("sec-fetch-site", "same-origin")
            .header(CONTENT_TYPE, kind)
            .header(COOKIE, cookies.join("; "))
            .body(body)?;
        request.extensions_mut().insert(Peer(IpAddr::from([127, 0, 0, 1])));
        Ok(request)
    }

    async fn send(&mut self, method: Method, path: &str, body: Body) -> Result<Answer, Box<dyn Error>> {
        self.send_as(method, path, body, "application/x-www-form-urlencoded").await
    }

    async fn send_as(
        &mut self,
        method: Method,
        path: &str,
        body: Body,
        kind: &'static str,
    ) -> Result<Answer, Box<dyn Error>> {
        let request = self.request(method, path, body, kind)?;
        let (parts, body) = self.way.ask(request).await?.into_parts();
        for cookie in parts.headers.get_all(SET_COOKIE) {
            if let Some((name, rest)) = cookie.to_str()?.split_once('=') {
                self.cookies.insert(name.to_owned(), rest.split(';').next().unwrap_or_default().to_owned());
            }
        }
        let location = parts.headers.get(LOCATION).map_or(Ok(""), |it| it.to_str())?.to_owned();
        let body = String::from_utf8(body.collect().await?.to_bytes().to_vec())?;
        Ok(Answer { status: parts.status, location, body })
    }
}

fn excerpt(body: &str) -> String {
    body.chars().take(400).collect()
}
