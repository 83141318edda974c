//! What changes of webhooks mean for memory.

use super::endpoint_cache::Receivers;
use crate::core::app::App;
use crate::core::events::{Announcement, Broadcaster};
use crate::jobs::Jobs;

/// A webhook came, went or hears of something else.
pub struct WebhooksChanged;

impl Announcement<App> for WebhooksChanged {
    fn settle(&self, app: &App) {
        app.state::<Receivers>().forget();
        // What waits may have got another address.
        app.state::<Jobs>().ring();
    }

    fn tell(&self, _: &App, _: &mut dyn Broadcaster) {}
}
