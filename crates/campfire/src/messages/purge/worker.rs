//! The worker that purges at start, whenever it is woken, and once a minute in case a wake was
//! missed.

use std::time::Duration;

use super::{PurgeSignal, purge_author_batch, purge_room_batch, store};
use crate::core::app::App;
use crate::http::problem::chain;

/// How long the worker sleeps unless it is woken, also after a failure.
const INTERVAL: Duration = Duration::from_secs(60);

/// Purges until it is dropped. Dropping it between two batches is safe.
pub async fn run(app: App) {
    loop {
        if let Err(error) = purge_all(&app).await {
            tracing::warn!(error = %chain(&error), "purge failed; retrying");
        }
        tokio::select! {
            () = app.state::<PurgeSignal>().wait() => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

/// Purges until nothing is left. Other writes run between two batches.
async fn purge_all(app: &App) -> Result<(), db::Error> {
    while let Some(room) = app.db.read(|reader| store::next_deleted_room(reader))? {
        let writer = app.clone();
        app.db.write(move |tx| purge_room_batch(&writer, tx, room)).await?;
    }
    while let Some(author) = app.db.read(|reader| store::next_queued_author(reader))? {
        let writer = app.clone();
        app.db.write(move |tx| purge_author_batch(&writer, tx, author)).await?;
    }
    Ok(())
}
