//! Keeping the second table complete: at the first start with it, and when another program
//! (Campfire, an operator) wrote messages, which enters them into Campfire's index only. Done in
//! the background, a stretch at a time.

use std::time::Duration;

use tokio::sync::Notify;

use super::store;
use crate::core::app::{App, DomainState};
use crate::http::problem::chain;

/// Messages looked at in one go.
const STRETCH: u32 = 500;
/// Time for looking at them.
const TIME_LIMIT: Duration = Duration::from_secs(10);
/// The pause before trying again what the database refused.
const AFTER_TROUBLE: Duration = Duration::from_secs(60);
/// The pause when there is nothing to do but listen.
const ASLEEP: Duration = Duration::from_secs(24 * 60 * 60);
/// After this many stretches with nothing to enter, progress is noted all the same.
const NOTE_EVERY: u32 = 100;

/// The bell that asks for another look.
#[derive(Default)]
pub struct Upkeep(Notify);

impl Upkeep {
    /// Another program wrote.
    pub fn ring(&self) {
        self.0.notify_one();
    }
}

/// Runs at the start and whenever it is woken, until it is dropped.
pub async fn run(app: App) {
    loop {
        let pause = if let Err(error) = renew(&app).await {
            tracing::warn!(error = %chain(&error), "search backfill failed; retrying");
            AFTER_TROUBLE
        } else {
            ASLEEP
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = app.state::<Upkeep>().0.notified() => {}
        }
    }
}

/// Enters what the table lacks. What this server wrote since the last time is looked at too, and
/// entered again as it is.
///
/// # Errors
/// When the database does not answer.
pub async fn renew(app: &App) -> Result<(), db::Error> {
    let (mut through, newest) = app.db.read(store::unspaced_progress)?;
    let mut noted = through;
    let mut quiet = 0;
    while through < newest {
        let stretch = app
            .db
            .read_long(TIME_LIMIT, move |reader| {
                store::unspaced_after(reader, through, newest, STRETCH)
            })
            .await?;
        let (last, messages) = stretch.unwrap_or((newest, Vec::new()));
        through = last;
        quiet += 1;
        if !messages.is_empty() || through == newest || quiet == NOTE_EVERY {
            quiet = 0;
            noted = through;
            app.db.write(move |tx| store::renew_unspaced(tx, &messages, through)).await?;
        }
    }
    debug_assert_eq!(noted, through, "the last stretch is always noted");
    Ok(())
}

impl DomainState for Upkeep {
    fn on_external_write(&self, _: &App) {
        self.ring();
    }
}
