//! What changes of subscriptions mean for memory.

use crate::core::app::App;
use crate::core::events::{Announcement, Broadcaster};

use super::subscriber_cache::Audience;

/// Somebody's devices came or went.
pub struct SubscriptionsChanged;

impl Announcement<App> for SubscriptionsChanged {
    fn settle(&self, app: &App) {
        app.state::<Audience>().forget();
    }

    fn tell(&self, _: &App, _: &mut dyn Broadcaster) {}
}
