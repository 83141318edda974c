//! What changes of webhooks mean for memory.

use super::receivers::Receivers;
use crate::announce::{Announcement, Broadcaster};
use crate::app::App;

/// A webhook came, went or hears of something else.
pub struct WebhooksChanged;

impl Announcement<App> for WebhooksChanged {
    fn settle(&self, app: &App) {
        app.state::<Receivers>().forget();
    }

    fn tell(&self, _: &App, _: &mut dyn Broadcaster) {}
}
