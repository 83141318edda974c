//! The job `push`: enqueues a delivery for every device that a message notifies.

use std::time::Duration;

use super::enqueue::enqueue_job;
use super::store::{self, RecipientQuery, RecipientRow};
use super::{DELIVER, DeliveryTask, FAN_OUT, MAX_UNFINISHED_JOBS, Subject, destination};
use crate::core::app::App;
use crate::jobs::{Attempt, Handler, Job, Jobs, Outcome, Policy, Verdict};
use crate::messages::{rendering, store as message_store};
use crate::rooms::memberships::presence::Presence;

pub struct FanOut;

impl Handler for FanOut {
    fn kind(&self) -> &'static str {
        FAN_OUT
    }

    fn policy(&self) -> Policy {
        Policy {
            concurrency: 2,
            per_destination: 2,
            max_attempts: 8,
            first_backoff: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
        }
    }

    fn attempt(&self, app: App, job: Job) -> Attempt {
        Box::pin(async move {
            let Ok(subject) = serde_json::from_str::<Subject>(&job.payload) else {
                return Outcome::new(Verdict::GiveUp("the payload of the job is damaged".into()));
            };
            if !app.config.push_notifications {
                return Outcome::new(Verdict::Done);
            }
            if app.state::<Jobs>().unfinished() > MAX_UNFINISHED_JOBS {
                return Outcome::new(Verdict::GiveUp(
                    "too many unfinished jobs; no notifications for this message".into(),
                ));
            }
            match recipients(&app, subject) {
                Ok(recipients) => Outcome::with_effect(Verdict::Done, move |app, tx| {
                    for recipient in recipients {
                        let task = DeliveryTask {
                            subscription: recipient.subscription,
                            subject: Some(subject),
                        };
                        match recipient.endpoint.as_deref().and_then(destination) {
                            Some(host) => {
                                enqueue_job(app, tx, DELIVER, &host, &task, app.clock.now())?
                            }
                            // The stored URL is invalid.
                            None => store::delete_expired(tx, recipient.subscription)?,
                        }
                    }
                    Ok(())
                }),
                Err(error) => Outcome::interrupted(&error),
            }
        })
    }
}

fn recipients(app: &App, subject: Subject) -> Result<Vec<RecipientRow>, db::Error> {
    let Some(message) =
        app.db.read(|reader| message_store::find(reader, subject.room, subject.message))?
    else {
        // The message was deleted meanwhile.
        return Ok(Vec::new());
    };
    let mentioned = rendering::mentions(
        app,
        subject.room,
        &rich_text::mentions(message.html.as_deref().unwrap_or_default()),
    )?;
    let present = app.state::<Presence>().present(subject.room, app.clock.now());
    let query = RecipientQuery {
        room: subject.room,
        author: message.creator_id,
        mentioned: &mentioned,
        present: &present,
        only: None,
    };
    app.db.read(|reader| store::recipients(reader, &query))
}
