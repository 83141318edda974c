//! Completes the CJK index in the background: at the first start with it, and after another program
//! (Campfire, an operator) wrote messages, which adds them to Campfire's own index only.

use std::time::Duration;

use tokio::sync::Notify;

use super::store;
use crate::core::app::{App, DomainState};
use crate::http::problem::chain;

/// Messages checked per query.
const BATCH: u32 = 500;
/// How long one such query may take.
const TIME_LIMIT: Duration = Duration::from_secs(10);
/// The delay before a retry.
const RETRY_AFTER: Duration = Duration::from_secs(60);
/// The delay before the next run if nothing wakes it.
const IDLE: Duration = Duration::from_secs(24 * 60 * 60);
/// Progress is saved after this many batches even if there was nothing to index.
const SAVE_EVERY: u32 = 100;

/// Wakes the backfill.
#[derive(Default)]
pub struct BackfillTrigger(Notify);

impl DomainState for BackfillTrigger {
    fn on_external_write(&self, _: &App) {
        self.0.notify_one();
    }
}

/// Runs at the start and whenever it is woken, until it is dropped.
pub async fn run(app: App) {
    loop {
        let pause = if let Err(error) = run_once(&app).await {
            tracing::warn!(error = %chain(&error), "search backfill failed; retrying");
            RETRY_AFTER
        } else {
            IDLE
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = app.state::<BackfillTrigger>().0.notified() => {}
        }
    }
}

/// Indexes all messages after the saved progress. Messages that this server indexed itself are
/// among them and are indexed again.
///
/// # Errors
/// When the database fails.
pub async fn run_once(app: &App) -> Result<(), db::Error> {
    let (mut through, newest) = app.db.read(store::cjk_progress)?;
    let mut unsaved_batches = 0;
    while through < newest {
        let batch = app
            .db
            .read_long(TIME_LIMIT, move |reader| {
                store::cjk_messages_after(reader, through, newest, BATCH)
            })
            .await?;
        let (last, messages) = batch.unwrap_or((newest, Vec::new()));
        through = last;
        unsaved_batches += 1;
        if !messages.is_empty() || through == newest || unsaved_batches == SAVE_EVERY {
            unsaved_batches = 0;
            app.db.write(move |tx| store::reindex_cjk(tx, &messages, through)).await?;
        }
    }
    Ok(())
}
