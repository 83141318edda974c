//! A push service with browsers: takes messages as the real ones do, proves who sent them, decrypts them with the keys that only
//! the browser has, and misbehaves when told to. Written from the RFCs, not from the server's code.

#![allow(dead_code, reason = "each test file uses its own part of this")]

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes128Gcm, Nonce};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use http::{HeaderMap, Method, StatusCode, Uri};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::{PublicKey, SecretKey};
use parking_lot::Mutex;
use serde_json::{Value, json};
use sha2::Sha256;
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
    /// What the token says; its signature was checked.
    pub claims: Value,
    /// The key that the token was signed with.
    pub key: String,
    /// The token.
    pub token: String,
}

struct Browser {
    private: SecretKey,
    auth: [u8; 16],
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
        let private = loop {
            if let Ok(key) = SecretKey::from_slice(&rand::random::<[u8; 32]>()) {
                break key;
            }
        };
        let auth: [u8; 16] = rand::random();
        let p256dh = URL_SAFE_NO_PAD.encode(private.public_key().to_encoded_point(false));
        self.desk.browsers.lock().insert(browser.to_owned(), Browser { private, auth });
        json!({ "endpoint": self.endpoint(browser), "keys": { "p256dh": p256dh, "auth": URL_SAFE_NO_PAD.encode(auth) } })
    }

    /// How the next messages to this browser are treated; later ones well.
    pub fn treats(&self, browser: &str, manners: impl IntoIterator<Item = Manner>) {
        self.desk.manners.lock().insert(browser.to_owned(), manners.into_iter().collect());
    }

    pub async fn next(&mut self) -> Arrival {
        tokio::time::timeout(Duration::from_secs(20), self.arrived.recv()).await.expect("a push arrives in time").expect("it runs")
    }

    /// What has arrived and was not looked at.
    pub fn unseen(&mut self) -> Vec<Arrival> {
        std::iter::from_fn(|| self.arrived.try_recv().ok()).collect()
    }
}

type Shared = (Arc<Desk>, mpsc::UnboundedSender<Arrival>);

async fn take(State((desk, sender)): State<Shared>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    assert_eq!(method, Method::POST);
    let browser = uri.path().trim_start_matches('/').to_owned();
    let arrival = understand(&desk, browser.clone(), headers, &body);
    sender.send(arrival).expect("the test listens");
    let manner = desk.manners.lock().get_mut(&browser).and_then(VecDeque::pop_front).unwrap_or(Manner::Status(201));
    match manner {
        Manner::Status(status) => StatusCode::from_u16(status).expect("a status").into_response(),
        Manner::Pause(seconds) => (StatusCode::TOO_MANY_REQUESTS, [("retry-after", seconds.to_string())]).into_response(),
        Manner::Hang => std::future::pending().await,
        Manner::BreakOff => {
            let broken = futures_util::stream::iter([Ok(Bytes::from_static(b"cre")), Err(std::io::Error::other("the cable was pulled"))]);
            (StatusCode::CREATED, Body::from_stream(broken)).into_response()
        }
    }
}

fn understand(desk: &Desk, browser: String, headers: HeaderMap, body: &[u8]) -> Arrival {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    assert_eq!(header("content-encoding"), "aes128gcm");
    let authorization = header("authorization");
    let rest = authorization.strip_prefix("vapid t=").expect("RFC 8292");
    let (token, key) = rest.split_once(", k=").expect("RFC 8292");
    let claims = verified(token, key);
    let text = {
        let browsers = desk.browsers.lock();
        let Browser { private, auth } = browsers.get(&browser).expect("a browser that exists");
        decrypted(private, auth, body)
    };
    let notification = serde_json::from_slice(&text).expect("JSON");
    let (token, key) = (token.to_owned(), key.to_owned());
    Arrival { browser, notification, size: body.len(), headers, claims, key, token }
}

fn decoded(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).expect("URL-safe base64 without padding")
}

fn verified(token: &str, key: &str) -> Value {
    let parts = token.split('.').collect::<Vec<_>>();
    let [head, claims, signature] = parts[..] else { panic!("a token has three parts") };
    let head: Value = serde_json::from_slice(&decoded(head)).expect("JSON");
    assert_eq!((head["typ"].as_str(), head["alg"].as_str()), (Some("JWT"), Some("ES256")));
    let key = VerifyingKey::from_sec1_bytes(&decoded(key)).expect("a point on the curve");
    let signature = Signature::from_slice(&decoded(signature)).expect("a signature");
    let signed = token.rsplit_once('.').expect("three parts").0;
    key.verify(signed.as_bytes(), &signature).expect("signed with the key that is named");
    serde_json::from_slice(&decoded(claims)).expect("JSON")
}

fn decrypted(private: &SecretKey, auth: &[u8], body: &[u8]) -> Vec<u8> {
    let (salt, rest) = body.split_at(16);
    let (size, rest) = rest.split_at(4);
    assert!(body.len() <= 4096, "a push service need not take more");
    assert!(u32::from_be_bytes(size.try_into().expect("four bytes")) as usize >= rest.len() - 66, "all of it is one record");
    assert_eq!(rest[0], 65, "the key id is the sender's public key");
    let (sender, sealed) = rest[1..].split_at(65);
    let public = private.public_key().to_encoded_point(false);
    let theirs = PublicKey::from_sec1_bytes(sender).expect("a point on the curve");
    let shared = p256::ecdh::diffie_hellman(private.to_nonzero_scalar(), theirs.as_affine());
    let expand = |salt: &[u8], secret: &[u8], info: &[u8], length: usize| {
        let mut out = vec![0; length];
        Hkdf::<Sha256>::new(Some(salt), secret).expand(info, &mut out).expect("expands");
        out
    };
    let info = [b"WebPush: info\0".as_slice(), public.as_bytes(), sender].concat();
    let material = expand(auth, shared.raw_secret_bytes(), &info, 32);
    let key = expand(salt, &material, b"Content-Encoding: aes128gcm\0", 16);
    let nonce = expand(salt, &material, b"Content-Encoding: nonce\0", 12);
    let cipher = Aes128Gcm::new_from_slice(&key).expect("16 bytes");
    let padded = cipher.decrypt(Nonce::from_slice(&nonce), sealed).expect("it is for this browser, and whole");
    let end = padded.iter().rposition(|byte| *byte != 0).expect("a delimiter");
    assert_eq!(padded[end], 2, "the last record");
    padded[..end].to_vec()
}
