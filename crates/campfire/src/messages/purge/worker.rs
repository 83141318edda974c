//! The task that removes what is left to remove: at the start, whenever it is woken, and now and
//! then in case a wake was missed.

use std::time::Duration;

use tokio::sync::watch;

use crate::core::app::App;
use crate::http::problem::chain;
use crate::messages::purge::{Removals, banned, room, store};
use crate::ops::timers::shutdown_signal;

/// How often is looked without being woken, and tried again after a failure.
const EVERY: Duration = Duration::from_secs(60);

/// Works until told to stop. Stopping between two parts loses nothing.
pub async fn run(app: App, mut stopped: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            worked = work(&app) => {
                if let Err(error) = worked {
                    tracing::warn!(error = %chain(&error), "what should be removed could not be; this is tried again");
                }
            }
            () = shutdown_signal(&mut stopped) => return,
        }
        tokio::select! {
            () = app.state::<Removals>().woken() => {}
            () = tokio::time::sleep(EVERY) => {}
            () = shutdown_signal(&mut stopped) => return,
        }
    }
}

/// Removes until nothing is left; between two parts everybody else has their turn at the writer.
async fn work(app: &App) -> Result<(), db::Error> {
    while let Some(id) = app.db.read(|reader| store::deleted_room(reader))? {
        while !app.db.write(move |tx| room(tx, id)).await? {}
    }
    while let Some(author) = app.db.read(|reader| store::banned_author(reader))? {
        let writer = app.clone();
        app.db.write(move |tx| banned(&writer, tx, author)).await?;
    }
    Ok(())
}
