//! A push service with browsers: takes messages as the real ones do, proves who sent them, decrypts
//! them with the keys that only the browser has, and misbehaves when told to.

#![allow(dead_code, reason = "each test file uses its own part of this")]

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, Uri};
use parking_lot::Mutex;
use push_browser::{Browser, Sender};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// How the service treats the next message to a browser.
#[derive(Debug, Clone)]
pub enum Manner {
    /// Answers this status.
    Status(u16),
    /// Answers 429 and asks for a pause of so many seconds.
    Pause(u32),
    /// Takes it and does not answer.
    Hang,
    /// Takes it and breaks off in the middle of the answer.
    BreakOff,
}

/// A message as it came in and was understood.
#[derive(Debug)]
pub struct Arrival {
    /// Which browser it was for.
    pub browser: String,
    /// What it says.
    pub notification: Value,
    /// Bytes on the wire.
    pub size: usize,
    /// The request's headers.
    pub headers: HeaderMap,
    /// Who sent it; the signature was checked.
    pub sender: Sender,
}

#[derive(Default)]
struct Desk {
    browsers: Mutex<HashMap<String, Browser>>,
    manners: Mutex<HashMap<String, VecDeque<Manner>>>,
}

/// The running service.
pub struct PushService {
    address: SocketAddr,
    desk: Arc<Desk>,
    arrived: mpsc::UnboundedReceiver<Arrival>,
}

impl PushService {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("listens");
        let address = listener.local_addr().expect("an address");
        let desk: Arc<Desk> = Arc::default();
        let (sender, arrived) = mpsc::unbounded_channel();
        let router = axum::Router::new().fallback(take).with_state((desk.clone(), sender));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, desk, arrived }
    }

    /// What the token must be made out to.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where messages to this browser go.
    pub fn endpoint(&self, browser: &str) -> String {
        format!("http://{}/{browser}", self.address)
    }

    /// A new browser's subscription, as it writes it.
    pub fn subscription(&self, browser: &str) -> Value {
        let keys = Browser::new();
        let form = json!({ "endpoint": self.endpoint(browser), "keys": { "p256dh": keys.p256dh(), "auth": keys.auth() } });
        self.desk.browsers.lock().insert(browser.to_owned(), keys);
        form
    }

    /// How the next messages to this browser are treated; later ones well.
    pub fn treats(&self, browser: &str, manners: impl IntoIterator<Item = Manner>) {
        self.desk.manners.lock().insert(browser.to_owned(), manners.into_iter().collect());
    }

    pub async fn next(&mut self) -> Arrival {
        tokio::time::timeout(Duration::from_secs(20), self.arrived.recv())
            .await
            .expect("a push arrives in time")
            .expect("it runs")
    }

    /// What has arrived and was not looked at.
    pub fn unseen(&mut self) -> Vec<Arrival> {
        std::iter::from_fn(|| self.arrived.try_recv().ok()).collect()
    }
}

type Shared = (Arc<Desk>, mpsc::UnboundedSender<Arrival>);

async fn take(
    State((desk, sender)): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    assert_eq!(method, Method::POST);
    let browser = uri.path().trim_start_matches('/').to_owned();
    let arrival = understand(&desk, browser.clone(), headers, &body);
    sender.send(arrival).expect("the test listens");
    let manner = desk
        .manners
        .lock()
        .get_mut(&browser)
        .and_then(VecDeque::pop_front)
        .unwrap_or(Manner::Status(201));
    match manner {
        Manner::Status(status) => StatusCode::from_u16(status).expect("a status").into_response(),
        Manner::Pause(seconds) => {
            (StatusCode::TOO_MANY_REQUESTS, [("retry-after", seconds.to_string())]).into_response()
        }
        Manner::Hang => std::future::pending().await,
        Manner::BreakOff => {
            let broken = futures_util::stream::iter([
                Ok(Bytes::from_static(b"cre")),
                Err(std::io::Error::other("the cable was pulled")),
            ]);
            (StatusCode::CREATED, Body::from_stream(broken)).into_response()
        }
    }
}

fn understand(desk: &Desk, browser: String, headers: HeaderMap, body: &[u8]) -> Arrival {
    let header = |name: &str| {
        headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    assert_eq!(header("content-encoding"), "aes128gcm");
    let sender = Sender::read(&header("authorization")).expect("RFC 8292");
    let text = desk
        .browsers
        .lock()
        .get(&browser)
        .expect("a browser that exists")
        .read(body)
        .expect("it is for this browser, and whole");
    let notification = serde_json::from_slice(&text).expect("JSON");
    Arrival { browser, notification, size: body.len(), headers, sender }
}
