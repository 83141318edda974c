//! Push services with fault modes in the crash test, and the devices behind them, which decrypt and
//! record their notifications.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;
use test_support::endpoint::{self, Reply, Request};
use test_support::push_service::Push;
use test_support::web_push::Browser;
use tokio::sync::watch;

use crate::Result;
use crate::fault_modes::FaultModes;

/// The text of a notification, or why it is invalid.
pub type ReceivedPush = Result<String, String>;

/// The running push services.
pub struct PushServices {
    origins: Vec<String>,
    state: Arc<State>,
}

/// All devices, and the server's public VAPID key.
#[derive(Default)]
struct State {
    devices: Mutex<Vec<Arc<Device>>>,
    vapid_key: Mutex<String>,
}

struct Device {
    browser: Browser,
    is_expired: bool,
    pushes: Mutex<Vec<ReceivedPush>>,
}

impl PushServices {
    /// Starts `count` services, each on its own port, with faults until `recovered`. At most
    /// `max_failures` calls fail in a row.
    pub async fn start(
        count: usize,
        recovered: &watch::Receiver<bool>,
        max_failures: usize,
    ) -> Result<Self> {
        let state = Arc::new(State::default());
        let mut origins = Vec::new();
        for _ in 0..count {
            let faults = FaultModes::start(recovered.clone(), max_failures);
            let state = state.clone();
            let handle = move |request| {
                let (faults, state) = (faults.clone(), state.clone());
                async move { reply(request, faults, &state).await.unwrap_or(Reply::Close) }
            };
            origins.push(origin(endpoint::serve(handle).await?));
        }
        Ok(Self { origins, state })
    }

    /// The value of the server's setting `PUSH_SERVICES`.
    pub fn setting(&self) -> String {
        self.origins.join(",")
    }

    /// Sets the public key that messages must be signed with.
    pub fn set_vapid_key(&self, key: &str) {
        key.clone_into(&mut lock(&self.state.vapid_key));
    }

    /// Adds a device and returns its index and subscription. The push service rejects messages to
    /// an expired one with status 410.
    pub fn add_device(&self, is_expired: bool) -> (usize, Value) {
        let browser = Browser::new();
        let mut devices = lock(&self.state.devices);
        let index = devices.len();
        let origin = &self.origins[index % self.origins.len()];
        let subscription = browser.subscription(&format!("{origin}/{index}"));
        devices.push(Arc::new(Device { browser, is_expired, pushes: Mutex::default() }));
        (index, subscription)
    }

    /// What a device has been sent so far.
    pub fn received(&self, device: usize) -> Vec<ReceivedPush> {
        lock(&self.state.devices)
            .get(device)
            .map(|device| lock(&device.pushes).clone())
            .unwrap_or_default()
    }
}

fn origin(address: SocketAddr) -> String {
    format!("http://{address}")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The reply to a message; `None` if there is no such device.
async fn reply(request: Request, faults: FaultModes, state: &State) -> Option<Reply> {
    let index: usize = request.path.parse().ok()?;
    let device = lock(&state.devices).get(index).cloned()?;
    let key = lock(&state.vapid_key).clone();
    let push = notification_text(request, &device.browser, &key);
    lock(&device.pushes).push(push);
    if device.is_expired {
        return Some(Reply::Status(410));
    }
    Some(faults.apply().await.unwrap_or(Reply::Status(201)))
}

/// The notification's text, if the server that signs with this key sent it to this device.
fn notification_text(request: Request, browser: &Browser, key: &str) -> ReceivedPush {
    let audience = format!("http://{}", request.header("host"));
    let push = Push::parse(request, browser).map_err(|invalid| invalid.to_string())?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    push.sender
        .authorize(&audience, i64::try_from(now).unwrap_or(i64::MAX))
        .map_err(|invalid| invalid.to_string())?;
    if push.sender.key != key {
        return Err("it is signed with another key".to_owned());
    }
    let options = &push.notification["options"];
    match (options["body"].as_str(), options["data"]["path"].as_str()) {
        (Some(text), Some("/rooms/1")) => Ok(text.to_owned()),
        _ => Err(format!("unexpected notification: {}", push.notification)),
    }
}
