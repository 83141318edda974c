//! The job `webhook`: one attempt at telling a bot of a message, and what becomes of the answer.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use super::log::{self, About, Delivery, ReplyState};
use super::reply::{Answer, MAX_ANSWER};
use super::request::{Letter, Unsent, write};
use super::signature::sign;
use super::{DELIVER, State};
use crate::core::app::App;
use crate::core::clock::Time;
use crate::core::ids::{RoomId, UserId};
use crate::http::outbound::{self, Call, CallError, Outbound, Reply};
use crate::jobs::{self, Ended, Handler, Job, Policy, Verdict};
use crate::messages::listeners::Origin;
use crate::messages::posting::{post_message, prepare_message};
use crate::messages::{Message, MessageError};

/// Attempts in all. With the pauses between them they take some ten minutes.
const ATTEMPTS: u32 = 5;
/// The pause after the first one.
const FIRST_PAUSE: Duration = Duration::from_secs(15);
/// Time for an attempt: a receiver's minute, and our own work.
const ATTEMPT_TIME: Duration = Duration::from_secs(75);
/// The longest pause that a receiver may ask for: the deliveries behind it wait as long.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

/// Tells bots.
pub struct Webhook;

impl Handler for Webhook {
    fn kind(&self) -> &'static str {
        DELIVER
    }

    fn policy(&self) -> Policy {
        // Whatever hangs, hangs for a minute at most. A bot's lane takes one place at a time, so
        // very many bots must hang before others wait; those that answer quickly do not
        // wait even then, because a third of the places is kept for them.
        Policy {
            concurrency: 128,
            per_destination: 6,
            attempts: ATTEMPTS,
            first_pause: FIRST_PAUSE,
            time_limit: ATTEMPT_TIME,
        }
    }

    fn attempt(&self, app: App, job: Job) -> jobs::Attempt {
        Box::pin(async move {
            // The receiver saw nothing of our trouble, or will see the delivery again.
            attempt(&app, &job).await.unwrap_or_else(|error| Ended::interrupted(&error))
        })
    }
}

async fn attempt(app: &App, job: &Job) -> Result<Ended, db::Error> {
    let Some(delivery) = app.db.read(|reader| log::store::of_job(reader, &job.key))? else {
        return Ok(Ended::plain(Verdict::GiveUp("the log knows nothing of it".into())).unasked());
    };
    let began = app.clock.now();
    let letter = match write(app, &delivery).await? {
        Ok(letter) => letter,
        Err(unsent) => return Ok(not_sent(delivery, unsent, began)),
    };
    let timer = Instant::now();
    let outcome =
        app.state::<Outbound>().call(call(app, &letter, &delivery.webhook_id, began)).await;
    let took = timer.elapsed();
    let is_last = job.attempts + 1 >= ATTEMPTS;
    let mut judged = judge(outcome, &delivery, is_last, app.clock.now());
    let said = match judged.answer.take() {
        Some(Answer::Said(draft)) => match delivery.about {
            Some(About::Message { room, .. }) => Some(said(app, room, delivery.bot, draft)?),
            // Nobody said anything, so there is nothing to answer.
            _ => None,
        },
        Some(Answer::Ignored(reason)) => {
            judged.ignored = Some(reason);
            None
        }
        None => None,
    };
    let state = match (&judged.verdict, is_last) {
        (Verdict::Done, _) => State::Done,
        (Verdict::Retry(_) | Verdict::Later(..), false) => State::Waiting,
        _ => State::Failed,
    };
    let Judged { status, mut outcome, verdict, ignored, .. } = judged;
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    // What cannot be called at all was not called.
    let asked = status.is_some() || !matches!(verdict, Verdict::GiveUp(_));
    let ended = Ended::with(verdict, move |app, tx| {
        let refused = match said {
            Some((message, html)) => {
                match post_message(app, tx, message, &html, Origin::WebhookReply) {
                    Ok(_) => Ok(true),
                    Err(MessageError::Database(error)) => return Err(error),
                    Err(error) => Err(error.to_string()),
                }
            }
            None => ignored.map_or(Ok(false), Err),
        };
        let reply = match refused {
            Ok(posted) => posted.then_some(ReplyState::Posted),
            Err(reason) => {
                outcome.push_str("; the answer was not posted: ");
                outcome.push_str(&reason);
                Some(ReplyState::Ignored)
            }
        };
        let attempt = log::Attempt { at: began, status, outcome, duration_ms };
        log::store::settle(tx, delivery.id, &letter.host, &attempt, state, reply, app.clock.now())
    });
    Ok(if asked { ended } else { ended.unasked() })
}

/// There is nothing to send any more.
fn not_sent(delivery: Delivery, unsent: Unsent, at: Time) -> Ended {
    let outcome = format!("not sent: {}", unsent.reason);
    Ended::with(Verdict::Done, move |app, tx| {
        let attempt = log::Attempt { at, status: None, outcome, duration_ms: 0 };
        log::store::settle(
            tx,
            delivery.id,
            &unsent.host,
            &attempt,
            State::Failed,
            None,
            app.clock.now(),
        )
    })
    .unasked()
}

fn call(app: &App, letter: &Letter, id: &str, now: Time) -> Call {
    let timestamp = now.timestamp().as_second();
    let signature = sign(&letter.secret, id, timestamp, &letter.body);
    let text = |text: &str| HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""));
    let headers = HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (HeaderName::from_static("webhook-id"), text(id)),
        (HeaderName::from_static("webhook-timestamp"), HeaderValue::from(timestamp)),
        (HeaderName::from_static("webhook-signature"), text(&signature)),
    ]);
    Call {
        method: Method::POST,
        url: letter.url.clone(),
        headers,
        body: Bytes::copy_from_slice(&letter.body),
        policy: app.config.webhook_policy,
        time: app.config.webhook_time,
        size: MAX_ANSWER,
    }
}

/// The bot's message: made here, because the writer has no time for it.
fn said(
    app: &App,
    room: RoomId,
    bot: UserId,
    draft: crate::messages::Draft,
) -> Result<(Message, String), db::Error> {
    let message = prepare_message(app, room, bot, &draft)?;
    Ok((message, draft.html))
}

/// What an attempt says.
struct Judged {
    status: Option<u16>,
    outcome: String,
    verdict: Verdict,
    answer: Option<Answer>,
    ignored: Option<String>,
}

fn judge(
    outcome: Result<Reply, CallError>,
    delivery: &Delivery,
    is_last: bool,
    now: Time,
) -> Judged {
    let judged = |status: Option<StatusCode>, outcome: String, verdict: Verdict| Judged {
        status: status.map(|status| status.as_u16()),
        outcome,
        verdict,
        answer: None,
        ignored: None,
    };
    match outcome {
        Ok(reply) => {
            let (verdict, outcome) = of_status(reply.status, Some(&reply), now);
            Judged {
                answer: Answer::read(&reply, &delivery.webhook_id),
                ..judged(Some(reply.status), outcome, verdict)
            }
        }
        Err(error @ CallError::TooLarge(_, status)) => {
            let (verdict, outcome) = of_status(status, None, now);
            let ignored = (status == StatusCode::OK).then(|| error.to_string());
            Judged { ignored, ..judged(Some(status), outcome, verdict) }
        }
        Err(error @ CallError::TimedOut(_)) => {
            let answer = if is_last { Answer::silence(&delivery.webhook_id) } else { None };
            Judged { answer, ..judged(None, error.to_string(), Verdict::Retry(error.to_string())) }
        }
        Err(error @ CallError::Failed(_)) => {
            judged(None, error.to_string(), Verdict::Retry(error.to_string()))
        }
        Err(error @ (CallError::BadUrl(_) | CallError::NotPublic)) => {
            judged(None, error.to_string(), Verdict::GiveUp(error.to_string()))
        }
    }
}

/// What a status means: 2xx is success; 408, 429 and 5xx may pass; the rest will not.
fn of_status(status: StatusCode, reply: Option<&Reply>, now: Time) -> (Verdict, String) {
    if status.is_success() {
        return (Verdict::Done, "delivered".into());
    }
    let redirect = if status.is_redirection() { "; redirects are not followed" } else { "" };
    let outcome = format!("answered {status}{redirect}");
    let passes = status.is_server_error()
        || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS);
    let verdict =
        match reply.and_then(|reply| outbound::retry_after(&reply.headers, now.timestamp())) {
            _ if !passes => Verdict::GiveUp(outcome.clone()),
            Some(pause) => Verdict::Later(outcome.clone(), pause.min(LONGEST_PAUSE)),
            None => Verdict::Retry(outcome.clone()),
        };
    (verdict, outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(status: u16) -> Verdict {
        let status = StatusCode::from_u16(status).expect("a status");
        of_status(status, None, Time::from(jiff::Timestamp::UNIX_EPOCH)).0
    }

    #[test]
    fn statuses_end_it_or_not() {
        for done in [200, 201, 202, 204, 299] {
            assert_eq!(verdict(done), Verdict::Done, "{done}");
        }
        for again in [408, 429, 500, 502, 503, 504] {
            assert!(matches!(verdict(again), Verdict::Retry(_)), "{again}");
        }
        for over in [301, 302, 307, 400, 401, 404, 410, 422] {
            assert!(matches!(verdict(over), Verdict::GiveUp(_)), "{over}");
        }
    }

    #[test]
    fn what_is_not_sent_says_nothing_about_the_receiver() {
        let delivery = Delivery { id: 1, bot: UserId(2), webhook_id: "id".into(), about: None };
        let unsent = Unsent { reason: "the message was deleted", host: "example.com".into() };
        assert!(!not_sent(delivery, unsent, Time::from(jiff::Timestamp::UNIX_EPOCH)).asked);
    }

    #[test]
    fn the_pauses_take_ten_minutes() {
        let pauses: u64 =
            (0..ATTEMPTS - 1).map(|failures| FIRST_PAUSE.as_secs() * 3u64.pow(failures)).sum();
        assert_eq!(pauses, 600);
    }
}
