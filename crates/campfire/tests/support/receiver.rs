//! A receiver of webhooks: takes calls as a bot's program would, checks who sent them, and
//! misbehaves when told to. The signature is computed from the words of the specification (RFC 2104
//! and Standard Webhooks), not by the server's code.

#![allow(dead_code, reason = "each test file uses its own part of this")]

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, Method, StatusCode, Uri};
use parking_lot::Mutex;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc};

/// How the receiver treats the next call to a path.
#[derive(Debug, Clone)]
pub enum Manner {
    /// Answers this status and nothing more.
    Status(u16),
    /// Answers this status with this content type and body.
    Says(u16, &'static str, Vec<u8>),
    /// Answers 429 and asks for a pause of so many seconds.
    Pause(u32),
    /// Sends the caller elsewhere.
    Redirect(String),
    /// Takes it and does not answer.
    Hang,
    /// Takes it and answers like this once it is let.
    Ask(Arc<Semaphore>, Box<Manner>),
    /// Answers 200 and a few bytes, and never ends.
    Drip,
    /// Answers this status and bytes without end.
    Flood(u16),
    /// Takes it and breaks off in the middle of the answer.
    BreakOff,
}

/// A call as it came in.
#[derive(Debug)]
pub struct Arrival {
    /// Where to.
    pub path: String,
    /// With what.
    pub headers: HeaderMap,
    /// The body.
    pub bytes: Bytes,
    /// The body, understood.
    pub json: Value,
}

impl Arrival {
    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// What was said.
    pub fn plain(&self) -> &str {
        self.json["message"]["body"]["plain"].as_str().expect("text")
    }

    /// Whether it was signed with this secret.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let key =
            STANDARD.decode(secret.strip_prefix("whsec_").expect("a secret")).expect("base64");
        let signed = [
            self.header("webhook-id").as_bytes(),
            b".",
            self.header("webhook-timestamp").as_bytes(),
            b".",
            &self.bytes,
        ]
        .concat();
        let expected = format!("v1,{}", STANDARD.encode(hmac(&key, &signed)));
        self.header("webhook-signature").split(' ').any(|signature| signature == expected)
    }
}

/// HMAC-SHA256 as RFC 2104 defines it, for keys of at most a block.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let block =
        |pad: u8| (0..64).map(|at| key.get(at).copied().unwrap_or(0) ^ pad).collect::<Vec<_>>();
    let inner = Sha256::digest([&block(0x36), text].concat());
    Sha256::digest([block(0x5c), inner.to_vec()].concat()).to_vec()
}

type Manners = Arc<Mutex<HashMap<String, VecDeque<Manner>>>>;

/// The running receiver.
pub struct Receiver {
    address: SocketAddr,
    manners: Manners,
    arrived: mpsc::UnboundedReceiver<Arrival>,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("listens");
        let address = listener.local_addr().expect("an address");
        let manners = Manners::default();
        let (sender, arrived) = mpsc::unbounded_channel();
        let router = axum::Router::new().fallback(take).with_state((manners.clone(), sender));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, manners, arrived }
    }

    /// What the log calls it.
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// An address of it.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    /// How the next calls to this path are treated; later ones are answered 204.
    pub fn treats(&self, path: &str, manners: impl IntoIterator<Item = Manner>) {
        self.manners.lock().insert(path.to_owned(), manners.into_iter().collect());
    }

    pub async fn next(&mut self) -> Arrival {
        tokio::time::timeout(Duration::from_secs(20), self.arrived.recv())
            .await
            .expect("a call arrives in time")
            .expect("it runs")
    }

    /// What has arrived and was not looked at.
    pub fn unseen(&mut self) -> Vec<Arrival> {
        std::iter::from_fn(|| self.arrived.try_recv().ok()).collect()
    }
}

type Shared = (Manners, mpsc::UnboundedSender<Arrival>);

async fn take(
    State((manners, sender)): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    bytes: Bytes,
) -> Response {
    assert_eq!(method, Method::POST);
    let path = uri.path().trim_start_matches('/').to_owned();
    let json = serde_json::from_slice(&bytes).expect("JSON");
    let manner =
        manners.lock().get_mut(&path).and_then(VecDeque::pop_front).unwrap_or(Manner::Status(204));
    sender.send(Arrival { path, headers, bytes, json }).expect("the test listens");
    behave(manner).await
}

async fn behave(manner: Manner) -> Response {
    let status = |status: u16| StatusCode::from_u16(status).expect("a status");
    match manner {
        Manner::Status(code) => status(code).into_response(),
        Manner::Says(code, "", body) => (status(code), Body::from(body)).into_response(),
        Manner::Says(code, kind, body) => {
            (status(code), [("content-type", kind)], body).into_response()
        }
        Manner::Pause(seconds) => {
            (StatusCode::TOO_MANY_REQUESTS, [("retry-after", seconds.to_string())]).into_response()
        }
        Manner::Redirect(to) => {
            (StatusCode::TEMPORARY_REDIRECT, [("location", to)]).into_response()
        }
        Manner::Hang => std::future::pending().await,
        Manner::Ask(permits, then) => {
            permits.acquire().await.expect("open").forget();
            Box::pin(behave(*then)).await
        }
        Manner::Drip => {
            use futures_util::StreamExt;
            let first =
                futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"I am"))]);
            let stream = first.chain(futures_util::stream::pending());
            ([("content-type", "text/plain")], Body::from_stream(stream)).into_response()
        }
        Manner::Flood(code) => {
            let bytes = Bytes::from(vec![b'x'; 8192]);
            let stream =
                futures_util::stream::repeat_with(move || Ok::<_, std::io::Error>(bytes.clone()));
            (status(code), [("content-type", "text/plain")], Body::from_stream(stream))
                .into_response()
        }
        Manner::BreakOff => {
            let broken = futures_util::stream::iter([
                Ok(Bytes::from_static(b"tak")),
                Err(std::io::Error::other("the cable was pulled")),
            ]);
            (StatusCode::OK, Body::from_stream(broken)).into_response()
        }
    }
}
