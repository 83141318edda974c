//! The task that purges: at the start, whenever it is woken, and once a minute in case a wake was
//! missed.

use std::time::Duration;

use super::{PurgeSignal, purge_author_batch, purge_room_batch, store};
use crate::core::app::App;
use crate::http::problem::chain;

/// How long it waits without being woken, and after a failure.
const INTERVAL: Duration = Duration::from_secs(60);

/// Purges until it is dropped. Dropping it between two batches loses nothing.
pub async fn run(app: App) {
    loop {
        if let Err(error) = purge_all(&app).await {
            tracing::warn!(error = %chain(&error), "purge failed; retrying");
        }
        tokio::select! {
            () = app.state::<PurgeSignal>().woken() => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

/// Purges until nothing is left. Other writes get their turn between two batches.
async fn purge_all(app: &App) -> Result<(), db::Error> {
    while let Some(id) = app.db.read(|reader| store::next_deleted_room(reader))? {
        loop {
            let writer = app.clone();
            if app.db.write(move |tx| purge_room_batch(&writer, tx, id)).await? {
                break;
            }
        }
    }
    while let Some(author) = app.db.read(|reader| store::next_queued_author(reader))? {
        let writer = app.clone();
        app.db.write(move |tx| purge_author_batch(&writer, tx, author)).await?;
    }
    Ok(())
}
