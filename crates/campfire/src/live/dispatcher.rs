//! The dispatcher thread: publishes the events of each commit on the cable, in commit order.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::Receiver;
use std::thread::JoinHandle;

use bytes::Bytes;
use cable::{Cable, Target};

use super::channels::{Channels, presence_changed};
use super::queue::Job;
use crate::core::app::App;
use crate::core::events::Publisher;
use crate::core::ids::{SessionId, UserId};
use crate::core::streams;
use crate::rooms::memberships::presence::Presence;

/// Starts the thread; it ends with [`Job::End`].
///
/// # Errors
/// When the system cannot start a thread.
pub fn start(
    app: App,
    cable: Cable<Channels>,
    jobs: Receiver<Job>,
) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name("dispatcher".into()).spawn(move || {
        for job in jobs {
            match job {
                Job::Committed(events) => {
                    let mut out = CablePublisher { cable: &cable, published: HashSet::new() };
                    for event in &events {
                        // A panic in one event must not stop those that follow.
                        if catch_unwind(AssertUnwindSafe(|| event.publish(&app, &mut out))).is_err() {
                            tracing::error!("publishing an event panicked; clients see the change when they reload");
                        }
                    }
                }
                Job::Recheck => cable.recheck_authorization(),
                Job::Notify(stream, payload) => cable.notify(&stream, payload),
                Job::ExpirePresence => {
                    for (room, user) in app.state::<Presence>().expire(app.clock.now()) {
                        cable.notify(&streams::presence(room), presence_changed(user, false));
                    }
                }
                Job::End => return,
            }
        }
    })
}

struct CablePublisher<'a> {
    cable: &'a Cable<Channels>,
    /// The subjects that this commit published already; see [`Publisher::is_first`].
    published: HashSet<String>,
}

impl Publisher for CablePublisher<'_> {
    fn broadcast(&mut self, stream: &str, payload: Bytes) {
        self.cable.broadcast(stream, payload);
    }

    fn notify(&mut self, stream: &str, payload: Bytes) {
        self.cable.notify(stream, payload);
    }

    fn is_first(&mut self, subject: &str) -> bool {
        !self.published.contains(subject) && self.published.insert(subject.to_owned())
    }

    fn end_session(&mut self, session: SessionId) {
        self.cable.disconnect(Target::Session(session.0), "remote", false);
    }

    fn end_user(&mut self, user: UserId) {
        self.cable.disconnect(Target::User(user.0), "remote", false);
    }

    fn revoke(&mut self, user: UserId, stream: &str) {
        self.cable.revoke(user.0, stream);
    }
}
