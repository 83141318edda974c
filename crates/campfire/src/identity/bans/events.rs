//! What a ban means for memory and for the work that follows it.

use super::Bans;
use crate::core::app::App;
use crate::core::events::{Announcement, Broadcaster};
use crate::messages::purge::Removals;

/// Somebody was banned or unbanned.
pub struct BansChanged;

impl Announcement<App> for BansChanged {
    fn settle(&self, app: &App) {
        app.state::<Bans>().forget();
        app.state::<Removals>().wake();
    }

    fn tell(&self, _: &App, _: &mut dyn Broadcaster) {}
}
