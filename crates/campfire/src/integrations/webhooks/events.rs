//! What changes of webhooks mean for memory.

use super::endpoint_cache::Receivers;
use crate::core::app::App;
use crate::core::events::{DomainEvent, Publisher};
use crate::jobs::Jobs;

/// A webhook came, went or hears of something else.
pub struct WebhooksChanged;

impl DomainEvent<App> for WebhooksChanged {
    fn invalidate(&self, app: &App) {
        app.state::<Receivers>().invalidate();
        // What waits may have got another address.
        app.state::<Jobs>().ring();
    }

    fn publish(&self, _: &App, _: &mut dyn Publisher) {}
}
