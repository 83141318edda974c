use super::endpoint_cache::EndpointCache;
use crate::core::app::App;
use crate::core::events::{DomainEvent, Publisher};
use crate::core::ids::RoomId;
use crate::http::problem::chain;
use crate::jobs::Jobs;

/// A webhook was added, changed or removed.
pub struct WebhooksChanged;

impl DomainEvent<App> for WebhooksChanged {
    fn invalidate(&self, app: &App) {
        app.state::<EndpointCache>().invalidate();
        // Waiting jobs may have a new destination and be due.
        app.state::<Jobs>().wake();
    }
}

/// A transaction that stored a message in this room did not find the webhooks in the cache. What a
/// transaction reads must not be cached before its commit, so the dispatcher fills the cache.
pub struct EndpointsNotCached {
    pub room: RoomId,
}

impl DomainEvent<App> for EndpointsNotCached {
    fn invalidate(&self, _: &App) {}

    fn publish(&self, app: &App, _: &mut dyn Publisher) {
        if let Err(error) = app.state::<EndpointCache>().fill(app, self.room) {
            tracing::warn!(error = %chain(&error), room = self.room.0, "failed to cache webhooks; the next message reads them again");
        }
    }
}
