use super::subscriber_cache::SubscriberCache;
use crate::core::app::App;
use crate::core::events::{DomainEvent, Publisher};
use crate::core::ids::RoomId;
use crate::http::problem::chain;

/// A subscription was added or removed.
pub struct SubscriptionsChanged;

impl DomainEvent<App> for SubscriptionsChanged {
    fn invalidate(&self, app: &App) {
        app.state::<SubscriberCache>().invalidate();
    }
}

/// A transaction that stored a message in this room did not find the subscribers in the cache. What
/// a transaction reads must not be cached before its commit, so the dispatcher fills the cache.
pub struct SubscribersNotCached {
    pub room: RoomId,
}

impl DomainEvent<App> for SubscribersNotCached {
    fn invalidate(&self, _: &App) {}

    fn publish(&self, app: &App, _: &mut dyn Publisher) {
        if let Err(error) = app.state::<SubscriberCache>().fill(app, self.room) {
            tracing::warn!(error = %chain(&error), room = self.room.0, "failed to cache push subscribers; the next message reads them again");
        }
    }
}
