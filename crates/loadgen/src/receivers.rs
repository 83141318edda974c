//! Receivers of webhooks that have moods and write down each call.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::{Request, Response};
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::Outcome;
use crate::moods::{Answer, Moods, serve};

/// A call that came in.
#[derive(Debug, Clone)]
pub struct Call {
    /// The message it told of.
    pub message: i64,
    /// Its `Webhook-Id`.
    pub id: String,
    /// Whether it was signed with the bot's secret.
    pub is_signed: bool,
    /// What it was answered, if it was.
    pub answered: Option<u16>,
}

/// What each bot was called with, in the order of arrival.
#[derive(Default)]
pub struct Calls(Mutex<HashMap<i64, Vec<Call>>>);

impl Calls {
    /// The calls to a bot so far.
    pub fn of(&self, bot: i64) -> Vec<Call> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&bot).cloned().unwrap_or_default()
    }

    fn note(&self, bot: i64, call: Call) -> usize {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = calls.entry(bot).or_default();
        own.push(call);
        own.len() - 1
    }

    fn answered(&self, bot: i64, place: usize, status: u16) {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(call) = calls.get_mut(&bot).and_then(|own| own.get_mut(place)) {
            call.answered = Some(status);
        }
    }
}

/// The running receivers.
pub struct Receivers {
    addresses: Vec<SocketAddr>,
    /// What came in.
    pub calls: Arc<Calls>,
    secrets: Secrets,
}

/// What each bot's calls are signed with.
type Secrets = Arc<Mutex<HashMap<i64, String>>>;

/// Whether this bot's receiver answers with words; the others answer with nothing.
pub fn answers(bot: i64) -> bool {
    bot % 2 == 0
}

/// The words with which a bot's receiver answers a message.
pub fn answer_to(message: i64) -> String {
    format!("I heard of {message}")
}

impl Receivers {
    /// So many, each on a port of its own.
    pub async fn start(count: usize, calm: &watch::Receiver<bool>) -> Outcome<Self> {
        let (calls, secrets) = (Arc::new(Calls::default()), Secrets::default());
        let mut addresses = Vec::new();
        for _ in 0..count {
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            addresses.push(listener.local_addr()?);
            let (moods, calls, secrets) =
                (Moods::begin(calm.clone(), usize::MAX), calls.clone(), secrets.clone());
            tokio::spawn(serve(listener, move |request| {
                take(request, moods.clone(), calls.clone(), secrets.clone())
            }));
        }
        Ok(Self { addresses, calls, secrets })
    }

    /// The address of a bot's webhook; several bots share a receiver.
    pub fn url(&self, bot: i64) -> String {
        let place = usize::try_from(bot).unwrap_or(0) % self.addresses.len();
        format!("http://{}/{bot}", self.addresses[place])
    }

    /// What a bot's calls are to be signed with.
    pub fn expect(&self, bot: i64, secret: &str) {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).insert(bot, secret.to_owned());
    }
}

/// Takes a call. An error closes the connection without an answer.
async fn take(
    request: Request<Incoming>,
    moods: Moods,
    calls: Arc<Calls>,
    secrets: Secrets,
) -> io::Result<Answer> {
    let bot: i64 =
        request.uri().path().trim_start_matches('/').parse().map_err(io::Error::other)?;
    let header = |name: &str| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    };
    let (id, timestamp, signature) =
        (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
    let body = request.into_body().collect().await.map_err(io::Error::other)?.to_bytes();
    let told: serde_json::Value = serde_json::from_slice(&body)?;
    let message = told["message"]["id"].as_i64().ok_or_else(|| io::Error::other("no message"))?;
    let secret = secrets
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&bot)
        .cloned()
        .unwrap_or_default();
    let is_signed =
        signed(&secret, &id, &timestamp, &body).is_some_and(|expected| expected == signature);
    let place = calls.note(bot, Call { message, id, is_signed, answered: None });
    let answer = match moods.endure().await? {
        Some(refusal) => refusal,
        None if answers(bot) => Response::builder()
            .status(200)
            .header("content-type", "text/plain")
            .body(Full::from(answer_to(message)))
            .map_err(io::Error::other)?,
        None => Response::builder().status(204).body(Full::default()).map_err(io::Error::other)?,
    };
    calls.answered(bot, place, answer.status().as_u16());
    Ok(answer)
}

/// The signature that Standard Webhooks asks for.
fn signed(secret: &str, id: &str, timestamp: &str, body: &[u8]) -> Option<String> {
    let key = STANDARD.decode(secret.strip_prefix("whsec_")?).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}
