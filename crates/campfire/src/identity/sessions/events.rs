//! What the end of a session means for memory and sockets.

use std::sync::Arc;

use crate::core::app::{App, Event};
use crate::core::events::{Announcement, Broadcaster};
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

impl Announcement<App> for SessionEnded {
    fn settle(&self, app: &App) {
        app.state::<Sessions>().forget_all();
    }

    fn tell(&self, _: &App, out: &mut dyn Broadcaster) {
        out.end_session(self.id);
    }
}

/// A person may not come in any more; all their sockets close for good.
pub struct PersonShutOut {
    /// Who.
    pub user: UserId,
}

impl Announcement<App> for PersonShutOut {
    fn settle(&self, app: &App) {
        app.state::<Sessions>().forget_all();
    }

    fn tell(&self, _: &App, out: &mut dyn Broadcaster) {
        out.end_person(self.user);
    }
}

/// A session's notes changed; nobody needs to hear of it.
pub struct SessionRefreshed;

impl Announcement<App> for SessionRefreshed {
    fn settle(&self, app: &App) {
        app.state::<Sessions>().forget_all();
    }

    fn tell(&self, _: &App, _: &mut dyn Broadcaster) {}
}
