//! What the end of a session means for memory and sockets.

use std::sync::Arc;

use crate::core::app::{App, Event};
use crate::core::events::{DomainEvent, Publisher};
use crate::core::ids::{SessionId, UserId};

use super::Sessions;

/// A device was signed out; its sockets close everywhere.
pub struct SessionEnded {
    /// The session that is no more.
    pub id: SessionId,
}

impl SessionEnded {
    /// The event to announce.
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

/// A person may not come in any more; all their sockets close for good.
pub struct UserAccessRevoked {
    /// Who.
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

/// A session's notes changed; nobody needs to hear of it.
pub struct SessionRefreshed;

impl DomainEvent<App> for SessionRefreshed {
    fn invalidate(&self, app: &App) {
        app.state::<Sessions>().invalidate_all();
    }

    fn publish(&self, _: &App, _: &mut dyn Publisher) {}
}
