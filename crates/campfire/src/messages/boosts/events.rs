//! Boost events.

use std::sync::Arc;

use serde_json::json;

use crate::core::app::App;
use crate::core::events::{DomainEvent, Publisher};
use crate::core::ids::{BoostId, MessageId, RoomId};
use crate::core::streams;
use crate::messages::Boost;
use crate::messages::events::payload;
use crate::messages::pages::{PageCache, to_json};

pub struct BoostCreated {
    pub room: RoomId,
    pub boost: Arc<Boost>,
}

impl DomainEvent<App> for BoostCreated {
    fn invalidate(&self, app: &App) {
        app.state::<PageCache>().invalidate_pages(self.room);
    }

    fn publish(&self, _: &App, out: &mut dyn Publisher) {
        out.broadcast(
            &streams::messages(self.room),
            payload("boost.created", "boost", &to_json(&*self.boost)),
        );
    }
}

pub struct BoostRemoved {
    pub room: RoomId,
    pub message: MessageId,
    pub boost: BoostId,
}

impl DomainEvent<App> for BoostRemoved {
    fn invalidate(&self, app: &App) {
        app.state::<PageCache>().invalidate_pages(self.room);
    }

    fn publish(&self, _: &App, out: &mut dyn Publisher) {
        let payload =
            json!({ "type": "boost.removed", "boost_id": self.boost, "message_id": self.message });
        out.broadcast(&streams::messages(self.room), payload.to_string().into());
    }
}
