//! The job `push.deliver`: sends one notification to one device. The notification is built when it is
//! sent, so that it is up to date.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use super::encryption::Recipient;
use super::payload::Notification;
use super::store::{self, RecipientQuery, SubscriptionRow};
use super::vapid::Vapid;
use super::{DELIVER, DeliveryTask, Subject, SubscriptionId};
use crate::core::app::App;
use crate::core::clock::Time;
use crate::core::ids::UserId;
use crate::http::outbound::{self, Call, CallError, Outbound, Reply};
use crate::identity::accounts;
use crate::jobs::{Attempt, Handler, Job, Outcome, Policy, Verdict};
use crate::messages::{rendering, store as message_store};
use crate::rooms;
use crate::rooms::RoomType;
use crate::rooms::memberships::presence::Presence;

/// The time limit of a request to a push service.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes of a response that are read.
const MAX_RESPONSE: usize = 64 * 1024;
/// The longest `Retry-After` that is respected; later, nobody needs the notification any more.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(6 * 60 * 60);
/// Seconds for which push services keep a message for a device that is offline: four weeks, as in
/// Campfire.
const TTL: HeaderValue = HeaderValue::from_static("2419200");

pub struct PushDelivery;

impl Handler for PushDelivery {
    fn kind(&self) -> &'static str {
        DELIVER
    }

    fn policy(&self) -> Policy {
        // A handful of push services serve all browsers, so most jobs have the same destinations.
        Policy {
            concurrency: 48,
            per_destination: 12,
            max_attempts: 7,
            first_backoff: Duration::from_secs(10),
            timeout: REQUEST_TIMEOUT + Duration::from_secs(10),
        }
    }

    fn attempt(&self, app: App, job: Job) -> Attempt {
        Box::pin(async move {
            let Ok(task) = serde_json::from_str::<DeliveryTask>(&job.payload) else {
                return Outcome::new(Verdict::GiveUp("the payload of the job is damaged".into()))
                    .without_request();
            };
            if !app.config.push_notifications {
                return Outcome::new(Verdict::Done).without_request();
            }
            match build(&app, &task) {
                Ok(Push::Send(call)) => {
                    let outcome = app.state::<Outbound>().call(*call).await;
                    classify_response(outcome, task.subscription, app.clock.now())
                }
                Ok(Push::Obsolete) => Outcome::new(Verdict::Done).without_request(),
                Ok(Push::InvalidSubscription) => {
                    Outcome::with_effect(Verdict::Done, move |_, tx| {
                        store::delete_expired(tx, task.subscription)
                    })
                    .without_request()
                }
                Err(error) => Outcome::interrupted(&error),
            }
        })
    }
}

enum Push {
    Send(Box<Call>),
    /// The message or the subscription was deleted, or the message was read.
    Obsolete,
    /// The stored subscription is invalid.
    InvalidSubscription,
}

fn build(app: &App, task: &DeliveryTask) -> Result<Push, db::Error> {
    let Some(device) = app.db.read(|reader| store::find(reader, task.subscription))? else {
        return Ok(Push::Obsolete);
    };
    let text = match task.subject {
        Some(subject) => message_notification(app, &device, subject)?,
        None => test_notification(app, device.user)?,
    };
    let Some(text) = text else { return Ok(Push::Obsolete) };
    encrypt(app, &device, &text)
}

/// The notification of a message; `None` if the user no longer needs it.
fn message_notification(
    app: &App,
    device: &SubscriptionRow,
    subject: Subject,
) -> Result<Option<Vec<u8>>, db::Error> {
    let Some(row) =
        app.db.read(|reader| message_store::find(reader, subject.room, subject.message))?
    else {
        return Ok(None);
    };
    let message = rendering::message(app, subject.room, row, Vec::new())?;
    let present = app.state::<Presence>().present(subject.room, app.clock.now());
    let query = RecipientQuery {
        room: subject.room,
        author: message.creator.id,
        mentioned: &message.mentions,
        present: &present,
        only: Some(device.id),
    };
    let (wanted, room, badge) = app.db.read(|reader| {
        let wanted = !store::recipients(reader, &query)?.is_empty();
        Ok::<_, db::Error>((
            wanted,
            store::room(reader, subject.room)?,
            store::badge(reader, device.user)?,
        ))
    })?;
    let Some((name, kind)) = room.filter(|_| wanted) else { return Ok(None) };
    let (author, plain) = (message.creator.name.as_str(), message.body.plain.as_str());
    let path = format!("/rooms/{}", subject.room.0);
    let (title, body) = match kind {
        RoomType::Direct => (author, plain.to_owned()),
        RoomType::Open | RoomType::Closed => {
            (name.as_deref().unwrap_or(rooms::DEFAULT_ROOM_NAME), format!("{author}: {plain}"))
        }
    };
    Ok(Notification::new(title, &body, &path, badge).to_json().ok())
}

fn test_notification(app: &App, user: UserId) -> Result<Option<Vec<u8>>, db::Error> {
    let (account, badge, active) = app.db.read(|reader| {
        Ok::<_, db::Error>((
            accounts::store::find(reader)?,
            store::badge(reader, user)?,
            store::is_active(reader, user)?,
        ))
    })?;
    if !active {
        return Ok(None);
    }
    let title = account.map_or_else(|| accounts::DEFAULT_NAME.to_owned(), |account| account.name);
    Ok(Notification::new(&title, "Notifications work on this device.", "/", badge).to_json().ok())
}

fn encrypt(app: &App, device: &SubscriptionRow, text: &[u8]) -> Result<Push, db::Error> {
    let endpoint = device.endpoint.as_deref().unwrap_or_default();
    let keys = Recipient::parse(
        device.p256dh.as_deref().unwrap_or_default(),
        device.auth.as_deref().unwrap_or_default(),
    );
    let (Ok(url), Some(keys)) = (outbound::parse(endpoint), keys) else {
        return Ok(Push::InvalidSubscription);
    };
    let Some(body) = keys.encrypt(text) else { return Ok(Push::InvalidSubscription) };
    let authorization = app.state::<Vapid>().authorization(
        &url.origin().ascii_serialization(),
        || contact(app),
        app.clock.now(),
    )?;
    let Ok(mut authorization) = HeaderValue::try_from(authorization) else {
        return Ok(Push::InvalidSubscription);
    };
    authorization.set_sensitive(true);
    let headers = HeaderMap::from_iter([
        (header::AUTHORIZATION, authorization),
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CONTENT_ENCODING, HeaderValue::from_static("aes128gcm")),
        (header::HeaderName::from_static("ttl"), TTL),
        (header::HeaderName::from_static("urgency"), HeaderValue::from_static("high")),
    ]);
    Ok(Push::Send(Box::new(Call {
        method: Method::POST,
        url: endpoint.to_owned(),
        headers,
        body: Bytes::from(body),
        policy: app.config.push_services.policy(&url),
        timeout: REQUEST_TIMEOUT,
        max_response: MAX_RESPONSE,
    })))
}

/// The contact that push services may write to about this server: the one in the settings, otherwise
/// the first administrator. Some services require one.
fn contact(app: &App) -> Result<Option<String>, db::Error> {
    if let Some(subject) = &app.config.vapid_subject {
        return Ok(Some(subject.clone()));
    }
    let address = app.db.read(crate::identity::users::store::contact)?.map(|(_, address)| address);
    Ok(address.map(|address| format!("mailto:{address}")))
}

fn classify_response(
    outcome: Result<Reply, CallError>,
    device: SubscriptionId,
    now: Time,
) -> Outcome {
    let reply = match outcome {
        Ok(reply) => reply,
        Err(error @ (CallError::TimedOut(_) | CallError::Failed(_))) => {
            return Outcome::new(Verdict::Retry(error.to_string()));
        }
        Err(error @ (CallError::BadUrl(_) | CallError::NotPublic)) => {
            return Outcome::new(Verdict::GiveUp(error.to_string())).without_request();
        }
        Err(error @ CallError::TooLarge(..)) => {
            return Outcome::new(Verdict::GiveUp(error.to_string()));
        }
    };
    let status = reply.status;
    match status {
        _ if status.is_success() => Outcome::new(Verdict::Done),
        StatusCode::NOT_FOUND | StatusCode::GONE => {
            Outcome::with_effect(Verdict::Done, move |_, tx| store::delete_expired(tx, device))
        }
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => {
            Outcome::new(retry(&reply, now))
        }
        _ if status.is_server_error() => Outcome::new(retry(&reply, now)),
        _ => Outcome::new(Verdict::GiveUp(format!("the push service answered {status}"))),
    }
}

fn retry(reply: &Reply, now: Time) -> Verdict {
    let reason = format!("the push service answered {}", reply.status);
    match outbound::retry_after(&reply.headers, now.timestamp()) {
        Some(pause) => Verdict::RetryAfter(reason, pause.min(MAX_RETRY_AFTER)),
        None => Verdict::Retry(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(status: u16, retry_after: Option<&str>) -> (Verdict, bool) {
        let mut headers = HeaderMap::new();
        if let Some(text) = retry_after {
            headers.insert(header::RETRY_AFTER, text.parse().expect("a header"));
        }
        let reply = Reply {
            status: StatusCode::from_u16(status).expect("a status"),
            headers,
            body: Bytes::new(),
        };
        let now = Time::from(jiff::Timestamp::from_second(784_111_770).expect("in range"));
        let outcome = classify_response(Ok(reply), 1, now);
        (outcome.verdict, outcome.effect.is_some())
    }

    #[test]
    fn only_expired_subscriptions_are_deleted() {
        for status in [404, 410] {
            assert_eq!(verdict(status, None), (Verdict::Done, true), "{status}");
        }
        for status in [200, 201, 202, 204] {
            assert_eq!(verdict(status, None), (Verdict::Done, false), "{status}");
        }
        for status in [301, 400, 401, 403, 413] {
            assert!(matches!(verdict(status, None), (Verdict::GiveUp(_), false)), "{status}");
        }
        for status in [408, 429, 500, 503] {
            assert!(matches!(verdict(status, None), (Verdict::Retry(_), false)), "{status}");
        }
    }

    #[test]
    fn retry_after_is_respected_up_to_a_limit() {
        let pause = |text| match verdict(429, Some(text)).0 {
            Verdict::RetryAfter(_, pause) => Some(pause.as_secs()),
            _ => None,
        };
        assert_eq!(pause("120"), Some(120));
        assert_eq!(pause("Sun, 06 Nov 1994 08:49:37 GMT"), Some(7));
        assert_eq!(pause("Sun, 06 Nov 1993 08:49:37 GMT"), None);
        assert_eq!(pause("Sat, 06 Nov 1993 08:49:37 GMT"), Some(0));
        assert_eq!(pause("99999999999"), Some(MAX_RETRY_AFTER.as_secs()));
        assert_eq!(pause("soon"), None);
        assert!(matches!(verdict(503, Some("60")).0, Verdict::RetryAfter(_, _)));
    }
}
