//! Periodic work, for as long as the server runs.

use std::sync::mpsc::SyncSender;
use std::time::Duration;

use crate::core::app::App;
use crate::integrations::webhooks;
use crate::live::queue::Job;
use crate::messages::edits::deletion;
use crate::messages::purge;
use crate::messages::search::backfill;

/// How often presence without a sign of life expires.
const EXPIRE_PRESENCE_EVERY: Duration = Duration::from_secs(5);
/// How often copies of deleted messages, kept for undo, are deleted.
const SWEEP_UNDO_EVERY: Duration = Duration::from_secs(10);
/// How often old entries of the webhooks' delivery log are deleted.
const SWEEP_DELIVERIES_EVERY: Duration = Duration::from_secs(600);

/// Starts all periodic work.
pub fn start(app: &App, queue: SyncSender<Job>) {
    app.tasks.spawn_every(EXPIRE_PRESENCE_EVERY, move || {
        // A full queue means that the dispatcher is behind; the next tick tries again.
        drop(queue.try_send(Job::ExpirePresence));
        std::future::ready(())
    });
    let owner = app.clone();
    app.tasks.spawn_every(SWEEP_UNDO_EVERY, move || {
        let app = owner.clone();
        async move { deletion::purge_expired(&app).await }
    });
    let owner = app.clone();
    app.tasks.spawn_every(SWEEP_DELIVERIES_EVERY, move || {
        let app = owner.clone();
        async move { webhooks::log::delete_old(&app).await }
    });
    app.tasks.spawn_until_shutdown(purge::worker::run(app.clone()));
    app.tasks.spawn_until_shutdown(backfill::run(app.clone()));
}
