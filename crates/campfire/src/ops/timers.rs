//! What is done every few seconds for as long as the server runs.

use std::sync::mpsc::SyncSender;
use std::time::Duration;

use tokio::sync::watch;

use crate::core::app::App;
use crate::integrations::webhooks;
use crate::live::queue::Job;
use crate::messages::edits::deleting::sweep;

/// How often readers without a sign of life are looked for.
const LAPSE_EVERY: Duration = Duration::from_secs(5);
/// How often copies of deleted messages are looked for; a look that finds nothing writes nothing.
const SWEEP_EVERY: Duration = Duration::from_secs(10);

/// How often the log of webhooks is looked through.
const FORGET_EVERY: Duration = Duration::from_secs(600);

/// Asks the live thread regularly to look for readers who are gone.
pub async fn lapse(live: SyncSender<Job>, mut stopped: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(LAPSE_EVERY);
    loop {
        tokio::select! {
            _ = ticks.tick() => drop(live.try_send(Job::Lapse)),
            () = shutdown_signal(&mut stopped) => return,
        }
    }
}

/// Forgets copies of deleted messages when no later deletion does.
pub async fn forget_deleted(app: App, mut stopped: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(SWEEP_EVERY);
    loop {
        tokio::select! {
            _ = ticks.tick() => sweep(&app).await,
            () = shutdown_signal(&mut stopped) => return,
        }
    }
}

/// Forgets deliveries of webhooks that nobody needs to look at any more.
pub async fn forget_deliveries(app: App, mut stopped: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(FORGET_EVERY);
    loop {
        tokio::select! {
            _ = ticks.tick() => webhooks::log::forget_old(&app).await,
            () = shutdown_signal(&mut stopped) => return,
        }
    }
}

/// Returns when the server stops, also if nobody is left to say so.
pub async fn shutdown_signal(stopped: &mut watch::Receiver<bool>) {
    drop(stopped.wait_for(|stopped| *stopped).await);
}
