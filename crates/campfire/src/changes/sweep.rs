//! Forgets copies of deleted messages when nobody else does.

use std::time::Duration;

use tokio::sync::watch;

use super::{WINDOW, purge, store};
use crate::app::App;
use crate::http::problem::chain;

/// How often is looked; a look that finds nothing writes nothing.
const EVERY: Duration = Duration::from_secs(10);

/// Looks at the start and then regularly, until told to stop.
pub async fn run(app: App, mut stopped: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            _ = ticks.tick() => sweep(&app).await,
            () = told_to(&mut stopped) => return,
        }
    }
}

async fn sweep(app: &App) {
    let now = app.clock.now();
    let swept = match app.db.read(|reader| store::outdated(reader, now.plus_seconds(-WINDOW))) {
        Ok(false) => Ok(()),
        Ok(true) => app.db.write(move |tx| purge(tx, now)).await,
        Err(error) => Err(error),
    };
    if let Err(error) = swept {
        tracing::warn!(error = %chain(&error), "copies of deleted messages could not be forgotten; this is tried again");
    }
}

/// Returns when the server stops, also if nobody is left to say so.
async fn told_to(stopped: &mut watch::Receiver<bool>) {
    drop(stopped.wait_for(|stopped| *stopped).await);
}
