//! The job `webhook`: sends one delivery to a bot's webhook, and posts the response as a reply.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use super::log::{self, Delivery, ReplyState, Subject};
use super::reply::{MAX_RESPONSE, Reply};
use super::request::{Undeliverable, WebhookRequest, build};
use super::signature::sign;
use super::store;
use super::{DELIVER, State};
use crate::core::app::App;
use crate::core::clock::Time;
use crate::http::outbound::{self, Call, CallError, Outbound, Reply as Response};
use crate::jobs::{self, Handler, Job, Outcome, Policy, Verdict};
use crate::messages::MessageError;
use crate::messages::listeners::Origin;
use crate::messages::posting::{post_message, prepare_message};

/// With the backoff between them, all attempts take about ten minutes.
const MAX_ATTEMPTS: u32 = 5;
const FIRST_BACKOFF: Duration = Duration::from_secs(15);
/// The time limit of an attempt: up to a minute for the receiver, and the server's own work.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(75);
/// The longest `Retry-After` that is respected: the deliveries behind it wait as long.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(600);

pub struct WebhookDelivery;

impl Handler for WebhookDelivery {
    fn kind(&self) -> &'static str {
        DELIVER
    }

    fn policy(&self) -> Policy {
        // A request hangs for a minute at most. Each bot runs one delivery at a time, so many bots
        // must hang before others wait; fast ones do not wait even then, because a third of the
        // slots is reserved for them.
        Policy {
            concurrency: 128,
            per_destination: 6,
            max_attempts: MAX_ATTEMPTS,
            first_backoff: FIRST_BACKOFF,
            timeout: ATTEMPT_TIMEOUT,
        }
    }

    fn attempt(&self, app: App, job: Job) -> jobs::Attempt {
        Box::pin(async move {
            // After a database error the receiver saw nothing, or will see the delivery again.
            attempt(&app, &job).await.unwrap_or_else(|error| Outcome::interrupted(&error))
        })
    }
}

async fn attempt(app: &App, job: &Job) -> Result<Outcome, db::Error> {
    let Some(delivery) = app.db.read(|reader| store::find_delivery_by_job(reader, &job.key))?
    else {
        let reason = "the delivery is not in the log".into();
        return Ok(Outcome::new(Verdict::GiveUp(reason)).without_request());
    };
    let began = app.clock.now();
    let request = match build(app, &delivery).await? {
        Ok(request) => request,
        Err(undeliverable) => return Ok(not_sent(delivery, undeliverable, began)),
    };
    let timer = Instant::now();
    let response =
        app.state::<Outbound>().call(call(app, &request, &delivery.webhook_id, began)).await;
    let duration_ms = u64::try_from(timer.elapsed().as_millis()).unwrap_or(u64::MAX);
    let is_last = job.attempts + 1 >= MAX_ATTEMPTS;
    let ResponseOutcome { status, mut outcome, verdict, reply } =
        classify_response(response, &delivery, is_last, app.clock.now());
    // The message is rendered here to keep the work off the writer thread.
    let reply = match (reply, delivery.subject) {
        (Some(Reply::Post(draft)), Some(Subject::Message { room, .. })) => {
            Some(Ok((prepare_message(app, room, delivery.bot, &draft)?, draft.html)))
        }
        // A test has no message to reply to.
        (Some(Reply::Post(_)) | None, _) => None,
        (Some(Reply::Ignore(reason)), _) => Some(Err(reason)),
    };
    let state = match (&verdict, is_last) {
        (Verdict::Done, _) => State::Done,
        (Verdict::Retry(_) | Verdict::RetryAfter(..), false) => State::Waiting,
        _ => State::Failed,
    };
    // Without a status, only an invalid or forbidden URL is final; nothing was sent then.
    let request_sent = status.is_some() || !matches!(verdict, Verdict::GiveUp(_));
    let ended = Outcome::with_effect(verdict, move |app, tx| {
        let posted = match reply {
            None => None,
            Some(Err(reason)) => Some(Err(reason)),
            Some(Ok((message, html))) => {
                match post_message(app, tx, message, &html, Origin::WebhookReply) {
                    Ok(_) => Some(Ok(())),
                    Err(MessageError::Database(error)) => return Err(error),
                    Err(error) => Some(Err(error.to_string())),
                }
            }
        };
        let reply = posted.map(|posted| match posted {
            Ok(()) => ReplyState::Posted,
            Err(reason) => {
                outcome.push_str("; the reply was not posted: ");
                outcome.push_str(&reason);
                ReplyState::Ignored
            }
        });
        let attempt = log::Attempt { at: began, status, outcome, duration_ms };
        store::record_attempt(
            tx,
            delivery.id,
            &request.host,
            &attempt,
            state,
            reply,
            app.clock.now(),
        )
    });
    Ok(if request_sent { ended } else { ended.without_request() })
}

fn not_sent(delivery: Delivery, undeliverable: Undeliverable, at: Time) -> Outcome {
    let Undeliverable { reason, host } = undeliverable;
    let outcome = format!("not sent: {reason}");
    Outcome::with_effect(Verdict::Done, move |app, tx| {
        let attempt = log::Attempt { at, status: None, outcome, duration_ms: 0 };
        let now = app.clock.now();
        store::record_attempt(tx, delivery.id, &host, &attempt, State::Failed, None, now)
    })
    .without_request()
}

fn call(app: &App, request: &WebhookRequest, id: &str, now: Time) -> Call {
    let timestamp = now.timestamp().as_second();
    let signature = sign(&request.secret, id, timestamp, &request.body);
    let text = |text: &str| HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""));
    let headers = HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (HeaderName::from_static("webhook-id"), text(id)),
        (HeaderName::from_static("webhook-timestamp"), HeaderValue::from(timestamp)),
        (HeaderName::from_static("webhook-signature"), text(&signature)),
    ]);
    Call {
        method: Method::POST,
        url: request.url.clone(),
        headers,
        body: Bytes::copy_from_slice(&request.body),
        policy: app.config.webhook_policy,
        timeout: app.config.webhook_timeout,
        max_response: MAX_RESPONSE,
    }
}

/// What a response means.
struct ResponseOutcome {
    status: Option<u16>,
    /// A description for the log.
    outcome: String,
    verdict: Verdict,
    reply: Option<Reply>,
}

fn classify_response(
    response: Result<Response, CallError>,
    delivery: &Delivery,
    is_last: bool,
    now: Time,
) -> ResponseOutcome {
    let no_response = |error: &CallError, verdict: fn(String) -> Verdict| ResponseOutcome {
        status: None,
        outcome: error.to_string(),
        verdict: verdict(error.to_string()),
        reply: None,
    };
    match response {
        Ok(response) => {
            let (verdict, outcome) = classify_status(response.status, Some(&response), now);
            let reply = Reply::read(&response, &delivery.webhook_id);
            ResponseOutcome { status: Some(response.status.as_u16()), outcome, verdict, reply }
        }
        Err(error @ CallError::TooLarge(_, status)) => {
            let (verdict, outcome) = classify_status(status, None, now);
            let reply = (status == StatusCode::OK).then(|| Reply::Ignore(error.to_string()));
            ResponseOutcome { status: Some(status.as_u16()), outcome, verdict, reply }
        }
        Err(error @ CallError::TimedOut(_)) => {
            let reply = if is_last { Reply::timed_out(&delivery.webhook_id) } else { None };
            ResponseOutcome { reply, ..no_response(&error, Verdict::Retry) }
        }
        Err(error @ CallError::Failed(_)) => no_response(&error, Verdict::Retry),
        Err(error @ (CallError::BadUrl(_) | CallError::NotPublic)) => {
            no_response(&error, Verdict::GiveUp)
        }
    }
}

/// 2xx is success; 408, 429 and 5xx are retried; everything else is final.
fn classify_status(
    status: StatusCode,
    response: Option<&Response>,
    now: Time,
) -> (Verdict, String) {
    if status.is_success() {
        return (Verdict::Done, "delivered".into());
    }
    let redirect = if status.is_redirection() { "; redirects are not followed" } else { "" };
    let outcome = format!("answered {status}{redirect}");
    let is_temporary = status.is_server_error()
        || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS);
    let retry_after =
        response.and_then(|response| outbound::retry_after(&response.headers, now.timestamp()));
    let verdict = match retry_after {
        _ if !is_temporary => Verdict::GiveUp(outcome.clone()),
        Some(pause) => Verdict::RetryAfter(outcome.clone(), pause.min(MAX_RETRY_AFTER)),
        None => Verdict::Retry(outcome.clone()),
    };
    (verdict, outcome)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::ids::UserId;

    fn verdict(status: u16) -> Verdict {
        let status = StatusCode::from_u16(status).expect("a status");
        classify_status(status, None, Time::from(jiff::Timestamp::UNIX_EPOCH)).0
    }

    #[test]
    fn statuses_decide_whether_to_retry() {
        for done in [200, 201, 202, 204, 299] {
            assert_eq!(verdict(done), Verdict::Done, "{done}");
        }
        for temporary in [408, 429, 500, 502, 503, 504] {
            assert!(matches!(verdict(temporary), Verdict::Retry(_)), "{temporary}");
        }
        for permanent in [301, 302, 307, 400, 401, 404, 410, 422] {
            assert!(matches!(verdict(permanent), Verdict::GiveUp(_)), "{permanent}");
        }
    }

    #[test]
    fn an_unsent_delivery_says_nothing_about_the_receiver() {
        let delivery = Delivery { id: 1, bot: UserId(2), webhook_id: "id".into(), subject: None };
        let undeliverable =
            Undeliverable { reason: "the message was deleted", host: "example.com".into() };
        assert!(
            !not_sent(delivery, undeliverable, Time::from(jiff::Timestamp::UNIX_EPOCH))
                .request_sent
        );
    }

    #[test]
    fn all_attempts_take_ten_minutes() {
        let pauses: u64 = (0..MAX_ATTEMPTS - 1)
            .map(|failures| FIRST_BACKOFF.as_secs() * 3u64.pow(failures))
            .sum();
        assert_eq!(pauses, 600);
    }
}
