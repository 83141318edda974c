//! Pushes: notifications on people's devices while nobody looks, by Web Push.
//!
//! A message that concerns somebody stores a job `push` in its own transaction. [`expansion`] finds
//! the recipients and stores a job `push.deliver` for each of their devices; [`delivery`] writes,
//! encrypts and sends, and drops devices that are gone.

pub mod delivery;
pub mod encryption;
pub mod events;
pub mod extractors;
pub mod fan_out;
pub mod payload;
pub mod routes;
pub mod store;
pub mod subscriber_cache;
pub mod vapid;

use std::collections::HashMap;

use http::StatusCode;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::core::app::{App, DomainState, Tx};
use crate::core::clock::Time;
use crate::core::ids::{MessageId, RoomId};
use crate::http::network_policy::NetworkPolicy;
use crate::http::network_policy::is_public;
use crate::http::outbound;
use crate::http::private_origins::PrivateOrigins;
use crate::http::problem::{Errors, Problem, chain, respond_as_problem};
use crate::identity::sessions::SessionError;
use crate::jobs::{self, NewJob};
use crate::messages::Message;
use crate::messages::listeners::Origin;
use encryption::Recipient;
use subscriber_cache::Audience;

/// Devices of one person.
pub const MAX_SUBSCRIPTIONS: usize = 20;

/// A subscription's row in `push_subscriptions`.
pub type SubscriptionId = i64;

/// The job that finds out whom a message concerns.
const EXPAND: &str = "push";
/// The job that notifies one device.
const DELIVER: &str = "push.deliver";

/// Whom the job talks to that finds out whom a message concerns; no host is called so.
const OURSELVES: &str = "this server";
/// Jobs of all kinds that may wait before messages find no recipients any more: notifications leave
/// room for work that matters more.
const CROWDED: usize = jobs::MAX_WAITING / 2;

/// The message that a job is about; a trial is about none.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Subject {
    room: RoomId,
    message: MessageId,
}

/// What a job `push.deliver` needs.
#[derive(Debug, Serialize, Deserialize)]
struct Task {
    subscription: SubscriptionId,
    subject: Option<Subject>,
}

/// Calls the people whom a new message concerns: stored with it, done after it. Runs on the writer
/// and costs nothing when nobody could be notified.
///
/// # Errors
/// When the job cannot be stored.
pub fn call(app: &App, tx: &mut Tx<'_>, message: &Message, _: Origin) -> Result<(), db::Error> {
    if !app.config.push_notifications {
        return Ok(());
    }
    let concerned = app.state::<Audience>().is_concerned(app, message).unwrap_or_else(|error| {
        // The message is not to blame; who is concerned is asked again when the job is done.
        tracing::warn!(error = %chain(&error), "could not find out whether anybody is to be notified");
        true
    });
    if concerned {
        let subject = Subject { room: message.room_id, message: message.id };
        enqueue(app, tx, EXPAND, OURSELVES, &subject, app.clock.now())?;
    }
    Ok(())
}

fn enqueue(
    app: &App,
    tx: &mut Tx<'_>,
    kind: &'static str,
    destination: &str,
    payload: &impl Serialize,
    now: Time,
) -> Result<(), db::Error> {
    // Numbers in a struct: there is nothing that JSON could refuse.
    let payload = serde_json::to_string(payload).unwrap_or_default();
    jobs::store::enqueue(
        app,
        tx,
        &NewJob { kind, lane: None, destination: destination.to_owned(), payload },
        now,
    )?;
    Ok(())
}

/// The push service of a subscription: what jobs to it are counted by. `None` if it cannot be
/// called.
pub fn service(endpoint: &str) -> Option<String> {
    outbound::destination(endpoint)
}

/// The host that a subscription's messages go to, as it is shown. `None` if it cannot be called.
pub fn endpoint_host(endpoint: &str) -> Option<String> {
    let url = outbound::parse(endpoint).ok()?;
    Some(url.host_str()?.to_owned())
}

/// A browser's subscription, checked.
#[derive(Debug)]
pub struct NewSubscription {
    /// Where its push service takes messages: a secret address.
    pub endpoint: String,
    /// Its keys.
    pub recipient: Recipient,
}

impl NewSubscription {
    /// Checks what a browser gave: an `https` address on the public internet or one of the
    /// operator's own services, and keys.
    ///
    /// # Errors
    /// The rejected fields.
    pub fn parse(
        endpoint: &str,
        p256dh: &str,
        auth: &str,
        own: &PrivateOrigins,
    ) -> Result<Self, PushError> {
        let mut errors = Errors::new();
        let mut reject = |field: &str, message: String| {
            errors.entry(field.to_owned()).or_default().push(message)
        };
        match outbound::parse(endpoint) {
            Err(error) => reject("endpoint", format!("{error}.")),
            Ok(url) if !url.username().is_empty() || url.password().is_some() => {
                reject(
                    "endpoint",
                    "The address of a push service has no user or password in it.".into(),
                );
            }
            Ok(url) if own.policy(&url) == NetworkPolicy::PublicOnly => {
                let address = url.host_str().and_then(|host| {
                    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
                });
                if url.scheme() != "https" {
                    reject(
                        "endpoint",
                        "The address of a push service begins with https://.".into(),
                    );
                } else if address.is_some_and(|address| !is_public(address)) {
                    reject("endpoint", "A push service is on the public internet.".into());
                }
            }
            Ok(_) => {}
        }
        let recipient = Recipient::parse(p256dh, auth);
        if recipient.is_none() {
            reject("keys", "p256dh must be a point on the curve P-256 and auth 16 bytes, both in URL-safe base64.".into());
        }
        match recipient {
            Some(recipient) if errors.is_empty() => {
                Ok(Self { endpoint: endpoint.to_owned(), recipient })
            }
            _ => Err(PushError::Rejected(errors)),
        }
    }
}

/// Seconds between two trials of one device.
const TRIAL_PAUSE: i64 = 5;
/// Trials remembered; more at once are not tried.
const MAX_TRIALS: usize = 1000;

/// When devices were last tried by their people.
#[derive(Default)]
pub struct Trials(Mutex<HashMap<SubscriptionId, Time>>);

impl Trials {
    /// Notes a trial, if the last one is some time ago.
    ///
    /// # Errors
    /// [`PushError::TooSoon`].
    pub fn begin(&self, device: SubscriptionId, now: Time) -> Result<(), PushError> {
        let mut trials = self.0.lock();
        trials.retain(|_, at| (0..TRIAL_PAUSE).contains(&now.seconds_since(*at)));
        if trials.contains_key(&device) || trials.len() >= MAX_TRIALS {
            return Err(PushError::TooSoon);
        }
        trials.insert(device, now);
        Ok(())
    }
}

/// Why a subscription could not be made or used.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// The operator switched notifications off.
    #[error("Notifications are switched off on this server.")]
    SwitchedOff,
    /// Not one's own subscription, or none at all.
    #[error("There is no such device.")]
    NotFound,
    /// Something in it was not accepted.
    #[error("The subscription was not accepted.")]
    Rejected(Errors),
    /// More devices than one person may have.
    #[error("You are notified on {MAX_SUBSCRIPTIONS} devices already. Remove one first.")]
    TooMany,
    /// A device was tried a moment ago.
    #[error(
        "A notification was sent a moment ago. Please wait {TRIAL_PAUSE} seconds and try again."
    )]
    TooSoon,
    /// Who calls is not signed in.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The database.
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl From<PushError> for Problem {
    fn from(error: PushError) -> Self {
        let text = error.to_string();
        match error {
            PushError::SwitchedOff => Self::new(StatusCode::FORBIDDEN, text),
            PushError::NotFound => Self::new(StatusCode::NOT_FOUND, text),
            PushError::Rejected(errors) => Self::rejected(errors),
            PushError::TooMany => Self::new(StatusCode::UNPROCESSABLE_ENTITY, text),
            PushError::TooSoon => Self::new(StatusCode::TOO_MANY_REQUESTS, text)
                .retry_after(u32::try_from(TRIAL_PAUSE).unwrap_or(1)),
            PushError::Session(error) => error.into(),
            PushError::Database(error) => error.into(),
        }
    }
}

respond_as_problem!(PushError);

impl DomainState for Trials {
    fn on_external_write(&self, _: &App) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    const P256DH: &str =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

    #[test]
    fn members_cannot_point_the_server_at_its_own_network() {
        let parse = |endpoint: &str| {
            NewSubscription::parse(endpoint, P256DH, AUTH, &PrivateOrigins::default())
        };
        assert!(parse("https://fcm.googleapis.com/fcm/send/abc").is_ok());
        for wrong in [
            "",
            "fcm.googleapis.com",
            "http://fcm.googleapis.com/x",
            "https://127.0.0.1/x",
            "https://[::1]/x",
            "https://10.0.0.1:8443/x",
            "https://2130706433/x",
            "https://user@fcm.googleapis.com/x",
            "file:///etc/passwd",
            &format!("https://example.com/{}", "x".repeat(3000)),
        ] {
            assert!(
                matches!(parse(wrong), Err(PushError::Rejected(errors)) if errors.contains_key("endpoint")),
                "{wrong}"
            );
        }
    }

    #[test]
    fn the_operators_own_services_are_called_without_a_password_of_somebody_elses() {
        let own = PrivateOrigins::parse("http://10.0.0.7:8080").expect("an origin");
        let parse = |endpoint: &str| NewSubscription::parse(endpoint, P256DH, AUTH, &own);
        assert!(parse("http://10.0.0.7:8080/secret").is_ok());
        for wrong in [
            "http://me@10.0.0.7:8080/secret",
            "http://me:word@10.0.0.7:8080/secret",
            "http://10.0.0.7:8081/secret",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_rejected_field_is_named() {
        let error = NewSubscription::parse("nonsense", P256DH, "short", &PrivateOrigins::default())
            .expect_err("two problems");
        assert!(matches!(error, PushError::Rejected(errors) if errors.len() == 2));
    }

    #[test]
    fn a_device_is_tried_now_and_then() {
        let at = |second| Time::from(jiff::Timestamp::from_second(second).expect("in range"));
        let trials = Trials::default();
        assert!(trials.begin(1, at(0)).is_ok());
        assert!(trials.begin(1, at(TRIAL_PAUSE - 1)).is_err());
        assert!(trials.begin(2, at(0)).is_ok());
        assert!(trials.begin(1, at(TRIAL_PAUSE)).is_ok());
    }
}
