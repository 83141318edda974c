//! The server on a free local port with a database in a temporary directory, and clients of it.

#![allow(dead_code, unused_imports, reason = "each test file uses its own part of this")]

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
use serde_json::{Value, json};
pub use test_support::cable_client::CableClient;
pub use test_support::endpoint::Reply;
pub use test_support::http_client::{Client, Response};

/// A running server; its storage is removed with it.
pub struct TestServer {
    pub server: Server,
    pub storage: Arc<tempfile::TempDir>,
    /// Seconds by which the server's clock is ahead of the system's.
    pub clock_offset: Arc<AtomicI64>,
}

/// The secret of the published test vectors.
pub const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// The cable identifier of the first room's messages.
pub const ROOM: &str = r#"{"channel":"RoomMessagesChannel","room_id":1}"#;

impl TestServer {
    /// Starts on a new storage directory.
    pub async fn start() -> Self {
        Self::start_on(Arc::new(tempfile::tempdir().expect("a directory"))).await
    }

    pub async fn start_on(storage: Arc<tempfile::TempDir>) -> Self {
        Self::start_with_config(storage, |_| {}).await
    }

    pub async fn start_with_clock_offset(storage: Arc<tempfile::TempDir>, seconds: i64) -> Self {
        Self::start_with(storage, seconds, |_| {}).await
    }

    pub async fn start_with_config(
        storage: Arc<tempfile::TempDir>,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        Self::start_with(storage, 0, change).await
    }

    async fn start_with(
        storage: Arc<tempfile::TempDir>,
        seconds: i64,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let clock_offset = Arc::new(AtomicI64::new(seconds));
        let offset = clock_offset.clone();
        let clock = Clock::from_fn(move || {
            jiff::Timestamp::now() + jiff::SignedDuration::from_secs(offset.load(Ordering::SeqCst))
        });
        let mut config = config(storage.path());
        change(&mut config);
        let server = Server::start(config, clock).await.expect("starts");
        Self { server, storage, clock_offset }
    }

    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Moves the server's clock forward.
    pub fn advance_clock(&self, seconds: i64) {
        self.clock_offset.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Puts the server's clock ahead of the system's.
    pub fn set_clock_offset(&self, seconds: i64) {
        self.clock_offset.store(seconds, Ordering::SeqCst);
    }

    pub async fn stop(self) -> Arc<tempfile::TempDir> {
        self.server.stop().await;
        self.storage
    }

    /// A client without a session.
    pub fn anonymous(&self) -> Client {
        Client { address: self.address(), cookie: String::new() }
    }

    /// A client with the session that a response has started.
    pub fn signed_in(&self, response: &Response) -> Client {
        Client { address: self.address(), cookie: response.cookie() }
    }

    /// Completes the first run and returns the administrator.
    pub async fn first_run(&self) -> Client {
        let form = json!({ "name": "Ada Lovelace", "email_address": "ada@example.com", "password": "correct horse" });
        self.sign_up("/api/v1/first_run", form).await
    }

    /// Signs a member up with the account's join link.
    pub async fn join(&self, admin: &Client, name: &str) -> Client {
        let account = admin.get("/api/v1/account").await.json(200);
        let url = account["join_url"].as_str().expect("a link");
        let code = url.rsplit('/').next().expect("a code");
        let form = json!({ "name": name, "email_address": format!("{name}@example.com"), "password": "correct horse" });
        self.sign_up(&format!("/api/v1/join/{code}"), form).await
    }

    async fn sign_up(&self, path: &str, form: Value) -> Client {
        let response = self.anonymous().post(path, form).await;
        assert_eq!(response.status, 201, "{}", response.text());
        self.signed_in(&response)
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
        webhook_timeout: Duration::from_secs(60),
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

/// Polls until the condition holds: for work that the server does after its response.
pub async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let done = async {
        while !holds().await {
            tokio::task::yield_now().await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(10), done).await.is_ok(), "{what}");
}

/// Occupies the database writer, so that requests pass all their checks and then queue behind it in
/// the order of their arrival.
pub struct BlockedWriter {
    app: campfire::core::app::App,
    release: std::sync::mpsc::Sender<()>,
}

impl BlockedWriter {
    pub async fn block(server: &TestServer) -> Self {
        let app = server.server.app().clone();
        let (release, released) = std::sync::mpsc::channel();
        let (started, has_started) = tokio::sync::oneshot::channel();
        let writer = app.clone();
        tokio::spawn(async move {
            let block = move |_: &mut campfire::core::app::Tx<'_>| {
                started.send(()).expect("the test waits");
                // Also returns when the test has failed.
                let _: Result<(), _> = released.recv();
                Ok::<_, db::Error>(())
            };
            writer.db.write(block).await.expect("written");
        });
        has_started.await.expect("the writer is blocked");
        Self { app, release }
    }

    /// Waits until this many writes are queued.
    pub async fn wait_for_queued(&self, writes: usize) {
        eventually("writes are queued", async || self.app.db.status().waiting >= writes).await;
    }

    pub fn release(self) {
        self.release.send(()).expect("the writer is blocked");
    }
}
