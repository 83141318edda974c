//! Web Push notifications for users who are not looking at a room.
//!
//! [`enqueue`] stores a job `push` in the transaction of a message that may notify someone.
//! [`fan_out`] finds the recipients and enqueues a job `push.deliver` for each of their devices;
//! [`delivery`] builds, encrypts and sends the notification, and deletes subscriptions that have
//! expired.

pub mod delivery;
pub mod encryption;
pub mod enqueue;
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

use crate::core::clock::Time;
use crate::core::ids::{MessageId, RoomId};
use crate::http::network_policy::{NetworkPolicy, is_public};
use crate::http::outbound;
use crate::http::private_origins::PrivateOrigins;
use crate::http::problem::{Errors, Problem, respond_as_problem};
use crate::identity::sessions::SessionError;
use crate::jobs;
use encryption::Recipient;

/// Push subscriptions per user.
pub const MAX_SUBSCRIPTIONS: usize = 20;

pub type SubscriptionId = i64;

/// The kind of a job that finds the recipients of a message.
const FAN_OUT: &str = "push";
/// The kind of a job that notifies one device.
const DELIVER: &str = "push.deliver";

/// The destination of fan-out jobs, which send no request; no host has this name.
const SELF_DESTINATION: &str = "this server";
/// With more unfinished jobs of all kinds than this, messages notify nobody, which leaves room for
/// more important jobs.
const MAX_UNFINISHED_JOBS: usize = jobs::MAX_UNFINISHED / 2;

/// The message that a job is about.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Subject {
    room: RoomId,
    message: MessageId,
}

/// The payload of a job `push.deliver`.
#[derive(Debug, Serialize, Deserialize)]
struct DeliveryTask {
    subscription: SubscriptionId,
    /// `None` for a test notification.
    subject: Option<Subject>,
}

/// The host and port of a push service, the destination of its jobs. `None` if the URL is invalid.
pub fn destination(endpoint: &str) -> Option<String> {
    outbound::destination(endpoint)
}

/// The host of a push service, as it is shown. `None` if the URL is invalid.
pub fn endpoint_host(endpoint: &str) -> Option<String> {
    let url = outbound::parse(endpoint).ok()?;
    Some(url.host_str()?.to_owned())
}

/// A valid subscription of a browser.
#[derive(Debug)]
pub struct NewSubscription {
    /// The URL of the push service, which is a secret.
    pub endpoint: String,
    pub recipient: Recipient,
}

impl NewSubscription {
    /// Validates what a browser sent: keys, and an `https` URL on the public internet or of one of
    /// the operator's own services.
    ///
    /// # Errors
    /// [`PushError::Rejected`].
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
                    "The URL of a push service can't contain a user or password.".into(),
                );
            }
            Ok(url) if own.policy(&url) == NetworkPolicy::PublicOnly => {
                let address = url.host_str().and_then(|host| {
                    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
                });
                if url.scheme() != "https" {
                    reject(
                        "endpoint",
                        "The URL of a push service must start with https://.".into(),
                    );
                } else if address.is_some_and(|address| !is_public(address)) {
                    reject("endpoint", "A push service must be on the public internet.".into());
                }
            }
            Ok(_) => {}
        }
        let recipient = Recipient::parse(p256dh, auth);
        if recipient.is_none() {
            reject("keys", "p256dh must be a point on the P-256 curve and auth must have 16 bytes, both in URL-safe base64.".into());
        }
        match recipient {
            Some(recipient) if errors.is_empty() => {
                Ok(Self { endpoint: endpoint.to_owned(), recipient })
            }
            _ => Err(PushError::Rejected(errors)),
        }
    }
}

/// Seconds between two test notifications to one device.
const TEST_INTERVAL: i64 = 5;
/// Test notifications in one interval, to all devices together.
const MAX_TESTS: usize = 1000;

/// Limits the rate of test notifications.
#[derive(Default)]
pub struct TestPushLimiter(Mutex<HashMap<SubscriptionId, Time>>);

impl TestPushLimiter {
    /// Counts a test notification.
    ///
    /// # Errors
    /// [`PushError::TooManyTests`].
    pub fn check(&self, device: SubscriptionId, now: Time) -> Result<(), PushError> {
        let mut tests = self.0.lock();
        tests.retain(|_, at| (0..TEST_INTERVAL).contains(&now.seconds_since(*at)));
        if tests.contains_key(&device) || tests.len() >= MAX_TESTS {
            return Err(PushError::TooManyTests);
        }
        tests.insert(device, now);
        Ok(())
    }
}

/// Why a subscription could not be created or used.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    #[error("Notifications are turned off on this server.")]
    SwitchedOff,
    /// No such subscription, or another user's.
    #[error("Device not found.")]
    NotFound,
    #[error("This subscription is invalid.")]
    Rejected(Errors),
    #[error("You already get notifications on {MAX_SUBSCRIPTIONS} devices. Remove one first.")]
    TooMany,
    #[error("You just sent a test notification. Wait {TEST_INTERVAL} seconds and try again.")]
    TooManyTests,
    #[error(transparent)]
    Session(#[from] SessionError),
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
            PushError::TooManyTests => Self::new(StatusCode::TOO_MANY_REQUESTS, text)
                .retry_after(u32::try_from(TEST_INTERVAL).unwrap_or(1)),
            PushError::Session(error) => error.into(),
            PushError::Database(error) => error.into(),
        }
    }
}

respond_as_problem!(PushError);

#[cfg(test)]
mod tests {
    use super::*;

    const P256DH: &str =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

    #[test]
    fn private_addresses_are_rejected() {
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
    fn private_services_are_accepted_by_origin_and_without_credentials() {
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
    fn all_invalid_fields_are_reported() {
        let error = NewSubscription::parse("nonsense", P256DH, "short", &PrivateOrigins::default())
            .expect_err("two problems");
        assert!(matches!(error, PushError::Rejected(errors) if errors.len() == 2));
    }

    #[test]
    fn test_notifications_are_limited_per_device() {
        let at = |second| Time::from(jiff::Timestamp::from_second(second).expect("in range"));
        let limiter = TestPushLimiter::default();
        assert!(limiter.check(1, at(0)).is_ok());
        assert!(limiter.check(1, at(TEST_INTERVAL - 1)).is_err());
        assert!(limiter.check(2, at(0)).is_ok());
        assert!(limiter.check(1, at(TEST_INTERVAL)).is_ok());
    }
}
