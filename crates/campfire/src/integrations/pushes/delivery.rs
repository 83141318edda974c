//! The job `push.deliver`: one notification to one device. What it says is written when it is sent,
//! so that it is true then.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use super::encryption::Recipient;
use super::payload::Notification;
use super::store::{self, Question, SubscriptionRow};
use super::vapid::Vapid;
use super::{DELIVER, Subject, Task};
use crate::core::app::App;
use crate::core::clock::Time;
use crate::core::ids::UserId;
use crate::http::outbound::{self, Call, CallError, Outbound, Reply};
use crate::identity::accounts;
use crate::jobs::{Attempt, Ended, Handler, Job, Policy, Verdict};
use crate::messages::{rendering, store as message_store};
use crate::rooms;
use crate::rooms::RoomType;
use crate::rooms::memberships::presence::Presence;

/// Time for a push service to answer.
const TIME: Duration = Duration::from_secs(10);
/// Bytes of its answer that are looked at.
const ANSWER: usize = 64 * 1024;
/// The longest pause that a push service may ask for; later nobody needs to be notified any more.
const LONGEST_PAUSE: Duration = Duration::from_secs(6 * 60 * 60);
/// Seconds for which push services keep a message for a device that is off: four weeks, as in
/// Campfire.
const TTL: HeaderValue = HeaderValue::from_static("2419200");

/// Notifies devices.
pub struct Delivery;

impl Handler for Delivery {
    fn kind(&self) -> &'static str {
        DELIVER
    }

    fn policy(&self) -> Policy {
        // A handful of services serve all browsers of the world: most jobs have the same few
        // destinations.
        Policy {
            concurrency: 48,
            per_destination: 12,
            attempts: 7,
            first_pause: Duration::from_secs(10),
            time_limit: TIME + Duration::from_secs(10),
        }
    }

    fn attempt(&self, app: App, job: Job) -> Attempt {
        Box::pin(async move {
            let Ok(task) = serde_json::from_str::<Task>(&job.payload) else {
                return Ended::plain(Verdict::GiveUp("the job is damaged".into())).unasked();
            };
            if !app.config.push_notifications {
                return Ended::plain(Verdict::Done).unasked();
            }
            match letter(&app, &task) {
                Ok(Letter::To(call)) => {
                    let outcome = app.state::<Outbound>().call(*call).await;
                    judge(outcome, task.subscription, app.clock.now())
                }
                Ok(Letter::Unwanted) => Ended::plain(Verdict::Done).unasked(),
                Ok(Letter::Impossible) => {
                    Ended::with(Verdict::Done, move |_, tx| store::drop_dead(tx, task.subscription))
                        .unasked()
                }
                Err(error) => Ended::interrupted(&error),
            }
        })
    }
}

/// What is to be sent.
enum Letter {
    /// This.
    To(Box<Call>),
    /// Nothing any more: the message or the device is gone, or it was read.
    Unwanted,
    /// Nothing ever: the device's keys are none.
    Impossible,
}

fn letter(app: &App, task: &Task) -> Result<Letter, db::Error> {
    let Some(device) = app.db.read(|reader| store::find(reader, task.subscription))? else {
        return Ok(Letter::Unwanted);
    };
    let text = match task.subject {
        Some(subject) => of_message(app, &device, subject)?,
        None => of_trial(app, device.user)?,
    };
    let Some(text) = text else { return Ok(Letter::Unwanted) };
    seal(app, &device, &text)
}

/// The notification of a message, if this person is still to be notified of it.
fn of_message(
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
    let question = Question {
        room: subject.room,
        author: message.creator.id,
        mentioned: &message.mentions,
        present: &present,
        only: Some(device.id),
    };
    let (wanted, room, badge) = app.db.read(|reader| {
        let wanted = !store::recipients(reader, &question)?.is_empty();
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

/// The notification that people send themselves to see whether it works.
fn of_trial(app: &App, user: UserId) -> Result<Option<Vec<u8>>, db::Error> {
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

/// Encrypts and addresses.
fn seal(app: &App, device: &SubscriptionRow, text: &[u8]) -> Result<Letter, db::Error> {
    let endpoint = device.endpoint.as_deref().unwrap_or_default();
    let keys = Recipient::parse(
        device.p256dh.as_deref().unwrap_or_default(),
        device.auth.as_deref().unwrap_or_default(),
    );
    let (Ok(url), Some(keys)) = (outbound::parse(endpoint), keys) else {
        return Ok(Letter::Impossible);
    };
    let Some(body) = keys.encrypt(text) else { return Ok(Letter::Impossible) };
    let authorization = app.state::<Vapid>().authorization(
        &url.origin().ascii_serialization(),
        || subject(app),
        app.clock.now(),
    )?;
    let Ok(mut authorization) = HeaderValue::try_from(authorization) else {
        return Ok(Letter::Impossible);
    };
    authorization.set_sensitive(true);
    let headers = HeaderMap::from_iter([
        (header::AUTHORIZATION, authorization),
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CONTENT_ENCODING, HeaderValue::from_static("aes128gcm")),
        (header::HeaderName::from_static("ttl"), TTL),
        (header::HeaderName::from_static("urgency"), HeaderValue::from_static("high")),
    ]);
    Ok(Letter::To(Box::new(Call {
        method: Method::POST,
        url: endpoint.to_owned(),
        headers,
        body: Bytes::from(body),
        policy: app.config.push_services.policy(&url),
        time: TIME,
        size: ANSWER,
    })))
}

/// Whom a push service may write to about this server: whom the operator named, otherwise the first
/// administrator. Some services take no message without one.
fn subject(app: &App) -> Result<Option<String>, db::Error> {
    if let Some(subject) = &app.config.vapid_subject {
        return Ok(Some(subject.clone()));
    }
    let address = app.db.read(crate::identity::users::store::contact)?.map(|(_, address)| address);
    Ok(address.map(|address| format!("mailto:{address}")))
}

/// What becomes of the job, and of the device.
fn judge(outcome: Result<Reply, CallError>, device: super::SubscriptionId, now: Time) -> Ended {
    let reply = match outcome {
        Ok(reply) => reply,
        Err(error @ (CallError::TimedOut(_) | CallError::Failed(_))) => {
            return Ended::plain(Verdict::Retry(error.to_string()));
        }
        Err(error @ (CallError::BadUrl(_) | CallError::NotPublic)) => {
            return Ended::plain(Verdict::GiveUp(error.to_string())).unasked();
        }
        Err(error @ CallError::TooLarge(..)) => {
            return Ended::plain(Verdict::GiveUp(error.to_string()));
        }
    };
    let status = reply.status;
    match status {
        _ if status.is_success() => Ended::plain(Verdict::Done),
        StatusCode::NOT_FOUND | StatusCode::GONE => {
            Ended::with(Verdict::Done, move |_, tx| store::drop_dead(tx, device))
        }
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => {
            Ended::plain(later(&reply, now))
        }
        _ if status.is_server_error() => Ended::plain(later(&reply, now)),
        _ => Ended::plain(Verdict::GiveUp(format!("the push service answered {status}"))),
    }
}

fn later(reply: &Reply, now: Time) -> Verdict {
    let reason = format!("the push service answered {}", reply.status);
    match outbound::retry_after(&reply.headers, now.timestamp()) {
        Some(pause) => Verdict::Later(reason, pause.min(LONGEST_PAUSE)),
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
        let ended = judge(Ok(reply), 1, now);
        (ended.verdict, ended.effect.is_some())
    }

    #[test]
    fn only_what_is_gone_is_dropped() {
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
    fn a_pause_that_is_asked_for_is_kept_within_reason() {
        let pause = |text| match verdict(429, Some(text)).0 {
            Verdict::Later(_, pause) => Some(pause.as_secs()),
            _ => None,
        };
        assert_eq!(pause("120"), Some(120));
        assert_eq!(pause("Sun, 06 Nov 1994 08:49:37 GMT"), Some(7));
        assert_eq!(pause("Sun, 06 Nov 1993 08:49:37 GMT"), None);
        assert_eq!(pause("Sat, 06 Nov 1993 08:49:37 GMT"), Some(0));
        assert_eq!(pause("99999999999"), Some(LONGEST_PAUSE.as_secs()));
        assert_eq!(pause("soon"), None);
        assert!(matches!(verdict(503, Some("60")).0, Verdict::Later(_, _)));
    }
}
