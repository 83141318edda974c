//! What changes of subscriptions mean for memory.

use crate::core::app::App;
use crate::core::events::{DomainEvent, Publisher};

use super::subscriber_cache::Audience;

/// Somebody's devices came or went.
pub struct SubscriptionsChanged;

impl DomainEvent<App> for SubscriptionsChanged {
    fn invalidate(&self, app: &App) {
        app.state::<Audience>().invalidate();
    }

    fn publish(&self, _: &App, _: &mut dyn Publisher) {}
}
