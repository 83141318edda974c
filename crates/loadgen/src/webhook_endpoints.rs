//! The bots' webhook endpoints in the crash test: they record each call and have fault modes.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use test_support::endpoint::{self, Reply, Request};
use test_support::webhook_endpoint::Call;
use tokio::sync::watch;

use crate::Result;
use crate::fault_modes::FaultModes;

/// A call that an endpoint received.
#[derive(Debug, Clone)]
pub struct RecordedCall {
    /// The ID of the message in its body.
    pub message: i64,
    /// Its `Webhook-Id`.
    pub webhook_id: String,
    /// Whether it is signed with the bot's secret.
    pub is_signed: bool,
    /// The status of the reply, if one was sent.
    pub status: Option<u16>,
}

/// The calls to each bot in the order of their arrival.
#[derive(Default)]
pub struct CallLog(Mutex<HashMap<i64, Vec<RecordedCall>>>);

impl CallLog {
    /// The calls to a bot so far.
    pub fn of_bot(&self, bot: i64) -> Vec<RecordedCall> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&bot).cloned().unwrap_or_default()
    }

    fn record(&self, bot: i64, call: RecordedCall) -> usize {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let calls = calls.entry(bot).or_default();
        calls.push(call);
        calls.len() - 1
    }

    fn record_status(&self, bot: i64, index: usize, status: u16) {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(call) = calls.get_mut(&bot).and_then(|calls| calls.get_mut(index)) {
            call.status = Some(status);
        }
    }
}

/// The running endpoints.
pub struct WebhookEndpoints {
    addresses: Vec<SocketAddr>,
    pub calls: Arc<CallLog>,
    secrets: Secrets,
}

/// The signing secret of each bot.
type Secrets = Arc<Mutex<HashMap<i64, String>>>;

/// Whether this bot replies to messages with text; the others reply with status 204.
pub fn replies_with_text(bot: i64) -> bool {
    bot % 2 == 0
}

/// The text of a bot's reply to a message.
pub fn reply_text(message: i64) -> String {
    format!("I received {message}")
}

impl WebhookEndpoints {
    /// Starts `count` endpoints, each on its own port, with faults until `recovered`.
    pub async fn start(count: usize, recovered: &watch::Receiver<bool>) -> Result<Self> {
        let (calls, secrets) = (Arc::new(CallLog::default()), Secrets::default());
        let mut addresses = Vec::new();
        for _ in 0..count {
            let faults = FaultModes::start(recovered.clone(), usize::MAX);
            let (calls, secrets) = (calls.clone(), secrets.clone());
            let handle = move |request| {
                let (faults, calls, secrets) = (faults.clone(), calls.clone(), secrets.clone());
                async move {
                    let reply = reply(request, faults, &calls, &secrets).await;
                    reply.unwrap_or(Reply::Close)
                }
            };
            addresses.push(endpoint::serve(handle).await?);
        }
        Ok(Self { addresses, calls, secrets })
    }

    /// The URL of a bot's webhook; several bots share an endpoint.
    pub fn url(&self, bot: i64) -> String {
        let index = usize::try_from(bot).unwrap_or(0) % self.addresses.len();
        format!("http://{}/{bot}", self.addresses[index])
    }

    /// Sets the secret that a bot's calls must be signed with.
    pub fn set_secret(&self, bot: i64, secret: &str) {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).insert(bot, secret.to_owned());
    }
}

/// The reply to a call; `None` if the call is malformed.
async fn reply(
    request: Request,
    faults: FaultModes,
    calls: &CallLog,
    secrets: &Secrets,
) -> Option<Reply> {
    let bot: i64 = request.path.parse().ok()?;
    let call = Call::parse(request).ok()?;
    let message = call.json["message"]["id"].as_i64()?;
    let secret = {
        let secrets = secrets.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.get(&bot).cloned().unwrap_or_default()
    };
    let (webhook_id, is_signed) =
        (call.header("webhook-id").to_owned(), call.is_signed_with(&secret));
    let index = calls.record(bot, RecordedCall { message, webhook_id, is_signed, status: None });
    let reply = match faults.apply().await {
        Some(reply) => reply,
        None if replies_with_text(bot) => {
            Reply::Content(200, "text/plain", reply_text(message).into_bytes())
        }
        None => Reply::Status(204),
    };
    let status = match reply {
        Reply::Status(status) | Reply::Content(status, ..) => Some(status),
        Reply::RetryAfter(_) => Some(429),
        _ => None,
    };
    if let Some(status) = status {
        calls.record_status(bot, index, status);
    }
    Some(reply)
}
