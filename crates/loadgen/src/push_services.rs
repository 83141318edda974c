//! Push services that have moods, and the devices behind them, which read what they are sent and
//! write it down.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::{HeaderMap, Request, Response};
use push_browser::{Browser, Sender};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::Outcome;
use crate::moods::{Answer, Moods, serve};

/// The text of a notification, or why it is not to be believed.
pub type Push = Result<String, String>;

/// The running push services.
pub struct PushServices {
    addresses: Vec<SocketAddr>,
    desk: Arc<Desk>,
}

/// All devices, and the key that the server may sign with.
#[derive(Default)]
struct Desk {
    devices: Mutex<Vec<Arc<Device>>>,
    key: Mutex<String>,
}

struct Device {
    browser: Browser,
    is_gone: bool,
    pushes: Mutex<Vec<Push>>,
}

impl PushServices {
    /// So many, each on a port of its own, that let at most so many calls fail in a row.
    pub async fn start(
        count: usize,
        calm: &watch::Receiver<bool>,
        in_a_row: usize,
    ) -> Outcome<Self> {
        let desk = Arc::new(Desk::default());
        let mut addresses = Vec::new();
        for _ in 0..count {
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            let address = listener.local_addr()?;
            addresses.push(address);
            let (moods, desk) = (Moods::begin(calm.clone(), in_a_row), desk.clone());
            tokio::spawn(serve(listener, move |request| {
                take(request, origin(address), moods.clone(), desk.clone())
            }));
        }
        Ok(Self { addresses, desk })
    }

    /// Where they are, as the operator tells the server.
    pub fn origins(&self) -> String {
        self.addresses.iter().map(|address| origin(*address)).collect::<Vec<_>>().join(",")
    }

    /// The key that browsers subscribe with: nobody else may send.
    pub fn expect(&self, key: &str) {
        key.clone_into(&mut held(&self.desk.key));
    }

    /// A new device, and its subscription as a browser writes it. One that is gone is not known to
    /// its push service any more.
    pub fn device(&self, is_gone: bool) -> (usize, Value) {
        let browser = Browser::new();
        let keys = json!({ "p256dh": browser.p256dh(), "auth": browser.auth() });
        let mut devices = held(&self.desk.devices);
        let number = devices.len();
        devices.push(Arc::new(Device { browser, is_gone, pushes: Mutex::default() }));
        let endpoint =
            format!("{}/{number}", origin(self.addresses[number % self.addresses.len()]));
        (number, json!({ "endpoint": endpoint, "keys": keys }))
    }

    /// What a device was sent so far.
    pub fn heard(&self, device: usize) -> Vec<Push> {
        held(&self.desk.devices)
            .get(device)
            .map(|device| held(&device.pushes).clone())
            .unwrap_or_default()
    }
}

fn origin(address: SocketAddr) -> String {
    format!("http://{address}")
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes a message to a device. An error closes the connection without an answer.
async fn take(
    request: Request<Incoming>,
    origin: String,
    moods: Moods,
    desk: Arc<Desk>,
) -> io::Result<Answer> {
    let number: usize =
        request.uri().path().trim_start_matches('/').parse().map_err(io::Error::other)?;
    let device = held(&desk.devices)
        .get(number)
        .cloned()
        .ok_or_else(|| io::Error::other("no such device"))?;
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let key = held(&desk.key).clone();
    let push = understood(&device.browser, &parts.headers, &body, &origin, &key);
    held(&device.pushes).push(push);
    let status = |status: u16| {
        Response::builder().status(status).body(Full::default()).map_err(io::Error::other)
    };
    if device.is_gone {
        return status(410);
    }
    match moods.endure().await? {
        Some(refusal) => Ok(refusal),
        None => status(201),
    }
}

/// The text, if the server that signs with this key sent it to this very device.
fn understood(
    browser: &Browser,
    headers: &HeaderMap,
    body: &[u8],
    origin: &str,
    key: &str,
) -> Push {
    let header =
        |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if header("content-encoding") != "aes128gcm" || header("ttl").parse::<u32>().is_err() {
        return Err("it lacks the headers that a push service asks for".to_owned());
    }
    let sender = Sender::read(header("authorization")).map_err(|wrong| wrong.to_string())?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    sender
        .may_send(origin, i64::try_from(now).unwrap_or(i64::MAX))
        .map_err(|wrong| wrong.to_string())?;
    if sender.key != key {
        return Err("another key signed it".to_owned());
    }
    let text = browser.read(body).map_err(|wrong| wrong.to_string())?;
    let said: Value = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    match (said["options"]["body"].as_str(), said["options"]["data"]["path"].as_str()) {
        (Some(text), Some("/rooms/1")) => Ok(text.to_owned()),
        _ => Err(format!("an odd notification: {said}")),
    }
}
