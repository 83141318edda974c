//! The job `push`: from a message to the devices that are notified of it.

use std::time::Duration;

use super::{CROWDED, DELIVER, EXPAND, Subject, Task, enqueue, service, store};
use crate::core::app::App;
use crate::jobs::{Attempt, Ended, Handler, Job, Jobs, Policy, Verdict};
use crate::messages::{rendering, store as message_store};
use crate::rooms::memberships::presence::Presence;
use store::{Question, RecipientRow};

/// Finds the recipients of a message.
pub struct Expansion;

impl Handler for Expansion {
    fn kind(&self) -> &'static str {
        EXPAND
    }

    fn policy(&self) -> Policy {
        Policy {
            concurrency: 2,
            per_destination: 2,
            attempts: 8,
            first_pause: Duration::from_secs(5),
            time_limit: Duration::from_secs(30),
        }
    }

    fn attempt(&self, app: App, job: Job) -> Attempt {
        Box::pin(async move {
            let Ok(subject) = serde_json::from_str::<Subject>(&job.payload) else {
                return Ended::plain(Verdict::GiveUp("the job is damaged".into()));
            };
            if !app.config.push_notifications {
                return Ended::plain(Verdict::Done);
            }
            if app.state::<Jobs>().unfinished() > CROWDED {
                return Ended::plain(Verdict::GiveUp(
                    "too many jobs are waiting; nobody is notified of this message".into(),
                ));
            }
            match recipients(&app, subject) {
                Ok(recipients) => Ended::with(Verdict::Done, move |app, tx| {
                    for recipient in recipients {
                        let task =
                            Task { subscription: recipient.subscription, subject: Some(subject) };
                        match recipient.endpoint.as_deref().and_then(service) {
                            Some(host) => enqueue(app, tx, DELIVER, &host, &task, app.clock.now())?,
                            // Nothing can ever be delivered there.
                            None => store::drop_dead(tx, recipient.subscription)?,
                        }
                    }
                    Ok(())
                }),
                Err(error) => Ended::interrupted(&error),
            }
        })
    }
}

fn recipients(app: &App, subject: Subject) -> Result<Vec<RecipientRow>, db::Error> {
    let Some(message) =
        app.db.read(|reader| message_store::find(reader, subject.room, subject.message))?
    else {
        // It was deleted meanwhile.
        return Ok(Vec::new());
    };
    let mentioned = rendering::mentions(
        app,
        subject.room,
        &rich_text::mentions(message.html.as_deref().unwrap_or_default()),
    )?;
    let present = app.state::<Presence>().present(subject.room, app.clock.now());
    let question = Question {
        room: subject.room,
        author: message.creator_id,
        mentioned: &mentioned,
        present: &present,
        only: None,
    };
    app.db.read(|reader| store::recipients(reader, &question))
}
