//! Events that sessions ended or changed.

use std::sync::Arc;

use crate::core::app::{App, Event};
use crate::core::events::{DomainEvent, Publisher};
use crate::core::ids::{SessionId, UserId};

use super::Sessions;

/// A session ended. Its cable connections are closed.
pub struct SessionEnded {
    pub id: SessionId,
}

impl SessionEnded {
    pub fn event(id: SessionId) -> Event {
        Arc::new(Self { id })
    }
}

impl DomainEvent<App> for SessionEnded {
    fn invalidate(&self, app: &App) {
        app.state::<Sessions>().invalidate_all();
    }

    fn publish(&self, _: &App, out: &mut dyn Publisher) {
        out.end_session(self.id);
    }
}

/// A user was deactivated or banned. All their cable connections are closed.
pub struct UserAccessRevoked {
    pub user: UserId,
}

impl DomainEvent<App> for UserAccessRevoked {
    fn invalidate(&self, app: &App) {
        app.state::<Sessions>().invalidate_all();
    }

    fn publish(&self, _: &App, out: &mut dyn Publisher) {
        out.end_user(self.user);
    }
}

/// `last_active_at` changed. Nothing is published.
pub struct SessionRefreshed;

impl DomainEvent<App> for SessionRefreshed {
    fn invalidate(&self, app: &App) {
        app.state::<Sessions>().invalidate_all();
    }
}
