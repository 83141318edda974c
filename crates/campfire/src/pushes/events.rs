//! What changes of subscriptions mean for memory.

use crate::announce::{Announcement, Broadcaster};
use crate::app::App;

use super::audience::Audience;

/// Somebody's devices came or went.
pub struct SubscriptionsChanged;

impl Announcement<App> for SubscriptionsChanged {
    fn settle(&self, app: &App) {
        app.state::<Audience>().forget();
    }

    fn tell(&self, _: &App, _: &mut dyn Broadcaster) {}
}
