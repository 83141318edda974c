//! A push service with its browsers: verifies who sent a message, decrypts it with keys that only
//! the browser has, and replies as the test chooses.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::mpsc;

use crate::endpoint::{self, Reply, Request, ScriptedReplies};
use crate::web_push::{Browser, Invalid, Sender};

/// A push message, verified and decrypted.
#[derive(Debug)]
pub struct Push {
    /// The browser it was sent to.
    pub browser: String,
    /// The decrypted notification.
    pub notification: Value,
    /// Bytes of the encrypted message.
    pub size: usize,
    /// The request's headers.
    pub headers: HeaderMap,
    /// The verified sender.
    pub sender: Sender,
}

impl Push {
    /// Verifies and decrypts a request to `browser`.
    ///
    /// # Errors
    /// The request lacks a header that push services require, is not signed, or cannot be decrypted
    /// by this browser.
    pub fn parse(request: Request, browser: &Browser) -> Result<Self, Invalid> {
        if request.header("content-encoding") != "aes128gcm"
            || request.header("ttl").parse::<u32>().is_err()
        {
            return Err(Invalid("a header that push services require is missing"));
        }
        let sender = Sender::verify(request.header("authorization"))?;
        let notification = serde_json::from_slice(&browser.decrypt(&request.body)?)
            .map_err(|_| Invalid("the notification is not JSON"))?;
        let (browser, size, headers) = (request.path, request.body.len(), request.headers);
        Ok(Self { browser, notification, size, headers, sender })
    }
}

/// The running service.
pub struct PushService {
    address: SocketAddr,
    browsers: Arc<Mutex<HashMap<String, Browser>>>,
    replies: ScriptedReplies,
    pushes: mpsc::UnboundedReceiver<Push>,
}

impl PushService {
    /// Starts it on a free local port.
    ///
    /// # Panics
    /// No port is available.
    pub async fn start() -> Self {
        let browsers: Arc<Mutex<HashMap<String, Browser>>> = Arc::default();
        let replies = ScriptedReplies::default();
        let (sender, pushes) = mpsc::unbounded_channel();
        let (known, script) = (browsers.clone(), replies.clone());
        let address = endpoint::serve(move |request| {
            assert_eq!(request.method, http::Method::POST);
            let reply = script.next(&request.path).unwrap_or(Reply::Status(201));
            let push = {
                let known = known.lock();
                let browser = known.get(&request.path).expect("a subscribed browser");
                Push::parse(request, browser).expect("a valid push message")
            };
            sender.send(push).expect("the test is running");
            std::future::ready(reply)
        })
        .await
        .expect("a free port");
        Self { address, browsers, replies, pushes }
    }

    /// The audience that tokens must name.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The endpoint of this browser's subscription.
    pub fn endpoint(&self, browser: &str) -> String {
        format!("http://{}/{browser}", self.address)
    }

    /// Adds a browser and returns its subscription.
    pub fn subscription(&self, browser: &str) -> Value {
        let keys = Browser::new();
        let subscription = keys.subscription(&self.endpoint(browser));
        self.browsers.lock().insert(browser.to_owned(), keys);
        subscription
    }

    /// Chooses the replies to the next messages to this browser; later ones get status 201.
    pub fn reply_with(&self, browser: &str, replies: impl IntoIterator<Item = Reply>) {
        self.replies.set(browser, replies);
    }

    /// Waits for the next message.
    ///
    /// # Panics
    /// None arrives within 20 seconds.
    pub async fn next(&mut self) -> Push {
        tokio::time::timeout(Duration::from_secs(20), self.pushes.recv())
            .await
            .expect("a push arrives in time")
            .expect("the service is running")
    }

    /// The messages that have arrived and were not read yet.
    pub fn pending(&mut self) -> Vec<Push> {
        std::iter::from_fn(|| self.pushes.try_recv().ok()).collect()
    }
}
