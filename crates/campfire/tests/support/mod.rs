//! The real server on a real port with a real database in a temporary directory, and people who use
//! it.

#![allow(dead_code, reason = "each test file uses its own part of this")]

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use campfire::core::clock::Clock;
use campfire::core::config::{Config, LogConfig};
use campfire::http::client_ip::TrustedProxies;
use campfire::http::network_policy::NetworkPolicy;
use campfire::http::private_origins::PrivateOrigins;
use campfire::server::Server;
use futures_util::{SinkExt, StreamExt};
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// A running server; its storage is removed with it.
pub struct TestServer {
    pub server: Server,
    pub storage: Arc<tempfile::TempDir>,
    /// Seconds that the clock is ahead of the system's.
    pub ahead: Arc<AtomicI64>,
}

/// The secret of the published vectors.
pub const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

impl TestServer {
    /// On a new storage directory.
    pub async fn start() -> Self {
        Self::on(Arc::new(tempfile::tempdir().expect("a directory"))).await
    }

    /// On this storage directory.
    pub async fn on(storage: Arc<tempfile::TempDir>) -> Self {
        Self::begin(storage, 0, |_| {}).await
    }

    /// The same with a clock that is ahead by so many seconds from the start.
    pub async fn ahead_on(storage: Arc<tempfile::TempDir>, seconds: i64) -> Self {
        Self::begin(storage, seconds, |_| {}).await
    }

    /// The same with other settings.
    pub async fn configured(
        storage: Arc<tempfile::TempDir>,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        Self::begin(storage, 0, change).await
    }

    async fn begin(
        storage: Arc<tempfile::TempDir>,
        seconds: i64,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let ahead = Arc::new(AtomicI64::new(seconds));
        let shift = ahead.clone();
        let clock = Clock::from_fn(move || {
            jiff::Timestamp::now() + jiff::SignedDuration::from_secs(shift.load(Ordering::SeqCst))
        });
        let mut config = config(storage.path());
        change(&mut config);
        let server = Server::start(config, clock).await.expect("starts");
        Self { server, storage, ahead }
    }

    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    pub async fn stop(self) -> Arc<tempfile::TempDir> {
        self.server.stop().await;
        self.storage
    }

    /// Somebody who is not signed in.
    pub fn stranger(&self) -> Person {
        Person { address: self.address(), cookie: String::new() }
    }

    /// The administrator, by the first run.
    pub async fn first_run(&self) -> Person {
        let form = json!({ "name": "Ada Lovelace", "email_address": "ada@example.com", "password": "correct horse" });
        self.arrive("/api/v1/first_run", form).await
    }

    /// A member, by invitation.
    pub async fn join(&self, admin: &Person, name: &str) -> Person {
        let account = admin.get("/api/v1/account").await.json(200);
        let code = account["join_url"]
            .as_str()
            .expect("a link")
            .rsplit('/')
            .next()
            .expect("a code")
            .to_owned();
        let form = json!({ "name": name, "email_address": format!("{name}@example.com"), "password": "correct horse" });
        self.arrive(&format!("/api/v1/join/{code}"), form).await
    }

    async fn arrive(&self, path: &str, form: Value) -> Person {
        let answer = self.stranger().post(path, form).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let cookie = answer.header("set-cookie").split(';').next().expect("a cookie").to_owned();
        Person { address: self.address(), cookie }
    }
}

pub fn config(storage: &Path) -> Config {
    Config {
        storage_path: storage.to_owned(),
        database_path: storage.join("db/production.sqlite3"),
        bind: "127.0.0.1".parse().expect("an address"),
        port: 0,
        secret_key_base: Some(SECRET.to_owned()),
        vapid_public_key: None,
        vapid_private_key: None,
        vapid_subject: None,
        push_notifications: true,
        push_services: PrivateOrigins::default(),
        bot_integrations: true,
        webhook_time: Duration::from_secs(60),
        webhook_policy: NetworkPolicy::Any,
        trusted_proxies: TrustedProxies::loopback(),
        allowed_origins: vec!["https://elsewhere.example.com".to_owned()],
        sounds_path: None,
        search_enabled: true,
        metrics_token: None,
        log: LogConfig { level: tracing::Level::ERROR, json: None },
        password_cost: 4,
    }
}

/// Somebody with a cookie.
#[derive(Clone)]
pub struct Person {
    pub address: SocketAddr,
    pub cookie: String,
}

/// What the server answered.
pub struct Answer {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        serde_json::from_slice(&self.body).expect("JSON")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }
}

impl Person {
    pub async fn get(&self, path: &str) -> Answer {
        self.request("GET", path, None, &[]).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.request("POST", path, Some(body.to_string()), &[]).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.request("DELETE", path, None, &[]).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.request("PUT", path, Some(body.to_string()), &[]).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.request("PATCH", path, Some(body.to_string()), &[]).await
    }

    pub async fn say(&self, text: &str) -> Value {
        self.post("/api/v1/rooms/1/messages", json!({ "text": text })).await.json(201)
    }

    pub async fn texts(&self, query: &str) -> Vec<String> {
        let page = self.get(&format!("/api/v1/rooms/1/messages{query}")).await.json(200);
        let text = |message: &Value| message["body"]["plain"].as_str().expect("text").to_owned();
        page.as_array().expect("a list").iter().map(text).collect()
    }

    /// Any request, with headers that replace the usual ones.
    pub async fn request(
        &self,
        method: &str,
        path: &str,
        body: Option<String>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let stream = TcpStream::connect(self.address).await.expect("connects");
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("HTTP");
        let connection = tokio::spawn(connection);
        let mut request =
            Request::builder().method(method).uri(path).header("host", self.address.to_string());
        let usual = [
            ("cookie", self.cookie.as_str()),
            ("sec-fetch-site", "same-origin"),
            ("content-type", "application/json"),
        ];
        let usual = usual.into_iter().filter(|(name, value)| {
            !value.is_empty() && !headers.iter().any(|(other, _)| other == name)
        });
        for (name, value) in
            usual.chain(headers.iter().copied()).filter(|(_, value)| !value.is_empty())
        {
            request = request.header(name, value);
        }
        let request = request
            .body(Full::new(bytes::Bytes::from(body.unwrap_or_default())))
            .expect("a request");
        let response = sender.send_request(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes().to_vec();
        connection.abort();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// A socket that follows these channels already.
    pub async fn listen(&self, identifiers: &[&str]) -> Socket {
        let mut socket = self.socket("actioncable-v1-json").await;
        assert_eq!(socket.next().await["type"], "welcome");
        for identifier in identifiers {
            socket.command("subscribe", identifier).await;
            assert_eq!(socket.next().await["type"], "confirm_subscription");
        }
        socket
    }

    /// A socket that has said nothing yet.
    pub async fn socket(&self, protocol: &str) -> Socket {
        self.socket_at(protocol, "/cable").await
    }

    /// The same at an address with parameters.
    pub async fn socket_at(&self, protocol: &str, path: &str) -> Socket {
        self.socket_with(protocol, path, &[("cookie", &self.cookie)]).await
    }

    /// The same with these headers only, those that are empty left out.
    pub async fn socket_with(
        &self,
        protocol: &str,
        path: &str,
        sent: &[(&'static str, &str)],
    ) -> Socket {
        let mut request =
            format!("ws://{}{path}", self.address).into_client_request().expect("a request");
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", protocol.parse().expect("a header"));
        for (name, value) in sent.iter().filter(|(_, value)| !value.is_empty()) {
            headers.insert(*name, value.parse().expect("a header"));
        }
        let stream = TcpStream::connect(self.address).await.expect("connects");
        let (socket, _) = tokio_tungstenite::client_async(request, stream).await.expect("a socket");
        Socket(socket)
    }
}

/// A listening client.
pub struct Socket(pub tokio_tungstenite::WebSocketStream<TcpStream>);

impl Socket {
    pub async fn command(&mut self, command: &str, identifier: &str) {
        self.send(&json!({ "command": command, "identifier": identifier }).to_string()).await;
    }

    pub async fn perform(&mut self, identifier: &str, action: &str) {
        let data = json!({ "action": action }).to_string();
        self.send(
            &json!({ "command": "message", "identifier": identifier, "data": data }).to_string(),
        )
        .await;
    }

    pub async fn send(&mut self, text: &str) {
        self.0.send(Frame::text(text)).await.expect("sent");
    }

    /// The next thing said that is no ping; null when the socket was closed.
    pub async fn next(&mut self) -> Value {
        loop {
            let frame = tokio::time::timeout(Duration::from_secs(10), self.0.next())
                .await
                .expect("something is said in time");
            match frame {
                Some(Ok(Frame::Text(text))) => {
                    let value: Value = serde_json::from_str(&text).expect("JSON");
                    if value["type"] != "ping" {
                        return value;
                    }
                }
                Some(Ok(Frame::Close(_)) | Err(_)) | None => return Value::Null,
                Some(Ok(_)) => {}
            }
        }
    }
}

/// Asks until the answer is the expected one: for work that goes on behind an answer, woken at once
/// and done in its own time.
pub async fn eventually(what: &str, mut ask: impl AsyncFnMut() -> bool) {
    let done = async {
        while !ask().await {
            tokio::task::yield_now().await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(10), done).await.is_ok(), "{what}");
}

/// Keeps the writer busy until it is let go: what is asked meanwhile passes all checks and then
/// waits in the order in which it came.
pub struct Held {
    app: campfire::core::app::App,
    release: std::sync::mpsc::Sender<()>,
}

impl Held {
    pub async fn writer_of(server: &TestServer) -> Self {
        let app = server.server.app().clone();
        let (release, released) = std::sync::mpsc::channel();
        let (started, has_started) = tokio::sync::oneshot::channel();
        let writer = app.clone();
        tokio::spawn(async move {
            let hold = move |_: &mut campfire::core::app::Tx<'_>| {
                started.send(()).expect("somebody waits");
                // Also returns when the test has failed.
                let _: Result<(), _> = released.recv();
                Ok::<_, db::Error>(())
            };
            writer.db.write(hold).await.expect("written");
        });
        has_started.await.expect("the writer is held");
        Self { app, release }
    }

    /// Returns when so many writes wait.
    pub async fn until(&self, waiting: usize) {
        eventually("they wait", async || self.app.db.status().waiting >= waiting).await;
    }

    pub fn let_go(self) {
        self.release.send(()).expect("the writer waits");
    }
}

pub const ROOM: &str = r#"{"channel":"RoomMessagesChannel","room_id":1}"#;
