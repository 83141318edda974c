//! A webhook endpoint that records its calls and replies as the test chooses. The signature is
//! checked as Standard Webhooks specifies it, without the server's code.

use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hmac::{Hmac, Mac};
use http::HeaderMap;
use serde_json::Value;
use sha2::Sha256;
use tokio::sync::mpsc;

use crate::endpoint::{self, Reply, Request, ScriptedReplies};

/// A webhook call.
#[derive(Debug)]
pub struct Call {
    /// The URL's path without its leading slash.
    pub path: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it was signed.
    pub bytes: Bytes,
    /// The parsed body.
    pub json: Value,
}

impl Call {
    /// Parses a request.
    ///
    /// # Errors
    /// The body is not JSON.
    pub fn parse(request: Request) -> serde_json::Result<Self> {
        let json = serde_json::from_slice(&request.body)?;
        Ok(Self { path: request.path, headers: request.headers, bytes: request.body, json })
    }

    /// A header's value, empty if it is absent.
    pub fn header(&self, name: &str) -> &str {
        endpoint::header(&self.headers, name)
    }

    /// The message's text.
    ///
    /// # Panics
    /// The body has none.
    pub fn plain(&self) -> &str {
        self.json["message"]["body"]["plain"].as_str().expect("text")
    }

    /// Whether the call is signed with this secret.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let key = secret.strip_prefix("whsec_").and_then(|key| STANDARD.decode(key).ok());
        let Some(mut mac) = key.and_then(|key| Hmac::<Sha256>::new_from_slice(&key).ok()) else {
            return false;
        };
        let (id, timestamp) = (self.header("webhook-id"), self.header("webhook-timestamp"));
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(&self.bytes);
        let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        self.header("webhook-signature").split(' ').any(|signature| signature == expected)
    }
}

/// The running endpoint.
pub struct WebhookEndpoint {
    address: SocketAddr,
    replies: ScriptedReplies,
    calls: mpsc::UnboundedReceiver<Call>,
}

impl WebhookEndpoint {
    /// Starts it on a free local port.
    ///
    /// # Panics
    /// No port is available.
    pub async fn start() -> Self {
        let replies = ScriptedReplies::default();
        let (sender, calls) = mpsc::unbounded_channel();
        let script = replies.clone();
        let address = endpoint::serve(move |request| {
            assert_eq!(request.method, http::Method::POST);
            let reply = script.next(&request.path).unwrap_or(Reply::Status(204));
            let call = Call::parse(request).expect("a call with a JSON body");
            sender.send(call).expect("the test is running");
            std::future::ready(reply)
        })
        .await
        .expect("a free port");
        Self { address, replies, calls }
    }

    /// Host and port.
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// A webhook URL with this path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    /// Chooses the replies to the next calls to this path; later ones get status 204.
    pub fn reply_with(&self, path: &str, replies: impl IntoIterator<Item = Reply>) {
        self.replies.set(path, replies);
    }

    /// Waits for the next call.
    ///
    /// # Panics
    /// None arrives within 20 seconds.
    pub async fn next(&mut self) -> Call {
        tokio::time::timeout(Duration::from_secs(20), self.calls.recv())
            .await
            .expect("a call arrives in time")
            .expect("the endpoint is running")
    }

    /// The calls that have arrived and were not read yet.
    pub fn pending(&mut self) -> Vec<Call> {
        std::iter::from_fn(|| self.calls.try_recv().ok()).collect()
    }
}
